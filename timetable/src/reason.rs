//! Why there is no timetable, in words an organiser understands.

/// What kind of contradiction it is (FORMAT.md, 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The file does not follow the format.
    Malformed,
    /// One wish, two slots.
    PinTwice,
    /// Pinned where it cannot be held.
    PinImpossible,
    /// Two meetings of one participant in one slot.
    PinClash,
    /// More pinned meetings than a participant wants.
    PinMax,
    /// More pinned meetings than tables.
    PinTables,
    /// Pins seat more people than there are tables.
    PinSeats,
    /// Pins contradict an order between meetings.
    PinBefore,
    /// A meeting of the past that cannot have taken place.
    PastImpossible,
    /// A meeting that must be held has no slot.
    WishImpossible,
    /// More meetings than a participant has room for.
    TooMany,
    /// Only search can tell.
    NoTimetable,
}

impl Code {
    /// As the format spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::PinTwice => "pin-twice",
            Self::PinImpossible => "pin-impossible",
            Self::PinClash => "pin-clash",
            Self::PinMax => "pin-max",
            Self::PinTables => "pin-tables",
            Self::PinSeats => "pin-seats",
            Self::PinBefore => "pin-before",
            Self::PastImpossible => "past-impossible",
            Self::WishImpossible => "wish-impossible",
            Self::TooMany => "too-many",
            Self::NoTimetable => "no-timetable",
        }
    }
}

/// A minimal set of facts that clash: without any one of them there would be no contradiction of this kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What kind of contradiction it is.
    pub code: Code,
    /// The facts, in French.
    pub text: String,
    /// What could be changed, in French, each by itself enough for this contradiction.
    pub changes: Vec<String>,
    /// The wish it is about.
    pub wish: Option<usize>,
    /// The participant it is about.
    pub participant: Option<usize>,
    /// The slot it is about, from 0.
    pub slot: Option<usize>,
    /// Where in the file, such as `participants[3].max`.
    pub place: Option<String>,
}

impl Reason {
    /// A reason that is about nothing yet.
    #[must_use]
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { code, text, changes: Vec::new(), wish: None, participant: None, slot: None, place: None }
    }

    /// A fault in the file, with its place.
    #[must_use]
    pub fn malformed(place: impl Into<String>, text: impl std::fmt::Display) -> Self {
        let place = place.into();
        let text = format!("{place}\u{a0}: {text}");
        Self { place: Some(place), ..Self::new(Code::Malformed, text) }
    }

    /// About this wish.
    #[must_use]
    pub fn wish(self, wish: usize) -> Self {
        Self { wish: Some(wish), ..self }
    }

    /// About this participant.
    #[must_use]
    pub fn participant(self, participant: usize) -> Self {
        Self { participant: Some(participant), ..self }
    }

    /// About this slot.
    #[must_use]
    pub fn slot(self, slot: usize) -> Self {
        Self { slot: Some(slot), ..self }
    }

    /// This change would be enough.
    #[must_use]
    pub fn change(mut self, change: impl Into<String>) -> Self {
        self.changes.push(change.into());
        self
    }
}
