use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*};

use super::{Content, Draft, DraftState, write};
use crate::app::App;
use crate::places::Places;
use crate::suppliers::absence::Reason;
use crate::suppliers::registers::{answers_of, is_same_body};
use crate::suppliers::save::offers::offer_row;
use crate::suppliers::save::suppliers::{certificate, supplier_row};
use crate::suppliers::wanted::{NewOffers, NewSupplier};
use crate::suppliers::{
    Certification, CertificationSource, Listing, Origin, Photo, State, absence, changes, listing, photo, question,
    save, supplier,
};
use crate::tables::Options;

/// Shows everybody what a locked draft says, whole as it must be.
///
/// # Errors
/// What the database said; a draft that is not whole is one.
pub async fn publish(txn: &DatabaseTransaction, app: &App, draft: &mut Draft, now: DateTime<Utc>) -> Result<(), DbErr> {
    let known = match draft.supplier_id {
        // Whoever pauses this moment is waited for.
        Some(id) if absence::lock(txn, id).await?.is_some() => listing::load_many(txn, &[id]).await?.pop(),
        _ => None,
    };
    let own = format!("fiche-{}", draft.organisation_id);
    let reference = known.as_ref().map_or(own, |listing| listing.supplier.reference.clone());
    let today = app.local(now).date();
    let files = address_of_files(app);
    let Some((mut new, offers)) = draft.content.wanted(&reference, &app.places, today, &files) else {
        return Err(DbErr::Custom("a draft is not whole".to_owned()));
    };
    // What was taken out of sight is not brought back by a change that is accepted meanwhile.
    let away = match &known {
        Some(listing) if draft.accepted.is_some() => absence::absence_of(txn, &listing.supplier).await?,
        _ => None,
    };
    let stays_away = away.map(|away| away.reason).filter(|reason| *reason != Reason::Silence);
    new.state = stays_away.map(Reason::state).or(new.state);
    if let Some(listing) = &known {
        new.origin = Some(listing.supplier.origin);
        keep_register_words(txn, draft, listing, &mut new).await?;
    }
    let options = Options::new("", now, today);
    save::suppliers::apply(txn, &[new], &options).await?;
    save::offers::apply(txn, &[NewOffers { reference: reference.clone(), offers }], &options).await?;
    let written = supplier::Entity::find().filter(supplier::Column::Reference.eq(&reference)).one(txn).await?;
    let id = written.ok_or_else(|| DbErr::RecordNotFound(reference))?.id;
    let claim = supplier::Entity::update_many().col_expr(supplier::Column::Claimed, Expr::value(true));
    claim.filter(supplier::Column::Id.eq(id)).exec(txn).await?;
    question::forget(txn, id).await?;
    if stays_away.is_none() {
        absence::forget(txn, id).await?;
    }
    show_photos(txn, id, &draft.content).await?;
    changes::record_change(txn, id, now).await?;
    draft.supplier_id = Some(id);
    draft.accepted = Some(draft.content.clone());
    draft.state = DraftState::Published;
    draft.remarks.clear();
    write(txn, draft, now).await
}

/// What a register said of a listing since its draft began is not forgotten, unless it said something else meanwhile.
async fn keep_register_words(
    txn: &DatabaseTransaction,
    draft: &Draft,
    listing: &Listing,
    new: &mut NewSupplier,
) -> Result<(), DbErr> {
    let answers = answers_of(txn, draft.organisation_id).await?;
    for (held, written) in new.certifications.iter_mut().zip(&draft.content.certificates) {
        if answers.denies(written, &draft.content) {
            held.register_read_on = None;
            continue;
        }
        let same = |old: &&Certification| {
            *old.kind == held.kind
                && old.number == held.number
                && is_same_body(old.body.as_deref(), held.body.as_deref())
        };
        let read = listing.certifications.iter().filter(same);
        let read = read.filter_map(|old| old.checked_on.filter(|_| old.source == CertificationSource::Register));
        held.register_read_on = read.chain(held.register_read_on).max();
    }
    Ok(())
}

/// Shows the photographs of a content, and no others.
async fn show_photos(txn: &DatabaseTransaction, id: i64, content: &Content) -> Result<(), DbErr> {
    photo::Entity::delete_many().filter(photo::Column::SupplierId.eq(id)).exec(txn).await?;
    let photos = (0..).zip(&content.photos).map(|(position, shown)| photo::ActiveModel {
        supplier_id: Set(id),
        position: Set(position),
        file_id: Set(shown.file),
        words: Set(shown.words.clone()),
    });
    let photos: Vec<_> = photos.collect();
    if !photos.is_empty() {
        photo::Entity::insert_many(photos).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// The listing that a draft would make, as far as it goes; nothing while its kind or commune is missing.
#[must_use]
pub fn preview(
    content: &Content,
    places: &Places,
    now: DateTime<Utc>,
    today: NaiveDate,
    files: &str,
) -> Option<Listing> {
    let (new, offers) = content.wanted("apercu", places, today, files)?;
    let options = Options::new("", now, today);
    let supplier = supplier_row(&new, String::new(), State::Draft, Origin::Supplier, &options);
    let offers = (0..).zip(&offers).map(|(position, new)| offer_row(new, 0, position)).collect();
    let certifications = (0..).zip(&new.certifications).map(|(position, new)| certificate(new, position)).collect();
    let photos = content.photos.iter().map(|shown| Photo { file_id: shown.file, words: shown.words.clone() }).collect();
    Some(Listing { supplier, zones: new.zones, certifications, offers, photos })
}

/// The address under which certificates are served, to which their number is added.
fn address_of_files(app: &App) -> String {
    format!("{}/justificatifs/", app.config.public_url())
}
