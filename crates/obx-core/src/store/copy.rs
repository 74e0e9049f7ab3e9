//! Copies a store into another one, of whatever engine.
//!
//! ```text
//!  rows of TO ─▶ by content ◀─ rows of FROM, page by page ─▶ those that TO lacks, with their bodies ─▶ one transaction
//! ```
//! Rows are compared by their content, so that a copy that was cut off goes on where it was, and a second one adds nothing.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::{
    AddedAs, Annotation, Block, CallState, CopiedCall, ExchangeId, MAX_PROGRAMS, PersonProgram, StoreError,
    StoreRows, StoredCall, UnmatchedCalls,
};
use onebound::Scope;

/// Rows of a page: their bodies are not in it.
const PAGE: usize = 2_000;
/// Rows of a transaction.
const BATCH_ROWS: usize = 200;
/// Bytes of compressed bodies after which a transaction ends.
const BATCH_BYTES: usize = 8_000_000;

/// What a store has, or a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopyCounts {
    /// Calls that were sent.
    pub calls: usize,
    /// Of these, how many nobody learnt the outcome of.
    pub in_doubt: usize,
    /// Stored answers that were shown in place of a call.
    pub reuses: usize,
    pub bodies: usize,
}

/// What a copy did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyReport {
    /// What was to be copied.
    pub from: CopyCounts,
    /// What of that the other store has now.
    pub to: CopyCounts,
    /// Rows that this copy has added.
    pub added: usize,
    /// Calls that were there in doubt, and whose outcome this copy has added.
    pub outcomes: usize,
    /// Calls that a session has under way: they are not copied.
    pub under_way: usize,
    /// Rows that can't be read, and are not copied.
    pub damaged: Vec<ExchangeId>,
    /// Stars and notes, saved programs and blocks that this copy has added.
    pub annotations: usize,
    pub programs: usize,
    pub blocks: usize,
    /// Items that have another note there, which stays.
    pub other_notes: usize,
    /// Saved programs that the other store has no room for.
    pub programs_left: usize,
}

impl CopyCounts {
    /// All rows.
    pub fn rows(&self) -> usize {
        self.calls + self.reuses
    }

    fn add(&mut self, call: &StoredCall) {
        if call.reuses.is_some() {
            self.reuses += 1;
        } else {
            self.calls += 1;
        }
        self.in_doubt += usize::from(call.is_in_doubt());
        self.bodies += usize::from(call.has_body);
    }
}

impl CopyReport {
    /// Returns true if the other store has all that was to be copied.
    pub fn is_complete(&self) -> bool {
        self.has_all_rows() && self.damaged.is_empty()
    }

    /// Returns true if no row that could be read is missing. The other store can know the outcome of a call that is in doubt
    /// here.
    pub fn has_all_rows(&self) -> bool {
        let Self { from, to, .. } = self;
        (from.calls, from.reuses) == (to.calls, to.reuses)
            && from.in_doubt >= to.in_doubt
            && from.bodies <= to.bodies
    }
}

/// Copies all that a store has and another one lacks. `progress` gets the number of rows that are done.
///
/// # Errors
/// If one of them can't be read or written; what was copied until then stays.
pub async fn copy(
    from: &dyn StoreRows,
    to: &dyn StoreRows,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<CopyReport, StoreError> {
    let mut run = CopyRun::new(from, to).await?;
    let mut after = 0;
    loop {
        let page = from.calls_after(ExchangeId(after), PAGE).await?;
        run.report.damaged.extend(&page.damaged);
        let last = page.rows.iter().map(|call| call.id).chain(page.damaged.iter().map(|id| id.0)).max();
        let Some(last) = last else { break };
        for call in page.rows {
            if call.state == CallState::UnderWay {
                run.report.under_way += 1;
            } else {
                run.report.from.add(&call);
                run.take(call).await?;
            }
        }
        run.write().await?;
        after = last;
        progress(run.report.from.rows());
    }
    run.copy_the_rest().await?;
    run.count().await?;
    Ok(run.report)
}

/// A copy that is under way.
struct CopyRun<'a> {
    from: &'a dyn StoreRows,
    to: &'a dyn StoreRows,
    unmatched: UnmatchedCalls,
    /// The numbers in the other store of the rows that are there.
    numbers: HashMap<i64, i64>,
    /// When the newest answer with a quota came to each key at each gateway.
    quotas: HashMap<(Scope, String), i64>,
    /// Rows to be added, each with the row that it completes.
    waiting: Vec<(StoredCall, Option<i64>)>,
    waiting_bytes: usize,
    report: CopyReport,
}

impl<'a> CopyRun<'a> {
    async fn new(from: &'a dyn StoreRows, to: &'a dyn StoreRows) -> Result<Self, StoreError> {
        let mut unmatched = UnmatchedCalls::default();
        each_call(to, |call| unmatched.add(&call)).await?;
        let quotas = to.opened(0, Timestamp::MAX).await?.quotas.into_iter();
        let quotas = quotas
            .map(|(account, at, _)| ((account.scope, account.key.as_str().to_owned()), at.as_millisecond()));
        Ok(Self {
            from,
            to,
            unmatched,
            numbers: HashMap::new(),
            quotas: quotas.collect(),
            waiting: Vec::new(),
            waiting_bytes: 0,
            report: CopyReport::default(),
        })
    }

    /// Finds a row in the other store, or lets it wait to be added.
    async fn take(&mut self, mut call: StoredCall) -> Result<(), StoreError> {
        let known = self.unmatched.take(&call.identity());
        if let Some(known) = known.filter(|known| call.end() <= known.end) {
            let _ = self.numbers.insert(call.id, known.id); // None: numbers are unique
            return Ok(());
        }
        if call.reuses.is_some_and(|shown| self.waiting.iter().any(|(waiting, _)| waiting.id == shown)) {
            self.write().await?;
        }
        call.reuses = match call.reuses.map(|shown| self.numbers.get(&shown)) {
            Some(None) => return Err(StoreError::damaged(call.id, "reuses")),
            shown => shown.flatten().copied(),
        };
        self.leave_newer_quota(&mut call);
        // A body shrinks to a quarter.
        self.waiting_bytes += usize::try_from(call.size).unwrap_or_default() / 4;
        self.waiting.push((call, known.map(|known| known.id)));
        if self.waiting.len() >= BATCH_ROWS || self.waiting_bytes >= BATCH_BYTES {
            self.write().await?;
        }
        Ok(())
    }

    /// The last row with a quota counts as the newest. An older quota than the store has must not come after it: the guards
    /// would let calls through. It stays in the body.
    fn leave_newer_quota(&self, call: &mut StoredCall) {
        let account = (Scope::from_stored(&call.scope), call.key.clone());
        if self.quotas.get(&account).is_some_and(|newest| call.started_at + call.total_ms < *newest) {
            (call.used, call.allowed, call.api_info) = (None, None, None);
        }
    }

    /// Adds the rows that wait.
    async fn write(&mut self) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        if waiting.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = waiting.iter().map(|(call, _)| call.id).collect();
        let mut bodies = self.from.bodies(ids.iter().copied().map(ExchangeId).collect()).await?;
        let copied = tokio::task::spawn_blocking(move || {
            let copied = |(call, completes): (StoredCall, Option<i64>)| {
                let body = bodies.remove(&call.id);
                CopiedCall::new(call, body, completes)
            };
            waiting.into_iter().map(copied).collect()
        });
        let copied = copied.await.map_err(|error| StoreError::broken(&error))?;
        let (unmatched, added) = self.to.add_calls(copied, std::mem::take(&mut self.unmatched)).await?;
        self.unmatched = unmatched;
        let count = |wanted| added.iter().filter(|added| added.added_as == wanted).count();
        self.report.added += count(AddedAs::New);
        self.report.outcomes += count(AddedAs::Outcome);
        self.numbers.extend(ids.into_iter().zip(added.iter().map(|added| added.id)));
        Ok(())
    }

    /// Copies the user's stars, notes and programs, and the blocks that are in force.
    async fn copy_the_rest(&mut self) -> Result<(), StoreError> {
        let there = self.to.annotations().await?.into_iter();
        let there: HashMap<_, _> = there.map(|(name, (item, known))| ((name, item), known)).collect();
        for (name, (item, annotation)) in self.from.annotations().await? {
            let of_person = (name, item);
            let known = there.get(&of_person).cloned().unwrap_or_default();
            let note = if known.note.is_empty() { &annotation.note } else { &known.note };
            self.report.other_notes += usize::from(!annotation.note.is_empty() && *note != annotation.note);
            let both = Annotation { starred: known.starred || annotation.starred, note: note.clone() };
            if both != known {
                let (name, item) = of_person;
                self.to.set_annotation((name, (item, both))).await?;
                self.report.annotations += 1;
            }
        }
        self.copy_programs().await?;
        self.copy_blocks().await
    }

    async fn copy_programs(&mut self) -> Result<(), StoreError> {
        let by_person = |programs: Vec<PersonProgram>| {
            let mut people = BTreeMap::<Option<String>, Vec<String>>::new();
            for (name, program) in programs {
                people.entry(name).or_default().push(program);
            }
            people
        };
        let there = by_person(self.to.all_programs().await?);
        for (name, programs) in by_person(self.from.all_programs().await?) {
            let there = there.get(&name).map_or(&[][..], Vec::as_slice);
            let lacking: Vec<String> =
                programs.into_iter().filter(|program| !there.contains(program)).collect();
            // The oldest are deleted beyond the maximum: those of the other store are not given up for these.
            let left = lacking.len().saturating_sub(MAX_PROGRAMS.saturating_sub(there.len()));
            self.report.programs_left += left;
            for program in lacking.into_iter().skip(left) {
                self.to.add_program((name.clone(), program)).await?;
                self.report.programs += 1;
            }
        }
        Ok(())
    }

    async fn copy_blocks(&mut self) -> Result<(), StoreError> {
        let (now, there) = (Timestamp::now(), self.to.blocks().await?);
        let holds = |block: &Block| block.holds(now);
        for block in self.from.blocks().await?.into_iter().filter(holds) {
            let is_same = |known: &&Block| known.host == block.host && known.key == block.key;
            if !there.iter().find(is_same).is_some_and(holds) {
                // One that is damaged has no time that can be read.
                self.to.set_block(Block { since: block.since.or(Some(now)), ..block }).await?;
                self.report.blocks += 1;
            }
        }
        Ok(())
    }

    /// Counts what the other store has of the copied rows, by what is written there.
    async fn count(&mut self) -> Result<(), StoreError> {
        let copied: std::collections::HashSet<i64> = self.numbers.values().copied().collect();
        let counts = &mut self.report.to;
        each_call(self.to, |call| {
            if copied.contains(&call.id) {
                counts.add(&call);
            }
        })
        .await
    }
}

/// Goes through the rows that can be read, oldest first.
async fn each_call(store: &dyn StoreRows, mut visit: impl FnMut(StoredCall)) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let page = store.calls_after(ExchangeId(after), PAGE).await?;
        let last = page.rows.iter().map(|call| call.id).chain(page.damaged.iter().map(|id| id.0)).max();
        let Some(last) = last else { return Ok(()) };
        page.rows.into_iter().for_each(&mut visit);
        after = last;
    }
}
