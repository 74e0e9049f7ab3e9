//! Single flight: of several calls for the same question one is sent, and all get its answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::Fetched;
use onebound::Question;

type Flights = Arc<Mutex<HashMap<Question, watch::Receiver<Option<Fetched>>>>>;

/// The questions under way, each with its gateway.
#[derive(Debug, Default)]
pub(super) struct SingleFlight {
    flights: Flights,
}

/// The role of a call among those for the same question.
pub(super) enum FlightRole {
    /// No other call asks this: this one is to be sent.
    Leader(Leader),
    /// Another call asks it already.
    Follower(Follower),
}

/// The right to send the call. If it is dropped without an answer, as by a panic, another call may be sent.
pub(super) struct Leader {
    flights: Flights,
    question: Question,
    answer: watch::Sender<Option<Fetched>>,
}

/// Waits for the answer of another call.
pub(super) struct Follower(watch::Receiver<Option<Fetched>>);

impl SingleFlight {
    pub(super) fn join(&self, question: &Question) -> FlightRole {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(question) {
            return FlightRole::Follower(Follower(flight.clone()));
        }
        let (answer, flight) = watch::channel(None);
        flights.insert(question.clone(), flight);
        FlightRole::Leader(Leader { flights: Arc::clone(&self.flights), question: question.clone(), answer })
    }
}

impl Leader {
    /// Returns the question of the call.
    pub(super) fn question(&self) -> &Question {
        &self.question
    }

    pub(super) fn complete(self, fetched: Fetched) {
        self.answer.send_replace(Some(fetched));
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.remove(&self.question);
    }
}

impl Follower {
    /// Waits for the other call's answer; `None` if it ended without one.
    pub(super) async fn answer(mut self) -> Option<Fetched> {
        self.0.wait_for(Option::is_some).await.ok().and_then(|fetched| fetched.clone())
    }
}
