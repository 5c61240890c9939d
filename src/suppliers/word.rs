use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use index::codes::{Certification, Family, Kind};
use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, StringLen, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, IntoActiveValue, QueryResult, Set, TryGetError, TryGetable, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::tables::fold;

/// A value out of a short list, each with a code for machines and a name for people.
pub trait Word: Copy + PartialEq + 'static {
    /// Every value with its code (as stored, and as the API says it) and its French name.
    const WORDS: &'static [(Self, &'static str, &'static str)];

    /// The code: `craft_producer`.
    #[must_use]
    fn code(self) -> &'static str {
        Self::WORDS.iter().find(|(value, ..)| *value == self).map_or("", |(_, code, _)| code)
    }

    /// The French name: `Artisan`.
    #[must_use]
    fn label(self) -> &'static str {
        Self::WORDS.iter().find(|(value, ..)| *value == self).map_or("", |(.., label)| label)
    }

    /// The value of a code.
    #[must_use]
    fn from_code(code: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known, _)| *known == code).map(|(value, ..)| *value)
    }

    /// The value a person wrote: its name or its code, without regard to case and accents.
    ///
    /// # Errors
    /// What was expected, in French.
    fn read(text: &str) -> Result<Self, String> {
        let text = fold(text);
        let known = Self::WORDS.iter().find(|(_, code, label)| fold(label) == text || fold(code) == text);
        known.map(|(value, ..)| *value).ok_or_else(|| {
            let labels: Vec<&str> = Self::WORDS.iter().map(|(.., label)| *label).collect();
            format!("un de : {}", labels.join(", "))
        })
    }
}

impl Word for Family {
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Meat, Self::Meat.code(), "Viandes et volailles"),
        (Self::CuredMeat, Self::CuredMeat.code(), "Charcuterie"),
        (Self::Seafood, Self::Seafood.code(), "Produits de la mer"),
        (Self::FruitAndVegetables, Self::FruitAndVegetables.code(), "Fruits et légumes"),
        (Self::Dairy, Self::Dairy.code(), "Produits laitiers et œufs"),
        (Self::Bakery, Self::Bakery.code(), "Boulangerie"),
        (Self::Drinks, Self::Drinks.code(), "Boissons"),
        (Self::Other, Self::Other.code(), "Autres"),
    ];
}

impl Word for Kind {
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Producer, Self::Producer.code(), "Producteur"),
        (Self::CraftProducer, Self::CraftProducer.code(), "Artisan"),
        (Self::Processor, Self::Processor.code(), "Transformateur"),
        (Self::Wholesaler, Self::Wholesaler.code(), "Grossiste"),
        (Self::ProducerGroup, Self::ProducerGroup.code(), "Groupement de producteurs"),
    ];
}

impl Word for Certification {
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Organic, Self::Organic.code(), "Bio"),
        (Self::InConversion, Self::InConversion.code(), "En conversion"),
        (Self::LabelRouge, Self::LabelRouge.code(), "Label Rouge"),
        (Self::Aop, Self::Aop.code(), "AOP"),
        (Self::Igp, Self::Igp.code(), "IGP"),
        (Self::Stg, Self::Stg.code(), "STG"),
        (Self::Hve, Self::Hve.code(), "HVE"),
        (Self::SustainableFishing, Self::SustainableFishing.code(), "Pêche durable"),
        (Self::OutermostRegion, Self::OutermostRegion.code(), "RUP"),
        (Self::FairTrade, Self::FairTrade.code(), "Commerce équitable"),
        (Self::Farmhouse, Self::Farmhouse.code(), "Fermier"),
    ];
}

/// A word of the search engine as a column: its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<W>(pub W);

impl<W> Deref for Stored<W> {
    type Target = W;

    fn deref(&self) -> &W {
        &self.0
    }
}

impl<W: Word> Serialize for Stored<W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

impl<'de, W: Word> Deserialize<'de> for Stored<W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = Cow::<str>::deserialize(deserializer)?;
        W::from_code(&code).map(Self).ok_or_else(|| serde::de::Error::custom("a word that is not in its list"))
    }
}

impl<W: Word> From<Stored<W>> for Value {
    fn from(stored: Stored<W>) -> Self {
        stored.0.code().into()
    }
}

impl<W: Word> TryGetable for Stored<W> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, column: I) -> Result<Self, TryGetError> {
        let refused = |cause| DbErr::TryIntoErr { from: "String", into: "Stored", source: Arc::new(cause) };
        from_row(&String::try_get_by(row, column)?).map(Self).map_err(|cause| TryGetError::DbErr(refused(cause)))
    }
}

impl<W: Word> ValueType for Stored<W> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        from_row(&<String as ValueType>::try_from(value)?).map(Self)
    }

    fn type_name() -> String {
        "Stored".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::String(StringLen::None)
    }
}

impl<W: Word> Nullable for Stored<W> {
    fn null() -> Value {
        String::null()
    }
}

impl<W: Word> IntoActiveValue<Self> for Stored<W> {
    fn into_active_value(self) -> sea_orm::ActiveValue<Self> {
        Set(self)
    }
}

pub(super) fn from_row<W: Word>(code: &str) -> Result<W, ValueTypeErr> {
    W::from_code(code).ok_or(ValueTypeErr)
}

pub(super) fn to_row<W: Word>(word: &W) -> &'static str {
    word.code()
}
