//! Pictures: `GET /img/{host}/{path}` is what the vendor's picture host would serve at that address, so that a client
//! can show the pictures of made-up items without the network. Each address has a picture of its own, always the same.
//!
//! [`ODD`] are addresses whose picture is broken on purpose; the fault `odd-pictures` gives an item that has them all.

use std::io::Cursor;
use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use image::{ImageFormat, Rgb, RgbImage};

use super::seeded_rng::SeededRng;

/// In the path of each address whose picture is odd.
const ODD_FOLDER: &str = "/img/ibank/odd/";

/// The names of odd pictures, and what each is.
const ODD: [(&str, OddPicture); 9] = [
    ("broken.jpg", OddPicture::Broken),
    ("huge.png", OddPicture::HugePixels),
    ("large.jpg", OddPicture::ManyBytes),
    ("page.jpg", OddPicture::Html),
    ("drawing.svg", OddPicture::Svg),
    ("text.png", OddPicture::MislabelledText),
    ("missing.jpg", OddPicture::Missing),
    ("moved.jpg", OddPicture::Moved),
    ("elsewhere.jpg", OddPicture::MovedElsewhere),
];

/// Of a side, in pixels.
const SIDES: [u32; 4] = [240, 320, 400, 480];

/// Bytes of the picture that has too many.
const MANY_BYTES: usize = 12 * 1024 * 1024;

#[derive(Clone, Copy)]
enum OddPicture {
    /// The first third of a JPEG.
    Broken,
    /// A PNG of a few bytes that says it has 60,000 by 60,000 pixels.
    HugePixels,
    /// A JPEG that goes on for 12 MiB.
    ManyBytes,
    /// A page, labelled as one.
    Html,
    /// A drawing with a script in it.
    Svg,
    /// Text with terminal escapes, labelled as a PNG.
    MislabelledText,
    /// 404.
    Missing,
    /// A redirect to a good picture on the same host.
    Moved,
    /// A redirect to another host.
    MovedElsewhere,
}

/// The addresses of all odd pictures, and of one that is good.
pub(super) fn odd_addresses() -> Vec<String> {
    let names = ODD.iter().map(|(name, _)| *name).chain(["good.png"]);
    let hosted = names.map(|name| format!("https://cbu01.alicdn.com{ODD_FOLDER}{name}"));
    hosted
        .chain(["https://pictures.example/elsewhere.jpg".to_owned(), "javascript:alert(1)".to_owned()])
        .collect()
}

/// The picture at this address of the picture host.
pub(super) async fn respond(host: &str, path: &str) -> Response {
    let odd = path.strip_prefix(ODD_FOLDER).and_then(|name| ODD.iter().find(|(odd, _)| *odd == name));
    if let Some((_, odd)) = odd {
        return odd_response(*odd);
    }
    let (address, format) = (format!("{host}{path}"), format_of(path));
    match tokio::task::spawn_blocking(move || encode(&paint(&address), format)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, format.to_mime_type())], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn odd_response(odd: OddPicture) -> Response {
    let labelled =
        |label: &'static str, body: Vec<u8>| ([(header::CONTENT_TYPE, label)], body).into_response();
    let moved = |to: &'static str| (StatusCode::FOUND, [(header::LOCATION, to)], "").into_response();
    match odd {
        OddPicture::Broken => {
            let mut bytes = encode(&paint("broken"), ImageFormat::Jpeg);
            bytes.truncate(bytes.len() / 3);
            labelled("image/jpeg", bytes)
        }
        OddPicture::HugePixels => labelled("image/png", huge_png()),
        OddPicture::ManyBytes => many_bytes(),
        OddPicture::Html => {
            labelled("text/html; charset=utf-8", b"<html><body>blocked</body></html>".to_vec())
        }
        OddPicture::Svg => {
            let drawing = r#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
            labelled("image/svg+xml", drawing.into())
        }
        OddPicture::MislabelledText => labelled("image/png", b"\x1b[2J\x1b]0;owned\x07no picture".to_vec()),
        OddPicture::Missing => (StatusCode::NOT_FOUND, "no such picture").into_response(),
        OddPicture::Moved => moved("/img/ibank/odd/good.png"),
        OddPicture::MovedElsewhere => moved("https://pictures.example/elsewhere.jpg"),
    }
}

/// In pieces, so that a client can stop early.
fn many_bytes() -> Response {
    let mut start = encode(&paint("large"), ImageFormat::Jpeg);
    start.resize(start.len().next_multiple_of(2), 0);
    let piece = Bytes::from(vec![0; 64 * 1024]);
    let pieces = std::iter::repeat_n(piece, MANY_BYTES / (64 * 1024));
    let body = stream::iter([Bytes::from(start)].into_iter().chain(pieces).map(Ok::<_, std::io::Error>));
    let paced = futures_util::StreamExt::then(body, |piece| async {
        tokio::time::sleep(Duration::from_micros(100)).await;
        piece
    });
    ([(header::CONTENT_TYPE, "image/jpeg")], Body::from_stream(paced)).into_response()
}

fn format_of(path: &str) -> ImageFormat {
    if path.to_ascii_lowercase().ends_with(".png") { ImageFormat::Png } else { ImageFormat::Jpeg }
}

fn encode(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    // Writing to memory fails for sizes alone that these pictures don't have.
    let _ = picture.write_to(&mut bytes, format);
    bytes.into_inner()
}

/// A product on a backdrop: a box with a band and a round label, in colours of the address.
fn paint(address: &str) -> RgbImage {
    let mut rng = SeededRng::new(address, "picture");
    let (width, height) = (*rng.pick(&SIDES), *rng.pick(&SIDES));
    let [backdrop, body, band, label] = [(200, 250), (40, 220), (0, 255), (120, 255)].map(|(low, high)| {
        let mut level = || u8::try_from(rng.between(low, high)).unwrap_or(u8::MAX);
        Rgb([level(), level(), level()])
    });
    let (left, top) = (width / 5, height / 6);
    let (right, bottom) = (width - left, height - top);
    let (centre_x, centre_y, radius) = (width / 2, height / 2, width.min(height) / 7);
    RgbImage::from_fn(width, height, |x, y| {
        let is_inside = (left..right).contains(&x) && (top..bottom).contains(&y);
        let from_centre = x.abs_diff(centre_x).pow(2) + y.abs_diff(centre_y).pow(2);
        match is_inside {
            true if from_centre < radius.pow(2) => label,
            true if (x + y) % (width / 3) < width / 16 => band,
            true => body,
            // Darker to the bottom.
            false => Rgb(backdrop.0.map(|level| level - u8::try_from(y * 60 / height).unwrap_or_default())),
        }
    })
}

/// The header of a PNG and nothing else.
fn huge_png() -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    for side in [60_000_u32, 60_000] {
        header.extend(side.to_be_bytes());
    }
    header.extend([8, 2, 0, 0, 0]);
    let mut crc = flate2::Crc::new();
    crc.update(&header);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(header);
    bytes.extend(crc.sum().to_be_bytes());
    bytes.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_picture_of_its_own_that_stays_the_same() {
        let picture = |address: &str| encode(&paint(address), ImageFormat::Png);
        assert_eq!(picture("cbu01.alicdn.com/a.png"), picture("cbu01.alicdn.com/a.png"));
        assert_ne!(picture("cbu01.alicdn.com/a.png"), picture("cbu01.alicdn.com/b.png"));
    }

    #[test]
    fn a_picture_is_in_the_form_that_its_address_names() {
        assert_eq!(format_of("/img/A.PNG"), ImageFormat::Png);
        assert_eq!(format_of("/img/a.jpg_400x400.jpg"), ImageFormat::Jpeg);
        let bytes = encode(&paint("a"), ImageFormat::Jpeg);
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
    }
}
