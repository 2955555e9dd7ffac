//! A JSON array read as JSON Lines: each element becomes a line, however it was laid out.

use std::fmt;
use std::io::{self, Read};

/// Turns the text of a JSON array into a line for each element, without reading ahead.
///
/// It only looks for the ends of elements; whether an element is sound JSON is for the engine to say.
pub(super) struct ArrayLines<R> {
    array: R,
    read: Vec<u8>,
    made: Vec<u8>,
    given: usize,
    state: State,
    depth: u32,
    in_element: bool,
    damage: Option<Damage>,
}

/// What is wrong with the array itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Damage(&'static str);

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Damage {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Outside,
    Text,
    Escape,
    After,
}

const BLOCK: usize = 1 << 16;

impl<R: Read> ArrayLines<R> {
    pub(super) fn new(array: R) -> Self {
        Self {
            array,
            read: vec![0; BLOCK],
            made: Vec::new(),
            given: 0,
            state: State::Before,
            depth: 0,
            in_element: false,
            damage: None,
        }
    }

    fn step(&mut self, byte: u8) -> Result<(), Damage> {
        let made = &mut self.made;
        match self.state {
            State::Before => {
                if byte == b'[' {
                    self.state = State::Outside;
                }
            }
            State::After if byte.is_ascii_whitespace() => {}
            State::After => return Err(Damage("something follows the array of tickets")),
            State::Escape | State::Text => {
                self.state = match (self.state, byte) {
                    (State::Text, b'"') => State::Outside,
                    (State::Text, b'\\') => State::Escape,
                    _ => State::Text,
                };
                // A raw line feed in a text is a mistake, and must stay one without cutting the line in two.
                made.push(if byte == b'\n' { b'\x0b' } else { byte });
            }
            State::Outside if self.depth == 0 && byte == b']' => {
                self.state = State::After;
                made.push(b'\n');
            }
            State::Outside if self.depth == 0 && byte == b',' => {
                // Nothing before a comma is a mistake; a lone comma makes the engine say so.
                if !self.in_element {
                    made.push(b',');
                }
                self.in_element = false;
                made.push(b'\n');
            }
            State::Outside if byte.is_ascii_whitespace() => {
                if self.in_element {
                    made.push(b' ');
                }
            }
            State::Outside => {
                match byte {
                    b'"' => self.state = State::Text,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                self.in_element = true;
                made.push(byte);
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for ArrayLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.made.len() {
            self.made.clear();
            self.given = 0;
            if let Some(damage) = self.damage {
                return Err(io::Error::other(damage));
            }
            let count = self.array.read(&mut self.read)?;
            if count == 0 && self.state == State::After {
                return Ok(0);
            }
            if count == 0 {
                self.damage = Some(Damage("the array of tickets is not closed"));
            }
            for index in 0..count {
                if let Err(damage) = self.step(self.read[index]) {
                    self.damage = Some(damage);
                    break;
                }
            }
        }
        let count = buffer.len().min(self.made.len() - self.given);
        buffer[..count].copy_from_slice(&self.made[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn lines(array: &str, expected: Result<&str, &str>) {
        let mut made = String::new();
        let read = ArrayLines::new(array.as_bytes()).read_to_string(&mut made);
        assert_eq!(
            read.map(|_| made).map_err(|error| error.to_string()),
            expected.map(str::to_owned).map_err(str::to_owned)
        );
    }

    #[test]
    fn each_element_becomes_a_line() {
        lines(" [\n {\"a\": [1,\n2]},\n\"x,]\\\"\"\n]\n", Ok("{\"a\": [1, 2]}\n\"x,]\\\"\" \n"));
        lines("[]", Ok("\n"));
        lines("[1,,2]", Ok("1\n,\n2\n"));
        lines("[1", Err("the array of tickets is not closed"));
        lines("[1] 2", Err("something follows the array of tickets"));
        lines("[\"a\nb\"]", Ok("\"a\x0bb\"\n"));
    }
}
