//! The guest's allocator. Reading a ticket takes some fifty small pieces of memory and gives them all back; with a list
//! of free pieces for each size both cost a few instructions. Small pieces stay in their lists for the next ticket, so
//! that what is held is what was once needed of each size.

#![expect(unsafe_code, reason = "an allocator hands out raw memory")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::ptr::null_mut;

/// Sizes are rounded up to a multiple of this, which also aligns every piece.
const STEP: usize = 16;

/// Larger pieces are the system's.
const LARGEST: usize = 4096;

/// Pieces are cut from memory taken from the system, so much at a time.
const CHUNK: usize = 16 << 10;

struct Lists {
    /// For each size the first free piece, which holds the address of the next.
    free: [*mut u8; LARGEST / STEP + 1],
    /// What is left of the last chunk.
    rest: *mut u8,
    left: usize,
}

pub(crate) struct Pool(UnsafeCell<Lists>);

// SAFETY: a component without threads is all that is built with it.
unsafe impl Sync for Pool {}

impl Pool {
    pub(crate) const fn new() -> Self {
        let free = [null_mut(); LARGEST / STEP + 1];
        Self(UnsafeCell::new(Lists { free, rest: null_mut(), left: 0 }))
    }
}

/// The number of the list for a layout; `None` for the system.
fn list_of(layout: Layout) -> Option<usize> {
    (layout.size() <= LARGEST && layout.align() <= STEP).then(|| layout.size().div_ceil(STEP))
}

impl Lists {
    /// A piece cut from the last chunk, or from a new one; null where the system has no memory.
    #[cold]
    fn cut(&mut self, size: usize) -> *mut u8 {
        if self.left < size {
            let Ok(chunk) = Layout::from_size_align(CHUNK, STEP) else { return null_mut() };
            // SAFETY: the size is not zero.
            let rest = unsafe { System.alloc(chunk) };
            if rest.is_null() {
                return null_mut();
            }
            (self.rest, self.left) = (rest, CHUNK);
        }
        let piece = self.rest;
        self.rest = piece.wrapping_add(size);
        self.left -= size;
        piece
    }
}

// SAFETY: a piece is handed out once until it is given back: it is cut from a chunk that nobody else has, or taken off
// its list. Its size is that of its list, at least what was asked for, and chunks and sizes keep the alignment.
unsafe impl GlobalAlloc for Pool {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(list) = list_of(layout) else { return unsafe { System.alloc(layout) } };
        let lists = unsafe { &mut *self.0.get() };
        match lists.free.get_mut(list) {
            Some(first) if !first.is_null() => {
                let piece = *first;
                *first = unsafe { piece.cast::<*mut u8>().read() };
                piece
            }
            _ => lists.cut(list * STEP),
        }
    }

    #[inline]
    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        let Some(list) = list_of(layout) else { return unsafe { System.dealloc(piece, layout) } };
        let lists = unsafe { &mut *self.0.get() };
        if let Some(first) = lists.free.get_mut(list) {
            unsafe { piece.cast::<*mut u8>().write(*first) };
            *first = piece;
        }
    }

    #[inline]
    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Ok(larger) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        match (list_of(layout), list_of(larger)) {
            (None, None) => unsafe { System.realloc(piece, layout, size) },
            (before, after) if before == after => piece,
            _ => {
                let moved = unsafe { self.alloc(larger) };
                if !moved.is_null() {
                    unsafe { moved.copy_from_nonoverlapping(piece, layout.size().min(size)) };
                    unsafe { self.dealloc(piece, layout) };
                }
                moved
            }
        }
    }
}
