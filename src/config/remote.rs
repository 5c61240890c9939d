use std::{net::IpAddr, str::FromStr};

use url::{Host, Url};

/// The address of a service elsewhere, to the letter: `https`, or `http` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote(String);

impl Remote {
    /// As it was set.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is reached over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl FromStr for Remote {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "expected an address such as https://service.example.fr, without ? or #";
        let url = Url::parse(text).map_err(|_| wrong)?;
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
            None => false,
        };
        let bare =
            url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        match url.scheme() {
            "https" if bare => Ok(Self(text.to_owned())),
            "http" if bare && here => Ok(Self(text.to_owned())),
            "http" if bare => Err("http is for this machine only: a service elsewhere is reached by https"),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_elsewhere_is_reached_by_tls_and_its_address_is_kept_to_the_letter() {
        let issuer: Remote = "https://auth.example.fr/api/v2/".parse().unwrap();
        assert!(issuer.as_str() == "https://auth.example.fr/api/v2/" && issuer.is_secure());
        assert!("http://127.0.0.1:4000".parse::<Remote>().is_ok_and(|issuer| !issuer.is_secure()));
        for wrong in [
            "http://auth.example.fr",
            "http://127.0.0.1.example.fr",
            "auth.example.fr",
            "https://a.fr/?b",
            "https://name:password@a.fr/",
            "ftp://a.fr",
        ] {
            assert!(wrong.parse::<Remote>().is_err(), "{wrong}");
        }
    }
}
