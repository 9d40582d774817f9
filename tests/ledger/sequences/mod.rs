//! Random operations against the model, on both databases, through the ledger's own functions.
//!
//! `VILDAR_SEQUENCES=10000` runs so many sequences instead of some hundreds, `VILDAR_SEED=7` runs
//! others. A failure is shrunk, and told with its seed.

mod expect;
mod holding;
mod ops;
mod outcome;
mod run;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use self::run::Run;
use crate::{support::both::Which, world::World};

fn asked_for() -> Option<u32> {
    std::env::var("VILDAR_SEQUENCES").ok()?.parse().ok()
}

/// Long runs have long sequences too.
fn longest() -> usize {
    if asked_for().is_some() { 100 } else { 70 }
}

#[test]
fn random_sequences_agree_with_the_model_on_sqlite() {
    run(Which::Sqlite, 500, 0..1);
}

#[test]
fn random_sequences_agree_with_the_model_on_postgres() {
    run(Which::Postgres, 250, 0..1);
}

#[test]
fn a_large_account_agrees_with_the_model_on_sqlite() {
    run(Which::Sqlite, 80, LARGE);
}

#[test]
fn a_large_account_agrees_with_the_model_on_postgres() {
    run(Which::Postgres, 40, LARGE);
}

/// More entries than all of whose lots are loaded; some only come to be so many.
const LARGE: std::ops::Range<u16> = 245..420;

fn run(which: Which, cases: u32, credits: std::ops::Range<u16>) {
    let Some(world) = World::on(which) else { return };
    let seed: u64 = std::env::var("VILDAR_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: asked_for().unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: 3000,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let sequences = ops::sequence(longest(), credits);
    let outcome = TestRunner::new_with_rng(config, rng).run(&sequences, |sequence| {
        runtime.block_on(Run::new(&world, &sequence)).go(&runtime, &sequence)
    });
    if let Err(error) = outcome {
        panic!("with VILDAR_SEED={seed}: {error}");
    }
    runtime.block_on(world.assert_adds_up());
}
