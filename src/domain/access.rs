//! Who may do what: the one policy table. Handlers and use cases ask it; nothing else decides.

use super::account::Role;
use super::id::UserId;
use super::scope::{Scope, Scopes};
use super::workflow::{Move, Status};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    pub id: UserId,
    pub role: Role,
    /// What the key may be used for that was sent in the place of a login.
    pub scopes: Scopes,
}

impl Actor {
    /// Somebody who is logged in, or in whose name the program does something.
    pub fn person(id: UserId, role: Role) -> Self {
        Self {
            id,
            role,
            scopes: Scopes::ALL,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    CreateArticle,
    ReadArticle,
    EditArticle,
    MoveArticle(Move),
    /// To change what readers are told of it.
    CorrectArticle,
    TrashArticle,
    RestoreArticle,
    /// To let somebody without a login see it before it is published.
    PreviewArticle,
    /// For good, which nobody can undo.
    DeleteArticle,
    ReadTaxonomy,
    EditTaxonomy,
    ReadMedia,
    UploadMedia,
    EditMedia,
    /// To change a media that readers see, or that somebody else has come to rely on.
    EditLiveMedia,
    /// What was done by all, and from where.
    ReadAudit,
    /// What was done to an article.
    ReadArticleAudit,
    /// To let others in again.
    ManageAccounts,
}

impl Action {
    /// What a key needs for it.
    fn scope(self) -> Scope {
        match self {
            Self::ReadArticle | Self::ReadArticleAudit => Scope::ReadArticles,
            Self::CreateArticle
            | Self::EditArticle
            | Self::TrashArticle
            | Self::RestoreArticle
            | Self::PreviewArticle
            | Self::MoveArticle(Move::Submit) => Scope::WriteArticles,
            Self::MoveArticle(_) | Self::CorrectArticle => Scope::PublishArticles,
            Self::DeleteArticle => Scope::DeleteArticles,
            Self::ReadTaxonomy => Scope::ReadTaxonomy,
            Self::EditTaxonomy => Scope::WriteTaxonomy,
            Self::ReadMedia => Scope::ReadMedia,
            Self::UploadMedia | Self::EditMedia | Self::EditLiveMedia => Scope::WriteMedia,
            // Keys are for nobody's account, whatever they have: those routes ask for a session first.
            Self::ReadAudit | Self::ManageAccounts => Scope::ReadAudit,
        }
    }
}

/// The article or the media that an action is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    pub created_by: UserId,
    pub status: Status,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The actor may not know that the thing exists.
    Hidden,
    /// The actor may see it, but may not do this.
    Forbidden,
    /// The actor might, but not with this key.
    OutOfScope(Scope),
}

/// Whether what an actor asks with is for this. Asked before the thing is looked up, so that a key that is not for it tells nothing of what there is.
pub fn in_scope(actor: Actor, action: Action) -> Result<(), Denied> {
    let scope = action.scope();
    if actor.scopes.has(scope) {
        Ok(())
    } else {
        Err(Denied::OutOfScope(scope))
    }
}

/// Whether an actor may do something, by what they ask with and by the table.
pub fn allow(actor: Actor, action: Action, subject: Option<Subject>) -> Result<(), Denied> {
    in_scope(actor, action)?;
    allow_role(actor, action, subject)
}

/// The table. Who may make which move is the table of moves' to say. A contributor has their own articles, and changes them only while they are drafts; they see all media, and
/// change their own while nobody else shows it.
fn allow_role(actor: Actor, action: Action, subject: Option<Subject>) -> Result<(), Denied> {
    use Action::{
        CorrectArticle, CreateArticle, DeleteArticle, EditArticle, EditLiveMedia, EditMedia, EditTaxonomy,
        ManageAccounts, MoveArticle, PreviewArticle, ReadArticle, ReadArticleAudit, ReadAudit, ReadMedia, ReadTaxonomy,
        RestoreArticle, TrashArticle, UploadMedia,
    };
    let own = subject.is_none_or(|subject| subject.created_by == actor.id);
    let draft = subject.is_none_or(|subject| subject.status == Status::Draft);
    match (actor.role, action) {
        (Role::Editor, DeleteArticle | ReadAudit | ManageAccounts) => Err(Denied::Forbidden),
        (Role::Editor | Role::Admin, _)
        | (Role::Contributor, CreateArticle | ReadTaxonomy | ReadMedia | UploadMedia) => Ok(()),
        (Role::Contributor, EditMedia) if own => Ok(()),
        (
            Role::Contributor,
            EditTaxonomy | EditMedia | EditLiveMedia | ReadAudit | ReadArticleAudit | ManageAccounts,
        ) => Err(Denied::Forbidden),
        (Role::Contributor, _) if !own => Err(Denied::Hidden),
        (Role::Contributor, ReadArticle | PreviewArticle) => Ok(()),
        (Role::Contributor, EditArticle | TrashArticle | RestoreArticle) if draft => Ok(()),
        (Role::Contributor, MoveArticle(step)) if step.least_role() == Role::Contributor => Ok(()),
        (
            Role::Contributor,
            EditArticle | TrashArticle | RestoreArticle | DeleteArticle | CorrectArticle | MoveArticle(_),
        ) => Err(Denied::Forbidden),
    }
}

/// Whether an actor sees the articles of others in lists.
pub fn sees_all_articles(actor: Actor) -> bool {
    actor.role >= Role::Editor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contributor_has_their_own_drafts_and_no_more() {
        let me = UserId(uuid::Uuid::from_u128(1));
        let actor = Actor::person(me, Role::Contributor);
        let mine = |status| Some(Subject { created_by: me, status });
        let theirs = Some(Subject {
            created_by: UserId(uuid::Uuid::from_u128(2)),
            status: Status::Draft,
        });
        for (action, subject, expected) in [
            (Action::EditArticle, mine(Status::Draft), Ok(())),
            (Action::EditArticle, mine(Status::Published), Err(Denied::Forbidden)),
            (Action::ReadArticle, mine(Status::Published), Ok(())),
            (
                Action::MoveArticle(Move::Publish),
                mine(Status::Draft),
                Err(Denied::Forbidden),
            ),
            (Action::MoveArticle(Move::Submit), mine(Status::Draft), Ok(())),
            (Action::MoveArticle(Move::Submit), theirs, Err(Denied::Hidden)),
            (Action::ReadArticle, theirs, Err(Denied::Hidden)),
            (Action::MoveArticle(Move::Publish), theirs, Err(Denied::Hidden)),
            (Action::EditTaxonomy, None, Err(Denied::Forbidden)),
            (Action::EditMedia, mine(Status::Draft), Ok(())),
            (Action::EditMedia, theirs, Err(Denied::Forbidden)),
            (Action::EditLiveMedia, mine(Status::Draft), Err(Denied::Forbidden)),
        ] {
            assert_eq!(allow(actor, action, subject), expected, "{action:?} {subject:?}");
        }
    }

    #[test]
    fn a_key_is_for_its_scopes_and_never_for_more_than_the_role() {
        let id = UserId(uuid::Uuid::from_u128(1));
        let with = |role, scopes: &[Scope]| Actor {
            id,
            role,
            scopes: Scopes::of(scopes),
        };
        let admin = with(Role::Admin, &[Scope::WriteArticles]);
        assert_eq!(allow(admin, Action::EditArticle, None), Ok(()));
        assert_eq!(allow(admin, Action::ReadArticle, None), Ok(()));
        let publish = Action::MoveArticle(Move::Publish);
        assert_eq!(
            allow(admin, publish, None),
            Err(Denied::OutOfScope(Scope::PublishArticles))
        );
        assert_eq!(
            allow(admin, Action::ReadAudit, None),
            Err(Denied::OutOfScope(Scope::ReadAudit))
        );
        let demoted = with(Role::Contributor, Scope::ALL);
        assert_eq!(allow(demoted, publish, None), Err(Denied::Forbidden));
    }
}
