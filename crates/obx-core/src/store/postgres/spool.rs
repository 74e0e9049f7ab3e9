//! Files for answers that could not be sent to the server, so that they outlive this session. Whoever uses the same
//! database next from this machine hands them in, each once: the write's token is in the file.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::schema::lock_number;
use crate::store::entry::Entry;
use crate::store::write_queue::WriteOp;
use crate::store::write_token::WriteToken;
use crate::store::{ExchangeId, Place, PostgresPlace, StoreError, UnsentAnswers, pack};
use onebound::{Exchange, Fingerprint, Record};

/// The files of one database; without a folder nothing can be kept.
#[derive(Debug)]
pub(super) struct Spool {
    folder: Option<PathBuf>,
    /// The address of the database.
    store: String,
}

/// An answer in a file.
#[derive(Debug, Serialize, Deserialize)]
struct SpooledAnswer {
    token: String,
    /// The address of its store, for people; files of an older obx have none.
    #[serde(default)]
    store: Option<String>,
    /// The ledger's row, if there is one.
    id: Option<i64>,
    /// The fingerprint of the key.
    key: String,
    record: String,
    /// Size of the body in bytes.
    size: usize,
    /// The compressed body in base64.
    packed: String,
}

impl Spool {
    pub(super) fn new(place: &PostgresPlace) -> Self {
        let PostgresPlace { host, port, database, schema, .. } = place;
        let name = lock_number(&["spool", host, &port.to_string(), database, schema]);
        let folder = place.spool_folder.as_ref().map(|folder| folder.join(format!("{name:016x}")));
        Self { folder, store: place.to_string() }
    }

    /// Writes an answer, which only its owner may read; does nothing if it is there already.
    pub(super) fn add(
        &self,
        token: WriteToken,
        (id, key): (Option<ExchangeId>, &Fingerprint),
        exchange: &Exchange,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let Some(folder) = &self.folder else {
            return Err(StoreError::broken(&"no folder on this machine to keep an answer in"));
        };
        let path = path(folder, token);
        if path.exists() {
            return Ok(());
        }
        let answer = SpooledAnswer {
            token: token.to_string(),
            store: Some(self.store.clone()),
            id: id.map(|id| id.0),
            key: key.as_str().to_owned(),
            record: entry.record.clone(),
            size: exchange.body.raw().len(),
            packed: STANDARD.encode(&entry.packed),
        };
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        write(folder, &path, &serde_json::to_vec(&answer)?)?;
        Ok(())
    }

    /// Deletes an answer that is written.
    pub(super) fn remove(&self, token: WriteToken) {
        let Some(folder) = &self.folder else { return };
        match fs::remove_file(path(folder, token)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // It is handed in once more, and has no effect then.
            Err(error) => tracing::warn!(%error, "a spooled answer can't be deleted"),
        }
    }

    /// Reads all answers but those that are known. One that can't be read stays where it is.
    pub(super) fn all_but(&self, is_known: impl Fn(WriteToken) -> bool) -> Vec<(WriteToken, WriteOp)> {
        let files = self.folder.as_ref().and_then(|folder| answers(folder).ok()).unwrap_or_default();
        let is_unknown = |path: &PathBuf| {
            let token = path.file_stem().and_then(|name| WriteToken::parse(name.to_str()?));
            !token.is_some_and(&is_known)
        };
        let read = |path: PathBuf| {
            let write = read(&path).and_then(SpooledAnswer::into_write);
            if write.is_none() {
                tracing::warn!(path = %path.display(), "a spooled answer can't be read");
            }
            write
        };
        files.into_iter().filter(is_unknown).filter_map(read).collect()
    }
}

impl SpooledAnswer {
    fn into_write(self) -> Option<(WriteToken, WriteOp)> {
        let token = WriteToken::parse(&self.token)?;
        let record: Record = serde_json::from_str(&self.record).ok()?;
        let raw = pack::unpack(&STANDARD.decode(self.packed).ok()?, self.size).ok()?;
        let exchange = record.into_exchange(raw).into();
        let (id, key) = (self.id.map(ExchangeId), Fingerprint::from_stored(self.key.as_str()));
        Some((token, WriteOp::Complete { id, key, exchange }))
    }
}

/// Returns what waits in files for each server, in the order of the folders.
pub(in crate::store) fn unsent(folder: &Path, place: &Place) -> Vec<UnsentAnswers> {
    let own = match place {
        Place::Postgres(place) => Spool::new(place).folder,
        Place::File { .. } | Place::Memory => None,
    };
    let mut folders: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|folder| folder.path()).collect();
    folders.sort_unstable();
    let wait = |folder: PathBuf| {
        let is_of_place = Some(&folder) == own.as_ref();
        let unsent = unsent_in(folder, is_of_place);
        (unsent.count + unsent.unreadable > 0).then_some(unsent)
    };
    folders.into_iter().filter_map(wait).collect()
}

fn unsent_in(folder: PathBuf, is_of_place: bool) -> UnsentAnswers {
    let files = answers(&folder);
    let unreadable = usize::from(files.is_err());
    let mut unsent = UnsentAnswers { is_of_place, folder, unreadable, ..UnsentAnswers::default() };
    for path in files.unwrap_or_default() {
        let answer = read(&path);
        let store = answer.as_ref().and_then(|answer| answer.store.clone());
        let Some((_, WriteOp::Complete { exchange, .. })) = answer.and_then(SpooledAnswer::into_write) else {
            unsent.unreadable += 1;
            continue;
        };
        unsent.count += 1;
        unsent.size += fs::metadata(&path).map_or(0, |file| file.len());
        unsent.oldest = unsent.oldest.into_iter().chain([exchange.ended_at()]).min();
        unsent.store = unsent.store.or(store);
    }
    unsent
}

/// Returns the files of a folder that have answers; none if it does not exist.
fn answers(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let files = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        files => files?,
    };
    let paths = files.flatten().map(|file| file.path());
    Ok(paths.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect())
}

fn path(folder: &Path, token: WriteToken) -> PathBuf {
    folder.join(format!("{token}.json"))
}

/// Writes a file, all of it or nothing.
fn write(folder: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    let partial = path.with_extension(format!("partial-{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    File::open(folder)?.sync_all()
}

fn read(path: &Path) -> Option<SpooledAnswer> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}
