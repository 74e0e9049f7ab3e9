//! The store's file: whether it opens, is sound, private and has room, and the clock by the newest answer in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::mpsc;

use jiff::{SignedDuration, Timestamp};
use rustix::fs::Access;

use super::check::{Check, CheckKind};
use crate::ui::measure;
use obx_core::config::{Config, Place};
use obx_core::i18n::{Describe, Texts};
use obx_core::session::Session;
use obx_core::store::{self, Block, ExchangeId, LogEntry, StoreError, StoreHealth};
use onebound::{Exchange, RequestStage};

/// With less room, in bytes, the next large answers may not fit.
const LITTLE_ROOM: u64 = 200_000_000;

const RIGHTS_OF_GROUP_AND_OTHERS: u32 = 0o077;

/// The vendor refuses signatures that are off by more; HTTP's dates have no fractions, and answers travel.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

pub(super) async fn checks(config: Option<&Config>, texts: Texts) -> Vec<Check> {
    // Without a configuration the mistake in it is among the checks already.
    let Some(config) = config else { return vec![unknown_clock(texts)] };
    if config.place.is_shared() {
        return server_checks(config, texts).await;
    }
    let Some(path) = config.place.path() else {
        return vec![Check::ok(CheckKind::Store, texts.doctor_store_memory()), unknown_clock(texts)];
    };
    let place = Place::file(path);
    let inspected = tokio::task::spawn_blocking(move || store::inspect(&place)).await;
    let inspected = inspected.unwrap_or_else(|error| Err(StoreError::broken(&error)));
    let session = Session::open(config);
    let mut checks = match &inspected {
        Ok(Some(health)) => health_checks(health, path, texts),
        Ok(None) => vec![absent(&session, path, texts).await],
        Err(error) => {
            vec![Check::fault(CheckKind::Store, error.describe(texts), texts.doctor_store_unreadable())]
        }
    };
    checks.extend(disk_space(path, texts));
    let is_sound = |health: &StoreHealth| health.damage.is_empty();
    checks.extend(content_checks(&inspected, is_sound, &session, config, texts).await);
    session.store().close().await;
    checks
}

/// The store on a server: whether it can be reached, and is whole.
async fn server_checks(config: &Config, texts: Texts) -> Vec<Check> {
    let (place, session) = (config.place.clone(), Session::open(&without_spool(config)));
    let inspected = tokio::task::spawn_blocking(move || store::inspect(&place)).await;
    let inspected = inspected.unwrap_or_else(|error| Err(StoreError::broken(&error)));
    let mut checks = match &inspected {
        Ok(None) => vec![Check::ok(CheckKind::Store, texts.doctor_not_there(&config.place))],
        Ok(Some(health)) => server_health(health, config, texts),
        Err(error) => {
            let what_to_do = texts.doctor_server_unreadable();
            vec![Check::fault(CheckKind::Store, error.describe(texts), what_to_do)]
        }
    };
    checks.extend(content_checks(&inspected, |_| true, &session, config, texts).await);
    session.store().close().await;
    checks
}

/// The same configuration for a session that hands in no spooled answers: a check changes nothing.
fn without_spool(config: &Config) -> Config {
    Config { place: config.place.clone().without_spool(), ..config.clone() }
}

/// The checks by what the store has, where it can be read.
async fn content_checks(
    inspected: &Result<Option<StoreHealth>, StoreError>,
    is_readable: impl Fn(&StoreHealth) -> bool,
    session: &Session,
    config: &Config,
    texts: Texts,
) -> Vec<Check> {
    match inspected {
        Ok(None) => return vec![unknown_clock(texts)],
        // To read an older store would migrate it.
        Ok(Some(health)) if health.version == health.newest_version && is_readable(health) => {}
        _ => return vec![Check::unknown(CheckKind::Clock, texts.doctor_clock_unread())],
    }
    let exchange = newest_answer(session).await;
    let clock = exchange.and_then(|exchange| clock(&exchange, texts)).unwrap_or_else(|| unknown_clock(texts));
    let mut checks = blocks(session, config, texts).await;
    checks.push(clock);
    checks
}

/// There is nothing to compare this machine's clock with.
fn unknown_clock(texts: Texts) -> Check {
    Check::unknown(CheckKind::Clock, texts.doctor_clock_unknown())
}

/// A warning for each key whose calls are blocked.
async fn blocks(session: &Session, config: &Config, texts: Texts) -> Vec<Check> {
    let now = Timestamp::now();
    let Ok(opened) = session.store().opened(0, now).await else { return Vec::new() };
    let is_asked = |block: &Block| config.hosts.iter().any(|host| host.to_string() == block.host);
    let holding = opened.blocks.iter().filter(|block| block.holds(now) && is_asked(block));
    let warning = |block: &Block| {
        let what_to_do = texts.doctor_send_all_the_same();
        Check::warning(CheckKind::Calls, block.describe(texts), what_to_do)
            .about(&texts.quota_key(&block.key))
    };
    holding.map(warning).collect()
}

fn server_health(health: &StoreHealth, config: &Config, texts: Texts) -> Vec<Check> {
    let size = measure::bytes(usize::try_from(health.size).unwrap_or(usize::MAX));
    let mut checks = vec![Check::ok(CheckKind::Store, state(health, size, texts)).about(&config.place)];
    let damaged = |line: &String| Check::fault(CheckKind::Integrity, line, texts.doctor_restore());
    checks.extend(health.damage.iter().map(damaged));
    checks
}

/// Its version and how much it has.
fn state(health: &StoreHealth, size: String, texts: Texts) -> String {
    let (version, exchanges) = (health.version, health.exchanges);
    if version < health.newest_version {
        texts.doctor_store_old(version, exchanges, size)
    } else {
        texts.doctor_store_sound(version, exchanges, size)
    }
}

fn health_checks(health: &StoreHealth, path: &Path, texts: Texts) -> Vec<Check> {
    let size = measure::bytes(usize::try_from(health.size).unwrap_or(usize::MAX));
    let found = state(health, size, texts);
    let file = if rustix::fs::access(path, Access::WRITE_OK).is_ok() {
        Check::ok(CheckKind::Store, found)
    } else {
        Check::fault(CheckKind::Store, texts.doctor_store_unwritable(), texts.doctor_make_writable())
    };
    let mut checks = vec![file.about(&path.display())];
    if health.damage.is_empty() {
        checks.push(Check::ok(CheckKind::Integrity, texts.doctor_sound()));
    }
    let damaged = |line: &String| Check::fault(CheckKind::Integrity, line, texts.doctor_recover());
    checks.extend(health.damage.iter().map(damaged));
    checks.extend(permissions(path, texts));
    checks
}

fn permissions(path: &Path, texts: Texts) -> Option<Check> {
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let shown = format!("{mode:04o}");
    Some(if mode & RIGHTS_OF_GROUP_AND_OTHERS == 0 {
        Check::ok(CheckKind::StoreMode, shown)
    } else {
        let what_to_do = texts.doctor_chmod(path.display());
        Check::warning(CheckKind::StoreMode, texts.doctor_readable(shown), what_to_do)
    })
}

/// A store that is not there yet has to be one that can be made.
async fn absent(session: &Session, path: &Path, texts: Texts) -> Check {
    match session.store().opened(0, Timestamp::now()).await {
        Ok(_) => Check::ok(CheckKind::Store, texts.doctor_not_there(path.display())),
        Err(error) => Check::fault(CheckKind::Store, error.describe(texts), texts.doctor_make_writable()),
    }
}

/// Of the file system that the store is on, or will be.
fn disk_space(path: &Path, texts: Texts) -> Option<Check> {
    let folder = path.ancestors().skip(1).find(|folder| folder.exists())?;
    let system = rustix::fs::statvfs(folder).ok()?;
    let free = system.f_bavail.saturating_mul(system.f_frsize);
    let found = measure::bytes(usize::try_from(free).unwrap_or(usize::MAX));
    Some(if free < LITTLE_ROOM {
        Check::warning(CheckKind::DiskSpace, found, texts.doctor_make_room())
    } else {
        Check::ok(CheckKind::DiskSpace, found)
    })
}

/// The newest answer that came from a host.
async fn newest_answer(session: &Session) -> Option<std::sync::Arc<Exchange>> {
    let (sender, ids) = mpsc::channel::<ExchangeId>();
    let came = |entry: &LogEntry| entry.reuses.is_none() && entry.summary.stage == RequestStage::Answered;
    let visit = move |entries: &mut dyn Iterator<Item = LogEntry>| {
        if let Some(id) = entries.filter(came).find_map(|entry| entry.id) {
            // The receiver outlives the scan.
            let _ = sender.send(id);
        }
    };
    session.store().scan(Box::new(visit)).await.ok()?;
    session.store().open(ids.try_recv().ok()?).await.ok()
}

/// This machine's clock against that of the host, when an answer came; `None` if the answer has no time.
fn clock(exchange: &Exchange, texts: Texts) -> Option<Check> {
    let date = exchange.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("date"));
    let dated = date.and_then(|(_, date)| Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp()));
    let theirs = dated.or_else(|| exchange.envelope()?.answered_at())?;
    let (start, end) = (exchange.started_at, exchange.ended_at());
    // Anything between start and end is right.
    let ahead = if theirs < start { start.duration_since(theirs) } else { SignedDuration::ZERO };
    let behind = if theirs > end { theirs.duration_since(end) } else { SignedDuration::ZERO };
    let (host, at) = (exchange.host.name(), end.strftime("%Y-%m-%d %H:%M UTC"));
    let warning = |found| Check::warning(CheckKind::Clock, found, texts.doctor_set_clock());
    Some(match () {
        () if ahead > CLOCK_TOLERANCE => warning(texts.doctor_clock_ahead(ahead.as_secs(), host, at)),
        () if behind > CLOCK_TOLERANCE => warning(texts.doctor_clock_behind(behind.as_secs(), host, at)),
        () => Check::ok(CheckKind::Clock, texts.doctor_clock_right(host, at)),
    })
}
