//! What is kept, and what it outlives: the store by itself, in folders of its own, and the gate in front of it.

mod at_rest;
mod conformance;
mod copies;
mod damaged_rows;
mod faults;
mod guards;
mod held_look;
mod kept;
mod latency;
mod leases;
mod lines;
mod retention;
mod run_budget;
mod scopes;
mod server;
mod server_commits;
mod server_ends;
mod server_indexes;
mod server_role;
mod sessions;
mod single_flight;
mod support;
