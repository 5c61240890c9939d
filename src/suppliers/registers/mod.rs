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

pub(super) use crate::outside::Heard;
