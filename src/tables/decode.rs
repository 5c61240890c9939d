use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text of `bytes`: UTF-8, UTF-16 or Windows-1252, found from the byte order mark or from the bytes themselves.
///
/// Never fails: every sequence of bytes is some Windows-1252 text.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    let encoding = Encoding::for_bom(bytes).map_or_else(|| guess(bytes), |(encoding, _)| encoding);
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

/// Without a mark: a zero in every other byte is UTF-16, what reads as UTF-8 is UTF-8, the rest comes from a French
/// Windows.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let start = &bytes[..bytes.len().min(200)];
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    if start.len() >= 4 && zeros(1) * 4 > start.len() {
        return UTF_16LE;
    }
    if start.len() >= 4 && zeros(0) * 4 > start.len() {
        return UTF_16BE;
    }
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Référence;Prix (€)\nF1;Œufs d’ici\n";

    #[test]
    fn the_usual_encodings_give_the_same_text() {
        let utf_16 = |unit: fn(u16) -> [u8; 2]| TEXT.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf_16(u16::to_le_bytes)).collect();
        let (windows, _, lost) = WINDOWS_1252.encode(TEXT);
        assert!(!lost);
        for bytes in [
            TEXT.as_bytes(),
            format!("\u{feff}{TEXT}").as_bytes(),
            &windows,
            &marked,
            &utf_16(u16::to_le_bytes),
            &utf_16(u16::to_be_bytes),
        ] {
            assert_eq!(decode(bytes), TEXT);
        }
    }
}
