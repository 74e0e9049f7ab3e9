//! Digests of texts of any length, by which rows are found.

use ring::digest::{Context, Digest, SHA256, digest};

use onebound::Question;

/// Returns the digest of a gateway and a question.
pub(super) fn question_digest(question: &Question) -> Digest {
    let mut context = Context::new(&SHA256);
    context.update(question.scope().as_str().as_bytes());
    context.update(b"\0");
    context.update(question.as_str().as_bytes());
    context.finish()
}

/// Returns the digest of a text.
pub(super) fn text_digest(text: &str) -> Digest {
    digest(&SHA256, text.as_bytes())
}
