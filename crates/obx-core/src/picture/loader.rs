//! Where a picture comes from: memory, its file, or the vendor's picture host.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::cache::PictureCache;
use super::decode::{Picture, PictureError, PixelRoom};
use onebound::{PictureClient, PictureFailure, PictureHandle, PictureLimits, PictureUrl};

/// So many pictures stay in memory, each of at most 2 MB.
const RECENT: usize = 12;

/// So many pictures are decoded or encoded at once.
const DECODED_AT_ONCE: usize = 1;

/// Loads pictures. A picture is no call: it is not counted, not logged, and costs nothing.
#[derive(Debug)]
pub struct PictureLoader {
    client: PictureClient,
    cache: Option<Arc<PictureCache>>,
    offline: bool,
    /// The newest last.
    recent: Mutex<VecDeque<(PictureUrl, Arc<Picture>)>>,
    turns: Semaphore,
}

impl PictureLoader {
    /// Creates a loader that stores pictures in this folder, if any, and fetches none while `offline`.
    pub fn new(folder: Option<PathBuf>, offline: bool) -> Self {
        Self {
            client: PictureClient::new(PictureLimits::default()),
            cache: folder.map(|folder| Arc::new(PictureCache::new(folder))),
            offline,
            recent: Mutex::default(),
            turns: Semaphore::new(DECODED_AT_ONCE),
        }
    }

    /// Loads a picture, and encodes it for the room in which the terminal draws it itself, if it does.
    ///
    /// # Errors
    /// Why it can't be shown.
    pub async fn load(
        &self,
        url: &PictureUrl,
        room: Option<PixelRoom>,
        handle: &PictureHandle,
    ) -> Result<Arc<Picture>, PictureError> {
        let picture = match self.recent(url) {
            Some(picture) => picture,
            None => self.decoded(url, handle).await?,
        };
        if let Some(room) = room {
            let encoded = Arc::clone(&picture);
            let encode = move |_: &PictureHandle| {
                encoded.encode(room);
                Ok(())
            };
            self.blocking(handle, encode).await?;
        }
        Ok(picture)
    }

    /// From its file or its host. A picture whose end is missing is not kept, so that it can be fetched again.
    async fn decoded(&self, url: &PictureUrl, handle: &PictureHandle) -> Result<Arc<Picture>, PictureError> {
        // A gateway on this machine invents its pictures: they must not be found for the real address later.
        let cache = self.cache.clone().filter(|_| !url.is_local());
        let stored = self.stored(cache.clone(), url.clone(), handle).await?;
        let picture = match stored {
            Some(picture) => picture,
            None if self.offline => return Err(PictureError::Offline),
            None => {
                let bytes = self.client.get(url, handle).await?;
                let url = url.clone();
                let decode = move |_: &PictureHandle| {
                    let picture = Picture::decode(&bytes)?;
                    cache.filter(|_| picture.is_whole).inspect(|cache| cache.put(&url, &bytes));
                    Ok(picture)
                };
                self.blocking(handle, decode).await?
            }
        };
        let picture = Arc::new(picture);
        if picture.is_whole {
            self.remember(url, &picture);
        }
        Ok(picture)
    }

    async fn stored(
        &self,
        cache: Option<Arc<PictureCache>>,
        url: PictureUrl,
        handle: &PictureHandle,
    ) -> Result<Option<Picture>, PictureError> {
        let Some(cache) = cache else { return Ok(None) };
        let read = move |handle: &PictureHandle| {
            let Some(bytes) = cache.get(&url) else { return Ok(None) };
            fail_if_cancelled(handle)?;
            Ok(Picture::decode(&bytes).ok().filter(|picture| picture.is_whole))
        };
        self.blocking(handle, read).await
    }

    /// Works on a thread for blocking work, when it is this picture's turn: the user who moves on through a list leaves
    /// many behind, each of which would take a thread. A panic of a decoder is a damaged picture.
    async fn blocking<T: Send + 'static>(
        &self,
        handle: &PictureHandle,
        work: impl FnOnce(&PictureHandle) -> Result<T, PictureError> + Send + 'static,
    ) -> Result<T, PictureError> {
        let _turn = self.turns.acquire().await;
        fail_if_cancelled(handle)?;
        let handle = handle.clone();
        let done = tokio::task::spawn_blocking(move || work(&handle)).await;
        done.unwrap_or(Err(PictureError::Damaged))
    }

    fn recent(&self, url: &PictureUrl) -> Option<Arc<Picture>> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.iter().find(|(known, _)| known == url).map(|(_, picture)| Arc::clone(picture))
    }

    fn remember(&self, url: &PictureUrl, picture: &Arc<Picture>) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push_back((url.clone(), Arc::clone(picture)));
        if recent.len() > RECENT {
            recent.pop_front();
        }
    }
}

fn fail_if_cancelled(handle: &PictureHandle) -> Result<(), PictureError> {
    if handle.is_cancelled() { Err(PictureFailure::Cancelled.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use onebound::Host;

    /// A GIF of one pixel.
    const DOT: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

    /// A loader that has stored this as the picture at this address, and fetches none.
    fn loader_with(bytes: &[u8]) -> (tempfile::TempDir, PictureLoader, PictureUrl) {
        let home = tempfile::tempdir().unwrap();
        let url = PictureUrl::parse("https://cbu01.alicdn.com/a.gif", &Host::default()).unwrap();
        PictureCache::new(home.path().to_owned()).put(&url, bytes);
        let loader = PictureLoader::new(Some(home.path().to_owned()), true);
        (home, loader, url)
    }

    #[tokio::test]
    async fn a_picture_that_nobody_waits_for_any_more_is_not_decoded_when_its_turn_comes() {
        let (_home, loader, url) = loader_with(DOT);
        let handle = PictureHandle::default();
        let others = loader.turns.acquire().await.unwrap();
        let leave = async {
            tokio::task::yield_now().await;
            handle.cancel();
            drop(others);
        };
        let (outcome, ()) = tokio::join!(loader.load(&url, None, &handle), leave);
        assert_eq!(outcome.unwrap_err(), PictureFailure::Cancelled.into());
        assert!(loader.recent(&url).is_none());
        assert!(loader.load(&url, None, &PictureHandle::default()).await.is_ok());
    }

    #[tokio::test]
    async fn a_picture_is_encoded_only_where_the_terminal_draws_it() {
        let (_home, loader, url) = loader_with(DOT);
        let handle = PictureHandle::default();
        assert_eq!(loader.load(&url, None, &handle).await.unwrap().png(), None);
        let room = PixelRoom { width: 40, height: 40 };
        assert!(loader.load(&url, Some(room), &handle).await.unwrap().png().is_some());
    }

    #[tokio::test]
    async fn a_stored_picture_without_its_end_is_not_taken_for_the_picture() {
        let jpeg = {
            let mut bytes = std::io::Cursor::new(Vec::new());
            let pixels =
                image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([if x < y { 200 } else { 10 }; 3]));
            pixels.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
            bytes.into_inner()
        };
        let cut = &jpeg[..jpeg.len() - 40];
        assert!(!Picture::decode(cut).unwrap().is_whole);
        let (_home, loader, url) = loader_with(cut);
        let handle = PictureHandle::default();
        assert_eq!(loader.load(&url, None, &handle).await.unwrap_err(), PictureError::Offline);
    }
}
