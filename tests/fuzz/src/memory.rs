//! How much memory a case may use.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Above what is held when a case begins. Cases have some ten kilobytes, and a compiled calendar a few hundred.
const LIMIT: usize = 512 << 20;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(usize::MAX);

/// The system's allocator, which ends the process when a case asks for too much.
pub struct Counted;

/// A case begins.
pub fn begin() {
    MOST.store(HELD.load(Relaxed).saturating_add(LIMIT), Relaxed);
}

// SAFETY: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed).saturating_add(layout.size());
        if held > MOST.load(Relaxed) {
            MOST.store(usize::MAX, Relaxed);
            eprintln!("a case asks for more than {} MB", LIMIT >> 20);
            std::process::abort();
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}
