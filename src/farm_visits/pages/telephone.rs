//! What a telephone kept while it had no network, sent when it has one again.

use chrono::{DateTime, TimeDelta, Utc};
use poem::web::Data;
use poem::{Response, handler};
use serde::Deserialize;
use serde_json::json;

use super::attendance::{CROWD, guest, key, write_down};
use super::date::Desk;
use crate::app::App;
use crate::farm_visits::attendance::{Note, Of};
use crate::farm_visits::attendance_note::Outcome;
use crate::suppliers::draft::Typed;
use crate::web::{Error, FieldErrors, Form, Result, private};

/// Notes that are sent together at most.
const TOGETHER: usize = 500;
/// How long a telephone may keep what it noted.
const KEPT: TimeDelta = TimeDelta::days(60);

/// What a telephone sends.
#[derive(Deserialize)]
pub(crate) struct Sent {
    /// Which telephone.
    telephone: String,
    /// What its clock says, in milliseconds.
    now: i64,
    /// What was noted there, in its order: JSON.
    notes: String,
}

/// What was noted on a telephone.
#[derive(Deserialize)]
struct Kept {
    key: String,
    /// When, by the clock of the telephone, in milliseconds.
    said: i64,
    registration: Option<i64>,
    walk_in: Option<String>,
    came: Option<i32>,
    /// Who walks in, when somebody does.
    #[serde(default)]
    name: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    email: String,
}

/// `POST /organisation/visites/dates/{key}/presence/envoi`: what a telephone kept, in its order; says of each what became of
/// it. Sent again, it is answered the same and done once.
#[handler]
pub(crate) async fn send(app: Data<&App>, desk: Desk, Form(sent): Form<Sent>) -> Result<Response> {
    let unread = || Error::bad_request("Ces présences n’ont pas pu être lues.");
    let kept: Vec<Kept> = serde_json::from_str(&sent.notes).map_err(|_| unread())?;
    let telephone = key(&sent.telephone).ok_or_else(unread)?;
    if kept.len() > TOGETHER || kept.iter().any(|one| key(&one.key).is_none()) {
        return Err(unread());
    }
    let read: Vec<_> = kept.iter().map(|one| read(one, &telephone, sent.now, app.clock.now())).collect();
    let notes: Vec<Note> = read.iter().filter_map(|one| one.clone().ok()).collect();
    let mut outcomes = write_down(&app, &desk, &notes).await?.into_iter();
    let answers = kept.iter().zip(&read).map(|(one, read)| {
        let why = match read {
            Ok(_) => outcomes.next().and_then(Outcome::refusal).map(str::to_owned),
            Err(why) => Some(why.clone()),
        };
        json!({ "key": one.key, "refused": why })
    });
    let told = json!({ "answers": answers.collect::<Vec<_>>() });
    Ok(private(Response::builder().content_type("application/json").body(told.to_string())))
}

/// A note of a telephone whose clock says `sent_at` now, or why it cannot be one.
fn read(kept: &Kept, telephone: &str, sent_at: i64, now: DateTime<Utc>) -> Result<Note, String> {
    let mut came = kept.came.filter(|came| (0..=CROWD).contains(came));
    if came != kept.came {
        return Err(Outcome::TooMany.refusal().unwrap_or_default().to_owned());
    }
    let of = match (kept.registration, kept.walk_in.as_deref().and_then(key)) {
        (Some(registration), None) => Of::Registration(registration),
        (None, Some(key)) => Of::WalkIn(key),
        (None, None) => {
            let mut typed = Typed::default();
            typed.put("nom", kept.name.clone());
            typed.put("organisation", kept.organisation.clone());
            typed.put("courriel", kept.email.clone());
            let mut errors = FieldErrors::default();
            let guest = guest(&typed, &mut errors);
            if let Some((_, sentence)) = errors.iter().next() {
                return Err(sentence.to_owned());
            }
            came = Some(came.unwrap_or(1).max(1));
            Of::NewWalkIn(kept.key.clone(), guest)
        }
        (Some(_), Some(_)) => return Err(Outcome::Unknown.refusal().unwrap_or_default().to_owned()),
    };
    // Its clock may be wrong, but how long ago it was said is not.
    let ago = sent_at.saturating_sub(kept.said).clamp(0, KEPT.num_milliseconds());
    let said_at = now - TimeDelta::milliseconds(ago);
    Ok(Note { key: kept.key.clone(), telephone: telephone.to_owned(), said_at, of, came })
}
