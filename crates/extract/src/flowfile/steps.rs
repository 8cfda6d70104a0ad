//! Steps of a flow file as an effect program: the same type that code gives.

use super::schema::{At, FlowFile, Guard, Idempotency, Step, StepMap, Strategy};
use weir_facts::{Arm, Effect, ExternalKind, GuardKind, Program, Site, WriteKind};

/// Deepest nesting of steps that is read.
const MAX_DEPTH: u32 = 24;

/// What steps need to know of the file around them.
pub(super) struct Context<'f> {
    pub(super) file: &'f str,
    pub(super) flow: &'f FlowFile,
    pub(super) broker: &'f str,
    /// The store that writes go to.
    pub(super) store: String,
}

impl Context<'_> {
    pub(super) fn program(&self, symbol: &str, steps: &[At<Step>]) -> Program {
        Program { symbol: symbol.to_owned(), steps: self.steps(steps, 0), partial: false }
    }

    fn steps(&self, steps: &[At<Step>], depth: u32) -> Vec<weir_facts::Step> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        steps.iter().filter_map(|step| self.step(step, depth)).collect()
    }

    fn step(&self, step: &At<Step>, depth: u32) -> Option<weir_facts::Step> {
        let map = &step.get().0;
        let inner = |steps: &Option<Vec<At<Step>>>| self.steps(steps.as_deref().unwrap_or_default(), depth + 1);
        let effect = if let Some(word) = &map.word {
            match word.as_str() {
                "ack" => Effect::Ack,
                "throw" => Effect::Throw,
                "return" => Effect::Return,
                "wait" => Effect::Backoff,
                _ => Effect::Log,
            }
        } else if let Some(body) = &map.tx {
            Effect::Transaction { store: Some(self.store.clone()), body: self.steps(body, depth + 1) }
        } else if let Some(body) = &map.repeat {
            Effect::Loop { body: self.steps(body, depth + 1), retry: false }
        } else if let Some(body) = &map.attempt {
            let catches =
                map.catch.iter().map(|steps| Arm { when: String::new(), steps: self.steps(steps, depth + 1) });
            Effect::Try { body: self.steps(body, depth + 1), catches: catches.collect(), finally: inner(&map.finally) }
        } else if let Some(ways) = &map.either {
            let arms = ways.iter().map(|steps| Arm { when: String::new(), steps: self.steps(steps, depth + 1) });
            Effect::Branch { arms: arms.collect() }
        } else if map.spawn.is_some() {
            Effect::Spawn { body: inner(&map.spawn) }
        } else {
            self.plain(map)?
        };
        Some(weir_facts::Step { site: self.site(step), effect, awaited: true })
    }

    fn plain(&self, map: &StepMap) -> Option<Effect> {
        let keyed = map.key.is_some();
        let write = |table: &str, kind: WriteKind, keyed: bool| Effect::Write {
            store: self.store.clone(),
            table: Some(table.to_owned()),
            kind,
            keyed,
        };
        let external =
            |what: &str, kind: ExternalKind| Effect::External { kind, what: what.to_owned(), idempotency_key: keyed };
        Some(if let Some(table) = &map.insert {
            write(table, WriteKind::Insert, keyed)
        } else if let Some(table) = &map.update {
            write(table, WriteKind::Update, true)
        } else if let Some(table) = &map.increment {
            write(table, WriteKind::Relative, keyed)
        } else if let Some(table) = &map.upsert {
            write(table, WriteKind::Upsert, true)
        } else if let Some(table) = &map.delete {
            write(table, WriteKind::Delete, true)
        } else if let Some(table) = &map.save {
            write(table, WriteKind::Save, keyed)
        } else if let Some(table) = &map.read {
            Effect::Read { store: self.store.clone(), table: Some(table.clone()) }
        } else if let Some(message) = &map.publish {
            Effect::Publish {
                broker: self.broker.to_owned(),
                channel: map.to.clone().or_else(|| self.channel_of(message)),
                message: Some(message.clone()),
                confirmed: map.confirmed.unwrap_or(true),
                outbox: map.outbox.unwrap_or(false),
            }
        } else if let Some(what) = &map.call {
            external(what, ExternalKind::Http)
        } else if let Some(what) = &map.mail {
            external(what, ExternalKind::Mail)
        } else if let Some(what) = &map.pay {
            external(what, ExternalKind::Payment)
        } else if let Some(guard) = map.guard {
            Effect::Guard { kind: guard_kind(guard), store: map.store.clone() }
        } else if let Some(how) = &map.nack {
            Effect::Nack { requeue: Some(how == "requeue") }
        } else if let Some(call) = &map.unknown {
            Effect::Unknown { call: call.clone() }
        } else {
            return None;
        })
    }

    fn channel_of(&self, message: &str) -> Option<String> {
        let mut carrying = self
            .flow
            .channels
            .iter()
            .filter(|(_, channel)| channel.get().messages.iter().any(|known| known == message));
        let first = carrying.next()?;
        carrying.next().is_none().then(|| first.0.clone())
    }

    fn site<T>(&self, at: &At<T>) -> Site {
        Site::new(self.file, at.line())
    }

    /// The program of a receive that only names its strategy and its table.
    pub(super) fn short(
        &self,
        site: &Site,
        idempotency: Option<&Idempotency>,
        writes: Option<&str>,
    ) -> Vec<weir_facts::Step> {
        let step = |effect: Effect| weir_facts::Step { site: site.clone(), effect, awaited: true };
        let mut steps = Vec::new();
        let mut kind = WriteKind::Insert;
        match idempotency {
            Some(Idempotency { strategy: Strategy::DedupTable, table, .. }) => {
                steps.push(step(Effect::Guard { kind: GuardKind::DedupTable, store: table.clone() }));
            }
            Some(Idempotency { strategy: Strategy::Key, table, .. }) => {
                steps.push(step(Effect::Guard { kind: GuardKind::Key, store: table.clone() }));
            }
            Some(Idempotency { strategy: Strategy::Natural, .. }) => kind = WriteKind::Upsert,
            None => {}
        }
        if let Some(table) = writes {
            let keyed = kind == WriteKind::Upsert;
            steps.push(step(Effect::Write { store: self.store.clone(), table: Some(table.to_owned()), kind, keyed }));
        }
        if !steps.is_empty() {
            let body = std::mem::take(&mut steps);
            steps.push(step(Effect::Transaction { store: Some(self.store.clone()), body }));
        }
        steps.push(step(Effect::Ack));
        steps
    }

    /// The program of a send that only names its table and its way.
    pub(super) fn sending(
        &self,
        site: &Site,
        message: &str,
        channel: &str,
        writes: Option<&str>,
        outbox: bool,
    ) -> Vec<weir_facts::Step> {
        let step = |effect: Effect| weir_facts::Step { site: site.clone(), effect, awaited: true };
        let publish = step(Effect::Publish {
            broker: self.broker.to_owned(),
            channel: Some(channel.to_owned()),
            message: Some(message.to_owned()),
            confirmed: true,
            outbox,
        });
        let write = writes.map(|table| {
            step(Effect::Write {
                store: self.store.clone(),
                table: Some(table.to_owned()),
                kind: WriteKind::Insert,
                keyed: false,
            })
        });
        let body: Vec<weir_facts::Step> = write.into_iter().chain([publish]).collect();
        if outbox { vec![step(Effect::Transaction { store: Some(self.store.clone()), body })] } else { body }
    }
}

fn guard_kind(guard: Guard) -> GuardKind {
    match guard {
        Guard::DedupTable => GuardKind::DedupTable,
        Guard::Key => GuardKind::Key,
        Guard::CheckThenAct => GuardKind::CheckThenAct,
        Guard::Conditional => GuardKind::Conditional,
    }
}

impl StepMap {
    /// How many verbs are given; a step has one.
    pub(super) fn verbs(&self) -> usize {
        let words = [
            &self.word,
            &self.insert,
            &self.update,
            &self.increment,
            &self.upsert,
            &self.delete,
            &self.save,
            &self.read,
            &self.publish,
            &self.call,
            &self.mail,
            &self.pay,
            &self.nack,
            &self.unknown,
        ];
        let lists = [&self.tx, &self.repeat, &self.attempt, &self.spawn];
        words.iter().filter(|word| word.is_some()).count()
            + lists.iter().filter(|list| list.is_some()).count()
            + usize::from(self.guard.is_some())
            + usize::from(self.either.is_some())
    }

    /// Every list of steps inside this one.
    pub(super) fn inner(&self) -> impl Iterator<Item = &At<Step>> {
        let lists = [&self.tx, &self.repeat, &self.attempt, &self.spawn, &self.catch, &self.finally];
        lists.into_iter().flatten().flatten().chain(self.either.iter().flatten().flatten())
    }
}
