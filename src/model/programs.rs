//! The saved jq programs of this session and earlier ones.

use super::Model;
use crate::message::{Effect, StoreRequest};
use obx_core::store::MAX_PROGRAMS;

/// Programs without duplicates, newest last: first those of other sessions, then this session's own.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    all: Vec<String>,
    /// How many at the end are this session's own.
    own: usize,
}

impl Programs {
    /// All programs, newest last.
    pub fn all(&self) -> &[String] {
        &self.all
    }

    /// Adds a program at the end.
    pub(super) fn keep(&mut self, program: String) {
        let own = self.own();
        self.own = own.iter().filter(|saved| **saved != program).count() + 1;
        self.all.retain(|saved| *saved != program);
        self.all.push(program);
        self.bound();
    }

    /// Takes in the programs of the store. This session's own stay at the end, as they were typed, because the store
    /// masks secrets in them.
    pub(super) fn learn(&mut self, mut saved: Vec<String>) {
        let own = self.own().to_vec();
        saved.retain(|saved| !own.contains(saved));
        self.all = saved;
        self.all.extend(own);
        self.bound();
    }

    fn own(&self) -> &[String] {
        self.all.get(self.all.len() - self.own..).unwrap_or_default()
    }

    fn bound(&mut self) {
        drop(self.all.drain(..self.all.len().saturating_sub(MAX_PROGRAMS)));
        self.own = self.own.min(self.all.len());
    }
}

impl Model {
    /// Saves a jq program, for this session and later ones.
    pub fn keep_program(&mut self, program: String) -> Effect {
        self.programs.keep(program.clone());
        Effect::Store(StoreRequest::KeepProgram(program))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(programs: &[&str]) -> Vec<String> {
        programs.iter().map(|program| (*program).to_owned()).collect()
    }

    #[test]
    fn what_this_session_kept_stays_behind_what_the_store_tells() {
        let mut programs = Programs::default();
        programs.keep(".a".to_owned());
        programs.keep(".b".to_owned());
        programs.keep(".a".to_owned());
        assert_eq!(programs.all(), [".b", ".a"]);
        programs.learn(saved(&[".old", ".b", ".a", ".others"]));
        assert_eq!(programs.all(), [".old", ".others", ".b", ".a"]);
        programs.keep(".old".to_owned());
        assert_eq!(programs.all(), [".others", ".b", ".a", ".old"]);
        programs.learn(Vec::new());
        assert_eq!(programs.all(), [".b", ".a", ".old"]);
    }

    #[test]
    fn the_oldest_are_let_go_of() {
        let mut programs = Programs::default();
        programs.learn((0..150).map(|at| at.to_string()).collect());
        programs.keep("own".to_owned());
        assert_eq!(programs.all().len(), MAX_PROGRAMS);
        assert_eq!(programs.all().first().map(String::as_str), Some("51"));
        (0..150).for_each(|at| programs.keep(format!(".{at}")));
        assert_eq!(programs.all().len(), MAX_PROGRAMS);
        programs.learn(saved(&["others"]));
        assert!(!programs.all().contains(&"others".to_owned()));
    }
}
