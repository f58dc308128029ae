//! The resource-based policy of a table.

/// A policy that is attached to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePolicy {
    /// The JSON document, as AWS keeps it.
    pub document: String,
    /// Tells revisions of it apart; empty where the answer has none.
    pub revision: String,
}
