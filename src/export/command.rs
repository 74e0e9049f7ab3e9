//! A call as a curl command. It works where `OBX_KEY` and `OBX_SECRET` are set, and shows neither.

use std::fmt::Write as _;

use super::redact::{self, KEY, SECRET};
use crate::api::{Call, Host};

/// The command, without a line's end. curl encodes the parameters itself.
pub fn curl(call: &Call, host: &Host) -> String {
    let mut command = format!("curl -sS --compressed -G {}", quoted(&format!("{host}/{}/", call.api())));
    for (name, variable) in [KEY, SECRET] {
        // In double quotes, so that the shell puts the value in.
        let _infallible = write!(command, " --data-urlencode \"{name}={variable}\"");
    }
    for (name, value) in call.parameters() {
        let pair = format!("{name}={}", redact::parameter(name, &value));
        let _infallible = write!(command, " --data-urlencode {}", quoted(&pair));
    }
    command
}

/// For a POSIX shell, in which nothing between single quotes means anything.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
