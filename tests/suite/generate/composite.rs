//! Random calendars made of others, all with their odd days around one instant.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::calendar::{CalendarCase, center, plan};
use crate::reference::Wall;

/// How the parts are put together.
#[derive(Debug, Clone)]
enum Tree {
    Part(usize),
    BuiltIn(&'static str),
    AnyOf(Vec<Tree>),
    AllOf(Vec<Tree>),
    Less(Box<Tree>, Vec<Tree>),
}

/// A calendar made of others, written in their places.
pub(crate) fn composite_case() -> impl Strategy<Value = CalendarCase> {
    (center(), vec(plan(), 2..5), made()).prop_map(|(center, plans, tree)| {
        let center = center.resolve(&Wall::of(plans[0].zone));
        let parts: Vec<Value> = plans.iter().map(|plan| plan.document(center)).collect();
        CalendarCase { document: tree.document(&parts), center }
    })
}

/// A tree that is more than a single part.
fn made() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        8 => (0usize..4).prop_map(Tree::Part),
        1 => Just(Tree::BuiltIn("always")),
        1 => Just(Tree::BuiltIn("never")),
    ];
    let deeper = leaf.prop_recursive(3, 10, 3, |inner| node(inner.boxed()));
    node(deeper.boxed())
}

fn node(inner: BoxedStrategy<Tree>) -> impl Strategy<Value = Tree> {
    prop_oneof![
        3 => vec(inner.clone(), 1..4).prop_map(Tree::AnyOf),
        3 => vec(inner.clone(), 1..4).prop_map(Tree::AllOf),
        2 => (inner.clone(), vec(inner, 1..3)).prop_map(|(base, less)| Tree::Less(Box::new(base), less)),
    ]
}

impl Tree {
    fn document(&self, parts: &[Value]) -> Value {
        let list = |trees: &[Self]| Value::Array(trees.iter().map(|tree| tree.document(parts)).collect());
        match self {
            Self::Part(index) => parts[index % parts.len()].clone(),
            Self::BuiltIn(name) => json!(name),
            Self::AnyOf(trees) => json!({ "any_of": list(trees) }),
            Self::AllOf(trees) => json!({ "all_of": list(trees) }),
            Self::Less(base, less) => {
                let mut document = base.document(parts);
                if !opens(&document) || document.get("except").is_some() {
                    document = json!({ "any_of": [document] });
                }
                document["except"] = list(less);
                document
            }
        }
    }
}

/// Whether there is something to take away from.
fn opens(document: &Value) -> bool {
    let own = document["hours"].as_object();
    let any = own.is_some_and(|days| days.values().any(|hours| hours != &json!([])));
    any || document.get("any_of").is_some() || document.get("all_of").is_some()
}
