//! Random sequences of what editors do to a dozen articles and their links, against a model that was written from the
//! documentation alone. After every step, accepted or refused, both surfaces are to show what the model says.
//!
//! `COPYDESK_MODEL_SEQUENCES` says how many sequences there are, `COPYDESK_MODEL_SEED` plays one of them alone. One that
//! fails is cut down to the steps that it needs before it is told.

mod ask;
mod compare;
mod look;
mod moves;
mod rules;
mod run;
mod send;
mod state;
mod steps;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

use crate::support::{Dice, TestApp};
use run::{Failure, Run};

const STEPS: usize = 50;
const SEQUENCES: u64 = 50;
/// The sequences are dealt to so many tests, which run side by side.
const PARTS: u64 = 5;
/// Runs that cutting a failure down may take.
const CUTS: usize = 150;

fn number(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// The sequences of one part, each over a database of its own.
async fn part(part: u64) {
    let all = number("COPYDESK_MODEL_SEQUENCES").unwrap_or(SEQUENCES);
    let seeds = number("COPYDESK_MODEL_SEED").map_or(0..all, |seed| seed..seed + 1);
    for seed in seeds.filter(|seed| seed % PARTS == part) {
        let mut dice = Dice::of(seed);
        let steps: Vec<u64> = (0..STEPS).map(|_| dice.next()).collect();
        if let Err(failure) = play(&steps).await {
            let shortest = cut_down(steps[..failure.told.len()].to_vec(), failure).await;
            panic!(
                "the sequence of seed {seed} fails; the steps of it that are needed:\n{}\n{}",
                shortest.told.join("\n"),
                shortest.why
            );
        }
    }
}

/// Plays steps on a fresh application. A panic, such as that of an answer that the document does not know, is a failure too.
async fn play(steps: &[u64]) -> Result<(), Failure> {
    let app = TestApp::start().await;
    let mut run = Run::new(&app);
    for step in steps {
        let done = AssertUnwindSafe(run.step(*step)).catch_unwind().await;
        let why = match done {
            Ok(Ok(())) => continue,
            Ok(Err(why)) => why,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                text.unwrap_or_else(|| "a panic without words".to_owned())
            }
        };
        return Err(Failure { told: run.told, why });
    }
    Ok(())
}

/// Leaves steps out as long as it still fails: halves first, then less, then one by one.
async fn cut_down(mut steps: Vec<u64>, mut failure: Failure) -> Failure {
    let mut runs = 0;
    let mut size = steps.len().div_ceil(2);
    loop {
        let mut from = 0;
        while from < steps.len() && runs < CUTS {
            let mut fewer = steps.clone();
            fewer.drain(from..(from + size).min(steps.len()));
            runs += 1;
            match play(&fewer).await {
                Err(again) => {
                    fewer.truncate(again.told.len());
                    (steps, failure) = (fewer, again);
                }
                Ok(()) => from += size,
            }
        }
        if size <= 1 || runs >= CUTS {
            return failure;
        }
        size = size.div_ceil(2);
    }
}

#[actix_web::test]
async fn links_are_as_the_model_says_in_the_first_part() {
    part(0).await;
}

#[actix_web::test]
async fn links_are_as_the_model_says_in_the_second_part() {
    part(1).await;
}

#[actix_web::test]
async fn links_are_as_the_model_says_in_the_third_part() {
    part(2).await;
}

#[actix_web::test]
async fn links_are_as_the_model_says_in_the_fourth_part() {
    part(3).await;
}

#[actix_web::test]
async fn links_are_as_the_model_says_in_the_fifth_part() {
    part(4).await;
}
