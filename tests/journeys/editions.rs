//! A speed meeting from its first line to its end: what organisers prepare, what everybody reads of it.

mod open;
mod stages;

use poem::http::StatusCode;

use crate::support::{
    Site,
    html::{Element, Html},
    on_each_database,
    people::{Answer, Browser, accept, organiser, rows},
};

/// The key of the first edition of a site.
pub(crate) const DESK: &str = "/organisation/rencontres/1";
const LIST: &str = "/organisation/rencontres";
/// Its public page.
pub(crate) const PAGE: &str = "/rencontres/rencontre-du-velay-2027";

/// Prepares an edition on the 20th of May, whose place is known.
pub(crate) async fn prepare(claire: &Browser<'_>) {
    let fields = [
        ("titre", "Rencontre du Velay"),
        ("jour", "20/05/2027"),
        ("salle", "Salle des fêtes"),
        ("commune_nom", "Yssingeaux"),
    ];
    let begun = claire.post(&format!("{LIST}/ajout"), &fields).await;
    assert_eq!(begun.location, Some(format!("{DESK}?fait=preparation")), "{:?}", begun.page.texts(".error"));
}

/// The form of a section as a browser would send it.
pub(crate) fn form(page: &Html, section: &str) -> Vec<(String, String)> {
    let action = format!("{DESK}/{section}#{section}");
    let form = page.all("form").into_iter().find(|form| form.attribute("action") == Some(&action)).expect("a form");
    let inside = page.elements.iter().filter(|element| page.contains(form, element));
    let value = |element: &Element| match element.name.as_str() {
        "input" if matches!(element.attribute("type"), Some("checkbox" | "radio")) => {
            element.names().any(|name| name == "checked").then(|| element.attribute("value").unwrap_or("on").to_owned())
        }
        "input" => Some(element.attribute("value").unwrap_or_default().to_owned()),
        "textarea" => Some(element.text.trim().to_owned()),
        "select" => {
            let options = page.all("option").into_iter().filter(|option| page.contains(element, option));
            let chosen = options.into_iter().find(|option| option.names().any(|name| name == "selected"));
            Some(chosen.and_then(|option| option.attribute("value")).unwrap_or_default().to_owned())
        }
        _ => None,
    };
    let named = inside.filter_map(|element| Some((element.attribute("name")?.to_owned(), value(element)?)));
    named.filter(|(name, _)| name != "_token").collect()
}

/// Sends a form that was drawn, with other words in some of its fields.
pub(crate) async fn send(
    browser: &Browser<'_>,
    drawn: &[(String, String)],
    section: &str,
    changes: &[(&str, &str)],
) -> Answer {
    let mut fields: Vec<(&str, &str)> = drawn.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    browser.post(&format!("{DESK}/{section}"), &fields).await
}

/// Opens the page, changes some fields of a section and saves it.
pub(crate) async fn save(browser: &Browser<'_>, section: &str, changes: &[(&str, &str)]) {
    let drawn = form(&browser.get(DESK).await.page, section);
    let saved = send(browser, &drawn, section, changes).await;
    assert_eq!(saved.location, Some(format!("{DESK}?fait={section}#{section}")), "{:?}", saved.page.texts(".error"));
}

fn value<'p>(page: &'p Html, id: &str) -> &'p str {
    page.by_id(id).and_then(|input| input.attribute("value")).unwrap_or_else(|| panic!("no field {id}"))
}

/// Another organiser.
async fn colleague<'a>(site: &'a Site, claire: &Browser<'a>) -> Browser<'a> {
    let invited = claire.post("/organisation/acces/invitations", &[("courriel", "hugo@departement.example")]).await;
    assert_eq!(invited.status, StatusCode::SEE_OTHER, "{:?}", invited.page.texts(".error"));
    accept(&site.app, &site.browser, "hugo@departement.example").await
}

#[tokio::test]
async fn an_organiser_says_where_and_when_and_it_is_kept() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        assert!(claire.get(LIST).await.page.texts("main").concat().contains("Aucune rencontre pour l’instant"));
        prepare(&claire).await;
        let fresh = claire.get(DESK).await.page;
        assert!(fresh.texts(".steps").concat().starts_with("En préparation"));
        assert_eq!((value(&fresh, "fin_inscriptions"), value(&fresh, "fin_souhaits")), ("22/04/2027", "06/05/2027"));
        assert_eq!(value(&fresh, "combien"), "18");
        let place = [("adresse", "2 rue des Genêts"), ("acces", "Parking derrière."), ("point", "45.1419, 4.1236")];
        save(&claire, "lieu", &place).await;
        let day = [("duree", "8"), ("changement", "3"), ("seance-1", "Matinée"), ("debut-1", "9h"), ("nombre-1", "12")];
        let evening = [("seance-3", "Soir"), ("debut-3", "17 h 15"), ("nombre-3", "2")];
        save(&claire, "horaires", &[&day[..], &evening].concat()).await;
        let kept = claire.get(DESK).await.page;
        assert_eq!((value(&kept, "adresse"), value(&kept, "point")), ("2 rue des Genêts", "45.14190, 4.12360"));
        let sessions = (value(&kept, "seance-1"), value(&kept, "debut-1"), value(&kept, "debut-3"));
        assert_eq!(sessions, ("Matinée", "9\u{a0}h", "17\u{a0}h\u{a0}15"));
        let hours = kept.texts(".day-hours").concat();
        assert!(hours.contains("Matinée, de 9 h à 11 h 09 (12 rendez-vous) Pause de 2 h 51, jusqu’à 14 h"), "{hours}");
        let preview = kept.texts(".preview").concat();
        assert!(preview.contains("24 créneaux de 8 minutes : avec 18 tables, jusqu’à 432 rendez-vous."), "{preview}");
        save(&claire, "horaires", &[("seance-2", ""), ("debut-2", ""), ("nombre-2", "")]).await;
        let kept = claire.get(DESK).await.page;
        assert_eq!(
            (value(&kept, "seance-2"), value(&kept, "debut-2")),
            ("Soir", "17\u{a0}h\u{a0}15"),
            "sessions close their ranks"
        );
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert!(journal.contains("a commencé à préparer une rencontre") && journal.contains("Horaires"), "{journal}");
    })
    .await;
}

#[tokio::test]
async fn an_organiser_says_who_sits_where_and_what_is_asked_and_it_is_kept() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        let tables = [("combien", "20"), ("assis", "fournisseur"), ("table-2", "Estrade"), ("zone-2", "BOISSONS")];
        save(&claire, "tables", &tables).await;
        let places = [("places_cantines", "28"), ("fin_inscriptions", "1/5/2027"), ("minimum", "6")];
        save(&claire, "inscription", &places).await;
        let convives = [("question-3", "Combien de convives ?"), ("cote-3", "cantine"), ("obligatoire-3", "oui")];
        save(&claire, "questions", &[&[("question-1", "")], &convives[..]].concat()).await;
        save(&claire, "textes", &[("texte_cantines", ""), ("texte_fournisseurs", "Vos tarifs.\nVos produits.")]).await;
        let kept = claire.get(DESK).await.page;
        assert_eq!((value(&kept, "table-2"), value(&kept, "table-20")), ("Estrade", "Table 20"));
        let holds = |section: &str, name: &str, value: &str| {
            form(&kept, section).contains(&(name.to_owned(), value.to_owned()))
        };
        assert!(holds("tables", "zone-2", "BOISSONS") && holds("tables", "assis", "fournisseur"));
        assert!(holds("inscription", "fin_inscriptions", "01/05/2027") && holds("inscription", "minimum", "6"));
        for (name, value) in convives {
            assert!(holds("questions", name, value), "{name}");
        }
        let is_gone = form(&kept, "questions").iter().all(|(name, _)| name != "question-1");
        assert!(is_gone, "the first is gone, the others keep their numbers");
        assert!(
            holds("textes", "texte_cantines", "")
                && holds("textes", "texte_fournisseurs", "Vos tarifs.\nVos produits.")
        );
        save(&claire, "tables", &[("combien", "19")]).await;
        assert_eq!(rows(&site.app, "edition_tables").await.len(), 19);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let refused = claire
            .post(&format!("{LIST}/ajout"), &[("titre", " "), ("jour", "15/03/2027"), ("commune_nom", "Xyzzyville")])
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for id in ["titre-error", "jour-error", "commune-error"] {
            assert!(refused.page.by_id(id).is_some(), "{id}");
        }
        assert_eq!((value(&refused.page, "jour"), value(&refused.page, "commune_nom")), ("15/03/2027", "Xyzzyville"));
        assert!(rows(&site.app, "editions").await.is_empty());
        prepare(&claire).await;
        let page = claire.get(DESK).await.page;
        let before = rows(&site.app, "editions").await;
        let too_long = "a".repeat(121);
        for (section, field, typed, told) in [
            ("lieu", "titre", too_long.as_str(), "120 au plus"),
            ("lieu", "jour", "le 20 mai", "20/05/2027"),
            ("lieu", "jour", "15/03/2027", "est passé"),
            ("lieu", "jour", "01/05/2027", "changez d’abord ces dates"),
            ("lieu", "point", "ici", "pas lisible"),
            ("horaires", "duree", "2", "entre 3 et 120"),
            ("horaires", "debut-1", "aube", "l’heure de début"),
            ("horaires", "debut-2", "11:27", "avant la fin de « Matin »"),
            ("horaires", "debut-2", "23:00", "après minuit"),
            ("tables", "combien", "121", "entre 1 et 120"),
            ("inscription", "places_cantines", "0", "entre 1 et 1000"),
            ("inscription", "fin_inscriptions", "21/05/2027", "avant la rencontre"),
            ("inscription", "fin_souhaits", "21/04/2027", "après les inscriptions"),
        ] {
            let refused = send(&claire, &form(&page, section), section, &[(field, typed)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{section} {field}");
            assert_eq!(value(&refused.page, field), typed, "{section} {field}");
            let error = refused.page.texts(".error").concat().replace('\u{a0}', " ");
            assert!(error.contains(told), "{section} {field}: {error}");
        }
        let empty =
            [("seance-1", ""), ("debut-1", ""), ("nombre-1", ""), ("seance-2", ""), ("debut-2", ""), ("nombre-2", "")];
        let refused = send(&claire, &form(&page, "horaires"), "horaires", &empty).await;
        assert!(refused.page.texts(".error").concat().contains("au moins une séance"));
        assert_eq!(rows(&site.app, "editions").await, before, "nothing was kept");
        assert_eq!(rows(&site.app, "edition_sessions").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_look_at_the_day_keeps_nothing() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        let drawn = form(&claire.get(DESK).await.page, "horaires");
        let shown = send(&claire, &drawn, "horaires", &[("nombre-1", "2"), ("geste", "apercu")]).await;
        assert_eq!(shown.status, StatusCode::OK);
        let preview = shown.page.texts(".preview").concat();
        assert!(
            preview.contains("telle que vous l’écrivez") && preview.contains("de 9 h 30 à 9 h 52 (2 rendez-vous)"),
            "{preview}"
        );
        assert_eq!(value(&shown.page, "nombre-1"), "2");
        let wrong = send(&claire, &drawn, "horaires", &[("debut-2", "9:00"), ("geste", "apercu")]).await;
        assert_eq!(wrong.status, StatusCode::OK);
        assert!(wrong.page.texts(".preview").concat().contains("Ces horaires ne tiennent pas"));
        assert_eq!(value(&claire.get(DESK).await.page, "nombre-1"), "10");
    })
    .await;
}

#[tokio::test]
async fn who_saves_second_sees_what_the_other_changed_and_loses_nothing() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        let hugo = colleague(site, &claire).await;
        let page = hugo.get(DESK).await.page;
        save(&claire, "lieu", &[("salle", "Gymnase")]).await;
        save(&claire, "tables", &[("combien", "19"), ("zone-1", "BOULANGERIE")]).await;
        // Another section of a page that is as old is no conflict.
        let other = send(&hugo, &form(&page, "textes"), "textes", &[("texte_cantines", "Venez.")]).await;
        assert_eq!(other.status, StatusCode::SEE_OTHER);
        let late = send(&hugo, &form(&page, "lieu"), "lieu", &[("salle", "Halle aux grains")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let told = late.page.texts(".records").concat();
        assert!(told.contains("Salle") && told.contains("Gymnase"), "{told}");
        assert_eq!(value(&late.page, "salle"), "Halle aux grains", "her words are still there");
        assert_eq!(value(&claire.get(DESK).await.page, "salle"), "Gymnase", "and not yet kept");
        let again = send(&hugo, &form(&late.page, "lieu"), "lieu", &[]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(value(&claire.get(DESK).await.page, "salle"), "Halle aux grains");
        let late = send(&hugo, &form(&page, "tables"), "tables", &[("table-3", "Scène")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let told = late.page.texts(".records").concat();
        assert!(told.contains("Table 1, zoneBoulangerie") && told.contains("Nombre de tables19"), "{told}");
        // Who saves what is kept already changes nothing, however old her page.
        let same = send(&hugo, &form(&page, "textes"), "textes", &[("texte_cantines", "Venez.")]).await;
        assert_eq!(same.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_save_a_section_at_once_one_is_told() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        let hugo = colleague(site, &claire).await;
        for round in 0..5 {
            let drawn = form(&claire.get(DESK).await.page, "lieu");
            let (hers, his) = (format!("Salle {round} A"), format!("Salle {round} B"));
            let (a, b) = (&[("salle", hers.as_str())], &[("salle", his.as_str())]);
            let (one, two) =
                futures_util::future::join(send(&claire, &drawn, "lieu", a), send(&hugo, &drawn, "lieu", b)).await;
            let mut statuses = [one.status, two.status];
            statuses.sort();
            assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
        }
    })
    .await;
}

#[tokio::test]
async fn an_earlier_edition_is_copied_with_its_deadlines_as_far_before_the_day() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        save(&claire, "inscription", &[("fin_inscriptions", "20/04/2027"), ("fin_souhaits", "15/05/2027")]).await;
        save(&claire, "tables", &[("combien", "7"), ("table-7", "Scène"), ("zone-7", "BOISSONS")]).await;
        save(&claire, "textes", &[("texte_cantines", "Venez à deux.")]).await;
        claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "draft")]).await;
        let asked = claire.get(&format!("{DESK}/copie")).await.page;
        assert_eq!(value(&asked, "titre"), "Rencontre du Velay");
        let refused = claire.post(&format!("{DESK}/copie"), &[("titre", "Rencontre du Velay"), ("jour", "hier")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(value(&refused.page, "jour"), "hier");
        let fields = [("titre", "Rencontre du Velay"), ("jour", "18/05/2028")];
        let path = format!("{DESK}/copie");
        let (one, two) = futures_util::future::join(claire.post(&path, &fields), claire.post(&path, &fields)).await;
        assert_eq!((one.location.clone(), one.status), (two.location, StatusCode::SEE_OTHER), "pressed twice at once");
        assert_eq!(rows(&site.app, "editions").await.len(), 2);
        let copy = claire.get(&one.location.unwrap()).await.page;
        assert!(copy.texts("h1").concat().contains("Rencontre du Velay"));
        // A year and a day less two: the same distance, through a leap day.
        assert_eq!((value(&copy, "fin_inscriptions"), value(&copy, "fin_souhaits")), ("18/04/2028", "13/05/2028"));
        assert_eq!(
            (value(&copy, "combien"), value(&copy, "table-7"), value(&copy, "salle")),
            ("7", "Scène", "Salle des fêtes")
        );
        assert_eq!(copy.by_id("texte_cantines").unwrap().text.trim(), "Venez à deux.");
        let now = copy.all("li").into_iter().find(|step| step.attribute("aria-current") == Some("step")).unwrap();
        assert_eq!(now.text, "En préparation");
        assert!(copy.link("Aperçu").starts_with("/rencontres/rencontre-du-velay-2028"));
        assert!(copy.texts(".notice").concat().contains("La rencontre est créée"));
        // One of this name is there on that day: the copy, which is open by now, and the one that is copied.
        let opened = claire.post(&format!("{LIST}/2/etape"), &[("geste", "avancer"), ("vu", "draft")]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER);
        for (day, there) in [("18/05/2028", "2"), ("20/05/2027", "1")] {
            let again = claire.post(&path, &[("titre", "Rencontre du Velay"), ("jour", day)]).await;
            assert_eq!(again.location, Some(format!("{LIST}/{there}?fait=deja")));
            let told = claire.get(&again.location.unwrap()).await.page.texts(".notice").concat();
            assert!(told.contains("existe déjà ce jour-là") && !told.contains("est créée"), "{told}");
        }
        let begun =
            claire.post(&format!("{LIST}/ajout"), &[("titre", "Rencontre du Velay"), ("jour", "20/05/2027")]).await;
        assert_eq!(begun.location, Some(format!("{DESK}?fait=deja")));
        assert_eq!(rows(&site.app, "editions").await.len(), 2);
    })
    .await;
}
