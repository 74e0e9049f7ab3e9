//! Unpacks and parses a response: on a blocking thread if it is large, and only while someone waits for it.

use std::time::Duration;

use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use super::{Client, ReceiveError};
use crate::body::Body;
use crate::call::Call;
use crate::call_handle::CallHandle;
use crate::credentials::Credentials;
use crate::error::{Failure, Malformed};
use crate::exchange::Outcome;
use crate::read_body;
use crate::reply::Reply;
use crate::response_reader::ResponseReader;
use crate::unpack::{Bounds, Extent, unpack};
use crate::wire::Wire;

/// Bodies from this size on are read on a thread of their own.
const LARGE: usize = 256 * 1024;
/// The same limit for packed bodies, whose real size is not known.
const LARGE_PACKED: usize = 32 * 1024;
/// Minimum time for unpacking, even if the call has used up its time: many times what any body
/// takes that is no larger than allowed.
pub(super) const MIN_UNPACK_TIME: Duration = Duration::from_secs(10);

/// A received response that is not unpacked yet.
pub(super) struct ReceivedResponse {
    pub(super) reader: ResponseReader,
    pub(super) headers: Vec<(String, String)>,
    pub(super) ended: Result<(), ReceiveError>,
    pub(super) credentials: Credentials,
}

impl Client {
    /// Unpacks and reads what came, no longer than this; ends early where nobody waits for this any more,
    /// and of what is not whole where the call is ended. What is whole was paid for, and of its part nobody could make the
    /// whole later: that takes the credentials.
    pub(super) async fn read_response(
        &self,
        call: &Call,
        received: ReceivedResponse,
        handle: &CallHandle,
        max_duration: Duration,
    ) -> (Body, Outcome, Option<Reply>) {
        let ReceivedResponse { mut reader, headers, ended, credentials } = received;
        let mut came = std::mem::take(&mut reader.body);
        came.truncate(self.limits.max_body);
        let coding = reader.header("content-encoding").unwrap_or_default().to_owned();
        let wire = Wire { faults: reader.faults, packed: None };
        let (call, max) = (call.clone(), self.limits.max_body);
        let status = reader.status.unwrap_or_default();
        let large = came.len() >= if coding.is_empty() { LARGE } else { LARGE_PACKED };
        let read = move |end: &CancellationToken| {
            let mut wire = wire;
            let bounds = Bounds { max, is_wanted: &|| !end.is_cancelled() };
            let unpacked = unpack(came, &coding, bounds, &mut wire);
            let wire = wire.masked(|text| credentials.mask(text));
            let raw = Bytes::from(unpacked.body);
            let (body, outcome, reply) = read_body::read(&call, status, &headers, raw, &credentials);
            let outcome = match not_whole(unpacked.extent, max) {
                Some(failed @ Outcome::Failed(_)) => failed,
                Some(not_whole) if reply.is_none() => not_whole,
                _ => outcome,
            };
            (body.come_by(wire), outcome, reply)
        };
        let end = if ended.is_ok() { CancellationToken::new() } else { handle.end_of_work() };
        let (body, outcome, reply) =
            if large { on_a_thread(end, max_duration, read).await } else { read(&end) };
        let outcome = match (ended, outcome) {
            (Ok(()), outcome) => outcome,
            (Err(ReceiveError::Cut), _) => Outcome::NotUnderstood(Malformed::Cut(body.len())),
            (Err(ReceiveError::Failed(failure)), _) => Outcome::Failed(failure),
            (Err(ReceiveError::Cancelled), _) => Outcome::Cancelled,
        };
        let reply = reply.filter(|_| !matches!(outcome, Outcome::Cancelled | Outcome::Failed(_)));
        (body, outcome, reply)
    }
}

/// The outcome of a body that was not unpacked completely, unless its part is an answer.
fn not_whole(extent: Extent, max: usize) -> Option<Outcome> {
    Some(match extent {
        Extent::Whole => return None,
        Extent::TooLarge => Outcome::Failed(Failure::TooLarge(max)),
        Extent::Broken(at) => Outcome::NotUnderstood(Malformed::BrokenGzip(at)),
        Extent::TooManyMembers(at) => Outcome::NotUnderstood(Malformed::TooManyMembers(at)),
        Extent::Stopped(at) => Outcome::NotUnderstood(Malformed::SlowUnpacking(at)),
    })
}

/// Works on a thread of its own, and has `end` cancelled after so long, or where this is dropped: the work looks at it.
async fn on_a_thread<T: Send + 'static>(
    end: CancellationToken,
    max_duration: Duration,
    work: impl FnOnce(&CancellationToken) -> T + Send + 'static,
) -> T {
    let dropped = end.clone().drop_guard();
    let seen = end.clone();
    let mut task = tokio::task::spawn_blocking(move || work(&seen));
    let done = tokio::select! {
        biased;
        done = &mut task => done,
        () = tokio::time::sleep(max_duration) => {
            end.cancel();
            task.await
        }
    };
    drop(dropped);
    // The task can only fail by a panic, which is passed on.
    done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::WireFault;

    /// A response whose body is packed in so many members that it takes its time.
    fn long_to_unpack(coding: &str) -> ReceivedResponse {
        use std::io::Write;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(b" ").unwrap();
        let body = packer.finish().unwrap().repeat(9_000);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut reader = ResponseReader::default();
        reader.take(&[head.as_bytes(), &body].concat());
        assert!(reader.is_done() && body.len() > LARGE_PACKED);
        let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
        ReceivedResponse { reader, headers: Vec::new(), ended: Ok(()), credentials }
    }

    #[tokio::test]
    async fn a_call_that_is_ended_is_unpacked_no_further_and_one_whose_last_byte_came_to_its_end() {
        let client = Client::new(long_to_unpack("gzip").credentials, crate::Limits::default());
        let call = Call::item_get("610947572360".parse().unwrap());
        let handle = CallHandle::default();
        let came = long_to_unpack("gzip").reader.body;
        let (body, outcome, _) =
            client.read_response(&call, long_to_unpack("gzip"), &handle, Duration::MAX).await;
        assert_eq!(
            (outcome, body.wire(), body.len()),
            (Outcome::NotUnderstood(Malformed::Empty), None, 9_000)
        );
        handle.close();
        let (body, outcome, _) =
            client.read_response(&call, long_to_unpack("gzip"), &handle, Duration::MAX).await;
        assert_eq!(
            (outcome, body.wire(), body.len()),
            (Outcome::NotUnderstood(Malformed::Empty), None, 9_000)
        );
        let ended = ReceivedResponse { ended: Err(ReceiveError::Cancelled), ..long_to_unpack("gzip") };
        let (body, outcome, reply) = client.read_response(&call, ended, &handle, Duration::MAX).await;
        assert!(outcome == Outcome::Cancelled && reply.is_none(), "{outcome:?}");
        let wire = body.wire().unwrap();
        assert!(
            matches!(wire.faults.as_slice(), [WireFault::Stopped { unpacked: 1..9_000, .. }]),
            "{wire:?}"
        );
        assert_eq!(wire.packed.as_deref(), Some(came.as_slice()));
    }

    /// Else the next host would be offered, as if this one had not answered.
    #[test]
    fn a_body_that_takes_too_long_to_unpack_is_an_answer_all_the_same() {
        let outcome = not_whole(Extent::Stopped(7), 9).unwrap();
        assert_eq!(outcome, Outcome::NotUnderstood(Malformed::SlowUnpacking(7)));
        let summary = crate::OutcomeSummary { outcome, ..crate::OutcomeSummary::interrupted() };
        assert!(!summary.is_of_failed_host());
    }

    #[tokio::test]
    async fn work_on_a_thread_ends_when_its_time_is_over_or_nobody_waits_for_it() {
        let (ended, ends) = std::sync::mpsc::channel();
        let work = move |end: &CancellationToken| {
            while !end.is_cancelled() {
                std::thread::yield_now();
            }
            ended.send(()).unwrap();
            7
        };
        assert_eq!(on_a_thread(CancellationToken::new(), Duration::ZERO, work.clone()).await, 7);
        ends.recv().unwrap();
        let mut waiting = Box::pin(on_a_thread(CancellationToken::new(), Duration::MAX, work));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        drop(waiting);
        ends.recv().unwrap();
    }
}
