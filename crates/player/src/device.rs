//! The loudspeaker: finding it, opening it, and noticing that it is gone.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rodio::cpal::traits::{DeviceTrait, HostTrait};
use rodio::cpal::{self, ErrorKind};
use rodio::{DeviceSinkBuilder, MixerDeviceSink};

use crate::chime::{Chime, Tones};
use crate::error::Error;
use crate::feed::Feed;

/// Where sound goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputChoice {
    /// The system's default device.
    DefaultDevice,
    /// The device of this name; the default one when there is none of it any more.
    Named(String),
    /// No device: sound is taken with [`crate::Player::pull`], which is then the clock.
    None,
}

/// Names of the devices sound can go to, as the system gives them, each once.
pub fn output_devices() -> Vec<String> {
    let Ok(devices) = cpal::default_host().output_devices() else { return Vec::new() };
    let mut names: Vec<String> = devices.filter_map(|device| name_of(&device)).collect();
    names.sort();
    names.dedup();
    names
}

/// Name of the device sound goes to by default. Opens nothing.
///
/// # Errors
/// [`Error::NoDevice`].
pub fn default_output() -> Result<String, Error> {
    let device = find(&OutputChoice::DefaultDevice)?;
    device.default_output_config().map_err(|error| Error::NoDevice { reason: error.to_string() })?;
    Ok(name_of(&device).unwrap_or_else(|| "default".to_owned()))
}

fn name_of(device: &cpal::Device) -> Option<String> {
    device.description().ok().map(|description| description.name().to_owned())
}

fn find(choice: &OutputChoice) -> Result<cpal::Device, Error> {
    let host = cpal::default_host();
    if let OutputChoice::Named(name) = choice {
        let named = host.output_devices().ok().and_then(|mut devices| {
            devices.find(|device| name_of(device).is_some_and(|found| found == *name))
        });
        if let Some(device) = named {
            return Ok(device);
        }
        tracing::warn!("the chosen audio device is not there: the default one is used");
    }
    host.default_output_device().ok_or_else(|| Error::NoDevice { reason: "the system has none".to_owned() })
}

/// Tells from its errors whether a stream is over.
#[derive(Clone)]
struct Errors {
    /// Those since this moment.
    count: u32,
    since: Instant,
    last: Instant,
}

impl Errors {
    /// Sound systems report many things that pass by themselves, but not this many for this long: ALSA's way to a sound
    /// server that is gone fails again at once, for ever, without saying that the device is not there. A device that is
    /// late at every period reports less.
    const MANY: u32 = 60;
    const LONG: Duration = Duration::from_millis(500);
    /// An error so soon after the last one came of trying again at once.
    const AT_ONCE: Duration = Duration::from_millis(2);
    /// Between two of those: failing must not use up a core.
    const REST: Duration = Duration::from_millis(5);

    fn new(now: Instant) -> Self {
        Self { count: 0, since: now, last: now }
    }

    /// True when the stream is over with this error, reported at `now`.
    fn over(&mut self, kind: ErrorKind, now: Instant) -> bool {
        if now - self.since > Self::LONG * 2 {
            (self.count, self.since) = (0, now);
        }
        self.count += 1;
        let said = matches!(
            kind,
            ErrorKind::DeviceNotAvailable | ErrorKind::StreamInvalidated | ErrorKind::HostUnavailable
        );
        said || (self.count >= Self::MANY && now - self.since >= Self::LONG)
    }

    /// Holds up a stream that does nothing but fail.
    fn slow_down(&mut self, now: Instant) {
        if now - self.last < Self::AT_ONCE {
            thread::park_timeout(Self::REST);
        }
        self.last = Instant::now();
    }
}

/// An open device. Silent and closed once dropped.
pub(crate) struct Output {
    sink: MixerDeviceSink,
    broken: Arc<AtomicBool>,
}

impl Output {
    /// Opens the device and connects what `feed` makes for its rate and channels.
    pub(crate) fn open(
        choice: &OutputChoice,
        feed: impl FnOnce(NonZeroU32, NonZeroU16) -> Feed,
    ) -> Result<Self, Error> {
        let no_device = |error: rodio::DeviceSinkError| Error::NoDevice { reason: error.to_string() };
        let broken = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&broken);
        let mut errors = Errors::new(Instant::now());
        let mut sink = DeviceSinkBuilder::from_device(find(choice)?)
            .map_err(no_device)?
            // 21 ms at 48 kHz: small enough that a click on Play or on the waveform is heard at once.
            .with_buffer_size(cpal::BufferSize::Fixed(1024))
            .with_error_callback(move |error: cpal::Error| {
                let now = Instant::now();
                if errors.over(error.kind(), now) && !told.swap(true, Ordering::AcqRel) {
                    tracing::warn!(%error, "the audio device is over");
                }
                errors.slow_down(now);
            })
            .open_sink_or_fallback()
            .map_err(no_device)?;
        sink.log_on_drop(false);
        let config = sink.config();
        sink.mixer().add(feed(config.sample_rate(), config.channel_count()));
        Ok(Self { sink, broken })
    }

    /// Sounds a chime beside whatever sounds.
    pub(crate) fn chime(&self, chime: Chime) {
        let config = self.sink.config();
        self.sink.mixer().add(Tones::new(chime, config.sample_rate(), config.channel_count()));
    }

    /// True when the sound system said that the stream is over.
    pub(crate) fn broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_over_when_it_says_so_or_never_stops_failing() {
        let begun = Instant::now();
        let after = |millis| begun + Duration::from_millis(millis);
        assert!(Errors::new(begun).over(ErrorKind::DeviceNotAvailable, begun), "it said so");
        // A device that is late at every period, on a machine that does not keep up, plays on.
        let mut errors = Errors::new(begun);
        for period in 0..500 {
            assert!(!errors.over(ErrorKind::Xrun, after(period * 21)), "period {period}");
        }
        // So does one that fails a hundred times while its stream is made again.
        let mut errors = Errors::new(begun);
        assert!((0..100).all(|millis| !errors.over(ErrorKind::BackendError, after(millis))));
        let mut errors = Errors::new(begun);
        let over = (0..1000).step_by(5).find(|millis| errors.over(ErrorKind::BackendError, after(*millis)));
        assert_eq!(over, Some(500));
    }
}
