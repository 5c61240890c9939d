//! Every setting, its default, its environment variable. Nothing else reads the environment.
//!
//! What organisers change in the browser (`presentation`) wins over the settings of the same name.

mod colour;
mod open_id;
mod presentation;
mod registers;
mod remote;

use std::{
    fmt::{self, Display},
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    str::FromStr,
};

use chrono_tz::Tz;
use clap::{Args, ValueEnum};

pub use self::{
    colour::{Colour, NotAColour, Palette, READABLE, Shades},
    open_id::{NotWhole, OpenId, OpenIdSettings},
    presentation::{Chosen, Logo, Presentation, Presented, Served},
    registers::RegisterSettings,
    remote::Remote,
};

/// The settings of one node. Each is a flag, an environment variable and a default.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// Address and port to listen on
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,

    /// Address the public types, such as <https://manger-local.example.fr> [default: LISTEN over http]
    #[arg(long, env = "PUBLIC_URL", value_name = "URL", global = true)]
    pub public_url: Option<PublicUrl>,

    /// Folder of everything the program keeps
    #[arg(long, env = "DATA_DIR", default_value = "./data", value_name = "FOLDER", global = true)]
    pub data_dir: PathBuf,

    /// `postgres://…` or `sqlite:FILE` [default: the file manger-local.sqlite in `DATA_DIR`]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// Connections kept to the database
    #[arg(long, env = "DATABASE_CONNECTIONS", default_value = "8", value_name = "N", global = true)]
    pub database_connections: NonZeroU32,

    /// Département this directory serves, by its code (43, 2A, 974)
    #[arg(long, env = "TERRITORY", default_value = "43", value_name = "CODE", global = true)]
    pub territory: String,

    /// Name of the site, until organisers choose another in the browser; so for the next three
    #[arg(long, env = "SITE_NAME", default_value = "Manger local", value_name = "NAME", global = true)]
    pub site_name: String,

    /// Where the site is, as it follows its name, such as "en Haute-Loire" [default: from `TERRITORY`]
    #[arg(long, env = "SITE_PLACE", value_name = "TEXT", global = true)]
    pub site_place: Option<String>,

    /// Body that runs the site, as it is named in the footer and on the legal pages, such as "le Département de la Haute-Loire"
    #[arg(long, env = "PUBLISHER", value_name = "TEXT", global = true)]
    pub publisher: Option<String>,

    /// E-mail address at which the organiser answers, shown on the pages
    #[arg(long, env = "CONTACT_EMAIL", value_name = "ADDRESS", global = true)]
    pub contact_email: Option<String>,

    /// What the last audit of accessibility (RGAA) said, as the footer must tell
    #[arg(long, env = "ACCESSIBILITY", value_enum, default_value = "none", value_name = "LEVEL", global = true)]
    pub accessibility: Accessibility,

    /// Folder of the texts that replace ours: legal.html, accessibility.html, data.html, open-data.html
    #[arg(long, env = "TEXTS_DIR", value_name = "FOLDER", global = true)]
    pub texts_dir: Option<PathBuf>,

    /// Time zone in which dates are shown
    #[arg(long, env = "TIME_ZONE", default_value = "Europe/Paris", value_name = "ZONE", global = true)]
    pub time_zone: Tz,

    /// Pages and API answers one address may ask for in a minute
    #[arg(long, env = "REQUESTS_PER_MINUTE", default_value = "600", value_name = "N", global = true)]
    pub requests_per_minute: NonZeroU32,

    /// Proxies whose X-Forwarded-For is believed: addresses or networks such as 10.0.0.0/8, by commas
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORK", global = true)]
    pub trusted_proxies: Vec<Network>,

    /// Sites that may frame the embeddable search, such as <https://www.hauteloire.fr>, by commas
    #[arg(long, env = "EMBED_ORIGINS", value_delimiter = ',', value_name = "ORIGIN", global = true)]
    pub embed_origins: Vec<PublicUrl>,

    /// Server that sends mails, such as `smtps://name:password@smtp.example.fr` or `smtp://smtp.example.fr:587`
    /// (STARTTLS); `smtp://127.0.0.1:25?tls=none` sends without encryption [default: mails are written as files under `DATA_DIR`/mails]
    #[arg(long, env = "SMTP_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,

    /// Address mails come from
    #[arg(long, env = "MAIL_FROM", value_name = "ADDRESS", global = true)]
    pub mail_from: Option<String>,

    /// Address that learns which mails could not be delivered [default: `MAIL_FROM`]
    #[arg(long, env = "MAIL_BOUNCES", value_name = "ADDRESS", global = true)]
    pub mail_bounces: Option<String>,

    /// Folder in Maildir form in which what comes back is laid: read from its new/, then moved to its cur/
    #[arg(long, env = "MAIL_BOUNCES_DIR", value_name = "FOLDER", global = true)]
    pub mail_bounces_dir: Option<PathBuf>,

    /// Key that signs mails (DKIM): an RSA key as PEM (PKCS#1), or an Ed25519 seed of 32 bytes in base64
    #[arg(long, env = "DKIM_KEY_FILE", value_name = "FILE", global = true)]
    pub dkim_key_file: Option<PathBuf>,

    /// Name under which the domain publishes that key: `SELECTOR._domainkey.…`
    #[arg(long, env = "DKIM_SELECTOR", default_value = "manger-local", value_name = "SELECTOR", global = true)]
    pub dkim_selector: String,

    /// Map tiles, such as <https://tiles.example.fr/{z}/{x}/{y}.png> [default: a map without background]
    #[arg(long, env = "TILES_URL", value_name = "URL", global = true)]
    pub tiles_url: Option<PublicUrl>,

    /// Credit line the provider of the map tiles asks for
    #[arg(long, env = "TILES_CREDIT", value_name = "TEXT", global = true)]
    pub tiles_credit: Option<String>,

    /// Token that opens /metrics to other machines, sent as `Authorization: Bearer …` [default: loopback only]
    #[arg(long, env = "METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true, global = true)]
    pub metrics_token: Option<String>,

    /// Shape of the log lines on standard error
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value = "text", value_name = "FORMAT", global = true)]
    pub log_format: LogFormat,

    /// What is logged: error, warn, info, debug, or by module as in "warn,`manger_local=debug`"
    #[arg(long, env = "LOG_LEVEL", default_value = "info", value_name = "LEVEL", global = true)]
    pub log_level: String,

    /// The provider of identities, if any.
    #[command(flatten)]
    pub open_id: OpenIdSettings,

    /// The registers that are asked, if any.
    #[command(flatten)]
    pub registers: RegisterSettings,

    /// Whether the data is fictional; set by `serve --demo` alone.
    #[arg(skip)]
    pub demo: bool,

    /// What organisers chose; pages and mails ask [`Config::presented`].
    #[arg(skip)]
    pub presentation: Presentation,
}

impl Config {
    /// The address under which the public reaches the site, without a slash at its end.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.public_url.as_ref().map_or_else(|| format!("http://{}", self.listen), PublicUrl::to_string)
    }

    /// The name of the site's machine, which makes the UID of an appointment ours alone.
    #[must_use]
    pub fn public_host(&self) -> String {
        let url = self.public_url();
        let after = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        after.split(['/', ':']).next().unwrap_or_default().to_owned()
    }

    /// Address and credit of the tiles under a map, when there are some.
    #[must_use]
    pub fn map_tiles(&self) -> Option<(String, String)> {
        let credit = self.tiles_credit.clone().unwrap_or_default();
        self.tiles_url.as_ref().map(|url| (url.to_string(), credit))
    }

    /// Whether the public reaches the site over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.0.starts_with("https://"))
    }
}

/// How far the site meets the RGAA, by its last audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Accessibility {
    /// No audit in force, or less than half of the criteria met.
    None,
    /// At least half of the criteria met.
    Partial,
    /// All criteria met.
    Full,
}

impl Accessibility {
    /// As the law has it told: "non conforme".
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "non conforme",
            Self::Partial => "partiellement conforme",
            Self::Full => "totalement conforme",
        }
    }
}

/// Shape of the log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One readable line.
    Text,
    /// One JSON object a line.
    Json,
}

/// An `http` or `https` address without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Scheme, host and port: what a content security policy names.
    #[must_use]
    pub fn origin(&self) -> &str {
        let host = self.0.find("://").map_or(0, |at| at + 3);
        let end = self.0[host..].find('/').map_or(self.0.len(), |at| host + at);
        &self.0[..end]
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().trim_end_matches('/');
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        // A quote, a space or a semicolon would end its place in the content security policy.
        let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control() || "'\";,<>".contains(c));
        match rest {
            Some(rest) if plain && !rest.is_empty() && !rest.starts_with('/') => Ok(Self(text.to_owned())),
            _ => Err("expected an address such as https://manger-local.example.fr".to_owned()),
        }
    }
}

impl Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One address, or the addresses that share its first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether `address` is one of this network. An IPv4 address written as IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                base.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                base.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected an address or a network such as 10.0.0.0/8".to_owned();
        let (base, bits) = text.trim().split_once('/').unwrap_or((text.trim(), ""));
        let base: IpAddr = base.parse().map_err(|_| wrong())?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = if bits.is_empty() { most } else { bits.parse().map_err(|_| wrong())? };
        if bits > most { Err(wrong()) } else { Ok(Self { base, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_the_addresses_that_share_its_first_bits() {
        let holds = |network: &str, address: &str| -> bool {
            network.parse::<Network>().unwrap().contains(address.parse().unwrap())
        };
        assert!(holds("10.0.0.0/8", "10.200.3.4") && holds("10.1.2.3", "10.1.2.3"));
        assert!(holds("10.0.0.0/8", "::ffff:10.9.9.9") && holds("0.0.0.0/0", "192.0.2.1"));
        assert!(!holds("10.0.0.0/8", "11.0.0.1") && !holds("10.1.2.3", "10.1.2.4"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "10.0.0.1"));
        assert!("10.0.0.0/33".parse::<Network>().is_err() && "proxy".parse::<Network>().is_err());
    }

    #[test]
    fn an_address_that_would_break_the_security_policy_is_refused() {
        assert!("https://a.fr; script-src *".parse::<PublicUrl>().is_err());
        assert!("ftp://a.fr".parse::<PublicUrl>().is_err() && "https:///x".parse::<PublicUrl>().is_err());
        let tiles: PublicUrl = "https://tiles.example.fr/{z}/{x}/{y}.png".parse().unwrap();
        assert_eq!(tiles.origin(), "https://tiles.example.fr");
    }
}
