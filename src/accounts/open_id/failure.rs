use std::fmt;

use super::token::Wrong;
use crate::outside::NoAnswer;

/// What a provider was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Document,
    Keys,
    Tokens,
    IdToken,
    Person,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "the description of the provider",
            Self::Keys => "the keys of the provider",
            Self::Tokens => "the answer to the code",
            Self::IdToken => "the ID token",
            Self::Person => "the answer on the person",
        })
    }
}

/// Why a provider did not tell who somebody is. Nothing of what it said stands in it: it goes to the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// It does not answer, or not with 200.
    #[error("{what} does not come")]
    Unanswered {
        what: What,
        #[source]
        cause: NoAnswer,
    },
    /// What it answers has another shape.
    #[error("{0} cannot be read")]
    Unreadable(What),
    /// What it answers proves nothing.
    #[error("{what} is not believed")]
    Unproven {
        what: What,
        #[source]
        why: Wrong,
    },
}

impl Failure {
    /// That what was asked for is not answered.
    pub(super) fn unanswered(what: What) -> impl FnOnce(NoAnswer) -> Self {
        move |cause| Self::Unanswered { what, cause }
    }
}
