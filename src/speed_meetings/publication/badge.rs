//! The short code of a participant, on its badge and in its QR code, for the desk at the door.

/// Digits that nobody confuses: no I, L, O or U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Least digits before the one that checks them.
const LEAST: usize = 4;
/// The sum that checks is counted up to this prime.
const CHECK: u64 = 31;

/// The code of the participant with this key: `003FM`.
pub(in crate::speed_meetings) fn code(participant: i64) -> String {
    let mut rest = participant.unsigned_abs();
    let mut values = Vec::new();
    while rest > 0 || values.len() < LEAST {
        values.insert(0, rest % 32);
        rest /= 32;
    }
    values.push(check(&values));
    values.iter().map(|value| digit(*value)).collect()
}

/// The key that a code was made of, as people type it; nothing when it is no code, or one with a slip.
pub(in crate::speed_meetings) fn read(code: &str) -> Option<i64> {
    let plain = code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    let value = |c: char| DIGITS.iter().position(|digit| char::from(*digit) == c).map(|at| at as u64);
    let values: Vec<u64> = plain.map(value).collect::<Option<_>>()?;
    let (last, values) = values.split_last().filter(|(_, values)| (LEAST..=12).contains(&values.len()))?;
    let key = values.iter().fold(0, |key: u64, value| key * 32 + value);
    (check(values) == *last).then_some(key).and_then(|key| i64::try_from(key).ok())
}

/// Each place counts differently, so that two digits that changed places are seen.
fn check(values: &[u64]) -> u64 {
    values.iter().zip(1..).map(|(value, place)| value * place).sum::<u64>() % CHECK
}

fn digit(value: u64) -> char {
    usize::try_from(value).ok().and_then(|value| DIGITS.get(value)).map_or('0', |digit| char::from(*digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_leads_back_however_it_is_typed() {
        for key in [1, 7, 31, 32, 1_000, 987_654_321] {
            let code = code(key);
            assert_eq!(read(&code), Some(key), "{code}");
            assert_eq!(read(&format!(" {}-{} ", &code[..2].to_lowercase(), &code[2..])), Some(key));
        }
        assert_eq!(read(&code(0x18001).replace('0', "o").replace('1', "l")), Some(0x18001));
        for wrong in ["", "1", "12345678901234567", "ferme du haut", "003F!"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_slip_leads_to_nobody() {
        let code = code(12_345);
        for at in 0..code.len() {
            for other in DIGITS.iter().map(|digit| char::from(*digit)) {
                let slipped = format!("{}{other}{}", &code[..at], &code[at + 1..]);
                // A sum modulo 31 takes the first digit for the last one.
                let is_alike = ["0Z", "Z0"].contains(&format!("{}{other}", &code[at..=at]).as_str());
                assert!(slipped == code || is_alike || read(&slipped) != Some(12_345) && read(&slipped).is_none());
            }
        }
    }
}
