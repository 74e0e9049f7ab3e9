//! `obx search WORDS`: items by words or of a shop, a call for each page; and the details of the first of them.

mod details;

use std::num::NonZeroU32;

use serde_json::json;

use super::args::GlobalArgs;
use super::exit_code::CommonCode;
use super::failure::CliFailure;
use super::output::{Output, OutputArgs, Records, list_fields};
use super::report::ErrorReport;
use super::run::{Needs, Run, run};
use super::spending::SpendingArgs;
use super::text_table::{self, Align};
use super::{ExitCode, terminal_width, texts};
use details::DetailsForm;
use obx_core::config::{CredentialsUse, Environment};
use obx_core::fetch::{Fetched, Source};
use obx_core::flat::{FlatRow, found_row, found_schema, record_schema};
use obx_core::i18n::Texts;
use obx_core::policy::{SearchEnd, SearchPages};
use obx_core::search_line::SearchLine;
use onebound::{Call, Decimal, Exchange, Field, ItemId, ListedItem, SearchPage, SearchQuery};

#[derive(clap::Args, Debug)]
pub(super) struct SearchArgs {
    #[arg(value_name = "WORDS", required_unless_present_any = ["shop", "fields"])]
    search_words: Vec<String>,
    #[arg(long, value_name = "ID")]
    shop: Option<String>,
    #[arg(long = "price", value_name = "LOW..HIGH")]
    price_range: Option<String>,
    #[arg(long, value_name = "ORDER")]
    sort: Option<String>,
    #[arg(long = "cat", value_name = "ID")]
    category: Option<String>,
    #[arg(long, value_name = "N")]
    page: Option<NonZeroU32>,
    #[arg(long, value_name = "N")]
    pages: Option<NonZeroU32>,
    #[arg(long = "all", conflicts_with = "pages", requires = "max_calls")]
    all_pages: bool,
    #[arg(long, value_name = "N")]
    page_size: Option<NonZeroU32>,
    #[arg(long, value_name = "N")]
    top: Option<NonZeroU32>,
    #[arg(long, requires = "top")]
    details: bool,
    #[arg(long, requires = "details")]
    yes: bool,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    spending: SpendingArgs,
}

impl SearchArgs {
    fn query(&self) -> Result<SearchQuery, CliFailure> {
        let line = SearchLine {
            words: self.search_words.join(" "),
            shop: self.shop.clone(),
            price_range: self.price_range.clone(),
            sort: self.sort.clone(),
            category: self.category.clone(),
            page: self.page,
            page_size: self.page_size,
        };
        Ok(line.query()?)
    }

    fn most_pages(&self) -> NonZeroU32 {
        if self.all_pages { NonZeroU32::MAX } else { self.pages.unwrap_or(NonZeroU32::MIN) }
    }

    fn most_items(&self) -> usize {
        self.top.map_or(usize::MAX, |top| usize::try_from(top.get()).unwrap_or(usize::MAX))
    }

    fn call(&self, run: &Run, query: &SearchQuery) -> Result<Call, CliFailure> {
        let call = run.config.call.search(query).map_err(CliFailure::Call)?;
        Ok(self.spending.call(call))
    }
}

/// The help of a flag of this command.
pub(super) fn help(id: &str, texts: Texts) -> Option<&'static str> {
    Some(match id {
        "search_words" => texts.help_search_words(),
        "shop" => texts.help_shop(),
        "page" => texts.help_page(),
        "pages" => texts.help_pages(),
        "all_pages" => texts.help_all_pages(),
        "price_range" => texts.help_price_range(),
        "sort" => texts.help_sort(),
        "category" => texts.help_category(),
        "page_size" => texts.help_page_size(),
        "top" => texts.help_top(),
        "details" => texts.help_details(),
        _ => return None,
    })
}

/// What is written of the items.
enum FoundForm<'s> {
    Text,
    Records(Records<'s, FlatRow>),
    /// Nothing: their details are written.
    Details(DetailsForm<'s>),
}

/// The items that were found so far.
#[derive(Default)]
struct FoundItems {
    count: usize,
    ids: Vec<ItemId>,
    /// The table's rows, for the question about the details.
    rows: Vec<Vec<String>>,
}

pub(super) fn run_search(
    args: &SearchArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        let texts = texts(environment);
        if args.details {
            list_fields(&record_schema(), texts)?;
        } else {
            list_fields(&found_schema(), texts)?;
        }
        return Ok(ExitCode::Ok);
    }
    let query = args.query()?;
    let (output, spending, credentials) = (&args.output, Some(&args.spending), CredentialsUse::Required);
    let needs = Needs { global, environment, output, credentials, spending };
    run(needs, async |run, out| {
        if args.spending.dry_run {
            return plan(args, query, run, out).await;
        }
        search(args, query, run, out).await
    })
}

async fn search(
    args: &SearchArgs,
    query: SearchQuery,
    run: &Run,
    out: &mut Output,
) -> Result<ExitCode, CliFailure> {
    let (schema, items) = (found_schema(), obx_core::flat::item_schema());
    let mut form = match (args.details, args.output.has_records()) {
        (true, _) => FoundForm::Details(DetailsForm::new(&args.output, &items, out)?),
        (false, true) => FoundForm::Records(out.records(&schema)?),
        (false, false) => FoundForm::Text,
    };
    if args.details && !args.yes && !run.config.offline && !super::prompt::has_terminal() {
        return Err(CliFailure::NeedsYes);
    }
    let mut pages = SearchPages::new(query, args.most_pages());
    let mut found = FoundItems::default();
    let most = args.most_items();
    let mut codes = CommonCode::default();
    while found.count < most {
        let Some(query) = pages.next_query() else { break };
        let call = args.call(run, query)?;
        let subject = call.subject().to_string();
        let fetched = match run.fetch(call, args.spending.policy()).await {
            Ok(fetched) => fetched,
            Err(reason) => {
                let report = ErrorReport::from_not_sent(&reason, run.texts).about(&subject);
                run.report(&report);
                codes.add(report.code);
                break;
            }
        };
        let exchange = &fetched.exchange;
        let mut new = pages.take(exchange);
        new.truncate(most - found.count);
        if let Some(page) = exchange.search_page() {
            found.take(exchange, &page, &new, run, out, &mut form)?;
            out.flush()?;
            note_page(&fetched, &page, pages.end().filter(|_| args.top.is_none()), run);
        }
        match ErrorReport::from_fetched(&fetched, run.texts) {
            // An empty page behind others is their end.
            Some(report) if report.code == ExitCode::NoResult && found.count > 0 => {}
            Some(report) => {
                run.report(&report);
                codes.add(report.code);
            }
            None => codes.add(ExitCode::Ok),
        }
    }
    warn_fewer(found.count, pages.end(), args, run);
    if let FoundForm::Details(mut form) = form {
        let Some(details) = details::get(args, found, run, out, &mut form).await? else {
            return Ok(ExitCode::Refused);
        };
        details.code().into_iter().for_each(|code| codes.add(code));
    }
    Ok(codes.code().unwrap_or(ExitCode::Ok))
}

impl FoundItems {
    /// Adds the items of a page, and writes them.
    fn take(
        &mut self,
        exchange: &Exchange,
        page: &SearchPage<'_>,
        items: &[ListedItem<'_>],
        run: &Run,
        out: &mut Output,
        form: &mut FoundForm<'_>,
    ) -> Result<(), CliFailure> {
        let is_first = self.count == 0;
        let rows: Vec<Vec<String>> = items.iter().map(row).collect();
        match form {
            FoundForm::Text if rows.is_empty() => {}
            FoundForm::Text => {
                if !is_first {
                    out.line("")?;
                }
                out.table(&table(&rows, terminal_width(), run.texts))?;
            }
            FoundForm::Records(records) => {
                for (item, position) in items.iter().zip(self.count + 1..) {
                    out.record(records, &found_row(exchange, page, *item, position))?;
                }
            }
            FoundForm::Details(_) => {
                self.ids.extend(items.iter().filter_map(ListedItem::item_id));
                self.rows.extend(rows);
            }
        }
        self.count += items.len();
        Ok(())
    }
}

/// A row of the table: of the price, and of the sales, what was sent, unless the vendor says that it is not known.
fn row(item: &ListedItem<'_>) -> Vec<String> {
    let id = item.item_id().map(|id| id.to_string()).unwrap_or_default();
    let fields = [item.title(), item.price(), item.sales(), item.seller()];
    let text = |field: &Field<'_>| if field.is_unknown_count() { String::new() } else { field.to_text() };
    std::iter::once(id).chain(fields.iter().map(text)).collect()
}

fn table(rows: &[Vec<String>], room: Option<usize>, texts: Texts) -> Vec<String> {
    let columns = [
        (texts.found_column_id(), Align::Whole),
        (texts.found_column_title(), Align::Left),
        (texts.column_price(), Align::Right),
        (texts.column_sales(), Align::Right),
        (texts.found_column_seller(), Align::Left),
    ];
    text_table::lines(&columns, rows, room)
}

/// Says that fewer items came than were wanted, though there may be more.
fn warn_fewer(found: usize, end: Option<SearchEnd>, args: &SearchArgs, run: &Run) {
    let top = args.most_items();
    if end != Some(SearchEnd::Limit) || args.top.is_none() || found >= top {
        return;
    }
    let message = run.texts.search_fewer(found, top);
    let warning = json!({ "kind": "fewer_than_top", "found": found, "top": top, "message": &message });
    run.remark(|_| vec![message], || json!({ "warning": warning }));
}

/// Says which page it was, how old it is, and whether there is more.
fn note_page(fetched: &Fetched, page: &SearchPage<'_>, end: Option<SearchEnd>, run: &Run) {
    let (exchange, texts) = (&fetched.exchange, run.texts);
    let asked = asked_page(&exchange.call);
    if page.is_empty() {
        return;
    }
    let at = exchange.started_at.strftime("%Y-%m-%d %H:%M UTC");
    let cached = exchange.envelope().filter(|envelope| envelope.from_vendor_cache);
    let parts = [
        Some(match (page.page().or(asked), page.page_count()) {
            (Some(number), Some(count)) => texts.search_at_page_of(number, count),
            (Some(number), None) => texts.search_at_page(number),
            (None, _) => String::new(),
        }),
        page.total().map(|total| texts.search_total(total)),
        Some(match fetched.source {
            Source::Live | Source::Joined => texts.got_live_at(at),
            Source::Store => texts.got_from_store_of(at),
        }),
        cached.map(|envelope| texts.source_vendor_cache(envelope.cached_at.as_deref().unwrap_or("?"))),
        (end == Some(SearchEnd::Limit))
            .then_some(asked)
            .flatten()
            .map(|asked| texts.search_goes_on(asked.saturating_add(1))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    run.note(&parts.join(" · "));
    match (page.other_page(), asked, end) {
        (Some(got), Some(asked), _) => run.note(&texts.search_other_page(got, asked)),
        (None, _, Some(SearchEnd::NothingNew)) => run.note(texts.search_nothing_new()),
        _ => {}
    }
}

fn asked_page(call: &Call) -> Option<u64> {
    call.parameters().iter().find(|(name, _)| *name == "page").and_then(|(_, page)| page.parse().ok())
}

/// Says what would be sent: each page, and so many details.
async fn plan(
    args: &SearchArgs,
    query: SearchQuery,
    run: &Run,
    out: &mut Output,
) -> Result<ExitCode, CliFailure> {
    let (first, most) = (query.page().get(), args.most_pages().get());
    let known = if args.all_pages { 1 } else { most };
    for page in (first..=u32::MAX).take(usize::try_from(known).unwrap_or(usize::MAX)) {
        let query = query.clone().at_page(NonZeroU32::new(page).unwrap_or(NonZeroU32::MIN));
        let code = run.plan(&args.call(run, &query)?, args.spending.policy(), out).await?;
        if code != ExitCode::Ok {
            return Ok(code); // a page that is refused ends the search
        }
    }
    if args.all_pages {
        run.plan_more(
            "item_search",
            u64::from(u32::MAX),
            |_, _| run.texts.plan_following_pages().to_owned(),
            out,
        )
        .await?;
    }
    if let Some(top) = args.top.filter(|_| args.details) {
        let text = |calls: u64, cost: Option<Decimal>| match cost {
            Some(cost) => run.texts.plan_details_at(calls, cost),
            None => run.texts.plan_details(calls),
        };
        run.plan_more("item_get", u64::from(top.get()), text, out).await?;
    }
    Ok(ExitCode::Ok)
}
