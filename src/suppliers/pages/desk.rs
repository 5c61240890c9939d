//! The page of one's own listing: where it is, what is missing, what to do next.

use askama::Template;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Response, handler};
use sea_orm::DatabaseTransaction;

use crate::accounts::{self, OrganisationKind, Person, SignedIn};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::suppliers::draft::{self, Advice, Content, Draft, DraftState, Keyed, STEPS, steps as all_steps};
use crate::suppliers::load_many;
use crate::suppliers::registers::{Said, answers_of};
use crate::web::{Csrf, Error, Frame, Result, filters, french, page, private};

/// The listing of an organisation, for one of its people or an organiser; there is nothing for anybody else.
pub(crate) struct Desk {
    /// Whose.
    pub(crate) id: i64,
    /// What the organisation is called.
    pub(crate) name: String,
    /// Who looks at it.
    pub(crate) me: Person,
    pub(crate) draft: Draft,
}

impl<'a> FromRequest<'a> for Desk {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let SignedIn { person: me, .. } = SignedIn::from_request(request, body).await?;
        let id = request.raw_path_param("id").and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
        Ok(Self::find(app, me, id).await?.ok_or(Error::NotFound)?)
    }
}

impl Desk {
    async fn find(app: &App, me: Person, id: i64) -> Result<Option<Self>> {
        let Some(organisation) = accounts::visible_to(&app.db, &me, id).await? else { return Ok(None) };
        if organisation.kind != OrganisationKind::Supplier {
            return Ok(None);
        }
        let kept = draft::draft_of(&app.db, id).await?;
        let draft = kept.unwrap_or_else(|| Draft::empty(id, &organisation.name, app.clock.now()));
        Ok(Some(Self { id, name: organisation.name, me, draft }))
    }

    /// Address of its page.
    pub(crate) fn path(&self) -> String {
        format!("/fiche/{}", self.id)
    }

    /// The draft, to change it: others wait. The first change begins it.
    pub(super) async fn lock(&self, txn: &DatabaseTransaction, app: &App) -> Result<Draft> {
        if let Some(draft) = draft::lock_draft(txn, self.id).await? {
            return Ok(draft);
        }
        accounts::lock_organisation(txn, self.id).await?;
        if let Some(draft) = draft::lock_draft(txn, self.id).await? {
            return Ok(draft);
        }
        let content = Content { name: self.name.clone(), ..Content::default() };
        Ok(draft::begin(txn, self.id, &content, None, self.me.id, app.clock.now()).await?)
    }

    /// Keeps a locked draft as it is now and writes down who changed what.
    pub(super) async fn keep(
        &self,
        txn: &DatabaseTransaction,
        app: &App,
        draft: &mut Draft,
        what: &'static str,
    ) -> Result<()> {
        let now = app.clock.now();
        draft::keep(txn, draft, self.me.id, now).await?;
        self.note(txn, app, what).await
    }

    /// Takes a part off the draft and writes down who did: `a retiré une photo de sa fiche`. Pressed twice, it is gone all the same.
    pub(super) async fn take_off<T: Keyed>(
        &self,
        app: &App,
        parts: fn(&mut Content) -> &mut Vec<T>,
        key: u32,
        what: &'static str,
    ) -> Result<()> {
        let txn = app.write().await?;
        let mut draft = self.lock(&txn, app).await?;
        let parts = parts(&mut draft.content);
        let before = parts.len();
        parts.retain(|part| part.key() != key);
        if parts.len() < before {
            self.keep(&txn, app, &mut draft, what).await?;
            txn.commit().await?;
        }
        Ok(())
    }

    /// What the register of companies says of it: while it is new, and whenever something is to be looked at.
    pub(super) async fn register(&self, app: &App) -> Result<Option<Said>> {
        let said = answers_of(&app.db, self.id).await?.to_supplier(&self.draft.content);
        Ok(said.filter(|said| self.draft.accepted.is_none() || !said.is_fine))
    }

    /// Writes down what was done with the listing.
    pub(super) async fn note(&self, txn: &DatabaseTransaction, app: &App, what: &'static str) -> Result<()> {
        let act = Act::new(what, format!("organisations/{}", self.id));
        Ok(audit::record(txn, By::Person(self.me.id), act, app.clock.now()).await?)
    }
}

#[derive(Template)]
#[template(path = "suppliers/desk.html")]
struct DeskPage {
    desk: Desk,
    steps: Vec<StepLine>,
    missing: Vec<Advice>,
    advice: Vec<Advice>,
    /// Address of the public listing.
    public: Option<String>,
    /// When it was sent.
    sent: Option<String>,
    /// Whether it may be shown at once: nothing but prices, months and amounts changed.
    is_small: bool,
    /// What the register of companies says that is to be looked at.
    register: Option<Said>,
    csrf: Csrf,
    frame: Frame,
}

/// A step as the page lists it.
struct StepLine {
    path: &'static str,
    title: &'static str,
    summary: String,
    /// Whether nothing that must be there is missing.
    is_done: bool,
    remark: Option<String>,
}

impl DeskPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "creation" => Some(
                "Votre fiche est commencée. Chaque étape s’enregistre\u{a0}: vous pouvez vous arrêter et reprendre plus tard, sur un autre appareil aussi.",
            ),
            "reprise" => Some("La fiche existante est maintenant la vôtre."),
            "envoi" if self.is(DraftState::Submitted) => {
                Some("Votre fiche est envoyée. Vous recevrez un courriel dès qu’elle sera relue.")
            }
            "publication" => Some("C’est en ligne."),
            "retour" => Some("C’est enregistré."),
            _ => None,
        }
    }

    fn remark(&self) -> Option<&str> {
        self.desk.draft.remarks.get("").map(String::as_str).filter(|remark| !remark.is_empty())
    }

    fn is(&self, state: DraftState) -> bool {
        self.desk.draft.state == state
    }
}

/// `GET /fiche/{id}`
#[handler]
pub(crate) async fn show(app: Data<&App>, desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    let content = &desk.draft.content;
    let missing = draft::missing(content);
    let public = match desk.draft.supplier_id {
        Some(id) => load_many(&app.db, &[id]).await?.pop().filter(|listing| listing.supplier.is_public()),
        None => None,
    };
    let view = DeskPage {
        steps: steps(app.0, &desk.draft, &missing),
        advice: draft::advice(content),
        sent: desk.draft.submitted_at.map(|at| french::moment(app.local(at))),
        is_small: public.is_some() && desk.draft.is_small(),
        public: public.map(|listing| format!("/annuaire/{}", listing.supplier.slug)),
        register: desk.register(&app).await?.filter(|said| !said.is_fine),
        missing,
        desk,
        csrf,
        frame,
    };
    Ok(private(page(&view)?))
}

fn steps(app: &App, draft: &Draft, missing: &[Advice]) -> Vec<StepLine> {
    let content = &draft.content;
    let count = |n: usize, one, many| if n == 0 { String::new() } else { french::count(n as u64, one, many) };
    let line = |(path, title): (&'static str, &'static str)| {
        let summary = match path {
            "produits" => count(content.offers.len(), "produit", "produits"),
            "certifications" => count(content.certificates.len(), "certificat", "certificats"),
            "photos" => count(content.photos.len(), "photo", "photos"),
            plain => summary(plain, content, app),
        };
        StepLine {
            path,
            title,
            is_done: !summary.is_empty() && missing.iter().all(|lack| lack.step != path),
            remark: draft.remarks.get(path).filter(|remark| !remark.is_empty()).cloned(),
            summary,
        }
    };
    all_steps().map(line).collect()
}

/// What a plain step says so far, in a line.
fn summary(step: &str, content: &Content, app: &App) -> String {
    let words = |name: &str| {
        let field = STEPS.iter().flat_map(|step| step.fields).find(|field| field.name == name);
        field.map(|field| field.words(content, &app.places)).unwrap_or_default()
    };
    let parts = match step {
        "identite" => vec![words("nom"), words("type")],
        "lieu" => vec![words("commune")],
        _ => {
            let delivers = content.delivers.map_or("", |yes| if yes { "vous livrez" } else { "on vient chercher" });
            let km = content.delivery_radius_km.map(|km| format!("{}\u{a0}km autour", french::decimal(km)));
            vec![delivers.to_owned(), km.unwrap_or_default(), words("jours")]
        }
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
