//! The demo: an invented newsroom, made by the same use cases that the API calls.

mod newsroom;

pub(super) use self::newsroom::PICTURES;

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::{Failure, block_on, open, say, serve, told};
use crate::config::{DatabaseUrl, Loaded, SiteConfig};
use crate::domain::access::Actor;
use crate::domain::account::{Email, Password, Role};
use crate::domain::audit::{Origin, Via};
use crate::domain::id::IdSource as _;
use crate::domain::text::{Name, hex};
use crate::http;
use crate::services::accounts::users::{self, CreateError};
use crate::services::invented::{self, Maker, State};
use crate::services::{App, Ctx, RandomIds};

const EMAIL: &str = "editor@copydesk.example";
/// Beside the database; holds the body of a login, so that it can be sent as it is.
const LOGIN_FILE: &str = "demo-login.json";

/// Fills an empty database, or finds that it did so before, and serves.
pub(super) fn demo(mut loaded: Loaded) -> Result<(), Failure> {
    refuse_foreign(&loaded)?;
    // Taken before anything is made: so what is told is an address that is its own, also where any port would do.
    let listener = take(&loaded)?;
    loaded.config.listen = listener.local_addr()?;
    // Unless it is told otherwise, the demo's pages are where the demo is.
    if loaded.config.site.url == SiteConfig::default().url {
        loaded.config.site.url = format!("{}://{}", loaded.config.http.scheme(), loaded.config.listen);
    }
    let data = loaded.config.data.clone();
    crate::telemetry::init(&loaded.config.log)?;
    let app = open(loaded)?;
    block_on(async move {
        match invented::state(&app).await.map_err(told)? {
            State::Empty => fill(&app, &data).await?,
            State::Whole(Maker::Demo) => {}
            State::Unfinished(Maker::Demo) => return Err(UNFINISHED.into()),
            State::Whole(_) | State::Unfinished(_) | State::Foreign => return Err(FOREIGN.into()),
        }
        let stop = http::signal()?;
        greet(&app, &data)?;
        serve::until(app, listener, stop).await
    })
}

const FOREIGN: &str = "this database is not empty and not the demo's own; name another folder with --data";

const UNFINISHED: &str = "the demo was stopped while it was made; delete its folder and start it again";

/// A file that is there but is no database of ours is left alone.
fn refuse_foreign(loaded: &Loaded) -> Result<(), Failure> {
    if let DatabaseUrl::Sqlite(path) = &loaded.config.database.url {
        if path.is_dir() {
            return Err(format!("{} is a folder, not a database", path.display()).into());
        }
    }
    Ok(())
}

/// Takes the configured address; one that is in use is told with what helps.
fn take(loaded: &Loaded) -> Result<TcpListener, Failure> {
    let address = loaded.config.listen;
    let why = |error| format!("cannot listen on {address}: {error}; name another with --listen ADDR:PORT").into();
    TcpListener::bind(address).map_err(why)
}

/// Makes the editor, the newsroom, and last the mark that says it is whole.
async fn fill(app: &Arc<App>, data: &Path) -> Result<(), Failure> {
    invented::begin(app, Maker::Demo).await.map_err(told)?;
    let (actor, secret) = editor(app, "Demo Editor", FOREIGN).await?;
    newsroom::make(&Ctx::new(Arc::clone(app), actor, Origin::of(Via::Command))).await?;
    write_login(&data.join(LOGIN_FILE), &secret)?;
    invented::finish(app, Maker::Demo).await.map_err(told)
}

/// Makes an editor with a password that nobody has to remember. `taken` is said where there is one already.
pub(super) async fn editor(app: &Arc<App>, name: &str, taken: &str) -> Result<(Actor, String), Failure> {
    // Not from the application's own source, which a seed may determine.
    let secret = hex(&RandomIds::default().random());
    let email = Email::parse(EMAIL).map_err(|flaw| flaw.message)?;
    let name = Name::parse(name).map_err(|flaw| flaw.message)?;
    let password = Password::choose(secret.clone()).map_err(|flaw| flaw.message)?;
    let user = users::create(app, email, name, Role::Editor, password)
        .await
        .map_err(|error| match error {
            CreateError::Taken => Failure::from(taken),
            CreateError::Other(error) => told(error),
        })?;
    Ok((Actor::person(user.id, user.role), secret))
}

pub(super) fn write_login(path: &Path, password: &str) -> Result<(), Failure> {
    // Made anew, so that neither a link nor the mode of an older file is followed.
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{}", json!({"email": EMAIL, "password": password}))?;
    Ok(())
}

fn greet(app: &App, data: &Path) -> Result<(), Failure> {
    let address = format!("{}://{}", app.config().http.scheme(), app.config().listen);
    let login = data.join(LOGIN_FILE);
    let password = fs::read_to_string(&login)
        .ok()
        .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok())
        .and_then(|login| login.get("password").and_then(|p| p.as_str()).map(str::to_owned))
        .unwrap_or_else(|| {
            format!(
                "(not in {}; set one with `copydesk user set-password`)",
                login.display()
            )
        });
    say(&format!(
        "\n  Articles      {address}/api/v1/articles\n  The API       {address}/docs\n  Log in as     {EMAIL}\n  \
         Password      {password}\n  Login body    {}\n",
        login.display()
    ))
}
