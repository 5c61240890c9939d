//! What a person wrote after a day: given to her, erased with her account.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use serde_json::{Value, json};

use super::{outcome, review};

/// All that a person wrote, for the file that she takes away.
///
/// # Errors
/// What the database said.
pub async fn written_by(db: &impl ConnectionTrait, person: i64) -> Result<Value, DbErr> {
    let notes = outcome::notes_of(db, person).await?;
    let notes = notes.iter().map(|(edition, note, at)| json!({ "rencontre": edition, "note": note, "le": at }));
    let reviews = review::words_of(db, person).await?;
    let reviews =
        reviews.iter().map(|(satisfaction, words, at)| json!({ "satisfaction": satisfaction, "mot": words, "le": at }));
    Ok(json!({ "notes": notes.collect::<Vec<_>>(), "avis": reviews.collect::<Vec<_>>() }))
}

/// Erases the words of a person; results, which name nobody, stay.
///
/// # Errors
/// What the database said.
pub async fn forget_written(txn: &DatabaseTransaction, person: i64) -> Result<(), DbErr> {
    outcome::forget_notes(txn, person).await?;
    review::forget_words(txn, person).await
}
