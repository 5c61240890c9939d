use fast_qr::convert::{Builder, Shape, svg::SvgBuilder};

/// The picture that a telephone reads, as SVG; empty when the text is too long for one, which no address is.
#[must_use]
pub fn code_picture(text: &str) -> String {
    let code = fast_qr::QRBuilder::new(text).build();
    code.map(|code| SvgBuilder::default().margin(2).shape(Shape::Square).to_str(&code)).unwrap_or_default()
}
