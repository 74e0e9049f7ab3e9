//! The progress of a batch on stderr: a bar on a terminal, else a line once in a while. Terminals that are known to show
//! progress outside of the text (OSC 9;4) get it too: others take that sequence for a notification.

use std::time::{Duration, Instant};

use super::super::say;
use super::super::status_line::{StatusLine, to_stderr};
use crate::ui::measure::clock;
use obx_core::config::Environment;
use obx_core::i18n::Texts;

/// Interval of the bar.
const BAR: Duration = Duration::from_millis(200);
/// Interval of lines where there is no terminal.
const LINES: Duration = Duration::from_secs(10);
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

/// What has been done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) lines: u64,
    /// Calls of this run that have ended.
    pub(super) calls: u64,
    pub(super) billed: u64,
    pub(super) failed: u64,
}

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
    pub(super) done: Done,
    start: Instant,
    shown: Option<Done>,
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
        let (done, start) = (Done::default(), Instant::now());
        Self { line, form, total, done, start, shown: None }
    }

    /// Interval at which [`Progress::tick`] is called.
    pub(super) fn interval(&self) -> Duration {
        if matches!(self.form, Form::Bar { .. }) { BAR } else { LINES }
    }

    /// Shows what is done, if that has changed.
    pub(super) fn tick(&mut self, texts: Texts) {
        if self.shown == Some(self.done) && (self.line.is_visible() || self.form == Form::Lines) {
            return;
        }
        // Nothing is done at the first tick.
        let is_first = self.shown.replace(self.done).is_none();
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
        self.done.lines.saturating_mul(100).checked_div(self.total.0).unwrap_or(100).min(100)
    }

    fn bar(&self) -> String {
        let full = self.percent() * CELLS / 100;
        let cell = |at| if at < full { '#' } else { '-' };
        format!("[{}]", (0..CELLS).map(cell).collect::<String>())
    }

    /// `240 of 1000 · 3.2 a second · 3:58 left · 200 billed · 1 failed`
    fn text(&self, elapsed: Duration, texts: Texts) -> String {
        let Done { lines, calls, billed, failed } = self.done;
        let mut parts = vec![texts.batch_progress(lines, self.total.0)];
        let seconds = elapsed.as_secs_f64();
        if calls > 0 && seconds > 0.0 {
            let rate = float(calls) / seconds;
            let left = float(self.total.1.saturating_sub(calls)) / rate;
            parts.push(texts.batch_progress_rate(format_args!("{rate:.1}")));
            let left = Duration::try_from_secs_f64(left).ok().filter(|left| !left.is_zero());
            parts.extend(left.map(|left| texts.batch_progress_left(clock(left))));
        }
        parts.push(texts.money_billed(billed));
        if failed > 0 {
            parts.push(texts.batch_failed(failed));
        }
        parts.join(" · ")
    }
}

fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
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
        progress.done = Done { lines: 250, calls: 150, billed: 148, failed: 2 };
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
        progress.done = Done { lines: 100, ..Done::default() };
        assert_eq!(progress.text(minute, Texts::new(Language::En)), "100 of 1000 · 0 billed");
        let nothing = Progress::new((0, 0), false, &line, &environment);
        assert_eq!(nothing.bar(), "[####################]");
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
