//! Why a call has no answer, or one that can't be parsed. No error contains a URL or a body.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::result_type::ResultType;

/// The call failed before a complete response arrived.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Failure {
    /// The client itself could not be set up, as without any root certificate.
    #[error("can't set up HTTPS: {0}")]
    Setup(String),
    /// No connection: name, route, refusal or certificate. Nothing was sent.
    #[error("no connection: {0}")]
    Connect(String),
    /// No connection in time. Nothing was sent.
    #[error("no connection within {0:?}")]
    ConnectTimeout(Duration),
    /// No whole answer in time.
    #[error("no whole answer within {0:?}")]
    Timeout(Duration),
    /// The connection closed before the answer began.
    #[error("the connection closed without an answer")]
    Closed,
    /// The body is larger than the limit, after unpacking.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The recording of the call has no response; with the reason given there, or "".
    #[error("no answer is recorded: {0}")]
    NotRecorded(String),
    /// Anything else that HTTP can run into.
    #[error("{0}")]
    Http(String),
}

/// A response arrived that is no envelope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Malformed {
    /// No body at all.
    #[error("an empty body")]
    Empty,
    /// An answer came, but whoever recorded the call left out its body: of how many bytes, and why, as far as the
    /// record says.
    #[error("the body was not recorded")]
    NotRecorded {
        /// In bytes after unpacking.
        size: Option<u64>,
        /// The record's own words, or "".
        reason: String,
    },
    /// The body ends too early: after so many bytes.
    #[error("the body was cut off after {0} bytes")]
    Cut(usize),
    /// A packed body that breaks at this byte, before anything was understood.
    #[error("the packed body breaks at byte {0}")]
    BrokenGzip(usize),
    /// A packed body of too many members, of which those before this byte were unpacked and brought nothing.
    #[error("the packed body has too many members, not unpacked from byte {0} on")]
    TooManyMembers(usize),
    /// A packed body whose unpacking took too long: what came out before this byte brought nothing.
    #[error("unpacking took too long, stopped at byte {0} of the packed body")]
    SlowUnpacking(usize),
    /// A page for people, as firewalls send them; with its title.
    #[error("an HTML page: {0}")]
    Html(String),
    /// The gateway redirects the caller, which is never followed.
    #[error("a redirect to {0}")]
    Redirect(String),
    /// Neither UTF-8 nor GBK, and not readable with U+FFFD in place of what is broken.
    #[error("broken UTF-8")]
    Encoding,
    /// Something else than JSON, from this byte on.
    #[error("not JSON at byte {0}")]
    NotJson(usize),
    /// Nested deeper than is read (512), or larger (1 GiB); from this byte on.
    #[error("too deep or too large at byte {0}")]
    TooDeep(usize),
    /// Asked for as XML or one of PHP's own forms, and something else from this byte on.
    #[error("not {0} at byte {1}")]
    NotOfType(ResultType, usize),
    /// Sound data, with neither an error code nor an item.
    #[error("readable, but no envelope")]
    NoEnvelope,
}
