use crate::config::{Config, Palette};

/// What stands at the head and the foot of every mail: the templates of mails hold it as `head`.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// Name of the site.
    pub site: String,
    /// "en Haute-Loire"
    pub place: String,
    /// Who runs it, when somebody said so.
    pub publisher: Option<String>,
    /// Where a human answers.
    pub contact: Option<String>,
    /// What organisers add to every mail, line by line: their opening hours.
    pub foot: Vec<String>,
    /// Colours of the head and of buttons.
    pub palette: Palette,
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
        let presented = config.presented();
        let foot = presented.chosen.mail_foot.as_deref().unwrap_or_default();
        Self {
            foot: foot.lines().map(ToOwned::to_owned).collect(),
            palette: presented.palette(),
            site: presented.site_name,
            place: presented.place,
            publisher: presented.publisher,
            contact: presented.contact_email,
            address: config.public_url(),
        }
    }
}
