//! `obx view FILE`: a saved answer or HAR file in the explorer. No credentials are needed, nothing can be sent, and
//! nothing is left behind.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use anyhow::{Context, anyhow};
use bytes::Bytes;
use jiff::Timestamp;

use super::args::View;
use super::{ExitCode, Failed, explore};
use crate::config::{self, Environment};
use crate::tui::effects::File;

/// Files of such a size are worth a second thread; of larger ones it is not certain that there is memory.
const LARGE: std::ops::Range<usize> = 4_000_000..1_000_000_000;

/// How stdin is written in place of a file.
const STDIN: &str = "-";

pub(super) fn run(args: &View, environment: &Environment) -> Result<ExitCode, Failed> {
    let config = config::for_files(args.ui_lang.as_deref(), environment).map_err(Failed::usage)?;
    if !io::stdout().is_terminal() {
        return Err(Failed::usage(anyhow!("the explorer needs a terminal on stdout")));
    }
    let credentials = config::own_credentials(environment);
    let file = if args.file.as_os_str() == STDIN { stdin() } else { open(&args.file) };
    let file = file.map_err(Failed::usage)?;
    explore::show(&config, environment, Some(File { credentials, ..file }), None)
}

fn stdin() -> anyhow::Result<File> {
    if io::stdin().is_terminal() {
        return Err(anyhow!("there is nothing on stdin: pipe an answer into obx view -"));
    }
    let content = || {
        let mut content = Vec::new();
        io::stdin().lock().read_to_end(&mut content).map_err(|error| unreadable("stdin", &error))?;
        Ok(content.into())
    };
    Ok(File {
        content: Box::new(content),
        is_stdin: true,
        name: "stdin".to_owned(),
        at: Timestamp::now(),
        credentials: None,
    })
}

fn open(path: &Path) -> anyhow::Result<File> {
    let shown = path.display();
    let place = shown.to_string();
    let file = fs::File::open(path).with_context(|| format!("can't read {shown}"))?;
    let about = file.metadata().ok();
    let size = about.as_ref().filter(|about| about.is_file()).map_or(0, fs::Metadata::len);
    let written = about.and_then(|about| about.modified().ok());
    Ok(File {
        name: path.file_name().map_or_else(|| shown.to_string(), |name| name.to_string_lossy().into_owned()),
        content: Box::new(move || content(file, size).map_err(|error| unreadable(&place, &error))),
        is_stdin: false,
        at: written.and_then(|written| Timestamp::try_from(written).ok()).unwrap_or_else(Timestamp::now),
        credentials: None,
    })
}

fn unreadable(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("can't read {what}: {error}"))
}

/// All of it; most of the time goes into getting memory for it.
fn content(mut file: fs::File, size: u64) -> io::Result<Bytes> {
    let large = usize::try_from(size).ok().filter(|size| LARGE.contains(size));
    if let Some(content) = large.and_then(|size| in_halves(&file, size).ok()) {
        return Ok(content);
    }
    // Small, of no known size, cut while it was read, or larger than memory.
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    Ok(content.into())
}

/// By two threads, each of which gets memory for its half. (Large pages would take half of the time, and three times as
/// long on a machine that has none at hand.)
fn in_halves(file: &fs::File, size: usize) -> io::Result<Bytes> {
    let mut content = vec![0; size];
    let (first, second) = content.split_at_mut(size / 2);
    let from = first.len() as u64;
    std::thread::scope(|scope| {
        let other = scope.spawn(|| file.read_exact_at(second, from));
        file.read_exact_at(first, 0)?;
        other.join().map_err(|_| io::Error::other("a thread broke down"))?
    })?;
    Ok(content.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_is_read_whole_whatever_its_size() {
        for size in [0, 1, LARGE.start - 1, LARGE.start, LARGE.start + 1] {
            let written: Vec<u8> = (0..=u8::MAX).cycle().take(size).collect();
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(&written).unwrap();
            assert!((open(file.path()).unwrap().content)().unwrap() == written, "{size}");
        }
    }

    #[test]
    fn a_file_that_is_shorter_than_it_said_is_read_as_far_as_it_goes() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"{}").unwrap();
        assert_eq!(content(file.reopen().unwrap(), LARGE.start as u64).unwrap(), b"{}"[..]);
    }
}
