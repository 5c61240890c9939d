//! A logo as it was sent, made into a small PNG: what else the file held is gone.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::png::{CompressionType, FilterType, PngEncoder},
    imageops::FilterType::Lanczos3,
};

use super::settings::NewLogo;
use crate::web::french;

/// Most bytes of the file.
pub(super) const LARGEST: usize = 300 * 1024;
/// Fewest and most pixels of a side.
const SIDES: std::ops::RangeInclusive<u32> = 32..=2_000;
/// What is kept, at most: sharp beside the name on the finest screens.
const KEPT: (u32, u32) = (512, 256);

/// Why a file makes no logo. The sentences are for who sent it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum WrongLogo {
    /// Zero bytes.
    #[error("Ce fichier est vide. Choisissez-en un autre.")]
    Empty,
    /// Too many bytes.
    #[error(
        "Ce fichier pèse {}\u{a0}Ko, et un logo au plus {}\u{a0}Ko. Demandez à votre service de communication la version «\u{a0}web\u{a0}», ou réduisez l’image.",
        .0.div_ceil(1024), LARGEST / 1024
    )]
    Heavy(usize),
    /// A drawing that could carry a program.
    #[error(
        "Les fichiers SVG ne sont pas acceptés, car ils peuvent contenir un programme. Enregistrez le logo en PNG."
    )]
    Svg,
    /// Something else.
    #[error("Ce fichier n’est pas une image PNG, JPEG ou WebP. Enregistrez le logo en PNG.")]
    Kind,
    /// It says that it is a picture and is none.
    #[error("Cette image est abîmée\u{a0}: elle ne peut pas être lue. Enregistrez-la de nouveau en PNG.")]
    Broken,
    /// Too small or too large.
    #[error("Cette image mesure {0} × {1}\u{a0}pixels. Chaque côté doit en avoir de {least} à {most}.", least = SIDES.start(), most = french::number((*SIDES.end()).into()))]
    Size(u32, u32),
}

/// Reads a PNG, JPEG or WebP by its content and draws it anew, turned as its EXIF says, without anything else it held.
///
/// Takes up to a tenth of a second: not for a thread that answers others.
pub(super) fn read(bytes: &[u8]) -> Result<NewLogo, WrongLogo> {
    if bytes.is_empty() {
        return Err(WrongLogo::Empty);
    }
    let format = image::guess_format(bytes).ok();
    if format.is_none() && is_svg(bytes) {
        return Err(WrongLogo::Svg);
    }
    if bytes.len() > LARGEST {
        return Err(WrongLogo::Heavy(bytes.len()));
    }
    let Some(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) = format else {
        return Err(WrongLogo::Kind);
    };
    let picture = decoded(bytes, format)?;
    let fits = picture.width() <= KEPT.0 && picture.height() <= KEPT.1;
    let small = if fits { picture } else { picture.resize(KEPT.0, KEPT.1, Lanczos3) };
    // Eight bits a channel, and no colour that few programs know.
    let small = DynamicImage::ImageRgba8(small.to_rgba8());
    let mut png = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive);
    small.write_with_encoder(encoder).map_err(|_| WrongLogo::Broken)?;
    let side = |pixels| i16::try_from(pixels).map_err(|_| WrongLogo::Broken);
    let (width, height) = (side(small.width())?, side(small.height())?);
    Ok(Some((png, width, height)))
}

fn decoded(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, WrongLogo> {
    let broken = |_: ImageError| WrongLogo::Broken;
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    // Before anything is unpacked: a small file can claim to be a huge picture.
    let (width, height) = reader().into_dimensions().map_err(broken)?;
    if !SIDES.contains(&width) || !SIDES.contains(&height) {
        return Err(WrongLogo::Size(width, height));
    }
    let mut reader = reader();
    let mut limits = Limits::default();
    limits.max_alloc = Some(128 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn is_svg(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_lowercase().contains("<svg")
}
