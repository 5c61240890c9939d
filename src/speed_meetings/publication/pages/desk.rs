//! Publishing a timetable: first what it changes and who is told, then the button; and every version that there was.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;

use crate::accounts;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::edition::{Edition, Side, State};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication::draft::{self, Draft};
use crate::speed_meetings::publication::own_day::{Hall, own_day};
use crate::speed_meetings::publication::publish::{Published, Seen, publish_seen};
use crate::speed_meetings::publication::version::{self, Publication};
use crate::web::{Csrf, Error, Form, Frame, Result, filters, french, page, page_with, private, see_other, text_of};

/// Most characters that organisers add to the mail.
const MOST: usize = 2_000;

/// Address of the page of an edition.
pub(in crate::speed_meetings) fn path(edition: &Edition) -> String {
    format!("{}/publication", edition.desk())
}

/// What was pressed, and what one saw.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    /// `editions.timetable_version`.
    vu: String,
    /// The version in force.
    version: String,
    mots: String,
}

#[derive(Template)]
#[template(path = "speed_meetings/publication/desk.html")]
struct DeskPage {
    edition: Edition,
    /// The number that the next version gets.
    next: i32,
    /// « 124 rendez-vous »
    count: String,
    /// What must be mended first, and what should be.
    refused: Vec<String>,
    warned: Vec<String>,
    sides: Vec<SideView>,
    /// « 63 organisations, 80 courriels »
    told: String,
    is_same: bool,
    /// Whether the timetable has changed since it was shown.
    is_stale: bool,
    words: String,
    error: Option<String>,
    /// `editions.timetable_version`.
    seen: i64,
    versions: Vec<VersionLine>,
    csrf: Csrf,
    frame: Frame,
}

/// Those of a side who are told.
struct SideView {
    title: &'static str,
    lines: Vec<Line>,
}

/// Who is told what.
struct Line {
    name: String,
    /// « 2 courriels »
    mails: String,
    words: Vec<String>,
}

/// A version in the list.
struct VersionLine {
    number: i32,
    at: String,
    by: String,
    words: String,
}

impl DeskPage {
    fn path(&self) -> String {
        path(&self.edition)
    }

    fn done(&self) -> Option<String> {
        match self.frame.done() {
            "publication" => Some(format!("La version {} est publiée. Les courriels partent.", self.next - 1)),
            "pareil" => Some("Rien n’a changé depuis la version publiée\u{a0}: aucun courriel n’est parti.".to_owned()),
            _ => None,
        }
    }

    fn is_too_early(&self) -> bool {
        self.edition.state < State::Timetable
    }

    fn is_over(&self) -> bool {
        self.edition.state.is_over()
    }

    fn is_first(&self) -> bool {
        self.edition.state == State::Timetable
    }

    /// Whether there is something to publish and nothing in its way.
    fn may_publish(&self) -> bool {
        self.refused.is_empty() && (self.is_first() || !self.is_same)
    }
}

/// `GET /organisation/rencontres/{key}/publication`
#[handler]
pub(crate) async fn show(app: Data<&App>, workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, &workshop.plan, Again::default(), frame, csrf).await
}

/// What was sent and is shown again.
#[derive(Default)]
struct Again {
    words: String,
    error: Option<String>,
    is_stale: bool,
    is_refused: bool,
}

async fn draw(app: &App, plan: &Plan, again: Again, frame: Frame, csrf: Csrf) -> Result<Response> {
    let draft = Draft::of(&app.db, plan, app.config.time_zone, app.clock.now()).await?;
    let (refused, warned) = draft.conflicts.iter().partition::<Vec<_>, _>(|conflict| conflict.is_in_the_way());
    let said = |conflicts: Vec<&draft::Conflict>| conflicts.into_iter().map(|one| one.said(&draft.hall)).collect();
    let news = draft.news(plan);
    let people = draft::people(&app.db, &draft.hall, news.iter().map(|one| one.participant)).await?;
    let mails = |participant| people.get(&participant).copied().unwrap_or_default();
    let lines: Vec<_> = news.iter().map(|one| (one.participant, mails(one.participant), words(&draft, one))).collect();
    let mails: u64 = lines.iter().map(|(_, mails, _)| mails).sum();
    let told = format!(
        "{}, {}",
        french::count(lines.len() as u64, "organisation", "organisations"),
        french::count(mails, "courriel", "courriels")
    );
    let (status, is_stale) = (again.status(), again.is_stale);
    let view = DeskPage {
        edition: plan.edition.clone(),
        next: draft.number() + 1,
        count: format!("{}\u{a0}rendez-vous", french::number(draft.wanted.len() as u64)),
        refused: said(refused),
        warned: said(warned),
        sides: sides(&draft.hall, lines),
        told,
        is_same: draft.is_same(),
        is_stale,
        words: again.words,
        error: again.error,
        seen: plan.edition.timetable_version,
        versions: versions(app, plan).await?,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

impl Again {
    fn status(&self) -> StatusCode {
        if self.is_stale {
            StatusCode::CONFLICT
        } else if self.is_refused || self.error.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

/// What a participant would be told, in words; of the first version how many appointments it has.
fn words(draft: &Draft, news: &draft::News) -> Vec<String> {
    let day = own_day(&draft.wanted, news.participant);
    if draft.before.is_none() {
        let count = day.len() as u64;
        return vec![if count == 0 {
            "aucun rendez-vous".to_owned()
        } else {
            format!("{}\u{a0}rendez-vous", french::number(count))
        }];
    }
    news.changes.iter().map(|change| draft.hall.said(news.participant, *change)).collect()
}

fn sides(hall: &Hall, lines: Vec<(i64, u64, Vec<String>)>) -> Vec<SideView> {
    let mut sides = [("Cantines", Side::Canteen), ("Fournisseurs", Side::Supplier)]
        .map(|(title, side)| (side, SideView { title, lines: Vec::new() }));
    for (id, mails, words) in lines {
        let name = hall.name(id).to_owned();
        let mails = match mails {
            0 => "aucune adresse connue\u{a0}: à prévenir vous-même".to_owned(),
            _ => french::count(mails, "courriel", "courriels"),
        };
        let own = hall.guest(id).map(|guest| guest.row.side);
        if let Some((_, view)) = sides.iter_mut().find(|(side, _)| Some(*side) == own) {
            view.lines.push(Line { name, mails, words });
        }
    }
    let mut sides: Vec<SideView> = sides.into_iter().map(|(_, view)| view).collect();
    sides.retain(|view| !view.lines.is_empty());
    for view in &mut sides {
        view.lines.sort_by_key(|line| crate::tables::fold(&line.name));
    }
    sides
}

async fn versions(app: &App, plan: &Plan) -> Result<Vec<VersionLine>> {
    let all = version::all(&app.db, plan.edition.id).await?;
    let keys: Vec<i64> = all.iter().filter_map(|one| one.published_by).collect();
    let people = accounts::people_by_ids(&app.db, &keys).await?;
    let line = |one: Publication| VersionLine {
        number: one.number,
        at: french::moment(app.local(one.published_at)),
        by: one
            .published_by
            .and_then(|id| people.iter().find(|person| person.id == id))
            .map(|person| person.called().to_owned())
            .unwrap_or_default(),
        words: one.words,
    };
    Ok(all.into_iter().map(line).collect())
}

/// `POST /organisation/rencontres/{key}/publication`
#[handler]
pub(crate) async fn publish(
    app: Data<&App>,
    workshop: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (key, me) = (workshop.plan.edition.id, workshop.me.id);
    let words = match text_of(&typed.mots, MOST) {
        Ok(words) => words.unwrap_or_default(),
        Err(sentence) => {
            let again = Again { words: typed.mots, error: Some(sentence), ..Again::default() };
            return draw(&app, &workshop.plan, again, frame, csrf).await;
        }
    };
    let seen = Seen { timetable: typed.vu.parse().unwrap_or(-1), number: typed.version.parse().unwrap_or(-1) };
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, key).await?.ok_or(Error::NotFound)?;
    let here = path(&plan.edition);
    let again = match publish_seen(&txn, &app, &plan, seen, (me, &words)).await? {
        Published::Version(number) => {
            record(&txn, &app, &plan, (me, number)).await?;
            txn.commit().await?;
            return Ok(see_other(&format!("{here}?fait=publication")));
        }
        Published::Same => {
            let is_twice = seen.number + 1 == number(&txn, &plan).await?;
            let done = if is_twice { "publication" } else { "pareil" };
            return Ok(see_other(&format!("{here}?fait={done}")));
        }
        Published::Closed => return Ok(see_other(&here)),
        Published::Stale => Again { words, is_stale: true, ..Again::default() },
        Published::Refused => Again { words, is_refused: true, ..Again::default() },
    };
    drop(txn);
    draw(&app, &plan, again, frame, csrf).await
}

async fn number(db: &impl ConnectionTrait, plan: &Plan) -> Result<i32> {
    Ok(version::in_force(db, plan.edition.id).await?.map_or(0, |held| held.publication.number))
}

async fn record(txn: &sea_orm::DatabaseTransaction, app: &App, plan: &Plan, (me, number): (i64, i32)) -> Result<()> {
    let (edition, now) = (&plan.edition, app.clock.now());
    let about = format!("editions/{}", edition.id);
    if edition.state == State::Timetable {
        let told = format!("{}\u{a0}: {} → {}", edition.title, edition.state.label(), State::Published.label());
        let act = Act::new("a changé l’étape d’une rencontre", about.clone());
        audit::record(txn, By::Person(me), act.with(told), now).await?;
    }
    let act = Act::new("a publié le planning d’une rencontre", about);
    audit::record(txn, By::Person(me), act.with(format!("{}, version {number}", edition.title)), now).await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "speed_meetings/publication/version.html")]
struct VersionPage {
    edition: Edition,
    number: i32,
    at: String,
    words: String,
    sides: Vec<SideView>,
    /// « 124 rendez-vous »
    count: String,
    frame: Frame,
}

impl VersionPage {
    fn path(&self) -> String {
        path(&self.edition)
    }
}

/// The version in an address.
#[derive(Deserialize)]
struct Which {
    /// Its number.
    id: i32,
}

/// `GET /organisation/rencontres/{key}/publication/{id}`: what this version changed.
#[handler]
pub(crate) async fn differences(
    app: Data<&App>,
    workshop: Workshop,
    Path(which): Path<Which>,
    frame: Frame,
) -> Result<Response> {
    let plan = workshop.plan;
    let all = version::all(&app.db, plan.edition.id).await?;
    let one = all.iter().find(|one| one.number == which.id).ok_or(Error::NotFound)?;
    let (after, names) = (version::meetings(&app.db, one.id).await?, version::tables(&app.db, one.id).await?);
    let (before, were) = match all.iter().find(|other| other.number == one.number - 1) {
        Some(other) => (version::meetings(&app.db, other.id).await?, version::tables(&app.db, other.id).await?),
        None => <_>::default(),
    };
    let hall = Hall::of(&app.db, &plan, app.config.time_zone).await?.calling(&names, &were);
    let teams: Vec<i64> = hall.all().map(|guest| guest.row.organisation_id).collect();
    let people = accounts::people_of(&app.db, &teams).await?;
    let changed = hall.all().map(|guest| {
        let (id, team) = (guest.row.id, guest.row.organisation_id);
        let mails = people.iter().filter(|(of, _)| *of == team).count() as u64;
        let changes = hall.changes(id, &before, &after);
        (id, mails, changes.into_iter().map(|change| hall.said(id, change)).collect::<Vec<_>>())
    });
    let lines = changed.filter(|(_, _, words)| !words.is_empty()).collect();
    let view = VersionPage {
        number: one.number,
        at: french::moment(app.local(one.published_at)),
        words: one.words.clone(),
        sides: sides(&hall, lines),
        count: format!("{}\u{a0}rendez-vous", french::number(after.len() as u64)),
        edition: plan.edition,
        frame,
    };
    Ok(private(page(&view)?))
}
