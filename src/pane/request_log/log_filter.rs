//! The log's filter and words where the log is printed, outside of the explorer.

use jiff::{Timestamp, ToSpan};

use super::filter_columns::filter_columns;
use super::rows::{OneRow, RequestRow, RowContext};
use crate::model::request_log::LogRow;
use crate::model::session_info::SessionInfo;
use crate::ui::filter::{Filter, FilterError, fold};
use crate::ui::rows::is_match;
use obx_core::i18n::Texts;
use onebound::Scope;

/// A filter of the request log, with what its rows' texts depend on.
#[derive(Debug)]
pub struct LogFilter {
    filter: Filter,
    /// `None` for all.
    platform: Option<String>,
    context: RowContext<'static>,
}

impl LogFilter {
    /// Parses a filter as the explorer's; the words `today` and `yesterday` are local days.
    ///
    /// # Errors
    /// The first mistake in it.
    pub fn parse(
        written: &str,
        session: SessionInfo,
        scope: Scope,
        now: Timestamp,
        texts: Texts,
    ) -> Result<Self, FilterError> {
        let today = now.to_zoned(session.zone.clone()).date();
        let yesterday = today.checked_sub(1.day()).unwrap_or(today);
        let word = |word: &str| match fold(word).as_ref() {
            "today" | "今天" => format!("time:{today}"),
            "yesterday" | "昨天" => format!("time:{yesterday}"),
            _ => word.to_owned(),
        };
        let words: Vec<String> = written.split(' ').map(word).collect();
        let filter = Filter::parse(&words.join(" "), &filter_columns())?;
        Ok(Self { filter, platform: None, context: RowContext::printed(session, scope, now, texts) })
    }

    /// The same for calls of one platform alone.
    #[must_use]
    pub fn on_platform(self, platform: Option<&str>) -> Self {
        Self { platform: platform.map(str::to_owned), ..self }
    }

    /// Whether this row is printed.
    pub fn lets_through(&self, row: &LogRow) -> bool {
        if self.platform.as_deref().is_some_and(|platform| *row.line.platform != *platform) {
            return false;
        }
        let row = OneRow { row: RequestRow::from_log(0, row), context: &self.context };
        self.filter.is_empty() || is_match(&row, 0, &self.filter)
    }

    /// The outcome in words, or whose call is under way.
    pub fn outcome(&self, row: &LogRow) -> String {
        RequestRow::from_log(0, row).words(&self.context)
    }
}
