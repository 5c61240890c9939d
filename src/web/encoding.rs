//! Compression of answers, and what a browser says it can undo.

use std::io::Write;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use poem::http::{HeaderMap, HeaderValue, header};

/// What comes bit by bit, and is to be read at once.
pub(super) const EVENT_STREAM: &str = "text/event-stream";

/// How an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// The densest one that `Accept-Encoding` allows (RFC 9110, 12.5.3). No header: as it is.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let mut best = Self::Identity;
        let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        for choice in values.flat_map(|value| value.split(',')) {
            let (name, parameters) = choice.split_once(';').unwrap_or((choice, ""));
            let refused = parameters.split_once('=').is_some_and(|(_, q)| q.trim().parse() == Ok(0.0_f32));
            let name = name.trim();
            if refused {
                continue;
            }
            if name.eq_ignore_ascii_case("br") {
                return Self::Brotli;
            }
            if name.eq_ignore_ascii_case("gzip") {
                best = Self::Gzip;
            }
        }
        best
    }

    /// The value of `Content-Encoding`.
    pub(super) fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Brotli => Some(HeaderValue::from_static("br")),
        }
    }

    /// What the entity tag of this representation ends with: two encodings are two representations.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
        }
    }

    /// Compresses `bytes`; `effort` from 0 (at once) to 10 (dense).
    pub(super) fn compress(self, bytes: &[u8], effort: u32) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() / 3 + 64);
        match self {
            Self::Identity => out.extend_from_slice(bytes),
            Self::Gzip => gzip(bytes, effort, &mut out),
            Self::Brotli => brotli(bytes, effort, &mut out),
        }
        out
    }
}

fn gzip(bytes: &[u8], effort: u32, out: &mut Vec<u8>) {
    let mut encoder = GzEncoder::new(out, Compression::new(effort.min(9)));
    // Writing into memory does not fail.
    let _ = encoder.write_all(bytes).and_then(|()| encoder.try_finish());
}

fn brotli(bytes: &[u8], effort: u32, out: &mut Vec<u8>) {
    // A window as large as the text is enough, and saves memory on small answers.
    let window = (bytes.len().max(1).ilog2() + 1).clamp(12, 22);
    let mut encoder = brotli::CompressorWriter::new(out, 4096, effort + 1, window);
    let _ = encoder.write_all(bytes).and_then(|()| encoder.flush());
}

/// Whether files and answers of this type shrink: pictures and fonts are compressed already.
pub(super) fn is_compressible(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    (kind.starts_with("text/") && kind != EVENT_STREAM)
        || kind.ends_with("json")
        || kind.ends_with("+xml")
        || matches!(kind, "application/xml" | "application/javascript" | "application/x-yaml")
}

/// Compresses an answer that is drawn for one request: quickly, and only when it is worth it.
pub(super) fn compress_answer(body: &Bytes, encoding: Encoding) -> Option<Bytes> {
    if encoding == Encoding::Identity || body.len() < 1024 {
        return None;
    }
    Some(encoding.compress(body, 3).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(value: &'static str) -> Encoding {
        Encoding::accepted(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
    }

    #[test]
    fn the_densest_encoding_a_browser_allows_is_taken() {
        assert_eq!(accepted("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(accepted("gzip;q=1.0, br;q=0"), Encoding::Gzip);
        assert_eq!(accepted("identity, gzip;q=0"), Encoding::Identity);
        assert_eq!(Encoding::accepted(&HeaderMap::new()), Encoding::Identity);
    }
}
