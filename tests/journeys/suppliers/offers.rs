//! Products, one by one and many at once.

use poem::http::StatusCode;
use rust_xlsxwriter::Workbook;

use super::{JULIE, registered};
use crate::support::{on_each_database, people::Browser};

/// Names of the products of a listing, in their order.
async fn names(browser: &Browser<'_>, path: &str) -> Vec<String> {
    let list = browser.get(&format!("{path}/produits")).await.page;
    let links = list.inside(".own-offers", "a").into_iter();
    links.filter(|link| link.attribute("href").is_some()).map(|link| link.text.trim().to_owned()).collect()
}

#[tokio::test]
async fn a_product_is_added_changed_copied_and_taken_off() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let list = format!("{path}/produits");
        let fields =
            [("produit", "Lentilles vertes"), ("prix", "3,20 €"), ("unite", "kg"), ("mois", "9"), ("mois", "10")];
        let added = julie.post(&format!("{list}/ajout"), &fields).await;
        assert_eq!(added.location, Some(format!("{list}?fait=ajout")));
        let shown = julie.get(&list).await.page.texts(".own-offers").concat();
        assert!(shown.contains("3,20") && shown.contains("/ kg") && shown.contains("septembre, octobre"), "{shown}");
        let edit = julie.get(&list).await.page.link("Lentilles vertes").to_owned();
        let form = julie.get(&edit).await.page;
        let family = form.all("option").into_iter().find(|option| option.attribute("selected").is_some()).unwrap();
        assert_eq!(family.attribute("value"), Some("FRUITS_ET_LEGUMES"), "the name says which family");
        let copied = julie.post(&format!("{edit}/copie"), &[]).await.location.unwrap();
        assert!(copied.contains("fait=copie"));
        assert_eq!(names(&julie, &path).await, ["Lentilles vertes", "Lentilles vertes"]);
        assert_eq!(julie.post(&format!("{edit}/retrait"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(julie.post(&format!("{edit}/retrait"), &[]).await.status, StatusCode::SEE_OTHER, "twice");
        assert_eq!(names(&julie, &path).await.len(), 1);
        assert_eq!(julie.get(&edit).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_product_is_shown_again_with_what_is_wrong() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let fields = [("produit", "Xyzzy"), ("prix", "gratuit"), ("quantite", "-3")];
        let refused = julie.post(&format!("{path}/produits/ajout"), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for (id, value) in [("produit", "Xyzzy"), ("prix", "gratuit"), ("quantite", "-3")] {
            assert_eq!(refused.page.by_id(id).unwrap().attribute("value"), Some(value));
        }
        for id in ["famille-error", "prix-error", "quantite-error"] {
            assert!(refused.page.by_id(id).is_some(), "{id}");
        }
    })
    .await;
}

/// Sixty rows as a farmer's spreadsheet has them, and the cells that are wrong: line of the field and column.
fn messy() -> (String, Vec<(u32, &'static str)>) {
    let mut lines = vec!["Désignation\tTarif\tUnité\tSaison\tLabels\tCatégorie".to_owned()];
    let mut wrong = Vec::new();
    for number in 2..=61_u32 {
        let name = format!("Carottes lot {number}");
        let line = match number % 10 {
            1 => {
                wrong.push((number, "Prix HT"));
                format!("{name}\t2,50 le kg\tkg\tseptembre à mars\t\tfruits et légumes")
            }
            3 => {
                wrong.push((number, "Mois"));
                format!("{name}\t2,50\tkg\tété\tBio\tFruits et légumes")
            }
            5 => {
                wrong.push((number, "Certifications"));
                format!("{name}\t2,5\tkg\t9-3\tbiologique certifié\tFRUITS ET LEGUMES")
            }
            7 => {
                wrong.push((number, "Famille"));
                format!("{name}\t2,50\tkg\t\tBIO\tLégumes d’ici")
            }
            9 => {
                wrong.push((number, "Produit"));
                "\t2,50\tkg\t\t\tFruits et légumes".to_owned()
            }
            _ => format!("{name}\t2,50\tkg\tseptembre à mars\tBio\t"),
        };
        lines.push(line);
    }
    (lines.join("\n"), wrong)
}

#[tokio::test]
async fn of_sixty_messy_rows_each_wrong_cell_is_named_and_no_row_is_lost() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let (text, wrong) = messy();
        let page = format!("{path}/produits/tableau");
        let read = julie.post(&page, &[("tableau", &text), ("geste", "lecture")]).await;
        assert_eq!(read.status, StatusCode::UNPROCESSABLE_ENTITY);
        let cells: Vec<String> =
            read.page.inside("tbody", "td").iter().map(|cell| cell.text.trim().to_owned()).collect();
        let named: Vec<(u32, String)> =
            cells.chunks(4).map(|cells| (cells[0].parse().unwrap(), cells[1].clone())).collect();
        let expected: Vec<(u32, String)> = wrong.iter().map(|(line, column)| (*line, (*column).to_owned())).collect();
        assert_eq!(named, expected);
        assert!(names(&julie, &path).await.is_empty(), "nothing is kept before one says so");

        let field = read.page.by_id("tableau").unwrap().text.trim_start_matches('\n').to_owned();
        assert_eq!(field.lines().count(), 61, "every row is in the field");
        let added = julie.post(&page, &[("tableau", &field), ("geste", "ajout")]).await;
        assert_eq!(names(&julie, &path).await.len(), 30);
        let left = added.page.by_id("tableau").unwrap().text.trim_start_matches('\n').to_owned();
        assert_eq!(left.lines().count(), 31, "the wrong ones stay");
        let mended = left
            .replace("2,50 le kg", "2,50")
            .replace("été", "juin à août")
            .replace("biologique certifié", "Bio")
            .replace("Légumes d’ici", "Fruits et légumes")
            .replace("\n\tFruits", "\nCarottes oubliées\tFruits");
        let added = julie.post(&page, &[("tableau", &mended), ("geste", "ajout")]).await;
        assert_eq!(added.location, Some(format!("{path}/produits?fait=tableau")), "{:?}", added.page.texts("td"));
        assert_eq!(names(&julie, &path).await.len(), 60);
    })
    .await;
}

#[tokio::test]
async fn rows_without_headings_and_workbooks_are_read_and_what_is_no_table_is_refused() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let page = format!("{path}/produits/tableau");
        let bare = "Yaourts nature\tProduits laitiers et œufs\tpot de 125 g\tpièce\t0,45\nFromage blanc\t\tseau\tkg\t6";
        julie.post(&page, &[("tableau", bare), ("geste", "ajout")]).await;
        assert_eq!(names(&julie, &path).await, ["Yaourts nature", "Fromage blanc"]);

        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, cells) in [["Produit", "Prix HT"], ["Miel de montagne", "9,5"]].iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet.write(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *cell).unwrap();
            }
        }
        let bytes = workbook.save_to_buffer().unwrap();
        let read = julie.post_files(&page, &[("geste", "lecture")], &[("fichier", "tarif.xlsx", &bytes)]).await;
        assert!(read.page.by_id("tableau").unwrap().text.contains("Miel de montagne\t"));

        for (name, bytes) in
            [("photo.png", &b"\x89PNG\r\n\x1a\n0000"[..]), ("vide.csv", b"  \n "), ("page.html", b"<html>")]
        {
            let refused = julie.post_files(&page, &[("geste", "ajout")], &[("fichier", name, bytes)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        assert_eq!(names(&julie, &path).await.len(), 2);
    })
    .await;
}
