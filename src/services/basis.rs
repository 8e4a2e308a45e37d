//! The version that a caller's write is based on.

/// Which revisions a write accepts as what it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// For a use case that changes what it has just read.
    Any,
    /// Those that the caller has read.
    Read(Vec<i32>),
}

impl Basis {
    pub(in crate::services) fn admits(&self, revision: i32) -> bool {
        match self {
            Self::Any => true,
            Self::Read(revisions) => revisions.contains(&revision),
        }
    }

    /// The newest revision that the caller has read, where it is older than `current`.
    pub(in crate::services) fn older_than(&self, current: i32) -> Option<i32> {
        match self {
            Self::Any => None,
            Self::Read(revisions) => {
                let older = revisions.iter().copied().filter(|read| (1..current).contains(read));
                older.max()
            }
        }
    }
}
