//! The pictures of the README: screens of the real program, drawn as SVG.
//!
//! `OBX_PICTURES=write cargo test --test it readme_pictures` writes them to `assets/screenshots`. Without the variable the
//! tests fail where the program shows other words than the pictures do. Numbers aren't compared: times and prices change.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use regex::Regex;

use super::gateway::{ITEM, SKU_IDS};
use super::pty::{ENTER, ESC, Session, Setup, english};

const SIZE: (u16, u16) = (120, 36);
/// Width and height of a cell in the picture, in its own unit.
const CELL: (u32, u32) = (9, 19);
const MARGIN: u32 = 12;
/// How long each screen of the animation stays, in seconds.
const SCREEN_SECONDS: usize = 4;

const FOREGROUND: &str = "#d5d8df";
const BACKGROUND: &str = "#16181d";
/// The sixteen colours of the terminal that the pictures show.
const PALETTE: [&str; 16] = [
    "#3b3f4a", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4", "#7f848e",
    "#ff8790", "#b5e890", "#ffd38a", "#8ccbff", "#e39bf5", "#7fdbe6", "#ffffff",
];

/// One screen as the elements of an SVG: backgrounds first, then the text, each wide character in its own place so that
/// columns stay where they are in any font.
fn drawn(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let mut svg = String::new();
    for row in 0..rows.get() {
        let y = MARGIN + u32::from(row) * CELL.1;
        let mut run = Run::default();
        for column in 0..columns.get() {
            let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else {
                continue;
            };
            let style = Style::from_cell(cell);
            if run.style != style || cell.is_wide() || run.is_wide {
                run.draw(y, &mut svg);
                run = Run { column, style, is_wide: cell.is_wide(), ..Run::default() };
            }
            run.columns += if cell.is_wide() { 2 } else { 1 };
            run.text.push_str(if cell.has_contents() { cell.contents() } else { " " });
        }
        run.draw(y, &mut svg);
    }
    svg
}

/// Neighbouring cells of one style.
#[derive(Default)]
struct Run {
    column: u16,
    columns: u32,
    text: String,
    style: Style,
    is_wide: bool,
}

impl Run {
    fn draw(&self, y: u32, svg: &mut String) {
        let (x, width) = (MARGIN + u32::from(self.column) * CELL.0, self.columns * CELL.0);
        if let Some(background) = &self.style.background {
            writeln!(
                svg,
                r#"<rect x="{x}" y="{y}" width="{width}" height="{}" fill="{background}"/>"#,
                CELL.1
            )
            .unwrap();
        }
        let baseline = y + CELL.1 - 5;
        let attributes = self.style.attributes();
        // A place for each character: fonts disagree about their widths.
        for (start, word) in self.words() {
            let place = |at: usize| (x + CELL.0 * u32::try_from(start + at).unwrap()).to_string();
            let places: Vec<String> = (0..word.chars().count()).map(place).collect();
            let word = word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            writeln!(svg, r#"<text x="{}" y="{baseline}"{attributes}>{word}</text>"#, places.join(" "))
                .unwrap();
        }
    }

    /// The words, each with the number of cells before it.
    fn words(&self) -> Vec<(usize, &str)> {
        let mut start = 0;
        let mut words = Vec::new();
        for word in self.text.split(' ') {
            if !word.is_empty() {
                words.push((start, word));
            }
            start += word.chars().count() + 1;
        }
        words
    }
}

#[derive(Default, PartialEq)]
struct Style {
    foreground: Option<String>,
    background: Option<String>,
    bold: bool,
    dim: bool,
    underline: bool,
}

impl Style {
    fn from_cell(cell: &vt100::Cell) -> Self {
        let (mut foreground, mut background) = (colour(cell.fgcolor()), colour(cell.bgcolor()));
        if cell.inverse() {
            let paper = background.unwrap_or_else(|| BACKGROUND.to_owned());
            background = Some(foreground.unwrap_or_else(|| FOREGROUND.to_owned()));
            foreground = Some(paper);
        }
        Self { foreground, background, bold: cell.bold(), dim: cell.dim(), underline: cell.underline() }
    }

    fn attributes(&self) -> String {
        let fill = self.foreground.as_ref().map(|colour| format!(r#" fill="{colour}""#));
        let set = [
            (self.bold, r#" font-weight="bold""#),
            (self.dim, r#" fill-opacity="0.6""#),
            (self.underline, r#" text-decoration="underline""#),
        ];
        let set = set.iter().filter(|(is_set, _)| *is_set).map(|(_, attribute)| *attribute);
        fill.unwrap_or_default() + &set.collect::<String>()
    }
}

fn colour(colour: vt100::Color) -> Option<String> {
    match colour {
        vt100::Color::Default => None,
        vt100::Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        vt100::Color::Idx(index) => PALETTE.get(usize::from(index)).map(|colour| (*colour).to_owned()),
    }
}

/// A picture of these screens: one that stands still, or several that follow each other.
fn picture(screens: &[String]) -> String {
    let (width, height) = (2 * MARGIN + u32::from(SIZE.0) * CELL.0, 2 * MARGIN + u32::from(SIZE.1) * CELL.1);
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" fill="{FOREGROUND}" font-size="15" font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'PingFang SC', 'Microsoft YaHei', monospace">
"#
    );
    if screens.len() > 1 {
        let (seconds, share) = (SCREEN_SECONDS * screens.len(), 100 / screens.len());
        writeln!(
            svg,
            "<style>g{{visibility:hidden;animation:{seconds}s step-end infinite show}}\
             @keyframes show{{0%{{visibility:visible}}{share}%{{visibility:hidden}}}}</style>"
        )
        .unwrap();
    }
    writeln!(svg, r#"<rect width="{width}" height="{height}" rx="8" fill="{BACKGROUND}"/>"#).unwrap();
    match screens {
        [one] => svg += one,
        several => {
            for (number, screen) in several.iter().enumerate() {
                let delay = number * SCREEN_SECONDS;
                writeln!(svg, r#"<g style="animation-delay:{delay}s">"#).unwrap();
                svg += screen;
                svg += "</g>\n";
            }
        }
    }
    svg + "</svg>\n"
}

/// The words of a picture, without numbers, IDs, bars and the spaces that align them.
fn words(svg: &str) -> String {
    let text = Regex::new(r"<text[^>]*>([^<]*)</text>").unwrap();
    let joined: Vec<&str> = text.captures_iter(svg).map(|found| found.extract::<1>().1[0]).collect();
    let number = Regex::new(r"(\S*[0-9]\S*|[░▏▎▍▌▋▊▉█─━▕]|\s)+").unwrap();
    number.replace_all(&joined.join(" "), " ").into_owned()
}

/// Writes the picture, or compares its words with the file's.
#[track_caller]
fn assert_current(name: &str, svg: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screenshots").join(name);
    if std::env::var("OBX_PICTURES").is_ok_and(|action| action == "write") {
        fs::write(&path, svg).unwrap();
        return;
    }
    let file = fs::read_to_string(&path).unwrap();
    assert_eq!(words(&file), words(svg), "{name} is out of date: see the head of this file");
}

fn start(language: &str) -> Session {
    let size = Setup::new().size(SIZE.0, SIZE.1).var("TZ", "Asia/Shanghai").args(&["--ui-lang", language]);
    size.start()
}

fn show(session: &mut Session, id: &str) {
    session.wait_for("DEMO");
    session.type_id(id);
    session.press(ENTER);
}

#[test]
fn the_item_in_both_languages_is_current() {
    for (language, name) in [("en", "item.svg"), ("zh", "item.zh-CN.svg")] {
        let mut session = start(language);
        session.wait_for(if language == "en" { "DEMO" } else { "商品" });
        session.type_id(ITEM);
        session.press(ENTER);
        session.wait_for(SKU_IDS[1]);
        session.wait_for_silence();
        assert_current(name, &picture(&[session.screen(drawn)]));
    }
}

/// The README's tour, a screen a step.
#[test]
fn the_animation_is_current() {
    let mut session = start("en");
    let mut screens = Vec::new();
    let mut take = |session: &mut Session| {
        session.wait_for_silence();
        screens.push(session.screen(drawn));
    };
    show(&mut session, "610947590300");
    session.wait_for("1 of 300");
    take(&mut session);
    session.press("/");
    for letter in "礼盒".chars() {
        session.write_at_once(&letter.to_string());
    }
    session.press(ENTER);
    session.wait_for("(of 300)");
    take(&mut session);
    session.press(ENTER);
    session.wait_for(english().pane_response());
    take(&mut session);
    session.press(ESC);
    session.edit_id();
    for _ in 0..12 {
        session.press("\x7f");
    }
    session.type_id("610947572000");
    session.press(ENTER);
    session.wait_for(english().code_no_result());
    session.press("!");
    session.wait_for(english().card_title());
    take(&mut session);
    assert_current("tour.svg", &picture(&screens));
}
