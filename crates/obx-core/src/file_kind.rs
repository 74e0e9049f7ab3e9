//! What lies at a path in place of a plain file. obx writes to plain files only: a FIFO would wait without end for a reader.

use std::fmt;
use std::fs::FileType;
use std::os::unix::fs::FileTypeExt;

use crate::i18n::{Describe, Language, Texts};

/// Something that is no plain file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A directory.
    Directory,
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A device, such as `/dev/null`.
    Device,
}

impl FileKind {
    /// `None` for a plain file.
    pub fn new(file_type: FileType) -> Option<Self> {
        match () {
            () if file_type.is_file() => None,
            () if file_type.is_dir() => Some(Self::Directory),
            () if file_type.is_fifo() => Some(Self::Fifo),
            () if file_type.is_socket() => Some(Self::Socket),
            () => Some(Self::Device),
        }
    }
}

impl Describe for FileKind {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Directory => texts.io_is_a_directory(),
            Self::Fifo => texts.kind_fifo(),
            Self::Socket => texts.kind_socket(),
            Self::Device => texts.kind_device(),
        }
        .to_owned()
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(Texts::new(Language::En)))
    }
}
