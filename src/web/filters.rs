//! For templates: `use crate::web::filters;` beside the page struct, then `{{ offer.price|price }}`.

#![expect(missing_docs, reason = "each is the function of the same name in `french`, `assets` or `icons`")]
#![expect(clippy::inline_always, reason = "askama's macro writes it")]

use askama::{Values, filters::Safe};
use chrono::NaiveDate;

use super::french;

#[askama::filter_fn]
pub fn asset(name: &str, _: &dyn Values) -> askama::Result<&'static str> {
    Ok(super::asset(name))
}

#[askama::filter_fn]
pub fn icon(name: &str, _: &dyn Values) -> askama::Result<Safe<&'static str>> {
    Ok(Safe(super::icon(name)))
}

#[askama::filter_fn]
pub fn date(date: &NaiveDate, _: &dyn Values) -> askama::Result<String> {
    Ok(french::date(*date))
}

#[askama::filter_fn]
pub fn day(date: &NaiveDate, _: &dyn Values) -> askama::Result<String> {
    Ok(french::day(*date))
}

#[askama::filter_fn]
pub fn price(cents: &i64, _: &dyn Values) -> askama::Result<String> {
    Ok(french::price(*cents))
}

#[askama::filter_fn]
pub fn distance(kilometres: &f64, _: &dyn Values) -> askama::Result<String> {
    Ok(french::distance(*kilometres))
}

#[askama::filter_fn]
pub fn number(number: &u64, _: &dyn Values) -> askama::Result<String> {
    Ok(french::number(*number))
}

#[askama::filter_fn]
pub fn typographic<T: std::fmt::Display>(text: T, _: &dyn Values) -> askama::Result<String> {
    Ok(french::typographic(&text))
}
