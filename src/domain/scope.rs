//! What an API key may be used for.

use super::account::Role;
use super::invalid::words;

words! {
    /// Something that an API key may be used for.
    Scope {
        /// Working copies with all that belongs to them.
        ReadArticles = "articles:read",
        /// To make, edit, hand in and trash them.
        WriteArticles = "articles:write",
        /// To say what readers see, and when.
        PublishArticles = "articles:publish",
        /// To delete them for good.
        DeleteArticles = "articles:delete",
        ReadMedia = "media:read",
        WriteMedia = "media:write",
        /// Sections, tags and contributors with their revisions.
        ReadTaxonomy = "taxonomy:read",
        WriteTaxonomy = "taxonomy:write",
        ReadAudit = "audit:read",
    }
}

impl Scope {
    /// Who may do anything of it, and so may give it to a key.
    pub fn least_role(self) -> Role {
        match self {
            Self::ReadArticles | Self::WriteArticles | Self::ReadMedia | Self::WriteMedia | Self::ReadTaxonomy => {
                Role::Contributor
            }
            Self::PublishArticles | Self::WriteTaxonomy => Role::Editor,
            Self::DeleteArticles | Self::ReadAudit => Role::Admin,
        }
    }

    /// What comes with it: whoever changes a thing is answered what it is.
    fn brings(self) -> Option<Self> {
        match self {
            Self::WriteArticles | Self::PublishArticles | Self::DeleteArticles => Some(Self::ReadArticles),
            Self::WriteMedia => Some(Self::ReadMedia),
            Self::WriteTaxonomy => Some(Self::ReadTaxonomy),
            Self::ReadArticles | Self::ReadMedia | Self::ReadTaxonomy | Self::ReadAudit => None,
        }
    }

    /// What whoever sends a key without it is told.
    pub fn lacking(self) -> String {
        format!("The API key has no scope `{}`.", self.as_str())
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// Those of somebody who is logged in.
    pub const ALL: Self = Self(u16::MAX);

    /// These, and what comes with them.
    pub fn of(scopes: &[Scope]) -> Self {
        let bits = scopes.iter().flat_map(|scope| [Some(*scope), scope.brings()]).flatten();
        Self(bits.fold(0, |all, scope| all | scope.bit()))
    }

    pub fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Each of them, in the order of the table.
    pub fn list(self) -> Vec<Scope> {
        Scope::ALL.iter().copied().filter(|scope| self.has(*scope)).collect()
    }
}

/// As OAuth writes them (RFC 6749 §3.3): words with blanks between.
impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<_> = self.list().into_iter().map(Scope::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

impl Scopes {
    /// From the store. A word of a newer program is none that this one could allow.
    pub fn trusted(text: &str) -> Self {
        let known: Vec<_> = text.split(' ').filter_map(|word| Scope::parse(word).ok()).collect();
        Self::of(&known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_a_thing_reads_it_too_and_nothing_else() {
        let writes = Scopes::of(&[Scope::WriteArticles]);
        assert_eq!(writes.list(), [Scope::ReadArticles, Scope::WriteArticles]);
        assert_eq!(Scopes::of(&[Scope::ReadMedia]).list(), [Scope::ReadMedia]);
        assert_eq!(Scopes::of(&[]).list(), []);
        assert_eq!(Scopes::of(Scope::ALL).list(), Scope::ALL);
        assert!(Scope::ALL.iter().all(|scope| Scopes::ALL.has(*scope)));
    }

    #[test]
    fn they_are_kept_as_words() {
        for scope in Scope::ALL {
            let one = Scopes::of(&[*scope]);
            assert_eq!(Scopes::trusted(&one.to_string()), one, "{scope:?}");
        }
        assert_eq!(
            Scopes::trusted("articles:read newer:scope"),
            Scopes::of(&[Scope::ReadArticles])
        );
    }
}
