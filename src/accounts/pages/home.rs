//! One's own page: what to do next, by what one is.

use std::pin::Pin;

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};
use sea_orm::DbErr;
use serde::Deserialize;

use super::invitation::name;
use crate::accounts::organisation::{self, Listed, OrganisationKind};
use crate::accounts::person::{self, Person};
use crate::accounts::visit::SignedIn;
use crate::accounts::{access_rule, invitation, second_factor};
use crate::app::App;
use crate::web::{Csrf, Form, Frame, Result, filters, page, private, see_other as see};

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    nom: String,
}

#[derive(Template)]
#[template(path = "accounts/home.html")]
struct HomePage {
    person: Person,
    teams: Vec<Listed>,
    /// Key of each invitation and what one is invited to join; nothing: the organisers.
    invitations: Vec<(i64, Option<String>)>,
    tasks: Vec<Task>,
    plans: Vec<Task>,
    has_second_factor: bool,
    csrf: Csrf,
    frame: Frame,
}

/// Something that is still to be done, or where one goes.
pub(crate) struct Task {
    /// Address where it is done.
    pub(crate) href: String,
    /// What to do, or what takes place.
    pub(crate) words: String,
    /// Why, or as what one comes, without a full stop.
    pub(crate) why: String,
}

/// What other rooms ask of a person, and where they expect her: they know of this one, it knows none of them.
#[derive(Clone, Copy)]
pub(crate) struct Calls {
    /// What is to be done.
    pub(crate) tasks: for<'a> fn(&'a App, &'a Person) -> Called<'a>,
    /// Where she goes: nothing is left to be done.
    pub(crate) plans: for<'a> fn(&'a App, &'a Person) -> Called<'a>,
}

/// What they ask.
type Called<'a> = Pin<Box<dyn Future<Output = std::result::Result<Vec<Task>, DbErr>> + Send + 'a>>;

impl HomePage {
    /// What a form before has done.
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "nom" => Some("Votre nom est enregistré."),
            "acceptation" => Some("Vous faites partie de l’équipe."),
            "refus" => Some("L’invitation est refusée."),
            "depart" => Some("Vous ne faites plus partie de cette équipe."),
            _ => None,
        }
    }

    fn cooks(&self) -> bool {
        self.teams.iter().any(|team| team.kind == OrganisationKind::Canteen)
    }

    fn belongs_nowhere(&self) -> bool {
        self.teams.is_empty() && !self.person.is_organiser
    }
}

/// `GET /mon-espace`
#[handler]
pub(crate) async fn home(
    app: Data<&App>,
    calls: Data<&Calls>,
    SignedIn { person, .. }: SignedIn,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let teams = organisation::of_person(&app.db, person.id).await?;
    let mut invitations = Vec::new();
    for invitation in invitation::for_address(&app.db, &person.email, app.clock.now()).await? {
        invitations.push((invitation.id, name(&app, &invitation).await?));
    }
    let has_second_factor = second_factor::is_active(&app.db, person.id).await?;
    let mut tasks = tasks(&app, &person, has_second_factor).await?;
    tasks.extend((calls.tasks)(&app, &person).await?);
    let plans = (calls.plans)(&app, &person).await?;
    let view = HomePage { person, teams, invitations, tasks, plans, has_second_factor, csrf, frame };
    Ok(private(page(&view)?))
}

async fn tasks(app: &App, person: &Person, has_second_factor: bool) -> Result<Vec<Task>> {
    let task = |href: &str, words: &str, why: &str| Task {
        href: href.to_owned(),
        words: words.to_owned(),
        why: why.to_owned(),
    };
    let mut tasks = Vec::new();
    if person.name.is_empty() {
        tasks.push(task("#nom", "Dites votre nom", "il signe ce que vous faites"));
    }
    if !person.is_organiser {
        return Ok(tasks);
    }
    if !has_second_factor && access_rule::asks_second_factor(&app.db).await? {
        let why = "vos outils d’organisateur s’ouvriront ensuite";
        tasks.push(task("/mon-espace/second-facteur", "Activez votre second facteur", why));
    }
    if app.config.smtp_url.is_none() && !app.config.demo {
        let why = "aucun serveur d’envoi n’est réglé, personne ne reçoit vos messages";
        tasks.push(task("/organisation/courrier", "Réglez l’envoi du courrier", why));
    }
    if person::organisers(&app.db).await?.len() == 1 {
        let why = "vous êtes seul à organiser";
        tasks.push(task("/organisation/acces", "Invitez un collègue", why));
    }
    Ok(tasks)
}

/// `POST /mon-espace/nom`
#[handler]
pub(crate) async fn rename(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let txn = app.write().await?;
    person::rename(&txn, &person, &typed.nom).await?;
    txn.commit().await?;
    Ok(see("/mon-espace?fait=nom"))
}
