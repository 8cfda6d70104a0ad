//! What is known of libraries, as data: the schema of a pack, its path language, and the loader.
//!
//! The reference of the format is `packs/README.md`; the JSON Schema follows from the types in [`schema`].

mod check;
mod load;
mod path;
mod schema;

pub use load::{Embedded, PackError, Packs, builtin, embedded, embedded_fingerprint, load_dir, parse};
pub use path::{Path, PathError, Root, Step, Term};
pub use schema::{
    BindRule, BrokerRule, Condition, DeclareRule, Document, Emit, ExternalRule, FactRule, Languages, MessageKind,
    NackRule, Pack, PackKind, Paths, ProvideRule, ReadRule, RouteRule, ScheduleRule, Transaction, TypeRule, When,
    WriteRule,
};
