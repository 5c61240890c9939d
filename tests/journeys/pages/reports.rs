//! Somebody finds something wrong in a listing.

use manger_local::suppliers::open_reports;
use poem::http::StatusCode;

use super::{Fields, fill, filled, send, shown};
use crate::support::on_each_database;

#[tokio::test]
async fn a_report_is_kept_once_however_often_it_is_sent() {
    on_each_database(async |site| {
        fill(site).await;
        let fields =
            [("sujet", "offers"), ("message", "Plus de poireaux\r\ndepuis mars."), ("courriel", " chef@college.fr ")];
        let (first, second) = tokio::join!(send(site, &fields), send(site, &fields));
        for answer in [first, second, send(site, &fields).await] {
            assert_eq!(answer.status(), StatusCode::SEE_OTHER);
            assert_eq!(answer.header("location"), Some("/annuaire/gaec-des-genets/signalement/recu"));
        }
        let reports = open_reports(&site.app.db, 10).await.unwrap();
        assert_eq!(reports.len(), 1);
        assert_eq!(reports[0].message, "Produits : Plus de poireaux\ndepuis mars.");
        assert_eq!(reports[0].email.as_deref(), Some("chef@college.fr"));
        assert_eq!(reports[0].created_at, site.app.clock.now());
        let thanks = shown(site, "/annuaire/gaec-des-genets/signalement/recu").await;
        assert!(thanks.contains("Et maintenant"), "{thanks}");
    })
    .await;
}

#[tokio::test]
async fn a_refused_report_keeps_what_was_typed_and_says_what_is_wrong_beside_each_field() {
    let site = filled().await;
    let long = "é".repeat(1_901);
    let cases: [(Fields<'_>, &[&str]); 5] = [
        (&[("message", "Faux <b>prix</b>")], &["Choisissez ce que", "Faux &#60;b&#62;prix"]),
        (&[("sujet", "offers"), ("message", " \n")], &["Dites ce qui est faux", "value=\"offers\" checked"]),
        (&[("sujet", "other"), ("message", "x"), ("courriel", "chef@")], &["n’est pas complète", "value=\"chef@\""]),
        (&[("sujet", "other"), ("message", &long)], &["1\u{202f}901 caractères", &long]),
        (&[("sujet", "other"), ("message", "Achetez"), ("site", "http://x")], &["Un champ caché", "Achetez"]),
    ];
    for (fields, said) in cases {
        let answer = send(&site, fields).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.into_body().into_string().await.unwrap();
        for words in said {
            assert!(page.contains(words), "{words} is missing: {page}");
        }
    }
    let empty = send(&site, &[]).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(open_reports(&site.app.db, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_address_sends_ten_reports_an_hour_and_loses_nothing_with_the_eleventh() {
    let site = filled().await;
    for number in 1..=10 {
        let answer = send(&site, &[("sujet", "other"), ("message", &format!("Erreur {number}"))]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
    let answer = send(&site, &[("sujet", "other"), ("message", "La onzième")]).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    let page = answer.into_body().into_string().await.unwrap();
    assert!(page.contains("La onzième") && page.contains("Pas encore envoyé"), "{page}");
    assert_eq!(open_reports(&site.app.db, 20).await.unwrap().len(), 10);
}
