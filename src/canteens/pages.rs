//! Where a canteen says what it is and what it looks for; in `registration` it begins, in `requests` organisers say yes or no.

pub(crate) mod registration;
pub(crate) mod requests;

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Response, handler};
use sea_orm::ConnectionTrait;

use super::profile::{self, Canteen, Kitchen};
use super::registry::{RegistryCanteen, in_department};
use super::request::{CanteenRequest, RequestState, request_of};
use super::sector;
use super::want::{LONGEST, MOST, Want, read_list};
use crate::accounts::{self, OrganisationKind, Person, SignedIn};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::places::Commune;
use crate::suppliers::draft::{Typed, commune, fingerprint, siret};
use crate::suppliers::{Weekday, Weekdays, Word, lexicon};
use crate::tables::{fold, parse_list};
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, filters, one_line, page_with, private, see_other};

/// Canteens of the registry that are shown for what was typed.
const SHOWN: usize = 12;
/// How a kitchen cooks: code, words.
const PRODUCTION: [(&str, &str); 5] = [
    ("site", "On cuisine sur place"),
    ("central", "Cuisine centrale qui livre ailleurs"),
    ("central_serving", "Cuisine centrale qui sert aussi sur place"),
    ("site_cooked_elsewhere", "Les repas sont livrés"),
    ("groupe", "Groupe de restaurants"),
];
/// Who runs it: code, words.
const MANAGEMENT: [(&str, &str); 2] =
    [("direct_management", "Nous-mêmes (régie directe)"), ("contracted_management", "Une société (gestion concédée)")];

/// The kitchen of an organisation, for one of its people or an organiser; there is nothing for anybody else.
pub(crate) struct Stove {
    /// Whose.
    pub(crate) id: i64,
    /// What the organisation is called.
    pub(crate) name: String,
    /// Who looks.
    pub(crate) me: Person,
    /// What it said, once it said where it is.
    pub(crate) kitchen: Option<Kitchen>,
    /// Why it may not write to suppliers yet.
    pub(crate) request: Option<CanteenRequest>,
}

impl<'a> FromRequest<'a> for Stove {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let SignedIn { person: me, .. } = SignedIn::from_request(request, body).await?;
        let id = request.raw_path_param("id").and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
        Ok(Self::find(app, me, id).await?.ok_or(Error::NotFound)?)
    }
}

impl Stove {
    async fn find(app: &App, me: Person, id: i64) -> Result<Option<Self>> {
        let Some(organisation) = accounts::visible_to(&app.db, &me, id).await? else { return Ok(None) };
        if organisation.kind != OrganisationKind::Canteen {
            return Ok(None);
        }
        let kitchen = profile::kitchen_of(&app.db, id).await?;
        let request = request_of(&app.db, id).await?;
        Ok(Some(Self { id, name: organisation.name, me, kitchen, request }))
    }

    /// Why an organiser said no.
    fn refusal(&self) -> Option<&str> {
        let refused = self.request.as_ref().filter(|request| request.state == RequestState::Refused);
        refused.map(|request| request.words.as_str())
    }

    /// Address of its page.
    pub(crate) fn path(&self) -> String {
        format!("/cantine/{}", self.id)
    }
}

#[derive(Template)]
#[template(path = "canteens/profile.html")]
struct ProfilePage {
    stove: Stove,
    typed: Typed,
    /// The name of the commune that was typed or is kept.
    commune: String,
    errors: FieldErrors,
    /// Whether somebody else saved it since the form was shown.
    is_contested: bool,
    /// What was looked for in the registry, and what was found.
    asked: Option<String>,
    found: Vec<RegistryCanteen>,
    csrf: Csrf,
    frame: Frame,
}

impl ProfilePage {
    fn choices(&self, field: &str) -> Vec<(&'static str, String, bool)> {
        let all: Vec<(&'static str, String)> = match field {
            "secteur" => sector::all().collect(),
            "production" => PRODUCTION.map(|(code, words)| (code, words.to_owned())).to_vec(),
            "gestion" => MANAGEMENT.map(|(code, words)| (code, words.to_owned())).to_vec(),
            _ => Weekday::WORDS.iter().map(|&(_, code, label)| (code, label.to_owned())).collect(),
        };
        let chosen = |code: &str| parse_list(self.typed.of(field)).any(|one| one == code);
        all.into_iter().map(|(code, words)| (code, words, chosen(code))).collect()
    }

    /// The name as it was typed, or as it is.
    fn name(&self) -> &str {
        let typed = self.typed.of("nom");
        if typed.is_empty() { &self.stove.name } else { typed }
    }

    fn done(&self) -> Option<&'static str> {
        (self.frame.done() == "cantine").then_some("C’est enregistré.")
    }

    /// What was understood of the list that is kept.
    fn understood(&self) -> Vec<(String, String)> {
        let wants = self.stove.kitchen.as_ref().map(|kitchen| kitchen.wants.as_slice()).unwrap_or_default();
        wants.iter().map(|want| (want.line.clone(), meaning(want))).collect()
    }
}

/// What was understood of a line: `carottes, 40 kg par semaine, Bio`; empty when nothing was.
fn meaning(want: &Want) -> String {
    let known = lexicon();
    let product = want.product_code.as_deref().and_then(|code| known.by_code(code));
    let what = match (product, want.family) {
        (Some(product), _) => known.product(product).plural.clone(),
        (None, Some(family)) => format!("tout ce qui est «\u{a0}{}\u{a0}»", family.0.label()),
        (None, None) => return String::new(),
    };
    let quantity = want.quantity_per_week.zip(want.sales_unit.as_ref());
    let quantity =
        quantity.map(|(number, unit)| format!("{}\u{a0}{unit} par semaine", crate::web::french::decimal(number)));
    let signs = want.signs.iter().map(|sign| sign.label().to_owned());
    [Some(what), quantity].into_iter().flatten().chain(signs).collect::<Vec<_>>().join(", ")
}

/// `GET /cantine/{id}`; `?registre=` looks for it in the registry.
#[handler]
pub(crate) async fn form(app: Data<&App>, stove: Stove, frame: Frame, csrf: Csrf) -> Result<Response> {
    let query: Vec<(String, String)> =
        serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    let of = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim().to_owned());
    let asked = of("registre").filter(|asked| !asked.is_empty());
    let rows = match (&asked, of("reprendre")) {
        (None, None) => Vec::new(),
        _ => in_department(&app.db, &app.config.territory).await?,
    };
    let mut typed = typed_of(stove.kitchen.as_ref());
    if let Some(row) = of("reprendre").and_then(|key| rows.iter().find(|row| row.registry_key == key)) {
        take(&mut typed, row);
    }
    let found = asked.as_deref().map(|asked| alike(&app, rows, asked)).unwrap_or_default();
    let shown = Shown { typed, errors: FieldErrors::default(), is_contested: false, asked, found };
    draw(&app, StatusCode::OK, stove, shown, frame, csrf)
}

/// What the page shows.
struct Shown {
    typed: Typed,
    errors: FieldErrors,
    is_contested: bool,
    asked: Option<String>,
    found: Vec<RegistryCanteen>,
}

fn draw(app: &App, status: StatusCode, stove: Stove, shown: Shown, frame: Frame, csrf: Csrf) -> Result<Response> {
    let Shown { typed, errors, is_contested, asked, found } = shown;
    let code = typed.of("commune");
    let named = app.places.commune(code).map_or_else(|| typed.of("commune_nom").to_owned(), Commune::label);
    let view = ProfilePage { stove, commune: named, typed, errors, is_contested, asked, found, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// Those of the registry whose name, SIRET or commune holds what was typed.
fn alike(app: &App, rows: Vec<RegistryCanteen>, asked: &str) -> Vec<RegistryCanteen> {
    let words = fold(asked);
    let of_commune = |row: &RegistryCanteen| {
        let commune = row.insee_code.as_deref().and_then(|code| app.places.commune(code));
        commune.map(|commune| fold(&commune.name)).unwrap_or_default()
    };
    let holds = |row: &RegistryCanteen| {
        let siret = row.siret.as_deref().unwrap_or_default();
        let said = format!("{} {} {siret} {}", fold(&row.name), of_commune(row), fold(&row.uai()));
        words.split_whitespace().all(|word| said.contains(word))
    };
    rows.into_iter().filter(holds).take(SHOWN).collect()
}

/// Puts what the registry says into the form; nothing is kept before one says so.
fn take(typed: &mut Typed, row: &RegistryCanteen) {
    typed.put("registre", row.registry_key.clone());
    for (field, value) in [
        ("siret", row.siret.clone()),
        ("commune", row.insee_code.clone()),
        ("secteur", row.sectors.split(',').next().map(str::to_owned)),
        ("production", row.production_type.clone()),
        ("gestion", row.management_type.clone()),
        ("repas", row.daily_meal_count.map(|count| count.to_string())),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            typed.put(field, value);
        }
    }
}

fn typed_of(kitchen: Option<&Kitchen>) -> Typed {
    let mut typed = Typed::default();
    let Some(Kitchen { canteen, wants, .. }) = kitchen else { return typed };
    let days: Vec<&str> = canteen.delivery_days.iter().map(Weekday::code).collect();
    let lines: Vec<&str> = wants.iter().map(|want| want.line.as_str()).collect();
    let values = [
        ("registre", canteen.registry_key.clone().unwrap_or_default()),
        ("siret", canteen.siret.clone().unwrap_or_default()),
        ("commune", canteen.insee_code.clone()),
        ("secteur", canteen.sector.clone().unwrap_or_default()),
        ("production", canteen.production_type.clone().unwrap_or_default()),
        ("gestion", canteen.management_type.clone().unwrap_or_default()),
        ("repas", canteen.daily_meal_count.map(|count| count.to_string()).unwrap_or_default()),
        ("jours", days.join(", ")),
        ("liste", lines.join("\n")),
    ];
    typed.put("vu", fingerprint(values.iter().map(|(_, value)| value.clone())));
    for (name, value) in values {
        typed.put(name, value);
    }
    typed
}

/// `POST /cantine/{id}`
#[handler]
pub(crate) async fn save(
    app: Data<&App>,
    stove: Stove,
    frame: Frame,
    csrf: Csrf,
    Form(mut typed): Form<Typed>,
) -> Result<Response> {
    let read = read(&app, &stove, &typed);
    let txn = app.write().await?;
    accounts::lock_organisation(&txn, stove.id).await?;
    let before = typed_of(profile::kitchen_of(&txn, stove.id).await?.as_ref());
    let is_contested = typed.of("vu") != before.of("vu");
    let read = match read {
        Ok((canteen, _)) if is_held(&txn, &canteen).await? => {
            let mut errors = FieldErrors::default();
            errors.add(
                "liste",
                "Une autre équipe tient déjà cette cantine du registre\u{a0}: demandez-lui une invitation.",
            );
            Err(errors)
        }
        read => read,
    };
    let (canteen, wants) = match read {
        Ok(read) if !is_contested => read,
        read => {
            drop(txn);
            let errors = read.err().unwrap_or_default();
            let is_contested = is_contested && errors.is_empty();
            let status = if is_contested { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            if is_contested {
                typed.put("vu", before.of("vu").to_owned());
            }
            let shown = Shown { typed, errors, is_contested, asked: None, found: Vec::new() };
            return draw(&app, status, stove, shown, frame, csrf);
        }
    };
    let now = app.clock.now();
    let name = one_line(typed.of("nom"));
    if !name.is_empty() && name != stove.name {
        accounts::rename_organisation(&txn, stove.id, &name).await?;
    }
    profile::save(&txn, canteen, wants, now).await?;
    let act = Act::new("a modifié la fiche de sa cantine", format!("organisations/{}", stove.id));
    audit::record(&txn, By::Person(stove.me.id), act, now).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=cantine", stove.path())))
}

/// Whether others hold the line of the registry.
async fn is_held(db: &impl ConnectionTrait, canteen: &Canteen) -> Result<bool> {
    let Some(key) = &canteen.registry_key else { return Ok(false) };
    Ok(profile::of_registry(db, key).await?.is_some_and(|holder| holder != canteen.organisation_id))
}

fn read(app: &App, stove: &Stove, typed: &Typed) -> std::result::Result<(Canteen, Vec<Want>), FieldErrors> {
    let mut errors = FieldErrors::default();
    let named = if typed.of("commune").is_empty() { typed.of("commune_nom") } else { typed.of("commune") };
    let home = commune(named, &app.places).map_err(|sentence| errors.add("commune", sentence)).ok();
    let siret = siret(typed.of("siret")).unwrap_or_else(|sentence| {
        errors.add("siret", sentence);
        None
    });
    let meals = match typed.of("repas") {
        "" => None,
        text => {
            let count = text.replace([' ', '\u{a0}', '\u{202f}'], "").parse().ok();
            let count = count.filter(|count| (1..=100_000).contains(count));
            if count.is_none() {
                errors.add("repas", "Écrivez un nombre de repas par jour, par exemple 350.");
            }
            count
        }
    };
    if one_line(typed.of("nom")).chars().count() > 200 {
        errors.add("nom", "Ce nom dépasse 200 caractères.");
    }
    let lines = typed.of("liste").lines().filter(|line| !line.trim().is_empty());
    if lines.clone().count() > MOST {
        errors.add("liste", "Votre liste a plus de 60 lignes\u{a0}: gardez l’essentiel.");
    }
    if lines.clone().any(|line| line.trim().chars().count() > LONGEST) {
        errors.add("liste", "Une ligne dépasse 200 caractères\u{a0}: un produit par ligne.");
    }
    let known = |field: &str, all: &[(&str, &str)]| {
        let value = typed.of(field);
        all.iter().any(|(code, _)| *code == value).then(|| value.to_owned())
    };
    let sector = sector::all().map(|(code, _)| code).find(|code| *code == typed.of("secteur"));
    match home {
        Some(home) if errors.is_empty() => {
            let days: Weekdays = parse_list(typed.of("jours")).filter_map(Weekday::from_code).collect();
            let canteen = Canteen {
                organisation_id: stove.id,
                registry_key: Some(typed.of("registre").to_owned()).filter(|key| !key.is_empty()),
                siret: siret.map(|siret| siret.to_string()),
                insee_code: home.insee_code.to_string(),
                sector: sector.map(str::to_owned),
                production_type: known("production", &PRODUCTION),
                management_type: known("gestion", &MANAGEMENT),
                daily_meal_count: meals,
                delivery_days: days,
                updated_at: app.clock.now(),
            };
            Ok((canteen, read_list(typed.of("liste"))))
        }
        _ => Err(errors),
    }
}
