//! Pictures as files: the bytes as they were sent, and a name for them.

use std::fmt::Write as _;

use bytes::Bytes;
use image::ImageFormat;
use ring::digest::{SHA256, digest};

use super::decode::PictureError;
use onebound::{PictureClient, PictureHandle, PictureLimits, PictureRole, PictureUrl};

/// The longest value of a SKU in a name, in bytes. File systems take 255 for the whole name.
const LONGEST_VALUE: usize = 90;

/// So many bytes of an address's digest tell two pictures of a name apart.
const DIGEST: usize = 4;

/// The endings of the names of pictures.
pub const PICTURE_ENDINGS: [&str; 4] = ["jpg", "png", "webp", "gif"];

/// Fetches pictures without decoding them. A picture is no call: it is not counted, and costs nothing.
#[derive(Debug)]
pub struct PictureDownloader {
    client: PictureClient,
    offline: bool,
}

/// A picture as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadedPicture {
    pub bytes: Bytes,
    /// The ending of its name: by its first bytes, whatever its address ends in.
    pub ending: &'static str,
}

impl PictureDownloader {
    /// Creates a downloader of pictures that have at most `max_bytes`, which can only lower the limit of all pictures.
    pub fn new(max_bytes: usize, offline: bool) -> Self {
        let limits = PictureLimits::default();
        let limits = PictureLimits { max_bytes: max_bytes.min(limits.max_bytes), ..limits };
        Self { client: PictureClient::new(limits), offline }
    }

    /// Fetches a picture.
    ///
    /// # Errors
    /// Why there is none. What is no picture by its first bytes is an error, so that no page is saved as one.
    pub async fn get(
        &self,
        url: &PictureUrl,
        handle: &PictureHandle,
    ) -> Result<DownloadedPicture, PictureError> {
        if self.offline {
            return Err(PictureError::Offline);
        }
        let bytes = self.client.get(url, handle).await?;
        let ending = match image::guess_format(&bytes) {
            Ok(ImageFormat::Jpeg) => "jpg",
            Ok(ImageFormat::Png) => "png",
            Ok(ImageFormat::WebP) => "webp",
            Ok(ImageFormat::Gif) => "gif",
            _ => return Err(PictureError::UnknownForm),
        };
        Ok(DownloadedPicture { bytes, ending })
    }
}

/// The name of a picture's file without its ending: what it shows, and a part of its address's digest. So another picture
/// in the same role has another name, and a file of this name needs no second download.
pub fn picture_file_stem(role: &PictureRole, url: &PictureUrl) -> String {
    let mut name = match role {
        PictureRole::Main => "main".to_owned(),
        PictureRole::Item(number) => format!("item-{number:02}"),
        PictureRole::Sku(value) => format!("sku-{}", safe(value)),
        PictureRole::Description(number) => format!("description-{number:02}"),
    };
    name.push('-');
    for byte in digest(&SHA256, url.as_str().as_bytes()).as_ref().iter().take(DIGEST) {
        let _ = write!(name, "{byte:02x}"); // writing to a String can't fail
    }
    name
}

/// A part of a file's name that no file system and no shell reads as anything else, and that hides nothing.
fn safe(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        let c = if c.is_alphanumeric() || c == '-' { c } else { '_' };
        if name.len() + c.len_utf8() > LONGEST_VALUE {
            break;
        }
        if c != '_' || !name.ends_with('_') {
            name.push(c);
        }
    }
    name.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use onebound::Host;

    fn url(name: &str) -> PictureUrl {
        PictureUrl::parse(&format!("https://cbu01.alicdn.com/{name}"), &Host::default()).unwrap()
    }

    #[test]
    fn a_name_says_what_the_picture_shows() {
        let name = |role| picture_file_stem(&role, &url("a.jpg"));
        let main = name(PictureRole::Main);
        let digest = main.strip_prefix("main").unwrap();
        assert_eq!(name(PictureRole::Item(3)), format!("item-03{digest}"));
        assert_eq!(
            name(PictureRole::Sku("瓷白色 (4G)/64GB".to_owned())),
            format!("sku-瓷白色_4G_64GB{digest}")
        );
        assert_eq!(name(PictureRole::Description(12)), format!("description-12{digest}"));
        assert_ne!(name(PictureRole::Main), picture_file_stem(&PictureRole::Main, &url("b.jpg")));
    }

    #[tokio::test]
    async fn nothing_is_fetched_offline() {
        let downloader = PictureDownloader::new(1_000, true);
        let outcome = downloader.get(&url("a.jpg"), &PictureHandle::default()).await;
        assert_eq!(outcome, Err(PictureError::Offline));
    }

    proptest! {
        #[test]
        fn whatever_a_seller_writes_a_name_is_one_plain_part_of_a_path(value in "(?s).{0,300}") {
            let name = picture_file_stem(&PictureRole::Sku(value), &url("a.jpg"));
            prop_assert!(name.len() < 120 && name.starts_with("sku-"), "{name}");
            prop_assert!(name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'), "{name}");
        }
    }
}
