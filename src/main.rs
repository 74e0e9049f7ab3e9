//! The `obx` program; all of it is in the library.

use obx::cli::{self, ExitCode};

fn main() -> ExitCode {
    cli::run()
}
