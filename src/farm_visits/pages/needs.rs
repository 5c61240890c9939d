//! What a party needs: read from the form of a registration, and said anew later.

use poem::web::Data;
use poem::{Response, handler};

use super::own::{self, Again, Own};
use super::registration::{MOST, number};
use crate::app::App;
use crate::farm_visits::act::Refusal;
use crate::farm_visits::needs::{self, Needs};
use crate::farm_visits::registration;
use crate::farm_visits::visit_date::{self, Shut};
use crate::suppliers::draft::Typed;
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, see_other, text_of};

/// `POST /visites/inscription/{way}/besoins`: what the party needs, as long as it is of use.
#[handler]
pub(crate) async fn say(
    app: Data<&App>,
    own: Own,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let Some(said) = read(&typed, Some(own.registration.party_size), &mut errors) else {
        return own::draw(&app, own, Some(Again { refused: None, typed, errors }), frame, csrf).await;
    };
    let txn = app.write().await?;
    // What becomes of the registration at this moment is waited for: what it needed is forgotten when it ends.
    let date = visit_date::lock(&txn, own.date.id).await?.ok_or(Error::NotFound)?;
    let row = registration::by_key(&txn, own.registration.id).await?.filter(|row| row.visit_date_id == date.id);
    let row = row.filter(|row| row.state.is_alive() && row.hold_until.is_none());
    let is_over = matches!(date.shut(app.clock.now()), Some(Shut::Past | Shut::Cancelled));
    let (Some(row), false) = (row, is_over) else {
        drop(txn);
        return own::refuse(&app, own, (&Refusal::Over, typed), frame, csrf).await;
    };
    needs::keep(&txn, row.id, &said).await?;
    // Fewer may come by now.
    needs::clip(&txn, row.id, row.party_size).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=besoins", own.here())))
}

/// What a party needs, as it was typed.
pub(super) fn read(typed: &Typed, party_size: Option<i32>, errors: &mut FieldErrors) -> Option<Needs> {
    let mut text = |field: &'static str, most| match text_of(typed.of(field), most) {
        Ok(text) => Some(text.unwrap_or_default()),
        Err(sentence) => {
            errors.add(field, sentence);
            None
        }
    };
    let (names, diet, access) = (text("noms", 2_000), text("regime", 1_000), text("acces", 1_000));
    let meals = if typed.of("repas").is_empty() {
        Some(0)
    } else {
        number(typed, "repas", 0, party_size.unwrap_or(MOST), errors)
    };
    Some(Needs { names: names?, meals: meals?, diet: diet?, access: access? })
}
