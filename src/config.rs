//! What a session is set to. So far: the variables it comes from, and where things are kept.

mod environment;
mod error;
mod paths;

pub use environment::Environment;
pub use error::{CommandFailure, ConfigError, Problem};
pub use paths::{ConfigFile, Paths};
