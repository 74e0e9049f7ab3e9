//! The jq programs that were kept, in this session and before it.

use super::Model;
use crate::message::{Effect, StoreRequest};
use obx_core::store::MAX_PROGRAMS;

/// The newest last, none of them twice: those of other sessions, then this one's own.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    all: Vec<String>,
    /// How many of them, at the end, are this session's own.
    own: usize,
}

impl Programs {
    /// All of them, the newest last.
    pub fn all(&self) -> &[String] {
        &self.all
    }

    /// Puts one at the end.
    pub(super) fn keep(&mut self, program: String) {
        let own = self.own();
        self.own = own.iter().filter(|kept| **kept != program).count() + 1;
        self.all.retain(|kept| *kept != program);
        self.all.push(program);
        self.bound();
    }

    /// What the store has. This session's own stay as they were typed, and at the end: in the store, secrets in them
    /// are masked.
    pub(super) fn learn(&mut self, mut kept: Vec<String>) {
        let own = self.own().to_vec();
        kept.retain(|kept| !own.contains(kept));
        self.all = kept;
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
    /// Remembers a jq program, in this session and for the next.
    pub fn keep_program(&mut self, program: String) -> Effect {
        self.programs.keep(program.clone());
        Effect::Store(StoreRequest::KeepProgram(program))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(programs: &[&str]) -> Vec<String> {
        programs.iter().map(|program| (*program).to_owned()).collect()
    }

    #[test]
    fn what_this_session_kept_stays_behind_what_the_store_tells() {
        let mut programs = Programs::default();
        programs.keep(".a".to_owned());
        programs.keep(".b".to_owned());
        programs.keep(".a".to_owned());
        assert_eq!(programs.all(), [".b", ".a"]);
        programs.learn(kept(&[".old", ".b", ".a", ".others"]));
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
        programs.learn(kept(&["others"]));
        assert!(!programs.all().contains(&"others".to_owned()));
    }
}
