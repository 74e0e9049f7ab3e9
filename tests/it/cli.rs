//! The commands for scripts: the real binary against the emulator, over real HTTP.

mod batch;
mod batch_changed;
mod batch_out;
mod batch_xlsx;
mod completions;
mod config;
mod contract;
mod diff;
mod docs;
mod doctor;
mod errors;
mod export;
mod facts;
mod find;
mod get;
mod help;
mod history;
mod images;
mod log;
mod mistakes;
mod quota;
mod search;
mod shell;
mod show;
mod status_line;
mod streams;
