//! The closed lists a supplier and an offer are described with. Their codes are the public ones (API, import, links).

/// Declares an enum whose variants have a public code and a place in a bit mask.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the code beside each variant says what it is")]
        pub enum $name { $($variant),+ }

        impl $name {
            /// Every value, in the order of their bits.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The public code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The value that has this public code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The bit of this value in a mask.
            #[must_use]
            pub const fn bit(self) -> u16 {
                1 << self as u16
            }
        }
    };
}

coded! {
    /// Product families of the State's `ma-cantine` registry.
    Family {
        Meat = "VIANDES_VOLAILLES",
        CuredMeat = "CHARCUTERIE",
        Seafood = "PRODUITS_DE_LA_MER",
        FruitAndVegetables = "FRUITS_ET_LEGUMES",
        Dairy = "PRODUITS_LAITIERS",
        Bakery = "BOULANGERIE",
        Drinks = "BOISSONS",
        Other = "AUTRES",
    }
}

coded! {
    /// What kind of supplier.
    Kind {
        Producer = "producer",
        CraftProducer = "craft_producer",
        Processor = "processor",
        Wholesaler = "wholesaler",
        ProducerGroup = "producer_group",
    }
}

coded! {
    /// Signs of quality, origin or method. `InConversion` is not `Organic`.
    Certification {
        Organic = "organic",
        InConversion = "in_conversion",
        LabelRouge = "label_rouge",
        Aop = "aop",
        Igp = "igp",
        Stg = "stg",
        Hve = "hve",
        SustainableFishing = "sustainable_fishing",
        OutermostRegion = "outermost_region",
        FairTrade = "fair_trade",
        Farmhouse = "farmhouse",
    }
}

coded! {
    /// What words of a query may be read as, beside products; each reading can be taken away.
    Sense {
        Commune = "commune",
        Certification = "certification",
        Month = "month",
        DeliveryDay = "delivery_day",
    }
}
