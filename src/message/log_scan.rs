//! A look at every row of the log in the store, off the loop: which rows a filter lets through, and what they are sorted by.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use obx_core::store::LogEntry;

type ScanOutput = Arc<dyn Any + Send + Sync>;
type ScanWork = dyn Fn(&mut dyn Iterator<Item = LogEntry>) -> ScanOutput + Send + Sync;

/// Work over all rows, newest first. A newer one ends it early.
#[derive(Clone)]
pub struct LogScan {
    number: u64,
    work: Arc<ScanWork>,
}

/// The end of a [`LogScan`].
#[derive(Clone)]
pub struct Scanned {
    number: u64,
    /// `None` if not all rows could be read.
    output: Option<ScanOutput>,
}

impl LogScan {
    /// Scans with different numbers are different scans.
    pub fn new<T: Send + Sync + 'static>(
        number: u64,
        work: impl Fn(&mut dyn Iterator<Item = LogEntry>) -> T + Send + Sync + 'static,
    ) -> Self {
        Self { number, work: Arc::new(move |lines| Arc::new(work(lines))) }
    }

    /// Does the work over these rows.
    pub fn run(&self, lines: &mut dyn Iterator<Item = LogEntry>) -> Scanned {
        Scanned { number: self.number, output: Some((self.work)(lines)) }
    }

    /// Its end if the store can't be read.
    pub fn failed(&self) -> Scanned {
        Scanned { number: self.number, output: None }
    }
}

impl Scanned {
    /// Whether it is of the scan with this number.
    pub fn is_of(&self, number: u64) -> bool {
        self.number == number
    }

    /// The output; `None` if not all rows could be read.
    pub fn output<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.output.clone()?.downcast().ok()
    }
}

impl fmt::Debug for LogScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogScan({})", self.number)
    }
}

impl fmt::Debug for Scanned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scanned({}, {})", self.number, self.output.is_some())
    }
}

impl PartialEq for LogScan {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for LogScan {}
