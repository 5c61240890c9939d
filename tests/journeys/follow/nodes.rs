//! One node and several, fed by writers that know nothing of them.

use manger_local::{
    app::{App, Random},
    directory::{Position, step},
};

use crate::support::{
    Site,
    cast::{SUPPLIERS, bring_cast, farms, found, import_offers, import_suppliers, open_with_cast, visit},
    on_each_database,
};

const HEADING: &str = "Référence;Nom;Type;Code postal;Commune\n";

#[tokio::test]
async fn what_another_connection_commits_is_found_after_one_step() {
    on_each_database(async |site| {
        let position = open_with_cast(site).await;
        let writer = another_node(site).await;
        let row = "G007;Ferme du Mézenc;Producteur;43150;Les Estables\n";
        import_suppliers(&writer, &format!("{HEADING}{row}")).await;
        assert_eq!(found(&visit(&site.browser, "/annuaire?q=mezenc").await).len(), 0, "not before the step");
        let position = step(&site.app, position).await.unwrap();
        assert_eq!(found(&visit(&site.browser, "/annuaire?q=mezenc").await), ["G007"]);
        let offers = "Référence fournisseur;Produit;Famille\nG007;Fin gras du Mézenc;Viandes et volailles\n";
        import_offers(&writer, offers).await;
        let position = step(&site.app, position).await.unwrap();
        assert_eq!(found(&visit(&site.browser, "/annuaire?q=mezenc&family=VIANDES_VOLAILLES").await), ["G007"]);
        let renamed = row.replace("du Mézenc", "des Narces");
        import_suppliers(&writer, &format!("{HEADING}{renamed}")).await;
        let position = step(&site.app, position).await.unwrap();
        assert_eq!(found(&visit(&site.browser, "/annuaire?q=narces").await), ["G007"]);
        assert_eq!(step(&site.app, position).await.unwrap(), position, "nothing is left to read");
        close(writer).await;
    })
    .await;
}

#[tokio::test]
async fn a_file_that_changes_nothing_gives_the_nodes_nothing_to_do() {
    on_each_database(async |site| {
        let position = open_with_cast(site).await;
        let report = import_suppliers(&site.app, SUPPLIERS).await;
        assert_eq!((report.unchanged, report.updated), (6, 0), "{report}");
        assert_eq!(step(&site.app, position).await.unwrap(), position);
    })
    .await;
}

#[tokio::test]
async fn a_write_that_is_taken_back_is_never_found() {
    on_each_database(async |site| {
        let position = open_with_cast(site).await;
        let txn = site.app.write().await.unwrap();
        manger_local::suppliers::record_change(&txn, 1, site.app.clock.now()).await.unwrap();
        txn.rollback().await.unwrap();
        assert_eq!(step(&site.app, position).await.unwrap(), position);
    })
    .await;
}

#[tokio::test]
async fn every_node_of_one_database_follows_at_its_own_pace() {
    on_each_database(async |site| {
        bring_cast(&site.app).await;
        let nodes = [another_node(site).await, another_node(site).await, another_node(site).await];
        let mut positions = [Position::default(); 3];
        positions[0] = step(&nodes[0], positions[0]).await.unwrap();
        for number in 10..14 {
            let row = format!("G0{number};Ferme {number};Producteur;43000;Le Puy-en-Velay\n");
            import_suppliers(&nodes[number % 3], &format!("{HEADING}{row}")).await;
            positions[1] = step(&nodes[1], positions[1]).await.unwrap();
            assert_eq!(nodes[1].index.len(), number - 3, "the second node steps at each change");
        }
        for (node, mut position) in nodes.iter().zip(positions) {
            position = step(node, position).await.unwrap();
            assert_eq!(node.index.len(), 10);
            assert_eq!(step(node, position).await.unwrap(), position);
        }
        for node in nodes {
            close(node).await;
        }
    })
    .await;
}

#[tokio::test]
async fn more_changes_than_are_read_at_a_time_are_all_read() {
    on_each_database(async |site| {
        let mut position = open_with_cast(site).await;
        import_suppliers(&site.app, &farms('M', 1_203)).await;
        let mut steps = 0;
        loop {
            let next = step(&site.app, position).await.unwrap();
            if next == position {
                break;
            }
            (position, steps) = (next, steps + 1);
        }
        assert!(steps > 1, "{steps} step took more than the limit");
        assert_eq!(site.app.index.len(), 1_209);
    })
    .await;
}

/// A further node on the database of a site, with a connection and an index of its own.
pub(super) async fn another_node(site: &Site) -> App {
    let config = manger_local::config::Config::clone(&site.app.config);
    let opened = App::open(config.clone()).await.unwrap();
    App::with(config, opened.db, site.app.clock.clone(), Random::seeded(44))
}

pub(super) async fn close(node: App) {
    node.db.close().await.unwrap();
}
