//! Random sequences of what a newsroom does to a few stories and what they name, the clock moved on between the steps. What
//! readers were answered after each step is what `as_of` answers at the end, byte for byte.
//!
//! `COPYDESK_AS_OF_SEED` plays one sequence alone.

mod moves;
mod seen;

use copydesk::domain::time::Clock as _;

use crate::support::{Dice, TestApp};
use moves::Newsroom;
use seen::Seen;

const STEPS: usize = 45;
const SEQUENCES: u64 = 8;
/// The sequences are dealt to so many tests, which run side by side.
const PARTS: u64 = 2;

async fn play(seed: u64) {
    let app = TestApp::start().await;
    let mut room = Newsroom::open(&app, Dice::of(seed)).await;
    let mut answers: Vec<(usize, Seen)> = Vec::new();
    for step in 0..STEPS {
        room.step().await;
        // Of what happens in one moment only the last is seen.
        answers.retain(|(_, one)| one.at != app.clock.now());
        for question in room.questions() {
            answers.push((step, Seen::ask(&app, question).await));
        }
    }
    app.clock.advance(1);
    let live = answers.iter().filter(|(_, one)| one.status() == 200).count();
    assert!(live > answers.len() / 3, "seed {seed}: {live} of {}", answers.len());
    for (step, one) in &answers {
        if let Err(why) = one.again(&app).await {
            panic!("seed {seed}, step {step}: {why}\n{}", room.told.join("\n"));
        }
    }
}

/// The sequences of one part, each over a database of its own.
async fn part(part: u64) {
    let chosen = std::env::var("COPYDESK_AS_OF_SEED").ok();
    let chosen = chosen.map(|text| text.parse().expect("COPYDESK_AS_OF_SEED is a number"));
    let seeds = chosen.map_or(0..SEQUENCES, |seed: u64| seed..seed + 1);
    for seed in seeds.filter(|seed| seed % PARTS == part) {
        play(seed).await;
    }
}

#[actix_web::test]
async fn what_readers_saw_is_answered_again_in_the_first_part() {
    part(0).await;
}

#[actix_web::test]
async fn what_readers_saw_is_answered_again_in_the_second_part() {
    part(1).await;
}
