use std::io::{Cursor, Write};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::accounts::{self, Person};
use crate::app::App;
use crate::mail::OutgoingMail;
use crate::{audit, contacts, farm_visits, favourites, mail, speed_meetings, suppliers};

/// Acts of hers in the file, the latest.
const ACTS: u64 = 10_000;

const READ_ME: &str = "Vos données\r\n\r\n\
donnees.json : tout ce que ce site sait de vous, lisible par un programme et dans un éditeur de texte.\r\n\
messages/ : les courriels que le site vous a envoyés et garde encore ; un logiciel de courrier les ouvre.\r\n\r\n\
Les secrets (codes, liens, clés) n’y sont pas : le site ne garde que leur empreinte.\r\n";

/// Why a file cannot be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoFile {
    /// The database did not answer.
    #[error("reading what is known of a person")]
    Database(#[from] DbErr),
    /// The file could not be put together.
    #[error("writing a ZIP file")]
    Zip(#[from] zip::result::ZipError),
    /// Nor a part of it.
    #[error("writing a ZIP file")]
    Write(#[from] std::io::Error),
}

/// All that is known of a person, as a ZIP: `donnees.json`, her mails, a word of explanation.
pub(super) async fn account_file(app: &App, person: &Person) -> Result<Vec<u8>, NoFile> {
    let mails = mail::to_address(&app.db, &person.email).await?;
    let known = known(&app.db, person, &mails, app.clock.now()).await?;
    let (options, mut zip) = (SimpleFileOptions::default(), ZipWriter::new(Cursor::new(Vec::new())));
    zip.start_file("LISEZMOI.txt", options)?;
    zip.write_all(READ_ME.as_bytes())?;
    zip.start_file("donnees.json", options)?;
    zip.write_all(format!("{known:#}").as_bytes())?;
    for mail in mails.iter().filter(|mail| !mail.message.is_empty()) {
        zip.start_file(format!("messages/{}-{}.eml", mail.id, mail.kind), options)?;
        zip.write_all(mail.message.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

async fn known(
    db: &impl ConnectionTrait,
    person: &Person,
    mails: &[OutgoingMail],
    now: DateTime<Utc>,
) -> Result<Value, DbErr> {
    let mails = mails.iter().map(|mail| {
        json!({ "objet": mail.title, "ecrit_le": mail.created_at, "fini_le": mail.ended_at, "etat": mail.state.label() })
    });
    let events = mail::events_of(db, &person.email, now).await?;
    let events = events.iter().map(
        |(event, _)| json!({ "quoi": event.summary, "ou": event.location, "de": event.starts_at, "a": event.ends_at }),
    );
    let acts = audit::page(db, Some(person.id), 0, ACTS).await?;
    let acts = acts
        .iter()
        .map(|entry| json!({ "le": entry.at, "quoi": entry.act, "sur": entry.subject, "detail": entry.detail }));
    let reports = suppliers::reported_by(db, &person.email).await?;
    let reports = reports.iter().map(|report| json!({ "le": report.created_at, "texte": report.message }));
    let written = contacts::sent_by(db, person.id).await?;
    let written = written.iter().map(|contact| {
        json!({ "le": contact.created_at, "texte": contact.message, "quantite": contact.quantity, "fournisseur": contact.supplier_id })
    });
    let searches = favourites::searches_of(db, person.id).await?;
    let searches = searches.iter().map(|search| {
        json!({ "nom": search.name, "recherche": search.query, "suivie_depuis": search.created_at, "regardee_le": search.looked_on })
    });
    let meetings = speed_meetings::represented_by(db, person.id).await?;
    let meetings = meetings.iter().map(|(title, day, name)| json!({ "rencontre": title, "le": day, "nom": name }));
    let visits = farm_visits::registered_by(db, &person.email).await?;
    let visits = visits.iter().map(|(title, starts_at, party, standing, said)| {
        json!({ "visite": title, "le": starts_at, "personnes": party, "inscription": standing, "precisions": said })
    });
    let came = farm_visits::attended_by(db, &person.email).await?;
    let came = came.iter().map(|(title, at, count)| json!({ "visite": title, "le": at, "personnes": count }));
    let rides = farm_visits::carpooled_by(db, &person.email).await?;
    let rides = rides.iter().map(|(what, commune, minutes, seats, phone, words)| {
        let hour = format!("{}:{:02}", minutes / 60, minutes % 60);
        json!({ "quoi": what, "commune": commune, "heure": hour, "places": seats, "telephone": phone, "mot": words })
    });
    let proposed = farm_visits::proposed_by(db, person.id).await?;
    let proposed =
        proposed.iter().map(|(at, sights, contact)| json!({ "le": at, "texte": sights, "contact": contact }));
    Ok(json!({
        "presences_aux_visites": came.collect::<Vec<_>>(),
        "covoiturages": rides.collect::<Vec<_>>(),
        "visites_proposees": proposed.collect::<Vec<_>>(),
        "visites_de_fermes": visits.collect::<Vec<_>>(),
        "rencontres": meetings.collect::<Vec<_>>(),
        "aux_fournisseurs": written.collect::<Vec<_>>(),
        "recherches_suivies": searches.collect::<Vec<_>>(),
        "apres_les_rencontres": speed_meetings::after::written_by(db, person.id).await?,
        "compte": accounts::known_of(db, person).await?,
        "messages": mails.collect::<Vec<_>>(),
        "rendez_vous": events.collect::<Vec<_>>(),
        "journal": acts.collect::<Vec<_>>(),
        "erreurs_signalees": reports.collect::<Vec<_>>(),
    }))
}
