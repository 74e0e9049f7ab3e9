//! `--textfile`: metrics in Prometheus' text format, for the textfile collector of its node exporter.
//!
//! Names follow its guidelines: base units, `_total` for what only grows, `_timestamp_seconds` for times. No label is an
//! item's ID, since each value of a label is a series of its own. The help is English: other tools read it.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use super::counts::{CallCounts, CountBy, Group, count};
use super::key_quota::KeyQuota;
use crate::cli::failure::CliFailure;
use crate::cli::run::Run;
use crate::cli::writable::check_folder;
use obx_core::part_file::{self, folder_of};
use onebound::BEIJING;

/// The collector reads only files that end so.
const EXTENSION: &str = "prom";
/// Whoever runs the exporter can read it.
const MODE: u32 = 0o644;

/// The labels of a sample, and its value.
type Sample = (Vec<(&'static str, String)>, String);

/// A metric of the file: its name, its type, its help, and its samples.
#[derive(Debug)]
struct Metric {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    samples: Vec<Sample>,
}

/// Checks that the collector would read the file and that its folder can be written, before a call is made.
pub(super) fn check(path: &Path) -> Result<(), CliFailure> {
    if path.extension().is_none_or(|extension| extension != EXTENSION) {
        return Err(CliFailure::NotProm(path.to_owned()));
    }
    let unopened = |error: io::Error| CliFailure::Unopened(path.to_owned(), error);
    if path.is_dir() {
        return Err(unopened(io::ErrorKind::IsADirectory.into()));
    }
    let folder = folder_of(path);
    fs::metadata(folder).and_then(|_| check_folder(folder)).map_err(unopened)
}

/// Writes the file at once: the collector never sees a part of it.
pub(super) async fn write(
    path: &Path,
    keys: &[KeyQuota],
    now: Timestamp,
    run: &Run,
) -> Result<(), CliFailure> {
    let today = BEIJING.to_datetime(now).date();
    let mut calls = Vec::new();
    for key in keys {
        let fingerprint = key.account.key.as_str();
        let by = vec![CountBy::Api, CountBy::Code];
        let counted = count(run, today, by, fingerprint.to_owned()).await?;
        calls.extend(counted.into_iter().map(|(group, counts)| (key, group, counts)));
    }
    let text = metrics(keys, &calls, now).iter().map(Metric::to_text).collect::<String>();
    replace(path, &text).map_err(|error| CliFailure::Unwritten(path.to_owned(), error))
}

fn metrics(keys: &[KeyQuota], calls: &[(&KeyQuota, Group, CallCounts)], now: Timestamp) -> Vec<Metric> {
    let mut all = key_metrics(keys);
    all.extend([
        Metric {
            name: "obx_calls_total",
            kind: "counter",
            help: "Calls from this store since midnight in Beijing, when the count starts again.",
            samples: call_samples(calls),
        },
        Metric {
            name: "obx_store_answers_total",
            kind: "counter",
            help: "Stored answers in place of a call since midnight in Beijing, without those of batches.",
            samples: of_keys(keys, &|key| Some(key.day.split.store.to_string())),
        },
        gauge(
            "obx_textfile_written_timestamp_seconds",
            "When this file was written.",
            vec![(Vec::new(), seconds(now))],
        ),
    ]);
    all.retain(|metric| !metric.samples.is_empty());
    all
}

/// What is known of each key.
fn key_metrics(keys: &[KeyQuota]) -> Vec<Metric> {
    vec![
        gauge(
            "obx_quota_used_calls",
            "Calls of the Beijing day, by the vendor's newest count and the own calls since.",
            of_keys(keys, &|key| key.used().map(|used| used.to_string())),
        ),
        gauge(
            "obx_quota_limit_calls",
            "Calls that the vendor allows a day.",
            of_keys(keys, &|key| key.max().map(|max| max.to_string())),
        ),
        gauge(
            "obx_quota_left_calls",
            "Calls of the Beijing day that are left.",
            of_keys(keys, &|key| key.left().map(|left| left.to_string())),
        ),
        gauge(
            "obx_quota_reported_timestamp_seconds",
            "When the newest answer with the vendor's count came.",
            of_keys(keys, &|key| key.reported_at().map(seconds)),
        ),
        gauge(
            "obx_key_blocked",
            "1 if no calls of the key are sent after an answer of quota, balance or account, else 0.",
            of_keys(keys, &|key| Some(u8::from(key.block.is_some()).to_string())),
        ),
        gauge(
            "obx_key_block_end_timestamp_seconds",
            "When the block ends by itself.",
            of_keys(keys, &|key| key.block.as_ref().and_then(|block| block.until).map(seconds)),
        ),
        gauge(
            "obx_key_expiry_timestamp_seconds",
            "End of the key's last day in Beijing.",
            of_keys(keys, &|key| key.expires().and_then(end_of_day).map(seconds)),
        ),
    ]
}

fn gauge(name: &'static str, help: &'static str, samples: Vec<Sample>) -> Metric {
    Metric { name, kind: "gauge", help, samples }
}

fn of_keys(keys: &[KeyQuota], value: &dyn Fn(&KeyQuota) -> Option<String>) -> Vec<Sample> {
    keys.iter().filter_map(|key| Some((labels(key), value(key)?))).collect()
}

fn seconds(at: Timestamp) -> String {
    at.as_second().to_string()
}

fn call_samples(calls: &[(&KeyQuota, Group, CallCounts)]) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (key, group, counts) in calls {
        for (billing, count) in
            [("billed", counts.billed), ("free", counts.free), ("unknown", counts.unknown)]
        {
            if count > 0 {
                let mut labels = labels(key);
                labels.push(("api", group.api.clone().unwrap_or_default()));
                labels.push(("code", group.code.clone().unwrap_or_default()));
                labels.push(("billing", billing.to_owned()));
                samples.push((labels, count.to_string()));
            }
        }
    }
    samples
}

fn labels(key: &KeyQuota) -> Vec<(&'static str, String)> {
    vec![("gateway", key.account.scope.as_str().to_owned()), ("key", key.account.key.as_str().to_owned())]
}

fn end_of_day(date: Date) -> Option<Timestamp> {
    BEIJING.to_timestamp(date.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight())).ok()
}

impl Metric {
    fn to_text(&self) -> String {
        let Self { name, kind, help, samples } = self;
        let mut text = format!("# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in samples {
            let pairs = labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value)));
            let pairs = pairs.collect::<Vec<_>>().join(",");
            let labels = if pairs.is_empty() { String::new() } else { format!("{{{pairs}}}") };
            let _ = writeln!(text, "{name}{labels} {value}"); // writing to a String can't fail
        }
        text
    }
}

/// A label's value as the format writes it.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Writes beside the file, under a name that the collector passes over, and renames that.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut part = part_file::create(path, MODE)?;
    part.write_all(text.as_bytes())?;
    part.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped() {
        let metric = Metric {
            name: "obx_x",
            kind: "gauge",
            help: "X.",
            samples: vec![(vec![("key", "a\"b\\c\nd".to_owned())], "1".to_owned())],
        };
        assert_eq!(
            metric.to_text(),
            "# HELP obx_x X.\n# TYPE obx_x gauge\nobx_x{key=\"a\\\"b\\\\c\\nd\"} 1\n"
        );
    }

    #[test]
    fn a_key_expires_at_the_end_of_its_last_day_in_beijing() {
        let end = end_of_day(Date::constant(2026, 11, 27)).unwrap();
        assert_eq!(end.to_string(), "2026-11-27T16:00:00Z");
    }
}
