//! Files through an engine: read, answered and written at once, in order, in bounded memory.
//!
//! One thread reads; each of some workers has an engine of its own and takes every n-th batch, so that taking
//! the answers in turn restores the order. All queues are short, so nothing runs ahead.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::engine::{Engine, Question, answer_batch, refused_in};
use crate::error::Problem;
use crate::input::{Lines, Piece, Source, is_blank, lines_of, without_blank_lines};
use crate::render::Progress;

/// Takes answers in the order of their questions.
pub trait Sink {
    /// Takes some whole lines.
    ///
    /// # Errors
    /// The output cannot be written.
    fn take(&mut self, answers: &[u8]) -> io::Result<()>;

    /// Ends the output.
    ///
    /// # Errors
    /// The output cannot be written.
    fn finish(&mut self) -> io::Result<()>;
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Tally {
    /// Lines that got an answer.
    pub answered: u64,
    /// Lines that were refused, with an answer that says why.
    pub refused: u64,
    /// What went wrong with whole files.
    pub problems: Vec<Problem>,
}

/// A piece of a file with the name of the file.
struct Job {
    piece: Piece,
    file: Arc<str>,
}

/// What a worker made of a job.
enum Done {
    Answers { bytes: Vec<u8>, count: u64 },
    Broken(Problem),
}

/// Answers all lines of some files.
///
/// # Errors
/// The output cannot be written.
pub fn run(
    files: &[PathBuf],
    question: &Question,
    engines: Vec<Box<dyn Engine>>,
    sink: &mut dyn Sink,
    progress: &Progress,
) -> io::Result<Tally> {
    thread::scope(|scope| {
        let (mut jobs, mut answers) = (Vec::new(), Vec::new());
        for mut engine in engines {
            let (give_job, take_job) = sync_channel::<Job>(1);
            let (give_done, take_done) = sync_channel(1);
            jobs.push(give_job);
            answers.push(take_done);
            scope.spawn(move || {
                for job in take_job {
                    if give_done.send(done(job, question, &mut *engine)).is_err() {
                        return;
                    }
                }
            });
        }
        scope.spawn(move || read(files, &jobs, progress));
        write(&answers, sink, progress)
    })
}

fn read(files: &[PathBuf], jobs: &[SyncSender<Job>], progress: &Progress) {
    let mut next = jobs.iter().cycle();
    let mut send = |piece, file: &Arc<str>| {
        next.next().is_some_and(|jobs| jobs.send(Job { piece, file: Arc::clone(file) }).is_ok())
    };
    for path in files {
        let lines = Source::open(path).and_then(|source| {
            progress.start(&source);
            let file: Arc<str> = source.name.as_str().into();
            Ok((file, Lines::of(source)?))
        });
        let goes_on = match lines {
            Ok((file, mut lines)) => lines.all(|piece| send(piece, &file)),
            Err(problem) => send(Piece::Broken(problem), &"".into()),
        };
        if !goes_on {
            return;
        }
    }
}

fn done(job: Job, question: &Question, engine: &mut dyn Engine) -> Done {
    match job.piece {
        Piece::Broken(problem) => Done::Broken(problem),
        Piece::Refused(problem) => Done::Answers { bytes: question.refusal(b"", &problem), count: 1 },
        Piece::Lines { bytes, first } => {
            let (lines, count) = without_blank_lines(&bytes);
            let place = |index| {
                let line = (first..).zip(lines_of(&bytes)).filter(|(_, line)| !is_blank(line)).nth(index);
                format!("{}, line {}", job.file, line.map_or(first, |(number, _)| number))
            };
            Done::Answers { bytes: answer_batch(engine, question, &lines, count, place), count: count as u64 }
        }
    }
}

fn write(answers: &[Receiver<Done>], sink: &mut dyn Sink, progress: &Progress) -> io::Result<Tally> {
    let mut tally = Tally::default();
    for worker in answers.iter().cycle() {
        match worker.recv() {
            // The reader gives jobs in turn, so the first worker without an answer is past the end.
            Err(_) => break,
            Ok(Done::Broken(problem)) => tally.problems.push(problem),
            Ok(Done::Answers { bytes, count }) => {
                let refused = refused_in(&bytes) as u64;
                tally.refused += refused;
                tally.answered += count - refused.min(count);
                sink.take(&bytes)?;
                progress.tick(tally.answered + tally.refused);
            }
        }
    }
    progress.clear();
    sink.finish()?;
    Ok(tally)
}
