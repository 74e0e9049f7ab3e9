//! The state of a store's file.

/// What a check of a store found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreHealth {
    /// The version of its tables.
    pub version: i64,
    /// The version that this obx writes; an older store is migrated when it is next written.
    pub newest_version: i64,
    /// How many rows its log has.
    pub exchanges: u64,
    /// In bytes, with what is not yet written back from its log.
    pub size: u64,
    /// What is damaged, in the engine's words; empty if nothing is.
    pub damage: Vec<String>,
}
