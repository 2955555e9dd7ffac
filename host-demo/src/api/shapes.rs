//! Shapes of what the engine reads and writes, for the description alone. The engine itself is their source: they are
//! generated from core's types into the description's components.

use utoipa::ToSchema;

macro_rules! shapes {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(ToSchema)]
        #[schema(value_type = Object)]
        #[expect(dead_code, reason = "it only names a schema")]
        pub(super) struct $name(serde_json::Value);
    )+};
}

shapes! {
    /// An agreement document.
    Agreement;
    /// A ticket, and with `agreement` the agreement that it is under.
    Ticket;
    /// An event, with the `ticket` that it is of, unless the address says it.
    Event;
    /// The clocks of a ticket.
    Evaluation;
    /// The clocks of a ticket, or with `explain` every minute of them.
    Clocks;
    /// Fields of a ticket.
    Fields;
    /// What a ticket would be promised.
    Preview;
    /// Something about an agreement that should be looked at.
    Finding;
}
