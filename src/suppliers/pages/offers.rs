//! One's products, one by one.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::desk::Desk;
use crate::app::App;
use crate::suppliers::draft::{DraftOffer, Typed, amount, fingerprint, offer_now};
use crate::suppliers::{CertificationKind, Months, ProductFamily, Signs, Stored, Word, lexicon};
use crate::tables::{parse_list, parse_number};
use crate::web::french::{self, MONTHS};
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, filters, page, page_with, private, see_other, text_of,
};

/// Products of one listing: the longest price list met has 400.
pub(super) const MOST: usize = 1_000;
/// Names proposed while one types.
const PROPOSED: usize = 600;

#[derive(Template)]
#[template(path = "suppliers/offers.html")]
struct OffersPage {
    desk: Desk,
    remark: Option<String>,
    csrf: Csrf,
    frame: Frame,
}

impl OffersPage {
    fn offers(&self) -> &[DraftOffer] {
        &self.desk.draft.content.offers
    }

    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "ajout" => Some("Le produit est ajouté."),
            "produit" => Some("Le produit est enregistré."),
            "copie" => Some("Le produit est copié\u{a0}: changez ce qui diffère."),
            "retrait" => Some("Le produit est retiré."),
            "tableau" => Some("Les produits sont ajoutés."),
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "suppliers/offer.html")]
struct OfferPage {
    desk: Desk,
    /// Key of the product; nothing for a new one.
    key: Option<u32>,
    typed: Typed,
    errors: FieldErrors,
    /// What somebody else saved since the form was shown, field by field.
    meanwhile: Vec<(&'static str, String)>,
    /// Names to complete from, each with its family and its usual months.
    products: Vec<(String, &'static str, String)>,
    csrf: Csrf,
    frame: Frame,
}

impl OfferPage {
    fn action(&self) -> String {
        let last = self.key.map_or_else(|| "ajout".to_owned(), |key| key.to_string());
        format!("{}/produits/{last}", self.desk.path())
    }

    fn families(&self) -> Vec<(&'static str, &'static str, bool)> {
        let chosen = self.typed.of("famille");
        ProductFamily::WORDS.iter().map(|&(_, code, label)| (code, label, code == chosen)).collect()
    }

    fn signs(&self) -> Vec<(&'static str, &'static str, bool)> {
        let chosen = |code: &str| parse_list(self.typed.of("signes")).any(|sign| sign == code);
        CertificationKind::WORDS.iter().map(|&(_, code, label)| (code, label, chosen(code))).collect()
    }

    fn months(&self) -> Vec<(usize, &'static str, bool)> {
        let chosen = |month: usize| parse_list(self.typed.of("mois")).any(|one| one == month.to_string());
        MONTHS.iter().zip(1..).map(|(&name, month)| (month, name, chosen(month))).collect()
    }
}

fn products() -> Vec<(String, &'static str, String)> {
    let known = lexicon();
    let told = known.products().iter().take(PROPOSED).map(|product| {
        let months = Months::from_mask(product.months).unwrap_or(Months::ALL_YEAR);
        (product.plural.clone(), product.family.code(), numbers(months))
    });
    told.collect()
}

/// `1, 2, 12`
fn numbers(months: Months) -> String {
    let held = (1..=12).filter(|&month| months.contains(month)).map(|month| month.to_string());
    held.collect::<Vec<_>>().join(", ")
}

/// `GET /fiche/{id}/produits`
#[handler]
pub(crate) fn list(desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    let remark = desk.draft.remarks.get("produits").cloned();
    Ok(private(page(&OffersPage { desk, remark, csrf, frame })?))
}

/// The product in an address.
#[derive(Deserialize)]
struct Which {
    key: u32,
}

/// `GET /fiche/{id}/produits/ajout`
#[handler]
pub(crate) fn new_form(desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    let typed = Typed::default();
    let view = OfferPage {
        desk,
        key: None,
        typed,
        errors: FieldErrors::default(),
        meanwhile: Vec::new(),
        products: products(),
        csrf,
        frame,
    };
    Ok(private(page(&view)?))
}

/// `POST /fiche/{id}/produits/ajout`
#[handler]
pub(crate) async fn add(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, &app).await?;
    let mut read = read(&typed);
    if draft.content.offers.len() >= MOST {
        let sentence = "Votre fiche a déjà mille produits\u{a0}: retirez-en avant d’en ajouter.";
        read = read.and_then(|_| Err(error("produit", sentence)));
    }
    let mut offer = match read {
        Ok(offer) => offer,
        Err(errors) => {
            drop(txn);
            let view =
                OfferPage { desk, key: None, typed, errors, meanwhile: Vec::new(), products: products(), csrf, frame };
            return Ok(private(page_with(StatusCode::UNPROCESSABLE_ENTITY, &view)?));
        }
    };
    offer.key = draft.content.new_key();
    draft.content.offers.push(offer);
    draft.remarks.remove("produits");
    desk.keep(&txn, &app, &mut draft, "a ajouté un produit à sa fiche").await?;
    txn.commit().await?;
    let next = if typed.of("suite") == "autre" { "produits/ajout" } else { "produits" };
    Ok(see_other(&format!("{}/{next}?fait=ajout", desk.path())))
}

/// `GET /fiche/{id}/produits/{key}`
#[handler]
pub(crate) fn form(desk: Desk, Path(which): Path<Which>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let offer = desk.draft.content.offers.iter().find(|offer| offer.key == which.key).ok_or(Error::NotFound)?;
    let typed = typed_of(offer);
    let (key, errors, meanwhile) = (Some(which.key), FieldErrors::default(), Vec::new());
    Ok(private(page(&OfferPage { desk, key, typed, errors, meanwhile, products: products(), csrf, frame })?))
}

/// `POST /fiche/{id}/produits/{key}`
#[handler]
pub(crate) async fn save(
    app: Data<&App>,
    desk: Desk,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
    Form(mut typed): Form<Typed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, &app).await?;
    let kept = draft.content.offers.iter_mut().find(|offer| offer.key == which.key).ok_or(Error::NotFound)?;
    let read = read(&typed).map(|offer| DraftOffer { key: which.key, ..offer });
    let key = Some(which.key);
    let offer = match read {
        Ok(offer) => offer,
        Err(errors) => {
            drop(txn);
            let view = OfferPage { desk, key, typed, errors, meanwhile: Vec::new(), products: products(), csrf, frame };
            return Ok(private(page_with(StatusCode::UNPROCESSABLE_ENTITY, &view)?));
        }
    };
    let now = typed_of(kept);
    if typed.of("vu") != now.of("vu") && *kept != offer {
        let meanwhile = offer_now(kept, &offer);
        drop(txn);
        typed.put("vu", now.of("vu").to_owned());
        let view = OfferPage {
            desk,
            key,
            typed,
            errors: FieldErrors::default(),
            meanwhile,
            products: products(),
            csrf,
            frame,
        };
        return Ok(private(page_with(StatusCode::CONFLICT, &view)?));
    }
    *kept = offer;
    draft.remarks.remove("produits");
    desk.keep(&txn, &app, &mut draft, "a modifié un produit de sa fiche").await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}/produits?fait=produit", desk.path())))
}

/// `POST /fiche/{id}/produits/{key}/copie`
#[handler]
pub(crate) async fn copy(app: Data<&App>, desk: Desk, Path(which): Path<Which>, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, &app).await?;
    let content = &mut draft.content;
    let at = content.offers.iter().position(|offer| offer.key == which.key).ok_or(Error::NotFound)?;
    if content.offers.len() >= MOST {
        return Ok(see_other(&format!("{}/produits", desk.path())));
    }
    let key = content.new_key();
    let copied = DraftOffer { key, ..content.offers[at].clone() };
    content.offers.insert(at + 1, copied);
    desk.keep(&txn, &app, &mut draft, "a ajouté un produit à sa fiche").await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}/produits/{key}?fait=copie", desk.path())))
}

/// `POST /fiche/{id}/produits/{key}/retrait`
#[handler]
pub(crate) async fn remove(
    app: Data<&App>,
    desk: Desk,
    Path(which): Path<Which>,
    _: Form<Pressed>,
) -> Result<Response> {
    desk.take_off(&app, |content| &mut content.offers, which.key, "a retiré un produit de sa fiche").await?;
    Ok(see_other(&format!("{}/produits?fait=retrait", desk.path())))
}

fn error(field: &'static str, sentence: &str) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add(field, sentence);
    errors
}

/// The product that a form describes, without a key.
fn read(typed: &Typed) -> std::result::Result<DraftOffer, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut kept = |field: &'static str, most| {
        text_of(typed.of(field), most).unwrap_or_else(|sentence| {
            errors.add(field, sentence);
            None
        })
    };
    let (name, packaging, unit) = (kept("produit", 200), kept("conditionnement", 200), kept("unite", 40));
    if name.is_none() {
        errors.add("produit", "Écrivez le nom du produit, comme vous le vendez.");
    }
    let name = name.unwrap_or_default();
    let family = ProductFamily::from_code(typed.of("famille")).or_else(|| family_of(&name));
    if family.is_none() && !name.is_empty() {
        errors.add("famille", "Choisissez la famille de ce produit.");
    }
    let price = amount(typed.of("prix")).unwrap_or_else(|sentence| {
        errors.add("prix", sentence);
        None
    });
    let months = parse_list(typed.of("mois")).filter_map(|month| month.parse::<u16>().ok());
    let mask = months.filter(|month| (1..=12).contains(month)).fold(0, |mask, month| mask | 1 << (month - 1));
    let volume = match typed.of("quantite") {
        "" => None,
        text => {
            let volume = parse_number(text).filter(|volume| *volume > 0.0);
            if volume.is_none() {
                errors.add("quantite", "Écrivez un nombre plus grand que zéro, sans unité, par exemple 40.");
            }
            volume
        }
    };
    let signs: Signs = parse_list(typed.of("signes")).filter_map(CertificationKind::from_code).collect();
    match family {
        Some(family) if errors.is_empty() => Ok(DraftOffer {
            key: 0,
            name,
            family: Stored(family),
            packaging,
            sales_unit: unit,
            price,
            // No month is none chosen: it is had all year.
            months: Months::from_mask(mask).unwrap_or(Months::ALL_YEAR),
            volume_per_week: volume,
            signs,
        }),
        _ => Err(errors),
    }
}

/// The family of the product that a name means, when it means one.
pub(super) fn family_of(name: &str) -> Option<ProductFamily> {
    let known = lexicon();
    known.tie(name, None).map(|product| known.product(product).family)
}

/// An offer as one would type it, and `vu`, which tells it from others.
fn typed_of(offer: &DraftOffer) -> Typed {
    let signs: Vec<&str> = offer.signs.iter().map(Word::code).collect();
    let values = [
        ("produit", offer.name.clone()),
        ("famille", offer.family.0.code().to_owned()),
        ("conditionnement", offer.packaging.clone().unwrap_or_default()),
        ("unite", offer.sales_unit.clone().unwrap_or_default()),
        ("prix", offer.price.map(|cents| cents.to_string()).unwrap_or_default()),
        ("mois", numbers(offer.months)),
        ("quantite", offer.volume_per_week.map(french::decimal).unwrap_or_default()),
        ("signes", signs.join(", ")),
    ];
    let mut typed = Typed::default();
    typed.put("vu", fingerprint(values.iter().map(|(_, value)| value.clone())));
    for (name, value) in values {
        typed.put(name, value);
    }
    typed
}
