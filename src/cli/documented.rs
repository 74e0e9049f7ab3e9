//! The parts of docs/ that are made from the code: the tables of fields in docs/json.md, and the usage, flags and exit
//! codes in docs/commands.md. `OBX_UPDATE_DOCS=1 cargo test` writes them.

mod commands;

use std::collections::BTreeSet;
use std::path::Path;

use super::run::dry_run;
use super::{batch, config, diff, doctor, errors, facts, find, history, images, log, quota, store};
use obx_core::batch::batch_line_schema;
use obx_core::flat::{FlatList, found_schema, record_schema};
use obx_core::i18n::{Language, Texts};
use obx_core::record::Schema;

/// Schemas whose fields are those of others: the fields of a line, then those of an item.
const COMPOSED: [&str; 2] = ["batch", "batch_row"];

/// A table of docs/json.md.
pub(super) struct Table {
    name: &'static str,
    text: String,
    /// The commands that print such records.
    commands: &'static [&'static str],
}

impl Table {
    pub(super) fn new<T>(schema: &Schema<T>, commands: &'static [&'static str]) -> Self {
        let text = schema.to_markdown(Texts::new(Language::En));
        Self { name: schema.name, text, commands }
    }
}

/// All kinds of records.
fn tables() -> Vec<Table> {
    let with_skus = |list: FlatList| match list {
        FlatList::Skus => &["get", "show", "export"][..],
        _ => &["export"],
    };
    let lists = FlatList::ALL.map(|list| Table::new(&list.schema(), with_skus(list)));
    let others = [
        Table::new(&record_schema(), &["get", "search", "batch", "show", "export"]),
        Table::new(&found_schema(), &["search"]),
        Table::new(&batch_line_schema(), &["batch"]),
        Table::new(&history::history_schema(), &["history"]),
        Table::new(&diff::diff_schema(), &["diff"]),
        Table::new(&log::log_schema(), &["log"]),
        Table::new(&facts::facts_schema(), &["facts"]),
        Table::new(&find::find_schema(), &["find"]),
        Table::new(&dry_run::schema(), &["get", "search", "images", "quota"]),
    ];
    let of_modules = [
        batch::tables(),
        config::tables(),
        doctor::tables(),
        errors::tables(),
        images::tables(),
        quota::tables(),
        store::tables(),
    ];
    lists.into_iter().chain(others).chain(of_modules.into_iter().flatten()).collect()
}

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Compares the parts of a page between `<!-- NAME -->` and `<!-- end -->` with what the code says. The page has no other
/// such parts.
fn check_parts(page_name: &str, parts: &[(String, String)]) {
    let is_update = std::env::var_os("OBX_UPDATE_DOCS").is_some();
    let (mut text, end) = (page(page_name), "<!-- end -->");
    for (name, part) in parts {
        let start = format!("<!-- {name} -->\n");
        let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("{page_name} has no {start}"));
        let (written, after) = rest.split_once(end).unwrap();
        assert!(is_update || written == part, "{page_name}, {name}:\n{written}\nhas to be\n{part}");
        text = format!("{before}{start}{part}{end}{after}");
    }
    assert_eq!(text.matches(end).count(), parts.len(), "parts of {page_name}");
    if is_update {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page_name);
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn json_md_has_the_fields_of_all_records() {
    let parts = tables().into_iter().map(|table| (format!("fields: {}", table.name), table.text));
    check_parts("json.md", &parts.collect::<Vec<_>>());
}

#[test]
fn all_schemas_have_a_table() {
    let mut names = BTreeSet::new();
    for folder in ["src", "crates/obx-core/src"] {
        find_schemas(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut names);
    }
    assert!(names.contains("quota"), "{names:?}");
    let tables = tables();
    let known =
        |name: &String| COMPOSED.contains(&name.as_str()) || tables.iter().any(|table| table.name == name);
    names.retain(|name| !known(name));
    assert!(names.is_empty(), "no table in docs/json.md: {names:?}");
}

/// The names of the schemas that the program creates in these files.
fn find_schemas(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find_schemas(&path, names);
        } else if path.extension().is_some_and(|name| name == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let code = code.join("\n");
            let program = code.split("#[cfg(test)]").next().unwrap();
            let calls = program.split("Schema::new(").skip(1).map(str::trim_start);
            // Other arguments are a function's own ones, and its callers' records are in the list of tables.
            names
                .extend(calls.filter_map(|call| Some(call.strip_prefix('"')?.split_once('"')?.0.to_owned())));
        }
    }
}
