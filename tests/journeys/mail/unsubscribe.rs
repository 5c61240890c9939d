//! Mails nobody is bound to get, ended by one click.

use mailparse::MailHeaderMap;
use manger_local::mail::{
    Content, EmailAddress, Letterhead, MailState, latest,
    suppression::{Category, OptionalMail, enqueue_optional},
};
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, path_of},
    post::{states, write},
};

const COOK: &str = "chef@college.example";

/// Where a mail leads who wants no more of them.
#[derive(Debug, PartialEq, Eq)]
struct WayOut {
    page: String,
    one_click: String,
}

/// Writes the week's digest, as the room that has one does; nothing when its reader does not want it.
async fn digest(site: &Site, week: u32) -> Option<WayOut> {
    let txn = site.app.write().await.unwrap();
    let to = EmailAddress::parse(COOK).unwrap();
    let wanted =
        OptionalMail { category: Category::Digest, about: format!("digest/{week}"), version: 1, useful_until: None };
    let mut page = String::new();
    let draw = |_: &Letterhead, way_out: &str| {
        way_out.clone_into(&mut page);
        let text = format!("Bonjour\n\nNe plus recevoir : {way_out}\n");
        Ok(Content { title: "La semaine".into(), text, html: String::new(), event: None, unsubscribe: None })
    };
    let is_written = enqueue_optional(&txn, &site.app, &to, wanted, draw).await.unwrap();
    txn.commit().await.unwrap();
    if !is_written {
        assert!(page.is_empty(), "drawn for nobody");
        return None;
    }
    let mail = latest(&site.app.db, 1).await.unwrap().remove(0);
    let headers = mailparse::parse_mail(mail.message.as_bytes()).unwrap().headers;
    let one_click = headers.get_first_value("List-Unsubscribe").unwrap();
    Some(WayOut { page, one_click: one_click.trim_matches(['<', '>']).to_owned() })
}

#[tokio::test]
async fn one_click_of_a_mail_program_ends_them_without_page_or_cookie() {
    on_each_database(async |site| {
        let way = digest(site, 1).await.unwrap();
        write(&site.app, "visit/1", 1).await;
        let opened = site.browser.get(path_of(&way.one_click)).send().await;
        opened.assert_status(StatusCode::SEE_OTHER);
        assert!(digest(site, 2).await.is_some(), "what is only opened ends nothing");
        for _ in 0..2 {
            let body = "List-Unsubscribe=One-Click";
            let request = site.browser.post(path_of(&way.one_click)).content_type("application/x-www-form-urlencoded");
            request.body(body).send().await.assert_status(StatusCode::NO_CONTENT);
        }
        assert_eq!(digest(site, 3).await, None);
        let ended = [MailState::Failed, MailState::Waiting, MailState::Failed];
        assert_eq!(states(&site.app).await, ended, "what waited does not leave, what confirms does");
        assert!(write(&site.app, "visit/2", 1).await, "mails that confirm go on");
    })
    .await;
}

#[tokio::test]
async fn a_reader_ends_them_on_a_page_and_thinks_better_of_it() {
    on_each_database(async |site| {
        let page = path_of(&digest(site, 1).await.unwrap().page);
        let reader = Browser::new(&site.browser);
        let asked = reader.get(&page).await;
        assert!(asked.page.texts("h1")[0].contains("le résumé de la semaine") && asked.status == StatusCode::OK);
        assert!(asked.page.texts(".lead")[0].contains(COOK));
        assert_eq!(reader.post(&page, &[]).await.location.as_deref(), Some(page.as_str()));
        assert_eq!(reader.get(&page).await.page.texts("h1"), ["C’est arrêté"]);
        assert_eq!(digest(site, 2).await, None);
        reader.post(&format!("{page}/reprise"), &[]).await;
        assert!(digest(site, 3).await.is_some());
        let unknown = "/courrier/arret/0123456789abcdef0123456789abcdef";
        for answer in [
            reader.get(unknown).await,
            reader.post(unknown, &[]).await,
            reader.post(&format!("{unknown}/reprise"), &[]).await,
        ] {
            assert_eq!((answer.status, answer.page.texts("h1")), (StatusCode::NOT_FOUND, vec!["Ce lien ne sert plus"]));
        }
        assert_eq!(reader.post(&format!("{unknown}/un-clic"), &[]).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
