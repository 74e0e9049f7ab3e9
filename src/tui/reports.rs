//! What is asked of the terminal after the first frame, and its replies. Nothing waits for a reply, and none is a key.

use std::time::{Duration, Instant};

use obx_core::config::Environment;

use crate::ui::theme::Background;

/// A terminal's reply to a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// What its background is.
    Background(Background),
    /// It has synchronized updates (mode 2026).
    SynchronizedUpdates,
    /// It can report changes of its theme (mode 2031).
    ThemeChanges,
    /// The reply that every terminal has. It is asked for last, so no other follows.
    Last,
}

/// How long replies can be on their way.
const LONGEST_WAY: Duration = Duration::from_secs(2);

impl Report {
    /// The report in a control sequence, from its ESC to its final letter.
    pub(super) fn from_sequence(sequence: &[u8]) -> Option<Self> {
        match sequence.strip_prefix(b"\x1b[?")? {
            b"997;1n" => Some(Self::Background(Background::Dark)),
            b"997;2n" => Some(Self::Background(Background::Light)),
            b"2026;1$y" | b"2026;2$y" => Some(Self::SynchronizedUpdates),
            b"2031;1$y" | b"2031;2$y" => Some(Self::ThemeChanges),
            [.., b'c'] => Some(Self::Last),
            _ => None,
        }
    }

    /// The report in a string sequence, from the `]` of an OSC to before its end: `]11;rgb:ffff/ffff/dddd`.
    pub(super) fn from_string(string: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(string).ok()?;
        let colour = text.strip_prefix("]11;rgb:").or_else(|| text.strip_prefix("]11;rgba:"))?;
        let mut parts = colour.split('/').map(share);
        let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
        let brightness = 0.299 * red + 0.587 * green + 0.114 * blue;
        let is_light = brightness > 0.5;
        Some(Self::Background(if is_light { Background::Light } else { Background::Dark }))
    }
}

/// One to four hexadecimal digits as a share of the most they can say.
fn share(digits: &str) -> Option<f64> {
    let most = [0xf, 0xff, 0xfff, 0xffff].get(digits.len().checked_sub(1)?)?;
    let value = u16::from_str_radix(digits, 16).ok()?;
    Some(f64::from(value) / f64::from(*most))
}

/// What may be asked of the terminal, and what was.
#[derive(Debug, Default)]
pub struct TerminalQueries {
    may_ask: bool,
    has_true_colour: bool,
    /// Whether the terminal was asked about changes of its theme.
    asks_for_changes: bool,
    /// To be written behind the next frame.
    unsent: String,
    asked_at: Option<Instant>,
}

impl TerminalQueries {
    /// The queries that the terminal of this environment is known to bear.
    pub fn new(environment: &Environment) -> Self {
        Self {
            may_ask: environment.may_ask_terminal(),
            has_true_colour: environment.has_true_colour(),
            ..Self::default()
        }
    }

    /// Asks whether the terminal has synchronized updates.
    pub(super) fn ask_for_synchronized_updates(&mut self) {
        self.ask("\x1b[?2026$p");
    }

    /// Asks for the terminal's background, where a theme of true colours could follow from it, and whether the terminal
    /// reports changes of it.
    pub(super) fn ask_for_background(&mut self) {
        if self.has_true_colour {
            self.ask("\x1b[?996n\x1b]11;?\x1b\\\x1b[?2031$p");
            self.asks_for_changes = self.may_ask;
        }
    }

    /// Whether a terminal that can report changes of its theme is to do so. A reply to a query that was never sent, such
    /// as one that a multiplexer passes on, changes nothing.
    pub(super) fn wants_theme_changes(&self) -> bool {
        self.asks_for_changes
    }

    fn ask(&mut self, query: &str) {
        if self.may_ask {
            self.unsent.push_str(query);
        }
    }

    /// What is to be written now.
    pub(super) fn take_unsent(&mut self, now: Instant) -> String {
        let mut unsent = std::mem::take(&mut self.unsent);
        if !unsent.is_empty() {
            self.asked_at = Some(now);
            unsent.push_str("\x1b[c");
        }
        unsent
    }

    /// Takes a report in.
    pub(super) fn on_report(&mut self, report: Report) {
        if report == Report::Last {
            self.asked_at = None;
        }
    }

    /// How long a reply can still arrive, which must not be typed into the shell.
    pub(super) fn longest_wait(&self, now: Instant) -> Duration {
        let asked = self.asked_at.map(|asked_at| LONGEST_WAY.saturating_sub(now - asked_at));
        asked.unwrap_or_default().min(MAX_WAIT_AT_END)
    }
}

/// How long the end waits for replies, at most.
const MAX_WAIT_AT_END: Duration = Duration::from_millis(150);

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(b"]11;rgb:ffff/ffff/dddd", Some(Background::Light))]
    #[case(b"]11;rgb:1e/1e/2e", Some(Background::Dark))]
    #[case(b"]11;rgba:f/f/f/8", Some(Background::Light))]
    #[case(b"]11;rgb:zz/1e/2e", None)]
    #[case(b"]11;rgb:fffff/1/1", None)]
    #[case(b"]11;rgb:1e/1e", None)]
    #[case(b"]10;rgb:ff/ff/ff", None)]
    fn a_background_is_light_or_dark(#[case] string: &[u8], #[case] expected: Option<Background>) {
        assert_eq!(Report::from_string(string), expected.map(Report::Background));
    }

    #[rstest]
    #[case(b"\x1b[?2031;1$y", Some(Report::ThemeChanges))]
    #[case(b"\x1b[?2031;2$y", Some(Report::ThemeChanges))]
    #[case::unknown(b"\x1b[?2031;0$y", None)]
    #[case::never_on(b"\x1b[?2031;4$y", None)]
    #[case(b"\x1b[?997;2n", Some(Report::Background(Background::Light)))]
    #[case(b"\x1b[?997;3n", None)]
    fn only_a_terminal_that_has_mode_2031_is_taken_for_one(
        #[case] bytes: &[u8],
        #[case] expected: Option<Report>,
    ) {
        assert_eq!(Report::from_sequence(bytes), expected);
    }

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[rstest]
    #[case(&[("TERM", "xterm-256color")], "\x1b[?2026$p\x1b[c")]
    #[case(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], "\x1b[?2026$p\x1b[?996n\x1b]11;?\x1b\\\x1b[?2031$p\x1b[c")]
    #[case(&[("TERM", "xterm-256color"), ("TMUX", "/tmp/t")], "")]
    #[case(&[("TERM", "tmux-256color"), ("COLORTERM", "truecolor")], "")]
    #[case(&[("TERM", "screen")], "")]
    #[case(&[("TERM", "xterm"), ("STY", "1.a")], "")]
    #[case(&[("TERM", "linux")], "")]
    #[case(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "Apple_Terminal")], "")]
    fn only_a_terminal_that_bears_it_is_asked(#[case] variables: &[(&str, &str)], #[case] expected: &str) {
        let mut queries = TerminalQueries::new(&environment(variables));
        queries.ask_for_synchronized_updates();
        queries.ask_for_background();
        let now = Instant::now();
        assert_eq!(queries.take_unsent(now), expected);
        assert_eq!(queries.take_unsent(now), "", "once");
        assert_eq!(queries.longest_wait(now).is_zero(), expected.is_empty());
        assert_eq!(
            queries.wants_theme_changes(),
            expected.contains("2031"),
            "unasked replies count for nothing"
        );
        queries.on_report(Report::Last);
        assert!(queries.longest_wait(now).is_zero());
    }
}
