//! Whom an organisation would meet: its list, and the other side to choose from.

use std::collections::HashMap;

use askama::Template;
use chrono::NaiveDate;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::press::Bounds;
use super::wisher::{OnBehalf, Own, Wisher};
use crate::accounts::{self, SignedIn};
use crate::app::App;
use crate::speed_meetings::edition::{self, Side, State};
use crate::speed_meetings::pages::speaker::{Purpose, public, which};
use crate::speed_meetings::participant::{self, Standing};
use crate::speed_meetings::registration::Asks;
use crate::speed_meetings::wishes::catalogue::{self, Card};
use crate::speed_meetings::wishes::choice::{self, remaining};
use crate::speed_meetings::wishes::wish::{self, Wish};
use crate::suppliers::{CertificationKind, ProductFamily, Word};
use crate::tables::fold;
use crate::web::{Csrf, FieldErrors, Frame, Pages, Result, filters, french, page_with, private, see_other};

/// Cards on a page.
const SHOWN: u64 = 20;

/// What is looked for in the catalogue, and what was just done.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    famille: String,
    signe: String,
    livre: String,
    /// All cards on one page, for paper.
    tout: String,
    fait: String,
}

impl Asked {
    fn keeps(&self, card: &Card) -> bool {
        let family = ProductFamily::from_code(&self.famille);
        let sign = CertificationKind::from_code(&self.signe);
        card.says(&fold(&self.q))
            && family.is_none_or(|family| card.families.contains(&family))
            && sign.is_none_or(|sign| card.signs.contains(&sign))
            && (self.livre.is_empty() || card.is_reached)
    }

    fn is_empty(&self) -> bool {
        [&self.q, &self.famille, &self.signe, &self.livre].into_iter().all(String::is_empty)
    }
}

#[derive(Template)]
#[template(path = "speed_meetings/wishes/own.html")]
struct WishesPage {
    wisher: Wisher,
    day: String,
    today: NaiveDate,
    /// How long one may still choose.
    remaining: Option<String>,
    may_choose: bool,
    wanted: Vec<Card>,
    avoided: Vec<Card>,
    cards: Vec<(Card, Held)>,
    pages: Pages,
    /// Code, name, whether chosen.
    families: Vec<(&'static str, &'static str, bool)>,
    signs: Vec<(&'static str, &'static str, bool)>,
    asked: Asked,
    /// At least and at most, as they are or were typed.
    bounds: (String, String),
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// Where a participant of the other side stands in one's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// In neither.
    Not,
    /// At this rank, from 1.
    Wanted(usize),
    /// Rather not.
    Avoided,
}

impl WishesPage {
    fn done(&self) -> Option<&'static str> {
        match self.asked.fait.as_str() {
            "souhait" | "nombre" => Some("Enregistré."),
            "clos" => Some("Rien n’a changé\u{a0}: les souhaits ne se changent plus d’ici."),
            "parti" => Some("Rien n’a changé\u{a0}: cette organisation ne vient plus."),
            _ => None,
        }
    }

    fn is_done(&self) -> bool {
        matches!(self.asked.fait.as_str(), "souhait" | "nombre")
    }

    fn is_supplier(&self) -> bool {
        self.wisher.row.as_ref().is_some_and(|row| row.side == Side::Supplier)
    }

    fn is_waiting(&self) -> bool {
        self.wisher.row.as_ref().is_some_and(|row| row.state == Standing::Waiting)
    }

    fn is_registered(&self) -> bool {
        self.wisher.row.as_ref().is_some_and(|row| row.state == Standing::Registered)
    }

    /// Whether what is chosen now counts only for a timetable that is still to be searched for.
    fn is_late(&self) -> bool {
        self.may_choose && self.wisher.edition.state > State::Wishes
    }

    /// Whether only organisers may still choose.
    fn may_be_noted(&self) -> bool {
        !self.may_choose && choice::is_open(&self.wisher.edition, Asks::Organiser, self.today)
    }

    /// Whether the catalogue can be read.
    fn has_catalogue(&self) -> bool {
        self.wisher.comer().is_some()
    }

    /// Address to which a choice about one is sent; it leads back to the same cards.
    fn action(&self, card: &Card) -> String {
        format!("{}/{}{}", self.wisher.here(), card.id, query(&self.frame, ""))
    }

    /// Address of the whole catalogue, as one prints it.
    fn whole(&self) -> String {
        let kept = query(&self.frame, "");
        let mark = if kept.is_empty() { "?" } else { "&" };
        format!("{}{kept}{mark}tout=oui", self.wisher.here())
    }

    fn counted(&self) -> String {
        match (self.is_supplier(), self.pages.total) {
            (true, count) => french::count(count, "cantine", "cantines"),
            (false, count) => french::count(count, "fournisseur", "fournisseurs"),
        }
    }
}

/// The query of the page, without what was just done and with a word for what is done now.
pub(super) fn query(frame: &Frame, done: &str) -> String {
    let all: Vec<(String, String)> =
        serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    let done = Some(("fait".to_owned(), done.to_owned())).filter(|_| !done.is_empty());
    let kept = all.into_iter().filter(|(name, value)| name != "fait" && !value.is_empty());
    let pairs: Vec<(String, String)> = done.into_iter().chain(kept).collect();
    match serde_urlencoded::to_string(pairs) {
        Ok(text) if !text.is_empty() => format!("?{text}"),
        _ => String::new(),
    }
}

/// `GET /rencontres/{slug}/souhaits`: leads to one's organisation that comes, or asks which.
#[handler]
pub(crate) async fn choose_team(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(slug): Path<String>,
    frame: Frame,
) -> Result<Response> {
    let edition = public(edition::by_slug(&app.db, &slug).await?)?;
    let rows = participant::of(&app.db, edition.id).await?;
    let comes = |id: i64| rows.iter().any(|row| row.organisation_id == id && row.state != Standing::Withdrawn);
    let mut teams = accounts::of_person(&app.db, person.id).await?;
    teams.retain(|team| comes(team.id));
    if teams.is_empty() {
        return Ok(see_other(&format!("{}/inscription", edition.path())));
    }
    let purpose = Purpose {
        name: "Mes souhaits",
        heading: "Qui voulez-vous rencontrer\u{a0}?".to_owned(),
        page: "souhaits",
        lead: format!("«\u{a0}{}\u{a0}»\u{a0}: au nom de qui\u{a0}?", french::typographic(&edition.title)),
        nobody: String::new(),
        ways: &[],
    };
    which(&edition, teams, purpose, frame)
}

/// `GET /rencontres/{slug}/souhaits/{id}`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    Own(wisher): Own,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    draw(&app, wisher, asked, None, (frame, csrf)).await
}

/// `GET /organisation/rencontres/{key}/souhaits/{id}`
#[handler]
pub(crate) async fn show_for(
    app: Data<&App>,
    OnBehalf(wisher): OnBehalf,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    draw(&app, wisher, asked, None, (frame, csrf)).await
}

pub(super) async fn draw(
    app: &App,
    wisher: Wisher,
    asked: Asked,
    again: Option<(Bounds, FieldErrors)>,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let (all, kept) = match wisher.comer() {
        Some(own) => (catalogue::cards(app, own).await?, wish::of(&app.db, own.id).await?),
        None => (Vec::new(), Vec::new()),
    };
    let (wanted, avoided, held) = lists(&all, &kept);
    let shown: Vec<&Card> = all.iter().filter(|card| asked.keeps(card)).collect();
    let per_page = if asked.tout.is_empty() { SHOWN } else { shown.len() as u64 };
    let pages = Pages::asked(frame.uri(), per_page, shown.len() as u64);
    let before = usize::try_from(pages.offset()).unwrap_or(usize::MAX);
    let most = usize::try_from(pages.per_page).unwrap_or(usize::MAX);
    let held = |card: &Card| held.get(&card.id).copied().unwrap_or(Held::Not);
    let cards = shown.into_iter().skip(before).take(most).map(|card| (card.clone(), held(card))).collect();
    let today = app.today();
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (bounds, errors) = again.unwrap_or_else(|| (Bounds::of(wisher.row.as_ref()), FieldErrors::default()));
    let view = WishesPage {
        day: french::day(wisher.edition.held_on),
        today,
        remaining: remaining(&wisher.edition, today),
        may_choose: wisher.comer().is_some() && choice::is_open(&wisher.edition, wisher.asks, today),
        wanted,
        avoided,
        cards,
        pages,
        families: options(&asked.famille, |family: ProductFamily| all.iter().any(|one| one.families.contains(&family))),
        signs: options(&asked.signe, |sign: CertificationKind| all.iter().any(|one| one.signs.contains(&sign))),
        asked,
        bounds: (bounds.minimum, bounds.maximum),
        errors,
        wisher,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// The cards of both lists in their order, and where each stands. Who does not come is in neither.
fn lists(all: &[Card], wishes: &[Wish]) -> (Vec<Card>, Vec<Card>, HashMap<i64, Held>) {
    let card = |wish: &Wish| all.iter().find(|card| card.id == wish.wished_id).cloned();
    let (ranked, rather_not): (Vec<&Wish>, Vec<&Wish>) = wishes.iter().partition(|wish| wish.rank.is_some());
    let wanted: Vec<Card> = ranked.into_iter().filter_map(card).collect();
    let avoided: Vec<Card> = rather_not.into_iter().filter_map(card).collect();
    let held = (1..).zip(&wanted).map(|(rank, card)| (card.id, Held::Wanted(rank)));
    let held = held.chain(avoided.iter().map(|card| (card.id, Held::Avoided))).collect();
    (wanted, avoided, held)
}

/// Words of a list of choices that lead to somebody: code, name, whether chosen.
fn options<W: Word>(chosen: &str, leads: impl Fn(W) -> bool) -> Vec<(&'static str, &'static str, bool)> {
    let words = W::WORDS.iter().filter(|(word, code, _)| *code == chosen || leads(*word));
    words.map(|(_, code, label)| (*code, *label, *code == chosen)).collect()
}
