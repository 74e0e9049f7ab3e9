//! Filtering and sorting, without a table on a screen.

use crossterm::event::KeyCode;

use super::*;
use crate::message::Job;
use crate::ui::filter::{ColumnKind, FilterColumn};
use crate::ui::rows::SortKey;

/// So many rows, each of which is its number.
struct Numbers(usize);

impl TableRows for Numbers {
    fn count(&self) -> usize {
        self.0
    }

    fn text(&self, row: usize) -> String {
        row.to_string()
    }

    fn cell(&self, row: usize, _column: usize) -> String {
        row.to_string()
    }

    fn sort_key(&self, row: usize, _column: usize) -> SortKey {
        SortKey::from_text(&row.to_string())
    }
}

#[derive(Default)]
struct TestTable {
    query: TableQuery,
    scroll: Scroll,
    generation: u64,
}

impl TestTable {
    /// Of so many rows.
    fn arrange(&mut self, rows: usize) -> Option<Job> {
        let whole = (self.generation, rows);
        let due = self.query.arrange(whole, &mut self.scroll, || Numbers(rows));
        assert!(due.len() < 2, "{due:?}");
        let Effect::Job(job) = due.into_iter().next()? else { panic!() };
        Some(job)
    }

    fn type_text(&mut self, text: &str) {
        text.chars().for_each(|letter| self.query.type_key(KeyCode::Char(letter).into()));
    }

    fn in_sight(&self) -> Vec<usize> {
        (0..self.query.rows.count()).filter_map(|place| self.query.rows.at(place)).take(3).collect()
    }
}

const LARGE: usize = AT_ONCE + 1;

#[test]
fn a_small_table_is_filtered_at_once_and_a_large_one_by_a_job() {
    let mut small = TestTable::default();
    small.type_text("99");
    assert_eq!((small.arrange(AT_ONCE), small.in_sight()), (None, vec![99, 199, 299]));
    let mut large = TestTable::default();
    large.type_text("99");
    let job = large.arrange(LARGE).unwrap();
    assert_eq!((large.in_sight(), large.query.arranged()), (vec![0, 1, 2], None));
    large.query.on_job(&job.run().unwrap());
    assert_eq!((large.arrange(LARGE), large.in_sight()), (None, vec![99, 199, 299]));
    assert_eq!(large.query.arranged().unwrap().len(), small.query.arranged().unwrap().len());
}

#[test]
fn until_a_job_is_done_what_was_in_sight_stays_and_so_does_the_cursor_on_its_row() {
    let mut table = TestTable::default();
    table.type_text("9");
    let job = table.arrange(LARGE).unwrap();
    table.query.on_job(&job.run().unwrap());
    let _ = table.arrange(LARGE); // takes the rows over
    table.scroll.at = 10;
    assert_eq!(table.query.rows().at(10), Some(91));
    table.type_text("1");
    let job = table.arrange(LARGE).unwrap();
    assert_eq!((table.in_sight(), table.arrange(LARGE)), (vec![9, 19, 29], None));
    table.query.on_job(&job.run().unwrap());
    let _ = table.arrange(LARGE); // takes the rows over
    assert_eq!((table.in_sight(), table.scroll.at), (vec![91, 191, 291], 0));
}

#[test]
fn a_further_letter_cancels_the_job_of_the_one_before() {
    let mut table = TestTable::default();
    table.type_text("9");
    let first = table.arrange(LARGE).unwrap();
    let finished = first.run().unwrap();
    table.type_text("9");
    let second = table.arrange(LARGE).unwrap();
    assert!(first.run().is_none(), "it goes on for nobody");
    table.query.on_job(&finished);
    assert_eq!((table.arrange(LARGE), table.in_sight()), (None, vec![0, 1, 2]));
    table.query.on_job(&second.run().unwrap());
    assert_eq!((table.arrange(LARGE), table.in_sight()), (None, vec![99, 199, 299]));
}

#[test]
fn what_was_wanted_of_one_table_never_comes_into_the_next() {
    let mut table = TestTable::default();
    table.type_text("9");
    let finished = table.arrange(LARGE).unwrap().run().unwrap();
    table.query.on_job(&finished);
    table.generation += 1;
    let job = table.arrange(LARGE + 1).unwrap();
    assert_eq!(table.in_sight(), [0, 1, 2]);
    table.query.escape();
    assert_eq!((table.arrange(LARGE + 1), table.in_sight()), (None, vec![0, 1, 2]));
    assert!(job.run().is_none(), "without a filter there is nothing to be done");
}

#[test]
fn a_table_whose_job_failed_is_not_called_filtered() {
    let mut table = TestTable::default();
    table.type_text("9");
    let job = table.arrange(LARGE).unwrap();
    table.query.on_job(&job.failed());
    assert_eq!((table.arrange(LARGE), table.query.arranged()), (None, None));
    let position = table.query.position(table.scroll, LARGE, Texts::new(obx_core::i18n::Language::En));
    assert!(position.ends_with("not filtered"), "{position}");
    table.type_text("9");
    assert!(table.arrange(LARGE).is_some(), "the next letter is a new start");
}

/// One column of texts.
fn number_column() -> FilterColumns {
    let column = FilterColumn {
        name: "number".to_owned(),
        aliases: Vec::new(),
        kind: ColumnKind::Text,
        values: Vec::new(),
    };
    FilterColumns { columns: vec![column], unnamed: None }
}

#[test]
fn values_of_a_large_table_are_collected_by_a_job_once_they_are_asked_for() {
    let mut table = TestTable::default();
    let _ = table.query.act(Action::Filter, 0);
    table.query.set_columns(number_column());
    assert_eq!(table.arrange(LARGE), None);
    table.type_text("numb");
    let _ = table.arrange(LARGE); // looks for the text, which begins no value
    assert_eq!(table.query.completions(), "number");
    table.type_text("er:");
    let whole = (table.generation, LARGE);
    let due = table.query.arrange(whole, &mut table.scroll, || Numbers(LARGE));
    let jobs: Vec<Job> =
        due.into_iter().map(|due| if let Effect::Job(job) = due { job } else { panic!() }).collect();
    assert_eq!(table.query.completions(), "", "until it is done");
    for job in &jobs {
        table.query.on_job(&job.run().unwrap());
    }
    assert!(table.query.completions().starts_with("0  1  2  3"), "{}", table.query.completions());
    table.type_text("12");
    let _ = table.query.act(Action::NextPane, 0);
    assert_eq!(table.query.input.text(), "number:120");
    let _ = table.query.act(Action::PreviousPane, 0);
    let _ = table.query.act(Action::NextPane, 0);
    let _ = table.query.act(Action::NextPane, 0);
    assert_eq!(table.query.input.text(), "number:121");
}

#[test]
fn values_of_another_table_are_not_offered() {
    let mut table = TestTable::default();
    let _ = table.query.act(Action::Filter, 0);
    table.query.set_columns(number_column());
    table.type_text("number:");
    let _ = table.arrange(3);
    assert_eq!(table.query.completions(), "0  1  2");
    table.generation = 1;
    let _ = table.arrange(2);
    assert_eq!(table.query.completions(), "0  1");
}
