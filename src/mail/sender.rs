//! Who mails come from.

use super::EmailAddress;
use crate::config::Config;

/// Who mails come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Name beside the address: the site's.
    pub name: String,
    /// The address they come from.
    pub from: EmailAddress,
    /// The address that learns what could not be delivered: the envelope's.
    pub bounces: EmailAddress,
    /// The human organiser who reads answers.
    pub reply_to: Option<EmailAddress>,
}

/// A setting that should hold an address and does not.
#[derive(Debug, thiserror::Error)]
#[error("{setting}={value} is no e-mail address")]
pub struct WrongSender {
    setting: &'static str,
    value: String,
}

impl Sender {
    /// The sender that settings and organisers describe. Without `MAIL_FROM`, an address of a domain that cannot exist (RFC 2606).
    ///
    /// # Errors
    /// When an address is none.
    pub fn new(config: &Config) -> Result<Self, WrongSender> {
        let from = config.mail_from.as_deref().unwrap_or("ne-pas-repondre@manger-local.invalid");
        let from = address("MAIL_FROM", from)?;
        let bounces = config.mail_bounces.as_deref().map(|text| address("MAIL_BOUNCES", text)).transpose()?;
        let presented = config.presented();
        let reply_to = presented.contact_email.as_deref().map(|text| address("CONTACT_EMAIL", text)).transpose()?;
        Ok(Self { name: presented.site_name, bounces: bounces.unwrap_or_else(|| from.clone()), from, reply_to })
    }
}

fn address(setting: &'static str, value: &str) -> Result<EmailAddress, WrongSender> {
    EmailAddress::parse(value).map_err(|_| WrongSender { setting, value: value.to_owned() })
}
