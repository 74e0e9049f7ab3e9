//! The commands for scripts: the real binary against the emulator, over real HTTP.

mod contract;
mod doctor;
mod errors;
mod export;
mod get;
mod images;
mod quota;
mod search;
mod shell;
