//! The real client against the emulator, over real HTTP; and the domain on captured bodies and on any input.

mod any_difference;
mod any_input;
mod any_text;
mod codes;
mod differences;
mod drift;
mod facts;
mod failover;
mod faults;
mod flight;
mod freshness;
mod gateway;
mod item_ids;
mod lossless;
mod proxies;
mod replay;
mod secrets;
mod skus;
mod spelled;
mod support;
mod tls;
mod wire;
