use std::fmt::{self, Display};

/// The address of a mailbox: `cuisine@college-lafayette.fr`. In lower case, the domain in ASCII (RFC 5890), no blanks, no
/// control characters, 254 characters at most.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

/// What was typed is no address of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("attendu une adresse de courriel, par exemple cuisine@college.fr")]
pub struct NotAnAddress;

impl EmailAddress {
    /// Reads an address as a person types it.
    ///
    /// ```
    /// use manger_local::mail::EmailAddress;
    /// assert_eq!(EmailAddress::parse(" Chef@Crème.FR ").unwrap().as_str(), "chef@xn--crme-6oa.fr");
    /// assert!(EmailAddress::parse("chef@creme.fr\r\nBcc: tous@creme.fr").is_err());
    /// ```
    ///
    /// # Errors
    /// When it is none, or one that many servers refuse (quoted names, letters with accents before the @).
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let (name, domain) = text.trim().rsplit_once('@').ok_or(NotAnAddress)?;
        let domain = idna::domain_to_ascii(domain).map_err(|_| NotAnAddress)?;
        let address = format!("{}@{domain}", name.to_ascii_lowercase());
        let good = is_name(name) && is_domain(&domain) && address.len() <= 254;
        if good { Ok(Self(address)) } else { Err(NotAnAddress) }
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the @.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Atoms with dots between them (RFC 5321, 4.1.2), 64 characters at most.
fn is_name(name: &str) -> bool {
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    name.len() <= 64 && name.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
}

/// At least two labels of letters, digits and inner hyphens.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.split('.').count() >= 2 && domain.split('.').all(is_label)
}

impl Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        for (typed, read) in [
            ("Chef@College.FR", "chef@college.fr"),
            (" jean-luc.o'neill+cuisine@ac-clermont.fr\n", "jean-luc.o'neill+cuisine@ac-clermont.fr"),
            ("a@bücher.example", "a@xn--bcher-kva.example"),
        ] {
            assert_eq!(EmailAddress::parse(typed).unwrap().as_str(), read);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in
            ["", "@", "chef", "chef@", "@college.fr", "chef@college", "a b@c.fr", "a..b@c.fr", ".a@c.fr", "é@c.fr"]
        {
            assert!(EmailAddress::parse(typed).is_err(), "{typed:?}");
        }
        for typed in
            ["a@c.fr,b@c.fr", "a@c.fr\nBcc: b@c.fr", "a\0@c.fr", "a@c.fr>", "\"a\"@c.fr", "a@-c.fr", "a@[1.2.3.4]"]
        {
            assert!(EmailAddress::parse(typed).is_err(), "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_can_stand_in_a_header(text in ".{0,60}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert!(address.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address));
            }
        }
    }
}
