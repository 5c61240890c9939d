use serde_json::{Value, json};

use super::Commune;

/// An address as search engines read it (schema.org), as far as it is known; no street: an empty text.
#[must_use]
pub fn postal_address(street: &str, commune: Option<&Commune>) -> Value {
    let mut address = json!({ "@type": "PostalAddress", "addressCountry": "FR" });
    if !street.is_empty() {
        address["streetAddress"] = json!(street);
    }
    if let Some(commune) = commune {
        address["addressLocality"] = json!(commune.name);
        if let [code] = commune.postal_codes.as_slice() {
            address["postalCode"] = json!(code);
        }
    }
    address
}
