//! How the site presents itself: what organisers chose in the browser, and for the rest the settings of the operator.

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{Colour, Config, Palette};

/// What organisers chose, as this node read it last. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Presentation(Arc<RwLock<Arc<Chosen>>>);

/// What organisers chose. Nothing where they chose nothing.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Rises whenever something is saved.
    pub version: i64,
    /// Name of the site.
    pub site_name: Option<String>,
    /// "en Haute-Loire"
    pub place: Option<String>,
    /// Who runs the site.
    pub publisher: Option<String>,
    /// Where a human answers.
    pub contact_email: Option<String>,
    /// Greets the readers of the home page.
    pub welcome: Option<String>,
    /// Stands at the foot of mails; its lines are kept.
    pub mail_foot: Option<String>,
    /// In place of our legal notice: paragraphs, and headings on lines that begin with `# `.
    pub legal_text: Option<String>,
    /// In place of our words on personal data.
    pub data_text: Option<String>,
    /// In place of our words on accessibility.
    pub accessibility_text: Option<String>,
    /// The main colour, readable on our papers.
    pub colour: Option<Colour>,
    /// The style sheet of that colour.
    pub style: Option<Served>,
    /// Stands beside the name.
    pub logo: Option<Logo>,
}

/// A file that browsers keep for as long as its version is the same.
#[derive(Clone, Debug)]
pub struct Served {
    /// What is served.
    pub bytes: Bytes,
    /// Changes with the content.
    pub version: String,
}

/// A logo, as PNG.
#[derive(Clone, Debug)]
pub struct Logo {
    /// The picture.
    pub file: Served,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Served {
    /// Names the content by its hash.
    #[must_use]
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let hash = Sha256::digest(&bytes).iter().take(6).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
        Self { bytes, version: format!("{hash:012x}") }
    }
}

impl Presentation {
    /// What was chosen, as known now.
    #[must_use]
    pub fn chosen(&self) -> Arc<Chosen> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over what was read from the database, unless something newer is known already.
    pub fn take_over(&self, read: Chosen) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if read.version > known.version {
            *known = Arc::new(read);
        }
    }
}

/// How the site presents itself at one moment.
#[derive(Clone, Debug)]
pub struct Presented {
    /// Name of the site.
    pub site_name: String,
    /// Where it is, as it follows its name: "en Haute-Loire".
    pub place: String,
    /// Who runs it.
    pub publisher: Option<String>,
    /// Where a human answers.
    pub contact_email: Option<String>,
    /// What else was chosen.
    pub chosen: Arc<Chosen>,
}

impl Presented {
    /// The shades of the site's colour.
    #[must_use]
    pub fn palette(&self) -> Palette {
        self.chosen.colour.map(Palette::of).unwrap_or_default()
    }
}

impl Config {
    /// How the site presents itself now: what organisers chose, else the settings.
    #[must_use]
    pub fn presented(&self) -> Presented {
        let chosen = self.presentation.chosen();
        Presented {
            site_name: chosen.site_name.clone().unwrap_or_else(|| self.site_name.clone()),
            place: chosen.place.clone().unwrap_or_else(|| self.usual_place()),
            publisher: chosen.publisher.clone().or_else(|| self.publisher.clone()),
            contact_email: chosen.contact_email.clone().or_else(|| self.contact_email.clone()),
            chosen,
        }
    }

    /// Where the site is unless organisers say it: "en Haute-Loire".
    #[must_use]
    pub fn usual_place(&self) -> String {
        match (&self.site_place, self.territory.as_str()) {
            (Some(place), _) => place.clone(),
            (None, "43") => "en Haute-Loire".to_owned(),
            (None, code) => format!("dans le département {code}"),
        }
    }
}
