//! The terminal: its type, its size, its colours, the way to its clipboard, and the locale.

use std::io;
use std::time::Duration;

use super::check::{Check, CheckKind};
use crate::ui::layout::MIN_SIZE;
use obx_core::config::{ColourDepth, Environment, Multiplexer};
use obx_core::i18n::Texts;

/// How long tmux may take for a reply.
const TMUX_WAIT: Duration = Duration::from_secs(1);

/// Terminals that take OSC 52 as they come, by `TERM` and by `TERM_PROGRAM`.
const TAKE_OSC52: [&str; 7] =
    ["xterm-kitty", "xterm-ghostty", "foot", "alacritty", "contour", "ghostty", "WezTerm"];

/// Those that ignore it.
const IGNORE_OSC52: [&str; 2] = ["Apple_Terminal", "linux"];

pub(super) async fn checks(environment: &Environment, texts: Texts) -> Vec<Check> {
    vec![
        kind(environment, texts),
        size(texts),
        colors(environment, texts),
        copying(environment, texts).await,
        locale(environment, texts),
    ]
}

fn kind(environment: &Environment, texts: Texts) -> Check {
    let Some(terminal) = environment.terminal() else {
        return Check::warning(CheckKind::Terminal, texts.doctor_no_term(), texts.doctor_set_term());
    };
    if environment.is_dumb_terminal() {
        return Check::warning(CheckKind::Terminal, texts.doctor_dumb(), texts.doctor_set_term());
    }
    let found = match (environment.multiplexer(), environment.terminal_program()) {
        (Some(multiplexer), _) => texts.doctor_inside(terminal, name(multiplexer)),
        (None, Some(program)) => texts.doctor_program(terminal, program),
        (None, None) => terminal.to_owned(),
    };
    Check::ok(CheckKind::Terminal, found)
}

fn name(multiplexer: Multiplexer) -> &'static str {
    match multiplexer {
        Multiplexer::Tmux => "tmux",
        Multiplexer::Screen => "screen",
        Multiplexer::Zellij => "zellij",
    }
}

/// Of the first stream that is a terminal: stdout may be a pipe.
fn size(texts: Texts) -> Check {
    let sizes = [
        rustix::termios::tcgetwinsize(io::stdout()),
        rustix::termios::tcgetwinsize(io::stderr()),
        rustix::termios::tcgetwinsize(io::stdin()),
    ];
    let Some(size) = sizes.into_iter().flatten().find(|size| size.ws_col > 0) else {
        return Check::unknown(CheckKind::Size, texts.doctor_no_terminal());
    };
    let found = format!("{}x{}", size.ws_col, size.ws_row);
    if size.ws_col < MIN_SIZE.width || size.ws_row < MIN_SIZE.height {
        let what_to_do = texts.doctor_enlarge(MIN_SIZE.width, MIN_SIZE.height);
        return Check::warning(CheckKind::Size, found, what_to_do);
    }
    Check::ok(CheckKind::Size, found)
}

fn colors(environment: &Environment, texts: Texts) -> Check {
    let found = match environment.colours() {
        _ if environment.forbids_color() => texts.doctor_no_color(),
        ColourDepth::None => texts.doctor_colors_none(),
        ColourDepth::Sixteen => texts.doctor_colors_sixteen(),
        ColourDepth::Indexed => texts.doctor_colors_indexed(),
        ColourDepth::True => texts.doctor_colors_true(),
    };
    Check::ok(CheckKind::Colors, found)
}

/// By the same ways as `tui/effects/clipboard`.
async fn copying(environment: &Environment, texts: Texts) -> Check {
    let kind = CheckKind::Copying;
    let names = [environment.terminal(), environment.terminal_program()];
    let is_one_of = |known: &[&str]| names.into_iter().flatten().find(|name| known.contains(name));
    match environment.multiplexer() {
        Some(Multiplexer::Tmux) => through_tmux(texts).await,
        Some(Multiplexer::Screen) => Check::warning(kind, texts.doctor_screen(), texts.doctor_use_tmux()),
        Some(Multiplexer::Zellij) => Check::ok(kind, texts.doctor_osc52_zellij()),
        None => {
            if let Some(terminal) = is_one_of(&IGNORE_OSC52) {
                Check::warning(kind, texts.doctor_no_osc52(terminal), texts.doctor_other_terminal())
            } else if is_one_of(&TAKE_OSC52).is_some() {
                Check::ok(kind, texts.doctor_osc52())
            } else {
                Check::unknown(kind, texts.doctor_osc52_maybe())
            }
        }
    }
}

/// tmux passes a copy on if its option says so and it takes the terminal for one that has a clipboard.
async fn through_tmux(texts: Texts) -> Check {
    let kind = CheckKind::Copying;
    let asked = tokio::join!(
        tmux(&["show-options", "-sv", "set-clipboard"]),
        tmux(&["display-message", "-p", "#{client_termfeatures}"]),
    );
    match asked {
        (Some(option), _) if option == "off" => {
            Check::warning(kind, texts.doctor_tmux_off(), texts.doctor_tmux_set())
        }
        // An old tmux has no list of features, and a session may have no client.
        (Some(_), Some(features)) if !features.is_empty() && !features.contains("clipboard") => {
            Check::warning(kind, texts.doctor_tmux_terminal(), texts.doctor_tmux_feature())
        }
        (Some(_), _) => Check::ok(kind, texts.doctor_tmux()),
        (None, _) => Check::unknown(kind, texts.doctor_tmux_silent()),
    }
}

/// What tmux prints for a command; `None` if it fails.
async fn tmux(arguments: &[&str]) -> Option<String> {
    let mut command = tokio::process::Command::new("tmux");
    command.args(arguments).env_remove("OBX_KEY").env_remove("OBX_SECRET").kill_on_drop(true);
    let output = tokio::time::timeout(TMUX_WAIT, command.output()).await.ok()?.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn locale(environment: &Environment, texts: Texts) -> Check {
    match environment.locale() {
        Some(locale) if environment.is_utf8() => Check::ok(CheckKind::Locale, locale),
        Some(locale) => {
            let found = texts.doctor_locale_other(locale);
            Check::warning(CheckKind::Locale, found, texts.doctor_set_locale())
        }
        None => Check::warning(CheckKind::Locale, texts.doctor_locale_none(), texts.doctor_set_locale()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::CheckStatus;
    use super::*;
    use obx_core::i18n::Language;
    use rstest::rstest;

    #[rstest]
    #[case(&[("TERM", "xterm-kitty")], CheckStatus::Ok)]
    #[case(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")], CheckStatus::Ok)]
    #[case(&[("TERM", "xterm-256color"), ("ZELLIJ", "0")], CheckStatus::Ok)]
    #[case(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "Apple_Terminal")], CheckStatus::Warning)]
    #[case(&[("TERM", "screen"), ("STY", "1.pts")], CheckStatus::Warning)]
    #[case(&[("TERM", "xterm-256color")], CheckStatus::Unknown)]
    #[tokio::test]
    async fn copying_claims_no_more_than_is_known(
        #[case] variables: &[(&str, &str)],
        #[case] status: CheckStatus,
    ) {
        let environment: Environment = variables.iter().copied().collect();
        assert_eq!(copying(&environment, Texts::new(Language::En)).await.status, status);
    }
}
