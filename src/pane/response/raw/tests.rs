use super::*;
use crate::message::Job;

const AREA: Rect = Rect { x: 0, y: 0, width: 80, height: 20 };

/// Lays a text out without a search, which needs this job.
fn lay_out(raw: &mut Raw) -> Option<Job> {
    let Effect::Job(job) = raw.layout(AREA, None).pop()? else { panic!() };
    Some(job)
}

fn first_rows(raw: &Raw) -> Vec<&str> {
    let rows = raw.broken.rows.rows(raw.shown(), 0..2);
    rows.into_iter().map(|row| std::str::from_utf8(&raw.shown()[row]).unwrap()).collect()
}

#[test]
fn a_large_text_is_shown_as_before_until_it_is_formatted_and_its_old_rows_never_come_into_it() {
    let mut raw = Raw::new(format!("[{}1]", "1,".repeat(AT_ONCE)).into(), true);
    let rows = lay_out(&mut raw).unwrap();
    let old_rows = rows.run().unwrap();
    assert!(raw.turn_pretty());
    let format = lay_out(&mut raw).unwrap();
    assert!(raw.is_formatting() && first_rows(&raw)[0].starts_with("[1,1,"));
    raw.on_job(&format.run().unwrap());
    assert!(rows.run().is_none(), "nobody waits for it");
    raw.on_job(&old_rows);
    let _ = lay_out(&mut raw); // the rest of the rows
    assert_eq!((raw.is_formatting(), first_rows(&raw)), (false, vec!["[", "  1,"]));
}

#[test]
fn turning_a_form_off_again_cancels_the_formatting() {
    let mut raw = Raw::new(format!("[{}1]", "1,".repeat(AT_ONCE)).into(), true);
    let _ = lay_out(&mut raw); // the rest of the rows
    assert!(raw.turn_pretty());
    let format = lay_out(&mut raw).unwrap();
    assert!(raw.turn_pretty());
    let _ = lay_out(&mut raw); // the rest of the rows
    assert!(format.run().is_none() && !raw.is_formatting());
    assert!(first_rows(&raw)[0].starts_with("[1,1,"));
}

#[test]
fn a_large_text_is_searched_by_a_job_and_a_further_letter_cancels_it() {
    let text = format!("{}needle\n{}needle\n", "x\n".repeat(AT_ONCE), "y\n".repeat(30));
    let mut raw = Raw::new(text.into(), false);
    let rows = lay_out(&mut raw).unwrap();
    raw.on_job(&rows.run().unwrap());
    let find = |raw: &mut Raw, text: &str| {
        let due = raw.layout(AREA, Pattern::read(text).unwrap().as_ref()).pop();
        let Some(Effect::Job(job)) = due else { panic!("{text} was found at once") };
        job
    };
    let first = find(&mut raw, "needl");
    let second = find(&mut raw, "needle");
    assert!(first.run().is_none() && raw.search() == TextSearch::Searching);
    raw.on_job(&second.run().unwrap());
    assert_eq!(raw.search(), TextSearch::Hits { count: 2, at: None });
    let mut tops = Vec::new();
    for forward in [true, true, true, false, false] {
        raw.step(forward);
        tops.push(raw.scroll.top);
    }
    let (upper, lower) = (AT_ONCE, AT_ONCE + 31);
    assert_eq!(tops, [upper, lower, upper, lower, upper]);
}
