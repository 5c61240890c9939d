//! The files of `assets/`, embedded, under names that change with their content.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{LazyLock, OnceLock},
};

use bytes::Bytes;
use poem::{
    Request, Response, handler,
    http::{HeaderValue, StatusCode, header},
    web::Path,
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::{
    Error, Result,
    encoding::{Encoding, is_compressible},
    gate::matches_tag,
};

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// Read by the program itself, or by nobody: not served.
const NOT_SERVED: [&str; 2] = ["vendor/gazetteer/", "vendor/icons/"];

struct Asset {
    /// `/assets/css/base.0123456789ab.css`.
    address: String,
    hash: String,
    content_type: &'static str,
    bytes: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

struct Assets {
    all: Vec<Asset>,
    /// By name, `css/base.css`, and by hashed name, `css/base.0123456789ab.css`.
    by_name: HashMap<String, usize>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::embedded);

/// The address of a file of `assets/`: `asset("css/base.css")` gives `/assets/css/base.0123456789ab.css`.
///
/// It changes with the content, so that browsers may keep the file for ever. In a template: `{{ "css/base.css"|asset }}`.
/// A file that is missing gives an address that answers 404.
#[must_use]
pub fn asset(name: &str) -> &'static str {
    ASSETS.get(name).map_or("/assets/missing", |asset| &asset.address)
}

/// The bytes of a file of `assets/`, served or not.
pub(super) fn embedded(name: &str) -> Option<Cow<'static, [u8]>> {
    Files::get(name).map(|file| file.data)
}

/// A file of `assets/` as it is served, for an address of its own.
pub(super) fn shown(name: &str) -> Option<Bytes> {
    ASSETS.get(name).map(|asset| asset.bytes.clone())
}

/// `GET /assets/*name`: kept for ever under a hashed name, for a few minutes under the plain one.
#[handler]
pub(crate) fn serve_asset(Path(name): Path<String>, request: &Request) -> Result<Response> {
    let asset = ASSETS.get(&name).ok_or(Error::NotFound)?;
    let encoding = asset.encoding(Encoding::accepted(request.headers()));
    let tag = HeaderValue::try_from(format!("\"{}{}\"", asset.hash, encoding.suffix())).expect("plain characters");
    let hashed = asset.address.ends_with(&name);
    let keep = if hashed { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
    let mut response = Response::builder().header(header::CACHE_CONTROL, keep).header(header::ETAG, &tag);
    if is_compressible(asset.content_type) {
        response = response.header(header::VARY, "accept-encoding");
    }
    if request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| matches_tag(known, &tag)) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    if let Some(encoding) = encoding.header() {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    let body = asset.encoded(encoding);
    Ok(response.content_type(asset.content_type).header(header::CONTENT_LENGTH, body.len()).body(body))
}

impl Assets {
    fn embedded() -> Self {
        let mut assets = Self { all: Vec::new(), by_name: HashMap::new() };
        for name in Files::iter().filter(|name| !NOT_SERVED.iter().any(|folder| name.starts_with(folder))) {
            assets.load(&name, &mut Vec::new());
        }
        assets
    }

    /// Loads a file after those it names, whose addresses it carries: a change deep down changes all that lead to it.
    fn load(&mut self, name: &str, leading_here: &mut Vec<String>) {
        if self.by_name.contains_key(name) || leading_here.iter().any(|seen| seen == name) {
            return;
        }
        let Some(file) = Files::get(name) else { return };
        leading_here.push(name.to_owned());
        let bytes = match name.rsplit('.').next() {
            Some("css") => self.with_addresses(name, &file.data, ["url(", ")"], leading_here),
            Some("js") if name.starts_with("js/") => self.with_addresses(name, &file.data, ["'", "'"], leading_here),
            _ => file.data,
        };
        leading_here.pop();
        self.add(name, bytes);
    }

    /// Replaces by its address each file of ours that stands between `open` and `close`.
    fn with_addresses(
        &mut self,
        name: &str,
        data: &[u8],
        [open, close]: [&str; 2],
        leading_here: &mut Vec<String>,
    ) -> Cow<'static, [u8]> {
        let text = String::from_utf8_lossy(data);
        let mut rest = text.as_ref();
        let mut out = String::with_capacity(rest.len());
        while let Some(at) = rest.find(open) {
            let (before, from) = rest.split_at(at + open.len());
            let inside = &from[..from.find(close).unwrap_or(0)];
            out.push_str(before);
            rest = &from[inside.len()..];
            let url = inside.trim().trim_matches(['"', '\'']);
            let named = name_in(name, url);
            if open == "url(" || url.starts_with("/assets/") {
                self.load(&named, leading_here);
                out.push_str(self.get(&named).map_or(inside, |asset| &asset.address));
            } else {
                out.push_str(inside);
            }
        }
        out.push_str(rest);
        out.into_bytes().into()
    }

    fn add(&mut self, name: &str, data: Cow<'static, [u8]>) {
        let bytes = match data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let hash = Sha256::digest(&bytes).iter().take(6).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
        let hash = format!("{hash:012x}");
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}.{hash}.{extension}");
        let asset = Asset {
            address: format!("/assets/{hashed}"),
            hash,
            content_type: content_type(extension),
            bytes,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        };
        self.by_name.insert(name.to_owned(), self.all.len());
        self.by_name.insert(hashed, self.all.len());
        self.all.push(asset);
    }

    fn get(&self, name: &str) -> Option<&Asset> {
        self.by_name.get(name).map(|&at| &self.all[at])
    }
}

/// The name of the file that `url` means in the style sheet `sheet`.
fn name_in(sheet: &str, url: &str) -> String {
    if let Some(name) = url.strip_prefix("/assets/") {
        return name.to_owned();
    }
    let mut folders: Vec<&str> = sheet.split('/').collect();
    folders.pop();
    for step in url.split('/') {
        match step {
            "." => {}
            ".." => drop(folders.pop()),
            step => folders.push(step),
        }
    }
    folders.join("/")
}

impl Asset {
    /// Pictures and fonts are compressed already.
    fn encoding(&self, accepted: Encoding) -> Encoding {
        if is_compressible(self.content_type) { accepted } else { Encoding::Identity }
    }

    /// Compressed when first asked for, then kept.
    fn encoded(&self, encoding: Encoding) -> Bytes {
        let densely = || Bytes::from(encoding.compress(&self.bytes, 9));
        match encoding {
            Encoding::Identity => self.bytes.clone(),
            Encoding::Gzip => self.gzip.get_or_init(densely).clone(),
            Encoding::Brotli => self.brotli.get_or_init(densely).clone(),
        }
    }
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "geojson" => "application/geo+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_names_files_from_the_root_or_from_beside_itself() {
        assert_eq!(name_in("css/fonts.css", "/assets/vendor/fonts/a.woff2"), "vendor/fonts/a.woff2");
        assert_eq!(name_in("vendor/leaflet/leaflet.css", "images/layers.png"), "vendor/leaflet/images/layers.png");
        assert_eq!(name_in("css/base.css", "../pictures/a.svg"), "pictures/a.svg");
    }

    #[test]
    fn urls_of_other_files_become_hashed_and_the_rest_of_the_sheet_stays() {
        let mut assets = Assets { all: Vec::new(), by_name: HashMap::new() };
        assets.add("fonts/a.woff2", Cow::Borrowed(b"font"));
        let css = b"a { src: url(\"/assets/fonts/a.woff2\") format(\"woff2\"); b: url(data:x) }";
        let css = assets.with_addresses("css/fonts.css", css, ["url(", ")"], &mut Vec::new());
        let css = String::from_utf8(css.into_owned()).unwrap();
        let address = &assets.get("fonts/a.woff2").unwrap().address;
        assert_eq!(css, format!("a {{ src: url({address}) format(\"woff2\"); b: url(data:x) }}"));
    }
}
