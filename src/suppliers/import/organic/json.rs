//! What the register's JSON may hold: a missing field, null, a number for a text, an empty text all say nothing.

use chrono::NaiveDate;
use serde_json::{Deserializer, Value};

/// The operators of a file: the answer of the API (`{nbTotal, items}`), several such answers in one list or one after
/// another, a bare list, or one operator. None when it is something else.
pub(super) fn operators(bytes: &[u8]) -> Option<Vec<Value>> {
    let text = crate::tables::decode(bytes);
    let mut found = Vec::new();
    let mut pages = 0;
    for page in Deserializer::from_str(&text).into_iter::<Value>() {
        gather(page.ok()?, &mut found)?;
        pages += 1;
    }
    (pages > 0).then_some(found)
}

fn gather(value: Value, found: &mut Vec<Value>) -> Option<()> {
    match value {
        Value::Array(values) => values.into_iter().try_for_each(|value| gather(value, found)),
        Value::Object(mut fields) => match fields.remove("items") {
            Some(Value::Array(items)) => {
                found.extend(items);
                Some(())
            }
            Some(_) => None,
            None => fields.contains_key("numeroBio").then(|| found.push(Value::Object(fields))),
        },
        _ => None,
    }
}

/// A text, or a number as text; trimmed, never empty, without control characters.
pub(super) fn text(item: &Value, key: &str) -> Option<String> {
    let text = match item.get(key)? {
        Value::String(text) => text.chars().filter(|c| !c.is_control()).collect::<String>(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The elements of a list.
pub(super) fn list<'v>(item: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    item.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// A day: `2021-12-31`, with or without a time after it.
pub(super) fn date(item: &Value, key: &str) -> Option<NaiveDate> {
    text(item, key)?.get(..10)?.parse().ok()
}
