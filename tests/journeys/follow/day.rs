//! A day that begins changes what is proven, though nobody wrote anything.

use chrono::TimeDelta;
use manger_local::directory::step;

use crate::support::{
    cast::{found, open_with_cast, visit},
    on_each_database,
};

#[tokio::test]
async fn a_certificate_stops_being_proof_at_midnight_where_the_directory_lives() {
    on_each_database(async |site| {
        let position = open_with_cast(site).await;
        let organic = async || {
            let page = visit(&site.browser, "/annuaire?certification=organic&q=yaourt").await;
            let api = site.browser.get("/api/v1/suppliers?certification=organic&q=yaourt").send().await;
            let total = api.json().await.value().object().get("total").i64();
            assert_eq!(found(&page).len(), usize::try_from(total).unwrap(), "page and API agree");
            total
        };
        let profile = "/annuaire/laiterie-du-meygal";
        // From 08:30 in Le Puy to a minute before midnight, which is 22:59 in UTC.
        site.app.clock.advance(TimeDelta::minutes(15 * 60 + 29));
        assert_eq!(organic().await, 1, "its last day is not over");
        assert!(visit(&site.browser, profile).await.all("body")[0].text.contains("Bio, preuve à jour"));
        site.app.clock.advance(TimeDelta::minutes(2));
        assert_eq!(step(&site.app, position).await.unwrap(), position, "nobody wrote anything");
        assert_eq!(organic().await, 0, "its last day is over");
        assert_eq!(found(&visit(&site.browser, "/annuaire?q=yaourt").await), ["G003"]);
        let said = &visit(&site.browser, profile).await.all("body")[0].text.clone();
        assert!(said.contains("preuve expirée") && !said.contains("Bio, preuve à jour"), "{said}");
    })
    .await;
}
