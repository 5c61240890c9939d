//! Where an organisation registers and changes what it says: its own people, or an organiser on its behalf.

use askama::Template;
use chrono::NaiveDate;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::guest::{Guest, OnBehalf, Own};
use super::open::visible;
use super::speaker::{Purpose, which};
use crate::accounts::{self, SignedIn};
use crate::app::App;
use crate::audit::{self, By};
use crate::canteens::RequestState;
use crate::speed_meetings::attendance::{self, NAMES, answer_field};
use crate::speed_meetings::edition::{Side, State};
use crate::speed_meetings::mail::{self, News};
use crate::speed_meetings::participant::{self, Coming, Participant, Standing};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::registration::{self, Asks, Barred, Registered};
use crate::speed_meetings::representative;
use crate::speed_meetings::wishes;
use crate::suppliers::draft::Typed;
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, page_with, private, see_other};

/// `GET /rencontres/{slug}/inscription`: leads to one's organisation, or asks which.
#[handler]
pub(crate) async fn choose(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(slug): Path<String>,
    frame: Frame,
) -> Result<Response> {
    let edition = visible(&app, &slug, false).await?.edition;
    let teams = accounts::of_person(&app.db, person.id).await?;
    let purpose = Purpose {
        name: "S’inscrire",
        heading: format!("S’inscrire à «\u{a0}{}\u{a0}»", french::typographic(&edition.title)),
        page: "inscription",
        lead: "Au nom de qui\u{a0}?".to_owned(),
        nobody: "On s’inscrit au nom d’une cantine ou d’un fournisseur. Vous n’êtes encore dans l’équipe d’aucun."
            .to_owned(),
        ways: &[
            ("/cantines/inscription", "Inscrire ma cantine sur le site"),
            ("/fournisseurs/inscription", "Je suis producteur ou fournisseur"),
        ],
    };
    which(&edition, teams, purpose, frame)
}

#[derive(Template)]
#[template(path = "speed_meetings/registration.html")]
struct RegistrationPage {
    guest: Guest,
    day: String,
    today: NaiveDate,
    known: Option<Participant>,
    /// The place in the waiting list, from 1.
    place: u64,
    /// Why one cannot register or change; nothing when one can.
    closed: Option<String>,
    /// What an organiser is to know before.
    note: Option<&'static str>,
    /// Those who come: field and name.
    names: Vec<(&'static str, String)>,
    questions: Vec<Asked>,
    typed: Typed,
    /// Whether a colleague changed it meanwhile.
    is_stale: bool,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// A question as it is shown.
struct Asked {
    id: &'static str,
    name: String,
    text: String,
    is_required: bool,
    answer: String,
}

impl RegistrationPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "inscription" if self.is_organiser() => Some("C’est enregistré. Un courriel le confirme à l’organisation."),
            "inscription" => Some("C’est enregistré. Un courriel vous le confirme."),
            "changement" => Some("C’est enregistré."),
            "retrait" => Some("La désinscription est enregistrée."),
            _ => None,
        }
    }

    fn title(&self) -> String {
        french::typographic(&self.guest.plan.edition.title)
    }

    fn is_organiser(&self) -> bool {
        self.guest.asks == Asks::Organiser
    }

    fn is_supplier(&self) -> bool {
        self.guest.side() == Side::Supplier
    }

    fn standing(&self) -> Option<Standing> {
        self.known.as_ref().map(|known| known.state).filter(|state| *state != Standing::Withdrawn)
    }

    fn is_registered(&self) -> bool {
        self.standing() == Some(Standing::Registered)
    }

    /// Where its appointments are read, once they are published.
    fn planning(&self) -> Option<String> {
        let edition = &self.guest.plan.edition;
        let is_out = self.is_registered() && edition.state >= State::Published;
        is_out.then(|| format!("{}/planning/{}", edition.path(), self.guest.id))
    }

    /// How long one may still say whom one would meet.
    fn remaining(&self) -> Option<String> {
        wishes::remaining(&self.guest.plan.edition, self.today)
    }

    /// Whether an organiser may still say it for the organisation, when its people may not.
    fn may_note_wishes(&self) -> bool {
        self.is_organiser() && wishes::is_open(&self.guest.plan.edition, Asks::Organiser, self.today)
    }

    /// Where its day can be followed, once it is published.
    fn own_day(&self) -> Option<String> {
        let edition = &self.guest.plan.edition;
        let is_published = self.is_registered() && edition.state >= State::Published;
        is_published.then(|| format!("{}/jour/{}", edition.path(), self.guest.id))
    }

    fn is_waiting(&self) -> bool {
        self.standing() == Some(Standing::Waiting)
    }

    fn may_withdraw(&self) -> bool {
        self.standing().is_some() && registration::is_withdrawable(&self.guest.plan.edition)
    }

    /// The version that is shown; nothing of who is not registered.
    fn seen(&self) -> String {
        let known = self.known.as_ref().filter(|known| known.state != Standing::Withdrawn);
        known.map(|known| known.version.to_string()).unwrap_or_default()
    }

    fn value(&self, name: &str) -> &str {
        self.typed.of(name)
    }
}

/// `GET /rencontres/{slug}/inscription/{id}`
#[handler]
pub(crate) async fn form(app: Data<&App>, Own(guest): Own, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, guest, None, frame, csrf).await
}

/// `GET /organisation/rencontres/{key}/participants/{id}`
#[handler]
pub(crate) async fn form_for(app: Data<&App>, OnBehalf(guest): OnBehalf, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, guest, None, frame, csrf).await
}

/// What was typed and not kept: what is wrong with it, or that a colleague was faster.
struct Again {
    typed: Typed,
    errors: FieldErrors,
    is_stale: bool,
}

async fn draw(app: &App, guest: Guest, again: Option<Again>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let known = participant::of_organisation(&app.db, guest.plan.edition.id, guest.id).await?;
    let place = match &known {
        Some(known) if known.state == Standing::Waiting => participant::place(&app.db, known).await?,
        _ => 0,
    };
    let closed = closed(app, &guest, known.as_ref()).await?;
    let note = match (guest.asks, &closed) {
        (Asks::Organiser, None) => registration::barred(&app.db, guest.kind, guest.id).await?.map(said_to_organiser),
        _ => None,
    };
    let status = match &again {
        Some(again) if again.is_stale => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let again = match again {
        Some(again) => again,
        None => {
            Again { typed: shown(app, &guest, known.as_ref()).await?, errors: FieldErrors::default(), is_stale: false }
        }
    };
    let typed = again.typed;
    let filled = NAMES.iter().rposition(|field| !typed.of(field).is_empty()).map_or(1, |last| last + 2);
    let names = NAMES.into_iter().take(filled.max(2)).map(|field| (field, typed.of(field).to_owned())).collect();
    let asked = attendance::questions(&guest.plan, guest.side()).map(|(id, question)| Asked {
        id,
        name: answer_field(question.number),
        text: french::typographic(&question.text),
        is_required: question.is_required,
        answer: typed.of(&answer_field(question.number)).to_owned(),
    });
    let view = RegistrationPage {
        day: french::day(guest.plan.edition.held_on),
        today: app.today(),
        questions: asked.collect(),
        is_stale: again.is_stale,
        errors: again.errors,
        guest,
        known,
        place,
        closed,
        note,
        names,
        typed,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// What the form says before anything is typed: what was said last, or the name of who looks.
async fn shown(app: &App, guest: &Guest, known: Option<&Participant>) -> Result<Typed> {
    let mut coming = Coming { tables_at_once: 1, ..Coming::default() };
    if let Some(known) = known {
        coming = known.coming();
        representative::complete(&app.db, known.id, &mut coming).await?;
    } else if guest.asks == Asks::Own && !guest.me.name.is_empty() {
        coming.names.push(guest.me.name.clone());
    }
    Ok(attendance::typed(&coming))
}

/// Why an organisation cannot register or change what it says.
async fn closed(app: &App, guest: &Guest, known: Option<&Participant>) -> Result<Option<String>> {
    let edition = &guest.plan.edition;
    if known.is_some_and(|known| known.state != Standing::Withdrawn) {
        let is_changeable = registration::is_changeable(edition, guest.asks);
        let words = "Ce qui est dit ici ne se change plus d’ici\u{a0}: adressez-vous à l’organisateur.";
        return Ok((!is_changeable).then(|| words.to_owned()));
    }
    if !registration::is_open(edition, guest.asks, app.today()) {
        return Ok(Some("Les inscriptions sont closes.".to_owned()));
    }
    let barred = registration::barred(&app.db, guest.kind, guest.id).await?;
    // On the eve an organiser knows who comes, listing or not.
    let barred = barred.filter(|barred| guest.asks == Asks::Own || *barred != Barred::Supplier);
    Ok(barred.map(|barred| said(barred).to_owned()))
}

/// What an organiser is to know of an organisation that could not register by itself.
pub(super) fn said_to_organiser(barred: Barred) -> &'static str {
    match barred {
        Barred::Supplier => {
            "Sa fiche n’est pas publiée\u{a0}: les cantines ne liront que son nom et ce que vous écrivez à l’inscription."
        }
        Barred::Canteen(_) => said(barred),
    }
}

/// Why an organisation cannot come.
pub(super) fn said(barred: Barred) -> &'static str {
    match barred {
        Barred::Canteen(RequestState::Waiting) => {
            "L’organisateur n’a pas encore accepté cette cantine\u{a0}: elle pourra s’inscrire dès que ce sera fait. Un courriel le dira."
        }
        Barred::Canteen(RequestState::Refused) => {
            "L’organisateur n’a pas accepté cette cantine\u{a0}: elle ne peut pas s’inscrire."
        }
        Barred::Supplier => {
            "La fiche de ce fournisseur n’est pas publiée\u{a0}: les cantines doivent pouvoir la lire avant la rencontre. Publiez-la d’abord."
        }
    }
}

/// `POST /rencontres/{slug}/inscription/{id}`
#[handler]
pub(crate) async fn register(
    app: Data<&App>,
    Own(guest): Own,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    keep(&app, guest, typed, frame, csrf).await
}

/// `POST /organisation/rencontres/{key}/participants/{id}`
#[handler]
pub(crate) async fn register_for(
    app: Data<&App>,
    OnBehalf(guest): OnBehalf,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    keep(&app, guest, typed, frame, csrf).await
}

async fn keep(app: &App, guest: Guest, typed: Typed, frame: Frame, csrf: Csrf) -> Result<Response> {
    let (coming, errors) = attendance::read(&typed, &guest.plan, guest.side());
    let known = participant::of_organisation(&app.db, guest.plan.edition.id, guest.id).await?;
    if closed(app, &guest, known.as_ref()).await?.is_some() {
        // The page says why.
        return Ok(see_other(&guest.here()));
    }
    if !errors.is_empty() {
        return draw(app, guest, Some(Again { typed, errors, is_stale: false }), frame, csrf).await;
    }
    let (who, said) = ((guest.id, guest.side()), (&coming, typed.of("vu").parse().ok()));
    let (asks, now) = ((guest.asks, app.today()), app.clock.now());
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, guest.plan.edition.id).await?.ok_or(Error::NotFound)?;
    let (row, news, act, done) = match registration::register(&txn, &plan.edition, who, said, asks, now).await? {
        Registered::Confirmed(row) => {
            (row, Some(News::Registered), "a inscrit une organisation à une rencontre", "inscription")
        }
        Registered::Waiting(row) => {
            (row, Some(News::Waiting), "a mis une organisation en liste d’attente", "inscription")
        }
        Registered::Changed(row, is_told) => {
            (row, is_told.then_some(News::Changed), "a changé une inscription à une rencontre", "changement")
        }
        Registered::Same => return Ok(see_other(&format!("{}?fait=inscription", guest.here()))),
        Registered::Closed => return Ok(see_other(&guest.here())),
        Registered::Stale => {
            drop(txn);
            let again = Again { typed, errors, is_stale: true };
            return draw(app, guest, Some(again), frame, csrf).await;
        }
    };
    if let Some(news) = news {
        mail::tell(&txn, app, &plan, &row, news).await?;
    }
    audit::record(&txn, By::Person(guest.me.id), guest.act(act), now).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait={done}", guest.here())))
}
