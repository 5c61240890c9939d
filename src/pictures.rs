//! Photographs that people send: drawn anew, so that nothing else is left of them, and no larger than pages need.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType::Lanczos3,
};

/// Most bytes of a file.
pub const LARGEST: usize = 5 * 1024 * 1024;
/// Most bytes of a form with one: a photograph that is too heavy is told so, rather than cut off.
pub const LARGEST_FORM: usize = 16 * 1024 * 1024;
/// What is kept of a picture, at most, in pixels.
const KEPT: u32 = 1_600;
/// Both sides of what lists show of a photograph: sharp on fine screens at a third of that.
const THUMBNAIL: u32 = 288;
/// Most pixels of a side: the finest telephones take 12,000.
const WIDEST: u32 = 16_000;

/// A picture found right, turned as its EXIF says, each side at most 1,600 pixels.
#[derive(Clone, Debug)]
pub struct Picture(DynamicImage);

/// Why a file is no picture. The sentences are for who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongPicture {
    /// Zero bytes.
    #[error("Ce fichier est vide. Choisissez-en un autre.")]
    Empty,
    /// Too many bytes.
    #[error("Ce fichier dépasse 5\u{a0}Mo. Prenez la photo en plus petit, ou enregistrez le document en moins lourd.")]
    Heavy,
    /// Neither JPEG, PNG nor WebP.
    #[error("Ce fichier n’est pas une photo JPEG, PNG ou WebP. Les fichiers SVG et HEIC ne sont pas acceptés.")]
    NoPicture,
    /// It says that it is a picture and is none.
    #[error("Cette image est abîmée\u{a0}: elle ne peut pas être lue. Enregistrez-la de nouveau.")]
    Broken,
    /// Too small or too large.
    #[error(
        "Cette image est trop petite ou trop grande\u{a0}: chaque côté doit avoir entre 200 et 16\u{202f}000\u{a0}points."
    )]
    Size,
}

/// Looks at the size of what was sent.
///
/// # Errors
/// That it is empty or too heavy.
pub fn weigh(bytes: &[u8]) -> Result<(), WrongPicture> {
    match bytes.len() {
        0 => Err(WrongPicture::Empty),
        size if size > LARGEST => Err(WrongPicture::Heavy),
        _ => Ok(()),
    }
}

impl Picture {
    /// Looks at what a browser sent, by its content. Takes up to a second: not for a thread that answers others.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn read(bytes: &[u8]) -> Result<Self, WrongPicture> {
        weigh(bytes)?;
        let Some(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) = image::guess_format(bytes).ok()
        else {
            return Err(WrongPicture::NoPicture);
        };
        let picture = unpack(bytes, format)?;
        let fits = picture.width() <= KEPT && picture.height() <= KEPT;
        Ok(Self(if fits { picture } else { picture.resize(KEPT, KEPT, Lanczos3) }))
    }

    /// It drawn anew, as JPEG: it holds its points and nothing else.
    ///
    /// # Errors
    /// That it cannot be drawn.
    pub fn jpeg(&self) -> Result<Vec<u8>, WrongPicture> {
        jpeg(&self.0)
    }

    /// Its middle in little, 288 pixels square, as JPEG.
    ///
    /// # Errors
    /// That it cannot be drawn.
    pub fn thumbnail(&self) -> Result<Vec<u8>, WrongPicture> {
        jpeg(&self.0.resize_to_fill(THUMBNAIL, THUMBNAIL, Lanczos3))
    }
}

fn unpack(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, WrongPicture> {
    let broken = |_: ImageError| WrongPicture::Broken;
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    // Before anything is unpacked: a small file can claim to be a huge picture.
    let (width, height) = reader().into_dimensions().map_err(broken)?;
    if [width, height].iter().any(|side| !(200..=WIDEST).contains(side)) {
        return Err(WrongPicture::Size);
    }
    let mut reader = reader();
    let mut limits = Limits::default();
    limits.max_alloc = Some(400 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, WrongPicture> {
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, 82);
    let plain = DynamicImage::ImageRgb8(picture.to_rgb8());
    plain.write_with_encoder(encoder).map_err(|_| WrongPicture::Broken)?;
    Ok(jpeg)
}
