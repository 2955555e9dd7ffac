//! The server: the page, the browser package, and the data that the page shows.
//!
//! It computes no clock itself: the page does, in the browser, with the same engine.

pub(crate) mod assets;
mod board;
pub(crate) mod routes;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use crate::error::{Code, Problem};

pub use board::Board;
pub use routes::router;

/// Connections still open so long after the end was asked for are cut.
const PATIENCE: Duration = Duration::from_secs(3);

/// Serves a board until the process is told to end.
///
/// # Errors
/// The address is taken or not of this machine.
pub fn serve(board: Board, listen: SocketAddr) -> Result<(), Problem> {
    let cannot = |error: io::Error| {
        Problem::new(Code::Listen, format!("cannot listen at {listen}: {error}"), "--listen")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(cannot)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let asked_to_end = asked_to_end().map_err(cannot)?;
        say(&board, address);
        let (end, ended) = tokio::sync::watch::channel(());
        let router = router(board, address);
        let server = axum::serve(listener, router).with_graceful_shutdown(async move {
            asked_to_end.await;
            drop(end);
        });
        tokio::select! {
            result = server => result.map_err(cannot),
            () = out_of_patience(ended) => Ok(()),
        }
    })
}

fn say(board: &Board, address: SocketAddr) {
    let refused = if board.refused == 0 { String::new() } else { format!(" ({} refused)", board.refused) };
    let text = format!("{} tickets{refused}, live at http://{address}/\n", board.count);
    let mut out = io::stdout().lock();
    // Without standard output there is nobody to tell, and the server is still of use.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Waits for an interrupt or a termination. The signals are caught from the call on, not from the first wait.
#[cfg(unix)]
pub(crate) fn asked_to_end() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for an interrupt.
#[cfg(not(unix))]
pub(crate) fn asked_to_end() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

async fn out_of_patience(mut ended: tokio::sync::watch::Receiver<()>) {
    // The sender never sends; it goes away when the end begins.
    let _ = ended.changed().await;
    tokio::time::sleep(PATIENCE).await;
}
