//! The engine as a plain core module that imports nothing: three functions and the memory.
//!
//! ```text
//! slaclock_alloc(len: i32) -> i32          room for a question; 0 when there is none
//! slaclock_call(at: i32, len: i32) -> i64  answers the question there: where the answer is, times 2^32, plus its length
//! slaclock_free(at: i32, len: i32)         gives back what `alloc` or `call` gave
//! ```
//!
//! The question is UTF-8 text: its first line says what is asked, such as `{"do":"clocks","now":"2026-11-23T10:00:00Z"}`,
//! the second is the agreement, the others are tickets. The answer is JSON Lines. An instance keeps the last agreements
//! compiled. It is used by one caller at a time, and thrown away should it ever trap.

#![expect(unsafe_code, reason = "an interface of addresses and lengths")]

use std::cell::RefCell;

use slaclock_ask::{Desk, Question, problems_line};

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk::default());
}

fn answer(question: &[u8]) -> Vec<u8> {
    let answered = DESK.with_borrow_mut(|desk| Question::read(question, |question| desk.answer(&question)));
    answered.unwrap_or_else(|problems| problems_line(&problems))
}

/// Room for `len` bytes; null when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn slaclock_alloc(len: usize) -> *mut u8 {
    let mut room: Vec<u8> = Vec::new();
    if room.try_reserve_exact(len).is_err() {
        return std::ptr::null_mut();
    }
    room.resize(len, 0);
    Box::into_raw(room.into_boxed_slice()).cast()
}

/// Gives back what `slaclock_alloc` or `slaclock_call` gave.
///
/// # Safety
/// `at` and `len` are of one such piece, which is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn slaclock_free(at: *mut u8, len: usize) {
    if !at.is_null() {
        // SAFETY: the caller says that this piece was made by `Box::into_raw` with this length.
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(at, len)) });
    }
}

/// Answers the question in memory. Question and answer are the caller's to free.
///
/// # Safety
/// `len` bytes can be read at `at`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn slaclock_call(at: *const u8, len: usize) -> u64 {
    // SAFETY: the caller says that they are there.
    let question = unsafe { std::slice::from_raw_parts(at, len) };
    let answer = Box::leak(answer(question).into_boxed_slice());
    let (at, len) = (answer.as_mut_ptr() as usize as u64, answer.len() as u64);
    (at << 32) | len
}
