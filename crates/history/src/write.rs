//! The writing side: one thread, one transaction every few seconds; whoever tells it something never waits.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use atalaya_floor::wire::{Alert, Snapshot};
use atalaya_store::{Error, Store};

use crate::bundle::Bundle;
use crate::filling::{self, Arrived, Filled};
use crate::forecasts::ForecastKept;
use crate::hours::put_in_order;
use crate::record::{Recorder, hour_of};
use crate::tables::{Bounds, clear, tidy};
use crate::words::Words;

/// Between two transactions, milliseconds of the snapshots' own time.
const COMMIT_EVERY_MS: i64 = 3_000;
/// A disk that takes nothing: beyond so many bytes what is waiting is let go.
const MOST_WAITING: usize = 16_000_000;

/// Tellings of forecasts waiting while the disk takes nothing.
const MOST_FORECASTS: usize = 100;

/// What the thread is told.
pub(crate) enum Message {
    Snapshot(i64, Arc<Snapshot>),
    Alerts(i64, Vec<Alert>),
    Forecasts(i64, Vec<ForecastKept>),
    Offset(i64, i32),
    Bounds(Bounds),
    /// Answered once everything told before is in the file.
    Flush(Sender<()>),
    Fill {
        site: i64,
        bytes: Vec<u8>,
        shift_ms: i64,
        by: String,
        done: Sender<Result<Filled, Error>>,
    },
    Clear(Sender<Result<(), Error>>),
}

pub(crate) struct Writer {
    pub(crate) store: Store,
    pub(crate) words: Words,
    pub(crate) bounds: Bounds,
    pub(crate) generation: Arc<AtomicU64>,
    pub(crate) recorders: HashMap<i64, Recorder>,
    pub(crate) alerts: Vec<(i64, Vec<Alert>)>,
    pub(crate) forecasts: Vec<(i64, Vec<ForecastKept>)>,
    /// The hour being written, by site.
    pub(crate) hours: HashMap<i64, i64>,
    pub(crate) failing: bool,
    /// Snapshots told and not taken yet.
    pub(crate) waiting: Arc<AtomicUsize>,
}

impl Writer {
    /// Until nobody is left to tell it anything.
    pub(crate) fn run(mut self, receiver: &Receiver<Message>) {
        loop {
            match receiver.recv_timeout(Duration::from_millis(COMMIT_EVERY_MS as u64)) {
                Ok(message) => self.hear(message),
                Err(RecvTimeoutError::Timeout) => self.commit(),
                Err(RecvTimeoutError::Disconnected) => {
                    self.commit();
                    return;
                }
            }
        }
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Snapshot(site, snapshot) => {
                self.waiting.fetch_sub(1, Ordering::SeqCst);
                let recorder = self.recorders.entry(site).or_default();
                recorder.take(&snapshot, &mut self.words);
                let due = |begun: i64| snapshot.at_ms - begun >= COMMIT_EVERY_MS;
                if recorder.batches.first().is_some_and(|batch| due(batch.begun_ms)) {
                    self.commit();
                }
            }
            Message::Alerts(site, alerts) => self.alerts.push((site, alerts)),
            Message::Forecasts(site, forecasts) => {
                // A disk that takes nothing: the newest are let go, as records of the past are of less worth than it.
                if self.forecasts.len() < MOST_FORECASTS {
                    self.forecasts.push((site, forecasts));
                }
            }
            Message::Offset(site, secs) => {
                let kept = self.store.with(|connection| {
                    connection.execute("UPDATE site SET offset_secs = ?2 WHERE id = ?1", (site, secs))
                });
                self.note(&kept.map(drop));
            }
            Message::Bounds(bounds) => {
                self.bounds = bounds;
                let now_ms = self.recorders.values().filter_map(|one| one.run).map(|(_, until)| until).max();
                if let Some(now_ms) = now_ms {
                    self.tidy(now_ms);
                }
            }
            Message::Flush(done) => {
                self.commit();
                // Whoever asked may have gone.
                let _ = done.send(());
            }
            Message::Fill { site, bytes, shift_ms, by, done } => {
                // What is known here comes first.
                self.commit();
                let filled = self.fill(site, &Arrived { bytes: &bytes, shift_ms, by: &by });
                // Whoever asked may have gone.
                let _ = done.send(filled);
            }
            Message::Clear(done) => {
                for recorder in self.recorders.values_mut() {
                    recorder.start_over();
                }
                self.alerts.clear();
                self.forecasts.clear();
                let cleared = self.store.with(clear);
                if cleared.is_ok() {
                    self.words = Words::default();
                    self.generation.fetch_add(1, Ordering::SeqCst);
                }
                let _ = done.send(cleared);
            }
        }
    }

    /// Writes what is waiting, and puts the hours that are over in order.
    fn commit(&mut self) {
        let (words, recorders, alerts) = (&self.words, &self.recorders, &self.alerts);
        let forecasts = &self.forecasts;
        let nothing = alerts.is_empty() && forecasts.is_empty();
        if nothing && recorders.values().all(|one| one.batches.is_empty() && one.run_kept()) {
            return;
        }
        let written = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            words.write(&transaction)?;
            for (site, recorder) in recorders {
                for batch in &recorder.batches {
                    transaction
                        .prepare_cached("INSERT INTO batch (site, hour, body) VALUES (?1, ?2, ?3)")?
                        .execute((site, batch.hour, &batch.body))?;
                }
                for (from, until) in recorder.runs() {
                    transaction
                        .prepare_cached(
                            "INSERT OR REPLACE INTO run (site, from_ms, until_ms) VALUES (?1, ?2, ?3)",
                        )?
                        .execute((site, from, until))?;
                }
            }
            for (site, alerts) in alerts {
                crate::alerts::keep(&transaction, *site, alerts)?;
            }
            for (site, forecasts) in forecasts {
                crate::forecasts::keep(&transaction, *site, forecasts)?;
            }
            transaction.commit()
        });
        if written.is_ok() {
            self.words.written();
            self.alerts.clear();
            self.forecasts.clear();
            for recorder in self.recorders.values_mut() {
                recorder.kept();
            }
        } else if self.recorders.values().map(Recorder::bytes).sum::<usize>() > MOST_WAITING {
            for recorder in self.recorders.values_mut() {
                recorder.start_over();
            }
        }
        self.note(&written);
        if written.is_ok() {
            self.turn_of_the_hour();
        }
    }

    fn turn_of_the_hour(&mut self) {
        let now: Vec<(i64, i64)> =
            self.recorders.iter().filter_map(|(site, recorder)| Some((*site, recorder.run?.1))).collect();
        for (site, now_ms) in now {
            let hour = hour_of(now_ms);
            if self.hours.insert(site, hour) == Some(hour) {
                continue;
            }
            let ordered = self.store.with(|connection| {
                let transaction = connection.transaction()?;
                put_in_order(&transaction, site, hour)?;
                transaction.commit()
            });
            self.note(&ordered);
            self.tidy(now_ms);
        }
    }

    fn fill(&mut self, site: i64, arrived: &Arrived<'_>) -> Result<Filled, Error> {
        // An hour that is not over here is being written.
        let before =
            self.recorders.get(&site).and_then(|recorder| recorder.run).map(|(_, until)| hour_of(until));
        if Bundle::hour_of(arrived.bytes).zip(before).is_some_and(|(hour, now)| hour >= now) {
            return Ok(Filled::Nothing);
        }
        let words = &mut self.words;
        let filled = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let filled = filling::fill(&transaction, site, arrived, words)?;
            transaction.commit()?;
            Ok(filled)
        });
        if matches!(filled, Ok(Filled::Gap(_))) {
            self.words.written();
        }
        filled
    }

    fn tidy(&mut self, now_ms: i64) {
        let bounds = self.bounds;
        let tidied = self.store.with(|connection| tidy(connection, now_ms, bounds));
        self.note(&tidied.map(drop));
    }

    /// A failure is told once, not every three seconds.
    fn note(&mut self, outcome: &Result<(), Error>) {
        if let Err(error) = outcome
            && !self.failing
        {
            tracing::error!(%error, "the history could not be written; the floor goes on without it");
        }
        self.failing = outcome.is_err();
    }
}
