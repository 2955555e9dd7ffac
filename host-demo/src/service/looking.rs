//! Looking at tickets: what has happened by now, what is to be told, when to look again.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use slaclock_core::{Instant, Options};

use super::Service;
use super::evaluation::{AlertFigures, ClockFigures, Evaluation, refusal};
use super::line::{hex, instant, ticket_line};
use crate::error::Problem;
use crate::input::lines_of;
use crate::store::{Alarm, Dossier, Due, Looked};

/// Kinds of messages.
pub const KINDS: [&str; 2] = ["clock.alert", "clock.breached"];

/// Looks at tickets. A ticket that cannot be evaluated has its problem; the others go on.
pub async fn look(service: &Service, due: Vec<Due>, now: Instant) -> Vec<Looked> {
    let mut groups: BTreeMap<(String, String), Vec<Dossier>> = BTreeMap::new();
    for Due { tenant, dossier, .. } in due {
        groups.entry((tenant, dossier.agreement.clone())).or_default().push(dossier);
    }
    let mut looked = Vec::new();
    for ((tenant, agreement), dossiers) in groups {
        // Of a ticket that is not created yet nothing can be said.
        let (created, waiting): (Vec<_>, Vec<_>) =
            dossiers.into_iter().partition(|dossier| dossier.facts.iter().any(|fact| fact.id.is_empty()));
        looked.extend(waiting.iter().map(|dossier| unknown(&tenant, dossier, None)));
        if created.is_empty() {
            continue;
        }
        match answers(service, &tenant, &agreement, &created, now).await {
            Ok(answers) => {
                let each = created.iter().zip(lines_of(&answers));
                looked.extend(each.map(|(dossier, answer)| judge(&tenant, dossier, answer, now)));
            }
            Err(problem) => {
                looked.extend(created.iter().map(|dossier| unknown(&tenant, dossier, Some(&problem))));
            }
        }
    }
    looked
}

async fn answers(
    service: &Service,
    tenant: &str,
    agreement: &str,
    dossiers: &[Dossier],
    now: Instant,
) -> Result<Vec<u8>, Problem> {
    let agreement = service.agreement(tenant, agreement, None).await?;
    let lines: String = dossiers.iter().map(|dossier| ticket_line(&dossier.ticket, &dossier.facts)).collect();
    let options = Options { now, known_at: None };
    let answers = service.engines.tickets(tenant, &agreement, lines.into_bytes(), options, false).await;
    answers.map_err(|mut problems| problems.remove(0))
}

fn unknown(tenant: &str, dossier: &Dossier, problem: Option<&Problem>) -> Looked {
    Looked {
        tenant: tenant.to_owned(),
        ticket: dossier.ticket.clone(),
        revision: dossier.revision,
        next_at: None,
        due_at: None,
        is_open: true,
        fault: problem.and_then(|problem| serde_json::to_string(problem).ok()),
        alarms: None,
        quiet_until: dossier.quiet_until,
    }
}

fn judge(tenant: &str, dossier: &Dossier, answer: &[u8], now: Instant) -> Looked {
    if let Some(problem) = refusal(answer) {
        return unknown(tenant, dossier, Some(&problem));
    }
    let evaluation: Evaluation = match serde_json::from_slice(answer) {
        Ok(evaluation) => evaluation,
        Err(error) => {
            let message = format!("the plugin's answer is not an evaluation: {error}");
            let problem = Problem::new(crate::error::Code::PluginAnswer, message, "");
            return unknown(tenant, dossier, Some(&problem));
        }
    };
    let mut alarms = Vec::new();
    for clock in &evaluation.clocks {
        for cycle in clock.earlier.iter().chain([clock]) {
            told(tenant, dossier, cycle, now.ms(), &mut alarms);
        }
    }
    let open = evaluation.clocks.iter().filter(|clock| clock.is_open());
    // The engine supposes that nothing new happens; events may be known that lie ahead.
    let ahead = dossier.facts.iter().map(|fact| fact.at).filter(|at| *at > now.ms()).min();
    Looked {
        tenant: tenant.to_owned(),
        ticket: dossier.ticket.clone(),
        revision: dossier.revision,
        next_at: evaluation.next_event_at.into_iter().chain(ahead).min(),
        due_at: open.clone().filter_map(|clock| clock.due_at.flatten()).min(),
        is_open: open.count() > 0,
        fault: None,
        alarms: Some(alarms),
        quiet_until: dossier.quiet_until,
    }
}

/// What is to be told of a cycle, of what has happened by now.
fn told(tenant: &str, dossier: &Dossier, cycle: &ClockFigures, now: i64, alarms: &mut Vec<Alarm>) {
    for alert in cycle.alerts.iter().filter(|alert| alert.at <= now) {
        let due_at = alert.deliver_at.unwrap_or(Some(alert.at));
        // What was held until an opening and ended well before it is no news any more.
        let is_moot = alert.deliver_at.is_some()
            && cycle.breached_at.is_none()
            && !cycle.is_open()
            && cycle.stopped_at.is_none_or(|stopped| due_at.is_none_or(|due| stopped <= due));
        if !is_moot {
            let data = about(dossier, cycle, Some(alert));
            alarms.push(alarm(tenant, &alert.id, "clock.alert", alert.at, due_at, data));
        }
    }
    if let Some(at) = cycle.breached_at.filter(|at| *at <= now) {
        let set = cycle.set.iter().map(|set| format!("{set}/")).collect::<String>();
        let id = format!("{}/{set}{}/{}/breached", dossier.ticket, cycle.clock, cycle.cycle);
        alarms.push(alarm(tenant, &id, "clock.breached", at, Some(at), about(dossier, cycle, None)));
    }
}

fn about(dossier: &Dossier, cycle: &ClockFigures, alert: Option<&AlertFigures>) -> Map<String, Value> {
    let at = |ms: i64| Value::from(instant(ms).to_string());
    let mut data = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            data.insert(key.to_owned(), value);
        }
    };
    put("ticket", Some(json!(dossier.ticket)));
    put("agreement", Some(json!(dossier.agreement)));
    put("policy", Some(json!(cycle.policy)));
    put("metric", Some(json!(cycle.metric)));
    put("clock", Some(json!(cycle.clock)));
    put("set", cycle.set.as_ref().map(|set| json!(set)));
    put("cycle", Some(json!(cycle.cycle)));
    put("state", Some(json!(cycle.state)));
    put("target_ms", Some(json!(cycle.target_ms)));
    put("due_at", cycle.due_at.flatten().map(at));
    put("breached_at", cycle.breached_at.map(at));
    if let Some(alert) = alert {
        put("alert", Some(json!(alert.id)));
        put("threshold", Some(json!(alert.threshold)));
        put("notify", alert.notify.as_ref().map(|notify| json!(notify)));
    }
    data
}

/// A message. Its id goes into a header, so it is made of digits, whatever the ticket is called.
fn alarm(
    tenant: &str,
    id: &str,
    kind: &'static str,
    at: i64,
    due_at: Option<i64>,
    data: Map<String, Value>,
) -> Alarm {
    let digest = Sha256::digest(format!("{tenant}\0{kind}\0{id}"));
    let body = json!({ "type": kind, "timestamp": instant(at).to_string(), "data": data });
    Alarm { id: format!("msg_{}", hex(&digest[..16])), kind, at, due_at, body: body.to_string() }
}
