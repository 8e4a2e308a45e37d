//! What can be asked for on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::config::Overrides;
use crate::domain::account::{Email, Role};
use crate::domain::invalid::Flaw;
use crate::domain::text::Name;

/// A headless CMS for newsrooms.
#[derive(Debug, Parser)]
#[command(name = "copydesk", version, about, propagate_version = true)]
pub(super) struct Args {
    /// Configuration file (TOML). Also `COPYDESK_CONFIG`, or `copydesk.toml` in the working directory
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for the SQLite database and the signing keys. Also `COPYDESK_DATA`
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<String>,
    /// Address to serve on. Also `COPYDESK_LISTEN`
    #[arg(long, global = true, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// `postgres://…` or `sqlite:PATH`. Also `DATABASE_URL`
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// `auto`, `human` or `json`. Also `COPYDESK_LOG_FORMAT`
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
    /// `error`, `warn`, `info`, `debug` or `trace`. Also `COPYDESK_LOG_LEVEL`
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
    /// Chain of certificates (PEM) to serve https with. Also `COPYDESK_HTTP_TLS_CERT`
    #[arg(long, global = true, value_name = "FILE")]
    tls_cert: Option<String>,
    /// Key of the certificate (PEM). Also `COPYDESK_HTTP_TLS_KEY`
    #[arg(long, global = true, value_name = "FILE")]
    tls_key: Option<String>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve the API
    Serve,
    /// Fill an empty database with a small invented newsroom, and serve it
    Demo,
    /// Fill an empty database with an invented newsroom of any size, to measure with; the same arguments make the same newsroom
    Generate {
        /// Articles, all of them published
        #[arg(long, value_name = "N", value_parser = articles)]
        articles: usize,
        /// What it follows from
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
    },
    /// Bring the database's tables up to date
    Migrate {
        /// Say what would be done, and do nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Manage who can log in
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Copy a SQLite database to a new file while it is served, and list beside it what the copy is and the files of media that it speaks of
    Backup {
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Put a copy where the configuration has its SQLite database, where there must be none
    Restore {
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// Take one that has no list beside it: damage that SQLite does not see goes unnoticed
        #[arg(long)]
        without_manifest: bool,
        /// Read every file of media, and not only its length
        #[arg(long)]
        check_media: bool,
    },
    /// Look whether all that is kept is what it was: the database, as far as it can tell, and every byte of media; exits 1 when it is not
    Verify,
    /// Look after the keys that sign access tokens
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Look after the bytes of media
    Media {
        #[command(subcommand)]
        command: MediaCommand,
    },
    /// Look after related links
    Links {
        #[command(subcommand)]
        command: LinksCommand,
    },
    /// Write the OpenAPI document
    Openapi {
        /// The file to write; `-` is standard output
        #[arg(long, value_name = "FILE", default_value = "openapi/openapi.json")]
        output: PathBuf,
    },
    /// Show the configuration in force and where each value comes from, with secrets masked
    Config,
    /// Ask a running server whether it can serve; exits 1 when it cannot
    Health,
    /// Print a generated page of the documentation
    #[command(hide = true)]
    Docs { page: DocsPage },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum DocsPage {
    Config,
    Errors,
}

#[derive(Debug, Subcommand)]
pub(super) enum LinksCommand {
    /// Ask the pages elsewhere that links lead to whether they are there; for a daily job
    Check {
        /// Most pages that are asked; those come first that were never asked, or longest ago
        #[arg(long, value_name = "N", default_value_t = 1000)]
        most: usize,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Sign with a new key. What the last one signed is good until it ends; servers over the same data folder notice within a minute
    Rotate {
        /// After a theft: nothing of before holds, neither logins nor previews nor signed addresses. Restart every server
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum MediaCommand {
    /// Find what is kept and nothing speaks of, older than a day: what a crash or an upload that was given up left behind
    Gc {
        /// Remove it; otherwise it is only said what would be
        #[arg(long)]
        remove: bool,
    },
    /// Find what the database speaks of and is not there, or has another length; exits 1 when there is any
    Check {
        /// Read every file, and not only its length
        #[arg(long)]
        hash: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make a user
    Create {
        #[arg(long, value_parser = email)]
        email: Email,
        #[arg(long, value_parser = name)]
        name: Name,
        /// contributor, editor or admin
        #[arg(long, value_parser = role)]
        role: Role,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List users
    List,
    /// Give a user another password
    SetPassword {
        #[arg(long, value_parser = email)]
        email: Email,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Make a code by which a user who forgot their password sets another, once, within an hour
    ResetCode {
        #[arg(long, value_parser = email)]
        email: Email,
    },
    /// Have a user's logins need no second factor, when they lost it and its recovery codes
    RemoveTotp {
        #[arg(long, value_parser = email)]
        email: Email,
    },
    /// Shut a user out; their tokens stop working at once
    Disable {
        #[arg(long, value_parser = email)]
        email: Email,
    },
    /// Let a disabled user in again
    Enable {
        #[arg(long, value_parser = email)]
        email: Email,
    },
}

fn told<T>(read: Result<T, Flaw>) -> Result<T, String> {
    read.map_err(|flaw| flaw.message)
}

fn email(text: &str) -> Result<Email, String> {
    told(Email::parse(text))
}

/// Ten million, eight years apart, come every twenty-five seconds; more would share their times.
fn articles(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=10_000_000) => Ok(count),
        _ => Err("is not 1 to 10000000".to_owned()),
    }
}

fn name(text: &str) -> Result<Name, String> {
    told(Name::parse(text))
}

fn role(text: &str) -> Result<Role, String> {
    told(Role::parse(text))
}

impl Args {
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            config: self.config.clone(),
            data: self.data.clone(),
            listen: self.listen.clone(),
            database_url: self.database_url.clone(),
            log_format: self.log_format.clone(),
            log_level: self.log_level.clone(),
            tls_cert: self.tls_cert.clone(),
            tls_key: self.tls_key.clone(),
        }
    }
}
