use crate::config::Config;

/// What stands at the head and the foot of every mail: the templates of mails hold it as `head`.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// Name of the site.
    pub site: String,
    /// "en Haute-Loire"
    pub place: String,
    /// Who runs it, when the settings say so.
    pub publisher: Option<String>,
    /// Where a human answers.
    pub contact: Option<String>,
    /// Address of the site, without a slash at its end.
    pub address: String,
}

impl Letterhead {
    /// Address of the directory.
    #[must_use]
    pub fn directory(&self) -> String {
        format!("{}/annuaire", self.address)
    }

    /// Address of the sign-in page.
    #[must_use]
    pub fn door(&self) -> String {
        format!("{}/connexion", self.address)
    }

    /// Address of the page of one's browsers.
    #[must_use]
    pub fn devices(&self) -> String {
        format!("{}/mon-espace/appareils", self.address)
    }

    /// The head of this site's mails.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            site: config.site_name.clone(),
            place: config.place().into_owned(),
            publisher: config.publisher.clone(),
            contact: config.contact_email.clone(),
            address: config.public_url(),
        }
    }
}
