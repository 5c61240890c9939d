//! Mails nobody is bound to get, ended by one click.

use manger_local::mail::{
    Content, EmailAddress, MailState, NewMail, Sender, enqueue,
    suppression::{Category, WayOut, way_out},
};
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, path_of},
    post::{states, write},
};

const COOK: &str = "chef@college.example";

/// Writes the week's digest, as the room that has one will; nothing when its reader does not want it.
async fn digest(site: &Site, week: u32) -> Option<WayOut> {
    let (txn, now) = (site.app.write().await.unwrap(), site.app.clock.now());
    let to = EmailAddress::parse(COOK).unwrap();
    let way = way_out(&txn, &site.app.config, &site.app.random, &to, Category::Digest, now).await.unwrap()?;
    let text = format!("Bonjour\n\nNe plus recevoir : {}\n", way.page);
    let unsubscribe = Some(way.one_click.clone());
    let content = Content { title: "La semaine".into(), text, html: String::new(), event: None, unsubscribe };
    let about = format!("digest/{week}");
    let mail = NewMail {
        kind: Category::Digest.code(),
        about,
        version: 1,
        to: &to,
        content,
        is_secret: false,
        useful_until: None,
    };
    let sender = Sender::new(&site.app.config).unwrap();
    enqueue(&txn, &sender, &site.app.random, mail, now).await.unwrap();
    txn.commit().await.unwrap();
    Some(way)
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
