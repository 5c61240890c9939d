//! What every page shares: the gate each request passes, the frame of a page, forms, error pages, assets, French.
//!
//! - `gate.rs` admits a request, answers failures, sets headers, compresses, counts and logs
//! - `page.rs` the frame (head, navigation, foot) and `page`, which draws a template into it
//! - `error.rs`, `problem.rs` what went wrong, as a French page or as `application/problem+json`
//! - `form.rs`, `upload.rs`, `csrf.rs`, `cookies.rs` typed forms, with files or without, that another site cannot send;
//!   `given_back.rs` their files, served
//! - `assets.rs` files of `assets/` under names that change with their content; `icons.rs`, `code.rs` pictures drawn into a page
//! - `headers.rs`, `encoding.rs`, `visit.rs` security headers, compression, what is known of a request
//! - `french.rs`, `filters.rs` dates, prices, distances as French writes them, for code and for templates
//! - `certificate.rs` sheets that say who was there, for rooms to which people come
//! - `pagination.rs` pages of a long list · `text.rs` text as people type it
//! - `server.rs` connections, and stopping in good order
//! - `service.rs` health, metrics, robots, manifest; `figures.rs` what metrics shows

mod assets;
mod certificate;
mod code;
mod cookies;
mod csrf;
mod encoding;
mod error;
mod figures;
pub mod filters;
mod form;
pub mod french;
mod gate;
mod given_back;
mod headers;
mod icons;
mod page;
mod pagination;
mod problem;
mod server;
mod service;
mod text;
mod upload;
mod visit;

pub use self::{
    assets::asset,
    certificate::{Certificate, Certificates, Occasion},
    code::code_picture,
    cookies::{Cookie, SESSION},
    csrf::Csrf,
    error::{Allowed, Error, Result},
    figures::{start as start_metrics, tidy as tidy_metrics},
    form::{FieldErrors, Form, Pressed, signed_out},
    gate::Gate,
    given_back::{given_back, kept},
    headers::{embeddable, framing, with_camera},
    icons::icon,
    page::{Frame, attached, data_block, escape, page, page_with, private, see_other},
    pagination::Pages,
    server::serve,
    text::{filled, line_of, one_line, text_of},
    upload::{SentFile, Upload},
    visit::{RequestId, Visitor},
};

pub(crate) use self::{
    assets::serve_asset,
    service::{favicon, health, manifest, metrics, ready, robots, service_worker},
};
