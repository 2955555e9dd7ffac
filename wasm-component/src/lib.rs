//! slaclock
