//! The loudspeaker: finding it, opening it, and noticing that it is gone.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
        let mut sink = DeviceSinkBuilder::from_device(find(choice)?)
            .map_err(no_device)?
            // 21 ms at 48 kHz: small enough that a click on Play or on the waveform is heard at once.
            .with_buffer_size(cpal::BufferSize::Fixed(1024))
            .with_error_callback(move |error: cpal::Error| {
                // Sound systems report many things that pass by themselves; only these mean that the stream is over.
                let over = matches!(
                    error.kind(),
                    ErrorKind::DeviceNotAvailable | ErrorKind::StreamInvalidated | ErrorKind::HostUnavailable
                );
                if over {
                    told.store(true, Ordering::Release);
                }
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
