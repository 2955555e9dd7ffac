//! Problems on standard error, in three lines: what, where, the mend.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Color, Style};

use super::plain;
use crate::error::Problem;

/// Standard error, and whether it shows colours.
#[derive(Debug)]
struct Stderr {
    colour: bool,
}

impl Default for Stderr {
    fn default() -> Self {
        Self { colour: io::stderr().is_terminal() && wants_colour() }
    }
}

/// People turn colours off with `NO_COLOR`.
#[must_use]
pub fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Says what is wrong, where, and how to mend it.
pub fn complain(problems: &[Problem]) {
    let stderr = Stderr::default();
    for problem in problems {
        stderr.write(problem);
    }
}

impl Stderr {
    fn write(&self, problem: &Problem) {
        let red = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Red))).bold();
        let (on, off) = if self.colour {
            (red.render().to_string(), red.render_reset().to_string())
        } else {
            Default::default()
        };
        let mut text = format!("{on}error[{}]{off}: {}\n", plain(&problem.code), plain(&problem.message));
        if !problem.place.is_empty() {
            text.push_str(&format!("  where: {}\n", plain(&problem.place)));
        }
        if let Some(mend) = &problem.mend {
            text.push_str(&format!("  mend:  {}\n", plain(mend)));
        }
        // Where standard error is closed there is nobody left to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}
