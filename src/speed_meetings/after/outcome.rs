use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, IntoActiveModel, entity::prelude::*};

use super::made_up;
use crate::speed_meetings::edition::{Edition, Side, State};
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::participant::Participant;
use crate::speed_meetings::publication::version;

/// Most characters of a note.
pub(super) const LONGEST: usize = 1_000;

/// What one side says came of an appointment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outcomes")]
pub(super) struct Model {
    /// Of which edition.
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition_id: i64,
    /// The participant who cooks.
    #[sea_orm(primary_key, auto_increment = false)]
    pub canteen_id: i64,
    /// The participant who sells.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_id: i64,
    /// Which of the two says so.
    #[sea_orm(primary_key, auto_increment = false)]
    pub side: Side,
    /// Whether they met.
    pub was_held: bool,
    /// What came of it; none: not said yet, or they did not meet.
    pub result: Option<Upshot>,
    /// For its own people alone, two texts of [`LONGEST`] characters at most; may be empty.
    pub note: String,
    /// Who wrote the note, while she is known.
    pub written_by: Option<i64>,
    /// Whether a delivery followed; none: not said yet.
    pub delivered: Option<bool>,
    /// When something was said last.
    pub noted_at: DateTimeUtc,
}

/// What one side says came of an appointment.
pub(super) type Outcome = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What came of an appointment, from nothing to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(super) enum Upshot {
    /// Nothing.
    #[sea_orm(string_value = "nothing")]
    Nothing,
    /// They will talk again.
    #[sea_orm(string_value = "contact")]
    Contact,
    /// Something to try.
    #[sea_orm(string_value = "sample")]
    Sample,
    /// A quote.
    #[sea_orm(string_value = "quote")]
    Quote,
    /// An order.
    #[sea_orm(string_value = "order")]
    Order,
}

/// What one says with one press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// They met, and this came of it.
    Came(Upshot),
    /// They did not meet.
    NotHeld,
}

impl Said {
    /// All of them, in the order of the buttons.
    pub(super) const ALL: [Self; 6] = [
        Self::Came(Upshot::Contact),
        Self::Came(Upshot::Sample),
        Self::Came(Upshot::Quote),
        Self::Came(Upshot::Order),
        Self::Came(Upshot::Nothing),
        Self::NotHeld,
    ];

    /// Its word in forms.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Came(Upshot::Nothing) => "rien",
            Self::Came(Upshot::Contact) => "contact",
            Self::Came(Upshot::Sample) => "echantillon",
            Self::Came(Upshot::Quote) => "devis",
            Self::Came(Upshot::Order) => "commande",
            Self::NotHeld => "pas-tenu",
        }
    }

    /// What its button says.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Came(Upshot::Nothing) => "Rien",
            Self::Came(Upshot::Contact) => "Contact",
            Self::Came(Upshot::Sample) => "Échantillon",
            Self::Came(Upshot::Quote) => "Devis",
            Self::Came(Upshot::Order) => "Commande",
            Self::NotHeld => "N’a pas eu lieu",
        }
    }

    /// The one of a code.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.code() == code)
    }
}

/// What is to be written down of an appointment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Noting {
    /// What came of it, when a button said so.
    pub(super) said: Option<Said>,
    /// The note as it was shown and as it is now, when one of its people writes.
    pub(super) note: Option<(String, String)>,
    /// Who.
    pub(super) by: i64,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Noted {
    /// It is written down, or said so already.
    Kept,
    /// Nothing is written down any more, or not yet.
    Closed,
    /// The two have no appointment.
    Strangers,
}

impl Model {
    /// What is said of the appointment; nothing when only a note is there.
    pub(super) fn said(&self) -> Option<Said> {
        if self.was_held { self.result.map(Said::Came) } else { Some(Said::NotHeld) }
    }

    /// Whether something could have followed.
    pub(super) fn may_follow(&self) -> bool {
        self.result.is_some_and(|result| result > Upshot::Nothing)
    }

    /// The two who had the appointment.
    pub(super) fn pair(&self) -> (i64, i64) {
        (self.canteen_id, self.supplier_id)
    }

    fn say(&mut self, said: Said) {
        (self.was_held, self.result) = match said {
            Said::Came(result) => (true, Some(result)),
            Said::NotHeld => (false, None),
        };
        if !self.may_follow() {
            self.delivered = None;
        }
    }
}

/// Whether one may write down what came of the appointments of an edition.
pub(super) fn is_open(edition: &Edition) -> bool {
    matches!(edition.state, State::Running | State::Closed)
}

/// All that is said of the appointments of an edition, both sides.
///
/// # Errors
/// What the database said.
pub(super) async fn of_edition(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Outcome>, DbErr> {
    Entity::find().filter(Column::EditionId.eq(edition)).all(db).await
}

/// All that one side of an edition says.
///
/// # Errors
/// What the database said.
pub(super) async fn of_participant(db: &impl ConnectionTrait, own: &Participant) -> Result<Vec<Outcome>, DbErr> {
    let end = end_of(own.side);
    let all = Entity::find().filter(Column::EditionId.eq(own.edition_id)).filter(end.eq(own.id));
    all.filter(Column::Side.eq(own.side)).all(db).await
}

fn end_of(side: Side) -> Column {
    match side {
        Side::Canteen => Column::CanteenId,
        Side::Supplier => Column::SupplierId,
    }
}

/// The appointments of a participant in the version in force, in the order of the day.
///
/// # Errors
/// What the database said.
pub(super) async fn appointments(db: &impl ConnectionTrait, own: &Participant) -> Result<Vec<Meeting>, DbErr> {
    let in_force = version::in_force(db, own.edition_id).await?;
    let all = in_force.map(|version| version.meetings).unwrap_or_default();
    Ok(all.into_iter().filter(|meeting| meeting.on(own.side).participant == own.id).collect())
}

/// Writes down what one side says of its appointment with `other`; the edition must be locked.
///
/// # Errors
/// What the database said.
pub(super) async fn note(
    txn: &DatabaseTransaction,
    edition: &Edition,
    (own, other): (&Participant, i64),
    noting: &Noting,
    now: DateTime<Utc>,
) -> Result<Noted, DbErr> {
    if !is_open(edition) {
        return Ok(Noted::Closed);
    }
    let Some(pair) = pair_of(txn, own, other).await? else { return Ok(Noted::Strangers) };
    let known = find(txn, own, pair).await?;
    let mut row = known.clone().unwrap_or_else(|| blank(own, pair, now));
    if let Some(said) = noting.said {
        row.say(said);
    }
    if let Some((seen, typed)) = &noting.note {
        let note = joined(&row.note, seen, typed);
        if note != row.note {
            (row.note, row.written_by) = (note, Some(noting.by));
        }
    }
    if known.as_ref() != Some(&row) && (row.said().is_some() || !row.note.is_empty() || known.is_some()) {
        row.noted_at = now;
        write(txn, row).await?;
    }
    Ok(Noted::Kept)
}

/// Writes down whether a delivery followed an appointment with `other`; the edition must be locked.
///
/// # Errors
/// What the database said.
pub(super) async fn answer(
    txn: &DatabaseTransaction,
    edition: &Edition,
    (own, other): (&Participant, i64),
    delivered: bool,
    now: DateTime<Utc>,
) -> Result<Noted, DbErr> {
    if !is_open(edition) {
        return Ok(Noted::Closed);
    }
    let Some(pair) = pair_of(txn, own, other).await? else { return Ok(Noted::Strangers) };
    let Some(mut row) = find(txn, own, pair).await?.filter(Outcome::may_follow) else { return Ok(Noted::Strangers) };
    if row.delivered != Some(delivered) {
        (row.delivered, row.noted_at) = (Some(delivered), now);
        write(txn, row).await?;
    }
    Ok(Noted::Kept)
}

/// Makes up what came of each of these meetings, for the demonstration.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn rehearse(
    txn: &DatabaseTransaction,
    (people, meetings): (&[Participant], &[Meeting]),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    for (place, meeting) in meetings.iter().enumerate() {
        for own in people.iter().filter(|own| meeting.on(own.side).participant == own.id) {
            let mut row = blank(own, meeting.pair(), now);
            row.say(made_up::said(place, own.side));
            if row.may_follow() {
                row.delivered = Some(place % 3 != 0);
            }
            Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
        }
    }
    Ok(())
}

async fn pair_of(txn: &DatabaseTransaction, own: &Participant, other: i64) -> Result<Option<(i64, i64)>, DbErr> {
    let own = appointments(txn, own).await?.into_iter().map(|meeting| meeting.pair());
    Ok(own.into_iter().find(|pair| pair.0 == other || pair.1 == other))
}

async fn find(
    db: &impl ConnectionTrait,
    own: &Participant,
    (canteen, supplier): (i64, i64),
) -> Result<Option<Outcome>, DbErr> {
    Entity::find_by_id((own.edition_id, canteen, supplier, own.side)).one(db).await
}

fn blank(own: &Participant, (canteen_id, supplier_id): (i64, i64), now: DateTime<Utc>) -> Outcome {
    Model {
        edition_id: own.edition_id,
        canteen_id,
        supplier_id,
        side: own.side,
        was_held: true,
        result: None,
        note: String::new(),
        written_by: None,
        delivered: None,
        noted_at: now,
    }
}

/// The note that stays: what was typed, unless a colleague wrote since it was shown; then both.
fn joined(kept: &str, seen: &str, typed: &str) -> String {
    if typed == seen || typed == kept {
        return kept.to_owned();
    }
    if kept == seen || kept.is_empty() || kept.chars().count() > LONGEST {
        return typed.to_owned();
    }
    if typed.is_empty() { kept.to_owned() } else { format!("{kept}\n{typed}").chars().take(2 * LONGEST).collect() }
}

async fn write(txn: &DatabaseTransaction, row: Outcome) -> Result<(), DbErr> {
    let key = [Column::EditionId, Column::CanteenId, Column::SupplierId, Column::Side];
    let said = [Column::WasHeld, Column::Result, Column::Note, Column::WrittenBy, Column::Delivered, Column::NotedAt];
    let known = OnConflict::columns(key).update_columns(said).to_owned();
    let row = row.into_active_model().reset_all();
    Entity::insert(row).on_conflict(known).exec_without_returning(txn).await.map(drop)
}

/// The notes that a person wrote: edition, note, when.
///
/// # Errors
/// What the database said.
pub(super) async fn notes_of(
    db: &impl ConnectionTrait,
    person: i64,
) -> Result<Vec<(i64, String, DateTime<Utc>)>, DbErr> {
    let own = Entity::find().filter(Column::WrittenBy.eq(person)).filter(Column::Note.ne("")).all(db).await?;
    Ok(own.into_iter().map(|row| (row.edition_id, row.note, row.noted_at)).collect())
}

/// Erases the notes that a person wrote; what came of the appointments stays.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_notes(txn: &DatabaseTransaction, person: i64) -> Result<(), DbErr> {
    let own = Entity::update_many().col_expr(Column::Note, Expr::value("")).filter(Column::WrittenBy.eq(person));
    own.exec(txn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_colleagues_who_write_at_once_no_word_is_lost() {
        for (kept, seen, typed, stays) in [
            ("", "", "Prix bas", "Prix bas"),
            ("Prix bas", "Prix bas", "Prix haut", "Prix haut"),
            ("Prix bas", "Prix bas", "", ""),
            ("Prix bas", "", "", "Prix bas"),
            ("Prix bas", "", "Rappeler lundi", "Prix bas\nRappeler lundi"),
            ("Prix bas", "Autre", "", "Prix bas"),
            ("Prix bas", "", "Prix bas", "Prix bas"),
        ] {
            assert_eq!(joined(kept, seen, typed), stays, "{kept:?} {seen:?} {typed:?}");
        }
    }
}
