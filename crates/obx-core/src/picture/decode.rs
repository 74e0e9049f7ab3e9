//! From a picture's bytes to pixels that a screen can show.

use std::fmt;
use std::io::Cursor;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use image::imageops::{FilterType, resize, thumbnail};
use image::{DynamicImage, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

use crate::i18n::{Describe, Texts};
use onebound::PictureFailure;

/// The most pixels that are decoded: those of a camera, not those of a bomb.
const MAX_PIXELS: u64 = 40_000_000;

/// The longest side that is decoded, in pixels.
const MAX_SIDE: u32 = 30_000;

/// The most memory that decoding takes, in bytes.
const MAX_MEMORY: u64 = 256 * 1024 * 1024;

/// The end of a JPEG is looked for in so many last bytes.
const JPEG_TAIL: usize = 4_096;

/// A picture is reduced to this side, in pixels: more than any terminal shows.
const SHOWN_SIDE: u32 = 800;

/// Why a picture can't be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// It was not fetched.
    #[error("{0}")]
    Fetch(#[from] PictureFailure),
    /// Nothing is fetched in this session, and it was not fetched before.
    #[error("offline")]
    Offline,
    /// Its bytes are of none of the forms that are shown.
    #[error("neither JPEG nor PNG, WebP or GIF")]
    UnknownForm,
    /// More pixels than are decoded: its width and height.
    #[error("{0}x{1} pixels")]
    TooManyPixels(u32, u32),
    /// It is damaged, or ends too early.
    #[error("damaged")]
    Damaged,
}

/// A decoded picture, reduced to what a terminal can show.
pub struct Picture {
    /// Its width as it was sent, in pixels.
    pub width: u32,
    /// Its height as it was sent, in pixels.
    pub height: u32,
    /// `JPEG`, `PNG`, `WebP` or `GIF`.
    pub form: &'static str,
    /// Its size as it was sent, in bytes.
    pub bytes: usize,
    /// False of a JPEG without its end: what is missing is grey, as in a browser.
    pub is_whole: bool,
    reduced: RgbImage,
    png: Mutex<Option<Png>>,
}

/// The room for a picture that the terminal draws itself, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelRoom {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// A picture as PNG.
struct Png {
    size: (u32, u32),
    bytes: Arc<[u8]>,
}

/// A picture in as many pixels as there is room for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pixels {
    /// Pixels in a row.
    pub width: usize,
    /// Red, green and blue, row by row.
    pub rgb: Vec<[u8; 3]>,
}

impl Picture {
    /// Decodes a picture; of an animation, the first frame. What is transparent becomes white.
    ///
    /// # Errors
    /// If the bytes are no picture, or one that is not shown.
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        let format = image::guess_format(bytes).map_err(|_| PictureError::UnknownForm)?;
        let form = match format {
            ImageFormat::Jpeg => "JPEG",
            ImageFormat::Png => "PNG",
            ImageFormat::WebP => "WebP",
            ImageFormat::Gif => "GIF",
            _ => return Err(PictureError::UnknownForm),
        };
        let reader = || ImageReader::with_format(Cursor::new(bytes), format);
        let (width, height) = reader().into_dimensions().map_err(|_| PictureError::Damaged)?;
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 {
            return Err(PictureError::Damaged);
        }
        if pixels > MAX_PIXELS || width.max(height) > MAX_SIDE {
            return Err(PictureError::TooManyPixels(width, height));
        }
        let mut limits = Limits::default();
        limits.max_alloc = Some(MAX_MEMORY);
        let mut reader = reader();
        reader.limits(limits);
        let decoded = reader.decode().map_err(|_| PictureError::Damaged)?;
        let reduced = on_white(reduced(decoded));
        let is_whole = format != ImageFormat::Jpeg || has_jpeg_end(bytes);
        Ok(Self { width, height, form, bytes: bytes.len(), is_whole, reduced, png: Mutex::default() })
    }

    /// Width and height after it was reduced, in pixels.
    pub fn reduced_size(&self) -> (u32, u32) {
        self.reduced.dimensions()
    }

    /// Encodes it as PNG, scaled down to this room: not as it came, so that a terminal's decoder is given nothing hostile,
    /// and no larger than is shown, since all of it passes through the terminal's line. Takes too long for the loop.
    pub fn encode(&self, room: PixelRoom) {
        let (own_width, own_height) = self.reduced.dimensions();
        let (width, height) = self.fit(room.width, room.height);
        let size = (width.min(own_width), height.min(own_height));
        let is_enough = |png: &Png| png.size.0 >= size.0 && png.size.1 >= size.1;
        if self.lock_png().as_ref().is_some_and(is_enough) {
            return;
        }
        let mut bytes = Cursor::new(Vec::new());
        // Writing to memory fails for sizes alone that no reduced picture has.
        let written = self.resized(size.0, size.1).write_to(&mut bytes, ImageFormat::Png);
        if written.is_ok() {
            *self.lock_png() = Some(Png { size, bytes: bytes.into_inner().into() });
        }
    }

    /// The picture as PNG, once it was encoded.
    pub fn png(&self) -> Option<Arc<[u8]>> {
        self.lock_png().as_ref().map(|png| Arc::clone(&png.bytes))
    }

    fn lock_png(&self) -> MutexGuard<'_, Option<Png>> {
        self.png.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The largest size with the picture's proportions that fits into so many pixels.
    pub fn fit(&self, width: u32, height: u32) -> (u32, u32) {
        let (own_width, own_height) = (u64::from(self.width), u64::from(self.height));
        let by_width = own_height * u64::from(width) / own_width;
        let (fitted_width, fitted_height) = if by_width <= u64::from(height) {
            (u64::from(width), by_width)
        } else {
            (own_width * u64::from(height) / own_height, u64::from(height))
        };
        let side = |length: u64, most: u32| u32::try_from(length).unwrap_or(most).clamp(1, most.max(1));
        (side(fitted_width, width), side(fitted_height, height))
    }

    /// The picture in exactly this size.
    pub fn scaled(&self, width: u32, height: u32) -> Pixels {
        let scaled = self.resized(width, height);
        let rgb = scaled.pixels().map(|Rgb(rgb)| *rgb).collect();
        Pixels { width: usize::try_from(width).unwrap_or_default(), rgb }
    }

    fn resized(&self, width: u32, height: u32) -> RgbImage {
        let (own_width, own_height) = self.reduced.dimensions();
        if width <= own_width && height <= own_height {
            thumbnail(&self.reduced, width, height)
        } else {
            resize(&self.reduced, width, height, FilterType::Triangle)
        }
    }
}

impl Describe for PictureError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Fetch(failure) => failure.describe(texts),
            Self::Offline => texts.picture_offline().to_owned(),
            Self::UnknownForm => texts.picture_unknown_form().to_owned(),
            Self::TooManyPixels(width, height) => texts.picture_too_many_pixels(width, height),
            Self::Damaged => texts.picture_damaged().to_owned(),
        }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}x{} {})", self.width, self.height, self.form)
    }
}

/// Cameras write a few bytes after it.
fn has_jpeg_end(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(JPEG_TAIL)..).unwrap_or_default();
    memchr::memmem::rfind(tail, b"\xff\xd9").is_some()
}

fn reduced(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= SHOWN_SIDE {
        return picture;
    }
    picture.thumbnail(SHOWN_SIDE, SHOWN_SIDE)
}

fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let alpha = u32::from(alpha);
        let blend = |level: u8| (u32::from(level) * alpha + 255 * (255 - alpha)) / 255;
        Rgb([red, green, blue].map(|level| u8::try_from(blend(level)).unwrap_or(u8::MAX)))
    })
}

#[cfg(test)]
mod tests {
    use image::codecs::gif::GifEncoder;
    use image::{Frame, Rgba, RgbaImage};
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture =
            RgbImage::from_fn(width, height, |x, _| Rgb([if x < width / 2 { 250 } else { 10 }, 20, 30]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[rstest]
    #[case(ImageFormat::Jpeg, "JPEG")]
    #[case(ImageFormat::Png, "PNG")]
    #[case(ImageFormat::WebP, "WebP")]
    fn a_picture_has_its_form_and_its_own_size(#[case] format: ImageFormat, #[case] form: &str) {
        let bytes = encoded(1_000, 500, format);
        let picture = Picture::decode(&bytes).unwrap();
        assert_eq!(
            (picture.width, picture.height, picture.form, picture.bytes),
            (1_000, 500, form, bytes.len())
        );
        assert_eq!(picture.reduced_size(), (800, 400));
        let pixels = picture.scaled(4, 2);
        let bright: Vec<bool> = pixels.rgb.iter().map(|[red, ..]| *red > 128).collect();
        assert_eq!(bright, [true, true, false, false, true, true, false, false]);
    }

    #[test]
    fn a_picture_is_encoded_as_large_as_its_room_and_no_larger() {
        let picture = Picture::decode(&encoded(1_000, 500, ImageFormat::Jpeg)).unwrap();
        assert_eq!(picture.png(), None);
        let encoded_in = |width, height| {
            picture.encode(PixelRoom { width, height });
            let png = Picture::decode(&picture.png().unwrap()).unwrap();
            (png.width, png.height)
        };
        assert_eq!(encoded_in(400, 400), (400, 200));
        assert_eq!(encoded_in(100, 100), (400, 200), "the larger one is kept");
        assert_eq!(encoded_in(4_000, 4_000), (800, 400));
    }

    #[test]
    fn of_an_animation_the_first_frame_is_shown() {
        let mut bytes = Vec::new();
        let frame = |level| Frame::new(RgbaImage::from_pixel(8, 8, Rgba([level, level, level, 255])));
        GifEncoder::new(&mut bytes).encode_frames([frame(255), frame(0)]).unwrap();
        let picture = Picture::decode(&bytes).unwrap();
        assert_eq!(picture.form, "GIF");
        assert!(picture.scaled(1, 1).rgb[0][0] > 250);
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let mut bytes = Cursor::new(Vec::new());
        RgbaImage::from_pixel(4, 4, Rgba([0, 0, 0, 0])).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let picture = Picture::decode(&bytes.into_inner()).unwrap();
        assert_eq!(picture.scaled(1, 1).rgb, [[255, 255, 255]]);
    }

    #[rstest]
    #[case(b"<html></html>".as_slice(), PictureError::UnknownForm)]
    #[case(b"".as_slice(), PictureError::UnknownForm)]
    #[case(b"\x1b[2J".as_slice(), PictureError::UnknownForm)]
    #[case(b"BM\0\0".as_slice(), PictureError::UnknownForm)]
    #[case(b"\xff\xd8\xff".as_slice(), PictureError::Damaged)]
    fn what_is_no_picture_says_so(#[case] bytes: &[u8], #[case] error: PictureError) {
        assert_eq!(Picture::decode(bytes).unwrap_err(), error);
    }

    #[test]
    fn a_jpeg_that_ends_too_early_is_shown_as_a_part() {
        let bytes = encoded(400, 400, ImageFormat::Jpeg);
        assert!(Picture::decode(&bytes).unwrap().is_whole);
        assert!(!Picture::decode(&bytes[..bytes.len() / 2]).unwrap().is_whole);
    }

    #[test]
    fn a_png_that_ends_too_early_is_damaged() {
        let bytes = encoded(400, 400, ImageFormat::Png);
        assert_eq!(Picture::decode(&bytes[..bytes.len() / 2]).unwrap_err(), PictureError::Damaged);
    }

    #[test]
    fn a_bomb_is_refused_by_its_size_before_it_is_decoded() {
        let mut bytes = encoded(4, 4, ImageFormat::Gif);
        // The logical screen, and the first frame.
        bytes[6..10].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
        assert_eq!(Picture::decode(&bytes).unwrap_err(), PictureError::TooManyPixels(65_535, 65_535));
    }

    #[test]
    fn a_picture_keeps_its_proportions() {
        let wide = Picture::decode(&encoded(200, 100, ImageFormat::Png)).unwrap();
        assert_eq!(wide.fit(40, 40), (40, 20));
        assert_eq!(wide.fit(40, 10), (20, 10));
        let thin = Picture::decode(&encoded(1, 400, ImageFormat::Png)).unwrap();
        assert_eq!(thin.fit(40, 40), (1, 40));
    }

    proptest! {
        #[test]
        fn no_bytes_make_decoding_panic(start in 0..4_usize, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let starts = [b"\x89PNG\r\n\x1a\n".as_slice(), b"\xff\xd8\xff", b"GIF89a", b"RIFF\x10\0\0\0WEBPVP8 "];
            let bytes = [starts[start], &bytes].concat();
            if let Ok(picture) = Picture::decode(&bytes) {
                let pixels = picture.scaled(3, 5);
                prop_assert_eq!(pixels.rgb.len(), 15);
            }
        }

        #[test]
        fn a_spoilt_picture_is_shown_or_refused(at in 0..3_000_usize, byte in any::<u8>(), form in 0..3_usize) {
            let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][form];
            let mut bytes = encoded(40, 30, format);
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = Picture::decode(&bytes);
        }
    }
}
