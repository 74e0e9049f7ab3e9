//! A call as a curl command. It works where `OBX_KEY` and `OBX_SECRET` are set, and shows neither. The shell signs a signed
//! call again, for a signature is valid for its moment only, and is a secret itself.

use std::fmt::Write as _;

use super::NotExported;
use super::redact::{self, KEY, SECRET};
use onebound::{Call, Exchange};

/// Shell code: the time in Beijing, and the secret, or its md5 where it has other than 32 characters.
const MOMENT: &str = "d=$(TZ=UTC-8 date '+%Y-%m-%d %H:%M:%S'); s=$OBX_SECRET; \
    [ ${#s} = 32 ] || s=$(printf %s \"$s\" | openssl md5 -r | cut -c1-32); ";

/// The command, without a line's end. curl encodes the parameters itself.
///
/// # Errors
/// Where the request is not known, or the command would expose the key to the network.
pub fn curl(exchange: &Exchange) -> Result<String, NotExported> {
    let Exchange { call, host, signed, .. } = exchange;
    if exchange.is_body_only() {
        return Err(NotExported::NoCall);
    }
    if host.shows_key() {
        return Err(NotExported::PlainHost);
    }
    let mut command = if *signed { signature(call) } else { String::new() };
    let address = quoted(&format!("{host}/{}/", call.api()));
    let _ = write!(command, "curl -sS --compressed -G {address}"); // writing to a String can't fail
    let proof: &[_] = if *signed { &[KEY, ("dateline", "$d"), ("sign", "$s")] } else { &[KEY, SECRET] };
    for (name, variable) in proof {
        // In double quotes, so that the shell puts the value in.
        let _ = write!(command, " --data-urlencode \"{name}={variable}\"");
    }
    for (name, value) in call.parameters() {
        let pair = if is_secret(call, name) {
            format!("\"{name}={}\"", variable(name))
        } else {
            quoted(&format!("{name}={}", redact::parameter(name, &value)))
        };
        let _ = write!(command, " --data-urlencode {pair}"); // writing to a String can't fail
    }
    Ok(command)
}

fn is_secret(call: &Call, name: &str) -> bool {
    call.secret_parameters().any(|secret| secret == name)
}

/// What the shell puts in place of a further secret, and complains about where it is not set: `${OBX_SESSION:?}`.
fn variable(name: &str) -> String {
    format!("${{OBX_{}:?}}", name.to_ascii_uppercase().replace('.', "_"))
}

/// Puts the signature into `$s`: `k=v&k=v` by name, and the secret behind it.
fn signature(call: &Call) -> String {
    let parameters = call.signed_parameters();
    let mut signed: Vec<(&str, &str, String)> = parameters
        .iter()
        .map(|(name, value)| {
            let shown = if is_secret(call, name) {
                format!("\"{name}={}\"", variable(name))
            } else {
                quoted(&format!("{name}={value}"))
            };
            (*name, value.as_ref(), shown)
        })
        .collect();
    signed
        .extend([("key", "", "\"key=$OBX_KEY\"".to_owned()), ("dateline", "", "\"dateline=$d\"".to_owned())]);
    signed.sort();
    let signed: Vec<String> = signed.into_iter().map(|(_, _, shown)| shown).collect();
    format!("{MOMENT}s=$(printf %s {}\"$s\" | openssl md5 -r | cut -c1-32); ", signed.join("'&'"))
}

/// For a POSIX shell, in which nothing between single quotes means anything.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
