//! Signing a mail as it leaves, so that its receiver knows which domain answers for it (DKIM, RFC 6376).

use std::fs;
use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::SigningKey;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey, dkim_sign,
};
use lettre::message::header::{ContentTransferEncoding, HeaderName, HeaderValue};
use lettre::message::{Body, Message};
use rsa::{RsaPrivateKey, pkcs1::DecodeRsaPrivateKey, pkcs8::EncodePublicKey};

/// What the signature covers.
const SIGNED: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// The key of a domain.
#[derive(Debug)]
pub struct Signature {
    config: DkimConfig,
    record: String,
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "the key DKIM_KEY_FILE={file} cannot be used: give an RSA key as PEM (PKCS#1), or 32 bytes of an Ed25519 seed in base64"
)]
pub struct WrongKey {
    file: String,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Signature {
    /// Reads the key of `domain` from a file.
    ///
    /// # Errors
    /// When the file cannot be read or holds no key.
    pub fn read(file: &Path, selector: &str, domain: &str) -> Result<Self, WrongKey> {
        let wrong = |source| WrongKey { file: file.display().to_string(), source };
        let text = fs::read_to_string(file).map_err(|error| wrong(error.into()))?;
        let kind = if text.contains("BEGIN") { DkimSigningAlgorithm::Rsa } else { DkimSigningAlgorithm::Ed25519 };
        let key = DkimSigningKey::new(text.trim(), kind).map_err(|error| wrong(error.into()))?;
        let record = record(text.trim()).map_err(wrong)?;
        let relaxed = DkimCanonicalizationType::Relaxed;
        let canonical = DkimCanonicalization { header: relaxed, body: relaxed };
        let signed = SIGNED.map(HeaderName::new_from_ascii_str).to_vec();
        let config = DkimConfig::new(selector.to_owned(), domain.to_owned(), key, signed, canonical);
        Ok(Self { config, record })
    }

    /// What the domain publishes, so that others can check: `v=DKIM1; k=ed25519; p=…`.
    #[must_use]
    pub fn record(&self) -> &str {
        &self.record
    }

    /// The mail with its signature above it; as it was when it is no mail.
    #[must_use]
    pub fn sign(&self, mail: &str) -> String {
        match self.header(mail) {
            Some(header) => format!("DKIM-Signature: {header}\r\n{mail}"),
            None => mail.to_owned(),
        }
    }

    fn header(&self, mail: &str) -> Option<String> {
        let (head, body) = mail.split_once("\r\n\r\n")?;
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let mut builder = Message::builder();
        for (name, value) in unfolded.split("\r\n").filter_map(|line| line.split_once(": ")) {
            let name = HeaderName::new_from_ascii(name.to_owned()).ok()?;
            builder = builder.raw_header(HeaderValue::dangerous_new_pre_encoded(name, value.into(), value.into()));
        }
        let body = Body::dangerous_pre_encoded(body.as_bytes().to_vec(), ContentTransferEncoding::SevenBit);
        let mut copy = builder.body(body).ok()?;
        dkim_sign(&mut copy, &self.config);
        copy.headers().get_raw("DKIM-Signature").map(ToOwned::to_owned)
    }
}

/// The public half of a private key, as a TXT record holds it (RFC 6376, 3.6.1; RFC 8463, 4).
fn record(key: &str) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let (kind, public) = if key.contains("BEGIN") {
        ("rsa", RsaPrivateKey::from_pkcs1_pem(key)?.to_public_key().to_public_key_der()?.into_vec())
    } else {
        let seed = <[u8; 32]>::try_from(STANDARD.decode(key)?).map_err(|_| "a seed has 32 bytes")?;
        ("ed25519", SigningKey::from_bytes(&seed).verifying_key().to_bytes().to_vec())
    };
    Ok(format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(public)))
}
