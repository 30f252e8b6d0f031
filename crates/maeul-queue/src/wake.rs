//! Tells this process's runners that a job was written, so that they need not wait for their next
//! look.

use std::time::Duration;

use tokio::sync::Notify;

/// One for the process: a runner of another database merely looks once in vain.
static WRITTEN: Notify = Notify::const_new();

/// A job was written, in a transaction about to be committed.
pub(crate) fn soon() {
    // Kept for a runner that is just about to wait.
    WRITTEN.notify_one();
}

/// Waits until a job is written, or at most `longest`.
pub(crate) async fn wait(longest: Duration) {
    if tokio::time::timeout(longest, WRITTEN.notified()).await.is_ok() {
        // The writing transaction needs a moment to commit; others join meanwhile.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
