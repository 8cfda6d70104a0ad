//! What an effect program says in short: its effects as a list, where it acknowledges, what it does with errors.

use crate::types::{EffectView, Operation};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Arm, Effect, ExternalKind, Program, Site, Step, WriteKind};

/// Most effects listed for one operation.
const MOST: usize = 60;

/// The effects of a program in order, flattened.
pub(crate) fn effects(program: &Program) -> Vec<EffectView> {
    let mut found = Vec::new();
    program.walk(&mut |step| {
        if found.len() < MOST
            && let Some((kind, what)) = describe_step(step)
        {
            found.push(EffectView { kind: kind.to_owned(), what, site: step.site.clone() });
        }
    });
    found
}

/// Most messages named in one phrase.
const MOST_NAMES: usize = 3;

/// What is published, where only the operation at the place of the publish knows it.
pub(crate) fn name_messages(operations: &mut [Operation]) {
    let mut names: BTreeMap<(Site, String), BTreeSet<String>> = BTreeMap::new();
    for send in operations.iter().filter(|operation| operation.is_send()) {
        let known = names.entry((send.site.clone(), send.channel_name().to_owned())).or_default();
        known.extend(send.messages.iter().map(|message| message.name.clone()));
    }
    for effect in operations.iter_mut().flat_map(|operation| &mut operation.effects) {
        let Some(channel) = effect.what.strip_prefix("publish a message to ") else { continue };
        if let Some(known) = names.get(&(effect.site.clone(), channel.to_owned()))
            && (1..=MOST_NAMES).contains(&known.len())
        {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            effect.what = format!("publish {} to {channel}", known.join(" or "));
        }
    }
}

/// A step as kind and phrase; `None` for steps that only shape the flow (branches, returns, logs).
pub fn describe_step(step: &Step) -> Option<(&'static str, String)> {
    let at = |store: &str, table: &Option<String>| match table {
        Some(table) if !table.is_empty() => table.clone(),
        _ => store.to_owned(),
    };
    Some(match &step.effect {
        Effect::Transaction { store, .. } => (
            "transaction",
            store.as_ref().map_or_else(|| "transaction".to_owned(), |store| format!("transaction on {store}")),
        ),
        Effect::Read { store, table } => ("read", format!("read {}", at(store, table))),
        Effect::Write { store, table, kind, .. } => {
            let verb = match kind {
                WriteKind::Insert => "insert",
                WriteKind::Update => "update",
                WriteKind::Relative => "change relatively",
                WriteKind::Upsert => "upsert",
                WriteKind::Delete => "delete",
                WriteKind::Save => "save",
            };
            ("write", format!("{verb} {}", at(store, table)))
        }
        Effect::Publish { channel, message, outbox, .. } => {
            let what = message.as_deref().unwrap_or("a message");
            let target = channel.as_deref().unwrap_or("?");
            (
                "publish",
                if *outbox {
                    format!("store {what} in the outbox for {target}")
                } else {
                    format!("publish {what} to {target}")
                },
            )
        }
        Effect::Ack => ("ack", "acknowledge".to_owned()),
        Effect::Nack { requeue } => (
            "nack",
            match requeue {
                Some(true) => "refuse and requeue",
                Some(false) => "refuse without requeue",
                None => "refuse",
            }
            .to_owned(),
        ),
        Effect::External { kind, what, .. } => (
            "external",
            match kind {
                ExternalKind::Http => format!("call {what}"),
                ExternalKind::HttpRead => format!("fetch {what}"),
                ExternalKind::Rpc => format!("call {what}"),
                ExternalKind::Mail => format!("send mail: {what}"),
                ExternalKind::Payment => format!("pay: {what}"),
            },
        ),
        Effect::Guard { store, .. } => (
            "guard",
            store
                .as_ref()
                .map_or_else(|| "test for a duplicate".to_owned(), |store| format!("test for a duplicate in {store}")),
        ),
        Effect::Backoff => ("backoff", "wait".to_owned()),
        Effect::Spawn { .. } => ("spawn", "start work beside the handler".to_owned()),
        Effect::Throw => ("throw", "throw".to_owned()),
        Effect::Branch { .. }
        | Effect::Loop { .. }
        | Effect::Try { .. }
        | Effect::Return
        | Effect::Log
        | Effect::Unknown { .. } => return None,
    })
}

fn is_work(effect: &Effect) -> bool {
    match effect {
        Effect::Write { .. } | Effect::Publish { .. } => true,
        Effect::External { kind, .. } => *kind != ExternalKind::HttpRead,
        _ => false,
    }
}

/// Where a program acknowledges, in the words broker files use: `before-work`, `after-work`, `none`, `unknown`.
pub(crate) fn ack_position(program: Option<&Program>) -> &'static str {
    let Some(program) = program else { return "unknown" };
    let mut walk = AckWalk::default();
    walk.steps(&program.steps, false);
    match (walk.before_work, walk.acks, program.partial) {
        (true, _, _) => "before-work",
        (_, true, _) => "after-work",
        (_, false, true) => "unknown",
        (_, false, false) => "none",
    }
}

#[derive(Default)]
struct AckWalk {
    acks: bool,
    before_work: bool,
}

impl AckWalk {
    /// Follows the steps; answers whether the message is acknowledged where they end, `None` when they do not end.
    fn steps(&mut self, steps: &[Step], mut acked: bool) -> Option<bool> {
        for step in steps {
            match &step.effect {
                Effect::Ack => {
                    self.acks = true;
                    acked = true;
                }
                Effect::Return | Effect::Throw => return None,
                Effect::Transaction { body, .. } => acked = self.steps(body, acked)?,
                Effect::Loop { body, .. } | Effect::Spawn { body } => {
                    // A loop may run no time at all; what it acknowledges is one of many messages.
                    self.steps(body, acked);
                }
                Effect::Branch { arms } => acked = self.arms(arms, acked, None)?,
                Effect::Try { body, catches, finally } => {
                    let tried = self.steps(body, acked);
                    acked = self.arms(catches, acked, Some(tried))?;
                    acked = self.steps(finally, acked)?;
                }
                effect if acked && is_work(effect) => self.before_work = true,
                _ => {}
            }
        }
        Some(acked)
    }

    /// The ways that go on must all have acknowledged; `tried` is one way more.
    fn arms(&mut self, arms: &[Arm], acked: bool, tried: Option<Option<bool>>) -> Option<bool> {
        let mut ends: Vec<Option<bool>> = arms.iter().map(|arm| self.steps(&arm.steps, acked)).collect();
        ends.extend(tried);
        if ends.is_empty() {
            return Some(acked);
        }
        let going_on: Vec<bool> = ends.into_iter().flatten().collect();
        if going_on.is_empty() { None } else { Some(going_on.into_iter().all(|acked| acked)) }
    }
}

/// What the handler's own error handling does, where it has some that decides.
pub(crate) fn error_handling(program: &Program) -> Option<String> {
    let arm = first_catch(&program.steps)?;
    let mut words = None;
    let mut rethrows = false;
    let probe = Program { symbol: String::new(), steps: arm.steps.clone(), partial: false };
    probe.walk(&mut |step| match &step.effect {
        Effect::Throw => rethrows = true,
        Effect::Nack { requeue } if words.is_none() => {
            words = Some(match requeue {
                Some(true) => "refused and requeued".to_owned(),
                Some(false) => "refused without requeue".to_owned(),
                None => "refused".to_owned(),
            });
        }
        Effect::Publish { channel, .. } if words.is_none() => {
            words = Some(format!("published to {}", channel.as_deref().unwrap_or("another channel")));
        }
        _ => {}
    });
    match (words, rethrows) {
        (Some(words), _) => Some(words),
        (None, true) => None,
        (None, false) => Some("caught in the handler: the message counts as done".to_owned()),
    }
}

/// The last catch clause of the outermost `try` that guards work; more special clauses come before it.
fn first_catch(steps: &[Step]) -> Option<&Arm> {
    steps.iter().find_map(|step| match &step.effect {
        Effect::Try { body, catches, .. } if !catches.is_empty() && does_work(body) => catches.last(),
        Effect::Transaction { body, .. } | Effect::Loop { body, .. } => first_catch(body),
        _ => None,
    })
}

fn does_work(steps: &[Step]) -> bool {
    let probe = Program { symbol: String::new(), steps: steps.to_vec(), partial: false };
    let mut works = false;
    probe.walk(&mut |step| works |= is_work(&step.effect) || matches!(step.effect, Effect::Unknown { .. }));
    works
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_facts::{Action, Fact, MessageRef};

    fn step(effect: Effect) -> Step {
        Step { site: Site::new("a.ts", 1), effect, awaited: true }
    }

    fn write() -> Step {
        step(Effect::Write { store: "db".into(), table: Some("t".into()), kind: WriteKind::Insert, keyed: false })
    }

    fn program(steps: Vec<Step>) -> Program {
        Program { symbol: "f".into(), steps, partial: false }
    }

    #[test]
    fn the_place_of_the_ack() {
        let ack = || step(Effect::Ack);
        assert_eq!(ack_position(Some(&program(vec![ack(), write()]))), "before-work");
        assert_eq!(ack_position(Some(&program(vec![write(), ack()]))), "after-work");
        assert_eq!(ack_position(Some(&program(vec![write()]))), "none");
        assert_eq!(ack_position(None), "unknown");
        let early = Effect::Branch {
            arms: vec![Arm { when: "seen".into(), steps: vec![ack(), step(Effect::Return)] }, Arm::default()],
        };
        assert_eq!(ack_position(Some(&program(vec![step(early), write(), ack()]))), "after-work");
    }

    #[test]
    fn swallowing_is_told() {
        let swallow = Effect::Try {
            body: vec![write()],
            catches: vec![Arm { when: String::new(), steps: vec![step(Effect::Log)] }],
            finally: Vec::new(),
        };
        assert!(error_handling(&program(vec![step(swallow)])).is_some_and(|words| words.contains("counts as done")));
        let rethrow = Effect::Try {
            body: vec![write()],
            catches: vec![Arm { when: String::new(), steps: vec![step(Effect::Throw)] }],
            finally: Vec::new(),
        };
        assert_eq!(error_handling(&program(vec![step(rethrow)])), None);
    }

    #[test]
    fn a_publish_is_named_by_the_operation_that_stands_there() {
        let mut send = crate::tests::operation(Action::Send, Some("shop"), "orders", Site::new("a.ts", 1));
        send.messages = vec![MessageRef { name: "OrderPlaced".into(), version: None }];
        let (broker, channel) = ("kafka".into(), Some("orders".into()));
        let publish = Effect::Publish { broker, channel, message: None, confirmed: true, outbox: false };
        send.program = Some(program(vec![step(publish)]));
        let context = crate::Context { root: "shop".into(), ..crate::Context::default() };
        let model = crate::build(context, vec![Fact::Operation(Box::new(send))]);
        assert_eq!(model.operations[0].effects[0].what, "publish OrderPlaced to orders");
    }
}
