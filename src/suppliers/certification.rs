use chrono::{Days, NaiveDate};
use sea_orm::{DeriveValueType, QuerySelect, entity::prelude::*};
use serde::{Deserialize, Serialize};

use super::word::{self, Stored, Word};
use index::codes::Certification as CertificationKind;

/// How long what a public register says is taken for proof after the day it was read. Organic farms are inspected
/// yearly (regulation (EU) 2018/848, article 38).
const REGISTER_HOLDS: Days = Days::new(365);

/// A certificate or mention that a supplier holds.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "certifications")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose.
    pub supplier_id: i64,
    /// Order in which they are listed, from 0.
    pub position: i16,
    /// Which sign.
    pub kind: Stored<CertificationKind>,
    /// Number of the certificate; for organic, the operator number.
    pub number: Option<String>,
    /// Body that certifies.
    pub body: Option<String>,
    /// First day of validity.
    pub valid_from: Option<Date>,
    /// Last day of validity.
    pub valid_until: Option<Date>,
    /// Who says so.
    pub source: CertificationSource,
    /// Day the register or the document was looked at.
    pub checked_on: Option<Date>,
    /// Address of the certificate or of its page in the register.
    pub document: Option<String>,
}

/// A certificate or mention.
pub type Certification = Model;

/// Loaded by `listing`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a certificate is worth on a given day. Never stored: it changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// Somebody says so: shown as declared, taken for certified by nothing.
    Declared,
    /// Can be checked, and holds on that day.
    Proven,
    /// Was proven once; its last day is past.
    Expired,
}

impl Model {
    /// What this certificate is worth on the day `today`: proven when its number, its body and a last day not yet past
    /// are known; a register's word, with number and body, holds for a year after it was read.
    #[must_use]
    pub fn proof(&self, today: NaiveDate) -> Proof {
        match self.proven_days() {
            Some((_, last)) if today > last => Proof::Expired,
            Some((first, _)) if first.is_none_or(|first| first <= today) => Proof::Proven,
            _ => Proof::Declared,
        }
    }

    /// First day (nothing: always) and last day on which it is proof; nothing when it cannot be checked.
    #[must_use]
    pub fn proven_days(&self) -> Option<(Option<NaiveDate>, NaiveDate)> {
        let checkable = self.number.is_some() && self.body.is_some();
        self.last_day().filter(|_| checkable).map(|last| (self.valid_from, last))
    }

    /// The last day on which it can be proven.
    #[must_use]
    pub fn last_day(&self) -> Option<NaiveDate> {
        let register = self.checked_on.filter(|_| self.source == CertificationSource::Register);
        self.valid_until.or_else(|| register.and_then(|day| day.checked_add_days(REGISTER_HOLDS)))
    }
}

/// The most certificates that one supplier has.
pub(super) async fn most_certificates(db: &impl ConnectionTrait) -> Result<usize, DbErr> {
    let last = Entity::find().select_only().column_as(Column::Position.max(), "last");
    let last = last.into_tuple::<Option<i16>>().one(db).await?.flatten();
    Ok(last.and_then(|last| usize::try_from(last).ok()).map_or(0, |last| last + 1))
}

/// Who says that a certificate exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, DeriveValueType)]
#[sea_orm(value_type = "String", from_str = "word::from_row", to_str = "word::to_row")]
pub enum CertificationSource {
    /// The supplier or an organiser.
    Statement,
    /// A certificate that was handed in.
    Document,
    /// A public register.
    Register,
}

impl Word for CertificationSource {
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Statement, "statement", "Déclaration"),
        (Self::Document, "document", "Document"),
        (Self::Register, "register", "Annuaire officiel"),
    ];
}

/// The signs one offer carries: bit 0 is organic, then in the order of [`CertificationKind::ALL`].
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq, Hash, DeriveValueType)]
pub struct Signs(i16);

impl Signs {
    /// The signs in the order of the enum.
    pub fn iter(self) -> impl Iterator<Item = CertificationKind> {
        CertificationKind::ALL.iter().copied().filter(move |&kind| self.contains(kind))
    }

    /// Whether the offer carries `kind`.
    #[must_use]
    pub fn contains(self, kind: CertificationKind) -> bool {
        self.0 >> (kind as i16) & 1 == 1
    }

    /// Whether it carries none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The mask as stored: bit 0 is organic.
    #[must_use]
    pub fn mask(self) -> u16 {
        self.0.cast_unsigned()
    }
}

impl FromIterator<CertificationKind> for Signs {
    fn from_iter<I: IntoIterator<Item = CertificationKind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |mask, kind| mask | 1 << (kind as i16)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn organic() -> Certification {
        Certification {
            id: 1,
            supplier_id: 1,
            position: 0,
            kind: Stored(CertificationKind::Organic),
            number: Some("114386".into()),
            body: Some("Ecocert".into()),
            valid_from: None,
            valid_until: Some(day("2031-03-31")),
            source: CertificationSource::Statement,
            checked_on: None,
            document: None,
        }
    }

    #[test]
    fn a_complete_certificate_is_proven_until_its_last_day() {
        assert_eq!(organic().proof(day("2031-03-31")), Proof::Proven);
        assert_eq!(organic().proof(day("2031-04-01")), Proof::Expired);
    }

    #[test]
    fn without_number_body_or_last_day_it_is_only_declared() {
        for incomplete in [
            Certification { number: None, ..organic() },
            Certification { body: None, ..organic() },
            Certification { valid_until: None, ..organic() },
        ] {
            assert_eq!(incomplete.proof(day("2026-11-24")), Proof::Declared);
        }
    }

    #[test]
    fn the_word_of_a_register_holds_for_a_year() {
        let read = Certification {
            valid_until: None,
            source: CertificationSource::Register,
            checked_on: Some(day("2026-11-24")),
            ..organic()
        };
        assert_eq!(read.proof(day("2027-11-24")), Proof::Proven);
        assert_eq!(read.proof(day("2027-11-25")), Proof::Expired);
        assert_eq!(Certification { body: None, ..read }.proof(day("2026-11-24")), Proof::Declared);
    }

    #[test]
    fn signs_keep_what_they_were_given() {
        let signs: Signs = [CertificationKind::Farmhouse, CertificationKind::Organic].into_iter().collect();
        assert_eq!(signs.iter().collect::<Vec<_>>(), [CertificationKind::Organic, CertificationKind::Farmhouse]);
    }
}
