//! The tables of fields in docs/json.md are those of the schemas.

use super::diff::diff_schema;
use super::facts::facts_schema;
use super::find::find_schema;
use super::history::history_schema;
use super::log::log_schema;
use obx_core::i18n::{Language, Texts};

/// `OBX_UPDATE_DOCS=1 cargo test` writes the tables.
#[test]
fn the_documentation_has_the_fields_of_all_commands() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md");
    let mut text = std::fs::read_to_string(path).unwrap();
    let texts = Texts::new(Language::En);
    let tables = [
        ("history", history_schema().to_markdown(texts)),
        ("difference", diff_schema().to_markdown(texts)),
        ("fact", facts_schema().to_markdown(texts)),
        ("found", find_schema().to_markdown(texts)),
        ("log", log_schema().to_markdown(texts)),
    ];
    for (name, table) in tables {
        let (start, end) = (format!("<!-- fields: {name} -->\n"), "<!-- end -->");
        let (before, rest) = text.split_once(&start).unwrap();
        let (written, after) = rest.split_once(end).unwrap();
        if std::env::var_os("OBX_UPDATE_DOCS").is_none() {
            assert_eq!(written, table, "{name}");
        }
        text = format!("{before}{start}{table}{end}{after}");
    }
    if std::env::var_os("OBX_UPDATE_DOCS").is_some() {
        std::fs::write(path, text).unwrap();
    }
}
