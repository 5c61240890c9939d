//! Files that people sent, given to those who read.

use poem::Response;
use poem::http::{HeaderName, HeaderValue, header};

/// A file that runs nothing, whatever it holds. A picture is shown; a PDF is handed over, to be opened outside of the site.
#[must_use]
pub fn given_back(id: i64, media_type: &str, content: Vec<u8>) -> Response {
    let is_picture = media_type == "image/jpeg";
    let disposition =
        if is_picture { "inline".to_owned() } else { format!("attachment; filename=\"document-{id}.pdf\"") };
    let mut response = Response::builder().content_type(media_type).body(content);
    let headers = response.headers_mut();
    let harmless = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, harmless);
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// Nobody changes a file that was sent: its number names what it holds. It may be taken off within the hour.
#[must_use]
pub fn kept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}
