//! All integration tests, in one binary: each further one would link everything again.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod accessible;
mod api;
mod batch;
mod call_editor;
mod columns;
mod difference_view;
mod event_loop;
mod export;
mod facts_screens;
mod forecast;
mod history_screens;
mod history_store;
mod id_input;
mod item_screens;
mod jq;
mod layering;
mod links;
mod monkey;
mod mouse;
mod named_keys;
mod notices;
mod odd_answers;
mod one_enter;
mod other_sessions;
mod palette;
mod pictures;
mod price_in_sight;
mod prices;
mod printed;
mod quota_screens;
mod response;
mod restored;
mod saved_files;
mod scenarios;
mod screens;
mod secrets;
mod session;
mod sku_matrix;
mod states;
mod store;
mod support;
mod tour;
mod tui;
mod zones;
