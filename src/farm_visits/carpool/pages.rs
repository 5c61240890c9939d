//! Where somebody who comes to a visit offers seats or looks for one, asks others and answers them.

use std::collections::HashMap;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::board::{Act, Board};
use super::decide;
use super::entry::{Entry, Side};
use super::form::{self, Around};
use super::mail::{Fact, clock, facts};
use super::pair::{Pair, Stage};
use super::refusal::Refusal;
use super::road::Road;
use crate::app::App;
use crate::farm_visits::mail::{hours, location, party};
use crate::farm_visits::pages::open::day;
use crate::farm_visits::pages::own::Own;
use crate::farm_visits::registration::{self, Registration, Standing};
use crate::farm_visits::visit_date::Shut;
use crate::suppliers::draft::Typed;
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, filters, page_with, private, see_other};

/// Others that are shown.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "farm_visits/carpool/page.html")]
struct CarpoolPage {
    own: Own,
    day: String,
    hours: String,
    location: String,
    /// Whether one may arrange something now.
    is_open: bool,
    /// Whether the visit does not take place.
    is_off: bool,
    mine: Option<Mine>,
    /// With whom one goes.
    agreed: Vec<Other>,
    /// Who asks and waits for an answer.
    asking: Vec<Other>,
    /// Who was asked and has not answered.
    asked: Vec<Other>,
    /// Who might be asked, the smallest detour first.
    possible: Vec<Other>,
    /// How many cars there are, and how many people look for one, those of who reads aside.
    others: (usize, usize),
    /// The side whose form is shown.
    form: Option<Side>,
    most: i32,
    refused: Option<String>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// What who reads offers or looks for.
struct Mine {
    side: Side,
    facts: Vec<Fact>,
    /// Whether its hour was written before the visit was moved.
    is_doubtful: bool,
}

/// Somebody with whom one goes or might go.
struct Other {
    /// Key of the pair, or of what is offered or looked for when nobody asked yet.
    key: i64,
    /// Tells what was shown from what is kept.
    seen: String,
    heading: String,
    facts: Vec<Fact>,
}

impl CarpoolPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "place" => Some("C’est enregistré."),
            "retrait" => Some("C’est retiré. S’il y avait quelqu’un avec vous, un courriel le lui dit."),
            "demande" => Some("La demande est partie. La réponse vous viendra par courriel."),
            "accord" => Some("C’est d’accord\u{a0}: chacun reçoit les coordonnées de l’autre par courriel."),
            "refus" => Some("C’est noté. L’autre personne reçoit un courriel."),
            "fin" => Some("C’est noté\u{a0}: l’autre personne reçoit un courriel."),
            _ => None,
        }
    }

    fn here(&self) -> String {
        here(&self.own)
    }

    fn drives(&self) -> bool {
        self.mine.as_ref().is_some_and(|mine| mine.side == Side::Offer)
    }

    /// Whether the form is for who drives.
    fn is_for_driver(&self) -> bool {
        self.form == Some(Side::Offer)
    }

    fn word(&self) -> &'static str {
        self.form.map_or("", form::word)
    }
}

fn here(own: &Own) -> String {
    format!("{}/covoiturage", own.here())
}

/// What the address says of the form.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    cote: String,
}

/// What was typed and not kept, and why.
#[derive(Default)]
struct Again {
    form: Option<Side>,
    typed: Option<Typed>,
    errors: FieldErrors,
    refused: Option<Refusal>,
}

/// `GET /visites/inscription/{way}/covoiturage`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    own: Own,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    draw(&app, own, Again { form: form::side(&asked.cote), ..Again::default() }, frame, csrf).await
}

async fn draw(app: &App, own: Own, again: Again, frame: Frame, csrf: Csrf) -> Result<Response> {
    let shut = own.date.shut(app.clock.now());
    let is_ahead = !matches!(shut, Some(Shut::Past | Shut::Cancelled));
    let board = decide::read(&app.db, own.date.id).await?;
    let mine = board.of(own.registration.id).cloned();
    let reading = match &mine {
        Some(mine) => Reading::new(app, &own, &board, mine).await?,
        None => Reading::default(),
    };
    let others = |side: Side| {
        let theirs = board.entries.iter().filter(|entry| entry.registration_id != own.registration.id);
        theirs.filter(|entry| entry.side == side).count()
    };
    let form = again.form;
    let known = mine.as_ref().filter(|mine| form == Some(mine.side));
    let typed = again.typed.unwrap_or_else(|| known.map_or_else(form::empty, |mine| form::typed(mine, &app.places)));
    let status = match again.refused {
        Some(_) => StatusCode::CONFLICT,
        None if again.errors.is_empty() => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let view = CarpoolPage {
        day: day(app, &own.date),
        hours: hours(app, &own.date),
        location: location(app, &own.visit),
        is_open: is_ahead && own.registration.state == Standing::Confirmed,
        is_off: shut == Some(Shut::Cancelled),
        mine: mine.as_ref().map(|mine| Mine::new(app, mine)),
        agreed: reading.agreed,
        asking: reading.asking,
        asked: reading.asked,
        possible: reading.possible,
        others: (others(Side::Offer), others(Side::Request)),
        form,
        most: form::most(form, own.registration.party_size),
        refused: again.refused.map(Refusal::sentence),
        typed,
        errors: again.errors,
        own,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

impl Mine {
    fn new(app: &App, mine: &Entry) -> Self {
        let commune = app.places.commune(&mine.insee_code).map(|known| known.name.clone()).unwrap_or_default();
        let leaves = clock(mine.leaves_at);
        let mut facts = match mine.side {
            Side::Offer => vec![
                ("Départ", format!("{commune}, à {leaves}")),
                ("Places libres", format!("{} sur {}", mine.free(), mine.seats)),
            ],
            Side::Request => vec![("Depuis", format!("{commune}, pas avant {leaves}")), ("Pour", party(mine.seats))],
        };
        facts.push(("Trajet", if mine.is_return { "aller et retour" } else { "aller seulement" }.to_owned()));
        Self { side: mine.side, facts, is_doubtful: mine.is_doubtful }
    }
}

/// With whom somebody goes, to take along on paper: who, how to call her, when and where.
///
/// # Errors
/// What the database said.
pub(in crate::farm_visits) async fn agreed(app: &App, own: &Own) -> Result<Vec<String>> {
    let board = decide::read(&app.db, own.date.id).await?;
    let Some(mine) = board.of(own.registration.id) else { return Ok(Vec::new()) };
    let reading = Reading::new(app, own, &board, mine).await?;
    let on_paper = ["Nom", "Téléphone", "Passage chez vous", "Vous y passez", "Son mot"];
    let said = |other: Other| {
        let facts = other.facts.into_iter().filter(|(what, _)| on_paper.contains(what));
        let words = facts.map(|(what, text)| match what {
            "Passage chez vous" => format!("passe chez vous {text}"),
            "Vous y passez" => format!("vous y passez {text}"),
            "Téléphone" => text.replace(' ', "\u{a0}"),
            "Son mot" => format!("«\u{a0}{text}\u{a0}»"),
            _ => text,
        });
        format!("{}\u{a0}: {}", other.heading, words.collect::<Vec<_>>().join(", "))
    };
    Ok(reading.agreed.into_iter().map(said).collect())
}

/// The others as one person reads them.
#[derive(Default)]
struct Reading {
    agreed: Vec<Other>,
    asking: Vec<Other>,
    asked: Vec<Other>,
    possible: Vec<Other>,
}

impl Reading {
    async fn new(app: &App, own: &Own, board: &Board, mine: &Entry) -> Result<Self> {
        let road = Road::new(app, &own.visit, &own.date);
        let theirs: Vec<&Entry> = board.entries.iter().filter(|entry| entry.side != mine.side).collect();
        let keys: Vec<i64> = theirs.iter().map(|entry| entry.registration_id).collect();
        let people = registration::by_keys(&app.db, &keys).await?;
        let people: HashMap<i64, Registration> = people.into_iter().map(|row| (row.id, row)).collect();
        let mut reading = Self::default();
        let mut ways = Vec::new();
        for entry in theirs {
            let Some(row) = people.get(&entry.registration_id) else { continue };
            let pair = board.pairs.iter().find(|pair| pair.is_of(mine.id) && pair.is_of(entry.id));
            let way = road.way(mine, entry);
            let is_agreed = pair.is_some_and(|pair| pair.state == Stage::Agreed);
            let facts = facts(app, way, entry, row, is_agreed);
            let key = pair.map_or(entry.id, |pair| pair.id);
            let other = Other { key, seen: entry.mark(), heading: heading(app, entry), facts };
            match pair {
                Some(Pair { state: Stage::Agreed, .. }) => reading.agreed.push(other),
                Some(Pair { state: Stage::Asked, asked_by, .. }) if *asked_by == mine.side => reading.asked.push(other),
                Some(Pair { state: Stage::Asked, .. }) => reading.asking.push(other),
                Some(Pair { asked_by, .. }) if *asked_by == mine.side => {}
                _ => {
                    let Some(way) = way.filter(|_| board.may_go(mine, entry)) else { continue };
                    // Whom she declined once she asks like anybody.
                    ways.push((way.detour_km.unwrap_or(f64::MAX), Other { key: entry.id, ..other }));
                }
            }
        }
        ways.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        reading.possible = ways.into_iter().take(SHOWN).map(|(_, other)| other).collect();
        Ok(reading)
    }
}

/// « Voiture depuis Brioude », « 2 personnes depuis Brioude »
fn heading(app: &App, entry: &Entry) -> String {
    let commune = app.places.commune(&entry.insee_code).map(|known| known.name.clone()).unwrap_or_default();
    match entry.side {
        Side::Offer => format!("Voiture depuis {commune}"),
        Side::Request => format!("{} depuis {commune}", party(entry.seats)),
    }
}

/// `POST /visites/inscription/{way}/covoiturage`: offers seats or looks for some, or changes what was written.
#[handler]
pub(crate) async fn put(
    app: Data<&App>,
    own: Own,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let Some(side) = form::side(typed.of("cote")) else {
        return Err(Error::bad_request("Dites si vous proposez des places ou si vous en cherchez une."));
    };
    let mut errors = FieldErrors::default();
    let around = Around {
        places: &app.places,
        date: own.date.id,
        registration: own.registration.id,
        party: own.registration.party_size,
        begins: Road::new(&app, &own.visit, &own.date).begins(),
    };
    let Some(new) = form::read(&typed, side, &around, &mut errors) else {
        let again = Again { form: Some(side), typed: Some(typed), errors, refused: None };
        return draw(&app, own, again, frame, csrf).await;
    };
    let again = Again { form: Some(side), typed: Some(typed), ..Again::default() };
    done(&app, own, (Act::Put(new), "place"), again, frame, csrf).await
}

/// `POST /visites/inscription/{way}/covoiturage/retrait`
#[handler]
pub(crate) async fn withdraw(
    app: Data<&App>,
    own: Own,
    frame: Frame,
    csrf: Csrf,
    _: Form<Pressed>,
) -> Result<Response> {
    let act = Act::Withdraw(own.registration.id);
    done(&app, own, (act, "retrait"), Again::default(), frame, csrf).await
}

/// `POST /visites/inscription/{way}/covoiturage/demandes`: asks whether both go together.
#[handler]
pub(crate) async fn ask(
    app: Data<&App>,
    own: Own,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let with = typed.of("avec").parse().map_err(|_| Error::bad_request("Choisissez à qui demander."))?;
    let act = Act::Ask { by: own.registration.id, with, seen: typed.of("vu").to_owned() };
    done(&app, own, (act, "demande"), Again::default(), frame, csrf).await
}

/// `POST /visites/inscription/{way}/covoiturage/demandes/{key}`: accepts, declines, or ends what was agreed.
#[handler]
pub(crate) async fn answer(
    app: Data<&App>,
    own: Own,
    Path((_, pair)): Path<(String, i64)>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let by = own.registration.id;
    let asked = match typed.of("geste") {
        "accepter" => (Act::Answer { by, pair, seen: Some(typed.of("vu").to_owned()) }, "accord"),
        "refuser" => (Act::Answer { by, pair, seen: None }, "refus"),
        "finir" => (Act::Part { by, pair }, "fin"),
        _ => return Err(Error::bad_request("Choisissez quoi répondre.")),
    };
    done(&app, own, asked, Again::default(), frame, csrf).await
}

/// Does what was asked, or shows why not, with what was typed.
async fn done(
    app: &App,
    own: Own,
    (act, said): (Act, &str),
    again: Again,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    app.limits.count_errand(own.registration.id).map_err(Error::TooMany)?;
    let txn = app.write().await?;
    match decide::act(&txn, app, (own.date.id, own.registration.id), act).await? {
        Ok(()) => {
            txn.commit().await?;
            Ok(see_other(&format!("{}?fait={said}", here(&own))))
        }
        Err(refusal) => {
            drop(txn);
            draw(app, own, Again { refused: Some(refusal), ..again }, frame, csrf).await
        }
    }
}
