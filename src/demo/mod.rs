//! A fictional Haute-Loire, the same at every start: what `serve --demo` shows.

mod canteens;
mod meetings;
mod visits;

pub(crate) use self::{meetings::load as meet, visits::load as visit};
use crate::accounts;
use crate::app::App;
use crate::mail::{EmailAddress, NotEnqueued};
use crate::suppliers::import::{self, ImportError, Options};

const SUPPLIERS: &[u8] = include_bytes!("fournisseurs.csv");
const OFFERS: &[u8] = include_bytes!("offres.csv");
/// Claire runs the fictional territory.
pub(crate) const ORGANISER: &str = "claire.fabre@departement.example";

/// Loads the fictional suppliers, offers and canteens into an empty database; says the keys of the canteens.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn load(app: &App) -> Result<Vec<i64>, ImportError> {
    let options = |file: &str| Options::new(file, app.clock.now(), app.today());
    import::suppliers(app, SUPPLIERS, &options("fournisseurs.csv"), &mut |_| {}).await?;
    import::offers(app, OFFERS, &options("offres.csv"), &mut |_| {}).await?;
    let failed = |source| ImportError::Database { saved: 0, total: 0, source };
    canteens::load(app).await.map_err(failed)
}

/// Makes the fictional organiser, whose invitation is the first mail in the mailbox.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn invite(app: &App) -> Result<(), NotEnqueued> {
    let email = EmailAddress::parse(ORGANISER).map_err(|_| NotEnqueued::Address)?;
    accounts::invite_organiser(app, &email).await?;
    Ok(())
}
