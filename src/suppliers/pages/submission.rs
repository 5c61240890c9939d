//! Sending one's listing: to the organisers, or straight to everybody when nothing but prices, months and amounts changed.

use super::desk::Desk;
use crate::app::App;
use crate::suppliers::draft::{self, DraftState};
use crate::suppliers::{load_many, mail};
use crate::web::{Form, Pressed, Result, see_other};
use poem::web::Data;
use poem::{Response, handler};

/// `POST /fiche/{id}/envoi`
#[handler]
pub(crate) async fn submit(app: Data<&App>, desk: Desk, _: Form<Pressed>) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, &app).await?;
    // Pressed twice, it is sent once; what is not whole is said on the page.
    if matches!(draft.state, DraftState::Submitted | DraftState::Published)
        || !draft::missing(&draft.content).is_empty()
    {
        return Ok(see_other(&desk.path()));
    }
    // What was taken off does not come back by a price.
    let is_online = match draft.supplier_id {
        Some(id) => load_many(&txn, &[id]).await?.iter().any(|listing| listing.supplier.is_public()),
        None => false,
    };
    let is_small = is_online && draft.is_small();
    if is_small {
        draft::publish(&txn, &app, &mut draft, now).await?;
        desk.note(&txn, &app, "a mis à jour ses prix, ses mois ou ses quantités").await?;
        txn.commit().await?;
        return Ok(see_other(&format!("{}?fait=publication", desk.path())));
    }
    draft::submit(&txn, &mut draft, now).await?;
    mail::received(&txn, &app, &draft).await?;
    mail::waiting(&txn, &app, &draft).await?;
    desk.note(&txn, &app, "a envoyé sa fiche").await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=envoi", desk.path())))
}
