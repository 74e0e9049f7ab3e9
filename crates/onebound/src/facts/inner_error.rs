//! An error inside of an answer: a gateway says 0000, and the service behind it refused.

use std::collections::VecDeque;

use crate::field::Field;
use onebound_document::{Document, NodeId, NodeKind};

/// Names under which services give an error's code.
const CODES: [&str; 8] =
    ["error_code", "errorCode", "errcode", "err_code", "sub_code", "subCode", "exception", "error_response"];
/// Names under which they give its text.
const TEXTS: [&str; 8] =
    ["error", "error_message", "errorMessage", "error_msg", "errorMsg", "err_msg", "errMsg", "sub_msg"];
/// Values that say that there is none.
const NO_ERROR: [&str; 8] = ["ok", "OK", "success", "SUCCESS", "200", "null", "none", "false"];
/// Left out: it repeats what was sent.
const SENT: &str = "call_args";

/// How deep and how far is looked: errors are near the top.
const MAX_DEPTH: usize = 4;
const MAX_VISITED: usize = 2_000;
/// Largest string to parse as JSON, in bytes.
const MAX_STRING: usize = 64_000;

/// The first error below the answer's outermost object: where it is, and what it says.
pub(super) fn find(document: &Document, root: NodeId) -> Option<(NodeId, String)> {
    let mut to_visit: VecDeque<(NodeId, usize)> = children(document, root).map(|node| (node, 1)).collect();
    for _ in 0..MAX_VISITED {
        let (node, depth) = to_visit.pop_front()?;
        match document.kind(node) {
            NodeKind::Object => {
                if let Some((member, message)) = error_in(document, node) {
                    return Some((member, message));
                }
            }
            NodeKind::String if depth == 1 && document.raw_bytes(node).len() <= MAX_STRING => {
                if let Some(message) = error_in_string(document, node) {
                    return Some((node, message));
                }
            }
            _ => {}
        }
        if depth < MAX_DEPTH {
            let left = MAX_VISITED.saturating_sub(to_visit.len());
            to_visit.extend(children(document, node).take(left).map(|child| (child, depth + 1)));
        }
    }
    None
}

/// Containers, and texts that may hold some.
fn children(document: &Document, node: NodeId) -> impl Iterator<Item = NodeId> {
    document.children(node).filter(move |child| {
        let holds = matches!(document.kind(*child), NodeKind::Object | NodeKind::Array | NodeKind::String);
        holds && !document.has_key(*child, SENT)
    })
}

fn error_in_string(document: &Document, string: NodeId) -> Option<String> {
    if !document.looks_like_json(string) {
        return None;
    }
    let inner = document.nested(string).ok()?;
    error_in(&inner, inner.root()).map(|(_, message)| message)
}

/// The error of an object, by its code first.
fn error_in(document: &Document, object: NodeId) -> Option<(NodeId, String)> {
    let said = |name: &&str| {
        let member = document.get(object, name)?;
        let field = Field::from_node(document, member);
        match &field {
            Field::Object(inner) if !document.is_empty_container(*inner) && *name == "error_response" => {
                Some((member, (*name).to_owned()))
            }
            field => {
                let value = field.text()?.trim();
                let none = NO_ERROR.contains(&value) || value.bytes().all(|byte| byte == b'0');
                (!none).then(|| (member, format!("{name}: {value}")))
            }
        }
    };
    let refused = || {
        let member = document.get(object, "success")?;
        let value = document.text(member);
        (value == "false").then(|| (member, "success: false".to_owned()))
    };
    CODES.iter().find_map(said).or_else(|| TEXTS.iter().find_map(said)).or_else(refused)
}
