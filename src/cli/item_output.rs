//! The forms in which commands print an item: text, the body, the flat record, its SKUs.

use super::failure::CliFailure;
use super::item_text::{self, ItemPart};
use super::output::{Output, OutputArgs, Records, list_fields};
use super::terminal_width;
use obx_core::flat::{FlatList, FlatRecord, FlatRow, item_schema, record_schema};
use obx_core::i18n::Texts;
use obx_core::record::Schema;
use onebound::Exchange;

#[derive(clap::Args, Clone, Copy, Debug)]
pub(super) struct ItemFormArgs {
    #[arg(long, conflicts_with = "raw")]
    skus: bool,
    #[arg(long, conflicts_with_all = ["raw", "skus"])]
    flat: bool,
    #[arg(long, conflicts_with_all = ["json", "csv", "jq", "fields"])]
    raw: bool,
}

impl ItemFormArgs {
    /// Lists the fields of the records that would be printed.
    pub(super) fn list_fields(self, texts: Texts) -> Result<(), CliFailure> {
        if self.skus {
            list_fields(&FlatList::Skus.schema(), texts)
        } else {
            list_fields(&record_schema(), texts)
        }
    }
}

/// The schemas of the rows that items are printed as.
#[derive(Debug)]
pub(super) struct ItemSchemas {
    skus: Schema<FlatRow>,
    items: Schema<FlatRow>,
}

impl ItemSchemas {
    pub(super) fn new() -> Self {
        Self { skus: FlatList::Skus.schema(), items: item_schema() }
    }
}

/// What is written of each item.
#[derive(Debug)]
pub(super) enum ItemForm<'s> {
    Raw,
    Text(ItemPart),
    /// The whole record.
    Records,
    /// The item without its lists, as CSV; or its SKUs.
    Rows(Option<FlatList>, Records<'s, FlatRow>),
}

impl<'s> ItemForm<'s> {
    /// The form that the command line asks for. A field that no record has is a mistake before anything is paid.
    pub(super) fn new(
        args: ItemFormArgs,
        output: &OutputArgs,
        schemas: &'s ItemSchemas,
        out: &Output,
    ) -> Result<Self, CliFailure> {
        Ok(match (args.raw, output.has_records() || args.flat) {
            (true, _) => Self::Raw,
            (false, false) => {
                let part = if args.skus { ItemPart::Skus } else { ItemPart::All };
                Self::Text(part)
            }
            (false, true) if args.skus => Self::Rows(Some(FlatList::Skus), out.records(&schemas.skus)?),
            (false, true) if output.is_csv() => Self::Rows(None, out.records(&schemas.items)?),
            (false, true) => {
                let _ = out.records(&record_schema())?;
                Self::Records
            }
        })
    }

    /// Writes what there is: of a wrong item nothing but its bytes, since nobody asked for it. `source` says in text where
    /// the answer is from.
    pub(super) fn write(
        &mut self,
        exchange: &Exchange,
        source: &str,
        texts: Texts,
        out: &mut Output,
    ) -> Result<(), CliFailure> {
        if let Self::Raw = self {
            return out.bytes(exchange.body.shown());
        }
        if exchange.other_item().is_some() {
            return Ok(());
        }
        let Some(record) = FlatRecord::new(exchange) else { return Ok(()) };
        match self {
            Self::Raw => Ok(()),
            Self::Text(part) => {
                let Some(item) = exchange.item() else { return Ok(()) };
                let room = terminal_width();
                let text = item_text::lines(exchange, item, source, *part, room, out.colors, texts);
                text.iter().try_for_each(|line| out.line(line))
            }
            Self::Records => out.flat_record(&record),
            Self::Rows(Some(list), records) => {
                record.rows(*list).try_for_each(|row| out.record(records, &row))
            }
            Self::Rows(None, records) => out.record(records, &record.item_row()),
        }
    }
}
