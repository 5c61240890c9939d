//! Inviting everybody whose listing came out of a file, and how far that is.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};
use serde::Deserialize;

use crate::accounts::Organiser;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::suppliers::claim_invitation::{self, Progress};
use crate::web::{Csrf, Form, Frame, Result, filters, french, page, private, see_other};

const PATH: &str = "/organisation/fiches/invitations";

/// What was pressed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    geste: String,
}

#[derive(Template)]
#[template(path = "suppliers/invitations.html")]
struct InvitationsPage {
    progress: Progress,
    csrf: Csrf,
    frame: Frame,
}

impl InvitationsPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "envoi" => Some("Les invitations partent, une par adresse."),
            "arret" => Some("C’est arrêté. Ceux qui n’ont rien reçu pourront être invités une autre fois."),
            _ => None,
        }
    }

    fn invitable(&self) -> String {
        let (people, listings) = self.progress.invitable;
        let people = french::count(people, "adresse", "adresses");
        format!("{people}, pour {}", french::count(listings, "fiche", "fiches"))
    }

    /// Invitations decided so far.
    fn all(&self) -> u64 {
        self.progress.waiting + self.progress.written + self.progress.left_out
    }

    fn ended(&self) -> u64 {
        self.progress.written + self.progress.left_out
    }
}

/// `GET /organisation/fiches/invitations`
#[handler]
pub(crate) async fn show(app: Data<&App>, _: Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    let progress = claim_invitation::progress(&app.db).await?;
    Ok(private(page(&InvitationsPage { progress, csrf, frame })?))
}

/// `POST /organisation/fiches/invitations`: invites all, or stops.
#[handler]
pub(crate) async fn change(
    app: Data<&App>,
    Organiser(person): Organiser,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let (act, done, count) = match typed.geste.as_str() {
        "envoi" => ("a invité les fournisseurs", "envoi", claim_invitation::invite_all(&txn, now).await?),
        "arret" => ("a arrêté les invitations", "arret", claim_invitation::stop(&txn).await?),
        _ => return Ok(see_other(PATH)),
    };
    if count == 0 {
        return Ok(see_other(PATH));
    }
    let act = Act::new(act, "claim_invitations").with(french::count(count, "adresse", "adresses"));
    audit::record(&txn, By::Person(person.id), act, now).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{PATH}?fait={done}")))
}
