use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use crate::web::{Error, Frame, Result, filters, page};

#[derive(Template)]
#[template(path = "texts/help/page.html")]
struct HelpPage {
    title: &'static str,
    html: String,
    /// Whether it is the page that leads to the others.
    is_first: bool,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "texts/help/index.html")]
struct First<'a> {
    frame: &'a Frame,
}

#[derive(Template)]
#[template(path = "texts/help/canteen.html")]
struct Canteen;

#[derive(Template)]
#[template(path = "texts/help/supplier.html")]
struct Supplier;

#[derive(Template)]
#[template(path = "texts/help/organiser.html")]
struct Organiser;

/// `GET /aide`
#[handler]
pub(crate) fn helps(frame: Frame) -> Result<Response> {
    let html = First { frame: &frame }.render()?;
    page(&HelpPage { title: "Aide", html, is_first: true, frame })
}

/// `GET /aide/{role}`
#[handler]
pub(crate) fn help_for(Path(role): Path<String>, frame: Frame) -> Result<Response> {
    let (title, html) = match role.as_str() {
        "cantine" => ("Je cuisine pour une cantine", Canteen.render()?),
        "producteur" => ("Je produis ou je fournis", Supplier.render()?),
        "organisateur" => ("J’organise", Organiser.render()?),
        _ => return Err(Error::NotFound),
    };
    page(&HelpPage { title, html, is_first: false, frame })
}
