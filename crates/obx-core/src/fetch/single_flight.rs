//! Single flight: of calls for the same question, one is sent, and all get its answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::Fetched;
use onebound::Question;

type Flights = Arc<Mutex<HashMap<Question, watch::Receiver<Option<Fetched>>>>>;

/// Knows which questions are under way, each with the gateway that is asked.
#[derive(Debug, Default)]
pub(super) struct Gate {
    flights: Flights,
}

/// What the gate says to a call.
pub(super) enum Entry {
    /// Nobody asks this: go on, and leave by the pass.
    First(Pass),
    /// Somebody does.
    UnderWay(Waiting),
}

/// The right to send. Dropped without an answer, as by a panic, it lets the next one in.
pub(super) struct Pass {
    flights: Flights,
    question: Question,
    answer: watch::Sender<Option<Fetched>>,
}

/// A place beside a call under way.
pub(super) struct Waiting(watch::Receiver<Option<Fetched>>);

impl Gate {
    pub(super) fn enter(&self, question: &Question) -> Entry {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(question) {
            return Entry::UnderWay(Waiting(flight.clone()));
        }
        let (answer, flight) = watch::channel(None);
        flights.insert(question.clone(), flight);
        Entry::First(Pass { flights: Arc::clone(&self.flights), question: question.clone(), answer })
    }
}

impl Pass {
    /// What is asked.
    pub(super) fn question(&self) -> &Question {
        &self.question
    }

    pub(super) fn leave(self, fetched: Fetched) {
        self.answer.send_replace(Some(fetched));
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.remove(&self.question);
    }
}

impl Waiting {
    /// The other call's answer; `None` when it went away without one.
    pub(super) async fn answer(mut self) -> Option<Fetched> {
        self.0.wait_for(Option::is_some).await.ok().and_then(|fetched| fetched.clone())
    }
}
