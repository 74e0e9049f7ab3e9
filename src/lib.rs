//! obx: a keyboard-driven terminal explorer for `OneBound`'s 1688 product API.

pub mod api;
pub mod config;
pub mod document;
pub mod i18n;
