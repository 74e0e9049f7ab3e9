//! Snapshots of every pane and of whole screens.
