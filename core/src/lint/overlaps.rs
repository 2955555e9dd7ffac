//! Policies that take tickets from one another by their order alone.

use super::logic::{Answer, Both, Fuel, any_beside, both, product};
use super::view::{MOST_COMPARED, PolicyView, View};
use super::{Findings, Rule};

pub(super) fn check(view: &View<'_>, findings: &mut Findings) {
    // Of all rules this one compares the most; what it uses up must not silence others.
    let fuel = Fuel::new();
    for policies in &view.sets {
        let compared: Vec<_> = policies.iter().take(MOST_COMPARED).collect();
        let known: Vec<_> = compared.iter().map(|policy| both(&policy.document.when, &view.order)).collect();
        for index in 0..compared.len() {
            overlapping(&compared, &known, index, &fuel, findings);
        }
    }
}

/// An exception before a rule is meant, and so is a policy for the rest. Where each of two policies has tickets of
/// its own beside those of both, the order may be an accident.
fn overlapping(
    policies: &[&PolicyView<'_>],
    known: &[Option<Both<'_>>],
    index: usize,
    fuel: &Fuel,
    findings: &mut Findings,
) {
    let Some((policy, own)) = policies.get(index).zip(known.get(index).and_then(Option::as_ref)) else {
        return;
    };
    let before: Vec<_> = known.iter().take(index).flatten().collect();
    let some = |cubes: &[_], conditions: &[&Both<'_>]| any_beside(cubes, conditions, fuel) == Answer::Some;
    if before.len() < index || !some(&own.holds, &before) {
        return;
    }
    let first = policies.iter().zip(known).take(index).enumerate().find(|(place, (other, condition))| {
        let Some(condition) = condition else { return false };
        other.document.clocks != policy.document.clocks
            && product(&condition.holds, &own.holds)
                .is_some_and(|shared| some(&shared, before.get(..*place).unwrap_or_default()))
            && some(&condition.holds, &[own])
            && some(&own.holds, &[condition])
    });
    if let Some((_, (other, _))) = first {
        let (first, second) = (other.document.id.as_str(), policy.document.id.as_str());
        let message = [
            "some tickets match `",
            first,
            "` and `",
            second,
            "`: the order alone gives them to `",
            first,
            "`",
        ];
        let mend = "make sure that this is meant, or tell their conditions apart";
        findings.push(Rule::Po06, &policy.pointer, &message, mend);
    }
}
