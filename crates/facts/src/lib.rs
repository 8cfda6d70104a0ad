//! What weir knows, one statement at a time: the vocabulary shared by every origin (source, design file, broker).
//!
//! A [`Fact`] is plain data with a [`Site`]. Nothing here parses, resolves or judges; see `ARCHITECTURE.md` for the
//! way of one fact from bytes to page.

mod effect;
mod fact;
mod name;
mod site;

pub use effect::{Arm, Effect, ExternalKind, GuardKind, Program, Step, WriteKind};
pub use fact::{
    Action, BindingFact, BoundaryFact, BrokerFact, ChannelFact, ChannelKind, Coverage, Fact, Field, Handler,
    LanguageCoverage, MessageFact, MessageRef, OperationFact, PatternFact, ProjectionFact, SagaFact, SagaStepFact,
    ServiceFact, StoreFact, TriggerKind, UnresolvedFact,
};
pub use name::{Certainty, Hop, Name, Origin};
pub use site::{Evidence, Site};
