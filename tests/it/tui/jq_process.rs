//! The process beside the explorer that runs jq programs: it is there while it is wanted, and gone with whatever ran in
//! it after that, however that comes.

use std::fs;

use rstest::rstest;

use super::gateway::Gateway;
use super::jq::{in_filter, type_program};
use super::pty::{ENTER, ESC, Session, english, wait_until};

const ENDLESS: &str = "def f: f; f";
/// One that gives something all the time, and all of it is too much.
const ENDLESS_LIST: &str = "[repeat(1)]";
const KILL_LINE: &str = "\x15";

/// Whether a process of this number runs programs.
fn runs_programs(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.contains("filter-worker"))
}

fn parent(pid: u32) -> Option<u32> {
    let message = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    message.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// The processes of this session that run programs.
fn workers(session: &Session) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap();
    let pids = processes.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    pids.filter(|pid| parent(*pid) == Some(session.pid()) && runs_programs(*pid)).collect()
}

fn only_worker(session: &Session) -> u32 {
    wait_until("one process for programs", || match workers(session).as_slice() {
        [worker] => Some(*worker),
        _ => None,
    })
}

fn wait_gone(pid: u32) {
    wait_until("the end of the process for programs", || (!runs_programs(pid)).then_some(()));
}

/// A session in which such a program runs, and the process that runs it.
fn running(gateway: &Gateway, program: &str) -> (Session, u32) {
    let mut session = in_filter(gateway);
    type_program(&mut session, program);
    session.wait_for(english().jq_running());
    let worker = only_worker(&session);
    (session, worker)
}

#[test]
fn it_is_there_before_there_is_a_program_and_gone_after_escape() {
    let gateway = Gateway::start();
    let mut session = in_filter(&gateway);
    let worker = only_worker(&session);
    session.press(ESC);
    wait_gone(worker);
    assert!(session.lives() && workers(&session).is_empty());
}

#[rstest]
#[case(ENDLESS)]
#[case(ENDLESS_LIST)]
fn escape_ends_it_with_the_program_that_runs(#[case] program: &str) {
    let gateway = Gateway::start();
    let (mut session, worker) = running(&gateway, program);
    session.press(ESC);
    wait_gone(worker);
    session.wait_for(english().view_headers());
    assert!(workers(&session).is_empty());
}

#[test]
fn it_stays_with_a_program_that_was_kept_until_that_is_cleared() {
    let gateway = Gateway::start();
    let mut session = in_filter(&gateway);
    type_program(&mut session, ".error_code");
    session.wait_for(&format!("| .error_code {}", english().jq_one_output()));
    let worker = only_worker(&session);
    session.press(ENTER);
    session.wait_without(english().hint_jq_keep());
    session.press("|");
    session.wait_for(english().hint_jq_keep());
    assert_eq!(only_worker(&session), worker);
    session.press_all(&[ENTER, ESC]);
    wait_gone(worker);
}

#[rstest]
#[case(ENDLESS)]
#[case(ENDLESS_LIST)]
fn quitting_ends_it_with_the_program_that_runs(#[case] program: &str) {
    let gateway = Gateway::start();
    let (mut session, worker) = running(&gateway, program);
    assert_eq!(session.quit(), 0);
    wait_gone(worker);
}

#[rstest]
#[case(ENDLESS)]
#[case(ENDLESS_LIST)]
fn a_killed_explorer_takes_it_along_with_the_program_that_runs(#[case] program: &str) {
    let gateway = Gateway::start();
    let (mut session, worker) = running(&gateway, program);
    session.kill();
    wait_gone(worker);
}

#[test]
fn one_in_which_a_program_goes_on_unwanted_is_replaced_and_the_next_one_runs_at_once() {
    let gateway = Gateway::start();
    let (mut session, worker) = running(&gateway, ENDLESS);
    type_program(&mut session, ".error_code");
    session.wait_for(&format!("| .error_code {}", english().jq_one_output()));
    wait_gone(worker);
    only_worker(&session);
    type_program(&mut session, ".item.num_iid");
    session.wait_for(&format!("| .item.num_iid {}", english().jq_one_output()));
}

#[test]
fn a_program_whose_line_was_emptied_does_not_go_on() {
    let gateway = Gateway::start();
    let (mut session, worker) = running(&gateway, ENDLESS);
    session.press(KILL_LINE);
    wait_gone(worker);
    only_worker(&session);
}
