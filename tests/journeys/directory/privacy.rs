//! What a supplier keeps to itself, and what is left of one that is no longer shown.

use manger_local::directory::{Position, step};

use crate::support::{
    Site,
    cast::{SUPPLIERS, found, import_suppliers, open_with_cast, visit},
    on_each_database,
};

/// Addresses that could speak of a supplier of the cast.
const ADDRESSES: [&str; 12] = [
    "/",
    "/annuaire?near=43157&per_page=100",
    "/annuaire?q=lentilles&near=43157&sort=distance",
    "/annuaire?q=lentilles&view=map",
    "/api/v1/suppliers?near=43157&per_page=100",
    "/api/v1/suppliers?q=lentilles",
    "/api/v1/suggestions?q=ferme",
    "/annuaire.geojson?near=43157",
    "/annuaire.csv?near=43157",
    "/sitemap.xml",
    "/annuaire/ferme-de-la-sumene",
    "/api/v1/suppliers/G002",
];

#[tokio::test]
async fn a_hidden_position_and_the_contacts_are_nowhere() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let more = ["/annuaire/panier-du-velay?near=43157", "/api/v1/suppliers/G005"];
        for address in ADDRESSES.into_iter().chain(more) {
            let said = text(site, address).await;
            for secret in ["45.123", "4.067", "45,123", "4,067", "45.077", "3.955", "Secret", "Rue Cachée"] {
                assert!(!said.contains(secret), "{address} says {secret}");
            }
            assert!(!said.contains("@ferme.example") && !said.contains("04 71 00"), "{address} says a contact");
        }
        let open = text(site, "/annuaire/gaec-des-genets").await;
        assert!(open.contains("Le Bourg"), "an exact position is published with its address");
    })
    .await;
}

#[tokio::test]
async fn a_distance_does_not_give_a_hidden_place_away() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        // From the very field of G002: measured from there it would be 0 km, measured from its commune's point it is more.
        let page = visit(&site.browser, "/annuaire?q=carottes&lat=45.12345&lon=4.06789").await;
        assert_eq!(found(&page), ["G002"]);
        let near = visit(&site.browser, "/annuaire?q=carottes&lat=45.12345&lon=4.06789&radius_km=3").await;
        assert_eq!(found(&near).len(), 0);
    })
    .await;
}

#[tokio::test]
async fn of_a_listing_no_longer_shown_nothing_is_left() {
    on_each_database(async |site| {
        for state in ["En pause", "Retirée", "Brouillon"] {
            let mut position = open_with_cast_again(site).await;
            assert!(text(site, "/annuaire?q=carottes").await.contains("Sumène"));
            let hidden = with_state(state);
            let report = import_suppliers(&site.app, &hidden).await;
            assert_eq!((report.updated, report.refused), (1, 0), "{report}");
            position = step(&site.app, position).await.unwrap();
            assert_eq!(step(&site.app, position).await.unwrap(), position, "one step was enough");
            for address in ADDRESSES.into_iter().chain(["/annuaire?q=sum%C3%A8ne", "/annuaire?q=carottes+de+sable"]) {
                let said = text(site, address).await;
                // The words of the question are no trace.
                let traces = ["de la Sumène", "ferme-de-la-sumene", "G002"];
                let trace = traces.iter().find(|trace| said.contains(**trace));
                assert!(trace.is_none() || said.contains("problem"), "{state}: {address} still says {trace:?}");
            }
            let gone = site.browser.get("/annuaire/ferme-de-la-sumene").send().await;
            assert_eq!(gone.0.status(), 404, "{state}");
            assert_eq!(site.browser.get("/api/v1/suppliers/G002").send().await.0.status(), 404, "{state}");
            assert_eq!(found(&visit(&site.browser, "/annuaire?q=carottes").await).len(), 0, "{state}");
        }
    })
    .await;
}

/// The cast, with everybody shown again.
async fn open_with_cast_again(site: &Site) -> Position {
    if site.app.index.is_empty() {
        return open_with_cast(site).await;
    }
    import_suppliers(&site.app, &with_state("Publiée")).await;
    step(&site.app, Position::default()).await.unwrap()
}

/// The table with G002 in this state.
fn with_state(state: &str) -> String {
    let (heading, row) = (SUPPLIERS.lines().next().unwrap(), SUPPLIERS.lines().nth(2).unwrap());
    format!("{heading};État\n{row};{state}\n")
}

async fn text(site: &Site, address: &str) -> String {
    let answer = site.browser.get(address).send().await;
    answer.0.into_body().into_string().await.unwrap()
}
