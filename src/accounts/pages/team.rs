//! The people of an organisation, or the organisers of the territory: who they are and who is invited. Both have the same
//! page, under an address of their own.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{FromRequest, Request, RequestBody, Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use crate::accounts::invitation::{self, Invited};
use crate::accounts::organisation;
use crate::accounts::person::{self, Person};
use crate::accounts::visit::{Organiser, SignedIn};
use crate::accounts::{access_rule, mail, second_factor};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::mail::{EmailAddress, first_about};
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, filters, french, page_with, private, see_other as see,
};

/// Where the organisers' own team stands.
pub(super) const ORGANISERS: &str = "/organisation/acces";

/// The team whose page this is, for one of its people or an organiser; for others there is nothing at the address.
pub(crate) struct Team {
    /// The organisation; none: the organisers.
    pub(super) into: Option<i64>,
    pub(super) name: String,
    /// Address of the page.
    pub(super) path: String,
    /// Who asks.
    pub(super) me: Person,
}

impl<'a> FromRequest<'a> for Team {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        if request.uri().path().starts_with(ORGANISERS) {
            let Organiser(me) = Organiser::from_request(request, body).await?;
            let site = app.config.presented();
            let name = format!("{} {}", site.site_name, site.place);
            return Ok(Self { into: None, name, path: ORGANISERS.to_owned(), me });
        }
        let SignedIn { person: me, .. } = SignedIn::from_request(request, body).await?;
        let id = request.raw_path_param("id").and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
        let found = organisation::visible_to(&app.db, &me, id).await.map_err(Error::from)?;
        let name = found.ok_or(Error::NotFound)?.name;
        Ok(Self { into: Some(id), name, path: format!("/equipes/{id}"), me })
    }
}

impl Team {
    /// Its name in an invitation; the organisers need none.
    fn invited_into(&self) -> Option<(i64, &str)> {
        self.into.map(|id| (id, self.name.as_str()))
    }

    /// As the journal names it.
    pub(super) fn row(&self) -> String {
        self.into.map_or_else(|| "organisers".to_owned(), |id| format!("organisations/{id}"))
    }

    pub(super) fn leave_link(&self, member: &Member) -> String {
        let list = if self.into.is_some() { "/membres" } else { "" };
        format!("{}{list}/{}/retrait", self.path, member.id)
    }

    /// Its people, as the page shows them.
    pub(super) async fn members(&self, app: &App) -> Result<Vec<Member>> {
        let people = match self.into {
            Some(organisation) => organisation::people(&app.db, organisation).await?,
            None => person::organisers(&app.db).await?,
        };
        let proven = second_factor::active_among(&app.db, &people).await?;
        let told = |member: Person| Member {
            id: member.id,
            name: member.called().to_owned(),
            seen: member.last_seen_at.map(|seen| french::date(app.local(seen).date())),
            is_me: member.id == self.me.id,
            has_second_factor: proven.contains(&member.id),
            email: member.email,
        };
        Ok(people.into_iter().map(told).collect())
    }
}

/// One of a team.
pub(super) struct Member {
    pub(super) id: i64,
    pub(super) name: String,
    email: String,
    seen: Option<String>,
    pub(super) is_me: bool,
    has_second_factor: bool,
}

struct Pending {
    id: i64,
    email: String,
    until: String,
    /// What became of its mail.
    news: Option<String>,
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    courriel: String,
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
            "reprise" => Some("L’invitation est reprise\u{a0}: son lien ne sert plus."),
            "retrait" => Some("Cette personne ne fait plus partie de l’équipe."),
            "creation" => Some("L’équipe est créée, l’invitation de sa première personne part par courriel."),
            "regle" => Some("C’est enregistré."),
            "second-facteur" => Some("Son second facteur est retiré\u{a0}; un courriel l’en avertit."),
            _ => None,
        }
    }

    fn leave_link(&self, member: &Member) -> String {
        self.team.leave_link(member)
    }
}

/// `GET /equipes/{id}`, `/organisation/acces`
#[handler]
pub(crate) async fn show(app: Data<&App>, team: Team, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, team, Typed::default(), FieldErrors::default(), frame, csrf).await
}

async fn draw(app: &App, team: Team, typed: Typed, errors: FieldErrors, frame: Frame, csrf: Csrf) -> Result<Response> {
    let open = invitation::to_join(&app.db, team.into, app.clock.now()).await?;
    let rows: Vec<String> = open.iter().map(|invitation| format!("invitation/{}", invitation.id)).collect();
    let mails = first_about(&app.db, &["invitation"], &rows).await?;
    let pending = open.into_iter().map(|invitation| Pending {
        id: invitation.id,
        until: french::date(app.local(invitation.expires_at).date()),
        news: mails.get(&format!("invitation/{}", invitation.id)).map(|mail| mail.news(app)),
        email: invitation.email,
    });
    let rule = match team.into {
        Some(_) => None,
        None => Some(access_rule::asks_second_factor(&app.db).await?),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (people, invitations) = (team.members(app).await?, pending.collect());
    Ok(private(page_with(status, &TeamPage { team, people, invitations, rule, typed, errors, csrf, frame })?))
}

/// `POST /equipes/{id}/invitations`, `/organisation/acces/invitations`
#[handler]
pub(crate) async fn invite(
    app: Data<&App>,
    team: Team,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let refused = match EmailAddress::parse(&typed.courriel) {
        Err(_) => "Écrivez une adresse de courriel, par exemple cuisine@college.fr.",
        Ok(email) => {
            let txn = app.write().await?;
            match send_invitation(&txn, &app, team.invited_into(), &email, &team.me).await? {
                Ok(()) => {
                    txn.commit().await?;
                    return Ok(see(&format!("{}?fait=invitation", team.path)));
                }
                Err(sentence) => sentence,
            }
        }
    };
    let mut errors = FieldErrors::default();
    errors.add("courriel", refused);
    draw(&app, team, typed, errors, frame, csrf).await
}

/// Invites an address into an organisation, by its key and name, or among the organisers; or says why not.
pub(super) async fn send_invitation(
    txn: &DatabaseTransaction,
    app: &App,
    into: Option<(i64, &str)>,
    email: &EmailAddress,
    by: &Person,
) -> Result<Result<(), &'static str>> {
    let now = app.clock.now();
    let (id, name) = into.unzip();
    match invitation::invite(txn, id, email, by, &app.random, now).await? {
        Invited::Sent(invitation, token) => {
            mail::invitation(txn, app, &invitation, &token, name, Some(by)).await?;
            let row = id.map_or_else(|| "organisers".to_owned(), |id| format!("organisations/{id}"));
            audit::record(txn, By::Person(by.id), Act::new("a invité quelqu’un", row), now).await?;
            Ok(Ok(()))
        }
        Invited::Already => Ok(Err("Cette personne fait déjà partie de l’équipe.")),
        Invited::SenderTooMany => Ok(Err("Vous avez déjà envoyé vingt invitations aujourd’hui. Réessayez demain.")),
        Invited::TooMany => Ok(Err("Cette adresse a déjà reçu cinq invitations aujourd’hui. Réessayez demain.")),
    }
}

/// The invitation in an address.
#[derive(Deserialize)]
struct Which {
    invitation: i64,
}

/// `POST /equipes/{id}/invitations/{invitation}/retrait`, `/organisation/acces/invitations/{invitation}/retrait`
#[handler]
pub(crate) async fn take_back(
    app: Data<&App>,
    team: Team,
    Path(which): Path<Which>,
    _: Form<Pressed>,
) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let open = invitation::to_join(&txn, team.into, now).await?;
    if open.iter().all(|invitation| invitation.id != which.invitation) {
        return Err(Error::NotFound);
    }
    invitation::end(&txn, which.invitation).await?;
    audit::record(&txn, By::Person(team.me.id), Act::new("a repris une invitation", team.row()), now).await?;
    txn.commit().await?;
    Ok(see(&format!("{}?fait=reprise", team.path)))
}
