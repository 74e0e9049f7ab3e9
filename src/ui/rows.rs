//! Which rows of a table are in sight, and in what order: all of them, those that a filter lets through,
//! sorted by a column or as they came.

use std::cmp::Ordering;

/// A filter as it was typed: words that must all be in a row, in any case. `!` before it all inverts it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    words: Vec<String>,
    inverted: bool,
}

/// By which column, and whether from the last to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Its number.
    pub column: usize,
    /// From the greatest to the least.
    pub reversed: bool,
}

/// What a cell is sorted by. Numbers come before texts, and what is not there comes last.
#[derive(Clone, Debug, PartialEq)]
pub enum SortKey {
    /// A number, be it written as a number or as a text.
    Number(f64),
    /// A text.
    Text(String),
    /// Absent, null or empty.
    Nothing,
}

/// The rows in sight, by their numbers in the whole.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    order: Vec<u32>,
    haystacks: Vec<String>,
}

impl Filter {
    /// Reads what was typed.
    pub fn read(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let (inverted, words) =
            text.strip_prefix(['!', '！']).map_or((false, text.as_str()), |rest| (true, rest));
        Self { words: words.split_whitespace().map(str::to_owned).collect(), inverted }
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a row with this lower-case text is let through.
    pub fn lets_through(&self, lower: &str) -> bool {
        self.is_empty() || (self.words.iter().all(|word| lower.contains(word.as_str())) != self.inverted)
    }
}

impl SortKey {
    /// The key of a cell's text.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        match text.parse() {
            Ok(number) if f64::is_finite(number) => Self::Number(number),
            _ if text.is_empty() => Self::Nothing,
            _ => Self::Text(text.to_lowercase()),
        }
    }

    fn order(&self, other: &Self, reversed: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            // What is not there stays last, whichever way the rest goes.
            (a, b) => return a.rank().cmp(&b.rank()),
        };
        if reversed { order.reverse() } else { order }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Nothing => 2,
        }
    }
}

impl Rows {
    /// Forgets the rows' texts: the table shows something else.
    pub fn forget(&mut self) {
        self.haystacks.clear();
    }

    /// Chooses and orders the rows. `text` gives all of a row's text, and is asked once a row, when a filter
    /// is first set; `key` gives what a row is sorted by.
    pub fn arrange(
        &mut self,
        total: usize,
        filter: &Filter,
        sort: Option<Sort>,
        text: impl Fn(usize) -> String,
        key: impl Fn(usize, usize) -> SortKey,
    ) {
        if !filter.is_empty() && self.haystacks.len() != total {
            self.haystacks = (0..total).map(|row| text(row).to_lowercase()).collect();
        }
        let let_through = |row: &usize| {
            filter.is_empty() || self.haystacks.get(*row).is_some_and(|text| filter.lets_through(text))
        };
        let rows = (0..total).filter(let_through);
        let Some(sort) = sort else {
            self.order = rows.map(number).collect();
            return;
        };
        let mut keyed: Vec<(SortKey, u32)> = rows.map(|row| (key(row, sort.column), number(row))).collect();
        keyed.sort_by(|a, b| a.0.order(&b.0, sort.reversed));
        self.order = keyed.into_iter().map(|(_, row)| row).collect();
    }

    /// How many are in sight.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// The number in the whole of the row at this place.
    pub fn at(&self, place: usize) -> Option<usize> {
        self.order.get(place).map(|&row| row as usize)
    }

    /// The place of the row with this number.
    pub fn place_of(&self, row: usize) -> Option<usize> {
        self.order.iter().position(|&number| number as usize == row)
    }
}

fn number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
