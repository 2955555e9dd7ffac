//! Comparing bytes, eight at a time. What the compiler brings for this target takes them one by one, and a ticket's
//! fields, statuses and conditions are found by comparing names.

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
#[cfg(target_family = "wasm")]
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, length: usize) -> i32 {
    // SAFETY: the caller keeps the same promise.
    unsafe { compare(one, other, length) }
}

/// The order of two times `length` bytes, which must be there.
#[inline]
unsafe fn compare(one: *const u8, other: *const u8, length: usize) -> i32 {
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

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::compare;

    #[test]
    fn bytes_of_every_length_come_in_the_order_of_the_first_that_differs() {
        let text: Vec<u8> = (0..48_u8).map(|byte| byte.wrapping_mul(37) ^ 0x80).collect();
        for (from, length) in (0..9).flat_map(|from| (0..=39).map(move |length| (from, length))) {
            let one = &text[from..from + length];
            let order = |other: &[u8]| {
                // SAFETY: both have this length.
                unsafe { compare(one.as_ptr(), other.as_ptr(), length) }.cmp(&0)
            };
            let same = one.to_vec();
            assert_eq!(order(&same), Ordering::Equal);
            for place in 0..length {
                let mut other = one.to_vec();
                other[place] = !other[place];
                // What follows the first difference does not matter.
                other[place + 1..].fill(0);
                assert_eq!(order(&other), one.cmp(&other), "{length} bytes, the first difference at {place}");
            }
        }
    }
}
