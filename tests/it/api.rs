//! The real client against the emulator, over real HTTP; and the domain on captured bodies and on any input.

mod any_difference;
mod any_input;
mod any_result_type;
mod any_text;
mod codes;
mod differences;
mod drift;
mod facts;
mod failover;
mod faults;
mod flight;
mod freshness;
pub(crate) mod gateway;
mod item_ids;
mod lossless;
mod proxies;
mod raw;
mod replay;
mod result_type_secrets;
pub(crate) mod result_types;
mod secrets;
mod signed;
mod skus;
mod spelled;
pub(crate) mod support;
mod tls;
mod wire;
