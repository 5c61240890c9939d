//! The index follows the change log.

use index::Listing;

use crate::support::{Farm, TODAY, all, asking, empty_index, farm, ids, index};

#[test]
fn an_update_replaces_and_removes() {
    let index = index(&[farm(1, "A").sells(&["Miel"]), farm(2, "B").sells(&["Miel"])]);
    index.update(&[2], &[farm(1, "A").sells(&["Pain"]), farm(3, "C").sells(&["Miel"])], TODAY);
    assert_eq!(ids(&index.search(&asking("miel"))), [3]);
    assert_eq!(ids(&index.search(&asking("pain"))), [1]);
    assert_eq!((index.len(), index.search(&all()).total), (2, 2));
}

#[test]
fn an_empty_index_answers() {
    let index = empty_index();
    assert!(index.is_empty());
    assert_eq!((index.search(&all()).total, index.search(&asking("miel à Brioude")).total), (0, 0));
    index.update(&[7], &[], TODAY);
    assert!(index.is_empty() && index.suggest("mi", 5).len() == 1);
}

#[test]
fn a_rebuild_changes_nothing_until_it_is_installed() {
    let index = index(&[farm(1, "A").sells(&["Miel"])]);
    let mut rebuild = index.rebuild();
    rebuild.put(&farm(2, "B").sells(&["Miel"]));
    assert_eq!((rebuild.len(), ids(&index.search(&asking("miel")))), (1, vec![1]));
    index.install(rebuild, TODAY);
    assert_eq!(ids(&index.search(&asking("miel"))), [2]);
}

#[test]
fn many_updates_wear_the_index_out() {
    let index = index(&[farm(1, "A")]);
    let same: Vec<Listing> = (0..1_000).map(|_| farm(1, "A")).collect();
    index.update(&[], &same, TODAY);
    assert!(!index.is_worn());
    index.update(&[], &[same.clone(), same].concat(), TODAY);
    assert!(index.is_worn());
    assert_eq!(index.len(), 1);
}
