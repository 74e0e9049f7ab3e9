//! The quota of one key: by the newest answer of the Beijing day, and by the calls of the store since.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use super::{FieldRow, QuotaArgs};
use crate::cli::failure::CliFailure;
use crate::cli::run::Run;
use crate::cli::text_table::labelled;
use crate::model::quota_forecast::{CallRecord, Day, Forecast};
use crate::pane::quota_view::{expiry_text, short};
use crate::ui::text::width;
use obx_core::i18n::{Describe, Texts};
use obx_core::record::{Schema, SchemaField, ValueKind};
use obx_core::store::{Block, ExchangeId, RecentCall, beijing_day};
use onebound::{Account, BEIJING, Quota};

#[derive(Debug)]
pub(super) struct KeyQuota {
    pub(super) account: Account,
    pub(super) day: Day,
    /// In the newest answer, be it of today or not, and when that came.
    newest: Option<(Timestamp, Quota)>,
    /// Why no calls are sent.
    pub(super) block: Option<Block>,
}

/// Every key that was used today or yesterday at the gateway, else the last one, the newest answer first.
pub(super) async fn keys(args: &QuotaArgs, now: Timestamp, run: &Run) -> Result<Vec<KeyQuota>, CliFailure> {
    let store = run.session.store();
    let since = beijing_day(now) - 1;
    let opened = store.opened(0, now).await.map_err(CliFailure::Store)?;
    let recent = store.recent_calls(ExchangeId(i64::MAX), since).await.map_err(CliFailure::Store)?;
    run.note_damaged(opened.damaged);
    let recent = run.rows(recent);
    let scope = run.config.hosts.first().map(onebound::Host::scope);
    let own = if args.probe.is_some() { run.session.account().await } else { None };
    let is_meant = |account: &Account| match &own {
        Some(own) => account == own,
        None => args.wants(account) && scope.as_ref().is_none_or(|scope| account.scope == *scope),
    };
    let mut quotas: Vec<_> = opened.quotas.into_iter().filter(|(account, ..)| is_meant(account)).collect();
    quotas.sort_by_key(|(_, at, _)| std::cmp::Reverse(*at));
    let mut accounts: Vec<Account> = quotas.iter().map(|(account, ..)| account.clone()).collect();
    for call in recent.iter().filter(|call| is_meant(&call.account())) {
        if !accounts.iter().any(|known| call.is_of(known)) {
            accounts.push(call.account());
        }
    }
    let is_recent = |account: &Account| recent.iter().any(|call| call.is_of(account));
    if args.fingerprint.is_none() && accounts.iter().any(is_recent) {
        accounts.retain(is_recent);
    } else if args.fingerprint.is_none() {
        accounts.truncate(1);
    }
    let key = |account: Account| {
        let newest = quotas.iter().find(|(known, ..)| *known == account);
        KeyQuota {
            newest: newest.map(|(_, at, quota)| (*at, quota.clone())),
            day: day(&recent, &account, now),
            block: opened.blocks.iter().find(|block| block.is_of(&account) && block.holds(now)).cloned(),
            account,
        }
    };
    Ok(accounts.into_iter().map(key).collect())
}

fn day(recent: &[RecentCall], account: &Account, now: Timestamp) -> Day {
    let own = recent.iter().filter(|call| call.is_of(account) && !call.is_leased);
    let mut records: Vec<CallRecord> = own.map(CallRecord::new).collect();
    records.sort_by_key(|record| record.at);
    Day::new(&records, now)
}

impl KeyQuota {
    /// By the vendor's count of today and the calls since; yesterday's count says nothing of today.
    pub(super) fn used(&self) -> Option<u64> {
        self.day.reported.map(|_| self.day.used)
    }

    /// Returns true if a call to the vendor was made with it today.
    pub(super) fn is_used_today(&self) -> bool {
        let split = self.day.split;
        split.billed + split.free + split.unknown > 0
    }

    pub(super) fn max(&self) -> Option<u64> {
        self.day.max.or(self.newest.as_ref()?.1.max)
    }

    pub(super) fn left(&self) -> Option<u64> {
        Some(self.max()?.saturating_sub(self.used()?))
    }

    pub(super) fn reported_at(&self) -> Option<Timestamp> {
        self.newest.as_ref().map(|(at, _)| *at)
    }

    pub(super) fn expires(&self) -> Option<Date> {
        self.newest.as_ref()?.1.expires
    }

    /// The forecast, where the vendor has counted today.
    fn forecast(&self) -> Forecast {
        if self.day.reported.is_some() { self.day.forecast } else { Forecast::Silent }
    }

    fn expires_in_days(&self) -> Option<i32> {
        self.day.date.until(self.expires()?).ok().map(|span| span.get_days())
    }

    /// Its heading, and a line each for what is known.
    pub(super) fn lines(&self, zone: &TimeZone, room: Option<usize>, texts: Texts) -> Vec<String> {
        let clock = |at: Timestamp| texts.quota_at(BEIJING.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S"));
        let answer = match (&self.newest, self.day.reported) {
            (None, _) => None,
            (Some((at, _)), Some(_)) => Some(clock(*at)),
            (Some((at, quota)), None) => Some(match quota.today {
                Some(used) => texts.quota_other_day(clock(*at), used),
                None => texts.quota_no_count(clock(*at)),
            }),
        };
        let used = self.used().map(|used| match (self.max(), self.left()) {
            (Some(max), Some(left)) => format!("{} · {}", texts.quota_of(used, max), texts.quota_left(left)),
            _ => texts.quota_no_max(used),
        });
        let used = used.or_else(|| self.newest.is_none().then(|| texts.quota_unknown().to_owned()));
        let forecast = match self.forecast() {
            Forecast::Silent => texts.forecast_silent().to_owned(),
            Forecast::LastsTheDay { left_at_midnight: Some(left) } => texts.forecast_lasts_left(left),
            forecast => short(forecast, zone, texts),
        };
        let split = self.day.split;
        let calls = [
            texts.money_billed(split.billed),
            texts.money_unknown(split.unknown),
            texts.money_free(split.free),
            texts.money_from_store(split.store),
        ];
        let others = (self.day.others > 0).then(|| texts.counted_others(self.day.others));
        let expires = self.expires().map(|date| expiry_text(date, self.day.date, texts));
        let rows = [
            (texts.quota_label_blocked(), self.block.as_ref().map(|block| block.describe(texts))),
            (texts.quota_label_used(), used),
            (texts.quota_label_answer(), answer),
            (texts.quota_forecast(), Some(forecast)),
            (texts.quota_ours(), Some(calls.join(" · "))),
            ("", others),
            (texts.quota_expires(), expires),
        ];
        let label = rows
            .iter()
            .filter(|(_, value)| value.is_some())
            .map(|(label, _)| width(label))
            .max()
            .unwrap_or_default()
            + 4;
        let mut lines = vec![format!(
            "{}  {}  {}",
            texts.quota_key(self.account.key.as_str()),
            self.account.scope,
            texts.quota_at(self.day.date)
        )];
        for (name, value) in rows {
            lines.extend(
                value.into_iter().flat_map(|value| labelled(&format!("  {name}"), label, &value, room)),
            );
        }
        lines
    }
}

/// The quota of a key, as scripts read it.
pub(super) fn quota_schema() -> Schema<KeyQuota> {
    use ValueKind::{Integer, Json, Text, Time};
    let out_at = |key: &KeyQuota| match key.forecast() {
        Forecast::OutAt(at) => Some(at.to_string().into()),
        _ => Some(serde_json::Value::Null),
    };
    let left_at_midnight = |key: &KeyQuota| match key.forecast() {
        Forecast::LastsTheDay { left_at_midnight } => Some(left_at_midnight.into()),
        _ => Some(serde_json::Value::Null),
    };
    let fields: Vec<FieldRow<KeyQuota>> = vec![
        ("key", Text, Texts::record_key, |key| Some(key.account.key.as_str().into())),
        ("gateway", Text, Texts::record_gateway, |key| Some(key.account.scope.as_str().into())),
        ("day", Text, Texts::record_day, |key| Some(key.day.date.to_string().into())),
        ("used", Integer, Texts::record_used, |key| Some(key.used().into())),
        ("max", Integer, Texts::record_max, |key| Some(key.max().into())),
        ("left", Integer, Texts::record_left, |key| Some(key.left().into())),
        ("reported", Integer, Texts::record_reported, |key| Some(key.day.reported.into())),
        ("reported_at", Time, Texts::record_reported_at, |key| {
            Some(key.reported_at().map(|at| at.to_string()).into())
        }),
        ("forecast", Text, Texts::record_forecast, |key| Some(forecast_name(key.forecast()).into())),
        ("out_at", Time, Texts::record_out_at, out_at),
        ("left_at_midnight", Integer, Texts::record_left_at_midnight, left_at_midnight),
        ("expires", Text, Texts::record_expires, |key| {
            Some(key.expires().map(|date| date.to_string()).into())
        }),
        ("expires_in_days", Integer, Texts::record_expires_in, |key| Some(key.expires_in_days().into())),
        ("billed", Integer, Texts::record_count_billed, |key| Some(key.day.split.billed.into())),
        ("free", Integer, Texts::record_count_free, |key| Some(key.day.split.free.into())),
        ("unknown", Integer, Texts::record_count_unknown, |key| Some(key.day.split.unknown.into())),
        ("from_store", Integer, Texts::record_count_store, |key| Some(key.day.split.store.into())),
        ("blocked", Json, Texts::record_blocked, |key| Some(block_json(key.block.as_ref()))),
        ("others", Integer, Texts::record_count_others, |key| Some(key.day.others.into())),
    ];
    let field = |(name, kind, about, get)| SchemaField::new(name, kind, about, get);
    Schema::new("quota", 1, fields.into_iter().map(field).collect())
}

/// A block in records.
pub(in crate::cli) fn block_json(block: Option<&Block>) -> serde_json::Value {
    let object = |block: &Block| json!({ "reason": block.reason.as_str(), "until": block.until.map(|at| at.to_string()) });
    block.map_or(serde_json::Value::Null, object)
}

fn forecast_name(forecast: Forecast) -> Option<&'static str> {
    match forecast {
        Forecast::Silent => None,
        Forecast::LastsTheDay { .. } => Some("lasts_the_day"),
        Forecast::OutAt(_) => Some("out_at"),
        Forecast::Out => Some("out"),
    }
}
