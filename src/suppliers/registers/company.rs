use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Heard;
use crate::app::App;
use crate::outside;
use crate::places::{InseeCode, Places};
use crate::suppliers::Siret;
use crate::suppliers::draft::Content;
use crate::web::one_line;

/// What stands in the place of what is not public.
const HIDDEN: &str = "[NON-DIFFUSIBLE]";
/// What is public (Insee's "statut de diffusion").
const PUBLIC: &str = "O";

/// What the register of companies tells of an establishment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::suppliers) struct Company {
    /// Name, commune and street; nothing when they are not public.
    pub(super) public: Option<Seat>,
    /// Whether it is closed.
    pub(super) is_closed: bool,
    /// Since when it is.
    pub(super) closed_on: Option<NaiveDate>,
}

/// Who an establishment is and where, as everybody may know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::suppliers) struct Seat {
    /// The sign on the door, else the name of the company.
    pub(super) name: Option<String>,
    /// INSEE code of its commune.
    pub(super) insee_code: Option<String>,
    /// Street or hamlet.
    pub(super) street: Option<String>,
    /// Postal code.
    pub(super) postal_code: Option<String>,
    /// The commune as the register writes it.
    pub(super) town: Option<String>,
}

impl Company {
    /// The name, when it is public.
    pub(in crate::suppliers) fn name(&self) -> Option<&str> {
        self.public.as_ref()?.name.as_deref()
    }

    /// Writes what is public where nothing is written.
    pub(in crate::suppliers) fn fill(&self, content: &mut Content, places: &Places) {
        let Some(seat) = &self.public else { return };
        if content.insee_code.is_some() {
            return;
        }
        let code = seat.insee_code.as_deref().and_then(|code| InseeCode::parse(code).ok());
        let commune = code.and_then(|code| places.commune(code.as_str()));
        content.insee_code = commune.map(|commune| commune.insee_code.to_string());
        // A street without its commune would be that of another one.
        if commune.is_some() && content.address.is_none() {
            content.address.clone_from(&seat.street);
        }
    }
}

/// Asks the register of companies on behalf of a person; nothing when none is set.
pub(in crate::suppliers) async fn ask_company(app: &App, person: i64, siret: &Siret) -> Option<Heard<Company>> {
    let register = app.config.registers.company_register_url.as_ref()?;
    let query = [
        ("q", siret.as_str()),
        ("minimal", "true"),
        ("include", "siege,matching_etablissements"),
        ("page", "1"),
        ("per_page", "5"),
    ];
    Some(outside::ask(app, person, register, "/search", &query, |body| read(body, siret)).await)
}

#[derive(Deserialize)]
struct Page {
    results: Vec<Unit>,
}

#[derive(Deserialize)]
struct Unit {
    nom_complet: Option<String>,
    statut_diffusion: Option<String>,
    siege: Option<Establishment>,
    matching_etablissements: Option<Vec<Establishment>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Establishment {
    siret: Option<String>,
    nom_commercial: Option<String>,
    liste_enseignes: Option<Vec<Option<String>>>,
    adresse: Option<String>,
    code_postal: Option<String>,
    commune: Option<String>,
    libelle_commune: Option<String>,
    etat_administratif: Option<String>,
    date_fermeture: Option<String>,
    statut_diffusion_etablissement: Option<String>,
}

/// Reads an answer about an establishment.
fn read(body: &[u8], siret: &Siret) -> Heard<Company> {
    let Ok(page) = serde_json::from_slice::<Page>(body) else { return Heard::NoAnswer };
    let found = page.results.into_iter().find_map(|unit| {
        let Unit { nom_complet, statut_diffusion, siege, matching_etablissements } = unit;
        let all = matching_etablissements.unwrap_or_default().into_iter().chain(siege);
        let mut own = all.filter(|place| place.siret.as_deref() == Some(siret.as_str()));
        own.next().map(|place| company(nom_complet, statut_diffusion.as_deref(), place))
    });
    found.map_or(Heard::Unknown, Heard::Told)
}

fn company(name: Option<String>, diffusion: Option<&str>, place: Establishment) -> Company {
    let is_public = diffusion == Some(PUBLIC) && place.statut_diffusion_etablissement.as_deref() == Some(PUBLIC);
    let is_closed = place.etat_administratif.as_deref() == Some("F");
    let closed_on = place.date_fermeture.as_deref().filter(|_| is_closed).and_then(|day| day.parse().ok());
    Company { public: is_public.then(|| seat(name, place)), is_closed, closed_on }
}

fn seat(name: Option<String>, place: Establishment) -> Seat {
    let (postal_code, town) = (said(place.code_postal), said(place.libelle_commune));
    let end = [postal_code.as_deref(), town.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    // `12 RUE DU BREUIL 43000 LE PUY EN VELAY` ends with what stands beside it too.
    let street = said(place.adresse).map(|whole| whole.strip_suffix(&end).unwrap_or(&whole).trim().to_owned());
    let sign = place.liste_enseignes.into_iter().flatten().flatten().next();
    Seat {
        name: said(sign).or_else(|| said(place.nom_commercial)).or_else(|| said(name)),
        insee_code: said(place.commune),
        street: street.filter(|street| !street.is_empty()),
        postal_code,
        town,
    }
}

/// A text on one line, at most 200 characters, when something public stands in it.
fn said(text: Option<String>) -> Option<String> {
    let text: String = one_line(&text?).chars().take(200).collect();
    (!text.is_empty() && !text.contains(HIDDEN)).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn siret() -> Siret {
        Siret::parse("73282932000074").unwrap()
    }

    fn asked(answer: &Value) -> Heard<Company> {
        read(answer.to_string().as_bytes(), &siret())
    }

    fn farm(change: impl FnOnce(&mut Value)) -> Company {
        let mut result = json!({
            "siren": "732829320", "nom_complet": "GAEC DU SUC", "statut_diffusion": "O", "siege": {},
            "matching_etablissements": [{
                "siret": "73282932000074", "commune": "43157", "code_postal": "43000", "libelle_commune": "LE PUY-EN-VELAY",
                "adresse": "12 RUE DU BREUIL 43000 LE PUY-EN-VELAY", "etat_administratif": "A", "date_fermeture": null,
                "statut_diffusion_etablissement": "O", "liste_enseignes": null, "nom_commercial": null, "epci": "200073419"
            }]
        });
        change(&mut result);
        asked(&json!({ "results": [result], "total_results": 1 })).told().unwrap().clone()
    }

    #[test]
    fn an_establishment_has_a_name_a_street_and_a_commune() {
        let seat = farm(|_| {}).public.unwrap();
        assert_eq!(seat.name.as_deref(), Some("GAEC DU SUC"));
        assert_eq!(seat.street.as_deref(), Some("12 RUE DU BREUIL"));
        assert_eq!((seat.insee_code.as_deref(), seat.postal_code.as_deref()), (Some("43157"), Some("43000")));
        let named = farm(|it| it["matching_etablissements"][0]["liste_enseignes"] = json!(["LA FERME DU SUC"]));
        assert_eq!(named.name(), Some("LA FERME DU SUC"));
    }

    #[test]
    fn what_is_not_public_is_not_taken_whoever_says_so() {
        for (pointer, value) in [
            ("/statut_diffusion", json!("P")),
            ("/statut_diffusion", json!("N")),
            ("/statut_diffusion", Value::Null),
            ("/matching_etablissements/0/statut_diffusion_etablissement", json!("P")),
            ("/matching_etablissements/0/statut_diffusion_etablissement", Value::Null),
        ] {
            assert_eq!(farm(|it| *it.pointer_mut(pointer).unwrap() = value.clone()).public, None, "{pointer} {value}");
        }
        let hidden = farm(|it| it["matching_etablissements"][0]["adresse"] = json!(HIDDEN));
        assert_eq!(hidden.public.unwrap().street, None);
    }

    #[test]
    fn a_closed_establishment_says_since_when() {
        let closed = farm(|it| {
            it["matching_etablissements"][0]["etat_administratif"] = json!("F");
            it["matching_etablissements"][0]["date_fermeture"] = json!("2022-10-22");
        });
        assert!(closed.is_closed && closed.closed_on == "2022-10-22".parse().ok());
        assert!(!farm(|it| it["matching_etablissements"][0]["date_fermeture"] = json!("2022-10-22")).is_closed);
    }

    #[test]
    fn the_seat_counts_too_and_others_do_not() {
        let moved = farm(|it| {
            it["siege"] = it["matching_etablissements"][0].clone();
            it["matching_etablissements"] = json!([{ "siret": "73282932000001" }]);
        });
        assert_eq!(moved.name(), Some("GAEC DU SUC"));
        assert_eq!(asked(&json!({ "results": [] })), Heard::Unknown);
        let other =
            json!({ "results": [{ "nom_complet": null, "siege": { "siret": "1" }, "matching_etablissements": null }] });
        assert_eq!(asked(&other), Heard::Unknown);
    }

    #[test]
    fn another_shape_is_no_answer() {
        for wrong in [json!({}), json!([]), json!({ "results": {} }), json!({ "results": [1] })] {
            assert_eq!(asked(&wrong), Heard::NoAnswer, "{wrong}");
        }
    }
}
