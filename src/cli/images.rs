//! `obx images ID…`: the pictures of items as files.

mod folder;
mod record;
mod tally;

use std::cell::Cell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::pin::pin;

use futures_util::{StreamExt, stream};

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::given_ids::GivenIds;
use super::output::{Output, OutputArgs, Records, list_fields};
use super::report::ErrorReport;
use super::run::{Needs, Run, run};
use super::spending::SpendingArgs;
use super::text_table::{self, Align};
use super::writable::check_folder;
use super::{ExitCode, terminal_width, texts};
use crate::ui::measure;
use crate::ui::text::clean;
use folder::ItemFolder;
use obx_core::config::{CredentialsUse, Environment};
use obx_core::flat::{FlatList, FlatRecord, FlatRow};
use obx_core::i18n::{Describe, Texts};
use obx_core::picture::{DownloadedPicture, PictureDownloader, PictureError, picture_file_stem};
use onebound::{Exchange, Item, ItemId, ItemPicture, PictureFailure, PictureHandle, PictureRole, PictureUrl};
use record::{PictureRecord, PictureStatus, schema};
use tally::Tally;

/// Pictures that are fetched at once.
const AT_ONCE: usize = 4;

const MB: u64 = 1024 * 1024;

#[derive(clap::Args, Debug)]
pub(super) struct ImagesArgs {
    #[arg(value_name = "ID", required_unless_present = "fields")]
    ids: Vec<String>,
    #[arg(long, value_name = "DIR", default_value = ".")]
    to: PathBuf,
    #[arg(long, value_name = "MB", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=8))]
    max_picture: u16,
    #[arg(long, value_name = "MB", default_value_t = 1_000)]
    max_total: u32,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    spending: SpendingArgs,
}

/// The help of the flags that no other command has.
pub(super) fn help(id: &str, texts: Texts) -> Option<&'static str> {
    Some(match id {
        "to" => texts.help_to(),
        "max_picture" => texts.help_max_picture(),
        "max_total" => texts.help_max_total(),
        _ => return None,
    })
}

pub(super) fn run_images(
    args: &ImagesArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        list_fields(&schema(), texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    let (output, spending, credentials) = (&args.output, Some(&args.spending), CredentialsUse::Required);
    run(Needs { global, environment, output, credentials, spending }, async |run, out| {
        images(args, run, out).await
    })
}

/// Its records in docs/json.md.
#[cfg(test)]
pub(super) fn tables() -> Vec<super::documented::Table> {
    use super::documented::Table;
    vec![Table::new(&schema(), &["images"])]
}

async fn images(args: &ImagesArgs, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    let schema = schema();
    let records = out.records(&schema)?;
    let writable = if args.spending.dry_run { check_folder(&args.to) } else { folder::create(&args.to) };
    writable.map_err(|error| CliFailure::Unopened(args.to.clone(), error))?;
    let max_bytes = usize::from(args.max_picture) * 1024 * 1024;
    let mut images = Images {
        run,
        args,
        downloader: PictureDownloader::new(max_bytes, run.config.offline),
        out,
        records,
        tally: Tally::default(),
    };
    let mut ids = GivenIds::new(run, &args.ids);
    while let Some(id) = ids.next_id()? {
        let code = images.item(&id).await?;
        ids.done(code);
    }
    if !args.spending.dry_run {
        run.note(&images.tally.line(run.texts));
    }
    Ok(ids.code())
}

/// A run of the command.
struct Images<'a> {
    run: &'a Run,
    args: &'a ImagesArgs,
    downloader: PictureDownloader,
    out: &'a mut Output,
    records: Records<'a, PictureRecord>,
    tally: Tally,
}

/// A picture that is to be saved.
struct WantedPicture {
    record: PictureRecord,
    /// Its checked address, and the name of its file without the ending.
    address: Result<(PictureUrl, String), Unsaved>,
}

/// What there is of a picture before it is written.
enum Obtained {
    Present(PathBuf, u64),
    Sent(String, DownloadedPicture),
}

/// Why a picture was not saved.
enum Unsaved {
    Problem(ExitCode, String),
    /// The limit for all pictures is reached.
    OverTotal,
}

impl Unsaved {
    fn problem(code: ExitCode, error: &dyn Describe, texts: Texts) -> Self {
        Self::Problem(code, error.describe(texts))
    }
}

impl Images<'_> {
    async fn item(&mut self, id: &ItemId) -> Result<ExitCode, CliFailure> {
        let (run, spending) = (self.run, &self.args.spending);
        let call = spending.call(run.config.call.item_get(id.clone()));
        if spending.dry_run {
            return run.plan(&call, spending.policy(), self.out).await;
        }
        let fetched = match run.fetch(call, spending.policy()).await {
            Ok(fetched) => fetched,
            Err(reason) => {
                let report = ErrorReport::from_not_sent(&reason, run.texts).about(id);
                run.report(&report);
                return Ok(report.code);
            }
        };
        if let Some(report) = ErrorReport::from_fetched(&fetched, run.texts) {
            run.report(&report);
            return Ok(report.code);
        }
        let wanted = wanted_pictures(&fetched.exchange, run.texts);
        if wanted.is_empty() {
            run.note(&run.texts.named(id, run.texts.pictures_none()));
            return Ok(ExitCode::Ok);
        }
        match ItemFolder::create(&self.args.to, id) {
            Ok(folder) => self.save_all(&folder, wanted).await,
            Err(error) => {
                let message = run.texts.images_no_folder(self.args.to.display(), error.describe(run.texts));
                run.report(&ErrorReport::new(ExitCode::Internal, message).about(id));
                Ok(ExitCode::Internal)
            }
        }
    }

    /// Saves the pictures of an item in their order, and reports each as soon as it is there.
    async fn save_all(
        &mut self,
        folder: &ItemFolder,
        wanted: Vec<WantedPicture>,
    ) -> Result<ExitCode, CliFailure> {
        let (run, downloader) = (self.run, &self.downloader);
        let left = Cell::new((u64::from(self.args.max_total) * MB).saturating_sub(self.tally.bytes));
        let (mut code, mut rows) = (ExitCode::Ok, Vec::new());
        let id = wanted.first().map(|picture| picture.record.num_iid.clone()).unwrap_or_default();
        let (all, mut done, mut bytes) = (wanted.len(), 0, 0);
        let obtain = async |WantedPicture { record, address }| {
            let obtained = match address {
                Ok((url, stem)) => obtain(downloader, folder, &url, stem, &left, run.texts).await,
                Err(problem) => Err(problem),
            };
            (record, obtained)
        };
        let mut pictures = pin!(stream::iter(wanted).map(obtain).buffered(AT_ONCE));
        let waiting = run.status.waiting();
        let progress = |done, bytes| run.texts.images_progress(&id, done, all, size(bytes));
        while let Some((record, obtained)) = waiting.until(pictures.next(), |_| progress(done, bytes)).await {
            let record = finished(run, folder, record, obtained, &left);
            done += 1;
            bytes += record.bytes.unwrap_or_default();
            if matches!(record.status, PictureStatus::Failed | PictureStatus::Skipped) {
                code = ExitCode::SomeFailed;
            }
            self.tally.add(&record);
            if self.args.output.has_records() {
                if terminal_width().is_some() {
                    run.status.hide();
                }
                self.out.record(&mut self.records, &record)?;
                self.out.flush()?;
            } else {
                rows.push(row(&record, run.texts));
            }
        }
        drop(waiting);
        let columns = [("", Align::Whole), ("", Align::Whole), ("", Align::Right), ("", Align::Whole)];
        // The rows need no titles.
        let lines = text_table::lines(&columns, &rows, None);
        lines.iter().skip(1).try_for_each(|line| self.out.line(line))?;
        self.out.flush()?;
        Ok(code)
    }
}

/// The pictures of an answer's item, each address once.
fn wanted_pictures(exchange: &Exchange, texts: Texts) -> Vec<WantedPicture> {
    let Some(flat) = FlatRecord::new(exchange) else { return Vec::new() };
    let sku_ids = sku_ids_by_picture(&flat);
    let pictures = exchange.item().map(Item::pictures).unwrap_or_default();
    let wanted = pictures.into_iter().map(|ItemPicture { roles, address }| {
        let url = PictureUrl::parse(&address, &exchange.host);
        let is_sku = |role: &&PictureRole| matches!(role, PictureRole::Sku(_));
        let main = roles.iter().find(|role| **role == PictureRole::Main);
        let role = main.or_else(|| roles.iter().find(is_sku)).or(roles.first()).cloned();
        let role = role.unwrap_or(PictureRole::Main);
        let value = roles.iter().find_map(|role| match role {
            PictureRole::Sku(value) => Some(value.clone()),
            _ => None,
        });
        let written = url.as_ref().map_or(address.as_str(), PictureUrl::as_str).to_owned();
        let record = PictureRecord {
            num_iid: flat.num_iid().to_owned(),
            role: role.clone(),
            value,
            sku_ids: sku_ids.get(&written).cloned().unwrap_or_default(),
            url: written,
            path: None,
            bytes: None,
            status: PictureStatus::Failed,
            error: None,
        };
        let address = match url {
            Ok(url) => Ok((url.clone(), picture_file_stem(&role, &url))),
            Err(error) => Err(Unsaved::problem(ExitCode::Refused, &error, texts)),
        };
        WantedPicture { record, address }
    });
    wanted.collect()
}

/// The IDs of the SKUs that have a picture, by its address.
fn sku_ids_by_picture(flat: &FlatRecord<'_>) -> HashMap<String, Vec<String>> {
    let schema = FlatList::Skus.schema();
    let text = |row: &FlatRow, name: &str| -> Option<String> {
        let field = schema.fields.iter().find(|field| field.name == name)?;
        Some(field.value(row)?.as_str()?.to_owned())
    };
    let mut ids: HashMap<String, Vec<String>> = HashMap::new();
    for row in flat.rows(FlatList::Skus) {
        if let (Some(id), Some(picture)) = (text(&row, "sku_id"), text(&row, "picture")) {
            ids.entry(picture).or_default().push(id);
        }
    }
    ids
}

/// Looks for a picture in the folder, else fetches it.
async fn obtain(
    downloader: &PictureDownloader,
    folder: &ItemFolder,
    url: &PictureUrl,
    stem: String,
    left: &Cell<u64>,
    texts: Texts,
) -> Result<Obtained, Unsaved> {
    let saved = folder.saved(&stem).map_err(|error| Unsaved::problem(ExitCode::Internal, &error, texts))?;
    if let Some((path, bytes)) = saved {
        return Ok(Obtained::Present(path, bytes));
    }
    if left.get() == 0 {
        return Err(Unsaved::OverTotal);
    }
    let sent = downloader.get(url, &PictureHandle::default()).await;
    let picture = sent.map_err(|error| Unsaved::problem(exit_code(&error), &error, texts))?;
    Ok(Obtained::Sent(stem, picture))
}

/// Writes a picture that was sent, and completes its record.
fn finished(
    run: &Run,
    folder: &ItemFolder,
    record: PictureRecord,
    obtained: Result<Obtained, Unsaved>,
    left: &Cell<u64>,
) -> PictureRecord {
    let texts = run.texts;
    let done = obtained.and_then(|obtained| match obtained {
        Obtained::Present(path, bytes) => Ok((PictureStatus::Present, path, bytes)),
        Obtained::Sent(stem, picture) => {
            let bytes = picture.bytes.len() as u64;
            // Smaller pictures after this one are left out as well: which of them fit would be chance.
            let rest = left.get().checked_sub(bytes).ok_or(Unsaved::OverTotal);
            left.set(rest.as_ref().copied().unwrap_or_default());
            rest?;
            let path = folder.save(&stem, &picture);
            let path = path.map_err(|error| Unsaved::problem(ExitCode::Internal, &error, texts))?;
            Ok((PictureStatus::Saved, path, bytes))
        }
    });
    match done {
        Ok((status, path, bytes)) => {
            let path = Some(path.to_string_lossy().into_owned());
            PictureRecord { status, path, bytes: Some(bytes), ..record }
        }
        Err(Unsaved::OverTotal) => {
            let error = Some(texts.images_over_total().to_owned());
            PictureRecord { status: PictureStatus::Skipped, error, ..record }
        }
        Err(Unsaved::Problem(code, message)) => {
            let subject = format!("{} {}", record.num_iid, label(&record.role, texts));
            run.report(&ErrorReport::new(code, message.as_str()).about(&subject));
            PictureRecord { status: PictureStatus::Failed, error: Some(message), ..record }
        }
    }
}

fn exit_code(error: &PictureError) -> ExitCode {
    match error {
        PictureError::Offline => ExitCode::Refused,
        PictureError::Fetch(failure) => match failure {
            PictureFailure::TooLarge(_) | PictureFailure::Redirects | PictureFailure::Redirected(_) => {
                ExitCode::Refused
            }
            PictureFailure::NoPicture(_) => ExitCode::NotUnderstood,
            PictureFailure::Setup(_) => ExitCode::Internal,
            _ => ExitCode::Network,
        },
        _ => ExitCode::NotUnderstood,
    }
}

fn label(role: &PictureRole, texts: Texts) -> String {
    match role {
        PictureRole::Main => texts.picture_main().to_owned(),
        PictureRole::Item(number) => texts.picture_item(number),
        PictureRole::Sku(value) => texts.picture_sku(clean(value)),
        PictureRole::Description(number) => texts.picture_description(number),
    }
}

fn row(record: &PictureRecord, texts: Texts) -> Vec<String> {
    vec![
        record.status.label(texts).to_owned(),
        label(&record.role, texts),
        record.bytes.map(size).unwrap_or_default(),
        record.path.clone().unwrap_or_else(|| record.url.clone()),
    ]
}

fn size(bytes: u64) -> String {
    measure::bytes(usize::try_from(bytes).unwrap_or(usize::MAX))
}
