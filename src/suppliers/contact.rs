/// One mail address; whether anybody reads there is not known.
pub(super) fn email(text: &str) -> Result<String, &'static str> {
    let fits = text.split_once('@').is_some_and(|(name, domain)| {
        let inside = !domain.starts_with('.') && !domain.ends_with('.') && !domain.contains('@');
        !name.is_empty() && domain.contains('.') && inside
    });
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control() || ",;<>\"".contains(c));
    if fits && plain && text.len() <= 254 { Ok(text.to_owned()) } else { Err("une adresse comme contact@ferme.fr") }
}

/// An address that may become a link: `http`, `https` or none, never `javascript:`.
pub(super) fn website(text: &str) -> Result<String, &'static str> {
    let lower = text.to_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let fits = name.contains('.') && !name.starts_with('.') && !name.ends_with('.');
    let port_fits = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>\\@".contains(c));
    if fits && port_fits && plain && text.len() <= 500 {
        Ok(text.to_owned())
    } else {
        Err("une adresse comme www.ferme.fr")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_could_run_something_is_no_website() {
        for right in ["www.ferme.fr", "https://ferme.fr/nos-produits?x=1", "HTTP://Ferme.fr:8080", "chèvrerie.fr"] {
            assert_eq!(website(right), Ok(right.to_owned()));
        }
        for wrong in
            ["javascript:alert(1)", "javascript:alert.x", "data:text/html,a.b", "ferme", "a b.fr", "//x", "a.b:c"]
        {
            assert!(website(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_mail_address_is_expected() {
        assert!(email("contact@ferme.fr").is_ok());
        for wrong in ["contact", "a@b", "a@b.fr, c@d.fr", "a b@c.fr", "@c.fr", "a@@c.fr", "a@c."] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }
}
