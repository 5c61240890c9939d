//! Name, place, publisher, contact, welcome, foot of mails, legal texts.

use mailparse::{MailHeaderMap, parse_mail};
use manger_local::audit;
use poem::http::StatusCode;

use super::{MESSAGES, NAMES, TEXTS, fill, seen};
use crate::support::{
    Site,
    cast::visit,
    on_each_database,
    people::{Browser, organiser},
    post::mails,
};

/// From, Reply-To, and both texts of a mail that is written now.
async fn test_mail(site: &Site, claire: &Browser<'_>) -> (String, Option<String>, String, String) {
    claire.post("/organisation/courrier/essai", &[]).await;
    let mail = mails(&site.app).await.pop().unwrap();
    let parsed = parse_mail(mail.message.as_bytes()).unwrap();
    let part = |kind: &str| {
        let part = parsed.subparts.iter().find(|part| part.ctype.mimetype == kind).unwrap();
        part.get_body().unwrap().replace("\r\n", "\n")
    };
    let header = |name: &str| parsed.headers.get_first_value(name);
    (header("From").unwrap(), header("Reply-To"), part("text/plain"), part("text/html"))
}

#[tokio::test]
async fn what_is_saved_shows_on_the_next_page_and_in_the_next_mail_and_what_is_emptied_is_as_before() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let names = [
            ("site", "  Du  champ à l’assiette "),
            ("lieu", "dans le Velay"),
            ("organisme", "le Pays du Velay & Cie"),
            ("contact", "Bonjour@Velay.example"),
        ];
        let saved = fill(&claire, NAMES, &names).await;
        assert_eq!(saved.location.as_deref(), Some("/organisation/reglages?fait=reglages"));
        assert!(claire.get(&saved.location.unwrap()).await.page.texts(".success")[0].starts_with("C’est enregistré"));
        fill(&claire, MESSAGES, &[("accueil", "Bienvenue chez nous !"), ("pied", "04 71 00 00 00\r\n9 h – 12 h")])
            .await;
        let home = visit(&site.browser, "/").await;
        assert!(home.texts("title")[0].ends_with("Du champ à l’assiette dans le Velay"), "{:?}", home.texts("title"));
        assert!(home.texts("footer")[0].contains("tenu par le Pays du Velay & Cie"));
        assert_eq!(home.texts(".welcome"), ["Bienvenue chez nous !"]);
        assert_eq!(home.link("bonjour@velay.example"), "mailto:bonjour@velay.example");
        let search = site.browser.get("/opensearch.xml").send().await.0.into_body().into_string().await.unwrap();
        assert!(search.contains("Du champ à l’assiette dans le Velay"), "{search}");
        let (from, reply_to, text, html) = test_mail(site, &claire).await;
        assert!(
            from.starts_with("Du champ à l’assiette <") || from.starts_with("\"Du champ à l’assiette\" <"),
            "{from}"
        );
        assert_eq!(reply_to.as_deref(), Some("bonjour@velay.example"));
        assert!(text.contains("dans le Velay, tenu par le Pays du Velay & Cie"), "{text}");
        assert!(text.trim_end().ends_with("04 71 00 00 00\n9 h – 12 h"), "{text}");
        assert!(html.contains("04 71 00 00 00<br>9 h – 12 h"), "{html}");

        let journal = audit::page(&site.app.db, None, 0, 10).await.unwrap();
        let last = &journal[0];
        assert_eq!(
            (last.subject.as_str(), last.detail.as_str()),
            ("territory_settings/1", "Phrase de bienvenue, Pied des courriels")
        );
        assert!(journal.iter().all(|entry| !entry.detail.contains("velay")), "who did what, not what it says");

        fill(&claire, NAMES, &[]).await;
        fill(&claire, MESSAGES, &[]).await;
        let home = visit(&site.browser, "/").await;
        assert!(home.texts("title")[0].ends_with("Manger local en Haute-Loire"));
        assert!(home.texts(".welcome").is_empty());
        let (from, reply_to, text, _) = test_mail(site, &claire).await;
        assert!(from.contains("Manger local") && reply_to.is_none() && !text.contains("04 71"), "{from} {text}");
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_saves_nothing() {
    let site = Site::new().await;
    let claire = organiser(&site.app, &site.browser).await;
    let long = "a".repeat(61);
    let refused = fill(&claire, NAMES, &[("site", &long), ("contact", "personne"), ("lieu", "en Velay")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = &refused.page.by_id("site-error").unwrap().text;
    assert!(said.contains("Nom du site") && said.contains("61 caractères"), "{said}");
    assert!(refused.page.by_id("contact-error").is_some() && refused.page.by_id("lieu-error").is_none());
    let value = |field| refused.page.by_id(field).unwrap().attribute("value").unwrap().to_owned();
    assert_eq!([value("site"), value("contact"), value("lieu")], [long, "personne".to_owned(), "en Velay".to_owned()]);
    assert!(visit(&site.browser, "/").await.texts("title")[0].ends_with("Manger local en Haute-Loire"));
}

#[tokio::test]
async fn a_name_is_one_line_and_no_header_of_a_mail_comes_out_of_it() {
    let site = Site::new().await;
    let claire = organiser(&site.app, &site.browser).await;
    fill(&claire, NAMES, &[("site", "Velay\r\nBcc: tous@college.example\u{7}")]).await;
    let (from, ..) = test_mail(&site, &claire).await;
    assert!(from.contains("Velay Bcc: tous@college.example"), "{from}");
    assert!(!mails(&site.app).await.pop().unwrap().message.contains("\r\nBcc"));
}

#[tokio::test]
async fn of_two_at_once_the_second_is_told_and_loses_nothing() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let luc = organiser(&site.app, &site.browser).await;
        let both_saw = seen(&luc, NAMES).await;
        let elsewhere = seen(&luc, MESSAGES).await;
        fill(&claire, NAMES, &[("site", "Velay à table"), ("lieu", "en Velay")]).await;
        let typed = [("site", "Goûtez le Velay"), ("lieu", "en Velay"), ("vu", both_saw.as_str())];
        let told = luc.post(NAMES, &typed).await;
        assert_eq!(told.status, StatusCode::CONFLICT);
        assert!(told.page.texts("title")[0].starts_with("À revoir"), "{:?}", told.page.texts("title"));
        assert!(told.page.texts(".warning")[0].contains("quelqu’un d’autre"));
        assert_eq!(told.page.by_id("site").unwrap().attribute("value"), Some("Goûtez le Velay"));
        assert!(told.page.by_id("site-now").unwrap().text.ends_with("Velay à table"));
        assert!(told.page.by_id("lieu-now").is_none(), "both say the same");
        assert!(visit(&site.browser, "/").await.texts("title")[0].ends_with("Velay à table en Velay"));
        let now_seen = told.page.all("input").into_iter().find(|field| field.attribute("name") == Some("vu"));
        let now_seen = now_seen.unwrap().attribute("value").unwrap();
        let again = luc.post(NAMES, &[typed[0], typed[1], ("vu", now_seen)]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert!(visit(&site.browser, "/").await.texts("title")[0].ends_with("Goûtez le Velay en Velay"));
        let other = luc.post(MESSAGES, &[("accueil", "Bonjour"), ("vu", &elsewhere)]).await;
        assert_eq!(other.status, StatusCode::SEE_OTHER, "what others do elsewhere is no conflict");
    })
    .await;
}

#[tokio::test]
async fn a_legal_text_is_what_was_typed_and_nothing_more() {
    let site = Site::new().await;
    let claire = organiser(&site.app, &site.browser).await;
    let form = claire.get(TEXTS).await.page;
    assert!(form.texts(".replaced")[0].contains("Qui publie ce site"), "ours can be read beside the field");
    fill(&claire, TEXTS, &[("mentions", "# Éditeur\r\nLe Département\r\n\r\n<script>x</script>")]).await;
    let legal = visit(&site.browser, "/mentions-legales").await;
    assert_eq!(legal.inside("article", "h2").iter().map(|h| h.text.as_str()).collect::<Vec<_>>(), ["Éditeur"]);
    assert!(legal.inside("article", "script").is_empty());
    assert_eq!(legal.inside("article", "p").last().unwrap().text, "<script>x</script>");
    assert!(
        visit(&site.browser, "/donnees-personnelles").await.texts("article")[0].contains("CNIL"),
        "the others stay"
    );
    fill(&claire, TEXTS, &[]).await;
    assert!(visit(&site.browser, "/mentions-legales").await.texts("article")[0].contains("Qui publie ce site"));
}
