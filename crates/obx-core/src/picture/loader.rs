//! Where a picture comes from: memory, its file, or the vendor's picture host.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::cache::PictureCache;
use super::decode::{Picture, PictureError};
use onebound::{PictureClient, PictureHandle, PictureLimits, PictureUrl};

/// So many pictures stay in memory, each of at most 2 MB.
const RECENT: usize = 12;

/// Loads pictures. A picture is no call: it is not counted, not logged, and costs nothing.
#[derive(Debug)]
pub struct PictureLoader {
    client: PictureClient,
    cache: Option<Arc<PictureCache>>,
    offline: bool,
    /// The newest last.
    recent: Mutex<VecDeque<(PictureUrl, Arc<Picture>)>>,
}

impl PictureLoader {
    /// Creates a loader that stores pictures in this folder, if any, and fetches none while `offline`.
    pub fn new(folder: Option<PathBuf>, offline: bool) -> Self {
        Self {
            client: PictureClient::new(PictureLimits::default()),
            cache: folder.map(|folder| Arc::new(PictureCache::new(folder))),
            offline,
            recent: Mutex::default(),
        }
    }

    /// Loads a picture; decoding runs on a thread of its own.
    ///
    /// # Errors
    /// Why it can't be shown.
    pub async fn load(&self, url: &PictureUrl, handle: &PictureHandle) -> Result<Arc<Picture>, PictureError> {
        if let Some(picture) = self.recent(url) {
            return Ok(picture);
        }
        // A gateway on this machine invents its pictures: they must not be found for the real address later.
        let cache = self.cache.clone().filter(|_| !url.is_local());
        let stored = {
            let (cache, url) = (cache.clone(), url.clone());
            blocking(move || Ok(cache.and_then(|cache| Picture::decode(&cache.get(&url)?).ok()))).await?
        };
        let picture = match stored {
            Some(picture) => picture,
            None if self.offline => return Err(PictureError::Offline),
            None => {
                let bytes = self.client.get(url, handle).await?;
                let url = url.clone();
                blocking(move || {
                    let picture = Picture::decode(&bytes)?;
                    cache.inspect(|cache| cache.put(&url, &bytes));
                    Ok(picture)
                })
                .await?
            }
        };
        let picture = Arc::new(picture);
        self.remember(url, &picture);
        Ok(picture)
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

/// A panic of a decoder is a damaged picture.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PictureError> + Send + 'static,
) -> Result<T, PictureError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(PictureError::Damaged))
}
