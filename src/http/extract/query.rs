//! The query, read by name so that every parameter which nobody asked for is found.

use std::collections::HashSet;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use crate::domain::access::Actor;
use crate::domain::invalid::{Flaw, Invalids, Rule, shown};
use crate::domain::scope::Scope;
use crate::http::codes::Code;
use crate::http::problem::Problem;

/// Values that a parameter takes: what is asked for with them is bounded by it.
pub(crate) const MOST: usize = 100;

/// The parameters of one endpoint. What `read` does not ask for does not exist.
pub(crate) trait Parameters: Sized {
    /// Reads all of them; where one is wrong, `given` remembers and the result is thrown away.
    fn read(given: &mut Given) -> Self;
}

/// The parameters of a request.
pub(crate) struct Given {
    pairs: Vec<(String, String)>,
    asked: Vec<&'static str>,
    wrong: Invalids,
    caller: Caller,
}

/// Who sent the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    WithLogin,
    Anonymous,
    /// With an API key that is not for articles.
    WithoutScope,
    /// An anonymous one who asked for more than those may.
    Refused,
    /// One with such a key who did.
    OutOfScope,
}

impl Given {
    fn new(query: &str, caller: Caller) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes())
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        Self {
            pairs,
            asked: Vec::new(),
            wrong: Invalids::default(),
            caller,
        }
    }

    /// A parameter that may be given once.
    pub(crate) fn one<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, Flaw>) -> Option<T> {
        let values = self.values(name);
        let mut values = values.iter();
        let first = values.next()?;
        if values.next().is_some() {
            self.refuse(name, Flaw::new(Rule::Duplicate, "may be given once only"));
            return None;
        }
        self.keep(name, readable(first).and_then(|()| parse(first)))
    }

    /// The same for callers with a login only. From others it is refused, whatever it says.
    pub(crate) fn one_with_login<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Flaw>,
    ) -> Option<T> {
        if self.pairs.iter().any(|(given, _)| given == name) {
            self.caller = match self.caller {
                Caller::Anonymous => Caller::Refused,
                Caller::WithoutScope => Caller::OutOfScope,
                other => other,
            };
        }
        self.one(name, parse)
    }

    /// Takes tabs and ends of lines, which come with what is pasted, for blanks.
    pub(crate) fn pasted(&mut self, name: &str) {
        for (_, value) in self.pairs.iter_mut().filter(|(given, _)| given == name) {
            *value = value.replace(['\t', '\n', '\r'], " ");
        }
    }

    /// A parameter that must be given, once.
    pub(crate) fn needed<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, Flaw>) -> Option<T> {
        let found = self.one(name, parse);
        if self.pairs.iter().all(|(given, _)| given != name) {
            self.refuse(name, Flaw::new(Rule::Required, "must be given"));
        }
        found
    }

    /// A parameter that may be given at most [`MOST`] times.
    pub(crate) fn many<T: PartialEq>(&mut self, name: &'static str, parse: impl Fn(&str) -> Result<T, Flaw>) -> Vec<T> {
        let values = self.values(name);
        self.different(name, values.iter().map(String::as_str), parse)
    }

    /// Several values in one, with commas between them; repeated, they add up, to at most [`MOST`].
    pub(crate) fn list<T: PartialEq>(&mut self, name: &'static str, parse: impl Fn(&str) -> Result<T, Flaw>) -> Vec<T> {
        let values = self.values(name);
        self.different(name, values.iter().flat_map(|text| text.split(',')), parse)
    }

    /// Each value once, in the order in which they were given.
    fn different<'a, T: PartialEq>(
        &mut self,
        name: &'static str,
        texts: impl Iterator<Item = &'a str>,
        parse: impl Fn(&str) -> Result<T, Flaw>,
    ) -> Vec<T> {
        let mut texts: Vec<&str> = texts.collect();
        if texts.len() > MOST {
            let message = format!("has {} values; at most {MOST} are allowed", texts.len());
            self.refuse(name, Flaw::new(Rule::TooMany, message));
            return Vec::new();
        }
        let mut seen = HashSet::new();
        texts.retain(|text| seen.insert(*text));
        let mut different = Vec::new();
        for text in texts {
            let value = self.keep(name, readable(text).and_then(|()| parse(text)));
            different.extend(value.filter(|value| !different.contains(value)));
        }
        different
    }

    /// `true` or `false`; false when absent.
    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        let parse = |text: &str| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Flaw::new(Rule::NotAllowed, "must be `true` or `false`")),
        };
        self.one(name, parse).unwrap_or(false)
    }

    /// Whether a parameter was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(given, _)| given == name)
    }

    /// Refuses a parameter that does not go with another.
    pub(crate) fn refuse_given(&mut self, name: &str, why: &str) {
        self.refuse(name, Flaw::new(Rule::NotAllowed, why));
    }

    fn values(&mut self, name: &'static str) -> Vec<String> {
        self.asked.push(name);
        self.pairs
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    fn keep<T>(&mut self, name: &'static str, read: Result<T, Flaw>) -> Option<T> {
        read.map_err(|flaw| self.refuse(name, flaw)).ok()
    }

    fn refuse(&mut self, name: &str, flaw: Flaw) {
        self.wrong.add(flaw.at(name));
    }

    /// All that is wrong, or nothing.
    fn finish(mut self) -> Result<(), Problem> {
        if self.caller == Caller::Refused {
            return Err(Problem::plain(Code::Unauthenticated));
        }
        if self.caller == Caller::OutOfScope {
            return Err(Problem::new(Code::Forbidden, Scope::ReadArticles.lacking()));
        }
        let mut unknown: Vec<String> = self
            .pairs
            .iter()
            .filter(|(name, _)| !self.asked.contains(&name.as_str()))
            .map(|(n, _)| shown(n))
            .collect();
        unknown.dedup();
        let fields = if self.asked.is_empty() {
            "none".to_owned()
        } else {
            self.asked.join(", ")
        };
        for name in &unknown {
            self.refuse(
                name,
                Flaw::new(Rule::Unknown, format!("is not a parameter here; there is {fields}")),
            );
        }
        let Some(first) = self.wrong.0.first() else {
            return Ok(());
        };
        let (code, detail) = match unknown.first() {
            Some(name) => (Code::UnknownParameter, format!("`{name}` is not a parameter here.")),
            None => (
                Code::InvalidParameter,
                format!("`{}` {}.", first.pointer, first.message),
            ),
        };
        Err(Problem::new(code, detail).with_errors(self.wrong))
    }
}

/// A query decodes to the replacement character where it is not UTF-8, and no parameter has a use for either that or
/// control characters.
fn readable(text: &str) -> Result<(), Flaw> {
    if text.contains('\u{fffd}') {
        return Err(Flaw::new(Rule::Malformed, "is not UTF-8"));
    }
    if text.chars().any(char::is_control) {
        return Err(Flaw::new(Rule::ControlCharacter, "holds a control character"));
    }
    Ok(())
}

/// The query of an endpoint.
pub(crate) struct Query<T>(pub T);

impl<T: Parameters> Query<T> {
    fn read(query: &str, caller: Caller) -> Result<Self, Problem> {
        let mut given = Given::new(query, caller);
        let parameters = T::read(&mut given);
        given.finish().map(|()| Self(parameters))
    }
}

impl<T: Parameters> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let actor = req.extensions().get::<Actor>().copied();
        let caller = actor.map_or(Caller::Anonymous, |actor| {
            if actor.scopes.has(Scope::ReadArticles) {
                Caller::WithLogin
            } else {
                Caller::WithoutScope
            }
        });
        ready(Self::read(req.query_string(), caller))
    }
}

/// For endpoints without parameters, so that there too an unknown one is refused.
impl Parameters for () {
    fn read(_: &mut Given) -> Self {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::Limit;

    #[derive(Debug, PartialEq)]
    struct Some3(usize, Vec<String>, bool);

    impl Parameters for Some3 {
        fn read(given: &mut Given) -> Self {
            Self(
                given.one("limit", Limit::parse).unwrap_or(Limit::DEFAULT).get(),
                given.many("tag", |text| Ok(text.to_owned())),
                given.flag("count"),
            )
        }
    }

    fn read(query: &str) -> Result<Some3, (Code, Vec<(String, Rule)>)> {
        Query::read(query, Caller::Anonymous)
            .map(|Query(read)| read)
            .map_err(|problem| {
                let body = serde_json::to_value(problem.told()).unwrap();
                assert!(body["detail"].as_str().unwrap().len() < 400);
                (
                    problem.code(),
                    problem
                        .errors()
                        .iter()
                        .map(|one| (one.pointer.clone(), one.code))
                        .collect(),
                )
            })
    }

    #[test]
    fn parameters_are_read_by_name() {
        assert_eq!(read(""), Ok(Some3(20, vec![], false)));
        assert_eq!(
            read("tag=a+b&limit=5&tag=%C3%A9&count=true&"),
            Ok(Some3(5, vec!["a b".into(), "é".into()], true))
        );
    }

    #[test]
    fn what_is_given_again_counts_once_and_the_rest_to_a_bound() {
        let tags = |numbers: std::ops::Range<usize>| numbers.map(|n| format!("tag={n}")).collect::<Vec<_>>().join("&");
        let read_of = |query: String| read(&query).map(|Some3(_, tags, _)| tags.len());
        let half = MOST / 2;
        assert_eq!(read_of(format!("{}&{}", tags(0..half), tags(0..half))), Ok(half));
        let too_many = (Code::InvalidParameter, vec![("tag".to_owned(), Rule::TooMany)]);
        assert_eq!(read_of(tags(0..MOST + 1)), Err(too_many.clone()));
        assert_eq!(read_of("tag=1&".repeat(MOST + 1)), Err(too_many));
    }

    #[test]
    fn everything_wrong_with_a_query_is_told_at_once() {
        let wrong = read("limit=0&limt=3&tag=%ff&tag=a%00&count=1");
        let expected = [
            ("limit", Rule::OutOfRange),
            ("tag", Rule::Malformed),
            ("tag", Rule::ControlCharacter),
            ("count", Rule::NotAllowed),
            ("limt", Rule::Unknown),
        ];
        assert_eq!(
            wrong,
            Err((
                Code::UnknownParameter,
                expected.map(|(n, r)| (n.to_owned(), r)).to_vec()
            ))
        );
        assert_eq!(
            read("limit=1&limit=2"),
            Err((Code::InvalidParameter, vec![("limit".into(), Rule::Duplicate)]))
        );
        assert_eq!(read("%ff=1").map_err(|(code, _)| code), Err(Code::UnknownParameter));
    }
}
