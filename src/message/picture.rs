//! Loading a picture.

use obx_core::picture::PixelRoom;
use onebound::{PictureHandle, PictureUrl};

/// A picture that is to be loaded, until this is dropped.
///
/// The effect carries a clone of what is in here, so that the popup that asked ends the fetch by closing.
#[derive(Debug)]
pub struct PictureRequest {
    order: PictureOrder,
}

/// What is to be loaded, and what ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureOrder {
    pub url: PictureUrl,
    /// Of a picture that the terminal draws itself.
    pub room: Option<PixelRoom>,
    pub handle: PictureHandle,
}

impl PictureRequest {
    /// A new request, and the order to carry it out.
    pub fn new(url: PictureUrl, room: Option<PixelRoom>) -> (Self, PictureOrder) {
        let order = PictureOrder { url, room, handle: PictureHandle::default() };
        (Self { order: order.clone() }, order)
    }

    /// Whether this is the end of this request.
    pub fn is_for(&self, order: &PictureOrder) -> bool {
        self.order == *order
    }
}

impl Drop for PictureRequest {
    fn drop(&mut self) {
        self.order.handle.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use onebound::Host;

    #[test]
    fn a_request_that_is_dropped_is_cancelled() {
        let url = PictureUrl::parse("//cbu01.alicdn.com/a.jpg", &Host::default()).unwrap();
        let (request, order) = PictureRequest::new(url.clone(), None);
        let (other, _) = PictureRequest::new(url, None);
        assert!(request.is_for(&order) && !other.is_for(&order));
        assert!(!order.handle.is_cancelled());
        drop(request);
        assert!(order.handle.is_cancelled());
    }
}
