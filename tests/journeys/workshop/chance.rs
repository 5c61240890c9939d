//! Changes as chance would have them: whatever was done, taking it all back leads to the beginning.

use std::collections::BTreeSet;

use poem::http::StatusCode;

use super::{PLANNING, facts, timetable, turn, with_timetable};
use crate::support::{Site, on_each_database};

const STEPS: usize = 30;

/// Numbers that look like chance, the same ones each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// Nobody is at two places, no table has two appointments, no pair meets twice.
async fn is_sound(site: &Site) {
    let all = facts(site).await;
    let distinct = |keys: Vec<(i64, i64)>| keys.iter().collect::<BTreeSet<_>>().len() == all.len();
    assert!(distinct(all.iter().map(|one| (one.0, one.1)).collect()), "{all:?}");
    assert!(distinct(all.iter().map(|one| (one.0, one.2.into())).collect()), "{all:?}");
    assert!(distinct(all.iter().map(|one| (one.1, one.2.into())).collect()), "{all:?}");
    assert!(distinct(all.iter().map(|one| (one.2.into(), one.3.into())).collect()), "{all:?}");
}

#[tokio::test]
async fn whatever_is_changed_and_taken_back_the_timetable_is_sound_and_the_beginning_is_reached_again() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let (taken, mut chance) = (facts(site).await, Chance(7));
        let (mut depth, mut undone, mut done) = (0_usize, 0_usize, 0_usize);
        for _ in 0..STEPS {
            let rows = timetable(site).await;
            let pick = chance.below(7);
            if pick == 5 && depth > 0 {
                assert_eq!(turn(&claire, "annulation").await.status, StatusCode::SEE_OTHER);
                (depth, undone) = (depth - 1, undone + 1);
            } else if pick == 6 && undone > 0 {
                assert_eq!(turn(&claire, "retablissement").await.status, StatusCode::SEE_OTHER);
                (depth, undone) = (depth + 1, undone - 1);
            } else if !rows.is_empty() {
                let one = |chance: &mut Chance| rows[chance.below(rows.len())].0.to_string();
                let (rdv, avec) = (one(&mut chance), one(&mut chance));
                let (slot, table) = ((1 + chance.below(6)).to_string(), (1 + chance.below(3)).to_string());
                let (canteen, supplier) = ((1 + chance.below(3)).to_string(), (4 + chance.below(3)).to_string());
                let geste = ["deplacer", "echanger", "retirer", "fixer", "ajouter"][pick.min(4)];
                let fields = [
                    ("geste", geste),
                    ("rdv", &rdv),
                    ("avec", &avec),
                    ("creneau", &slot),
                    ("table", &table),
                    ("cantine", &canteen),
                    ("fournisseur", &supplier),
                ];
                let before = facts(site).await;
                let answer = claire.post(&format!("{PLANNING}/changement"), &fields).await;
                let is_changed = facts(site).await != before;
                let refused = [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY];
                assert!(answer.status == StatusCode::SEE_OTHER || (refused.contains(&answer.status) && !is_changed));
                if is_changed {
                    (depth, undone, done) = (depth + 1, 0, done + 1);
                }
            }
            is_sound(site).await;
        }
        assert!(done > 6, "changes were made: {done}");
        for _ in 0..depth {
            assert_eq!(turn(&claire, "annulation").await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(facts(site).await, taken);
    })
    .await;
}
