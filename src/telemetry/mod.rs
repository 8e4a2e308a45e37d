//! What the program says about itself while it runs: log lines on standard error.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::filter::{LevelFilter, ParseError, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{Layer, Registry, fmt};

use crate::config::{LogConfig, LogFormat};

/// Why logging could not begin.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("`{level}` cannot be read as log levels")]
    Level { level: String, source: ParseError },
    #[error("logging was set up before")]
    Again(#[source] TryInitError),
}

/// Begins logging for the whole process. Call it once, before anything is logged; a second call is an error.
pub fn init(config: &LogConfig) -> Result<(), TelemetryError> {
    begin(config.format, &config.level)
}

/// The same for a command that somebody waits for: warnings alone.
pub fn init_for_command(config: &LogConfig) -> Result<(), TelemetryError> {
    begin(config.format, "warn")
}

fn begin(format: LogFormat, level: &str) -> Result<(), TelemetryError> {
    let levels: Targets = level.parse().map_err(|source| TelemetryError::Level {
        level: level.to_owned(),
        source,
    })?;
    let levels = without_strangers(levels, level);
    let terminal = stderr().is_terminal();
    let lines = if is_json(format, terminal) {
        json()
    } else {
        human(terminal)
    };
    Registry::default()
        .with(lines.with_filter(levels))
        .try_init()
        .map_err(TelemetryError::Again)
}

/// Where actix calls it an error that a client sent what cannot be read. Whoever wants to see it names it.
const STRANGERS: &str = "actix_http";

fn without_strangers(levels: Targets, told: &str) -> Targets {
    if told.contains(STRANGERS) {
        levels
    } else {
        levels.with_target(STRANGERS, LevelFilter::OFF)
    }
}

fn is_json(format: LogFormat, terminal: bool) -> bool {
    match format {
        LogFormat::Auto => !terminal,
        LogFormat::Human => false,
        LogFormat::Json => true,
    }
}

/// One object a line: `timestamp, level, message, …fields, target, span`.
fn json() -> Box<dyn Layer<Registry> + Send + Sync> {
    fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_writer(stderr)
        .boxed()
}

fn human(terminal: bool) -> Box<dyn Layer<Registry> + Send + Sync> {
    // https://no-color.org: set to anything but nothing.
    let colour = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    fmt::layer().with_ansi(colour).with_writer(stderr).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_send_is_no_error_of_ours() {
        let would = |told: &str| {
            let levels = without_strangers(told.parse().unwrap(), told);
            levels.would_enable(&format!("{STRANGERS}::h1"), &tracing::Level::ERROR)
        };
        assert!(!would("info") && would("info,actix_http=error"));
    }

    #[test]
    fn lines_are_for_people_on_a_terminal_and_json_elsewhere_unless_told() {
        for (format, terminal, json) in [
            (LogFormat::Auto, true, false),
            (LogFormat::Auto, false, true),
            (LogFormat::Human, false, false),
            (LogFormat::Json, true, true),
        ] {
            assert_eq!(is_json(format, terminal), json, "{format:?}");
        }
    }

    #[test]
    fn every_level_the_configuration_takes_is_understood() {
        for level in ["off", "info", "warn,copydesk::http=debug,actix_server=trace"] {
            assert!(level.parse::<Targets>().is_ok(), "{level}");
        }
    }
}
