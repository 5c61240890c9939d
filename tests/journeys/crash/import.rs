//! An import of twenty thousand suppliers, killed on its way.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::{BufRead, BufReader, Read},
    process::Stdio,
};

use manger_local::suppliers::{Listing, changes_since, last_change, load_page};

use super::generated::{self, Whole, whole};
use crate::support::{Site, on_each_database, process};

const SUPPLIERS: usize = 20_000;
const WITH_OFFERS: usize = 4_000;
/// Suppliers written in one transaction.
const BATCH: usize = 1_000;

#[tokio::test]
async fn an_import_that_is_killed_has_saved_what_it_said_and_goes_on_from_there() {
    on_each_database(async |site| {
        let (table, expected) = generated::suppliers(SUPPLIERS, 43);
        let import = Import::new(site, "suppliers", &table);
        let said = import.killed_after(4);
        let saved = all(site).await;
        let before = saved.len();
        assert_ne!(before, SUPPLIERS, "it was over before it was killed");
        assert!(said >= 4 * BATCH && before >= said, "{said} were said to be saved, {before} are");
        assert_eq!(before % BATCH, 0, "a batch was cut");
        assert_whole(&saved, &expected);
        assert_announced(site, &saved).await;
        let report = import.finished();
        let counts = format!("nouvelles : {}, modifiées : 0, inchangées : {before}, refusées : 0", SUPPLIERS - before);
        assert!(report.contains(&counts), "{report}");
        let complete = all(site).await;
        assert_eq!(complete.len(), SUPPLIERS);
        assert_whole(&complete, &expected);
        let (last, report) = (last_change(&site.app.db).await.unwrap(), import.finished());
        assert!(report.contains(&format!("nouvelles : 0, modifiées : 0, inchangées : {SUPPLIERS}")), "{report}");
        assert!(all(site).await == complete, "a third run changed something");
        assert_eq!(last_change(&site.app.db).await.unwrap(), last, "a third run gave the nodes something to do");
        offers_are_whole(site).await;
    })
    .await;
}

/// The same of offers: a supplier has all of its own or none.
async fn offers_are_whole(site: &Site) {
    let import = Import::new(site, "offers", &generated::offers(WITH_OFFERS));
    let said = import.killed_after(1);
    let listings = all(site).await;
    let with_offers = listings.iter().filter(|listing| !listing.offers.is_empty()).count();
    assert!(with_offers >= said && with_offers < WITH_OFFERS, "{said} said, {with_offers} saved");
    assert!(listings.iter().all(|listing| matches!(listing.offers.len(), 0 | 2)), "half of the offers of a supplier");
    let touched = listings.iter().filter(|listing| listing.supplier.version > 1).count();
    assert_eq!(touched, with_offers, "suppliers rise in version with their offers");
    let report = import.finished();
    let counts =
        format!("nouvelles : {}, modifiées : 0, inchangées : {}", 2 * (WITH_OFFERS - with_offers), 2 * with_offers);
    assert!(report.contains(&counts), "{report}");
    let listings = all(site).await;
    assert_eq!(listings.iter().filter(|listing| listing.offers.len() == 2).count(), WITH_OFFERS);
}

/// A command that imports a table into the database of a site.
struct Import<'a> {
    site: &'a Site,
    arguments: Vec<String>,
}

impl<'a> Import<'a> {
    fn new(site: &'a Site, what: &str, table: &str) -> Self {
        let file = site.folder().join(format!("{what}.csv"));
        fs::write(&file, table).unwrap();
        let mut arguments = vec!["import".to_owned(), what.to_owned(), file.display().to_string()];
        arguments.extend(process::same_database(site));
        Self { site, arguments }
    }

    fn arguments(&self) -> Vec<&str> {
        self.arguments.iter().map(String::as_str).collect()
    }

    /// Kills it once it has said this many times what it saved; how many it said in all.
    fn killed_after(&self, lines: usize) -> usize {
        let mut command = process::command(&self.arguments(), &self.site.folder());
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while said.matches(" saved\n").count() < lines {
            assert_ne!(errors.read_line(&mut said).unwrap(), 0, "it ended before it was killed: {said}");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        errors.read_to_string(&mut said).unwrap();
        let last = said.lines().filter_map(|line| line.strip_suffix(" saved")).next_back();
        let number = last.and_then(|line| line.split(' ').next()).and_then(|number| number.parse().ok());
        number.unwrap_or_else(|| panic!("it did not say what it saved: {said}"))
    }

    /// Its report when it is left alone.
    fn finished(&self) -> String {
        let output = process::run(&self.arguments(), &self.site.folder());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

async fn all(site: &Site) -> Vec<Listing> {
    let mut listings: Vec<Listing> = Vec::new();
    loop {
        let after = listings.last().map_or(0, |listing| listing.supplier.id);
        let page = load_page(&site.app.db, after, 5_000).await.unwrap();
        if page.is_empty() {
            return listings;
        }
        listings.extend(page);
    }
}

fn assert_whole(listings: &[Listing], expected: &BTreeMap<String, Whole>) {
    for listing in listings {
        assert_eq!(&whole(listing), &expected[&listing.supplier.reference], "{}", listing.supplier.reference);
    }
}

/// Each is in the change log, once.
async fn assert_announced(site: &Site, listings: &[Listing]) {
    let mut times: HashMap<i64, usize> = HashMap::new();
    for change in changes_since(&site.app.db, 0, 1_000_000).await.unwrap() {
        *times.entry(change.supplier_id.unwrap()).or_default() += 1;
    }
    assert_eq!(times.len(), listings.len());
    assert!(listings.iter().all(|listing| times.get(&listing.supplier.id) == Some(&1)));
}
