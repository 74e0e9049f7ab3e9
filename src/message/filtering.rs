//! A jq program to be run on the shown answer, and its result.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use obx_core::jq::{FilterFault, Outputs};
use onebound_document::Document;

/// A program to be run. It replaces the previous one, even one that is still running.
#[derive(Clone, PartialEq, Eq)]
pub struct FilterJob {
    /// Identifies the result.
    pub number: u64,
    /// The jq program; `None` to only prepare the text for later programs.
    pub program: Option<String>,
    /// Identifies the text: the same number means the same text.
    pub body: u64,
    /// JSON, with secrets masked.
    pub text: Bytes,
}

impl fmt::Debug for FilterJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.text.len();
        write!(f, "FilterJob({}, {:?}, {size} bytes)", self.number, self.program)
    }
}

/// The result of a [`FilterJob`].
#[derive(Clone, Debug)]
pub struct Filtered {
    /// The number of the job.
    pub number: u64,
    /// The outputs, or why there are none.
    pub outcome: Result<FilterResult, FilterFault>,
}

/// Outputs, ready to be displayed.
#[derive(Clone, Debug)]
pub struct FilterResult {
    /// One output per line.
    pub text: Bytes,
    /// The number of outputs.
    pub count: usize,
    /// Whether further outputs were left out.
    pub cut: bool,
    /// The only output, or a list of all; `None` if there is none, or if one isn't JSON.
    pub document: Option<Arc<Document>>,
}

impl FilterResult {
    /// Indexes outputs, which takes a while for large ones.
    pub fn from_outputs(outputs: Outputs) -> Self {
        let text = Bytes::from(outputs.text);
        let listed = if outputs.count == 1 { text.clone() } else { list(&text) };
        let document = (outputs.count > 0).then(|| Document::parse(listed).ok()).flatten();
        Self { text, count: outputs.count, cut: outputs.cut, document: document.map(Arc::new) }
    }
}

/// Turns the lines into the elements of a list. Line breaks within an output are escaped, so each line is one output.
fn list(lines: &[u8]) -> Bytes {
    let mut listed = Vec::with_capacity(lines.len() + 2);
    listed.push(b'[');
    let inside = lines.strip_suffix(b"\n").unwrap_or(lines);
    listed.extend(inside.iter().map(|byte| if *byte == b'\n' { b',' } else { *byte }));
    listed.push(b']');
    listed.into()
}
