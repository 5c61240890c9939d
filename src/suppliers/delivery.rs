use sea_orm::{DeriveValueType, TryFromU64, entity::prelude::*};
use serde::{Deserialize, Serialize};

use super::word::{self, Word};

/// One place a supplier delivers to, beside its radius: `(department, 43)`, `(epci, 200073419)`, `(commune, 43157)`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery_zones")]
pub(super) struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_id: i64,
    /// What the code names.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: ZoneKind,
    /// Code of the département, the EPCI or the commune.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
}

/// Loaded by `listing`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What the code of a delivery zone names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType)]
#[sea_orm(value_type = "String", from_str = "word::from_row", to_str = "word::to_row")]
pub enum ZoneKind {
    /// A département.
    Department,
    /// An intercommunality.
    Epci,
    /// A commune.
    Commune,
}

impl Word for ZoneKind {
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Department, "department", "département"),
        (Self::Epci, "epci", "intercommunalité"),
        (Self::Commune, "commune", "commune"),
    ];
}

/// Asked of every part of a key; no database numbers this one.
impl TryFromU64 for ZoneKind {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("ZoneKind"))
    }
}

/// Where a supplier delivers besides its radius: the union of the three. Codes in ascending order, none twice.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryZones {
    /// Codes of départements.
    pub departments: Vec<String>,
    /// Codes of intercommunalities.
    pub epcis: Vec<String>,
    /// INSEE codes of communes.
    pub communes: Vec<String>,
}

impl DeliveryZones {
    /// The list of one kind.
    #[must_use]
    pub fn of(&self, kind: ZoneKind) -> &[String] {
        match kind {
            ZoneKind::Department => &self.departments,
            ZoneKind::Epci => &self.epcis,
            ZoneKind::Commune => &self.communes,
        }
    }

    /// Whether nothing is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    pub(super) fn add(&mut self, kind: ZoneKind, code: String) {
        let codes = match kind {
            ZoneKind::Department => &mut self.departments,
            ZoneKind::Epci => &mut self.epcis,
            ZoneKind::Commune => &mut self.communes,
        };
        if let Err(place) = codes.binary_search(&code) {
            codes.insert(place, code);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (ZoneKind, &String)> {
        ZoneKind::WORDS.iter().flat_map(|&(kind, ..)| self.of(kind).iter().map(move |code| (kind, code)))
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weekday {
    /// lundi
    Monday,
    /// mardi
    Tuesday,
    /// mercredi
    Wednesday,
    /// jeudi
    Thursday,
    /// vendredi
    Friday,
    /// samedi
    Saturday,
    /// dimanche
    Sunday,
}

impl Word for Weekday {
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Monday, "monday", "lundi"),
        (Self::Tuesday, "tuesday", "mardi"),
        (Self::Wednesday, "wednesday", "mercredi"),
        (Self::Thursday, "thursday", "jeudi"),
        (Self::Friday, "friday", "vendredi"),
        (Self::Saturday, "saturday", "samedi"),
        (Self::Sunday, "sunday", "dimanche"),
    ];
}

/// Days of a round: bit 0 is Monday. May be empty, which says nothing.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq, Hash, DeriveValueType)]
pub struct Weekdays(i16);

impl Weekdays {
    /// The days in the order of the week.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::WORDS.iter().map(|&(day, ..)| day).filter(move |&day| self.0 >> (day as i16) & 1 == 1)
    }

    /// The days of a mask, bit 0 is Monday.
    #[must_use]
    pub fn from_mask(mask: u8) -> Self {
        Self(i16::from(mask & 0x7f))
    }

    /// The mask, bit 0 is Monday.
    #[must_use]
    pub fn mask(self) -> u8 {
        self.0.to_le_bytes()[0]
    }

    /// Whether none is given.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |mask, day| mask | 1 << (day as i16)))
    }
}
