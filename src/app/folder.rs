//! The data folder, and the lock that keeps a second server out of it.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process,
};

use thiserror::Error;

const LOCK: &str = "server.lock";

/// Why a data folder cannot be used.
#[derive(Debug, Error)]
pub enum FolderError {
    /// It cannot be made or written.
    #[error("the data folder {} cannot be used: make it writable or choose another with DATA_DIR", folder.display())]
    Unusable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another server holds it.
    #[error(
        "a server already runs on the data folder {}{}: stop it, or give this one a folder of its own with DATA_DIR",
        folder.display(), holder.as_ref().map(|id| format!(" (process {id})")).unwrap_or_default()
    )]
    Taken {
        /// The folder.
        folder: PathBuf,
        /// The other server's process, when it could be read.
        holder: Option<String>,
    },
}

/// Makes the data folder when it is missing.
fn ready(folder: &Path) -> Result<(), FolderError> {
    fs::create_dir_all(folder).map_err(|source| FolderError::Unusable { folder: folder.to_owned(), source })
}

/// Waits until no other program opens the database of this folder; its turn lasts as long as the file is held.
///
/// A server and an import that start together on an empty folder would otherwise both create its tables.
pub(super) fn turn(folder: &Path) -> Result<File, FolderError> {
    ready(folder)?;
    let opened = File::options().write(true).create(true).truncate(false).open(folder.join("opening.lock"));
    let locked = opened.and_then(|file| file.lock().map(|()| file));
    locked.map_err(|source| FolderError::Unusable { folder: folder.to_owned(), source })
}

/// Held by a server for as long as it runs; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

impl ServerLock {
    /// Takes the lock of `folder`. Commands such as an import do not take it: they run beside a server.
    ///
    /// # Errors
    /// When another server holds it, or the folder cannot be written.
    pub fn take(folder: &Path) -> Result<Self, FolderError> {
        ready(folder)?;
        let unusable = |source| FolderError::Unusable { folder: folder.to_owned(), source };
        let options = File::options().read(true).write(true).create(true).truncate(false).open(folder.join(LOCK));
        let mut file = options.map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let read = file.read_to_string(&mut holder).is_ok() && !holder.trim().is_empty();
                let holder = read.then(|| holder.trim().to_owned());
                return Err(FolderError::Taken { folder: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        file.set_len(0).and_then(|()| write!(file, "{}", process::id())).map_err(unusable)?;
        Ok(Self { _file: file })
    }
}
