//! The details of the items that were found, bought after one question that names the price.

use super::{FoundItems, SearchArgs, table};
use crate::cli::exit_code::{CommonCode, ExitCode};
use crate::cli::failure::CliFailure;
use crate::cli::get::get_item;
use crate::cli::item_output::ItemForm;
use crate::cli::item_text::ItemPart;
use crate::cli::output::{Output, OutputArgs};
use crate::cli::prompt::Answer;
use crate::cli::report::ErrorReport;
use crate::cli::run::Run;
use crate::cli::terminal_width;
use obx_core::flat::{FlatRow, record_schema};
use obx_core::record::Schema;
use onebound::ItemId;

/// Where the terminal that is asked on has an unknown width.
const USUAL_WIDTH: usize = 80;

/// What is written of the details: the same as `obx get` writes.
pub(super) struct DetailsForm<'s>(ItemForm<'s>);

impl<'s> DetailsForm<'s> {
    /// # Errors
    /// A field that no record has.
    pub(super) fn new(
        args: &OutputArgs,
        items: &'s Schema<FlatRow>,
        out: &Output,
    ) -> Result<Self, CliFailure> {
        Ok(Self(if args.is_csv() {
            ItemForm::Rows(None, out.records(items)?)
        } else if args.has_records() {
            // A mistyped field costs nothing.
            let _ = out.records(&record_schema())?;
            ItemForm::Records
        } else {
            ItemForm::Text(ItemPart::All)
        }))
    }
}

/// Gets the details, and returns how they ended; `None` if their price was not accepted.
pub(super) async fn get(
    args: &SearchArgs,
    found: FoundItems,
    run: &Run,
    out: &mut Output,
    form: &mut DetailsForm<'_>,
) -> Result<Option<CommonCode>, CliFailure> {
    let without_id = found.count - found.ids.len();
    if without_id > 0 {
        run.note(&run.texts.search_without_id(without_id));
    }
    let to_buy = count_to_buy(args, &found, run).await;
    if !confirmed(args, &found, to_buy, run).await {
        run.report(&ErrorReport::new(ExitCode::Refused, run.texts.search_not_bought()));
        return Ok(None);
    }
    // Answers that have become too old since the question are not bought.
    let _ = run.confirm(to_buy);
    let mut codes = CommonCode::default();
    for id in &found.ids {
        codes.add(get_item(&args.spending, id, run, out, &mut form.0).await?);
    }
    Ok(Some(codes))
}

/// Asks once, if anything has to be bought.
async fn confirmed(args: &SearchArgs, found: &FoundItems, to_buy: u64, run: &Run) -> bool {
    if args.yes || run.config.offline || to_buy == 0 {
        return true;
    }
    let texts = run.texts;
    let stored = u64::try_from(found.ids.len()).unwrap_or(u64::MAX).saturating_sub(to_buy);
    let question = match run.cost(to_buy) {
        Some(cost) => texts.search_buy_at(stored, to_buy, cost),
        None => texts.search_buy(stored, to_buy),
    };
    let mut lines = table(&found.rows, Some(terminal_width().unwrap_or(USUAL_WIDTH)), texts);
    lines.push(question);
    run.ask(lines.join("\n")).await == Answer::Yes
}

async fn count_to_buy(args: &SearchArgs, found: &FoundItems, run: &Run) -> u64 {
    let mut to_buy = 0;
    for id in &found.ids {
        to_buy += u64::from(!is_stored(args, id, run).await);
    }
    to_buy
}

async fn is_stored(args: &SearchArgs, id: &ItemId, run: &Run) -> bool {
    let call = args.spending.call(run.config.call.item_get(id.clone()));
    args.spending.policy().takes_stored()
        && run.session.peek(&call).await.is_ok_and(|answer| answer.is_some())
}
