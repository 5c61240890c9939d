//! The people of an organisation, and the organisers of the territory: who they are, who is invited, who leaves.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::Pressed;
use crate::accounts::invitation::{self, Invitation, Invited};
use crate::accounts::organisation::{self, Stays};
use crate::accounts::person::{self, Person};
use crate::accounts::visit::{Organiser, SignedIn};
use crate::accounts::{self, access_rule, mail, second_factor};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::mail::EmailAddress;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, page_with, private, see_other as see,
};

/// Where the organisers' own team stands.
const ORGANISERS: &str = "/organisation/acces";

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    courriel: String,
}

/// Those who may be here, and whose page it is.
struct Team {
    /// The organisation; none: the organisers.
    into: Option<i64>,
    name: String,
    /// Address of the page.
    path: String,
}

#[derive(Template)]
#[template(path = "accounts/team.html")]
struct TeamPage {
    team: Team,
    people: Vec<Member>,
    invitations: Vec<Pending>,
    /// Whether organisers must have a second factor; nothing on other teams' pages.
    rule: Option<bool>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl TeamPage {
    /// What a form before has done.
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "invitation" => Some("L’invitation part par courriel."),
            "reprise" => Some("L’invitation est reprise : son lien ne sert plus."),
            "retrait" => Some("Cette personne ne fait plus partie de l’équipe."),
            "creation" => Some("L’équipe est créée, l’invitation de sa première personne part par courriel."),
            "regle" => Some("C’est enregistré."),
            "second-facteur" => Some("Son second facteur est retiré ; un courriel l’en avertit."),
            _ => None,
        }
    }

    fn leave_link(&self, member: &Member) -> String {
        self.team.leave_link(member)
    }
}

impl Team {
    fn leave_link(&self, member: &Member) -> String {
        let list = if self.into.is_some() { "/membres" } else { "" };
        format!("{}{list}/{}/retrait", self.path, member.id)
    }
}

struct Member {
    id: i64,
    name: String,
    email: String,
    seen: Option<String>,
    is_me: bool,
    has_second_factor: bool,
}

struct Pending {
    id: i64,
    email: String,
    until: String,
}

/// `GET /equipes/{id}`
#[handler]
pub(crate) async fn of_one(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(id): Path<i64>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let team = of_organisation(&app, &person, id).await?;
    show(&app, &person, team, Typed::default(), FieldErrors::default(), (frame, csrf)).await
}

/// `GET /organisation/acces`
#[handler]
pub(crate) async fn organisers(
    app: Data<&App>,
    Organiser(person): Organiser,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    show(&app, &person, of_organisers(&frame), Typed::default(), FieldErrors::default(), (frame, csrf)).await
}

/// `POST /equipes/{id}/invitations`
#[handler]
pub(crate) async fn invite(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(id): Path<i64>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let team = of_organisation(&app, &person, id).await?;
    invite_into(&app, &person, team, typed, (frame, csrf)).await
}

/// `POST /organisation/acces/invitations`
#[handler]
pub(crate) async fn invite_organiser(
    app: Data<&App>,
    Organiser(person): Organiser,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    invite_into(&app, &person, of_organisers(&frame), typed, (frame, csrf)).await
}

async fn invite_into(
    app: &App,
    person: &Person,
    team: Team,
    typed: Typed,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let Ok(email) = EmailAddress::parse(&typed.courriel) else {
        errors.add("courriel", "Écrivez une adresse de courriel, par exemple cuisine@college.fr.");
        return show(app, person, team, typed, errors, (frame, csrf)).await;
    };
    let now = app.clock.now();
    let txn = app.write().await?;
    match invitation::invite(&txn, team.into, &email, person, &app.random, now).await? {
        Invited::Sent(invitation, token) => {
            let of = (team.into.is_some()).then_some(team.name.as_str());
            mail::invitation(&txn, app, &invitation, &token, of, Some(person))
                .await
                .map_err(Error::broken("writing an invitation"))?;
            audit::record(&txn, By::Person(person.id), Act::new("a invité quelqu’un", subject(&team)), now).await?;
            txn.commit().await?;
            Ok(see(&format!("{}?fait=invitation", team.path)))
        }
        refused => {
            drop(txn);
            let sentence = match refused {
                Invited::TooMany => "Cette adresse a déjà reçu cinq invitations aujourd’hui. Réessayez demain.",
                _ => "Cette personne fait déjà partie de l’équipe.",
            };
            errors.add("courriel", sentence);
            show(app, person, team, typed, errors, (frame, csrf)).await
        }
    }
}

/// `POST /equipes/{id}/invitations/{invitation}/retrait`
#[handler]
pub(crate) async fn take_back(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path((id, invitation)): Path<(i64, i64)>,
    _: Form<Pressed>,
) -> Result<Response> {
    let team = of_organisation(&app, &person, id).await?;
    take_back_from(&app, &person, &team, invitation).await
}

/// `POST /organisation/acces/invitations/{invitation}/retrait`
#[handler]
pub(crate) async fn take_back_organiser(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(invitation): Path<i64>,
    frame: Frame,
    _: Form<Pressed>,
) -> Result<Response> {
    take_back_from(&app, &person, &of_organisers(&frame), invitation).await
}

async fn take_back_from(app: &App, person: &Person, team: &Team, id: i64) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let open = invitation::to_join(&txn, team.into, now).await?;
    if open.iter().all(|invitation| invitation.id != id) {
        return Err(Error::NotFound);
    }
    invitation::end(&txn, id).await?;
    audit::record(&txn, By::Person(person.id), Act::new("a repris une invitation", subject(team)), now).await?;
    txn.commit().await?;
    Ok(see(&format!("{}?fait=reprise", team.path)))
}

#[derive(Template)]
#[template(path = "accounts/leave.html")]
struct LeavePage {
    team: Team,
    member: Member,
    is_last: bool,
    csrf: Csrf,
    frame: Frame,
}

impl LeavePage {
    fn link(&self) -> String {
        self.team.leave_link(&self.member)
    }
}

/// `GET /equipes/{id}/membres/{person}/retrait`: asks first.
#[handler]
pub(crate) async fn ask_leave(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path((id, member)): Path<(i64, i64)>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let team = of_organisation(&app, &person, id).await?;
    ask(&app, &person, team, member, StatusCode::OK, (frame, csrf)).await
}

/// `GET /organisation/acces/{person}/retrait`: asks first.
#[handler]
pub(crate) async fn ask_resign(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(member): Path<i64>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    ask(&app, &person, of_organisers(&frame), member, StatusCode::OK, (frame, csrf)).await
}

async fn ask(
    app: &App,
    person: &Person,
    team: Team,
    member: i64,
    status: StatusCode,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let people = people(app, &team).await?;
    let is_last = people.len() == 1;
    let found = people.into_iter().find(|known| known.id == member).ok_or(Error::NotFound)?;
    let view = LeavePage { member: told(app, person, found).await?, is_last, team, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// `POST /equipes/{id}/membres/{person}/retrait`
#[handler]
pub(crate) async fn leave(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path((id, member)): Path<(i64, i64)>,
    frame: Frame,
    csrf: Csrf,
    _: Form<Pressed>,
) -> Result<Response> {
    let team = of_organisation(&app, &person, id).await?;
    leave_team(&app, &person, team, member, (frame, csrf)).await
}

/// `POST /organisation/acces/{person}/retrait`
#[handler]
pub(crate) async fn resign(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(member): Path<i64>,
    frame: Frame,
    csrf: Csrf,
    _: Form<Pressed>,
) -> Result<Response> {
    leave_team(&app, &person, of_organisers(&frame), member, (frame, csrf)).await
}

async fn leave_team(
    app: &App,
    person: &Person,
    team: Team,
    member: i64,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let left = match team.into {
        Some(organisation) => organisation::leave(&txn, organisation, member).await?,
        None => person::resign(&txn, member).await?,
    };
    match left {
        Ok(()) => {}
        Err(Stays::NoMember) => return Err(Error::NotFound),
        Err(Stays::Last) => {
            drop(txn);
            return ask(app, person, team, member, StatusCode::CONFLICT, (frame, csrf)).await;
        }
    }
    let what = if member == person.id { "a quitté l’équipe" } else { "a retiré quelqu’un de l’équipe" };
    audit::record(&txn, By::Person(person.id), Act::new(what, subject(&team)), now).await?;
    txn.commit().await?;
    let stays_visible =
        member != person.id || (team.into.is_some() && access_rule::lets_organise(&app.db, person).await?);
    Ok(see(&if stays_visible { format!("{}?fait=retrait", team.path) } else { "/mon-espace?fait=depart".to_owned() }))
}

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
    let colleague = colleague.ok_or(Error::NotFound)?;
    accounts::forget_second_factor(&txn, &app, &colleague, By::Person(person.id))
        .await
        .map_err(Error::broken("taking off a second factor"))?;
    txn.commit().await?;
    Ok(see(&format!("{ORGANISERS}?fait=second-facteur")))
}

async fn of_organisation(app: &App, person: &Person, id: i64) -> Result<Team> {
    let organisation = organisation::visible_to(&app.db, person, id).await?.ok_or(Error::NotFound)?;
    Ok(Team { into: Some(id), path: format!("/equipes/{id}"), name: organisation.name })
}

fn of_organisers(frame: &Frame) -> Team {
    Team { into: None, path: ORGANISERS.to_owned(), name: format!("{} {}", frame.site(), frame.place()) }
}

fn subject(team: &Team) -> String {
    team.into.map_or_else(|| "organisers".to_owned(), |id| format!("organisations/{id}"))
}

async fn people(app: &App, team: &Team) -> Result<Vec<Person>> {
    Ok(match team.into {
        Some(organisation) => organisation::people(&app.db, organisation).await?,
        None => person::organisers(&app.db).await?,
    })
}

async fn told(app: &App, me: &Person, member: Person) -> Result<Member> {
    let day = |at: chrono::DateTime<chrono::Utc>| french::date(at.with_timezone(&app.config.time_zone).date_naive());
    Ok(Member {
        id: member.id,
        name: member.called().to_owned(),
        seen: member.last_seen_at.map(day),
        is_me: member.id == me.id,
        has_second_factor: second_factor::is_active(&app.db, member.id).await?,
        email: member.email,
    })
}

async fn show(
    app: &App,
    person: &Person,
    team: Team,
    typed: Typed,
    errors: FieldErrors,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let mut members = Vec::new();
    for member in people(app, &team).await? {
        members.push(told(app, person, member).await?);
    }
    let open = invitation::to_join(&app.db, team.into, app.clock.now()).await?;
    let pending = |invitation: Invitation| Pending {
        id: invitation.id,
        until: french::date(invitation.expires_at.with_timezone(&app.config.time_zone).date_naive()),
        email: invitation.email,
    };
    let rule = match team.into {
        Some(_) => None,
        None => Some(access_rule::asks_second_factor(&app.db).await?),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let invitations = open.into_iter().map(pending).collect();
    let view = TeamPage { team, people: members, invitations, rule, typed, errors, csrf, frame };
    Ok(private(page_with(status, &view)?))
}
