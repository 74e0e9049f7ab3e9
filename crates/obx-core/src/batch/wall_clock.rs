//! Waits for a time of the day without waking up before it.

use std::time::Duration;

use jiff::Timestamp;

/// Completes when the clock has this time, also where the machine was suspended meanwhile: a usual sleep counts only the time
/// in which it runs.
pub(super) async fn reached(at: Timestamp) {
    #[cfg(target_os = "linux")]
    if linux::reached(at).await.is_ok() {
        return;
    }
    while let Ok(left) = Duration::try_from(at.duration_since(Timestamp::now()))
        && !left.is_zero()
    {
        tokio::time::sleep(left.min(NAP)).await;
    }
}

/// Where there is no such timer, the clock is read again after this time.
const NAP: Duration = Duration::from_secs(60);

#[cfg(target_os = "linux")]
mod linux {
    use std::io;

    use jiff::Timestamp;
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::net::unix::pipe;

    pub(super) async fn reached(at: Timestamp) -> io::Result<()> {
        let timer = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        // Zero would disarm it.
        let it_value = Timespec { tv_sec: at.as_second(), tv_nsec: i64::from(at.subsec_nanosecond().max(1)) };
        let it_interval = Timespec { tv_sec: 0, tv_nsec: 0 };
        let _ = timerfd_settime(&timer, TimerfdTimerFlags::ABSTIME, &Itimerspec { it_interval, it_value })?; // none was set before
        // What is awaited of either is that it can be read.
        pipe::Receiver::from_owned_fd_unchecked(timer)?.readable().await
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[tokio::test]
    async fn it_waits_until_that_time_and_not_for_one_that_is_over() {
        let start = Timestamp::now();
        let at = start + SignedDuration::from_millis(50);
        reached(at).await;
        assert!(Timestamp::now() >= at);
        for over in [at, Timestamp::UNIX_EPOCH] {
            reached(over).await;
        }
    }
}
