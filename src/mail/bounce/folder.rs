//! The folder in which the mail server of the house lays what comes back.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DbErr};
use tokio::fs;
use tokio::io::AsyncReadExt;

use super::{LARGEST, Received, receive};
use crate::config::Config;
use crate::schedule::Next;

/// Files read at a time: others want to write, too.
const BATCH: usize = 100;

/// Why the folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CannotCollect {
    /// The folder.
    #[error("the folder MAIL_BOUNCES_DIR={folder} cannot be used")]
    Folder {
        /// Where.
        folder: String,
        /// What the system said.
        source: io::Error,
    },
    /// The database.
    #[error("what came back could not be written down")]
    Database(#[from] DbErr),
}

/// Reads what lies in `new/` of the folder of the settings. A file is moved to `cur/` once what it says was written down by
/// an earlier call: whatever happens between the two, it is read again and changes nothing.
///
/// # Errors
/// When the folder cannot be read or the database does not take what was found.
pub async fn collect(config: &Config, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, CannotCollect> {
    let Some(folder) = &config.mail_bounces_dir else { return Ok(Next::Done) };
    let unusable = |source| CannotCollect::Folder { folder: folder.display().to_string(), source };
    let (mut next, mut trouble) = (Next::Done, None);
    for file in files(&folder.join("new")).await.map_err(unusable)? {
        // Another server may have moved it.
        let Ok(bytes) = read(&file).await else { continue };
        match receive(txn, &bytes, now).await? {
            Received::Bounced(_) | Received::Noted(_) => next = Next::More,
            Received::Known | Received::NoNotice | Received::NotOurs => {
                trouble = put_away(&file, &folder.join("cur")).await.err().or(trouble);
            }
        }
    }
    match trouble {
        // What was found is written down before anybody hears that it cannot be put away.
        Some(source) if next == Next::Done => Err(unusable(source)),
        _ => Ok(next),
    }
}

async fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder).await?;
    let mut files = Vec::new();
    while let Some(entry) = entries.next_entry().await?
        && files.len() < BATCH
    {
        if entry.file_type().await?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

async fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(file).await?.take(LARGEST as u64).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

/// Under the name by which mail programs know that it was seen.
async fn put_away(file: &Path, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    match fs::rename(file, folder.join(format!("{name}:2,S"))).await {
        // By another server.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        moved => moved,
    }
}
