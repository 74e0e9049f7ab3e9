//! Programs against what jq gives for them, and what completes one while it is typed.

mod filters;
mod jq;
