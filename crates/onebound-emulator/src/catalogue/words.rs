//! The words of `assets/words.txt`, by trade.

use std::sync::LazyLock;

use crate::seeded_rng::SeededRng;

const TEXT: &str = include_str!("../../assets/words.txt");

static SECTIONS: LazyLock<Vec<WordSection>> = LazyLock::new(|| parse(TEXT));

/// A name and what it can be.
pub(super) type WordList = (&'static str, Vec<&'static str>);

/// A trade, or the words that serve all trades.
#[derive(Default)]
pub(super) struct WordSection {
    /// `服装`, or `common`.
    pub(super) name: &'static str,
    fields: Vec<WordList>,
    /// The axes of the SKUs.
    pub(super) axes: Vec<WordList>,
    /// Lines of the props list.
    pub(super) props: Vec<WordList>,
}

impl WordSection {
    /// The words of a field; empty for one that the section does not have.
    pub(super) fn words(&self, field: &str) -> &[&'static str] {
        self.fields.iter().find(|(name, _)| *name == field).map_or(&[], |(_, words)| words)
    }

    /// A word of a field; empty for a field that the section does not have.
    pub(super) fn word(&self, field: &str, rng: &mut SeededRng) -> &'static str {
        match self.words(field) {
            [] => "",
            words => rng.pick::<&str>(words),
        }
    }

    /// The price span of the trade in fen (hundredths of a yuan).
    pub(super) fn price_span(&self) -> (u64, u64) {
        let bound = |position| self.words("price").get(position).and_then(|word: &&str| word.parse().ok());
        (bound(0).unwrap_or(100), bound(1).unwrap_or(10_000))
    }
}

/// The words that serve all trades.
pub(super) fn common() -> &'static WordSection {
    &SECTIONS[0]
}

/// The trades.
pub(super) fn trades() -> &'static [WordSection] {
    &SECTIONS[1..]
}

fn parse(text: &'static str) -> Vec<WordSection> {
    let mut sections: Vec<WordSection> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push(WordSection { name, ..WordSection::default() });
        } else if let (Some(section), Some((name, words))) = (sections.last_mut(), line.split_once(": ")) {
            let words = words.split('|').collect();
            match name.split_once(' ') {
                Some(("axis", name)) => section.axes.push((name, words)),
                Some(("prop", name)) => section.props.push((name, words)),
                _ => section.fields.push((name, words)),
            }
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trade_has_all_it_needs() {
        assert!(trades().len() >= 8);
        for trade in trades() {
            for field in ["cid", "unit", "goods", "mark"] {
                assert!(!trade.words(field).is_empty(), "{} has no {field}", trade.name);
            }
            let (low, high) = trade.price_span();
            assert!(low < high, "{}", trade.name);
            assert!(trade.axes.len() >= 2 && trade.props.len() >= 3, "{}", trade.name);
        }
        for field in ["hype", "tail", "audience", "brand", "company", "place"] {
            assert!(!common().words(field).is_empty(), "common has no {field}");
        }
    }

    #[test]
    fn no_axis_holds_a_sign_that_parts_the_gateways_fields() {
        for (name, values) in trades().iter().flat_map(|trade| &trade.axes) {
            for word in values.iter().chain([name]) {
                assert!(!word.contains([':', ';', ',', '|']), "{word}");
            }
        }
    }
}
