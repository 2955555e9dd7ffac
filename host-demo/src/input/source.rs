//! Opening a file: gzip and byte order marks are recognised by their bytes, not by names.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use super::array::Damage;
use crate::error::{Code, Problem};

/// An open file, decompressed and without its byte order mark.
pub struct Source {
    /// Name, for messages.
    pub name: String,
    /// The bytes.
    pub reader: Box<dyn Read + Send>,
    /// Explains what goes wrong while reading.
    pub fault: Fault,
    /// Size on disk, if known.
    pub size: Option<u64>,
    /// Bytes read from disk so far, shared with who shows progress.
    pub done: Arc<AtomicU64>,
}

/// Turns an error of reading into a problem that names the file.
#[derive(Debug, Clone)]
pub struct Fault {
    name: String,
    gzip: bool,
}

impl Fault {
    /// The problem behind an error of reading.
    #[must_use]
    pub fn explain(&self, error: &io::Error) -> Problem {
        match error.kind() {
            io::ErrorKind::UnexpectedEof if self.gzip => {
                Problem::new(Code::BadGzip, "the compressed file ends too early", &*self.name)
            }
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData if self.gzip => {
                Problem::new(Code::BadGzip, format!("the compressed file is damaged: {error}"), &*self.name)
            }
            _ if error.get_ref().is_some_and(|inner| inner.is::<Damage>()) => {
                Problem::new(Code::BadArray, error.to_string(), &*self.name)
            }
            _ => Problem::new(Code::Unreadable, format!("cannot read: {error}"), &*self.name),
        }
    }
}

impl Source {
    /// Opens a file, or standard input for `-`.
    ///
    /// # Errors
    /// The file cannot be opened or is UTF-16.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let done = Arc::new(AtomicU64::new(0));
        if path.as_os_str() == "-" {
            return Self::new("standard input".to_owned(), io::stdin(), None, done);
        }
        let name = path.display().to_string();
        let unreadable =
            |error: io::Error| Problem::new(Code::Unreadable, format!("cannot open: {error}"), &*name);
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(Problem::new(Code::Unreadable, "this is a directory", name));
        }
        let size = about.is_file().then_some(about.len());
        Self::new(name, file, size, done)
    }

    fn new(
        name: String,
        raw: impl Read + Send + 'static,
        size: Option<u64>,
        done: Arc<AtomicU64>,
    ) -> Result<Self, Problem> {
        let mut fault = Fault { name: name.clone(), gzip: false };
        let raw = Counted { raw, done: Arc::clone(&done) };
        let (head, rest) = peeked(raw).map_err(|error| fault.explain(&error))?;
        fault.gzip = head.starts_with(&[0x1f, 0x8b]);
        let compressed = io::Cursor::new(head).chain(rest);
        let plain: Box<dyn Read + Send> = if fault.gzip {
            Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, compressed)))
        } else {
            Box::new(compressed)
        };
        let (mut head, rest) = peeked(plain).map_err(|error| fault.explain(&error))?;
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            return Err(Problem::new(Code::NotUtf8, "the file is UTF-16, not UTF-8", name)
                .with_mend("convert it, for example with `iconv -f UTF-16 -t UTF-8`"));
        }
        if head == [0xef, 0xbb, 0xbf] {
            head.clear();
        }
        Ok(Self { name, reader: Box::new(io::Cursor::new(head).chain(rest)), fault, size, done })
    }
}

/// The first bytes of a stream, and the stream behind them.
fn peeked<R: Read>(mut raw: R) -> io::Result<(Vec<u8>, R)> {
    let mut head = [0; 3];
    let mut filled = 0;
    while filled < head.len() {
        match raw.read(&mut head[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok((head[..filled].to_vec(), raw))
}

struct Counted<R> {
    raw: R,
    done: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.raw.read(buffer)?;
        self.done.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
