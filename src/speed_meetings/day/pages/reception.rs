//! The desk at the door: who is there, found by name, by the code of a badge or by the camera, and written down in one tap.

use askama::Template;
use poem::web::{Data, Query};
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use super::line::{GONE, Line};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::day::delay;
use crate::speed_meetings::day::hall::{Hall, is_open};
use crate::speed_meetings::day::presence::{self, Presence, Said, State as Known};
use crate::speed_meetings::edition::{Edition, State};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::participant::{Standing, clock};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication::badge;
use crate::speed_meetings::representative;
use crate::tables::{fold, parse_time};
use crate::web::{Csrf, Error, Form, Frame, Result, filters, french, page, private, see_other, with_camera};

/// How late a day can be said to run, in minutes.
const DELAYS: [i32; 7] = [0, 5, 10, 15, 20, 30, 45];

/// Address of the page of an edition.
pub(super) fn path(edition: &Edition) -> String {
    format!("{}/accueil", edition.desk())
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// A name, or a code that was typed.
    q: String,
    /// The code of a badge that was scanned.
    code: String,
    /// Of whom something was written down just now.
    dit: String,
    /// What else was done.
    fait: String,
    /// An hour that was not understood, of whom, and what was pressed.
    heure: String,
    pour: String,
    geste: String,
}

/// What was pressed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    geste: String,
    participant: String,
    /// When one who is late will be there, or when one leaves.
    heure: String,
    /// The version one saw, or the state of the edition.
    vu: String,
    /// What was looked for.
    recherche: String,
    /// « liste » when it was pressed in the list of all, which is gone back to.
    depuis: String,
    /// By how many minutes the day runs late.
    retard: String,
}

impl Typed {
    /// Where the page stands once it is done: at the line that was pressed in the list, ready for the next one after a
    /// search or a badge. What was refused finds its search again.
    fn place_after(&self, query: &str) -> String {
        let line = if self.depuis == "liste" { format!("#p{}", self.participant) } else { String::new() };
        if query.starts_with("dit=") {
            return line;
        }
        let typed =
            [("q", &self.recherche), ("heure", &self.heure), ("pour", &self.participant), ("geste", &self.geste)];
        let typed =
            typed.into_iter().filter(|(name, value)| !value.is_empty() && (*name == "q" || self.is_about_hour()));
        let kept = serde_urlencoded::to_string(typed.collect::<Vec<_>>()).unwrap_or_default();
        if kept.is_empty() { line } else { format!("&{kept}{line}") }
    }

    fn is_about_hour(&self) -> bool {
        matches!(self.geste.as_str(), "retard" | "depart")
    }
}

#[derive(Template)]
#[template(path = "speed_meetings/day/reception.html")]
struct ReceptionPage {
    edition: Edition,
    asked: Asked,
    /// « 12 arrivés sur 63 »
    counts: Vec<String>,
    lines: Vec<Line>,
    /// The one whose badge it is.
    found: Option<Line>,
    /// Of whom something was written down just now.
    noted: Option<Line>,
    /// Meetings to come that cannot take place.
    broken: usize,
    /// Minutes, words, whether it is so.
    delays: Vec<(i32, String, bool)>,
    /// The hour of the next slot, when one is left.
    next: Option<String>,
    version: i64,
    csrf: Csrf,
    frame: Frame,
}

impl ReceptionPage {
    fn path(&self) -> String {
        path(&self.edition)
    }

    fn is_open(&self) -> bool {
        is_open(self.edition.state)
    }

    fn is_rehearsal(&self) -> bool {
        self.edition.state == State::Published
    }

    fn done(&self) -> Option<&'static str> {
        match self.asked.fait.as_str() {
            "horaire" => Some("Les horaires sont décalés\u{a0}: l’écran et les téléphones le montrent."),
            "efface" => Some("Tout ce qui a été noté à la répétition est effacé."),
            "ailleurs" => Some("Rien n’a été changé\u{a0}: un autre poste a noté autre chose entre-temps."),
            "heure" => Some("Rien n’a été noté\u{a0}: écrivez une heure comme 10\u{a0}h\u{a0}30."),
            "passee" => Some(
                "Rien n’a été noté\u{a0}: cette heure est déjà passée. Si la personne est là, notez «\u{a0}Arrivé\u{a0}».",
            ),
            _ => None,
        }
    }

    /// Whether that was refused.
    fn is_refusal(&self) -> bool {
        matches!(self.asked.fait.as_str(), "ailleurs" | "heure" | "passee")
    }

    /// The hour that was typed for somebody and not understood.
    fn typed_hour(&self, line: &Line, gesture: &str) -> Option<&str> {
        let is_it = self.asked.geste == gesture && self.asked.pour == line.id.to_string();
        (is_it && self.is_refusal()).then_some(self.asked.heure.as_str())
    }

    /// Whether lines are those of everybody.
    fn is_whole(&self) -> bool {
        self.asked.q.is_empty() && self.found.is_none()
    }

    /// Whether a code was given that is nobody’s.
    fn is_unknown(&self) -> bool {
        !self.asked.code.is_empty() && self.found.is_none()
    }
}

/// `GET /organisation/rencontres/{key}/accueil`; `?code=` is the badge of one participant.
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    workshop: Workshop,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let version = workshop.plan.edition.live_version;
    let hall = Hall::of(&app.db, workshop.plan, app.config.time_zone).await?;
    let keys: Vec<i64> = hall.guests.keys().copied().collect();
    let people = representative::names_of(&app.db, &keys).await?;
    let now = app.clock.now();
    let come = hall.guests.values().map(|guest| &guest.row).filter(|row| row.state == Standing::Registered);
    let mut lines: Vec<Line> = come.map(|one| Line::new(&hall, one, &people, now)).collect();
    lines.sort_by_key(|line| fold(&line.name));
    let counts = counts(&hall, &lines);
    let of = |key: Option<i64>| lines.iter().find(|line| Some(line.id) == key).cloned();
    let typed = if asked.code.is_empty() { &asked.q } else { &asked.code };
    let found = of(badge::read(typed));
    let noted = of(asked.dit.parse().ok());
    let wanted = fold(&asked.q);
    if found.is_none() && asked.code.is_empty() {
        lines.retain(|line| fold(&line.name).contains(&wanted) || fold(&line.people).contains(&wanted));
    }
    let late = hall.delays.last().map_or(0, |last| last.minutes);
    let delay = |minutes: i32| (minutes, delay_in_words(minutes), minutes == late);
    let view = ReceptionPage {
        counts,
        lines,
        found,
        noted,
        broken: hall.broken(now).len(),
        delays: DELAYS.into_iter().map(delay).collect(),
        next: hall.hours.get(hall.begun(now)).map(|hour| hall.time(hour.from)),
        version,
        edition: hall.plan.edition,
        asked,
        csrf,
        frame,
    };
    Ok(with_camera(private(page(&view)?)))
}

fn delay_in_words(minutes: i32) -> String {
    if minutes == 0 { "à l’heure prévue".to_owned() } else { format!("{minutes}\u{a0}minutes plus tard") }
}

/// « 12 arrivés sur 63 », and those who are late or do not come.
fn counts(hall: &Hall, lines: &[Line]) -> Vec<String> {
    let known = |state: Known| {
        lines.iter().filter(|line| hall.presences.get(&line.id).is_some_and(|known| known.state == state)).count()
            as u64
    };
    let all = french::number(lines.len() as u64);
    let mut counts = vec![format!("{} sur {all}", french::count(known(Known::Arrived), "arrivé", "arrivés"))];
    for (state, one, many) in [(Known::Late, "en retard", "en retard"), (Known::NoShow, "absent", "absents")] {
        if known(state) > 0 {
            counts.push(french::count(known(state), one, many));
        }
    }
    let gone = lines.iter().filter(|line| line.class == GONE).count() as u64;
    if gone > 0 {
        counts.push(french::count(gone, "déjà reparti", "déjà repartis"));
    }
    counts
}

/// `POST /organisation/rencontres/{key}/accueil`
#[handler]
pub(crate) async fn note(app: Data<&App>, workshop: Workshop, Form(typed): Form<Typed>) -> Result<Response> {
    let here = path(&workshop.plan.edition);
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, workshop.plan.edition.id).await?.ok_or(Error::NotFound)?;
    if !is_open(plan.edition.state) {
        return Ok(see_other(&here));
    }
    let query = match typed.geste.as_str() {
        "effacer" if plan.edition.state == State::Published => {
            presence::forget_all(&txn, plan.edition.id).await?;
            "fait=efface".to_owned()
        }
        "effacer" => return Ok(see_other(&here)),
        _ => note_one(&app, &txn, &plan, &typed, workshop.me.id).await?,
    };
    txn.commit().await?;
    Ok(see_other(&format!("{here}?{query}{}", typed.place_after(&query))))
}

/// Writes down what was pressed for one participant, and gives what the page says of it then.
async fn note_one(app: &App, txn: &DatabaseTransaction, plan: &Plan, typed: &Typed, by: i64) -> Result<String> {
    let hall = Hall::of(txn, plan.clone(), app.config.time_zone).await?;
    let row = typed.participant.parse().ok().and_then(|id: i64| Some(&hall.guests.get(&id)?.row));
    let row = row.filter(|row| row.state == Standing::Registered).ok_or(Error::NotFound)?;
    let said = match typed.geste.as_str() {
        "arrive" => Some(Said::Arrived),
        "absent" => Some(Said::NoShow),
        "retard" | "depart" => match parse_time(&typed.heure) {
            Some(minutes) if typed.geste == "retard" && is_past(app, plan, minutes) => {
                return Ok("fait=passee".to_owned());
            }
            Some(minutes) if typed.geste == "retard" => Some(Said::Late(minutes)),
            Some(minutes) => Some(Said::Leaves(minutes)),
            None => return Ok("fait=heure".to_owned()),
        },
        _ => None,
    };
    let now = app.clock.now();
    let (done, act) = if let Some(said) = said {
        (presence::say(txn, row, said, by, now).await?, words(said))
    } else {
        let seen = typed.vu.parse().unwrap_or_default();
        let is_taken_back = if typed.geste == "reste" {
            presence::keep_to_the_end(txn, row, seen).await?
        } else {
            presence::take_back(txn, row, seen).await?
        };
        (is_taken_back, "a repris ce qui était noté d’un participant")
    };
    if done {
        let act = Act::new(act, format!("participants/{}", row.id)).with(plan.edition.title.clone());
        audit::record(txn, By::Person(by), act, now).await?;
    }
    // Taken back twice is taken back.
    let is_back = |known: &Presence| typed.geste == "reste" && known.leaves_at.is_none();
    let is_other = !done && said.is_none() && hall.presences.get(&row.id).is_some_and(|known| !is_back(known));
    Ok(if is_other { "fait=ailleurs".to_owned() } else { format!("dit={}", row.id) })
}

/// Whether an hour of the day is over; a rehearsal is at any time.
fn is_past(app: &App, plan: &Plan, minutes: i32) -> bool {
    let now = app.local(app.clock.now());
    plan.edition.state == State::Running && plan.edition.held_on == now.date() && clock(minutes) < now.time()
}

fn words(said: Said) -> &'static str {
    match said {
        Said::Arrived => "a noté l’arrivée d’un participant",
        Said::NoShow => "a noté l’absence d’un participant",
        Said::Late(_) => "a noté le retard d’un participant",
        Said::Leaves(_) => "a noté le départ d’un participant",
    }
}

/// `POST /organisation/rencontres/{key}/horaire`: the slots to come begin so many minutes later than planned.
#[handler]
pub(crate) async fn shift(app: Data<&App>, workshop: Workshop, Form(typed): Form<Typed>) -> Result<Response> {
    let here = path(&workshop.plan.edition);
    let Some(minutes) = typed.retard.parse().ok().filter(|minutes| (0..=delay::MOST).contains(minutes)) else {
        return Ok(see_other(&here));
    };
    let now = app.clock.now();
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, workshop.plan.edition.id).await?.ok_or(Error::NotFound)?;
    if !is_open(plan.edition.state) {
        return Ok(see_other(&here));
    }
    let (key, title) = (plan.edition.id, plan.edition.title.clone());
    let hall = Hall::of(&txn, plan, app.config.time_zone).await?;
    let Some(next) = hall.hours.get(hall.begun(now)) else { return Ok(see_other(&here)) };
    if delay::shift(&txn, key, (next.slot, minutes), workshop.me.id, now).await? {
        let act = Act::new("a décalé les horaires d’une rencontre", format!("editions/{key}"));
        let told = format!("{title}\u{a0}: {}", delay_in_words(minutes));
        audit::record(&txn, By::Person(workshop.me.id), act.with(told), now).await?;
        txn.commit().await?;
    }
    Ok(see_other(&format!("{here}?fait=horaire")))
}
