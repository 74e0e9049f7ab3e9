//! Not a part of anything: a file of `pane` that breaks the rules, for the test that sees it do so.

use std::{
    fs,
    io::{self, Read},
    net::{self as sockets},
};

use crate::{
    message::{Action, Effect},
    cli as shell,
    tui::{self, effects::{File, Effects}},
};
use crate::{keymap::{self as keys}, app::App};
use super::super::ui;
use super::card::Card; // its own

pub(crate) use {crate::model::Model, crate::model::Session};

fn run() {
    crate::ui::run(tokio::task::spawn(async {}));
}

fn one() -> Effect {}

fn several(&mut self) -> Vec<Effect> {}

pub fn perhaps(
    &mut self,
) -> (Self, Option<Effect>) {
}

#[must_use]
/// Has a reason.
fn used() -> Vec<Effect> {}

impl Pane for Broken {
    fn act(&mut self) -> Vec<Effect> {}
}
