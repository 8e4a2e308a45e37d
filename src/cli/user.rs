//! Who can log in.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;

use super::args::UserCommand;
use super::{Failure, say, told};
use crate::domain::account::{Password, User};
use crate::services::App;
use crate::services::accounts::users::{self, CreateError};
use crate::services::accounts::{reset, totp};

pub(super) async fn run(command: UserCommand, app: Arc<App>) -> Result<(), Failure> {
    let done = match command {
        UserCommand::Create {
            email,
            name,
            role,
            password_stdin,
        } => {
            let password = password(password_stdin)?;
            let user = users::create(&app, email, name, role, password)
                .await
                .map_err(|error| match error {
                    CreateError::Taken => Failure::from("this address is that of another user"),
                    CreateError::Other(error) => told(error),
                })?;
            format!("{} may log in as {}.", user.email.as_str(), role.as_str())
        }
        UserCommand::List => {
            let users = users::list(&app).await.map_err(told)?;
            users.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        UserCommand::SetPassword { email, password_stdin } => {
            let password = password(password_stdin)?;
            users::set_password(&app, email, password).await.map_err(told)?;
            "The password is set.".to_owned()
        }
        UserCommand::ResetCode { email } => {
            let code = reset::make_code_by_command(&app, email).await.map_err(told)?;
            format!("{}\tgood once, until {}", code.code, code.expires_at)
        }
        UserCommand::RemoveTotp { email } => {
            let was_on = totp::remove_by_command(&app, email).await.map_err(told)?;
            let told = if was_on {
                "Logins need no second factor any more."
            } else {
                "There was no second factor."
            };
            told.to_owned()
        }
        UserCommand::Disable { email } => {
            users::set_disabled(&app, email, true).await.map_err(told)?;
            "The user is shut out.".to_owned()
        }
        UserCommand::Enable { email } => {
            users::set_disabled(&app, email, false).await.map_err(told)?;
            "The user may log in again.".to_owned()
        }
    };
    app.close();
    if done.is_empty() { Ok(()) } else { say(&done) }
}

/// Of the list.
fn line(user: &User) -> String {
    let state = user
        .disabled_at
        .map_or_else(String::new, |at| format!("\tdisabled {at}"));
    let (email, role, name) = (user.email.as_str(), user.role.as_str(), user.name.as_str());
    format!("{email}\t{role}\t{name}{state}")
}

/// One line of standard input. A person is asked; the line is shown as it is typed, and the prompt says so.
fn password(from_stdin: bool) -> Result<Password, Failure> {
    let stdin = std::io::stdin();
    if !from_stdin {
        if !stdin.is_terminal() {
            return Err("give the password on standard input, with --password-stdin".into());
        }
        write!(
            std::io::stderr(),
            "Password (at least {} characters; it will show): ",
            Password::MIN_CHARS
        )?;
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    let line = line.trim_end_matches(['\r', '\n']).to_owned();
    Password::choose(line).map_err(|flaw| format!("the password {}", flaw.message).into())
}
