//! The organiser looks after the mail.

use manger_local::mail::{MailState, claim, delivery};
use sea_orm::ConnectionTrait;

use crate::support::{
    on_each_database,
    people::organiser,
    post::{carrier, mails, send, states, write},
    smtp::{Misdeed, SmtpServer},
};

#[tokio::test]
async fn the_organiser_reads_the_life_of_a_mail_and_decides_on_one_whose_fate_is_unknown() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        site.app.db.execute_unprepared("DELETE FROM outgoing_mails").await.unwrap();
        let server = SmtpServer::start().await;
        let mut carrier = carrier(&site.app, &server);
        server.misbehave(&[Misdeed::CutAfterText]);
        write(&site.app, "visit/1", 1).await;
        send(&site.app, &mut carrier).await;
        let queue = claire.get("/organisation/courrier").await;
        assert!(queue.page.texts(".chip")[0].contains("sort inconnu"), "{:?}", queue.page.texts(".chip"));
        let life = format!("/organisation/courrier/{}", mails(&site.app).await[0].id);
        let page = claire.get(&life).await;
        assert!(page.page.texts(".notice")[0].contains("peut-être arrivé"));
        let again = claire.post(&format!("{life}/renvoi"), &[]).await.location.unwrap();
        assert!(claire.get(&again).await.page.texts(".success")[0].contains("remis à l’envoi"), "{again}");
        send(&site.app, &mut carrier).await;
        assert_eq!(states(&site.app).await, [MailState::Sent]);
        let texts = server.received();
        assert_eq!(texts[0].header("Message-ID"), texts[1].header("Message-ID"), "a reader can know it for the same");
        let told = claire.get(&life).await.page.texts("main").join(" ");
        assert!(told.contains("À renvoyer") && told.contains("claire@departement.example"), "{told}");
        let refused = claire.post(&format!("{life}/abandon"), &[]).await;
        assert_eq!(refused.location.as_deref(), Some(&*life), "nothing is done and nothing is said");
        assert_eq!(states(&site.app).await, [MailState::Sent], "what was sent cannot be given up");
        write(&site.app, "visit/2", 1).await;
        let other = format!("/organisation/courrier/{}", mails(&site.app).await[1].id);
        let given_up = claire.post(&format!("{other}/abandon"), &[]).await.location.unwrap();
        assert!(claire.get(&given_up).await.page.texts(".success")[0].contains("ne sera plus envoyé"), "{given_up}");
    })
    .await;
}

#[tokio::test]
async fn the_organiser_pauses_goes_on_and_sends_a_test() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        site.app.db.execute_unprepared("DELETE FROM outgoing_mails").await.unwrap();
        let server = SmtpServer::start().await;
        let mut carrier = carrier(&site.app, &server);
        claire.post("/organisation/courrier/pause", &[]).await;
        let paused = claire.post("/organisation/courrier/pause", &[]).await.location.unwrap();
        let told = claire.get(&paused).await.page;
        assert_eq!(told.all(".success")[0].attribute("role"), Some("status"));
        assert!(told.texts(".info")[0].contains("La personne qui a installé le site"), "{:?}", told.texts(".info"));
        claire.post("/organisation/courrier/essai", &[]).await;
        claire.post("/organisation/courrier/essai", &[]).await;
        assert_eq!(send(&site.app, &mut carrier).await, 0);
        assert!(claire.get("/organisation/courrier").await.page.texts(".notice")[0].contains("suspendu depuis le 16"));
        let resumed = claire.post("/organisation/courrier/reprise", &[]).await.location.unwrap();
        assert!(claire.get(&resumed).await.page.texts(".success")[0].contains("L’envoi a repris"), "{resumed}");
        assert_eq!(send(&site.app, &mut carrier).await, 2, "each press is another mail");
        assert!(server.received().iter().all(|mail| mail.to == "claire@departement.example"));
        assert_eq!(delivery::recover(&site.app, claim::Gone::All).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_organiser_sees_which_addresses_do_not_receive_until_one_does() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        site.app.db.execute_unprepared("DELETE FROM outgoing_mails").await.unwrap();
        let server = SmtpServer::start().await;
        let mut carrier = carrier(&site.app, &server);
        server.misbehave(&[Misdeed::Recipient("550 5.1.1 no such user")]);
        write(&site.app, "visit/1", 1).await;
        send(&site.app, &mut carrier).await;
        let page = claire.get("/organisation/courrier").await.page.texts("main").join(" ");
        assert!(page.contains("Adresses qui ne reçoivent pas") && page.contains("no such user"), "{page}");
        write(&site.app, "visit/2", 1).await;
        send(&site.app, &mut carrier).await;
        let page = claire.get("/organisation/courrier").await.page.texts("main").join(" ");
        assert!(!page.contains("Adresses qui ne reçoivent pas"), "a later one arrived");
        claire.post("/organisation/courrier/pause", &[]).await;
        let journal = claire.get("/organisation/journal").await.page.texts("main").join(" ");
        assert!(journal.contains("a suspendu l’envoi du courrier"), "{journal}");
    })
    .await;
}
