//! What templates make the functions of the project run on: receives of messages, and what else starts work.

use super::boundaries::Trigger;
use super::emit::{Emitter, Found};
use super::message_way::{self, Stop};
use super::read_as;
use super::templates::{Code, Deployed, Entry, Event, Message, Templates, What};
use super::told_apart;
use crate::eval::Eval;
use crate::value::{Closure, Value};
use crate::world::{ClassRef, Def, FnRef, Target, Unit};
use std::collections::BTreeMap;
use std::rc::Rc;
use weir_facts::{Certainty, Handler, MessageRef, Name, OperationFact, Origin, Site};
use weir_syntax::{Expr, ExprId};

/// What runs the functions, as `brokers/` knows it.
const LIBRARY: &str = "aws-lambda";
/// The setting that says who sends an event, at both ends.
const SOURCE: &str = "eventSource";
/// Wrappers around a handler.
const MAX_WRAPPED: usize = 8;

/// The functions of the templates whose code is found.
pub(super) struct Started<'t> {
    deployed: &'t Deployed,
    closure: Option<Rc<Closure>>,
}

impl<'t> Started<'t> {
    pub(super) fn all(eval: &Eval<'_, '_>, templates: &'t Templates) -> Vec<Started<'t>> {
        let with_events = templates.functions.iter().filter(|function| !function.events.is_empty());
        with_events
            .map(|deployed| Started { deployed, closure: deployed.code.as_ref().and_then(|code| entry(eval, code)) })
            .collect()
    }
}

/// What starts functions besides messages.
pub(super) fn triggers(eval: &Eval<'_, '_>, started: &[Started<'_>]) -> BTreeMap<FnRef, Vec<Trigger>> {
    let mut found: BTreeMap<FnRef, Vec<Trigger>> = BTreeMap::new();
    for one in started {
        let Some(closure) = &one.closure else { continue };
        for event in &one.deployed.events {
            if let What::Trigger(kind, what) = &event.what {
                let site = place(eval, closure.function).unwrap_or_else(|| event.site.clone());
                let on = match closure.this {
                    Some(Value::This(class)) => Some(class),
                    _ => None,
                };
                let trigger = Trigger { kind: *kind, what: what.clone(), site, on };
                found.entry(closure.function).or_default().push(trigger);
            }
        }
    }
    found
}

impl Emitter<'_, '_, '_> {
    /// Receives of functions that templates deploy.
    pub(super) fn deployed(&mut self, started: &[Started<'_>]) {
        let mut receives: Vec<Found> = Vec::new();
        for one in started {
            for event in &one.deployed.events {
                let What::Message(message) = &event.what else { continue };
                receives.extend(self.receive(one, event, message));
            }
        }
        // Two rules of one function on one bus are two receives; the same rule again says nothing new.
        for found in receives {
            let same = |known: &Found| {
                known.fact.site == found.fact.site
                    && known.fact.channel == found.fact.channel
                    && known.fact.messages == found.fact.messages
                    && known.fact.action == found.fact.action
            };
            if !self.found.iter().any(same) {
                self.found.push(found);
            }
        }
    }

    fn receive(&self, one: &Started<'_>, event: &Event, message: &Message) -> Option<Found> {
        let eval = self.eval;
        let code = one.deployed.code.as_ref()?;
        let unit = eval.world.unit(code.file)?;
        let function = one.closure.as_ref().map(|closure| closure.function);
        let site = function.and_then(|function| place(eval, function)).unwrap_or_else(|| event.site.clone());
        let way = one.closure.as_ref().and_then(|closure| Stop::handler(eval, closure));
        let way = way.map(|first| message_way::stops(eval, first)).unwrap_or_default();
        let mut messages = message.messages.clone();
        let mut other_messages = false;
        if messages.is_empty() && message.broker != "eventbridge" {
            (messages, other_messages) = told_apart::names(eval, &way);
            if messages.is_empty() {
                let read = read_as::classes(eval, &way);
                (messages, other_messages) = (read.names, read.open);
            }
        }
        let symbol = |function: FnRef| {
            let named = eval.world.unit(function.file).is_some_and(|unit| !unit.function(function.id).name.is_empty());
            match &code.entry {
                Entry::Exported(name) if !named && name != "default" => name.clone(),
                _ => eval.handler_symbol(function),
            }
        };
        let handler =
            function.and_then(|function| Some(Handler { symbol: symbol(function), site: place(eval, function)? }));
        let mut settings = BTreeMap::new();
        if !message.sources.is_empty() {
            settings.insert(SOURCE.to_owned(), message.sources.join("|"));
        }
        let fact = OperationFact {
            origin: Origin::Observed,
            action: weir_facts::Action::Receive,
            broker: message.broker.to_owned(),
            connection: None,
            channel: Some(Name::literal(message.channel.clone())),
            channel_kind: Some(message.kind),
            exchange: None,
            routing_key: None,
            queue: None,
            subject: None,
            messages: messages.into_iter().map(|name| MessageRef { name, version: None }).collect(),
            other_messages,
            key: None,
            payload: Vec::new(),
            group: message.group.clone(),
            handler,
            symbol: function.map_or_else(|| one.deployed.id.clone(), symbol),
            service: None,
            library: LIBRARY.to_owned(),
            settings,
            request: false,
            dead_letter: message.dead_letter.clone(),
            via: if site == event.site { Vec::new() } else { vec![event.site.clone()] },
            site,
            certainty: Certainty::Certain,
            trail: Vec::new(),
            program: None,
            test: unit.test,
        };
        Some(Found::started(fact, unit, function, one.closure.clone(), function))
    }
}

fn place(eval: &Eval<'_, '_>, function: FnRef) -> Option<Site> {
    let unit = eval.world.unit(function.file)?;
    Some(Site::new(unit.path.clone(), unit.function(function.id).line))
}

/// The function that runs.
fn entry(eval: &Eval<'_, '_>, code: &Code) -> Option<Rc<Closure>> {
    let unit = eval.world.unit(code.file)?;
    match &code.entry {
        Entry::Exported(name) => exported(eval, &unit, name),
        Entry::Method(class, method) => {
            let at = unit.tree.types.iter().position(|declared| declared.name == class.as_str())?;
            let class = ClassRef { file: unit.file, id: weir_syntax::TypeId(u32::try_from(at).ok()?) };
            let function = eval.method(class, method)?;
            Some(Rc::new(Closure { function, this: Some(Value::This(class)), frame: None }))
        }
        Entry::Main => {
            let main = |function: &weir_syntax::Function| function.name == "main" && function.owner.is_none();
            let at = unit.tree.functions.iter().position(main)?;
            let function = FnRef { file: unit.file, id: weir_syntax::FunctionId(u32::try_from(at).ok()?) };
            Some(Rc::new(Closure { function, this: None, frame: None }))
        }
    }
}

/// What a module hands out, as `export const handler`, `exports.handler`, or a function of a module.
fn exported(eval: &Eval<'_, '_>, unit: &Rc<Unit>, name: &str) -> Option<Rc<Closure>> {
    let target = eval.world.export(unit.file, name);
    let value = match &target {
        Some(target) => eval.target(target),
        None => eval.member(&Value::Module(unit.file), name),
    };
    if let Some(closure) = closure_of(&value) {
        return Some(closure);
    }
    // The result of a wrapper: the function is among what it was given.
    match target? {
        Target::Value(file, value) => wrapped(eval, &eval.world.unit(file)?, value, 0),
        Target::Named(file, name) => {
            let unit = eval.world.unit(file)?;
            let defs = unit.index.defs.get(&(None, name))?;
            defs.iter().find_map(|def| match def {
                Def::Let { value: Some(value), .. } | Def::Assign { value, .. } => wrapped(eval, &unit, *value, 0),
                _ => None,
            })
        }
        _ => None,
    }
}

fn closure_of(value: &Value) -> Option<Rc<Closure>> {
    value.alternatives().iter().find_map(|value| match value {
        Value::Closure(closure) => Some(closure.clone()),
        _ => None,
    })
}

/// The function inside `wrap(handler)`, `wrap(handler).use(…)`, `instance.handler.bind(instance)`.
fn wrapped(eval: &Eval<'_, '_>, unit: &Rc<Unit>, expr: ExprId, depth: usize) -> Option<Rc<Closure>> {
    if depth > MAX_WRAPPED {
        return None;
    }
    if let Some(closure) = closure_of(&eval.expr(unit, expr, None)) {
        return Some(closure);
    }
    match unit.expr(expr) {
        Expr::Call(call) | Expr::New(call) => {
            let given = call.args.iter().find_map(|arg| wrapped(eval, unit, arg.value, depth + 1));
            given.or_else(|| match unit.expr(call.callee) {
                Expr::Member { object, .. } => wrapped(eval, unit, *object, depth + 1),
                _ => None,
            })
        }
        Expr::Name(name) => {
            let defs = unit.index.defs.get(&(None, name.clone()))?;
            defs.iter().find_map(|def| match def {
                Def::Let { value: Some(value), .. } => wrapped(eval, unit, *value, depth + 1),
                _ => None,
            })
        }
        Expr::Await(value) | Expr::Cast { value, .. } => wrapped(eval, unit, *value, depth + 1),
        _ => None,
    }
}
