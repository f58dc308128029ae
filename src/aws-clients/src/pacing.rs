//! Keeps every operation below AWS's documented rate, in the order in which callers asked.
//!
//! One bucket per operation and Region, shared by all tasks of the process. A throttle slows its
//! bucket down for a while, since other processes share the account's rate.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::clock::Clock;
use crate::cx::Cx;
use crate::names::Region;
use crate::operation::Operation;

/// Calls in flight at once, over all operations. Each holds a connection, and connections are
/// what the process spends its memory on.
const IN_FLIGHT: usize = 20;

/// The window over which AWS counts, with a margin for the jitter of the network.
const WINDOW: Duration = Duration::from_millis(1020);

/// Rate that an operation without a documented one is held to after its first throttle.
const LEARNED_RATE: u32 = 20;

/// Share of the rate that comes back per second without a throttle.
const RECOVERY_PER_SECOND: f64 = 0.05;

/// Least share of the rate, however many throttles there are.
const FLOOR: f64 = 0.1;

/// Admits calls.
#[derive(Debug)]
pub(crate) struct Pacer {
    clock: Arc<dyn Clock>,
    buckets: Mutex<HashMap<(Operation, Region), Arc<Bucket>>>,
    in_flight: Semaphore,
    adaptive: bool,
}

/// Why a call was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Cancelled,
    TimedOut,
}

#[derive(Debug)]
struct Bucket {
    /// Who holds it is next; Tokio's mutex is fair.
    turn: tokio::sync::Mutex<()>,
    pace: Mutex<Pace>,
}

impl Pacer {
    /// With `adaptive`, a throttle slows the other operations of the service down as well.
    pub(crate) fn new(clock: Arc<dyn Clock>, adaptive: bool) -> Self {
        Self {
            clock,
            buckets: Mutex::default(),
            in_flight: Semaphore::new(IN_FLIGHT),
            adaptive,
        }
    }

    /// Completes when the call may be sent. The permit is held until its answer is there.
    pub(crate) async fn admit(
        &self,
        cx: &Cx,
        operation: Operation,
        region: &Region,
    ) -> Result<SemaphorePermit<'_>, Stop> {
        let bucket = self.bucket(operation, region);
        {
            let _turn = cancellable(cx, bucket.turn.lock()).await?;
            loop {
                let delay = bucket.pace().delay(self.clock.elapsed());
                pause(cx, &*self.clock, delay).await?;
                if delay.is_zero() {
                    break;
                }
            }
            bucket.pace().take(self.clock.elapsed());
        }
        let permit = cancellable(cx, self.in_flight.acquire()).await?;
        // The semaphore is never closed.
        permit.map_err(|_| Stop::Cancelled)
    }

    /// Slows down what AWS has throttled.
    pub(crate) fn throttled(&self, operation: Operation, region: &Region) {
        let now = self.clock.elapsed();
        if self.adaptive {
            let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
            let same_service =
                |key: &(Operation, Region)| key.0.service() == operation.service() && key.1 == *region;
            for (_, bucket) in buckets.iter().filter(|(key, _)| same_service(key)) {
                bucket.pace().slow_down(now);
            }
        } else {
            self.bucket(operation, region).pace().slow_down(now);
        }
    }

    fn bucket(&self, operation: Operation, region: &Region) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry((operation, region.clone())).or_insert_with(|| {
            Arc::new(Bucket {
                turn: tokio::sync::Mutex::default(),
                pace: Mutex::new(Pace::new(operation.documented_rate())),
            })
        });
        Arc::clone(bucket)
    }
}

impl Bucket {
    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for something, unless Terraform asks to stop.
pub(crate) async fn cancellable<T>(cx: &Cx, future: impl Future<Output = T>) -> Result<T, Stop> {
    tokio::select! {
        biased;
        () = cx.cancellation().cancelled() => Err(Stop::Cancelled),
        value = future => Ok(value),
    }
}

/// Sleeps, unless Terraform asks to stop or the deadline comes first.
pub(crate) async fn pause(cx: &Cx, clock: &dyn Clock, duration: Duration) -> Result<(), Stop> {
    if cx.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    let remaining = cx.remaining(clock);
    if remaining.is_some_and(|remaining| remaining.is_zero()) {
        return Err(Stop::TimedOut);
    }
    if duration.is_zero() {
        return Ok(());
    }
    let sleep = remaining.map_or(duration, |remaining| remaining.min(duration));
    cancellable(cx, clock.sleep(sleep)).await?;
    if cx.remaining(clock).is_some_and(|remaining| remaining.is_zero()) {
        return Err(Stop::TimedOut);
    }
    Ok(())
}

/// The arithmetic of one bucket, on the scale of [`Clock::elapsed`].
///
/// Two limits hold at once: a token bucket whose burst is half a second's worth, so that a small
/// plan does not wait at all; and never more than the documented number in any window, so that the
/// burst is paid back within its own second.
#[derive(Debug)]
struct Pace {
    documented: Option<u32>,
    /// The rate that throttles have taught, where none is documented.
    learned: Option<u32>,
    /// When the token bucket is full again, as the generic cell rate algorithm keeps it.
    full_at: Duration,
    recent: VecDeque<Duration>,
    /// Share of the rate that was left after the last throttle, and when that was.
    slowed: Option<(f64, Duration)>,
}

impl Pace {
    fn new(documented: Option<u32>) -> Self {
        Self {
            documented,
            learned: None,
            full_at: Duration::ZERO,
            recent: VecDeque::new(),
            slowed: None,
        }
    }

    /// How long the next call has to wait.
    fn delay(&mut self, now: Duration) -> Duration {
        let Some(rate) = self.rate(now) else {
            return Duration::ZERO;
        };
        let full_early = self.interval(rate, now) * (burst(rate) - 1);
        let by_bucket = self.full_at.saturating_sub(full_early).saturating_sub(now);
        let by_window = match self.recent.front() {
            Some(oldest) if self.recent.len() >= rate as usize => (*oldest + WINDOW).saturating_sub(now),
            _ => Duration::ZERO,
        };
        by_bucket.max(by_window)
    }

    /// Notes that a call is sent.
    fn take(&mut self, now: Duration) {
        let Some(rate) = self.rate(now) else { return };
        self.full_at = self.full_at.max(now) + self.interval(rate, now);
        self.recent.push_back(now);
        while self.recent.len() > rate as usize {
            self.recent.pop_front();
        }
    }

    /// Halves the rate and takes the burst away.
    fn slow_down(&mut self, now: Duration) {
        let share = (self.share(now) / 2.0).max(FLOOR);
        // Throttles that answer calls sent before the last slow-down say nothing new.
        if self
            .slowed
            .is_some_and(|(_, since)| now.saturating_sub(since) < WINDOW)
        {
            return;
        }
        self.slowed = Some((share, now));
        if self.documented.is_none() {
            self.learned = Some(LEARNED_RATE);
        }
        if let Some(rate) = self.rate(now) {
            self.full_at = self.full_at.max(now) + self.interval(rate, now) * burst(rate);
        }
    }

    fn rate(&mut self, now: Duration) -> Option<u32> {
        if self.learned.is_some() && self.share(now) >= 1.0 {
            self.learned = None;
            self.recent.clear();
        }
        self.documented.or(self.learned)
    }

    fn share(&self, now: Duration) -> f64 {
        self.slowed.map_or(1.0, |(share, since)| {
            (share + RECOVERY_PER_SECOND * now.saturating_sub(since).as_secs_f64()).min(1.0)
        })
    }

    fn interval(&self, rate: u32, now: Duration) -> Duration {
        Duration::from_secs_f64(1.0 / (f64::from(rate) * self.share(now)))
    }
}

/// Calls that may go out at once after a quiet second.
fn burst(rate: u32) -> u32 {
    (rate / 2).max(1)
}

#[cfg(test)]
mod tests {
    use super::{Pace, Pacer, Stop};
    use crate::clock::{Clock, JumpingClock};
    use crate::cx::Cx;
    use crate::names::Region;
    use crate::operation::Operation;
    use jiff::Timestamp;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio_util::sync::CancellationToken;

    /// Moments at which `count` callers get through who all ask at once.
    fn moments(pace: &mut Pace, mut now: Duration, count: usize) -> Vec<Duration> {
        (0..count)
            .map(|_| {
                now += pace.delay(now);
                pace.take(now);
                now
            })
            .collect()
    }

    fn most_in_a_second(moments: &[Duration]) -> usize {
        let second = Duration::from_secs(1);
        moments
            .iter()
            .map(|from| {
                moments
                    .iter()
                    .filter(|m| **m >= *from && **m < *from + second)
                    .count()
            })
            .max()
            .unwrap()
    }

    #[test]
    fn five_hundred_describes_take_fifty_seconds_and_never_more_than_ten_a_second() {
        let moments = moments(&mut Pace::new(Some(10)), Duration::ZERO, 500);
        let last = moments.last().unwrap().as_secs_f64();
        assert!((49.0..=51.0).contains(&last), "{last}");
        assert_eq!(most_in_a_second(&moments), 10);
    }

    #[test]
    fn a_small_plan_does_not_wait() {
        let moments = moments(&mut Pace::new(Some(10)), Duration::from_secs(7), 6);
        assert_eq!(moments[4], Duration::from_secs(7));
        assert!(moments[5] > Duration::from_secs(7));
    }

    #[test]
    fn every_documented_rate_is_kept() {
        for rate in [1, 5, 10, 50] {
            let mut pace = Pace::new(Some(rate));
            let mut all = moments(&mut pace, Duration::ZERO, 100);
            all.extend(moments(
                &mut pace,
                *all.last().unwrap() + Duration::from_millis(1700),
                100,
            ));
            assert!(most_in_a_second(&all) <= rate as usize, "{rate}");
        }
    }

    #[test]
    fn a_throttle_halves_the_rate_and_time_brings_it_back() {
        let mut pace = Pace::new(Some(10));
        pace.slow_down(Duration::ZERO);
        let slowed = moments(&mut pace, Duration::ZERO, 10);
        assert!(
            *slowed.last().unwrap() >= Duration::from_millis(1500),
            "{slowed:?}"
        );
        let later = moments(&mut pace, Duration::from_secs(60), 100);
        let took = *later.last().unwrap() - Duration::from_secs(60);
        assert!(took <= Duration::from_secs(10), "{took:?}");
    }

    #[test]
    fn throttles_of_one_burst_count_once() {
        let mut pace = Pace::new(Some(10));
        for milli in 0..50 {
            pace.slow_down(Duration::from_millis(milli));
        }
        assert!((pace.share(Duration::from_millis(50)) - 0.5).abs() < 0.01);
    }

    #[test]
    fn an_undocumented_operation_is_free_until_it_is_throttled() {
        let mut pace = Pace::new(None);
        assert_eq!(
            *moments(&mut pace, Duration::ZERO, 1000).last().unwrap(),
            Duration::ZERO
        );
        pace.slow_down(Duration::ZERO);
        assert!(*moments(&mut pace, Duration::ZERO, 20).last().unwrap() > Duration::from_secs(1));
        assert_eq!(pace.delay(Duration::from_secs(100)), Duration::ZERO);
        let free = moments(&mut pace, Duration::from_secs(100), 1000);
        assert_eq!(*free.last().unwrap(), Duration::from_secs(100));
    }

    #[tokio::test]
    async fn callers_get_through_in_order_and_the_regions_apart() {
        let clock = JumpingClock::at(Timestamp::UNIX_EPOCH);
        let pacer = Arc::new(Pacer::new(clock.shared(), false));
        let (order, mut seen) = tokio::sync::mpsc::unbounded_channel();
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..40 {
            let (pacer, order) = (Arc::clone(&pacer), order.clone());
            tasks.spawn(async move {
                let region = Region::new("eu-west-1");
                drop(
                    pacer
                        .admit(&Cx::default(), Operation::DescribeBackup, &region)
                        .await
                        .unwrap(),
                );
                order.send(number).unwrap();
            });
        }
        tasks.join_all().await;
        drop(order);
        let mut numbers = Vec::new();
        while let Some(number) = seen.recv().await {
            numbers.push(number);
        }
        assert!(numbers.is_sorted(), "{numbers:?}");
        let took = clock.elapsed();
        assert!(
            took >= Duration::from_millis(3400) && took < Duration::from_secs(4),
            "{took:?}"
        );
        drop(
            pacer
                .admit(
                    &Cx::default(),
                    Operation::DescribeBackup,
                    &Region::new("eu-west-2"),
                )
                .await
                .unwrap(),
        );
        assert_eq!(clock.elapsed(), took);
    }

    #[tokio::test]
    async fn a_call_is_not_admitted_after_cancellation_or_deadline() {
        let clock = JumpingClock::at(Timestamp::UNIX_EPOCH);
        let pacer = Pacer::new(clock.shared(), false);
        let region = Region::new("eu-west-1");
        let cancel = CancellationToken::new();
        let cx = Cx::new(cancel.clone()).with_timeout(&clock, Duration::from_millis(250));
        let mut admitted = 0;
        let stop = loop {
            match pacer.admit(&cx, Operation::ListBackups, &region).await {
                Ok(permit) => drop(permit),
                Err(stop) => break stop,
            }
            admitted += 1;
        };
        assert_eq!(
            (stop, admitted, clock.elapsed()),
            (Stop::TimedOut, 3, Duration::from_millis(250))
        );
        cancel.cancel();
        assert_eq!(
            pacer.admit(&cx, Operation::ListBackups, &region).await.err(),
            Some(Stop::Cancelled)
        );
    }
}
