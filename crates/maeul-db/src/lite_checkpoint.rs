//! Moves what SQLite's write-ahead log holds into the file, beside the writer: copying 16 MB and waiting
//! for the disk would hold up every act for some 30 ms, several times a second.

use std::ffi::c_int;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use maeul_base::{Fault, FaultKind};
use rusqlite::Connection;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use crate::{DbOptions, lite};

/// Pages in the log from which it is moved: 16 MB.
const LONG: c_int = 4_000;
/// Pages from which the writer moves the rest itself: 64 MB. The log begins anew only when all of it was
/// moved before the next act, which under unbroken writing nobody else ever finds.
const TOO_LONG: c_int = 16_000;
/// Pages from which the writer waits for the other thread: 80 MB. It would find it at work, act after act, and
/// the log would grow for as long as a slow disk keeps it so.
const FAR_TOO_LONG: c_int = 20_000;

/// Has the log of the writer's connection moved by a thread of its own, which ends with the connection.
pub(crate) fn beside(
    conn: &mut Connection,
    path: PathBuf,
    options: &DbOptions,
) -> Result<(), Fault> {
    let (ask, asked) = sync_channel(1);
    let turn = Arc::new(Mutex::new(()));
    let (options, its_turn) = (options.clone(), Arc::clone(&turn));
    thread::Builder::new()
        .name("maeul-checkpoint".to_owned())
        .spawn(move || serve(&asked, &its_turn, &path, &options))
        .map_err(|error| Fault::from_error("start the thread of checkpoints", error))?;
    let hook = move |wal: &mut Wal, pages: c_int| {
        after_commit(wal, pages, &ask, &turn);
        Ok(())
    };
    conn.wal_hook(Some(hook)).map_err(|error| lite::fault(&error, "watch the log"))
}

/// Never an error: the act is kept, whatever becomes of the log.
fn after_commit(wal: &mut Wal, pages: c_int, ask: &SyncSender<()>, turn: &Mutex<()>) {
    if pages >= TOO_LONG {
        let turn = if pages >= FAR_TOO_LONG {
            Some(turn.lock().unwrap_or_else(PoisonError::into_inner))
        } else {
            turn.try_lock().ok()
        };
        // Where the other thread is at it, or another program, the next act tries again.
        if turn.is_some() {
            let _later = wal.checkpoint();
        }
    } else if pages >= LONG {
        // One question waits at most; a thread that is gone leaves the log to the writer.
        let _asked_before = ask.try_send(());
    }
}

/// A short log never needs the second connection.
fn serve(asked: &Receiver<()>, turn: &Mutex<()>, path: &std::path::Path, options: &DbOptions) {
    let mut opened: Option<Connection> = None;
    while asked.recv().is_ok() {
        if opened.is_none() {
            opened = match lite::open(path, options, true) {
                Ok(conn) => Some(conn),
                Err(fault) => {
                    tracing::warn!(fault = fault.chain(), "the log is left to the writer");
                    None
                }
            };
        }
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(conn) = &opened
            && let Err(error) = conn.wal_checkpoint_v2(None::<&str>, CheckpointMode::PASSIVE)
        {
            let fault = lite::fault(&error, "move the log");
            // Another program may be at it just now.
            if fault.kind() != FaultKind::Retry {
                tracing::warn!(fault = fault.chain(), "the log was not moved");
            }
        }
    }
}
