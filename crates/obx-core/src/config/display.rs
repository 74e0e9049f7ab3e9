//! What the terminal can show, by the environment and by settings. The terminal itself is not asked: its answer could
//! come late and be taken for a key.

use super::environment::Environment;
use super::error::ValueError;
use super::parse::one_of;
use super::screen::ScreenSettings;

/// How pictures are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PictureMethod {
    /// As half blocks in colour, two pixels in a cell; without colour as characters of different density.
    #[default]
    Blocks,
    /// By kitty's graphics protocol.
    Kitty,
    /// By iTerm2's inline images.
    Iterm2,
    /// Pictures are listed and never loaded.
    Off,
}

/// A program that shows terminals inside of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplexer {
    /// tmux
    Tmux,
    /// GNU screen
    Screen,
    /// zellij
    Zellij,
}

/// How many colours there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourDepth {
    /// None, or none are wanted (`NO_COLOR`, `--ascii`).
    None,
    /// The 16 of every terminal.
    #[default]
    Sixteen,
    /// 256.
    Indexed,
    /// 24 bits.
    True,
}

/// What the explorer may draw with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DisplaySettings {
    /// How pictures are drawn.
    pub pictures: PictureMethod,
    /// How many colours pictures are drawn with.
    pub colours: ColourDepth,
    /// Whether addresses are links (OSC 8).
    pub links: bool,
    /// Whether the screen is laid out for screen readers and braille: one pane at a time, no frames, nothing that moves.
    pub accessible: bool,
    /// Whether obx's own marks are ASCII. The terminal's side replaces those of one character; this is for the others.
    pub ascii: bool,
}

/// What the file sets; `None` for `"auto"`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DisplayChoices {
    pub(super) pictures: Option<PictureMethod>,
    pub(super) links: Option<bool>,
    pub(super) accessible: Option<bool>,
}

impl DisplaySettings {
    pub(super) fn new(choices: DisplayChoices, screen: ScreenSettings, environment: &Environment) -> Self {
        let is_plain = screen.theme.is_none() || screen.ascii;
        let pictures = choices.pictures.unwrap_or_else(|| picture_method(environment));
        Self {
            pictures: if is_plain || screen.lean { without_protocol(pictures) } else { pictures },
            colours: if is_plain { ColourDepth::None } else { colour_depth(environment) },
            links: choices.links.unwrap_or_else(|| has_links(environment)),
            accessible: choices
                .accessible
                .unwrap_or_else(|| environment.text("ACCESSIBLE").is_some_and(|value| value != "0")),
            ascii: screen.ascii,
        }
    }
}

/// What the terminal draws itself is in colour, and takes a hundred times the bytes.
fn without_protocol(pictures: PictureMethod) -> PictureMethod {
    match pictures {
        PictureMethod::Kitty | PictureMethod::Iterm2 => PictureMethod::Blocks,
        PictureMethod::Blocks | PictureMethod::Off => pictures,
    }
}

/// `None` for `auto`.
pub(super) fn parse_pictures(text: &str) -> Result<Option<PictureMethod>, ValueError> {
    let known = match text {
        "auto" => Some(None),
        "blocks" => Some(Some(PictureMethod::Blocks)),
        "kitty" => Some(Some(PictureMethod::Kitty)),
        "iterm2" => Some(Some(PictureMethod::Iterm2)),
        "off" => Some(Some(PictureMethod::Off)),
        _ => None,
    };
    one_of(known, text, "auto, blocks, kitty, iterm2, off")
}

/// A protocol where the terminal certainly has it and no multiplexer is in between, else blocks.
fn picture_method(environment: &Environment) -> PictureMethod {
    let term = environment.text("TERM").unwrap_or_default();
    if is_multiplexed(environment) {
        return PictureMethod::Blocks;
    }
    match environment.text("TERM_PROGRAM") {
        Some("ghostty") => PictureMethod::Kitty,
        Some("iTerm.app" | "WezTerm") => PictureMethod::Iterm2,
        None if matches!(term, "xterm-kitty" | "xterm-ghostty") => PictureMethod::Kitty,
        _ => PictureMethod::Blocks,
    }
}

/// `None` for `auto`.
pub(super) fn parse_links(text: &str) -> Result<Option<bool>, ValueError> {
    let known = match text {
        "auto" => Some(None),
        "on" => Some(Some(true)),
        "off" => Some(Some(false)),
        _ => None,
    };
    one_of(known, text, "auto, on, off")
}

/// The first version of VTE whose links are sound.
const VTE_WITH_LINKS: u32 = 5_000;

/// Where the terminal certainly has links and no multiplexer is in between.
fn has_links(environment: &Environment) -> bool {
    let term = environment.text("TERM").unwrap_or_default();
    let vte = environment.text("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    !is_multiplexed(environment)
        && (matches!(picture_method(environment), PictureMethod::Kitty | PictureMethod::Iterm2)
            || term == "foot"
            || term.starts_with("foot-")
            || vte.is_some_and(|version| version >= VTE_WITH_LINKS)
            || environment.text("WT_SESSION").is_some())
}

pub(super) fn colour_depth(environment: &Environment) -> ColourDepth {
    let term = environment.text("TERM").unwrap_or_default();
    let says_true = matches!(environment.text("COLORTERM"), Some("truecolor" | "24bit"));
    if term.starts_with("vt") || term == "dumb" {
        ColourDepth::None
    } else if says_true || term.ends_with("-direct") || matches!(term, "xterm-kitty" | "xterm-ghostty") {
        ColourDepth::True
    } else if term.contains("256color") {
        ColourDepth::Indexed
    } else {
        ColourDepth::Sixteen
    }
}

/// Whether a multiplexer is between obx and the terminal.
pub(super) fn is_multiplexed(environment: &Environment) -> bool {
    multiplexer(environment).is_some()
}

/// By its own variable, else by `TERM`, which is `screen` in many a tmux.
pub(super) fn multiplexer(environment: &Environment) -> Option<Multiplexer> {
    let term = environment.text("TERM").unwrap_or_default();
    let own = [("TMUX", Multiplexer::Tmux), ("STY", Multiplexer::Screen), ("ZELLIJ", Multiplexer::Zellij)];
    let own = own.into_iter().find(|(name, _)| environment.text(name).is_some());
    match own {
        Some((_, multiplexer)) => Some(multiplexer),
        None if term.starts_with("tmux") => Some(Multiplexer::Tmux),
        None if term.starts_with("screen") => Some(Multiplexer::Screen),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::screen::{ScreenFile, ScreenFlags};
    use super::*;

    fn display(pairs: &[(&str, &str)]) -> DisplaySettings {
        with_choices(DisplayChoices::default(), pairs)
    }

    fn with_choices(choices: DisplayChoices, pairs: &[(&str, &str)]) -> DisplaySettings {
        let environment: Environment = pairs.iter().copied().collect();
        let screen = ScreenSettings::new(ScreenFlags::default(), &environment, ScreenFile::default());
        DisplaySettings::new(choices, screen, &environment)
    }

    #[rstest]
    #[case(&[("TERM", "xterm-kitty")], PictureMethod::Kitty)]
    #[case(&[("TERM", "xterm-256color"), ("KITTY_WINDOW_ID", "1")], PictureMethod::Blocks)]
    #[case(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "ghostty")], PictureMethod::Kitty)]
    #[case(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")], PictureMethod::Iterm2)]
    #[case(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")], PictureMethod::Iterm2)]
    #[case(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "vscode"), ("KITTY_WINDOW_ID", "1")], PictureMethod::Blocks)]
    #[case(&[("TERM", "tmux-256color"), ("TERM_PROGRAM", "tmux"), ("KITTY_WINDOW_ID", "1")], PictureMethod::Blocks)]
    #[case(&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")], PictureMethod::Blocks)]
    #[case(&[("TERM", "xterm-kitty"), ("TMUX", "/tmp/tmux")], PictureMethod::Blocks)]
    #[case(&[("TERM", "screen"), ("KITTY_WINDOW_ID", "1")], PictureMethod::Blocks)]
    #[case(&[("TERM", "xterm-256color")], PictureMethod::Blocks)]
    #[case(&[], PictureMethod::Blocks)]
    fn a_protocol_is_used_where_it_is_certain(#[case] pairs: &[(&str, &str)], #[case] method: PictureMethod) {
        assert_eq!(display(pairs).pictures, method);
    }

    #[rstest]
    #[case(&[("TERM", "xterm"), ("COLORTERM", "truecolor")], ColourDepth::True)]
    #[case(&[("TERM", "xterm-256color")], ColourDepth::Indexed)]
    #[case(&[("TERM", "linux")], ColourDepth::Sixteen)]
    #[case(&[("TERM", "vt220")], ColourDepth::None)]
    #[case(&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")], ColourDepth::None)]
    fn colours_are_as_many_as_the_terminal_says(#[case] pairs: &[(&str, &str)], #[case] depth: ColourDepth) {
        assert_eq!(display(pairs).colours, depth);
    }

    #[rstest]
    #[case(&[("TERM", "xterm-kitty")], true)]
    #[case(&[("TERM", "foot")], true)]
    #[case(&[("TERM", "xterm-256color"), ("VTE_VERSION", "7600")], true)]
    #[case(&[("TERM", "xterm-256color"), ("VTE_VERSION", "4600")], false)]
    #[case(&[("TERM", "xterm-256color"), ("WT_SESSION", "1")], true)]
    #[case(&[("TERM", "tmux-256color"), ("VTE_VERSION", "7600"), ("TMUX", "x")], false)]
    #[case(&[("TERM", "xterm-256color")], false)]
    fn links_are_used_where_they_are_certain(#[case] pairs: &[(&str, &str)], #[case] links: bool) {
        assert_eq!(display(pairs).links, links);
    }

    #[test]
    fn accessible_is_a_variable_and_a_setting() {
        assert!(display(&[("ACCESSIBLE", "1")]).accessible);
        assert!(!display(&[("ACCESSIBLE", "0")]).accessible && !display(&[]).accessible);
        let choices = DisplayChoices { accessible: Some(true), ..DisplayChoices::default() };
        assert!(with_choices(choices, &[]).accessible);
    }

    #[rstest]
    #[case(ScreenFlags { no_color: true, ..ScreenFlags::default() })]
    #[case(ScreenFlags { ascii: true, ..ScreenFlags::default() })]
    #[case(ScreenFlags { lean: true, ..ScreenFlags::default() })]
    fn a_plain_or_lean_screen_has_no_picture_of_the_terminals_own(#[case] flags: ScreenFlags) {
        let environment: Environment = [("TERM", "xterm-kitty")].into_iter().collect();
        let screen = ScreenSettings::new(flags, &environment, ScreenFile::default());
        let method = |pictures| {
            let choices = DisplayChoices { pictures, ..DisplayChoices::default() };
            DisplaySettings::new(choices, screen, &environment).pictures
        };
        assert_eq!(method(None), PictureMethod::Blocks);
        assert_eq!(method(Some(PictureMethod::Iterm2)), PictureMethod::Blocks);
        assert_eq!(method(Some(PictureMethod::Off)), PictureMethod::Off);
    }

    #[test]
    fn the_file_ranks_before_the_environment() {
        let choices = DisplayChoices { pictures: Some(PictureMethod::Blocks), ..DisplayChoices::default() };
        assert_eq!(with_choices(choices, &[("TERM", "xterm-kitty")]).pictures, PictureMethod::Blocks);
        assert_eq!(parse_pictures("auto").unwrap(), None);
        assert!(parse_pictures("sixel").is_err());
    }
}
