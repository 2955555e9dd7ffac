//! Comparing bytes, eight at a time. What the compiler brings for this target takes them one by one, and a ticket's
//! fields, statuses and conditions are found by some two hundred comparisons of names.

#![expect(unsafe_code, reason = "the function has a name and a shape that the compiler gives it")]

/// The bytes from `place` on, as a number that is larger where the first different byte is.
macro_rules! number {
    ($type:ty, $place:expr) => {
        // SAFETY: the caller has looked that so many bytes are there.
        <$type>::from_be(unsafe { $place.cast::<$type>().read_unaligned() })
    };
}

/// As in C: less than, equal to or greater than zero.
// SAFETY: this replaces the function of this name, does what it does, and calls nothing that could call it.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, length: usize) -> i32 {
    let mut done = 0;
    while length.wrapping_sub(done) >= 8 {
        let (a, b) = (number!(u64, one.wrapping_add(done)), number!(u64, other.wrapping_add(done)));
        if a != b {
            return if a < b { -1 } else { 1 };
        }
        done = done.wrapping_add(8);
    }
    if length.wrapping_sub(done) >= 4 {
        let (a, b) = (number!(u32, one.wrapping_add(done)), number!(u32, other.wrapping_add(done)));
        if a != b {
            return if a < b { -1 } else { 1 };
        }
        done = done.wrapping_add(4);
    }
    while done < length {
        let (a, b) = (number!(u8, one.wrapping_add(done)), number!(u8, other.wrapping_add(done)));
        if a != b {
            return if a < b { -1 } else { 1 };
        }
        done = done.wrapping_add(1);
    }
    0
}
