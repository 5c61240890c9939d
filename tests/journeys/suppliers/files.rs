//! What is sent with files: taken when it is what it says, harmless whatever it holds.

use std::io::{Cursor, Write};

use image::{ImageFormat, RgbImage};
use poem::http::{StatusCode, header};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{JULIE, filled, registered};
use crate::support::{
    on_each_database,
    people::{Browser, organiser, rows},
};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(640, 480, image::Rgb([30, 120, 60])).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG that tells where it was taken, and that is a page with a program too.
fn polyglot() -> Vec<u8> {
    let jpeg = picture(ImageFormat::Jpeg);
    let secret = b"Exif\0\0 GPS 45.0435 <script>alert(1)</script>";
    let length = u16::try_from(secret.len() + 2).unwrap().to_be_bytes();
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1, length[0], length[1]]);
    bytes.extend(secret);
    bytes.extend(&jpeg[2..]);
    bytes.extend(b"<html><script>alert(2)</script></html>");
    bytes
}

async fn photo(browser: &Browser<'_>, path: &str, name: &str, bytes: &[u8]) -> StatusCode {
    browser.post_files(&format!("{path}/photos"), &[("description", "Brebis")], &[("photo", name, bytes)]).await.status
}

async fn certificate(browser: &Browser<'_>, path: &str, name: &str, bytes: &[u8]) -> StatusCode {
    let fields = [("signe", "organic"), ("numero", "114386"), ("organisme", "Ecocert"), ("fin", "31/03/2031")];
    browser.post_files(&format!("{path}/certifications/ajout"), &fields, &[("document", name, bytes)]).await.status
}

#[tokio::test]
async fn a_picture_is_drawn_anew_and_nothing_else_is_left_of_it() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        assert_eq!(photo(&julie, &path, "brebis.jpg", &polyglot()).await, StatusCode::SEE_OTHER);
        let list = julie.get(&format!("{path}/photos")).await.page;
        let shown =
            list.all("img").into_iter().find_map(|img| img.attribute("src").filter(|src| src.contains("/fichiers/")));
        let bytes = julie.bytes(shown.unwrap()).await;
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("script") && !text.contains("GPS") && !text.contains("Exif"));
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_picture_or_document_is_refused_and_keeps_nothing() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
        bomb.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
        for _ in 0..64 {
            bomb.write_all(&vec![b' '; 1024 * 1024]).unwrap();
        }
        let bomb = bomb.finish().unwrap().into_inner();
        let script = b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF\n";
        let html_first = [b"<script>alert(1)</script>".as_slice(), PDF].concat();
        for (name, bytes) in [
            ("dessin.svg", &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..]),
            ("programme.pdf", script),
            ("page.pdf", &html_first),
            ("coupe.pdf", b"%PDF-1.4\n1 0 obj"),
            ("vide.jpg", b""),
            ("abime.png", b"\x89PNG\r\n\x1a\n0000"),
            ("tarif.xlsx", &bomb),
            ("lourd.pdf", &[PDF, &vec![b'x'; 5 * 1024 * 1024], b"%%EOF"].concat()),
        ] {
            assert_eq!(photo(&julie, &path, name, bytes).await, StatusCode::UNPROCESSABLE_ENTITY, "photo {name}");
            let status = certificate(&julie, &path, name, bytes).await;
            // An empty part is a field that was left alone.
            if !bytes.is_empty() {
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "certificate {name}");
            }
        }
        let page = format!("{path}/produits/tableau");
        let read = julie.post_files(&page, &[("geste", "ajout")], &[("fichier", "tarif.xlsx", &bomb)]).await;
        assert_eq!(read.status, StatusCode::UNPROCESSABLE_ENTITY, "a workbook that swells");
        let huge = vec![b'x'; 100 * 1024 * 1024];
        let refused = julie.post_files(&format!("{path}/photos"), &[], &[("photo", "p.jpg", &huge)]).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(rows(&site.app, "supplier_files").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_published_is_served_to_all_and_what_nothing_shows_any_more_is_forgotten() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let (julie, path) = registered(site, JULIE, "Ferme\r\ndu Suc", "").await;
        filled(&julie, &path, "Ferme\r\ndu Suc").await;
        photo(&julie, &path, "brebis.jpg", &picture(ImageFormat::Png)).await;
        certificate(&julie, &path, "certificat.pdf", PDF).await;
        certificate(&julie, &path, "autre.pdf", PDF).await;
        let accept = async || {
            julie.post(&format!("{path}/envoi"), &[]).await;
            let page = path.replace("/fiche/", "/organisation/fiches/");
            let shown = claire.get(&page).await.page;
            let hidden = shown.all("input").into_iter().find(|input| input.attribute("name") == Some("version"));
            let version = hidden.unwrap().attribute("value").unwrap().to_owned();
            let accepted = claire.post(&page, &[("version", &version), ("geste", "acceptation")]).await;
            assert_eq!(accepted.status, StatusCode::SEE_OTHER);
        };
        accept().await;
        let seen = async |address: &str| site.browser.get(address).send().await.0.status().as_u16();
        for (address, status) in
            [("/photos/1", 200), ("/justificatifs/2", 200), ("/photos/2", 404), ("/justificatifs/1", 404)]
        {
            assert_eq!(seen(address).await, status, "{address}");
        }
        let first = julie.get(&format!("{path}/certifications")).await.page;
        let mut links = first.all("a").into_iter().filter_map(|link| link.attribute("href"));
        let edit = links.find(|href| href.contains("/certifications/") && !href.ends_with("ajout")).unwrap().to_owned();
        julie.post(&format!("{edit}/retrait"), &[]).await;
        assert_eq!(seen("/justificatifs/2").await, 200, "the accepted version stays whole");
        accept().await;
        assert_eq!(rows(&site.app, "supplier_files").await.len(), 2, "one photograph, one certificate");
        assert_eq!(seen("/justificatifs/2").await, 404);
    })
    .await;
}

#[tokio::test]
async fn a_document_is_handed_over_and_runs_nothing_and_is_for_its_own_people_until_it_is_shown() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let (neighbour, _) = registered(site, "neighbour@ferme.example", "Ferme du Bas", "").await;
        assert_eq!(certificate(&julie, &path, "certificat.pdf", PDF).await, StatusCode::SEE_OTHER);
        let file = julie.get(&format!("{path}/certifications")).await.page.link("Voir le document").to_owned();
        let answer = site.browser.get(&file).header(header::COOKIE, julie.cookies()).send().await;
        answer.assert_status_is_ok();
        let told = |name: &str| answer.0.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap();
        assert!(told("content-disposition").starts_with("attachment; filename="));
        assert_eq!(told("x-content-type-options"), "nosniff");
        assert!(told("content-security-policy").contains("sandbox"));
        assert_eq!(told("content-type"), "application/pdf");
        assert_eq!(neighbour.get(&file).await.status, StatusCode::NOT_FOUND);
        let number = file.rsplit('/').next().unwrap();
        for path in [format!("/justificatifs/{number}"), format!("/photos/{number}")] {
            assert_eq!(julie.get(&path).await.status, StatusCode::NOT_FOUND, "{path}: not yet shown");
        }
    })
    .await;
}
