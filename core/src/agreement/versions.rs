//! Agreements that change: one document, several versions, each from its first day on.

use crate::document::{At, Document, Node, Problems, expected, words};
use crate::error::Code;
use crate::interval::Gather as _;

use super::document::AgreementDocument;
use super::limits::{MAX_VERSIONS, refuse};

words! {
    /// Which version of an agreement judges a ticket.
    pub enum VersionsApply as "a way to apply versions" {
        /// Each instant is judged by the version in force; time used stays as it was counted.
        Instant = "instant",
        /// The version in force at the ticket's creation judges all of it.
        TicketStart = "ticket_start",
    }
}

/// The versions of a document, read by [`documents`]: each is a document that takes what it does not say
/// from its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionList;

impl Document for VersionList {
    fn blank() -> Self {
        Self
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match node {
            Node::List(items) if items.is_empty() => {
                problems.push(at, Code::Empty, "there is no version");
                None
            }
            Node::List(_) => Some(Self),
            _ => expected("a list of versions", node, at, problems),
        }
    }
}

/// Keys of the whole document: versions have none of them, and take over only the first.
const OF_THE_WHOLE: [&str; 3] = ["slaclock", "versions", "versions_apply"];

/// A document, or one version of it.
pub(crate) struct Written {
    pub(crate) document: AgreementDocument,
    /// Its position in the list of versions, and the keys that it says itself.
    pub(crate) version: Option<(usize, Vec<String>)>,
}

/// A document for each version, or the one document.
pub(crate) fn documents(node: &Node<'_>, problems: &mut Problems) -> Option<Vec<Written>> {
    let root = &At::Root;
    let Node::Map(entries) = node else {
        return expected("an agreement", node, root, problems);
    };
    let Some((_, versions)) = entries.iter().find(|(key, _)| key == "versions") else {
        let document = AgreementDocument::decode(node, root, problems)?;
        return Some(vec![Written { document, version: None }]);
    };
    let here = At::Key(root, "versions");
    VersionList::decode(versions, &here, problems)?;
    let Node::List(versions) = versions else {
        return None;
    };
    if versions.len() > MAX_VERSIONS {
        refuse(MAX_VERSIONS, "versions", &here, problems);
        return None;
    }
    let mut documents = Vec::with_capacity(versions.len());
    for (index, version) in versions.iter().enumerate() {
        let at = At::Index(&here, index);
        let Node::Map(own) = version else {
            expected::<()>("a version", version, &at, problems);
            continue;
        };
        let of_the_whole = |key: &str| OF_THE_WHOLE.contains(&key);
        for key in own.iter().map(|(key, _)| key.as_ref()).filter(|key| of_the_whole(key)) {
            problems.push(&At::Key(&at, key), Code::UnknownKey, format!("a version has no key `{key}`"));
        }
        let own: Vec<_> = own.iter().filter(|(key, _)| !of_the_whole(key)).gather();
        let says: Vec<String> = own.iter().map(|(key, _)| key.clone().into_owned()).gather();
        let inherits =
            |key: &str| key == "slaclock" || !(of_the_whole(key) || says.iter().any(|own| own == key));
        let inherited = entries.iter().filter(|(key, _)| inherits(key));
        let whole = own.into_iter().chain(inherited).cloned().gather();
        let before = problems.count();
        let document = AgreementDocument::decode(&Node::Map(whole), &at, problems);
        problems.at_their_source(before, &says, &at);
        documents.extend(document.map(|document| Written { document, version: Some((index, says)) }));
    }
    if documents.is_empty() {
        return None;
    }
    Some(documents)
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for VersionList {
    fn shape(types: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        use crate::document::shape::Shape;
        let doc = "Versions of the agreement: maps with the keys of an agreement, `valid.from` among them; a key that \
                   is absent is taken from the document around.";
        let version = Shape::PartOf { name: "AgreementDocument", without: &OF_THE_WHOLE };
        types.alias("AgreementVersions", doc, |_| Shape::List(Box::new(version)))
    }
}
