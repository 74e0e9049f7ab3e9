//! The lean mode, for slow lines: what costs many bytes and little meaning is left out. For the whole process, since it has
//! one terminal.

use std::sync::atomic::{AtomicBool, Ordering};

static LEAN: AtomicBool = AtomicBool::new(false);

/// Sets the mode; called before anything is laid out.
pub fn set_lean(lean: bool) {
    LEAN.store(lean, Ordering::Relaxed);
}

/// Whether as little as possible is written.
pub fn is_lean() -> bool {
    LEAN.load(Ordering::Relaxed)
}
