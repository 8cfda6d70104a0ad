//! Effect programs: what a handler or a publisher does to the world, in control-flow order.
//!
//! Code and flow files produce the same type, so a rule never knows which one it reads.

use crate::Site;
use serde::{Deserialize, Serialize};

/// The effects of one handler or publisher with its callees inlined to a bounded depth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The function it belongs to, as `Class.method` or `function`.
    pub symbol: String,
    /// Steps in order; branches, loops and transactions nest.
    pub steps: Vec<Step>,
    /// True when part of the code could not be followed; absence of a step then proves nothing.
    pub partial: bool,
}

/// One effect at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Where it happens.
    pub site: Site,
    /// What happens.
    pub effect: Effect,
    /// False when the value was not awaited, so the effect may still be under way when the next step runs.
    pub awaited: bool,
}

/// How a write changes a row; decides whether doing it twice hurts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WriteKind {
    /// A new row under a generated key.
    Insert,
    /// An absolute update by key: repeating it changes nothing.
    Update,
    /// An increment, a push: repeating it changes the outcome.
    Relative,
    /// Insert or update under a natural key.
    Upsert,
    /// A delete.
    Delete,
    /// `save`, `persist` and the like: insert or update, the code decides at run time.
    Save,
}

/// Kinds of calls that leave the process and cannot be rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExternalKind {
    /// An HTTP request that changes something.
    Http,
    /// An HTTP request that only reads.
    HttpRead,
    /// A remote procedure call.
    Rpc,
    /// Mail, SMS, push.
    Mail,
    /// A payment.
    Payment,
}

/// How a handler recognises a message it has already handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GuardKind {
    /// A row under a unique key, inserted before or with the effect.
    DedupTable,
    /// `SET NX` and the like in a store of its own.
    Key,
    /// A look-up followed by an early return: a race under two consumers.
    CheckThenAct,
    /// An affected-rows, version or status check in the write itself.
    Conditional,
}

/// What can happen to the world, to the message, and to the order of things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum Effect {
    /// A transaction of one store around its body.
    Transaction {
        /// The store, where known.
        store: Option<String>,
        /// What happens inside.
        body: Vec<Step>,
    },
    /// A read from a store.
    Read {
        /// Store or client that is read.
        store: String,
        /// Table, collection or entity, where known.
        table: Option<String>,
    },
    /// A write to a store.
    Write {
        /// Store or client that is written.
        store: String,
        /// Table, collection or entity, where known.
        table: Option<String>,
        /// How it changes the row.
        kind: WriteKind,
        /// True when the write names the key it writes under (a where clause, a chosen id).
        keyed: bool,
    },
    /// A message leaves.
    Publish {
        /// Broker kind.
        broker: String,
        /// Channel, where resolved.
        channel: Option<String>,
        /// Message name, where known.
        message: Option<String>,
        /// True when the code waits for the broker's confirmation.
        confirmed: bool,
        /// True when it only reaches an outbox table inside the transaction.
        outbox: bool,
    },
    /// The message is confirmed or the offset committed.
    Ack,
    /// The message is refused.
    Nack {
        /// True when it goes back to the queue, false when it is dropped or dead-lettered, `None` when unknown.
        requeue: Option<bool>,
    },
    /// A call to the outside.
    External {
        /// What is called.
        kind: ExternalKind,
        /// The call as written.
        what: String,
        /// True when an idempotency key goes with it.
        idempotency_key: bool,
    },
    /// A test whether the message was already handled.
    Guard {
        /// How it recognises a duplicate.
        kind: GuardKind,
        /// Where it keeps what it has seen.
        store: Option<String>,
    },
    /// One of several ways is taken.
    Branch {
        /// The alternatives; an absent `else` is an empty arm.
        arms: Vec<Arm>,
    },
    /// A body that repeats.
    Loop {
        /// What happens each time.
        body: Vec<Step>,
        /// True when the loop retries the same work.
        retry: bool,
    },
    /// A guarded body.
    Try {
        /// What is tried.
        body: Vec<Step>,
        /// What happens on an error; empty arms swallow it.
        catches: Vec<Arm>,
        /// What happens always.
        finally: Vec<Step>,
    },
    /// Work that runs beside the handler, so that the handler may return first.
    Spawn {
        /// What runs beside it.
        body: Vec<Step>,
    },
    /// An error leaves the function.
    Throw,
    /// The function ends here.
    Return,
    /// Only a log line.
    Log,
    /// A wait between attempts.
    Backoff,
    /// A call weir could not follow; it may hide any effect.
    Unknown {
        /// The call as written.
        call: String,
    },
}

/// One alternative of a branch or one catch clause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arm {
    /// The condition or the caught types as written; empty for `else` and catch-all.
    pub when: String,
    /// What happens in it.
    pub steps: Vec<Step>,
}

impl Program {
    /// Calls `visit` on every step, outer before inner, in order.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Step)) {
        walk(&self.steps, visit);
    }
}

fn walk<'a>(steps: &'a [Step], visit: &mut dyn FnMut(&'a Step)) {
    for step in steps {
        visit(step);
        match &step.effect {
            Effect::Transaction { body, .. } | Effect::Loop { body, .. } | Effect::Spawn { body } => walk(body, visit),
            Effect::Branch { arms } => arms.iter().for_each(|arm| walk(&arm.steps, visit)),
            Effect::Try { body, catches, finally } => {
                walk(body, visit);
                catches.iter().for_each(|arm| walk(&arm.steps, visit));
                walk(finally, visit);
            }
            _ => {}
        }
    }
}
