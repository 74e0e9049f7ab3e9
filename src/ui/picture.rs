//! A picture in cells: two pixels in one as a half block, or without colour one character by brightness.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::{Color, Style};

use obx_core::config::ColourDepth;
use obx_core::picture::{Picture, Pixels};

/// The upper half in the foreground's colour, the lower in the background's.
const UPPER_HALF: &str = "▀";

/// From dark to bright, as text on a dark screen.
const RAMP: [&str; 10] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"];

/// The terminal's 16 colours as most have them, by their number in SGR.
const SIXTEEN: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 92, 92]),
    (Color::LightGreen, [92, 255, 92]),
    (Color::LightYellow, [255, 255, 92]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 92, 255]),
    (Color::LightCyan, [92, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// The steps of the cube in the 256 colours.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// A picture scaled to cells.
#[derive(Debug)]
pub struct CellPicture {
    size: Size,
    cells: Vec<(&'static str, Style)>,
}

impl CellPicture {
    /// Scales a picture to the largest size that fits into this room, in cells.
    pub fn new(picture: &Picture, room: Size, depth: ColourDepth) -> Self {
        let size = cells_of(picture, room);
        let (width, height) = (u32::from(size.width), u32::from(size.height) * 2);
        let pixels = picture.scaled(width, height);
        Self { size, cells: cells(&pixels, depth) }
    }

    /// The place of a picture that the terminal draws itself: nothing is drawn there.
    pub fn blank(picture: &Picture, room: Size) -> Self {
        Self { size: cells_of(picture, room), cells: Vec::new() }
    }

    /// Its size in cells.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Draws it at the upper left of an area.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect) {
        let width = usize::from(self.size.width).max(1);
        for (y, row) in (area.top()..area.bottom()).zip(self.cells.chunks(width)) {
            for (x, (symbol, style)) in (area.left()..area.right()).zip(row) {
                if let Some(cell) = buffer.cell_mut((x, y)) {
                    cell.set_symbol(symbol).set_style(*style);
                }
            }
        }
    }
}

/// The size in cells of a picture that fits into this room. A cell is about twice as high as it is wide.
pub fn cells_of(picture: &Picture, room: Size) -> Size {
    let (width, height) = picture.fit(u32::from(room.width), u32::from(room.height) * 2);
    let cells = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
    Size { width: cells(width), height: cells(height.div_ceil(2)) }
}

fn cells(pixels: &Pixels, depth: ColourDepth) -> Vec<(&'static str, Style)> {
    let rows: Vec<&[[u8; 3]]> = pixels.rgb.chunks(pixels.width.max(1)).collect();
    let pairs = rows.chunks(2).flat_map(|pair| {
        let upper = pair.first().copied().unwrap_or_default();
        let lower = pair.get(1).copied().unwrap_or(upper);
        upper.iter().zip(lower)
    });
    pairs.map(|(upper, lower)| cell(*upper, *lower, depth)).collect()
}

fn cell(upper: [u8; 3], lower: [u8; 3], depth: ColourDepth) -> (&'static str, Style) {
    let colour = match depth {
        ColourDepth::None => return (by_brightness(upper, lower), Style::new()),
        ColourDepth::Sixteen => nearest_of_sixteen,
        ColourDepth::Indexed => nearest_of_256,
        ColourDepth::True => |[red, green, blue]: [u8; 3]| Color::Rgb(red, green, blue),
    };
    let (upper, lower) = (colour(upper), colour(lower));
    // A blank needs no foreground, and one colour in a row is written once.
    if upper == lower {
        (" ", Style::new().bg(lower))
    } else {
        (UPPER_HALF, Style::new().fg(upper).bg(lower))
    }
}

fn by_brightness(upper: [u8; 3], lower: [u8; 3]) -> &'static str {
    let both = usize::from(brightness(upper)) + usize::from(brightness(lower));
    RAMP.get(both * RAMP.len() / 511).copied().unwrap_or("@")
}

/// By Rec. 601.
fn brightness([red, green, blue]: [u8; 3]) -> u8 {
    let weighed = u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114;
    u8::try_from(weighed / 1_000).unwrap_or(u8::MAX)
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
}

fn nearest_of_sixteen(rgb: [u8; 3]) -> Color {
    let nearest = SIXTEEN.iter().min_by_key(|(_, known)| distance(rgb, *known));
    nearest.map_or(Color::Reset, |(colour, _)| *colour)
}

/// The nearest of the cube's colours and the greys; the first 16 are the user's own and may be anything.
fn nearest_of_256(rgb: [u8; 3]) -> Color {
    let step = |level: u8| {
        let nearest = CUBE.iter().enumerate().min_by_key(|(_, known)| known.abs_diff(level));
        nearest.map_or((0, 0), |(at, known)| (u8::try_from(at).unwrap_or_default(), *known))
    };
    let [(red, in_red), (green, in_green), (blue, in_blue)] = rgb.map(step);
    let in_cube = (16 + 36 * red + 6 * green + blue, [in_red, in_green, in_blue]);
    let mean = rgb.iter().map(|level| u32::from(*level)).sum::<u32>() / 3;
    let at = u8::try_from(mean.saturating_sub(3) / 10).unwrap_or_default().min(23);
    let grey = (232 + at, [8 + 10 * at; 3]);
    let (index, _) = if distance(rgb, grey.1) < distance(rgb, in_cube.1) { grey } else { in_cube };
    Color::Indexed(index)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case([255, 0, 0], Color::Indexed(196), Color::Red)]
    #[case([128, 128, 128], Color::Indexed(244), Color::DarkGray)]
    #[case([255, 255, 255], Color::Indexed(231), Color::White)]
    #[case([0, 0, 0], Color::Indexed(16), Color::Black)]
    fn a_colour_becomes_the_nearest_that_there_is(
        #[case] rgb: [u8; 3],
        #[case] indexed: Color,
        #[case] sixteen: Color,
    ) {
        assert_eq!((nearest_of_256(rgb), nearest_of_sixteen(rgb)), (indexed, sixteen));
    }

    #[test]
    fn a_cell_has_two_pixels_and_a_blank_where_they_are_alike() {
        let (red, blue) = ([255, 0, 0], [0, 0, 255]);
        let style = Style::new().fg(Color::Rgb(255, 0, 0)).bg(Color::Rgb(0, 0, 255));
        assert_eq!(cell(red, blue, ColourDepth::True), (UPPER_HALF, style));
        assert_eq!(cell(red, red, ColourDepth::True), (" ", Style::new().bg(Color::Rgb(255, 0, 0))));
    }

    #[test]
    fn without_colour_a_cell_is_as_dense_as_it_is_bright() {
        let ramp = [0_u8, 60, 128, 200, 255].map(|level| by_brightness([level; 3], [level; 3]));
        assert_eq!(ramp, [" ", ":", "+", "#", "@"]);
        assert_eq!(cell([255; 3], [255; 3], ColourDepth::None).1, Style::new());
    }
}
