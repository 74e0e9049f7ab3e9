//! Results of copying, exporting and opening, and exchanges that were read from a file.

use std::sync::Arc;

use super::Model;
use super::request_log::LogRow;
use crate::message::{ClipboardText, CopiedTo, Done, Effect, Held, Notice, ProgramEnd, Taken, Ticket};
use obx_core::fetch::Source;
use obx_core::i18n::Describe;
use obx_core::import::ImportNotes;
use obx_core::store::{LogEntry, beijing_day};
use onebound::{Exchange, Fingerprint};

/// The text that was copied last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Names the text, in the language at the time of copying.
    pub what: String,
    /// As it was put on the clipboard.
    pub text: ClipboardText,
}

impl Model {
    /// Reports the result of an effect that is not a fetch.
    pub fn done(&mut self, done: Done) {
        let texts = self.texts;
        self.notice = Some(match done {
            Done::Copied { what, left_out, to } => {
                // Named before the destination, which is long and may be cut.
                let what = match left_out {
                    0 => what,
                    1 => texts.without_control_character(what),
                    count => texts.without_control_characters(what, count),
                };
                Notice::info(match to {
                    CopiedTo::Tmux => texts.copied(what, texts.copied_tmux()),
                    CopiedTo::Terminal => texts.copied(what, texts.copied_osc52()),
                    CopiedTo::TmuxOnly => texts.copied(what, texts.copied_tmux_only()),
                    CopiedTo::File(path) => texts.copied_to_file(what, path),
                })
            }
            Done::CopyFailed(why) => Notice::alert(texts.copy_failed(why)),
            Done::PageOpened(url) => Notice::info(texts.page_opened(url)),
            Done::NoBrowser(url) => Notice::info(texts.page_shown(url)),
            Done::Exported { path, size, quoted: 0 } => Notice::info(texts.exported(path, size)),
            Done::Exported { path, size, quoted } => Notice::info(texts.exported_quoted(path, size, quoted)),
            // The export popup asks whether to overwrite it, and the pictures' popup shows what came.
            Done::ExportExists(_) | Done::PictureLoaded { .. } => return,
            Done::ExportFailed { path, why } => Notice::alert(texts.export_failed(path, why)),
            Done::ExportInPart { path, why } => Notice::alert(texts.export_in_part(path, why)),
            Done::NothingToExport(nothing) => Notice::alert(nothing.describe(texts)),
            Done::ProgramMissing { program, value } => Notice::alert(texts.program_missing(program, value)),
            Done::ProgramFailed { program, why } => Notice::alert(texts.program_failed(program, why)),
            Done::ProgramEnded { program, end: ProgramEnd::Code(code) } => {
                Notice::alert(texts.program_ended(program, code))
            }
            Done::ProgramEnded { program, end: ProgramEnd::Signal(signal) } => {
                Notice::alert(texts.program_killed(program, signal))
            }
        });
    }

    /// Remembers a text, and returns the effect that copies it.
    pub fn copy(&mut self, what: String, text: ClipboardText) -> Effect {
        self.register = Some(Register { what: what.clone(), text: text.clone() });
        Effect::Copy { what, text }
    }

    /// Today's exchanges, oldest first, or all exchanges of an opened file. Rows that only showed a stored answer
    /// again are left out. `None` while calls of today may be missing.
    pub fn exchanges_of_day(&self) -> Option<Vec<Taken>> {
        let (of_file, day) = (self.session.file.is_some(), beijing_day(self.now.at));
        if !of_file && !self.is_day_counted() {
            return None;
        }
        let held = |row: &LogRow| row.exchange().map(|exchange| Taken::Held(Held(Arc::clone(exchange))));
        // A row that only has a body has no call.
        let has_call = |row: &LogRow| row.exchange().is_some_and(|exchange| !exchange.is_body_only());
        let unstored = self.log.rows().filter(|row| row.line.id.is_none() && row.line.reuses.is_none());
        let unstored = unstored.filter(|row| of_file || beijing_day(row.line.started_at) >= day);
        let mut taken: Vec<Taken> = unstored.filter(|row| has_call(row)).filter_map(held).collect();
        let sent = self.log.calls_since_day(day).filter(|call| !call.is_reuse && !call.is_leased);
        taken.extend(sent.filter_map(|call| {
            let row = self.log.place_of_stored(call.id?).and_then(|place| self.log.row(place));
            Some(row.and_then(held).unwrap_or(Taken::Stored(call.id?)))
        }));
        taken.reverse();
        Some(taken)
    }

    /// A message about entries of a file that were left out, or not read in full; `None` if there are none.
    pub fn import_notes(&self) -> Option<String> {
        let ImportNotes { other_apis, without_address, undated, undecoded } = self.import_notes;
        let texts = self.texts;
        let notes = [
            (other_apis > 0).then(|| texts.file_of_other_apis(other_apis)),
            (without_address > 0).then(|| texts.file_without_address(without_address)),
            (undated > 0).then(|| texts.file_undated(undated)),
            (undecoded > 0).then(|| texts.file_undecoded(undecoded)),
        ];
        let notes: Vec<String> = notes.into_iter().flatten().collect();
        (!notes.is_empty()).then(|| notes.join(texts.and_then()))
    }

    /// Adds each exchange of a file to the log, and shows the last one.
    pub fn open_file(&mut self, exchanges: Vec<Arc<Exchange>>, notes: ImportNotes) -> Vec<Effect> {
        let (count, key) = (exchanges.len(), Fingerprint::from_stored("file"));
        let last = exchanges.last().cloned();
        self.file_is_read = true;
        for exchange in exchanges {
            self.log.add(Ticket::FROM_FILE, LogEntry::new(None, key.clone(), &exchange), exchange, false);
        }
        self.import_notes = notes;
        if count > 1 || notes != ImportNotes::default() {
            let parts = [Some(self.texts.file_entries(count)), self.import_notes()];
            let summary = parts.into_iter().flatten().collect::<Vec<_>>().join(self.texts.and_then());
            self.notice = Some(Notice::info(summary).with_hints());
        }
        last.and_then(|exchange| self.show(exchange, None, Source::Live, None)).into_iter().collect()
    }
}
