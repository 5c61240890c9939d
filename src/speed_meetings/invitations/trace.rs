//! Who was invited, with what became of it.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::invitation::{self, Invitation};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::participant::{self, Participant, Standing};
use crate::tables::fold;

/// What somebody who was invited answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It registered.
    Came(Standing),
    /// Nothing.
    Silent,
    /// It is no organisation of this site: nobody here knows.
    Unknown,
}

impl Answer {
    /// As pages say it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Came(standing) => standing.label(),
            Self::Silent => "sans réponse",
            Self::Unknown => "hors du site",
        }
    }
}

/// Somebody who was invited, once or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// As it was called when it was last invited.
    pub(super) name: String,
    /// On which side; none: both.
    pub(super) side: Option<Side>,
    /// Each time, the first first; at least one.
    pub(super) times: Vec<Invitation>,
    /// What became of it.
    pub(super) answer: Answer,
}

/// Who was invited to an edition, by name, and who came without.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Trace {
    /// Everybody who was invited.
    pub(super) entries: Vec<Entry>,
    /// The sides of those who have a place or wait for one and were not.
    pub(super) unasked: Vec<Side>,
}

impl Trace {
    /// The trace of an edition.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Self, DbErr> {
        Ok(Self::new(invitation::of(db, edition).await?, &participant::of(db, edition).await?))
    }

    /// Whether an organisation was invited, in whatever way.
    pub(super) fn has_invited(&self, organisation: i64) -> bool {
        self.entries.iter().flat_map(|entry| &entry.times).any(|time| time.organisation_id == Some(organisation))
    }

    fn new(invitations: Vec<Invitation>, participants: &[Participant]) -> Self {
        // Known organisations by key, others by name.
        let mut by_whom: BTreeMap<(Option<i64>, String), Vec<Invitation>> = BTreeMap::new();
        for one in invitations {
            let name = if one.organisation_id.is_some() { String::new() } else { fold(&one.name) };
            by_whom.entry((one.organisation_id, name)).or_default().push(one);
        }
        let unasked = participants.iter().filter(|one| one.state != Standing::Withdrawn);
        let unasked = unasked.filter(|one| !by_whom.contains_key(&(Some(one.organisation_id), String::new())));
        let unasked = unasked.map(|one| one.side).collect();
        let answer = |organisation: Option<i64>| match organisation {
            None => Answer::Unknown,
            Some(known) => participants
                .iter()
                .find(|one| one.organisation_id == known)
                .map_or(Answer::Silent, |one| Answer::Came(one.state)),
        };
        let entry = |((organisation, _), times): (_, Vec<Invitation>)| {
            let last = times.last()?;
            Some(Entry { name: last.name.clone(), side: last.side, answer: answer(organisation), times })
        };
        let mut entries: Vec<Entry> = by_whom.into_iter().filter_map(entry).collect();
        entries.sort_by_key(|entry| fold(&entry.name));
        Self { entries, unasked }
    }
}

/// As pages call a side.
pub(super) fn side_label(side: Option<Side>) -> &'static str {
    match side {
        Some(Side::Canteen) => "cantine",
        Some(Side::Supplier) => "fournisseur",
        None => "cantines et fournisseurs",
    }
}
