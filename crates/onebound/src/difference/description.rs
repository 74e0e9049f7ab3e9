//! Changes of `desc` in numbers, since a diff of 10 kB of HTML is unreadable.

use std::borrow::Cow;
use std::collections::HashMap;

use super::diff::Side;
use crate::description::PIXEL;

/// How the description changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescriptionChange {
    /// The earlier description.
    pub before: DescriptionSize,
    /// The later description.
    pub after: DescriptionSize,
    /// Images in the HTML that were not there before.
    pub images_added: usize,
    /// Images in the HTML that are no longer there.
    pub images_removed: usize,
}

/// Type and length of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DescriptionSize {
    /// The name of the JSON type; "absent" if there is none.
    pub type_name: &'static str,
    /// Its length without the tracking pixel; 0 where it is no text.
    pub characters: usize,
}

/// `None` where they differ in nothing but the tracking pixel.
pub(super) fn compare(before: Side<'_>, after: Side<'_>) -> Option<DescriptionChange> {
    let ((old_type, old), (new_type, new)) = (before.typed_text(), after.typed_text());
    let (old, new) = (without_pixel(&old), without_pixel(&new));
    if old_type == new_type && old == new {
        return None;
    }
    let (images_added, images_removed) = count_images(&old, &new);
    let written = |type_name, text: &str| DescriptionSize {
        type_name,
        characters: if type_name == "string" { text.chars().count() } else { 0 },
    };
    let (before, after) = (written(old_type, &old), written(new_type, &new));
    Some(DescriptionChange { before, after, images_added, images_removed })
}

/// The text without the tags that load the tracking pixel; outside of a tag, without its address.
pub(super) fn without_pixel(html: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(PIXEL) {
        let tag =
            before.rfind(['<', '>']).filter(|&at| before.get(at..).is_some_and(|tag| tag.starts_with('<')));
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>');
        let start = tag.or_else(|| before.rfind(is_end).map(|at| at + 1)).unwrap_or_default();
        let start = (start..=before.len()).find(|&at| before.is_char_boundary(at)).unwrap_or_default();
        kept.push_str(before.get(..start).unwrap_or_default());
        rest = match tag {
            Some(_) => after.split_once('>').map_or("", |(_, behind)| behind),
            None => after.find(is_end).and_then(|at| after.get(at..)).unwrap_or_default(),
        };
    }
    if rest.len() == html.len() {
        return Cow::Borrowed(html);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// How many images are only in the later text, and how many only in the earlier.
fn count_images(before: &str, after: &str) -> (usize, usize) {
    let mut surplus: HashMap<&str, i64> = HashMap::new();
    images(before).for_each(|url| *surplus.entry(url).or_default() -= 1);
    images(after).for_each(|url| *surplus.entry(url).or_default() += 1);
    let total = |sign: i64| surplus.values().map(|count| (count * sign).max(0)).sum::<i64>();
    let count = |sign| usize::try_from(total(sign)).unwrap_or_default();
    (count(1), count(-1))
}

/// The addresses of the `img` tags.
fn images(html: &str) -> impl Iterator<Item = &str> {
    let tags = html.split('<').skip(1).filter(|tag| {
        tag.get(..4)
            .is_some_and(|name| name.eq_ignore_ascii_case("img ") || name.eq_ignore_ascii_case("img\n"))
    });
    tags.filter_map(|tag| {
        let (_, value) = tag.split_once("src=")?;
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        match quote {
            Some(quote) => value.get(1..)?.split(quote).next(),
            None => value.split([' ', '>']).next(),
        }
    })
}
