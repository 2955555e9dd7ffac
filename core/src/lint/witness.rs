//! Tickets that fit a condition, made up from what it asks for.

use std::borrow::Cow;

use serde_json::Value;

use crate::policy::{ConditionDocument, Fields, Matcher, Test, same};

use super::view::View;

/// A ticket that fits; `None` where none was found at once, though there may be one.
pub(super) fn ticket(view: &View<'_>, condition: &ConditionDocument) -> Option<Fields<'static>> {
    let mut fields = Fields::new();
    fit(view, condition, &mut fields).then_some(fields)
}

/// Changes a ticket so that it fits; whether it does.
pub(super) fn fit(view: &View<'_>, condition: &ConditionDocument, fields: &mut Fields) -> bool {
    for test in &condition.all {
        match test {
            Test::Field { field, matcher } => fit_field(view, field, matcher, true, fields),
            Test::AnyOf(conditions) => {
                let found = conditions.iter().find_map(|condition| {
                    let mut changed = fields.clone();
                    fit(view, condition, &mut changed).then_some(changed)
                });
                if let Some(found) = found {
                    *fields = found;
                }
            }
            // An absent field mostly keeps a ticket out of these; the check below tells.
            Test::NoneOf(_) | Test::Event(_) => {}
        }
    }
    view.compiled(condition).holds(fields)
}

fn fit_field(view: &View<'_>, field: &str, matcher: &Matcher, holds: bool, fields: &mut Fields) {
    let now = fields.get(field).cloned().unwrap_or(Value::Null);
    let is = |value: &Value| same(value, &now);
    let wanted = match matcher {
        Matcher::Not(inner) => return fit_field(view, field, inner, !holds, fields),
        Matcher::OneOf(values) if holds => {
            (!values.iter().any(is)).then(|| values.first().cloned()).flatten()
        }
        Matcher::OneOf(values) => values.iter().any(is).then(other),
        Matcher::Has(value) if holds => (!is(value)).then(|| value.clone()),
        Matcher::Has(value) => is(value).then(other),
        Matcher::AtLeast(least) => {
            let mut urgent = view.order.0.iter().take_while(|known| *known != least).chain([least]);
            let fits = urgent.any(|known| now.as_str() == Some(known));
            if fits == holds {
                None
            } else if holds {
                Some(Value::String(least.clone()))
            } else {
                Some(other())
            }
        }
    };
    match wanted {
        Some(Value::Null) => fields.remove(field),
        Some(value) => fields.insert(field.to_owned(), Cow::Owned(value)),
        None => {}
    }
}

/// A value that no document names.
fn other() -> Value {
    Value::String("\u{0}other".to_owned())
}
