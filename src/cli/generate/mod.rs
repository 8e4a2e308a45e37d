//! A newsroom of any size that follows from a number: for measuring, and for seeing what many articles do. It is made by the same
//! use cases that the API calls, many articles in one transaction.

mod newsroom;
mod sources;
mod story;
mod words;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use self::newsroom::{Made, ctx, read};
use self::sources::{SeededIds, SetClock};
use self::story::{BEGIN, Story, Writer};
use self::words::Vocabulary;
use super::{Failure, block_on, demo, say, told};
use crate::config::Loaded;
use crate::domain::access::Actor;
use crate::domain::id::{ArticleId, TranslationGroup};
use crate::services::invented::{self, Maker, State};
use crate::services::{App, Basis, Ctx, Handling, Unit, articles};
use crate::store::Store;

/// Beside the database; holds the body of a login, so that it can be sent as it is.
const LOGIN_FILE: &str = "generated-login.json";
/// Articles that one transaction writes.
const AT_ONCE: usize = 2_000;
/// Stories that are written ahead.
const AHEAD: usize = 64;
const NEWS: Duration = Duration::from_secs(5);

const FOREIGN: &str = "this database is not empty; name another one with --data or DATABASE_URL";

const UNFINISHED: &str = "a generated newsroom was stopped while it was made here; delete the database and begin again";

/// Fills an empty database. The same number of articles and seed make the same newsroom, to the id.
pub(super) fn generate(loaded: Loaded, count: usize, seed: u64) -> Result<(), Failure> {
    let data = loaded.config.data.clone();
    // Before it is opened, which would migrate it.
    let pending = Store::pending(&loaded.config.database)?;
    if !pending.is_empty() && !Store::is_new(&loaded.config.database)? {
        return Err(FOREIGN.into());
    }
    let clock = Arc::new(SetClock::at(BEGIN));
    let ids = Arc::new(SeededIds::new(seed, Arc::clone(&clock)));
    let app = Arc::new(App::open(loaded.config, Arc::clone(&clock) as _, ids)?);
    block_on(async move {
        let made = match invented::state(&app).await.map_err(told)? {
            State::Empty => fill(&app, &clock, count, seed, &data).await,
            State::Unfinished(Maker::Generator) => Err(UNFINISHED.into()),
            State::Whole(_) | State::Unfinished(_) | State::Foreign => Err(FOREIGN.into()),
        };
        app.close();
        made
    })
}

async fn fill(app: &Arc<App>, clock: &SetClock, count: usize, seed: u64, data: &Path) -> Result<(), Failure> {
    let login = data.join(LOGIN_FILE);
    if login.exists() {
        return Err(format!("{} is there already; take it away first", login.display()).into());
    }
    invented::begin(app, Maker::Generator).await.map_err(told)?;
    let (actor, password) = demo::editor(app, "Generated Editor", FOREIGN).await?;
    demo::write_login(&login, &password)?;
    let vocabulary = Vocabulary::new(seed)?;
    let pictures = newsroom::pictures(count);
    let made = newsroom::make(&ctx(app, actor), seed, pictures, &vocabulary).await?;
    let writer = Writer::new(seed, count, pictures, vocabulary)?;
    let (stories, written) = mpsc::channel(AHEAD);
    // Words are made up on a thread of their own while the database writes.
    let thread = std::thread::spawn(move || {
        let mut numbers = 0..count;
        numbers.all(|number| stories.blocking_send(writer.story(number)).is_ok())
    });
    let begun = Instant::now();
    let mut desk = Desk {
        app,
        actor,
        clock,
        made,
        articles: Vec::with_capacity(count),
        last: None,
    };
    desk.keep(written, count).await?;
    thread.join().map_err(|_panic| "the stories could not be made up")?;
    let seconds = begun.elapsed().as_secs_f64();
    invented::finish(app, Maker::Generator).await.map_err(told)?;
    say(&format!(
        "{count} articles in {seconds:.1} seconds. The body of a login is in {}.",
        login.display()
    ))
}

/// Who brings the stories in.
struct Desk<'a> {
    app: &'a Arc<App>,
    actor: Actor,
    clock: &'a SetClock,
    made: Made,
    /// By number.
    articles: Vec<ArticleId>,
    /// The group of the last story, while that may be translated.
    last: Option<TranslationGroup>,
}

impl Desk<'_> {
    async fn keep(&mut self, mut stories: mpsc::Receiver<Story>, count: usize) -> Result<(), Failure> {
        let begun = Instant::now();
        let mut told_at = begun;
        while self.articles.len() < count {
            let unit = Unit::of_operations(self.app);
            let ctx = ctx(self.app, self.actor).within(Some(unit.clone()));
            for _ in 0..AT_ONCE.min(count - self.articles.len()) {
                let story = stories.recv().await.ok_or("there are no more stories")?;
                self.publish(&ctx, story).await?;
            }
            unit.commit().await.map_err(told)?;
            if told_at.elapsed() >= NEWS {
                told_at = Instant::now();
                report(self.articles.len(), count, begun.elapsed());
            }
        }
        Ok(())
    }

    async fn publish(&mut self, ctx: &Ctx, mut story: Story) -> Result<(), Failure> {
        self.refer(&mut story);
        self.clock.set(story.made);
        let (translates, published) = (story.translates, story.published);
        let patch = read(Value::Object(story.body))?;
        let made = articles::create(ctx, patch, Handling::Strict).await.map_err(told)?;
        self.clock.set(published);
        let article = made.article;
        let basis = Basis::Read(vec![article.revision]);
        articles::publish(ctx, article.id, basis).await.map_err(told)?;
        self.articles.push(article.id);
        self.last = (!translates).then_some(article.translation_group);
        Ok(())
    }

    /// Puts ids in the place of numbers.
    fn refer(&self, story: &mut Story) {
        let links: Vec<_> = story
            .links
            .iter()
            .filter_map(|number| self.articles.get(*number))
            .collect();
        let related = links.iter().enumerate().map(|(at, id)| match at {
            0 => json!({"article_id": id, "kind": "background", "placement": "both"}),
            _ => json!({"article_id": id}),
        });
        let related: Vec<Value> = related.collect();
        let tags = story.tags.iter().filter_map(|number| self.made.tags.get(*number));
        let credits = story.byline.iter().filter_map(|(number, role)| {
            let id = self.made.contributors.get(*number)?;
            Some(json!({"contributor_id": id, "role": role}))
        });
        let mut set = |name: &str, value: Value| drop(story.body.insert(name.to_owned(), value));
        set("tag_ids", json!(tags.collect::<Vec<_>>()));
        set("byline", json!({"contributors": credits.collect::<Vec<_>>()}));
        set("section_id", json!(self.made.sections.get(story.section)));
        set("lead_media", json!({"media_id": self.made.media.get(story.media)}));
        set("related", Value::Array(related));
        if let Some(group) = self.last.filter(|_| story.translates) {
            set("translation_group", json!(group));
        }
        let line = story
            .line
            .and_then(|line| story.body.get_mut("body")?.get_mut(line)?.as_object_mut());
        if let Some(line) = line {
            line.insert("article_id".to_owned(), json!(links.first()));
        }
    }
}

/// Tells whoever waits how far it is.
fn report(done: usize, count: usize, since: Duration) {
    let per_second = u128::try_from(done).unwrap_or_default() * 1000 / since.as_millis().max(1);
    let _unheard = writeln!(std::io::stderr(), "{done} of {count} articles, {per_second} a second");
}
