//! Guessing, and being kept from an account by who guesses.

use std::net::{IpAddr, Ipv4Addr};

use tokio::time::advance;

use super::*;

const VICTIM: &str = "desk@newsroom.example";

fn logins() -> Logins {
    Logins::new(&LimitsConfig::default())
}

fn at(number: u32) -> Network {
    IpAddr::from(Ipv4Addr::from_bits(0xc000_0200 + number)).into()
}

fn begin<'a>(logins: &'a Logins, account: &str, from: Network) -> Result<Try<'a>, Wait> {
    logins.come(from)?;
    logins.begin(account, from)
}

/// Whether a wrong password is looked at.
fn guess(logins: &Logins, from: Network) -> bool {
    begin(logins, VICTIM, from).is_ok()
}

/// A password that is right, as soon as it is looked at; for how long that took.
async fn log_in(logins: &Logins, from: Network) -> Duration {
    let begun = Instant::now();
    loop {
        match begin(logins, VICTIM, from) {
            Ok(turn) => {
                turn.succeeded();
                return begun.elapsed();
            }
            Err(wait) => advance(Duration::from_secs(wait.seconds())).await,
        }
    }
}

/// Guesses that addresses get through in an hour, if all of them try each second.
async fn guesses_an_hour(logins: &Logins, addresses: u32) -> usize {
    let mut through = 0;
    for _ in 0..3600 {
        through += (0..addresses).filter(|number| guess(logins, at(*number))).count();
        advance(Duration::from_secs(1)).await;
    }
    through
}

#[tokio::test(start_paused = true)]
async fn delays_double_to_a_quarter_of_an_hour() {
    let logins = logins();
    assert!((0..10).all(|_| guess(&logins, at(1))));
    for minutes in [1, 2, 4, 8, 15, 15] {
        let wait = begin(&logins, VICTIM, at(1)).err().unwrap();
        assert_eq!(wait.seconds(), minutes * 60);
        advance(Duration::from_secs(wait.seconds())).await;
        assert!(guess(&logins, at(1)), "after {minutes}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_than_thirty_guesses_an_hour_however_many_guess() {
    for addresses in [1, 2, 100] {
        let logins = logins();
        let first = guesses_an_hour(&logins, addresses).await;
        let second = guesses_an_hour(&logins, addresses).await;
        assert!((14..=30).contains(&first), "{addresses} addresses: {first}");
        assert!(second <= 10, "{addresses} addresses: {second}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_who_guesses_keeps_nobody_else_out() {
    let logins = logins();
    for hour in 0..24 {
        guesses_an_hour(&logins, 1).await;
        assert_eq!(log_in(&logins, at(100 + hour)).await, Duration::ZERO, "hour {hour}");
    }
}

/// Whoever rests in between gets no more out of it: as many guesses as are let through, then so many minutes without one.
#[tokio::test(start_paused = true)]
async fn one_who_is_patient_keeps_nobody_else_out() {
    for (many, rest) in [
        (13, 60),
        (13, 61),
        (10, 150),
        (11, 165),
        (14, 120),
        (17, 240),
        (1, 15),
        (2, 30),
    ] {
        let logins = logins();
        for round in 0..40 {
            for _ in 0..many {
                while !guess(&logins, at(1)) {
                    advance(Duration::from_secs(30)).await;
                }
            }
            advance(Duration::from_mins(rest)).await;
            let waited = log_in(&logins, at(100 + round)).await;
            assert_eq!(waited, Duration::ZERO, "{many}, {rest} minutes, round {round}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_for_the_account_is_not_remembered() {
    let logins = logins();
    assert!((0..20).all(|number| guess(&logins, at(number))));
    assert!((100..10_000).all(|number| !guess(&logins, at(number))));
    assert_eq!(logins.tried.len(), 20);
}

#[tokio::test(start_paused = true)]
async fn however_many_guess_who_logged_in_from_there_gets_in() {
    let logins = logins();
    assert_eq!(log_in(&logins, at(7000)).await, Duration::ZERO);
    guesses_an_hour(&logins, 100).await;
    assert_eq!(log_in(&logins, at(7000)).await, Duration::ZERO);
    // From elsewhere they wait for what the account takes from all whom it does not know.
    assert!(log_in(&logins, at(7001)).await <= Duration::from_mins(6));
}

#[tokio::test(start_paused = true)]
async fn an_address_tries_thirty_times_a_minute_whomever() {
    let logins = logins();
    let tried = (0..40).filter(|number| begin(&logins, &format!("{number}@x.example"), at(1)).is_ok());
    assert_eq!(tried.count(), 30);
    assert_eq!(begin(&logins, "more@x.example", at(1)).err().unwrap().seconds(), 2);
    assert!(guess(&logins, at(2)));
}

#[tokio::test(start_paused = true)]
async fn who_logs_in_again_and_again_is_not_delayed() {
    let logins = logins();
    for _ in 0..500 {
        assert_eq!(log_in(&logins, at(1)).await, Duration::ZERO);
        advance(Duration::from_secs(3)).await;
    }
    assert!((0..9).all(|_| guess(&logins, at(1))));
    assert_eq!(log_in(&logins, at(1)).await, Duration::ZERO);
    assert!(
        (0..10).all(|_| guess(&logins, at(1))),
        "what was wrong before is forgotten"
    );
}

#[tokio::test(start_paused = true)]
async fn they_can_be_off() {
    let logins = Logins::new(&LimitsConfig::off());
    assert!((0..1000).all(|_| guess(&logins, at(1))));
}
