//! What a filter lets through, row after row, and the rows' texts in which it looks.

use super::{Budget, Filter, cost, number};

/// The lower-case texts of the first rows, as far as a filter had to look; in one piece, so that 200,000 of them
/// are let go at once.
#[derive(Debug, Default)]
pub(super) struct RowTexts {
    all: String,
    ends: Vec<usize>,
}

/// Which rows the filter has let through so far.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    pub(super) filter: Filter,
    /// In the order in which they came.
    pub(super) passed: Vec<u32>,
    /// Rows that a wider filter let through before: they are judged first, and others before `next` never.
    wider: Vec<u32>,
    judged: usize,
    next: usize,
}

impl RowTexts {
    fn has(&self, row: usize) -> bool {
        row < self.ends.len()
    }

    fn push(&mut self, text: &str) {
        self.all.push_str(&text.to_lowercase());
        self.ends.push(self.all.len());
    }

    fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(row).copied().unwrap_or_default();
        self.all.get(start..end).unwrap_or_default()
    }
}

impl Sieve {
    /// Goes on with another filter; from the start, unless it only narrows the one before.
    pub(super) fn turn_to(&mut self, filter: &Filter) {
        let mut wider = Vec::new();
        if !self.filter.is_empty() && filter.narrows(&self.filter) {
            wider = std::mem::take(&mut self.passed);
            wider.extend(self.wider.get(self.judged..).unwrap_or_default());
        } else {
            self.next = 0;
        }
        self.passed.clear();
        (self.filter, self.wider, self.judged) = (filter.clone(), wider, 0);
    }

    /// Says whether every row of `total` was judged.
    pub(super) fn step(
        &mut self,
        total: usize,
        texts: &mut RowTexts,
        effort: &mut Budget,
        text: impl Fn(usize) -> String,
    ) -> bool {
        if self.filter.is_empty() {
            (self.passed, self.next) = ((0..number(total)).collect(), total);
            return true;
        }
        while let Some(&row) = self.wider.get(self.judged) {
            if !effort.spend(cost::JUDGE) {
                return false;
            }
            self.judge(row, texts);
            self.judged += 1;
        }
        while self.next < total {
            let known = texts.has(self.next);
            if !effort.spend(if known { cost::JUDGE } else { cost::READ_TEXT }) {
                return false;
            }
            if !known {
                texts.push(&text(self.next));
            }
            self.judge(number(self.next), texts);
            self.next += 1;
        }
        true
    }

    fn judge(&mut self, row: u32, texts: &RowTexts) {
        if self.filter.lets_through(texts.get(row as usize)) {
            self.passed.push(row);
        }
    }
}
