//! The signature of a mail, checked by what RFC 6376 and RFC 8463 say and not by what made it.

use std::{fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{SigningKey, VerifyingKey};
use manger_local::mail::Signature;
use rsa::{Pkcs1v15Sign, RsaPrivateKey, pkcs1::DecodeRsaPrivateKey};
use sha2::{Digest, Sha256};

use crate::support::{Site, post::mails, post::write};

const RSA: &str = include_str!("../../data/dkim-rsa.pem");
const SEED: [u8; 32] = [7; 32];
/// What stands before a SHA-256 hash in a PKCS#1 signature.
const DIGEST_INFO: [u8; 19] = [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];

enum Key {
    Rsa(Box<RsaPrivateKey>),
    Ed25519(VerifyingKey),
}

/// One run of spaces for many, none at the ends (3.4.2, 3.4.4).
fn relaxed(text: &str) -> String {
    text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn relaxed_body(body: &str) -> String {
    let lines = body.split("\r\n").map(|line| {
        let words: Vec<&str> = line.split([' ', '\t']).collect();
        let inner = words.iter().enumerate().filter(|(at, word)| *at == 0 || !word.is_empty()).map(|(_, word)| *word);
        inner.collect::<Vec<_>>().join(" ").trim_end().to_owned()
    });
    let text = lines.collect::<Vec<_>>().join("\r\n");
    format!("{}\r\n", text.trim_end_matches("\r\n"))
}

/// Whether the mail's own signature holds.
fn holds(mail: &str, key: &Key) -> bool {
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let headers: Vec<(String, String)> = head
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ")
        .split("\r\n")
        .filter_map(|line| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.to_owned())))
        .collect();
    let value_of = |name: &str| headers.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let signature = value_of("dkim-signature").unwrap();
    let tag = |wanted: &str| {
        let tags = signature.split(';').filter_map(|tag| tag.trim().split_once('='));
        tags.into_iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.replace([' ', '\t'], "")).unwrap()
    };
    if STANDARD.encode(Sha256::digest(relaxed_body(body))) != tag("bh") {
        return false;
    }
    let unsigned = signature.rfind("b=").map(|at| &signature[..at + 2]).unwrap();
    let names = tag("h").to_lowercase();
    let lines =
        names.split(':').filter_map(|name| value_of(name).map(|value| format!("{name}:{}\r\n", relaxed(&value))));
    let signed = lines.collect::<String>() + &format!("dkim-signature:{}", relaxed(unsigned));
    let (hash, made) = (Sha256::digest(signed), STANDARD.decode(tag("b")).unwrap());
    match key {
        Key::Rsa(key) => {
            let told = [&DIGEST_INFO[..], &hash[..]].concat();
            key.to_public_key().verify(Pkcs1v15Sign::new_unprefixed(), &told, &made).is_ok()
        }
        Key::Ed25519(key) => {
            let made = ed25519_dalek::Signature::from_slice(&made).unwrap();
            key.verify_strict(&hash, &made).is_ok()
        }
    }
}

#[tokio::test]
async fn a_receiver_finds_the_signature_good_and_sees_what_was_changed() {
    let site = Site::new().await;
    write(&site.app, "visit/1", 1).await;
    let mail = mails(&site.app).await.pop().unwrap().message;
    let seed = site.folder().join("seed");
    fs::write(&seed, STANDARD.encode(SEED)).unwrap();
    let rsa = Path::new("tests/data/dkim-rsa.pem");
    let keys = [
        (rsa, Key::Rsa(Box::new(RsaPrivateKey::from_pkcs1_pem(RSA).unwrap())), "a=rsa-sha256"),
        (seed.as_path(), Key::Ed25519(SigningKey::from_bytes(&SEED).verifying_key()), "a=ed25519-sha256"),
    ];
    for (file, key, algorithm) in keys {
        let signed = Signature::read(file, "annuaire", "departement.example").unwrap().sign(&mail);
        assert!(signed.contains(algorithm) && signed.ends_with(&mail), "{signed}");
        assert!(holds(&signed, &key), "{algorithm}: {signed}");
        let subject = signed.lines().find(|line| line.starts_with("Subject:")).unwrap().to_owned();
        assert!(!holds(&signed.replace(&subject, "Subject: Autre chose"), &key), "another subject");
        assert!(!holds(&format!("{signed}Un mot de plus.\r\n"), &key), "another text");
    }
}
