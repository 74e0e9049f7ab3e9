//! Checks what a store holds, row by row: that bodies can be read, and that rows and bodies belong together.

use std::collections::HashSet;

use super::{CallState, ExchangeId, StoreError, StoreRows, StoredBody, StoredCall};

/// Rows that are checked at once, with their bodies.
const PAGE: usize = 200;

/// What a check found in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingKind {
    /// A column has a value that obx can't have written.
    DamagedRow,
    /// The body can't be unpacked or read, or its call is another one's.
    DamagedBody,
    /// The row says that there was an answer, and it has no body.
    NoBody,
    /// It shows an answer that is not there.
    LostAnswer,
    /// A body whose row is missing.
    NoRow,
    /// It was sent, and its session ended before the answer: whether it was billed is not known.
    InDoubt,
    /// The same, and its lease has ended: nobody waits for it any longer, and nobody has marked it.
    EndedLease,
}

/// A row, and what is the matter with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckFinding {
    pub id: ExchangeId,
    pub kind: FindingKind,
    /// The engine's words; empty if there are none.
    pub detail: String,
}

impl FindingKind {
    /// Returns true if something that was stored is lost. A call in doubt is none: it is stored as what it is.
    pub fn is_damage(self) -> bool {
        !matches!(self, Self::InDoubt | Self::EndedLease)
    }

    /// Its name in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DamagedRow => "damaged_row",
            Self::DamagedBody => "damaged_body",
            Self::NoBody => "no_body",
            Self::LostAnswer => "lost_answer",
            Self::NoRow => "no_row",
            Self::InDoubt => "in_doubt",
            Self::EndedLease => "ended_lease",
        }
    }
}

/// Checks all rows and bodies; passes each finding to `report`, and the number of rows that are done to `progress`. Returns
/// the number of rows.
///
/// # Errors
/// If the store can't be read.
pub async fn check<E: From<StoreError>>(
    store: &dyn StoreRows,
    progress: &(dyn Fn(usize) + Sync),
    mut report: impl FnMut(CheckFinding) -> Result<(), E>,
) -> Result<usize, E> {
    let (mut after, mut rows, mut with_body) = (0, 0, HashSet::new());
    let without_row = |id| CheckFinding { id, kind: FindingKind::NoRow, detail: String::new() };
    store.bodies_without_rows().await?.into_iter().map(without_row).try_for_each(&mut report)?;
    loop {
        let page = store.calls_after(ExchangeId(after), PAGE).await?;
        let last = page.rows.iter().map(|call| call.id).chain(page.damaged.iter().map(|id| id.0)).max();
        let Some(last) = last else { return Ok(rows) };
        after = last;
        rows += page.rows.len() + page.damaged.len();
        with_body.extend(page.rows.iter().filter(|call| call.has_body).map(|call| call.id));
        // A damaged row's body is not looked at.
        with_body.extend(page.damaged.iter().map(|id| id.0));
        let damaged = |id| CheckFinding { id, kind: FindingKind::DamagedRow, detail: String::new() };
        page.damaged.into_iter().map(damaged).try_for_each(&mut report)?;
        let ids = page.rows.iter().filter(|call| call.has_body).map(|call| ExchangeId(call.id)).collect();
        let (calls, mut bodies) = (page.rows, store.bodies(ids).await?);
        let checked = tokio::task::spawn_blocking(move || {
            let body = |call: StoredCall| {
                let body = bodies.remove(&call.id);
                let finding = finding(&call, body.as_ref());
                (call, finding)
            };
            calls.into_iter().map(body).collect::<Vec<_>>()
        });
        for (call, finding) in checked.await.map_err(|error| StoreError::broken(&error))? {
            let has_lost_answer = call.reuses.is_some_and(|shown| !with_body.contains(&shown));
            let missing = has_lost_answer.then_some((FindingKind::LostAnswer, String::new()));
            if let Some((kind, detail)) = finding.or(missing) {
                report(CheckFinding { id: ExchangeId(call.id), kind, detail })?;
            }
        }
        progress(rows);
    }
}

fn finding(call: &StoredCall, body: Option<&StoredBody>) -> Option<(FindingKind, String)> {
    if call.state == CallState::UnderWay || call.reuses.is_some() {
        return None;
    }
    let Some(body) = body else {
        return if call.is_in_doubt() {
            let is_lease_over = call.state == CallState::Abandoned;
            let kind = if is_lease_over { FindingKind::EndedLease } else { FindingKind::InDoubt };
            Some((kind, String::new()))
        } else {
            let has_answer = call.answers > 0 || call.size > 0;
            has_answer.then_some((FindingKind::NoBody, String::new()))
        };
    };
    if !body.is_as_written() {
        return Some((FindingKind::DamagedBody, "SHA-256".to_owned()));
    }
    match call.open(body) {
        Err(error) => Some((FindingKind::DamagedBody, error.detail)),
        Ok(exchange) if exchange.question().as_str() != call.question => {
            Some((FindingKind::DamagedBody, String::new()))
        }
        Ok(_) => None,
    }
}
