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
use crate::store::{ExchangeId, PostgresPlace, StoreError, pack};
use onebound::{Exchange, Fingerprint, Record};

/// The folder of one database; `None` if nothing can be kept.
#[derive(Debug)]
pub(super) struct Spool(Option<PathBuf>);

/// An answer in a file.
#[derive(Debug, Serialize, Deserialize)]
struct SpooledAnswer {
    token: String,
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
        Self(place.spool_folder.as_ref().map(|folder| folder.join(format!("{name:016x}"))))
    }

    /// Writes an answer, which only its owner may read; does nothing if it is there already.
    pub(super) fn add(
        &self,
        token: WriteToken,
        (id, key): (Option<ExchangeId>, &Fingerprint),
        exchange: &Exchange,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let Some(folder) = &self.0 else {
            return Err(StoreError::broken(&"no folder on this machine to keep an answer in"));
        };
        let path = path(folder, token);
        if path.exists() {
            return Ok(());
        }
        let answer = SpooledAnswer {
            token: token.to_string(),
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
        let Some(folder) = &self.0 else { return };
        match fs::remove_file(path(folder, token)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // It is handed in once more, and has no effect then.
            Err(error) => tracing::warn!(%error, "a spooled answer can't be deleted"),
        }
    }

    /// Reads all answers but those that are known. One that can't be read stays where it is.
    pub(super) fn all_but(&self, is_known: impl Fn(WriteToken) -> bool) -> Vec<(WriteToken, WriteOp)> {
        let files = self.0.as_ref().and_then(|folder| fs::read_dir(folder).ok());
        let paths = files.into_iter().flatten().flatten().map(|file| file.path());
        let is_answer = |path: &PathBuf| {
            let token = path.file_stem().and_then(|name| WriteToken::parse(name.to_str()?));
            path.extension().is_some_and(|extension| extension == "json") && !token.is_some_and(&is_known)
        };
        let read = |path: PathBuf| {
            let answer = read(&path);
            if answer.is_none() {
                tracing::warn!(path = %path.display(), "a spooled answer can't be read");
            }
            answer
        };
        paths.filter(is_answer).filter_map(read).collect()
    }
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

fn read(path: &Path) -> Option<(WriteToken, WriteOp)> {
    let answer: SpooledAnswer = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let token = WriteToken::parse(&answer.token)?;
    let record: Record = serde_json::from_str(&answer.record).ok()?;
    let raw = pack::unpack(&STANDARD.decode(answer.packed).ok()?, answer.size).ok()?;
    let exchange = record.into_exchange(raw).into();
    let (id, key) = (answer.id.map(ExchangeId), Fingerprint::from_stored(answer.key.as_str()));
    Some((token, WriteOp::Complete { id, key, exchange }))
}
