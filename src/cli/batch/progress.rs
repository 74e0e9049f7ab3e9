//! The progress of a batch on stderr: a bar on a terminal, else a line once in a while. Terminals that are known to show
//! progress outside of the text (OSC 9;4) get it too: others take that sequence for a notification.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::super::say;
use super::super::status_line::{StatusLine, to_stderr};
use crate::ui::measure::clock;
use obx_core::batch::BatchSummary;
use obx_core::config::Environment;
use obx_core::i18n::Texts;

/// Interval of the bar.
const BAR: Duration = Duration::from_millis(200);
/// Interval of lines where there is no terminal.
const LINES: Duration = Duration::from_secs(10);
/// Seconds between two changes of the bar while it counts down.
const MINUTE: u64 = 60;
/// Cells of the bar.
const CELLS: u64 = 20;

/// Terminals that show OSC 9;4, each from this version on.
const SHOWS_PROGRESS: [(&str, [u32; 2]); 5] = [
    ("WezTerm", [20_250_209, 0]),
    ("ghostty", [1, 2]),
    ("iTerm.app", [3, 6]),
    ("mintty", [3, 1]),
    ("vscode", [1, 97]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    None,
    Lines,
    Bar { has_osc: bool },
}

#[derive(Debug)]
pub(super) struct Progress<'a> {
    line: &'a StatusLine,
    form: Form,
    /// All lines, and those to buy.
    total: (u64, u64),
    pub(super) summary: BatchSummary,
    start: Instant,
    /// Number of lines that are done by what is shown.
    shown: Option<u64>,
    /// When a change is shown at the earliest.
    next: Instant,
    /// Until when nothing can be sent, and when the countdown to it changes.
    wait: Option<(Timestamp, Instant)>,
}

impl<'a> Progress<'a> {
    /// Nothing is done yet of so many lines, of which so many are bought.
    pub(super) fn new(
        total: (u64, u64),
        is_wanted: bool,
        line: &'a StatusLine,
        environment: &Environment,
    ) -> Self {
        let form = match (is_wanted, line.has_terminal()) {
            (false, _) => Form::None,
            (true, false) => Form::Lines,
            (true, true) => Form::Bar { has_osc: shows_osc(environment) },
        };
        let (summary, start) = (BatchSummary::default(), Instant::now());
        Self { line, form, total, summary, start, shown: None, next: start, wait: None }
    }

    /// Counts down to this time, or goes on counting lines.
    pub(super) fn wait(&mut self, until: Option<Timestamp>) {
        if self.wait.map(|(until, _)| until) != until {
            self.wait = until.map(|until| (until, Instant::now()));
        }
    }

    /// When [`Progress::tick`] has something new to show; `None` until something is reported.
    pub(super) fn due(&self) -> Option<Instant> {
        let is_shown = self.shown == Some(self.summary.lines());
        match self.form {
            Form::None => None,
            Form::Lines => (!is_shown && self.wait.is_none()).then_some(self.next),
            Form::Bar { .. } if is_shown && self.line.is_visible() => {
                self.wait.map(|(_, changes_at)| changes_at)
            }
            Form::Bar { .. } => Some(self.next),
        }
    }

    /// Seconds for which nothing can be sent.
    fn seconds_left(&self) -> Option<u64> {
        let (until, _) = self.wait?;
        Some(u64::try_from(until.duration_since(Timestamp::now()).as_secs()).unwrap_or_default())
    }

    /// Shows what is done.
    pub(super) fn tick(&mut self, texts: Texts) {
        let (now, left) = (Instant::now(), self.seconds_left());
        self.next = now + if matches!(self.form, Form::Bar { .. }) { BAR } else { LINES };
        let changes_at = left.map(|seconds| now + Duration::from_secs(seconds % MINUTE + 1));
        self.wait = self.wait.zip(changes_at).map(|((until, _), changes_at)| (until, changes_at));
        // Nothing is done at the first tick.
        let is_first = self.shown.replace(self.summary.lines()).is_none();
        match self.form {
            Form::None => {}
            Form::Lines if is_first => {}
            Form::Lines => say(format_args!("obx: {}", self.text(self.start.elapsed(), texts))),
            Form::Bar { has_osc } => {
                let text = format!("{} {}", self.bar(), self.text(self.start.elapsed(), texts));
                let osc =
                    if has_osc { format!("\x1b]9;4;1;{}\x1b\\", self.percent()) } else { String::new() };
                self.line.show(&text, &osc);
            }
        }
    }

    /// Removes the bar for good.
    pub(super) fn end(&mut self) {
        self.line.hide();
        if self.form == (Form::Bar { has_osc: true }) {
            to_stderr("\x1b]9;4;0\x1b\\");
        }
    }

    fn percent(&self) -> u64 {
        self.summary.lines().saturating_mul(100).checked_div(self.total.0).unwrap_or(100).min(100)
    }

    fn bar(&self) -> String {
        let full = self.percent() * CELLS / 100;
        let cell = |at| if at < full { '#' } else { '-' };
        format!("[{}]", (0..CELLS).map(cell).collect::<String>())
    }

    /// `240 of 1000 · 3.2 a second · 3:58 left · 200 billed · 1 failed`
    fn text(&self, elapsed: Duration, texts: Texts) -> String {
        let BatchSummary { billed, failed, .. } = self.summary;
        let mut parts = vec![texts.batch_progress(self.summary.lines(), self.total.0)];
        if let Some(seconds) = self.seconds_left() {
            let minutes = seconds.div_ceil(MINUTE);
            parts.push(texts.batch_progress_waits(minutes / 60, minutes % 60));
        } else {
            let rate = self.summary.calls_per_second(elapsed);
            parts.extend(rate.map(|rate| texts.batch_progress_rate(format_args!("{rate:.1}"))));
            let left = self.summary.time_left(self.total.1, elapsed);
            parts.extend(left.map(|left| texts.batch_progress_left(clock(left))));
        }
        parts.push(texts.money_billed(billed));
        if failed > 0 {
            parts.push(texts.batch_failed(failed));
        }
        parts.join(" · ")
    }
}

fn shows_osc(environment: &Environment) -> bool {
    environment.outer_terminal().is_some_and(|(program, version)| is_known(program, version))
}

fn is_known(program: &str, version: &str) -> bool {
    let mut numbers = version.split(['.', '-']).map(|part| part.parse::<u32>().unwrap_or_default());
    let version = [numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default()];
    SHOWS_PROGRESS.iter().any(|(name, since)| *name == program && version >= *since)
}

#[cfg(test)]
mod tests {
    use super::*;
    use obx_core::i18n::Language;

    #[test]
    fn it_says_how_much_is_done_how_fast_and_how_long_it_takes() {
        let (environment, line) = (Environment::default(), StatusLine::new(false, &Environment::default()));
        let mut progress = Progress::new((1_000, 900), false, &line, &environment);
        progress.summary =
            BatchSummary { billed: 148, free: 2, stored: 100, failed: 2, ..BatchSummary::default() };
        let minute = Duration::from_secs(60);
        assert_eq!(
            progress.text(minute, Texts::new(Language::En)),
            "250 of 1000 · 2.5 a second · 5:00 left · 148 billed · 2 failed"
        );
        assert_eq!(
            progress.text(minute, Texts::new(Language::Zh)),
            "250/1000 · 每秒2.5次 · 剩余5:00 · 计费148次 · 失败2行"
        );
        assert_eq!(progress.bar(), "[#####---------------]");
        progress.summary = BatchSummary { stored: 100, ..BatchSummary::default() };
        assert_eq!(progress.text(minute, Texts::new(Language::En)), "100 of 1000 · 0 billed");
        let nothing = Progress::new((0, 0), false, &line, &environment);
        assert_eq!(nothing.bar(), "[####################]");
    }

    #[test]
    fn it_is_due_when_something_is_done_and_while_it_waits_once_a_minute() {
        let (environment, line) = (Environment::default(), StatusLine::new(false, &Environment::default()));
        let (texts, start) = (Texts::new(Language::En), Instant::now());
        let mut lines = Progress { form: Form::Lines, ..Progress::new((3, 3), false, &line, &environment) };
        lines.tick(texts);
        assert_eq!(lines.due(), None);
        lines.summary.billed = 1;
        assert!(lines.due().is_some_and(|due| due >= start + LINES));
        let until = Timestamp::now() + jiff::SignedDuration::from_secs(7_290);
        lines.wait(Some(until));
        assert_eq!(lines.due(), None);
        let bar = Form::Bar { has_osc: false };
        let mut bar = Progress { form: bar, ..Progress::new((3, 3), false, &line, &environment) };
        bar.wait(Some(until));
        bar.tick(texts);
        assert!(
            bar.wait.is_some_and(|(_, changes_at)| changes_at > start + Duration::from_secs(20)),
            "{bar:?}"
        );
        assert_eq!(bar.text(Duration::ZERO, texts), "0 of 3 · goes on in 2 h 2 min · 0 billed");
        // It is not visible without a terminal, so that it has to come back soon.
        assert!(bar.due().is_some_and(|due| due <= Instant::now() + BAR));
    }

    #[test]
    fn only_terminals_that_are_known_to_show_it_get_the_progress_sequence() {
        for (program, version, expected) in [
            ("ghostty", "1.2.3", true),
            ("ghostty", "1.1.0", false),
            ("iTerm.app", "3.6.6", true),
            ("iTerm.app", "3.5.14", false),
            ("WezTerm", "20240203-110809-5046fc22", false),
            ("WezTerm", "20251025-070338-b6e75fd7", true),
            ("vscode", "1.106.2", true),
            ("Apple_Terminal", "466", false),
            ("tmux", "3.6", false),
            ("ghostty", "", false),
        ] {
            assert_eq!(is_known(program, version), expected, "{program} {version}");
        }
    }
}
