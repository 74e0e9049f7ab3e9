//! A jq program to be run over what is shown, and what came out of it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use obx_core::jq::{FilterFault, Outputs};
use onebound_document::Document;

/// A program to be run; it takes the place of the one before, whether that is done or not.
#[derive(Clone, PartialEq, Eq)]
pub struct FilterJob {
    /// Comes back with the result.
    pub number: u64,
    /// In jq's language; `None` where the text is only made ready for programs to come.
    pub program: Option<String>,
    /// Names the text: the same number, the same text.
    pub body: u64,
    /// JSON, secrets masked.
    pub text: Bytes,
}

impl fmt::Debug for FilterJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.text.len();
        write!(f, "FilterJob({}, {:?}, {size} bytes)", self.number, self.program)
    }
}

/// What became of a [`FilterJob`].
#[derive(Clone, Debug)]
pub struct Filtered {
    /// Of which.
    pub number: u64,
    /// What came out, or why nothing did.
    pub outcome: Result<FilterResult, FilterFault>,
}

/// Outputs, ready to be looked at.
#[derive(Clone, Debug)]
pub struct FilterResult {
    /// One a line.
    pub text: Bytes,
    /// How many.
    pub count: usize,
    /// Whether there were more, which are left out.
    pub cut: bool,
    /// The one output, or all of them as a list; `None` where there is none, or where one is no JSON.
    pub document: Option<Arc<Document>>,
}

impl FilterResult {
    /// Indexes outputs; of large ones it takes a while.
    pub fn of(outputs: Outputs) -> Self {
        let text = Bytes::from(outputs.text);
        let listed = if outputs.count == 1 { text.clone() } else { list(&text) };
        let document = (outputs.count > 0).then(|| Document::parse(listed).ok()).flatten();
        Self { text, count: outputs.count, cut: outputs.cut, document: document.map(Arc::new) }
    }
}

/// The lines as the elements of a list. No output has a line break in it but as an escape.
fn list(lines: &[u8]) -> Bytes {
    let mut listed = Vec::with_capacity(lines.len() + 2);
    listed.push(b'[');
    let inside = lines.strip_suffix(b"\n").unwrap_or(lines);
    listed.extend(inside.iter().map(|byte| if *byte == b'\n' { b',' } else { *byte }));
    listed.push(b']');
    listed.into()
}
