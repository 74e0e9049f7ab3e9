//! The real client against the emulator, over real HTTP; and the domain on captured bodies and on any input.

mod codes;
mod faults;
mod gateway;
mod proxies;
mod support;
mod tls;
mod wire;
