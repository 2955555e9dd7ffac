//! One declaration per type: the struct, its decoder, its encoder and its description.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Declares a map of a document with known keys. `key: Type` is required unless its type may be absent,
/// `key: Type = default` has a default, and keys `later` are of features that this version lacks.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident as $what:literal $(later [$($later:literal),* $(,)?])? {
            $($(#[doc = $field_doc:literal])* $field:ident : $ty:ty $(= $default:expr)?,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $ty,)*
        }

        impl $crate::document::Document for $name {
            fn blank() -> Self {
                Self { $($field: $crate::document::record!(@blank $ty $(, $default)?),)* }
            }

            fn read(
                &mut self,
                node: &$crate::document::Node<'_>,
                at: &$crate::document::At<'_>,
                problems: &mut $crate::document::Problems,
            ) -> bool {
                const FORM: $crate::document::Form = $crate::document::Form {
                    what: $what,
                    keys: &[$(stringify!($field)),*],
                    needed: $crate::document::needed(&[$(
                        !(<$ty as $crate::document::Document>::MAY_BE_ABSENT
                            || $crate::document::record!(@has $($default)?)),
                    )*]),
                    later: &[$($($later),*)?],
                };
                FORM.read(&mut [$(&mut self.$field),*], node, at, problems)
            }
        }

        #[cfg(feature = "shape")]
        impl $crate::document::shape::Shaped for $name {
            fn shape(types: &mut $crate::document::shape::Types) -> $crate::document::shape::Shape {
                types.record(stringify!($name), &[$($doc),*], |types| vec![
                    $($crate::document::shape::Key::of::<$ty>(
                        types, stringify!($field), &[$($field_doc),*], $crate::document::record!(@has $($default)?),
                    ),)*
                    $($($crate::document::shape::Key::later($later),)*)?
                ])
            }
        }
    };
    (@blank $ty:ty) => { <$ty as $crate::document::Document>::blank() };
    (@blank $ty:ty, $default:expr) => { $default };
    (@has) => { false };
    (@has $default:expr) => { true };
}

/// Declares a closed list of words, as a document spells them.
macro_rules! words {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident as $what:literal $(later [$($later:literal),* $(,)?])? {
            $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $word_doc])+ $variant,)+
        }

        impl $name {
            /// Every word, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word as it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_unit_variant(stringify!($name), 0, self.as_str())
            }
        }

        impl $crate::document::Document for $name {
            fn blank() -> Self {
                $crate::document::words!(@first $($variant)+)
            }

            fn decode(
                node: &$crate::document::Node<'_>,
                at: &$crate::document::At<'_>,
                problems: &mut $crate::document::Problems,
            ) -> Option<Self> {
                let (words, later): (&[&str], &[&str]) = (&[$($word),+], &[$($($later),*)?]);
                let place = $crate::document::word(node, $what, words, later, at, problems)?;
                Self::ALL.get(place).copied()
            }
        }

        #[cfg(feature = "shape")]
        impl $crate::document::shape::Shaped for $name {
            fn shape(types: &mut $crate::document::shape::Types) -> $crate::document::shape::Shape {
                types.words(stringify!($name), &[$($doc),*], &[$(($word, concat!($($word_doc),+).trim_ascii())),+])
            }
        }
    };
    (@first $first:ident $($other:ident)*) => { Self::$first };
}

/// Declares a map of a result: keys in the order of canonical JSON. A key of type [`Absent`] is left out
/// when it has no value; an `Option` is written as `null`.
macro_rules! output {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $($(#[doc = $field_doc:literal])* $field:ident : $ty:ty,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $ty,)*
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use $crate::document::Entry as _;
                let mut map = serializer.serialize_map(None)?;
                $(self.$field.put(stringify!($field), &mut map)?;)*
                serde::ser::SerializeMap::end(map)
            }
        }

        #[cfg(feature = "shape")]
        impl $crate::document::shape::Shaped for $name {
            fn shape(types: &mut $crate::document::shape::Types) -> $crate::document::shape::Shape {
                types.record(stringify!($name), &[$($doc),*], |types| vec![
                    $($crate::document::shape::Key::of_output::<$ty>(types, stringify!($field), &[$($field_doc),*]),)*
                ])
            }
        }
    };
}

pub(crate) use {output, record, words};

/// A value that is left out of its map when there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent<T>(pub Option<T>);

impl<T> Default for Absent<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<Option<T>> for Absent<T> {
    fn from(value: Option<T>) -> Self {
        Self(value)
    }
}

/// A key as the source has it.
struct Key(&'static str);

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit_variant("Key", 0, self.0)
    }
}

/// A value that knows how to stand in a map.
pub(crate) trait Entry {
    /// Writes `key` and the value, or nothing.
    fn put<M: SerializeMap>(&self, key: &'static str, map: &mut M) -> Result<(), M::Error>;
}

impl<T: Serialize> Entry for T {
    fn put<M: SerializeMap>(&self, key: &'static str, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry(&Key(key), self)
    }
}

impl<T: Serialize> Entry for Absent<T> {
    fn put<M: SerializeMap>(&self, key: &'static str, map: &mut M) -> Result<(), M::Error> {
        match &self.0 {
            Some(value) => map.serialize_entry(&Key(key), value),
            None => Ok(()),
        }
    }
}
