//! obx: a keyboard-driven terminal explorer for `OneBound`'s 1688 product API.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod document;
pub mod emulator;
pub mod fetch;
pub mod i18n;
pub mod keymap;
pub mod message;
pub mod model;
pub mod pane;
pub mod store;
pub mod tui;
pub mod ui;
