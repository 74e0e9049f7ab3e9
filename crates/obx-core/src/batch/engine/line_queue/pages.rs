//! Lines that are bought later. Beyond the first pages they are in a file without a name, which ends with the process, so
//! that memory does not grow with the list.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use crate::batch::BatchLine;
use crate::store::StoreError;
use onebound::ItemId;

/// Number of pages that are held in memory.
const IN_MEMORY: usize = 8;

/// First in, first out.
#[derive(Default)]
pub(super) struct LinePages {
    /// With when the store was asked about their lines.
    pages: VecDeque<(Page, Instant)>,
    lines: usize,
    /// Where those are that are not in memory, and where the next one goes.
    file: Option<File>,
    end: u64,
}

enum Page {
    Memory(Vec<BatchLine>),
    File { at: u64, length: usize, lines: usize },
}

impl LinePages {
    pub(super) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// Number of all lines.
    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    /// Adds a page behind the others, unless it has no line.
    pub(super) fn push(&mut self, lines: Vec<BatchLine>, asked_at: Instant) {
        if lines.is_empty() {
            return;
        }
        self.lines += lines.len();
        let page = if self.pages.len() < IN_MEMORY { None } else { self.write(&lines).ok() };
        // What can't be written, as where the disk is full, stays in memory.
        self.pages.push_back((page.unwrap_or(Page::Memory(lines)), asked_at));
    }

    /// Takes the first page, and when the store was asked about it.
    ///
    /// # Errors
    /// If the file can't be read any more. The page is still the first one.
    pub(super) fn pop(&mut self) -> Result<Option<(Vec<BatchLine>, Instant)>, StoreError> {
        let Some((page, asked_at)) = self.pages.pop_front() else { return Ok(None) };
        let lines = match page {
            Page::Memory(lines) => lines,
            Page::File { at, length, lines } => match self.read(at, length) {
                Ok(read) => read,
                Err(error) => {
                    self.pages.push_front((Page::File { at, length, lines }, asked_at));
                    return Err(StoreError::broken(&error));
                }
            },
        };
        self.lines -= lines.len();
        Ok(Some((lines, asked_at)))
    }

    fn write(&mut self, lines: &[BatchLine]) -> io::Result<Page> {
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        let file = self.file.insert(file);
        let stored: Vec<_> = lines.iter().map(|line| (line.number, &line.id, &line.columns)).collect();
        let bytes = serde_json::to_vec(&stored)?;
        file.write_all_at(&bytes, self.end)?;
        let page = Page::File { at: self.end, length: bytes.len(), lines: lines.len() };
        self.end += bytes.len() as u64;
        Ok(page)
    }

    fn read(&self, at: u64, length: usize) -> io::Result<Vec<BatchLine>> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, at)?;
        let stored: Vec<(u64, ItemId, Vec<String>)> = serde_json::from_slice(&bytes)?;
        Ok(stored.into_iter().map(|(number, id, columns)| BatchLine { number, id, columns }).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn page(number: u64) -> Vec<BatchLine> {
        let line = |at: u64| BatchLine {
            number: number * 100 + at,
            id: (610_947_572_360 + at).to_string().parse().unwrap(),
            columns: vec![format!("{number}, \"{at}\""), "杯子\n\u{1b}[0m".to_owned()],
        };
        (0..=number % 3).map(line).collect()
    }

    #[test]
    fn pages_come_back_in_their_order_whether_they_were_in_memory_or_not() {
        let (mut pages, start) = (LinePages::default(), Instant::now());
        let asked_at = |number| start + Duration::from_secs(number);
        pages.push(Vec::new(), start);
        assert!(pages.is_empty() && pages.pop().unwrap().is_none());
        (0..20).for_each(|number| pages.push(page(number), asked_at(number)));
        let in_memory = pages.pages.iter().filter(|page| matches!(page, (Page::Memory(_), _))).count();
        assert_eq!((in_memory, pages.lines()), (IN_MEMORY, (0..20).map(|number| page(number).len()).sum()));
        for number in 0..10 {
            assert_eq!(pages.pop().unwrap(), Some((page(number), asked_at(number))));
            pages.push(page(number + 20), asked_at(number + 20));
        }
        (10..30).for_each(|number| assert_eq!(pages.pop().unwrap(), Some((page(number), asked_at(number)))));
        assert!(pages.is_empty() && pages.lines() == 0);
    }

    #[test]
    fn a_page_that_cannot_be_read_is_not_lost() {
        let mut pages = LinePages::default();
        (0..=IN_MEMORY as u64).for_each(|number| pages.push(page(number), Instant::now()));
        (0..IN_MEMORY).for_each(|_| drop(pages.pop().unwrap()));
        pages.file.as_ref().unwrap().set_len(1).unwrap();
        assert!(pages.pop().is_err());
        assert_eq!(pages.lines(), page(IN_MEMORY as u64).len());
    }
}
