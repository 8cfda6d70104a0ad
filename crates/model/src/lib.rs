//! Facts in, one flow model out: operations joined on channels across services, with what can be asked of it.
//!
//! The model knows no language and no broker; what brokers and clients do by default is data in `brokers/`.

mod assemble;
mod broker_data;
mod delivery;
mod effects;
mod inventory;
mod join;
mod names;
mod outside;
mod patterns;
mod query;
mod regex;
mod report;
mod schema;
mod services;
mod stores;
#[cfg(test)]
mod tests;
mod types;

pub use assemble::{Context, build};
pub use broker_data::{BrokerInfo, RunbookStep, RunbookTask, broker_info, broker_kinds, broker_name};
pub use delivery::{AckMode, DeadLetterSupport, Delivery, OnError, TimeLimit};
pub use effects::describe_step;
pub use join::same_message;
pub use query::DeadLetter;
pub use report::{Finding, Gate, GateStatus, Related, Report, Severity, Summary, TimelineEntry};
pub use schema::{json_schema, report_json_schema};
pub use types::{
    Boundary, Broker, Channel, Downstream, EffectView, Flow, FlowModel, Guarantee, GuaranteeValue, Link, Message,
    MessageKind, Operation, Pattern, Projection, SCHEMA_VERSION, Saga, SagaStep, Service, Store, Trigger, Unresolved,
};
