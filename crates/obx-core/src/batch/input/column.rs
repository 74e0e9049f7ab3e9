//! The column of a table that holds the IDs. A wrong one costs money, so that none is taken where two look alike.

use std::ops::RangeInclusive;

use super::InputError;
use super::table::Record;
use onebound::{IdSource, ItemId};

/// Names of columns with IDs or addresses, in lower case.
const KNOWN_NAMES: [&str; 18] = [
    "num_iid",
    "offerid",
    "offer_id",
    "offer id",
    "item_id",
    "itemid",
    "item id",
    "商品id",
    "链接id",
    "宝贝id",
    "产品id",
    "货品id",
    "商品编号",
    "商品链接",
    "产品链接",
    "链接",
    "url",
    "link",
];

/// Number of digits of an ID among other columns of numbers.
const USUAL_LENGTH: RangeInclusive<usize> = 9..=14;

/// The column with the IDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdColumn {
    pub(super) column: usize,
    /// Whether the first record holds names.
    pub(super) has_header: bool,
}

/// Finds the column in the first records of a table: the wanted one, else the only one whose name is known, else the
/// only one with the most IDs.
pub(super) fn find(records: &[Record], wanted: Option<&str>, platform: &str) -> Result<IdColumn, InputError> {
    // An empty list has nothing to buy, as a script's empty result of another program.
    let Some(first) = records.first() else { return Ok(IdColumn { column: 0, has_header: false }) };
    if let Some(wanted) = wanted {
        return named(&first.cells, wanted, platform);
    }
    let is_known = |name: &String| KNOWN_NAMES.contains(&name.trim().to_lowercase().as_str());
    if let [names] = records
        && let Some(column) = names.cells.iter().position(is_known)
    {
        return Ok(IdColumn { column, has_header: true });
    }
    let ids = |column: usize| {
        let cells = records.iter().filter_map(|record| record.cells.get(column));
        cells.filter(|cell| looks_like_id(cell, platform)).count()
    };
    let columns = records.iter().map(|record| record.cells.len()).max().unwrap_or_default();
    let score = |column: usize| {
        let ids = ids(column);
        (ids > 0 && first.cells.get(column).is_some_and(is_known), ids)
    };
    let scores: Vec<(bool, usize)> = (0..columns).map(score).collect();
    let best = scores.iter().copied().max().filter(|(_, ids)| *ids > 0).ok_or(InputError::NoIds)?;
    let mut winners = (0..columns).filter(|column| scores.get(*column) == Some(&best));
    match (winners.next(), winners.next()) {
        (Some(column), None) => Ok(id_column(&first.cells, column, platform)),
        (Some(column), Some(other)) => {
            let columns = [column, other].into_iter().chain(winners);
            Err(InputError::Ambiguous { columns: columns.map(|column| name(&first.cells, column)).collect() })
        }
        (None, _) => Err(InputError::NoIds),
    }
}

/// The column of this name, or of this number from 1.
fn named(first: &[String], wanted: &str, platform: &str) -> Result<IdColumn, InputError> {
    let is_wanted = |name: &String| name.trim().to_lowercase() == wanted.trim().to_lowercase();
    if let Some(column) = first.iter().position(is_wanted) {
        return Ok(IdColumn { column, has_header: true });
    }
    let number = wanted.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let column = number.filter(|column| *column < first.len());
    column.map(|column| id_column(first, column, platform)).ok_or_else(|| InputError::NoColumn {
        wanted: wanted.to_owned(),
        known: (0..first.len()).map(|column| name(first, column)).collect(),
    })
}

fn id_column(first: &[String], column: usize, platform: &str) -> IdColumn {
    let is_id = first.get(column).is_some_and(|cell| ItemId::find_on(platform, cell).is_ok());
    IdColumn { column, has_header: !is_id }
}

fn name(first: &[String], column: usize) -> String {
    let name = first.get(column).map(|name| name.trim()).filter(|name| !name.is_empty());
    name.map_or_else(|| (column + 1).to_string(), str::to_owned)
}

fn looks_like_id(cell: &str, platform: &str) -> bool {
    match ItemId::find_on(platform, cell) {
        Ok(found) if found.source == IdSource::Digits => USUAL_LENGTH.contains(&found.id.as_str().len()),
        Ok(_) => true,
        Err(_) => false,
    }
}
