//! Types that describe themselves, with the feature `shape`: the declarations of the npm package are made from them.

/// Declares a struct of JSON or a list of words, with its name in TypeScript. What serde has a default for, or may skip, may be left out;
/// `as` says what a value of any JSON is.
macro_rules! shaped {
    (
        $(#[doc = $doc:literal])*
        #[name($shown:literal)]
        #[derive($($derive:ident),*)]
        $(#[serde($($outer:ident),*)])?
        pub struct $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $(#[serde($($serde:tt)*)])?
                pub $field:ident : $ty:ty $(as $shape:expr)?,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive($($derive),*)]
        $(#[serde($($outer),*)])?
        pub struct $name {
            $($(#[doc = $field_doc])* $(#[serde($($serde)*)])? pub $field: $ty,)*
        }

        #[cfg(feature = "shape")]
        impl slaclock_core::document::shape::Shaped for $name {
            fn shape(
                types: &mut slaclock_core::document::shape::Types,
            ) -> slaclock_core::document::shape::Shape {
                types.record($shown, &[$($doc),*], |types| vec![
                    $({
                        let serde = [$(stringify!($($serde)*))?];
                        #[allow(unused_mut, reason = "not every key says what it is")]
                        let mut key = crate::shaped::key::<$ty>(types, stringify!($field), &[$($field_doc),*], &serde);
                        $(key.shape = $shape(key.shape);)?
                        key
                    },)*
                ])
            }
        }
    };
    (
        $(#[doc = $doc:literal])*
        #[name($shown:literal)]
        #[derive($($derive:ident),*)]
        pub enum $name:ident {
            $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[doc = $doc])*
        #[derive($($derive),*)]
        pub enum $name {
            $($(#[doc = $word_doc])+ #[serde(rename = $word)] $variant,)+
        }

        #[cfg(feature = "shape")]
        impl slaclock_core::document::shape::Shaped for $name {
            fn shape(
                types: &mut slaclock_core::document::shape::Types,
            ) -> slaclock_core::document::shape::Shape {
                types.words($shown, &[$($doc),*], &[$(($word, concat!($($word_doc),+).trim_ascii())),+])
            }
        }
    };
}

pub(crate) use shaped;

#[cfg(feature = "shape")]
pub(crate) fn key<T: slaclock_core::document::shape::Shaped>(
    types: &mut slaclock_core::document::shape::Types,
    name: &'static str,
    doc: &[&str],
    serde: &[&str],
) -> slaclock_core::document::shape::Key {
    use slaclock_core::document::shape::{Key, Shape};
    let may_be_absent = serde.iter().any(|told| told.contains("default") || told.contains("skip"));
    let mut key = Key::of::<T>(types, name, doc, may_be_absent);
    key.required = !may_be_absent;
    if let (true, Shape::Nullable(inner)) = (may_be_absent, &key.shape) {
        key.shape = (**inner).clone();
    }
    key
}

/// The same with a type of this name for any JSON.
#[cfg(feature = "shape")]
pub(crate) fn named(
    name: &'static str,
) -> impl Fn(slaclock_core::document::shape::Shape) -> slaclock_core::document::shape::Shape {
    use slaclock_core::document::shape::Shape;
    fn with(shape: Shape, name: &'static str) -> Shape {
        match shape {
            Shape::Any => Shape::Named(name),
            Shape::Nullable(inner) => Shape::Nullable(Box::new(with(*inner, name))),
            Shape::List(item) => Shape::List(Box::new(with(*item, name))),
            other => other,
        }
    }
    move |shape| with(shape, name)
}
