//! Taking facts in: each is checked by the engine with all that is known of its ticket, then kept once.

use std::collections::BTreeMap;

use slaclock_core::Options;

use super::Service;
use super::evaluation::refusal;
use super::line::{Line, ticket_line};
use crate::error::{Code, Problem};
use crate::input::lines_of;
use crate::store::{Arrival, Dossier, Fact, Taken};

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Took {
    /// The ticket.
    pub ticket: String,
    /// Facts that are new.
    pub stored: usize,
    /// Facts that were known already.
    pub known: usize,
}

/// A ticket with the lines that add to it.
struct Growing<'l> {
    ticket: &'l str,
    agreement: String,
    before: Vec<Fact>,
    after: Vec<Fact>,
    /// Lines whose facts are in `after`: their number, how many facts are new and how many known.
    lines: Vec<(usize, Vec<Fact>, usize)>,
}

impl Service {
    /// Takes lines in; what became of each, in their order. An answer that says `stored` is kept for good.
    ///
    /// # Errors
    /// The store cannot; then nothing was kept.
    pub async fn take(
        &self,
        tenant: &str,
        lines: &[Result<Line, Problem>],
        quiet: bool,
    ) -> Result<Vec<Result<Took, Problem>>, Problem> {
        let mut outcomes: Vec<Option<Result<Took, Problem>>> = vec![None; lines.len()];
        let mut growing = self.group(tenant, lines, &mut outcomes).await?;
        self.check(tenant, &mut growing, &mut outcomes).await?;
        let quiet_until = quiet.then(|| self.now());
        let arrivals: Vec<Arrival> = growing
            .iter()
            .filter(|growing| growing.lines.iter().any(|(_, new, _)| !new.is_empty()))
            .map(|growing| Arrival {
                ticket: growing.ticket.to_owned(),
                agreement: growing.agreement.clone(),
                quiet_until,
                facts: growing.lines.iter().flat_map(|(_, new, _)| new.iter().cloned()).collect(),
            })
            .collect();
        let mut taken = if arrivals.is_empty() {
            Vec::new().into_iter()
        } else {
            self.store.append(tenant, arrivals).await?.into_iter()
        };
        for growing in growing {
            let has_news = growing.lines.iter().any(|(_, new, _)| !new.is_empty());
            let mut taken = if has_news { taken.next().unwrap_or_default() } else { Vec::new() }.into_iter();
            for (index, new, known) in growing.lines {
                let mut took = Took { ticket: growing.ticket.to_owned(), stored: 0, known };
                let mut conflict = None;
                for (fact, taken) in new.iter().zip(taken.by_ref()) {
                    match taken {
                        Taken::Stored => took.stored += 1,
                        Taken::Known => took.known += 1,
                        // Another request was faster.
                        Taken::Conflict => conflict = Some(conflicting(&took.ticket, &fact.id)),
                    }
                }
                if let Some(outcome) = outcomes.get_mut(index) {
                    *outcome = Some(conflict.map_or(Ok(took), Err));
                }
            }
        }
        for took in outcomes.iter().flatten().flatten() {
            self.metrics.took(took.stored, took.known);
        }
        let lost = || Err(Problem::new(Code::StoreUnexpected, "the line was lost", ""));
        Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(lost)).collect())
    }

    /// Puts lines of one ticket together with what is known of it.
    async fn group<'l>(
        &self,
        tenant: &str,
        lines: &'l [Result<Line, Problem>],
        outcomes: &mut [Option<Result<Took, Problem>>],
    ) -> Result<Vec<Growing<'l>>, Problem> {
        let mut by_ticket: BTreeMap<&str, Vec<(usize, &Line)>> = BTreeMap::new();
        for (index, line) in lines.iter().enumerate() {
            match line {
                Ok(line) => by_ticket.entry(&line.ticket).or_default().push((index, line)),
                Err(problem) => outcomes[index] = Some(Err(problem.clone())),
            }
        }
        let names: Vec<String> = by_ticket.keys().map(|ticket| (*ticket).to_owned()).collect();
        let dossiers = self.store.dossiers(tenant, &names).await?;
        let mut fallback = None;
        let mut growing = Vec::with_capacity(names.len());
        for ((ticket, lines), dossier) in by_ticket.into_iter().zip(dossiers) {
            let named = lines.iter().find_map(|(_, line)| line.agreement.clone());
            let Dossier { agreement, facts, .. } = match (dossier, named) {
                (Some(dossier), _) => dossier,
                (None, named) => {
                    if named.is_none() && fallback.is_none() {
                        fallback = Some(self.default_agreement(tenant).await);
                    }
                    let agreement = named.map(Ok).or_else(|| fallback.clone());
                    let agreement = agreement.unwrap_or_else(|| {
                        Err(Problem::new(Code::WhichAgreement, "the ticket does not say its agreement", ""))
                    });
                    match agreement {
                        Ok(agreement) => Dossier {
                            ticket: ticket.to_owned(),
                            agreement,
                            revision: 0,
                            quiet_until: None,
                            facts: Vec::new(),
                        },
                        Err(problem) => {
                            for (index, _) in lines {
                                outcomes[index] = Some(Err(problem.clone()));
                            }
                            continue;
                        }
                    }
                }
            };
            let mut grown =
                Growing { ticket, agreement, before: facts, after: Vec::new(), lines: Vec::new() };
            grown.after.clone_from(&grown.before);
            for (index, line) in lines {
                if let Err(problem) = grown.add(index, line) {
                    outcomes[index] = Some(Err(problem));
                }
            }
            growing.push(grown);
        }
        Ok(growing)
    }

    /// Has the engine read every ticket as it would be, and refuses the lines that it cannot read.
    async fn check(
        &self,
        tenant: &str,
        growing: &mut [Growing<'_>],
        outcomes: &mut [Option<Result<Took, Problem>>],
    ) -> Result<(), Problem> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, growing) in growing.iter().enumerate().filter(|(_, growing)| growing.has_news()) {
            groups.entry(growing.agreement.clone()).or_default().push(place);
        }
        for (agreement, places) in groups {
            let texts: Vec<String> = places
                .iter()
                .map(|place| ticket_line(growing[*place].ticket, &growing[*place].after))
                .collect();
            let answers = match self.read(tenant, &agreement, texts.concat()).await {
                Ok(answers) => answers,
                Err(problem) => {
                    for place in places {
                        growing[place].refuse_all(&problem, outcomes);
                    }
                    continue;
                }
            };
            for (place, answer) in places.into_iter().zip(answers) {
                if let Some(problem) = answer {
                    self.sort_out(tenant, &mut growing[place], &problem, outcomes).await?;
                }
            }
        }
        Ok(())
    }

    /// Finds which lines of a ticket the engine cannot read.
    async fn sort_out(
        &self,
        tenant: &str,
        growing: &mut Growing<'_>,
        problem: &Problem,
        outcomes: &mut [Option<Result<Took, Problem>>],
    ) -> Result<(), Problem> {
        // The plugin's trouble is not the fact's fault, nor is that of a ticket that could not be read before.
        let is_engines = |problem: &Problem| problem.code.starts_with("SLA-E");
        let is_new = growing.before.is_empty();
        if !is_engines(problem) {
            return Ok(());
        }
        if !is_new {
            let before = self.read(tenant, &growing.agreement, ticket_line(growing.ticket, &growing.before));
            if before.await?.into_iter().next().flatten().is_some() {
                return Ok(());
            }
        }
        if growing.lines.len() == 1 {
            growing.refuse_all(problem, outcomes);
            return Ok(());
        }
        let mut after = growing.before.clone();
        for (index, new, known) in std::mem::take(&mut growing.lines) {
            let kept = after.len();
            after.extend(new.iter().cloned());
            let read = self.read(tenant, &growing.agreement, ticket_line(growing.ticket, &after)).await?;
            match read.into_iter().next().flatten() {
                Some(problem) if is_engines(&problem) => {
                    after.truncate(kept);
                    outcomes[index] = Some(Err(problem));
                }
                _ => growing.lines.push((index, new, known)),
            }
        }
        Ok(())
    }

    /// What is wrong with each of some tickets.
    async fn read(
        &self,
        tenant: &str,
        agreement: &str,
        lines: String,
    ) -> Result<Vec<Option<Problem>>, Problem> {
        let agreement = self.agreement(tenant, agreement, None).await?;
        let options = Options { now: self.clock.now(), known_at: None };
        let answers = self.engines.tickets(tenant, &agreement, lines.into_bytes(), options, false).await;
        let answers = answers.map_err(|mut problems| problems.remove(0))?;
        Ok(lines_of(&answers).map(refusal).collect())
    }
}

impl Growing<'_> {
    fn has_news(&self) -> bool {
        self.lines.iter().any(|(_, new, _)| !new.is_empty())
    }

    fn add(&mut self, index: usize, line: &Line) -> Result<(), Problem> {
        if let Some(named) = line.agreement.as_ref().filter(|named| **named != self.agreement) {
            let message =
                format!("`{}` is under the agreement `{}`, not `{named}`", self.ticket, self.agreement);
            return Err(Problem::new(Code::Conflict, message, "/agreement")
                .with_mend("a new version of an agreement changes what is promised; its id stays"));
        }
        let mut new: Vec<Fact> = Vec::new();
        let mut known = 0;
        for fact in &line.facts {
            match self.after.iter().chain(&new).find(|there| there.id == fact.id) {
                None => new.push(fact.clone()),
                Some(there) if same(&there.body, &fact.body) => known += 1,
                Some(_) => return Err(conflicting(self.ticket, &fact.id)),
            }
        }
        self.after.extend(new.iter().cloned());
        self.lines.push((index, new, known));
        Ok(())
    }

    fn refuse_all(&mut self, problem: &Problem, outcomes: &mut [Option<Result<Took, Problem>>]) {
        for (index, ..) in self.lines.drain(..) {
            outcomes[index] = Some(Err(problem.clone()));
        }
    }
}

fn conflicting(ticket: &str, id: &str) -> Problem {
    let what = if id.is_empty() { "creation".to_owned() } else { format!("event `{id}`") };
    let message = format!("the {what} of `{ticket}` is kept already and says something else");
    Problem::new(Code::Conflict, message, "")
}

/// Whether two texts say the same, whatever their spaces and the order of their keys.
fn same(one: &str, other: &str) -> bool {
    let value = serde_json::from_str::<serde_json::Value>;
    one == other || matches!((value(one), value(other)), (Ok(one), Ok(other)) if one == other)
}
