//! Which rows of a table are in sight, and in what order: all of them, those that a filter lets through,
//! sorted by a column or as they came.

mod filter;
mod merge;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use filter::{RowTexts, Sieve};
use merge::{Merge, Run};

use onebound::Field;

/// A filter as it was typed: words that must all be in a row, in any case, and for rows that lasted, `>2s` and
/// `<0.5s`. `!` before one of them inverts it: `蓝色 !xl`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    wanted: Wanted,
    inverted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    Word(String),
    Lasted(Duration),
}

/// `>2s` or `<0.5s`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Duration {
    longer: bool,
    milliseconds: u64,
}

/// What parts a row's text from its duration in milliseconds, for rows that have one.
const LASTED: char = '\u{1f}';

/// A row's text for a filter, of a row that lasted so many milliseconds.
pub fn text_that_lasted(text: &str, milliseconds: u128) -> String {
    format!("{text}{LASTED}{milliseconds}")
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

/// The rows in sight, by their numbers in the whole, and the work on those that are wanted instead.
///
/// ```text
///  forget ─▶ all rows, as they came          seek ─▶ Sieving ─▶ Reading keys ─▶ Merging ─▶ Standing
///                                                       └──────── unsorted ────────────────▲
/// ```
/// A large table takes longer than a key may wait, so the work goes on by steps. Until its end, what was in sight
/// stays there.
#[derive(Debug, Default)]
pub struct Rows {
    total: usize,
    order: Vec<u32>,
    texts: RowTexts,
    sieve: Sieve,
    sort: Option<Sort>,
    stage: Stage,
}

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Standing,
    Sieving,
    /// The keys of the rows let through, each step's in an order of their own.
    Reading {
        next: usize,
        runs: Vec<Run>,
    },
    Merging(Merge),
}

/// What a step may still do.
#[derive(Debug)]
struct Budget(usize);

impl Budget {
    /// The last thing done may cost more than is left, so that every step gets on.
    fn spend(&mut self, cost: usize) -> bool {
        let enough = self.0 > 0;
        self.0 = self.0.saturating_sub(cost);
        enough
    }
}

/// What is done to a row, in the time that it takes to look for a word in one.
mod cost {
    pub(super) const JUDGE: usize = 1;
    pub(super) const MERGE: usize = 4;
    pub(super) const READ_KEY: usize = 8;
    pub(super) const READ_TEXT: usize = 16;
}

impl Filter {
    /// Parses what was typed.
    pub fn parse(text: &str) -> Self {
        let (mut terms, mut inverted) = (Vec::new(), false);
        for word in text.to_lowercase().split_whitespace() {
            let rest = word.strip_prefix(['!', '！']);
            inverted |= rest.is_some();
            // A `!` that stands alone is for the word to come.
            let Some(wanted) = rest.or(Some(word)).filter(|word| !word.is_empty()).map(Wanted::parse) else {
                continue;
            };
            terms.push(Term { wanted, inverted: std::mem::take(&mut inverted) });
        }
        Self { terms }
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it lets through none but rows that `wider` lets through.
    fn narrows(&self, wider: &Self) -> bool {
        wider.terms.iter().all(|wide| self.terms.iter().any(|narrow| narrow.implies(wide)))
    }

    /// Whether a row with this lower-case text is let through.
    pub fn lets_through(&self, lower: &str) -> bool {
        let (text, lasted) = lower.split_once(LASTED).unwrap_or((lower, ""));
        self.terms.iter().all(|term| term.lets_through(text, lasted))
    }
}

impl Term {
    fn lets_through(&self, text: &str, lasted: &str) -> bool {
        let has = match &self.wanted {
            Wanted::Word(word) => text.contains(word.as_str()),
            Wanted::Lasted(duration) => duration.lets_through(lasted),
        };
        has != self.inverted
    }

    /// Whether no row that has this lacks the other. Whoever has all of a longer word has all of a shorter one.
    fn implies(&self, other: &Self) -> bool {
        match (&self.wanted, &other.wanted) {
            _ if self.inverted != other.inverted => false,
            (Wanted::Word(own), Wanted::Word(other)) if self.inverted => other.contains(own.as_str()),
            (Wanted::Word(own), Wanted::Word(other)) => own.contains(other.as_str()),
            (own, other) => own == other,
        }
    }
}

impl Wanted {
    fn parse(word: &str) -> Self {
        Duration::parse(word).map_or_else(|| Self::Word(word.to_owned()), Self::Lasted)
    }
}

impl Duration {
    fn parse(word: &str) -> Option<Self> {
        let (longer, seconds) = word.strip_prefix('>').map(|rest| (true, rest)).or_else(|| {
            let shorter = word.strip_prefix('<')?;
            Some((false, shorter))
        })?;
        let (whole, part) =
            seconds.strip_suffix('s')?.split_once('.').unwrap_or((seconds.strip_suffix('s')?, "0"));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let thousandths: u64 = format!("{part:0<3}").get(..3)?.parse().ok().filter(|_| digits(part))?;
        let milliseconds = whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(thousandths)?;
        Some(Self { longer, milliseconds })
    }

    fn lets_through(self, milliseconds: &str) -> bool {
        let lasted = milliseconds.parse::<u64>().ok();
        lasted.is_some_and(
            |lasted| {
                if self.longer { lasted > self.milliseconds } else { lasted < self.milliseconds }
            },
        )
    }
}

impl SortKey {
    /// The key of a cell's text.
    pub fn from_text(text: &str) -> Self {
        let text = text.trim();
        match text.parse() {
            Ok(number) if f64::is_finite(number) => Self::Number(number),
            _ if text.is_empty() => Self::Nothing,
            _ => Self::Text(text.to_lowercase()),
        }
    }

    /// The key of a price or a count: `1,299.00` is a number, and a range goes by its lower end.
    pub fn from_amount(field: &Field<'_>) -> Self {
        match Self::from_text(field.text().unwrap_or_default()) {
            // Nearly all are plain numbers, which are read sooner.
            Self::Text(text) => {
                field.price().map_or(Self::Text(text), |price| Self::Number(price.low().to_f64()))
            }
            plain => plain,
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
    /// The table shows something else: so many rows, all in sight as they came.
    pub fn forget(&mut self, total: usize) {
        *self = Self { total, order: (0..number(total)).collect(), ..Self::default() };
    }

    /// Says which rows are wanted, and in what order; [`Rows::step`] brings them.
    pub fn seek(&mut self, filter: &Filter, sort: Option<Sort>) {
        if *filter != self.sieve.filter {
            self.sieve.turn_to(filter);
        }
        self.sort = sort;
        self.stage = Stage::Sieving;
        if filter.is_empty() && sort.is_none() {
            self.order = (0..number(self.total)).collect();
            self.stage = Stage::Standing;
        }
    }

    /// Does a piece of the work, as large as `effort` allows: a text costs 16, a sort key 8. `text` gives all of a
    /// row's text, and is asked once a row, when a filter is first set; `key` gives what a row is sorted by.
    pub fn step(
        &mut self,
        effort: usize,
        text: impl Fn(usize) -> String,
        key: impl Fn(usize, usize) -> SortKey,
    ) {
        let mut effort = Budget(effort);
        while effort.0 > 0 {
            self.stage = match std::mem::take(&mut self.stage) {
                Stage::Standing => return,
                Stage::Sieving => self.sieve(&mut effort, &text),
                Stage::Reading { next, runs } => self.read_keys(next, runs, &mut effort, &key),
                Stage::Merging(merge) => self.merge(merge, &mut effort),
            };
        }
    }

    /// Whether what is in sight is not yet what is wanted.
    pub fn is_working(&self) -> bool {
        !matches!(self.stage, Stage::Standing)
    }

    /// Whether it is the filter that is being worked on.
    pub fn is_filtering(&self) -> bool {
        matches!(self.stage, Stage::Sieving) && !self.sieve.filter.is_empty()
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

    fn sieve(&mut self, effort: &mut Budget, text: impl Fn(usize) -> String) -> Stage {
        if !self.sieve.step(self.total, &mut self.texts, effort, text) {
            return Stage::Sieving;
        }
        if self.sort.is_some() {
            return Stage::Reading { next: 0, runs: Vec::new() };
        }
        self.order.clone_from(&self.sieve.passed);
        Stage::Standing
    }

    fn read_keys(
        &self,
        mut next: usize,
        mut runs: Vec<Run>,
        effort: &mut Budget,
        key: impl Fn(usize, usize) -> SortKey,
    ) -> Stage {
        let Some(sort) = self.sort else { return Stage::Standing };
        let mut run = Run::new();
        while let Some(&row) = self.sieve.passed.get(next)
            && effort.spend(cost::READ_KEY)
        {
            run.push((key(row as usize, sort.column), row));
            next += 1;
        }
        run.sort_by(|a, b| a.0.order(&b.0, sort.reversed));
        runs.push(run);
        if next < self.sieve.passed.len() {
            return Stage::Reading { next, runs };
        }
        Stage::Merging(Merge::of(runs, sort.reversed))
    }

    fn merge(&mut self, mut merge: Merge, effort: &mut Budget) -> Stage {
        while effort.spend(cost::MERGE) {
            if !merge.take_next() {
                self.order = merge.order;
                return Stage::Standing;
            }
        }
        Stage::Merging(merge)
    }
}

fn number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
