//! How an emulator behaves: port, quota, delay, credentials, faults.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::Date;

use super::clock::Clock;
use super::faults::Fault;
use super::seeded_rng::SeededRng;

/// The settings of an emulator. `Debug` does not show the credentials.
#[derive(Clone)]
pub struct Settings {
    /// Port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// Billed calls per day (`max` of `api_info`); after them every call is refused with 4013.
    pub quota: u64,
    /// The last day of the key. With it `api_info` has its richer shape, and calls after that day get 4013.
    pub expires: Option<Date>,
    /// How long an answer takes that the vendor's cache does not have.
    pub delay: Delay,
    /// The only key and secret that are let in; `None` lets in every pair without an empty part.
    pub credentials: Option<(String, String)>,
    /// How many calls may be under way at once; one more is refused with 4008. `None` for no limit.
    pub concurrency: Option<usize>,
    /// A fault for every call, whatever its ID.
    pub fault: Option<Fault>,
    /// Compress answers for clients that accept gzip.
    pub gzip: bool,
    /// The clock. It decides Beijing's midnight, ages in the cache, and the drift of stock and price.
    pub clock: Clock,
    /// How long stock and price stay the same: the price for six of these spans, the stock for one.
    pub drift: Duration,
    /// Turns the delays and request IDs; items do not depend on it.
    pub seed: u64,
}

impl Settings {
    /// Stock changes by the hour, as at a seller's.
    const HOURLY: Duration = Duration::from_secs(3600);
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            quota: 10_000,
            expires: None,
            delay: Delay::default(),
            credentials: None,
            concurrency: None,
            fault: None,
            gzip: true,
            clock: Clock::system(),
            drift: Self::HOURLY,
            seed: 0,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { port, quota, expires, delay, credentials, concurrency, fault, gzip, clock, drift, seed } =
            self;
        f.debug_struct("Settings")
            .field("port", port)
            .field("quota", quota)
            .field("expires", expires)
            .field("delay", delay)
            .field("credentials", &if credentials.is_some() { "one pair (hidden)" } else { "any pair" })
            .field("concurrency", concurrency)
            .field("fault", fault)
            .field("gzip", gzip)
            .field("clock", clock)
            .field("drift", drift)
            .field("seed", seed)
            .finish()
    }
}

/// The span of time from which each call's delay is drawn, evenly.
///
/// Written in seconds: `0`, `1.5` or `0.6-2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    min: Duration,
    max: Duration,
}

impl Delay {
    /// Answers as fast as the machine can.
    pub const NONE: Self = Self { min: Duration::ZERO, max: Duration::ZERO };

    /// The longest that can be asked for, in seconds.
    const LONGEST: f64 = 3600.0;

    /// From `min` to `max`; the two are swapped if `min` is the longer.
    pub fn between(min: Duration, max: Duration) -> Self {
        Self { min: min.min(max), max: max.max(min) }
    }

    /// The delay of one call.
    pub(super) fn draw(self, rng: &mut SeededRng) -> Duration {
        let thousandths = u32::try_from(rng.below(1001)).unwrap_or(0);
        self.min + self.max.saturating_sub(self.min).mul_f64(f64::from(thousandths) / 1000.0)
    }

    /// The delay of an answer that costs the vendor no work: a refusal, or one from its cache. 80 ms, as
    /// captured (`execution_time` 0.081), and less where all delays are short.
    pub(super) fn short(self) -> Duration {
        (self.max / 25).min(Duration::from_millis(80))
    }
}

impl Default for Delay {
    /// 0.6 to 2 seconds: quicker than the vendor (1 to 8), slow enough to see how waiting looks.
    fn default() -> Self {
        Self { min: Duration::from_millis(600), max: Duration::from_secs(2) }
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min.as_secs_f64(), self.max.as_secs_f64()) {
            (_, max) if self.min == self.max => write!(f, "{max}"),
            (min, max) => write!(f, "{min}-{max}"),
        }
    }
}

/// A text that is no [`Delay`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no delay: give seconds (0 to 3600) as 0, 1.5 or a span such as 0.6-2")]
pub struct DelayError(String);

impl FromStr for Delay {
    type Err = DelayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (min, max) = text.split_once('-').unwrap_or((text, text));
        match (seconds(min), seconds(max)) {
            (Some(min), Some(max)) if min <= max => Ok(Self { min, max }),
            _ => Err(DelayError(text.to_owned())),
        }
    }
}

fn seconds(text: &str) -> Option<Duration> {
    let number: f64 = text.trim().parse().ok()?;
    (0.0..=Delay::LONGEST).contains(&number).then(|| Duration::from_secs_f64(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_reads_and_writes_seconds() {
        for text in ["0", "1.5", "0.6-2"] {
            assert_eq!(text.parse::<Delay>().unwrap().to_string(), text);
        }
        assert_eq!("0".parse(), Ok(Delay::NONE));
        assert_eq!(Delay::default().to_string(), "0.6-2");
    }

    #[test]
    fn a_text_that_is_no_delay_says_what_to_write() {
        for text in ["", "-1", "2-1", "x", "nan", "1e9", "1-2-3"] {
            let error = text.parse::<Delay>().unwrap_err();
            assert!(error.to_string().contains("0.6-2"), "{error}");
        }
    }

    #[test]
    fn drawn_delays_stay_inside_of_the_span_and_no_delay_is_none() {
        let mut rng = SeededRng::new("delay", "test");
        for _ in 0..100 {
            let drawn = Delay::default().draw(&mut rng);
            assert!((0.6..=2.0).contains(&drawn.as_secs_f64()));
        }
        assert_eq!(Delay::NONE.draw(&mut rng), Duration::ZERO);
        assert_eq!(Delay::NONE.short(), Duration::ZERO);
        assert_eq!(Delay::default().short(), Duration::from_millis(80));
    }

    #[test]
    fn debug_output_holds_no_credentials() {
        let settings =
            Settings { credentials: Some(("k-1234".into(), "s-5678".into())), ..Settings::default() };
        let text = format!("{settings:?}");
        assert!(!text.contains("1234") && !text.contains("5678"), "{text}");
    }
}
