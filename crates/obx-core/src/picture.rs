//! Pictures of items: fetched when they are asked for, decoded with limits, and stored for the next time.
//!
//! ```text
//!  PictureUrl ─▶ PictureLoader ─▶ recent? file? else onebound::PictureClient ─▶ Picture::decode ─▶ Picture
//!             PictureDownloader ─▶ onebound::PictureClient ─▶ the bytes as they were sent, for a file
//! ```
//! What arrives is hostile until it is decoded: its form is found by its first bytes, and its size in pixels is read
//! before anything else of it.

mod cache;
mod decode;
mod download;
mod loader;

pub use decode::{Picture, PictureError, PixelRoom, Pixels};
pub use download::{DownloadedPicture, PICTURE_ENDINGS, PictureDownloader, picture_file_stem};
pub use loader::PictureLoader;
