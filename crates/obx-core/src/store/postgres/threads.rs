//! The threads on which all work with the server is done, whatever runtime a request comes from. They sleep while there
//! is nothing to do.

use std::future::Future;
use std::sync::OnceLock;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{AbortHandle, JoinError};

use super::error::stopped;
use crate::store::StoreError;

/// Enough for a request to be answered while another one is unpacked.
const THREADS: usize = 2;

/// A runtime of its own, started by the first request: the first frame needs none. It ends with the store.
#[derive(Debug, Default)]
pub(super) struct StoreThreads(OnceLock<Result<Runtime, StoreError>>);

/// Ends a task whose result nobody waits for any longer.
struct EndOnDrop(AbortHandle);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl StoreThreads {
    pub(super) fn handle(&self) -> Result<&Handle, StoreError> {
        let start = || {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(THREADS).enable_io().enable_time().thread_name("store");
            builder.build().map_err(|error| StoreError::broken(&error))
        };
        self.0.get_or_init(start).as_ref().map(Runtime::handle).map_err(StoreError::clone)
    }

    /// Runs a job to its end, whether or not anybody waits for it.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        match self.handle() {
            Ok(handle) => handle.spawn(job).map(ended).boxed(),
            Err(error) => futures_util::future::ready(Err(error)).boxed(),
        }
    }

    /// Runs a job for as long as its caller waits.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        job: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        match self.handle() {
            Ok(handle) => {
                let task = handle.spawn(job);
                let end = EndOnDrop(task.abort_handle());
                async move {
                    let done = ended(task.await);
                    drop(end);
                    done
                }
                .boxed()
            }
            Err(error) => futures_util::future::ready(Err(error)).boxed(),
        }
    }
}

/// The message of a panic goes only to the log, since it can quote an answer.
fn ended<T>(done: Result<Result<T, StoreError>, JoinError>) -> Result<T, StoreError> {
    match done {
        Ok(done) => done,
        Err(error) if error.is_cancelled() => Err(stopped()),
        Err(_) => Err(StoreError::broken(&"an internal error, see OBX_LOG")),
    }
}

impl Drop for StoreThreads {
    fn drop(&mut self) {
        if let Some(Ok(runtime)) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
