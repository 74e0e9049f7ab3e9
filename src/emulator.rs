//! The vendor's gateway, emulated.
