//! Forms that bring files.

use poem::{
    FromRequest, Request, RequestBody,
    error::ParseMultipartError,
    http::{StatusCode, header},
    web::Multipart,
};
use serde::de::DeserializeOwned;

use super::{
    error::Error,
    form::{self, Fields},
    french,
};

/// What a form with files may send at most, whatever its page allows: it is read into memory.
pub(super) const LARGEST_UPLOAD: u64 = 16 * 1024 * 1024;

/// What was typed into a form that was drawn for this browser, and the files sent with it: at most `MOST` bytes in all.
///
/// It keeps the promises of [`Form`](super::Form). Put it after who may send: nothing is read before. A form sent without its files
/// (`application/x-www-form-urlencoded`) has none.
#[derive(Clone, Debug)]
pub struct Upload<T, const MOST: usize> {
    /// What was typed.
    pub typed: T,
    /// The files that were chosen, in the order of the form.
    pub files: Vec<SentFile>,
}

/// A file as a browser sent it: neither its name nor its content is to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFile {
    /// The field of the form.
    pub field: String,
    /// What it is called where it came from, without folders.
    pub name: String,
    /// What it holds; may be nothing.
    pub bytes: Vec<u8>,
}

impl<'a, T: DeserializeOwned, const MOST: usize> FromRequest<'a> for Upload<T, MOST> {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        const { assert!(MOST as u64 <= LARGEST_UPLOAD, "the gate lets no more through") };
        form::from_here(request)?;
        // The gate saw a length, and the server reads no further than that.
        let length =
            request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if length.is_none_or(|length: usize| length > MOST) {
            return Err(too_large(MOST).into());
        }
        let (fields, files) = if is_multipart(request) {
            parts(Multipart::from_request(request, body).await?).await?
        } else {
            (form::fields(&body.take()?.into_bytes().await?)?, Vec::new())
        };
        let typed = form::checked(request, body, fields).await?;
        Ok(Self { typed, files })
    }
}

/// Whether a form says that it brings files.
pub(super) fn is_multipart(request: &Request) -> bool {
    request.content_type().is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"))
}

async fn parts(mut multipart: Multipart) -> poem::Result<(Fields, Vec<SentFile>)> {
    let unreadable = |_: ParseMultipartError| form::unreadable();
    let (mut fields, mut files) = (Fields::new(), Vec::new());
    while let Some(part) = multipart.next_field().await.map_err(unreadable)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(base_name) {
            Some(name) => {
                let bytes = part.bytes().await.map_err(unreadable)?;
                // A file field that was left alone sends an empty part without a name.
                if !(name.is_empty() && bytes.is_empty()) {
                    files.push(SentFile { field, name, bytes });
                }
            }
            None => fields.push((field, part.text().await.map_err(unreadable)?)),
        }
    }
    Ok((fields, files))
}

fn base_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(120).collect()
}

fn too_large(most: usize) -> Error {
    let megabytes = french::number((most / (1024 * 1024)) as u64);
    Error::Refused {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        sentence: format!(
            "Cet envoi dépasse {megabytes}\u{a0}Mo\u{a0}: rien n’a été enregistré. Réduisez le fichier, puis envoyez-le de nouveau."
        )
        .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::base_name;

    #[test]
    fn a_file_is_called_by_its_last_name() {
        assert_eq!(base_name("C:\\Images\\logo.png"), "logo.png");
        assert_eq!(base_name("../../etc/pass\nwd"), "passwd");
        assert_eq!(base_name(""), "");
    }
}
