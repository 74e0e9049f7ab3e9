//! All integration tests, in one binary: each further one would link everything again.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod api;
mod difference_view;
mod facts_screens;
mod forecast;
mod layering;
mod quota_screens;
mod scenarios;
mod screens;
mod secrets;
mod states;
mod support;
mod tui;
