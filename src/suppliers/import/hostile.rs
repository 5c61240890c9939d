//! Whatever a file holds, reading it ends with a report or a refusal.

use std::sync::{Arc, LazyLock};

use chrono::{TimeZone, Utc};
use proptest::{collection::vec, prelude::*, sample::select};

use super::{Options, organic, read_offers, read_suppliers};
use crate::{
    places::Places,
    tables::{Cell, Sheet, Table},
};

static PLACES: LazyLock<Arc<Places>> = LazyLock::new(Places::embedded);
static WORKBOOK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let headings = ["Référence", "Nom", "Type", "Code INSEE"].map(str::to_owned).to_vec();
    let row = ["F1", "GAEC du Suc", "Producteur", "43157"].map(|text| Cell::text(Some(text))).to_vec();
    Sheet { name: "Fournisseurs", headings, rows: vec![row; 20] }.to_xlsx().unwrap()
});

fn read(bytes: &[u8]) {
    let now = Utc.with_ymd_and_hms(2027, 3, 16, 7, 30, 0).unwrap();
    let options = Options::new("x", now, now.date_naive());
    if let Ok(table) = Table::read(bytes) {
        let reports = [
            read_suppliers(&table, &PLACES, &options).map(|(_, report)| report),
            read_offers(&table, &options).map(|(_, report)| report),
        ];
        for report in reports.into_iter().flatten() {
            assert!(!report.to_string().is_empty() && report.refused <= report.read);
        }
    }
    organic::try_reading(bytes, &PLACES, options.today);
}

proptest! {
    #[test]
    fn bytes(bytes in vec(any::<u8>(), 0..400)) {
        read(&bytes);
    }

    #[test]
    fn cells(
        cells in vec(vec("[\\PC\n\"';,]{0,12}", 0..12), 0..8),
        separator in select(vec![";", ",", "\t"]),
        headings in select(vec![
            "Référence;Nom;Type;Code postal;Commune;Code INSEE;Latitude;Longitude;SIRET;Communes livrées;Certification 1;Valable jusqu'au 1",
            "Référence fournisseur;Produit;Famille;Prix HT;Mois;Certifications;Volume par semaine",
        ]),
    ) {
        let lines = cells.iter().map(|cells| cells.join(separator));
        let text: Vec<String> = std::iter::once(headings.replace(';', separator)).chain(lines).collect();
        read(text.join("\n").as_bytes());
    }

    #[test]
    fn damaged_workbooks(damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), end in any::<prop::sample::Index>()) {
        let mut bytes = WORKBOOK.clone();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        read(&bytes);
        bytes.truncate(end.index(bytes.len()));
        read(&bytes);
    }

    #[test]
    fn json(text in "[\\[\\]{}\":,0-9a-z ]{0,60}", number in any::<i64>(), word in "\\PC{0,20}") {
        read(text.as_bytes());
        let item = serde_json::json!({
            "numeroBio": number, "raisonSociale": word, "siret": number, "certificats": [{"dateEngagement": word}, number, null],
            "adressesOperateurs": [{"codeCommune": word, "ville": word, "lat": word, "long": number}, {"codeCommune": "43157"}],
            "productions": [{"code": word, "nom": word, "etatProductions": [word]}, word], "activites": word, "categories": [{"nom": number}],
        });
        read(serde_json::json!({"items": [item, number]}).to_string().as_bytes());
    }
}
