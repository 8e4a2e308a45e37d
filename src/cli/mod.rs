//! The commands. Each says in one line what it did, and fails with one that says what to do.

mod args;
mod backup;
mod demo;
mod generate;
mod health;
mod links;
mod media;
mod serve;
mod spec;
mod user;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;

use self::args::{Args, Command, KeysCommand, LinksCommand, MediaCommand};
use crate::config::{self, Config, Loaded};
use crate::domain::time::Clock as _;
use crate::services::{App, Error, RandomIds, Refusal, SystemClock, accounts};
use crate::store::Store;

/// What a command ends with when it does not end well.
type Failure = Box<dyn std::error::Error>;

/// Parses the arguments, runs the command, and says what went wrong with all that caused it.
pub fn main() -> ExitCode {
    let args = Args::parse();
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let mut text = format!("copydesk: {failure}");
            let mut source = failure.source();
            while let Some(why) = source {
                text.push_str(&format!(": {why}"));
                source = why.source();
            }
            let _unheard = writeln!(std::io::stderr(), "{text}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<(), Failure> {
    // What needs no configuration must work where there is none.
    match &args.command {
        Command::Openapi { output } => return spec::openapi(output),
        Command::Docs { page } => return spec::docs(*page),
        _ => {}
    }
    let loaded = Config::load(&args.overrides(), config::environment())?;
    if !matches!(args.command, Command::Serve | Command::Demo) {
        crate::telemetry::init_for_command(&loaded.config.log)?;
    }
    match args.command {
        Command::Config => say(loaded.in_force().trim_end()),
        Command::Health => health::ask(&loaded.config),
        Command::Migrate { dry_run } => migrate(&loaded.config, dry_run),
        Command::Serve => block_on(serve::serve(started(loaded)?)),
        Command::Demo => demo::demo(loaded),
        Command::Generate { articles, seed } => generate::generate(loaded, articles, seed),
        Command::Links {
            command: LinksCommand::Check { most },
        } => block_on(links::check(open(loaded)?, most)),
        Command::Media {
            command: MediaCommand::Gc { remove },
        } => block_on(media::clean(open(loaded)?, remove)),
        Command::Media {
            command: MediaCommand::Check { hash },
        } => media::check(&loaded.config, hash),
        Command::Backup { to } => backup::backup(&loaded.config, &to),
        Command::Restore {
            from,
            without_manifest,
            check_media,
        } => backup::restore(&loaded.config, &from, without_manifest, check_media),
        Command::Verify => verify::verify(&loaded.config),
        Command::Keys {
            command: KeysCommand::Rotate { all },
        } => rotate_keys(&loaded.config, all),
        Command::User { command } => block_on(user::run(command, open(loaded)?)),
        Command::Openapi { .. } | Command::Docs { .. } => Ok(()),
    }
}

/// The application with logs on, as the server runs it.
fn started(loaded: Loaded) -> Result<Arc<App>, Failure> {
    crate::telemetry::init(&loaded.config.log)?;
    open(loaded)
}

fn open(loaded: Loaded) -> Result<Arc<App>, Failure> {
    let app = App::open(loaded.config, Arc::new(SystemClock), Arc::new(RandomIds::default()))?;
    Ok(Arc::new(app))
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

fn migrate(config: &Config, dry_run: bool) -> Result<(), Failure> {
    let (names, done) = if dry_run {
        (Store::pending(&config.database)?, "would be applied")
    } else {
        (Store::migrate(&config.database)?, "was applied")
    };
    for name in &names {
        say(&format!("{name} {done}"))?;
    }
    if names.is_empty() {
        say("The database is up to date.")
    } else {
        Ok(())
    }
}

fn rotate_keys(config: &Config, all: bool) -> Result<(), Failure> {
    let kid = accounts::rotate_keys(config, SystemClock.now(), all)?;
    say(&format!("Signs with {kid} from now on."))?;
    if all {
        say("Nothing of before holds any more. Restart every server.")
    } else {
        Ok(())
    }
}

/// Writes a line for the person who ran the command.
fn say(line: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// A use case's refusal in words for the command line.
fn told(error: Error) -> Failure {
    match error {
        Error::Refused(Refusal::NotFound) => "there is no such user".into(),
        Error::Refused(Refusal::Overloaded) => "the database is busy; try again".into(),
        Error::Refused(Refusal::Invalid(flaws)) => {
            let lines: Vec<_> = flaws
                .0
                .iter()
                .map(|flaw| format!("{} {}", flaw.pointer, flaw.message))
                .collect();
            lines.join("; ").into()
        }
        Error::Refused(other) => format!("refused: {other:?}").into(),
        Error::Broken(source) => source,
    }
}
