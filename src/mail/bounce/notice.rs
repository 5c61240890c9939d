use mailparse::{MailHeader, MailHeaderMap, ParsedMail, parse_headers, parse_mail};

use crate::app::digest;

/// Most bytes of a notification that are read: ours come back with mails of some tens of kilobytes inside.
pub const LARGEST: usize = 512 * 1024;
/// Most parts. The parser calls itself for each part within a part: thousands would end the program.
const MOST_PARTS: usize = 60;
/// Most Message-IDs that are looked for.
const MOST_NAMES: usize = 20;

/// What a delivery-status notification says (RFC 3464).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Message-IDs of the mail it is about, with their angle brackets.
    pub about: Vec<String>,
    /// What became of that mail.
    pub fate: Fate,
    /// Why, in the other server's words: "5.1.1 550 no such mailbox".
    pub words: String,
    /// By which it is known again.
    pub digest: String,
}

/// What became of a mail that another server took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Somebody still tries.
    Delayed,
    /// Nobody tries any more.
    Failed,
}

impl Notice {
    /// Reads a notification; nothing when it is none, or tells of no trouble.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = &bytes[..bytes.len().min(LARGEST)];
        if count(bytes, b"content-type") > MOST_PARTS {
            return None;
        }
        let mail = parse_mail(bytes).ok()?;
        let mut parts = Vec::new();
        leaves(&mail, &mut parts);
        let status = parts.iter().find(|part| STATUS.contains(&part.ctype.mimetype.as_str()))?;
        let status = text_of(status);
        // Of several recipients, the one it went worst with: our mails have one.
        let (fate, words) = groups(&status).iter().filter_map(|group| told(group)).max_by_key(|(fate, _)| *fate)?;
        let own = mail.headers.get_first_value("Message-ID");
        let digest = digest(own.as_deref().map_or(bytes, str::as_bytes));
        Some(Self { about: about(&mail, &parts), fate, words, digest })
    }
}

const STATUS: [&str; 2] = ["message/delivery-status", "message/global-delivery-status"];
const RETURNED: [&str; 5] =
    ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers"];

/// How often a word in small letters occurs, however it is written.
fn count(bytes: &[u8], word: &[u8]) -> usize {
    bytes.windows(word.len()).filter(|window| window.eq_ignore_ascii_case(word)).count()
}

fn leaves<'a>(part: &'a ParsedMail<'a>, found: &mut Vec<&'a ParsedMail<'a>>) {
    if part.subparts.is_empty() {
        found.push(part);
    }
    part.subparts.iter().for_each(|part| leaves(part, found));
}

/// The text of a part, as far as it can be read.
fn text_of(part: &ParsedMail<'_>) -> String {
    part.get_body().unwrap_or_else(|_| String::from_utf8_lossy(part.raw_bytes).into_owned())
}

/// Lines between empty lines: first of the whole notification, then of each recipient.
fn groups(text: &str) -> Vec<String> {
    let mut groups = vec![String::new()];
    for line in text.lines() {
        match groups.last_mut() {
            Some(group) if !line.trim().is_empty() => group.extend([line.trim_end(), "\r\n"]),
            _ => groups.push(String::new()),
        }
    }
    groups
}

/// What is said of one recipient. The action decides: a server that gives up what could not be delivered for days says
/// `failed` with a status of 4.x.x (RFC 3463, 3.1).
fn told(group: &str) -> Option<(Fate, String)> {
    let (fields, _) = parse_headers(group.as_bytes()).ok()?;
    let action = field(&fields, "Action").to_ascii_lowercase();
    let status = field(&fields, "Status");
    let diagnostic = field(&fields, "Diagnostic-Code");
    // `smtp; 550 5.1.1 no such mailbox`
    let diagnostic = diagnostic.split_once(';').map_or(diagnostic.as_str(), |(_, words)| words.trim());
    let code = if status.is_empty() { diagnostic } else { status.as_str() };
    let fate = match action.split([' ', '(', ';']).next().unwrap_or_default() {
        "failed" => Fate::Failed,
        "delayed" => Fate::Delayed,
        "delivered" | "relayed" | "expanded" => return None,
        _ => match code.chars().next()? {
            '5' => Fate::Failed,
            '4' => Fate::Delayed,
            _ => return None,
        },
    };
    let code = status.split([' ', '(']).next().unwrap_or_default();
    let words = if diagnostic.contains(code) { diagnostic.to_owned() } else { format!("{code} {diagnostic}") };
    Some((fate, words.trim().to_owned()))
}

fn field(fields: &[MailHeader<'_>], name: &str) -> String {
    fields.get_first_value(name).map(|value| value.trim().to_owned()).unwrap_or_default()
}

/// The Message-ID of the mail that came with the notification; without one, what the notification answers.
fn about(mail: &ParsedMail<'_>, parts: &[&ParsedMail<'_>]) -> Vec<String> {
    let returned = parts.iter().filter(|part| RETURNED.contains(&part.ctype.mimetype.as_str()));
    let own = returned.filter_map(|part| {
        let raw = part.get_body_raw().ok()?;
        let (headers, _) = parse_headers(raw.trim_ascii_start()).ok()?;
        headers.get_first_value("Message-ID")
    });
    let mut names: Vec<String> = own.flat_map(|value| names(&value)).collect();
    if names.is_empty() {
        let answered = ["In-Reply-To", "References"].iter().filter_map(|name| mail.headers.get_first_value(name));
        names = answered.flat_map(|value| self::names(&value)).collect();
    }
    names.truncate(MOST_NAMES);
    names
}

/// What stands between angle brackets, with them.
fn names(value: &str) -> Vec<String> {
    let named = value.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    named.map(|(name, _)| format!("<{}>", name.trim())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As Postfix writes it.
    const POSTFIX: &str = "Return-Path: <>\r\nMessage-Id: <20270316.A1@mx.example>\r\nSubject: Undelivered Mail Returned to Sender\r\n\
MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"b1\"\r\n\r\n\
This is a MIME-encapsulated message.\r\n\r\n--b1\r\nContent-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
I'm sorry\r\n\r\n--b1\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
Reporting-MTA: dns; mx.example\r\nX-Postfix-Queue-ID: A1\r\nArrival-Date: Tue, 16 Mar 2027 08:30:00 +0100\r\n\r\n\
Final-Recipient: rfc822; chef@college.example\r\nOriginal-Recipient: rfc822;chef@college.example\r\nAction: failed\r\n\
Status: 5.1.1\r\nRemote-MTA: dns; mail.college.example\r\nDiagnostic-Code: smtp; 550 5.1.1 <chef@college.example>: Recipient address\r\n    rejected: User unknown\r\n\r\n\
--b1\r\nContent-Description: Undelivered Message\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <abc@departement.example>\r\nSubject: Visite\r\n\r\nBonjour\r\n\r\n--b1--\r\n";

    fn postfix(from: &str, to: &str) -> Notice {
        Notice::read(POSTFIX.replace(from, to).as_bytes()).unwrap()
    }

    #[test]
    fn a_notice_says_which_mail_what_became_of_it_and_why() {
        let notice = postfix("", "");
        assert_eq!((notice.about, notice.fate), (vec!["<abc@departement.example>".to_owned()], Fate::Failed));
        assert_eq!(notice.words, "550 5.1.1 <chef@college.example>: Recipient address rejected: User unknown");
    }

    #[test]
    fn the_action_decides_and_without_one_the_status() {
        for (action, status, fate) in [
            ("Action: delayed", "4.4.1", Fate::Delayed),
            ("Action: failed", "4.4.7", Fate::Failed),
            ("Action: Failed (bad address)", "5.1.10", Fate::Failed),
            ("X: y", "5.2.2", Fate::Failed),
            ("X: y", "4.2.2", Fate::Delayed),
        ] {
            let text = POSTFIX.replace("Action: failed", action).replace("Status: 5.1.1", &format!("Status: {status}"));
            let notice = Notice::read(text.as_bytes()).unwrap();
            assert_eq!(notice.fate, fate, "{action} {status}");
            assert!(notice.words.contains(status), "{}", notice.words);
        }
        for action in ["Action: delivered", "Action: relayed", "Action: expanded"] {
            assert_eq!(Notice::read(POSTFIX.replace("Action: failed", action).as_bytes()), None, "{action}");
        }
    }

    #[test]
    fn the_shapes_of_other_servers_are_read() {
        // Exchange: a status in a charset of its own, the mail's headers alone.
        let exchange = POSTFIX
            .replace(
                "message/delivery-status\r\n",
                "message/delivery-status; charset=windows-1252\r\nContent-Transfer-Encoding: 8bit\r\n",
            )
            .replace("Content-Type: message/rfc822", "Content-Type: text/rfc822-headers")
            .replace("Status: 5.1.1\r\n", "Status: 5.1.10\r\n");
        let notice = Notice::read(exchange.as_bytes()).unwrap();
        assert!(notice.fate == Fate::Failed && notice.about == ["<abc@departement.example>"]);
        // Gmail: the mail is not there, the notification answers it; lines end as on Unix.
        let (front, _) = POSTFIX.split_once("--b1\r\nContent-Description: Undelivered").unwrap();
        let gmail = format!(
            "In-Reply-To: <abc@departement.example>\r\nReferences: <abc@departement.example>\r\n{front}--b1--\r\n"
        );
        let notice = Notice::read(gmail.replace("\r\n", "\n").as_bytes()).unwrap();
        assert_eq!(notice.about, ["<abc@departement.example>"; 2]);
        // The status in base64, without anything of the whole notification before it.
        let (front, rest) = POSTFIX.split_once("Reporting-MTA").unwrap();
        let (_, rest) = rest.split_once("--b1\r\n").unwrap();
        let front = front
            .replace("message/delivery-status\r\n", "message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n");
        let encoded = format!("{front}QWN0aW9uOiBmYWlsZWQKU3RhdHVzOiA1LjEuMQo=\r\n--b1\r\n{rest}");
        let notice = Notice::read(encoded.as_bytes()).unwrap();
        assert_eq!((notice.fate, notice.words.as_str()), (Fate::Failed, "5.1.1"));
    }

    #[test]
    fn what_is_no_notice_says_nothing() {
        let receipt = POSTFIX.replace("message/delivery-status", "message/disposition-notification");
        for text in ["", "Subject: Absence\r\n\r\nJe suis en congé.", &receipt] {
            assert_eq!(Notice::read(text.as_bytes()), None, "{text:.40}");
        }
        // A notice that somebody passes on as an attachment is not ours to read.
        let passed_on = format!(
            "Content-Type: multipart/mixed; boundary=b0\r\n\r\n--b0\r\nContent-Type: message/rfc822\r\n\r\n{POSTFIX}\r\n--b0--\r\n"
        );
        assert_eq!(Notice::read(passed_on.as_bytes()), None);
    }

    #[test]
    fn parts_within_parts_without_end_do_not_end_the_program() {
        let level = |n: usize| format!("Content-Type: multipart/mixed; boundary={n:05}-\n\n--{n:05}-\n");
        let nested = (0..20_000).map(level).collect::<Vec<_>>().concat();
        assert_eq!(Notice::read(nested.as_bytes()), None);
        let hidden = nested.replace("Content-Type:", "CONTENT-TYPE: =?utf-8?q?multipart=2Fmixed?=\n ");
        assert_eq!(Notice::read(hidden.as_bytes()), None);
    }

    #[test]
    fn a_notice_is_known_again_by_its_own_name() {
        let other_way = POSTFIX.replace("Return-Path: <>", "Return-Path: <>\r\nReceived: from elsewhere");
        assert_eq!(Notice::read(other_way.as_bytes()).unwrap().digest, postfix("", "").digest);
        assert_ne!(postfix("20270316.A1", "20270316.A2").digest, postfix("", "").digest);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Notice::read(&bytes);
        }

        #[test]
        fn a_notice_cut_and_overwritten_anywhere_is_read_without_harm(
            from in 0..POSTFIX.len(), length in 0_usize..80, bytes in prop::collection::vec(any::<u8>(), 0..12),
        ) {
            let mut text = POSTFIX.as_bytes().to_vec();
            let end = (from + length).min(text.len());
            text.splice(from..end, bytes);
            let _ = Notice::read(&text);
        }
    }
}
