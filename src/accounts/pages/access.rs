//! What organisers must have to come in, and what becomes of a colleague who lost it.

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::team::ORGANISERS;
use crate::accounts::visit::Organiser;
use crate::accounts::{access_rule, forget_lost_second_factor, person};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::web::{Error, Form, Pressed, Result, see_other as see};

/// What was chosen.
#[derive(Deserialize)]
pub(crate) struct Rule {
    second_facteur: String,
}

/// `POST /organisation/acces/regle`: whether organisers must have a second factor.
#[handler]
pub(crate) async fn set_rule(
    app: Data<&App>,
    Organiser(person): Organiser,
    Form(rule): Form<Rule>,
) -> Result<Response> {
    let (must, now) = (rule.second_facteur == "oui", app.clock.now());
    let txn = app.write().await?;
    access_rule::ask_second_factor(&txn, must, now).await?;
    let what = if must { "a rendu le second facteur obligatoire" } else { "a rendu le second facteur facultatif" };
    audit::record(&txn, By::Person(person.id), Act::new(what, "access_rules/1"), now).await?;
    txn.commit().await?;
    Ok(see(&format!("{ORGANISERS}?fait=regle")))
}

/// `POST /organisation/acces/{person}/second-facteur/retrait`: for a colleague who lost her telephone and her codes.
#[handler]
pub(crate) async fn forget_second_factor(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(member): Path<i64>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let colleague = person::by_id(&txn, member).await?.filter(|known| known.is_organiser && known.id != person.id);
    forget_lost_second_factor(&txn, &app, &colleague.ok_or(Error::NotFound)?, By::Person(person.id)).await?;
    txn.commit().await?;
    Ok(see(&format!("{ORGANISERS}?fait=second-facteur")))
}
