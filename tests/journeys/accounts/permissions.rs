//! Every address of the site that is not for everybody, with everybody who may ask.

use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, member, organiser},
    post, routes_as_written,
    second_factor::{enter, halfway, shown, with_telephone},
};

/// Who may use the addresses under a heading of the routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    Everybody,
    SignedIn,
    /// The people of the organisation in the address, and organisers.
    Members,
    Organisers,
    Nobody,
}

const HEADINGS: [(&str, May); 10] = [
    ("Everybody", May::Everybody),
    ("Whoever wants to come in", May::Everybody),
    ("Whoever is signed in", May::SignedIn),
    ("The people of an organisation, and organisers", May::Members),
    // Her link is a journey of its own; a key in its place is for who is signed in, when it is hers.
    ("Whoever has a link, or is signed in with the address", May::SignedIn),
    ("Organisers", May::Organisers),
    ("Everybody, in the demonstration", May::Nobody),
    ("Programs", May::Everybody),
    ("Browsers and crawlers", May::Everybody),
    ("Monitors", May::Everybody),
];

/// Each address with whether it is read, sent to, and who may.
fn routes() -> Vec<(String, bool, bool, May)> {
    let text = routes_as_written();
    let (mut may, mut found) = (None, Vec::new());
    for line in text.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix("// ") {
            may = HEADINGS.iter().find(|(known, _)| *known == heading).map(|(_, may)| *may);
            assert!(may.is_some(), "nobody says who may use what stands under « {heading} »");
        }
        if let Some(path) = line.strip_prefix(".at(\"").and_then(|rest| rest.split('"').next()) {
            let rest = &line[line.find(path).unwrap() + path.len()..];
            found.push((
                path.to_owned(),
                rest.contains("get("),
                rest.contains("post("),
                may.expect("a heading before"),
            ));
        }
    }
    found
}

/// Where the row in the address belongs to one person: who has none finds nothing, whoever she is.
fn is_of_one_person(path: &str) -> bool {
    path.starts_with("/mon-espace/") && path.contains(":id")
}

#[tokio::test]
async fn each_address_is_open_to_those_it_is_for_and_looks_like_nothing_to_others() {
    let site = Site::new().await;
    post::write(&site.app, "visit/1", 1).await;
    let claire = organiser(&site.app, &site.browser).await;
    let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
    let neighbour = member(&site.app, &claire, "Ferme du Bas", "grower@ferme.example").await;
    // The grower's listing says something.
    grower_writes(&neighbour).await;
    let stranger = Browser::new(&site.browser);
    let (routes, mut looked_at) = (routes(), 0);
    for (path, is_read, is_sent, may) in &routes {
        // Their own journeys send to what everybody may use.
        if *may == May::Everybody {
            continue;
        }
        looked_at += 1;
        let own = is_of_one_person(path);
        // The organisers' team holds Claire, the cook's team the cook.
        let person = if *may == May::Organisers { "1" } else { "2" };
        // A listing is the grower's, all else of an organisation the cook's.
        let is_listing = path.contains("/fiche");
        let (insider, outsider) = if is_listing { (&neighbour, &cook) } else { (&cook, &neighbour) };
        let id = if is_listing { "2" } else { "1" };
        let path = path.replace(":id", id).replace(":person", person).replace(":invitation", "9");
        let path = path.replace(":key", "9").replace(":file", "9").replace(":slug", "9");
        let path = path.replace(":way", "9").replace(":registration", "9");
        // The cook has not said where she cooks: she is led to say so.
        let leads = path.ends_with("/suggestions");
        for (who, browser, allowed) in [
            ("the stranger", &stranger, false),
            ("the neighbour", outsider, *may == May::SignedIn && !own),
            ("one of its people", insider, matches!(may, May::SignedIn | May::Members) && !own),
            ("the organiser", &claire, *may != May::Nobody && !own),
        ] {
            let is_led = who == "the stranger" && *may != May::Nobody;
            // Her own browser is the first of all sessions.
            let is_hers = who == "the organiser" && own && path.contains("appareils");
            if *is_read && !is_hers {
                let expected = match (allowed, is_led) {
                    (true, _) if path.contains("/9/") || path.ends_with("/9") => StatusCode::NOT_FOUND,
                    (true, _) if leads => StatusCode::SEE_OTHER,
                    (true, _) => StatusCode::OK,
                    (false, true) => StatusCode::SEE_OTHER,
                    (false, false) => StatusCode::NOT_FOUND,
                };
                assert_eq!(browser.get(&path).await.status, expected, "{who} reads {path}");
            }
            if *is_sent && !is_hers {
                let status = browser.post(&path, &[("second_facteur", "non")]).await.status;
                // What names a row that is not there is refused to everybody; the rest is done, or asked again.
                let missing =
                    path.contains("/9/") || path.ends_with("/9") || path.ends_with("/1/second-facteur/retrait");
                let done =
                    [StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT];
                // A stranger is told to sign in, whatever there is; to others there is nothing.
                let refused = if is_led { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND };
                let fits = if allowed { done.contains(&status) || missing } else { status == refused };
                assert!(fits, "{who} sends to {path}: {status}");
            }
        }
    }
    assert!(looked_at >= 30, "the routes are read: {looked_at} of {}", routes.len());
}

/// What a listing needs before it can be drawn.
async fn grower_writes(grower: &Browser<'_>) {
    for (step, fields) in [
        ("identite", vec![("nom", "Ferme du Bas"), ("type", "producer"), ("telephone", "04 71 00 00 00")]),
        ("lieu", vec![("commune", "43157"), ("position", "commune")]),
    ] {
        let page = format!("/fiche/2/{step}");
        let form = grower.get(&page).await.page;
        let vu = form.all("input").into_iter().find(|input| input.attribute("name") == Some("vu")).unwrap();
        let saved = grower.post(&page, &[fields, vec![("vu", vu.attribute("value").unwrap())]].concat()).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.page.texts(".error"));
    }
}

#[tokio::test]
async fn between_mailbox_and_telephone_nothing_is_open_that_is_not_for_everybody() {
    on_each_database(async |site| {
        let (claire, secret, _) = with_telephone(site).await;
        member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        let half = halfway(site).await;
        let mut looked_at = 0;
        for (path, is_read, is_sent, may) in routes() {
            if !matches!(may, May::SignedIn | May::Members | May::Organisers) {
                continue;
            }
            looked_at += 1;
            let path = path.replace(":id", "1").replace(":person", "2").replace(":invitation", "1");
            let path = path.replace(":key", "1").replace(":file", "1").replace(":slug", "1");
            let path = path.replace(":way", "1").replace(":registration", "1");
            if is_read {
                let led = half.get(&path).await.location;
                let door = format!("/connexion/second-facteur?suite={}", path.replace('/', "%2F"));
                assert_eq!(led, Some(door), "{path}");
            }
            if is_sent {
                let sent = half.post(&path, &[]).await;
                assert_eq!(
                    (sent.status, sent.page.link("Me connecter")),
                    (StatusCode::FORBIDDEN, "/connexion/second-facteur")
                );
            }
        }
        assert!(looked_at >= 30, "{looked_at}");
        assert_eq!(enter(&half, &shown(site, &secret, 0)).await, StatusCode::SEE_OTHER);
        assert_eq!(half.get("/organisation/journal").await.status, StatusCode::OK, "the same browser with the code");
    })
    .await;
}

#[tokio::test]
async fn what_a_stranger_sends_is_answered_alike_whatever_there_is() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        let stranger = Browser::new(&site.browser);
        let mut pages = Vec::new();
        for path in ["/equipes/1/invitations", "/equipes/99/invitations", "/equipes/x/invitations"] {
            let sent = stranger.post(path, &[("courriel", "helper@college.example")]).await;
            pages.push((sent.status, sent.page.texts("main").join(" ")));
        }
        assert!(pages[0].0 == StatusCode::FORBIDDEN && pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    })
    .await;
}
