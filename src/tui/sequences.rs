//! Control sequences that no cell can hold: links (OSC 8) and pictures. They ask the terminal for no reply.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::ui::overlay::{Link, PlacedPicture};
use obx_core::config::PictureMethod;

/// The longest part of a picture in one sequence of kitty's protocol, in bytes after base64.
const KITTY_PART: usize = 4_096;

/// The number of the picture, of which there is one at a time.
const KITTY_ID: u32 = 1_688;

/// What is written next belongs to this link.
pub(super) fn begin_link(link: &Link) -> String {
    format!("\x1b]8;id=obx{};{}\x1b\\", link.id, link.target.as_str())
}

/// What is written next is no link.
pub(super) const END_LINK: &str = "\x1b]8;;\x1b\\";

/// Draws a picture into its area; the cursor does not move on from there.
pub(super) fn draw_picture(placed: &PlacedPicture) -> String {
    let area = placed.area;
    let mut sequence = format!("\x1b[{};{}H", area.y + 1, area.x + 1);
    let png = &placed.png;
    match placed.method {
        PictureMethod::Kitty => kitty(&mut sequence, &STANDARD.encode(png), area.width, area.height),
        PictureMethod::Iterm2 => {
            // Writing to a String can't fail.
            let _ = write!(
                sequence,
                "\x1b]1337;File=inline=1;size={};width={};height={};preserveAspectRatio=0;doNotMoveCursor=1:{}\x07",
                png.len(),
                area.width,
                area.height,
                STANDARD.encode(png)
            );
        }
        PictureMethod::Blocks | PictureMethod::Off => {}
    }
    sequence
}

/// Removes a picture, where writing over its cells does not.
pub(super) fn remove_picture(placed: &PlacedPicture) -> String {
    match placed.method {
        PictureMethod::Kitty => format!("\x1b_Ga=d,d=I,i={KITTY_ID},q=2\x1b\\"),
        PictureMethod::Iterm2 | PictureMethod::Blocks | PictureMethod::Off => String::new(),
    }
}

fn kitty(sequence: &mut String, encoded: &str, columns: u16, rows: u16) {
    let mut keys = format!("a=T,f=100,i={KITTY_ID},c={columns},r={rows},C=1,q=2,");
    let mut rest = encoded;
    while !rest.is_empty() {
        let (part, after) = rest.split_at_checked(KITTY_PART).unwrap_or((rest, ""));
        let more = u8::from(!after.is_empty());
        let _ = write!(sequence, "\x1b_G{keys}m={more};{part}\x1b\\"); // writing to a String can't fail
        // The first part alone names everything.
        "q=2,".clone_into(&mut keys);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;
    use crate::ui::overlay::LinkTarget;

    /// The first bytes of every PNG.
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

    fn placed(method: PictureMethod) -> PlacedPicture {
        PlacedPicture { area: Rect::new(4, 2, 20, 10), png: PNG.into(), method }
    }

    #[test]
    fn a_link_names_its_address_and_one_id_for_all_of_its_rows() {
        let target = LinkTarget::parse("https://a.example/").unwrap();
        let link = Link { y: 0, x: 0..3, id: 7, target };
        assert_eq!(begin_link(&link), "\x1b]8;id=obx7;https://a.example/\x1b\\");
    }

    #[test]
    fn kittys_picture_is_sent_as_png_and_wants_no_reply() {
        let sequence = draw_picture(&placed(PictureMethod::Kitty));
        assert!(
            sequence.starts_with("\x1b[3;5H\x1b_Ga=T,f=100,i=1688,c=20,r=10,C=1,q=2,m=0;iVBOR"),
            "{sequence:?}"
        );
        assert!(remove_picture(&placed(PictureMethod::Kitty)).contains("a=d,d=I,i=1688,q=2"));
    }

    #[test]
    fn a_long_picture_is_sent_to_kitty_in_parts() {
        let mut sequence = String::new();
        kitty(&mut sequence, &"A".repeat(KITTY_PART * 2 + 1), 1, 1);
        let parts: Vec<&str> =
            sequence.split("\x1b_G").skip(1).map(|part| part.split(';').next().unwrap()).collect();
        assert_eq!(parts, ["a=T,f=100,i=1688,c=1,r=1,C=1,q=2,m=1", "q=2,m=1", "q=2,m=0"]);
    }

    #[test]
    fn iterm2s_picture_has_its_size_in_cells() {
        let sequence = draw_picture(&placed(PictureMethod::Iterm2));
        assert!(sequence.contains(";width=20;height=10;") && sequence.ends_with('\x07'), "{sequence:?}");
    }
}
