//! Those who come are reminded a week and a day before, with all that one must know to find the farm and be at ease there. It
//! belongs to the registration, as its confirmation does: nobody stops it but who does not come.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DatabaseTransaction, DbErr};

use super::change;
use super::farm_visit::FarmVisit;
use super::mail::{self, Desk, Told};
use super::practical::{self, Part};
use super::registration::{self, Registration, Standing};
use super::visit_date::VisitDate;
use crate::app::App;
use crate::mail::{Content, Letterhead, NotEnqueued, decision, letter};

/// The mail, as its rows name it.
const KIND: &str = "visit_reminder";

/// What a reminder tells.
struct Reminder<'a> {
    about: Told<'a>,
    /// « demain »
    when: String,
    /// What there is to know, as far as organisers wrote it.
    parts: &'a [Part],
    /// Where all of it stands on one sheet.
    sheet: String,
}

letter!(
    draw,
    Reminder,
    "farm_visits/mail/reminder/subject.txt",
    "farm_visits/mail/reminder/body.txt",
    "farm_visits/mail/reminder/body.html"
);

/// Reminds those who come to a locked date and did so at `due`; who came later has just read all of it.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn remind(
    txn: &DatabaseTransaction,
    app: &App,
    (visit, date): (&FarmVisit, &VisitDate),
    due: DateTime<Utc>,
) -> Result<(), NotEnqueued> {
    let desk = Desk::new(app, visit, date)?;
    let parts = practical::parts(visit);
    let known = change::confirmed_at(txn, date.id, due).await?;
    let comers = registration::in_states(txn, date.id, &[Standing::Confirmed]).await?;
    for row in comers.into_iter().filter(|row| known.contains(&row.id)) {
        let about = desk.told(txn, &row).await?;
        let sheet = format!("{}/fiche", about.link);
        let when = ahead(app.today(), app.local(date.starts_at).date());
        let content = draw(&desk.head, &Reminder { about, when, parts: &parts, sheet })?;
        // The hour it was due, so that a date that moved has reminders of its own.
        let version = u32::try_from(due.timestamp() / 3_600).unwrap_or(u32::MAX);
        desk.write(txn, &row, (KIND, version), content, Some(date.starts_at)).await?;
    }
    Ok(())
}

/// A reminder of somebody who does not come, or not then, does not leave if it has not left yet.
///
/// # Errors
/// What the database said.
pub(super) async fn withdraw(txn: &DatabaseTransaction, app: &App, row: &Registration) -> Result<(), DbErr> {
    let about = format!("registrations/{}", row.id);
    decision::withdraw(txn, (KIND, &about), "un changement de la visite", app.clock.now()).await
}

/// « demain », « dans une semaine »
fn ahead(today: NaiveDate, day: NaiveDate) -> String {
    match (day - today).num_days() {
        ..=0 => "aujourd’hui".to_owned(),
        1 => "demain".to_owned(),
        7 => "dans une semaine".to_owned(),
        days => format!("dans {days}\u{a0}jours"),
    }
}

/// One of them, with the folder of its templates.
///
/// # Errors
/// When it cannot be drawn.
pub(super) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let visit = FarmVisit {
        access: "Depuis le bourg, suivre « La Croix ».\nLe GPS s’arrête 300 mètres trop tôt : continuez.".to_owned(),
        parking: "Douze places derrière la grange.".to_owned(),
        advice: "Des bottes et un vêtement chaud.".to_owned(),
        weather: "S’il pleut, on commence par la fromagerie.".to_owned(),
        meal: "Casse-croûte de la ferme à midi.".to_owned(),
        meal_cents: Some(900),
        ..FarmVisit::new("Ferme des Genêts", "43268", DateTime::UNIX_EPOCH)
    };
    let about = mail::sample(head, super::act::News::Confirmed);
    let sheet = format!("{}/fiche", about.link);
    let told = Reminder { about, when: "demain".to_owned(), parts: &practical::parts(&visit), sheet };
    Ok(vec![("farm_visits/mail/reminder", draw(head, &told)?)])
}

#[cfg(test)]
mod tests {
    use super::{NaiveDate, ahead};

    #[test]
    fn days_ahead_are_said_as_people_say_them() {
        let day = |day| NaiveDate::from_ymd_opt(2027, 5, day).unwrap();
        assert_eq!(ahead(day(13), day(20)), "dans une semaine");
        assert_eq!(ahead(day(15), day(20)), "dans 5\u{a0}jours");
        assert_eq!(ahead(day(19), day(20)), "demain");
    }
}
