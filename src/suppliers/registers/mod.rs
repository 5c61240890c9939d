//! What public registers say of a supplier, beside what she writes: asked while she registers, when they are set, and kept
//! for her and for the organiser to compare. What she writes stands, whatever they say or do not say.
//!
//! - `company` the register of companies, by SIRET · `organic` the register of organic operators, by their number
//! - `answer` the rows · `words` what is said of them

mod answer;
mod company;
mod organic;
mod words;

pub(super) use self::{
    answer::{Answers, answers_of, heed_operator, keep_companies},
    company::{Company, ask_company},
    organic::{ask_operator, is_same_body},
    words::Said,
};

use serde::{Deserialize, Serialize};

/// What became of a question to a register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Heard<T> {
    /// It tells this.
    Told(T),
    /// It knows nobody of that number.
    Unknown,
    /// It does not answer.
    NoAnswer,
}

impl<T> Heard<T> {
    /// What it tells.
    pub(super) fn told(&self) -> Option<&T> {
        if let Self::Told(told) = self { Some(told) } else { None }
    }
}

impl<T> From<Option<Option<T>>> for Heard<T> {
    /// The outer nothing is no answer, the inner one nobody.
    fn from(answer: Option<Option<T>>) -> Self {
        match answer {
            Some(Some(told)) => Self::Told(told),
            Some(None) => Self::Unknown,
            None => Self::NoAnswer,
        }
    }
}
