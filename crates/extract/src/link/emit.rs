//! Says the facts of a match once its names are known.

use super::bind::Binder;
use super::carried;
use super::chain::{Chain, On};
use super::guard::{self, Guard};
use super::hits::{Hit, Place};
use super::joined;
use super::loops;
use super::message_way::{self, Stop};
use super::names::{EMPTY_NAME, Named};
use super::pairs;
use super::payload;
use super::program::{ProgramBuilder, Sends};
use super::read_as;
use super::subscriptions;
use super::told_apart;
use crate::eval::Eval;
use crate::packs::{BrokerRule, Emit, MessageKind, Paths};
use crate::value::{Closure, Value};
use crate::world::{FnRef, Unit};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use weir_facts::{
    Action, BrokerFact, Certainty, ChannelKind, Effect, Evidence, Fact, Handler, Hop, MessageRef, Name, OperationFact,
    Origin, Site, UnresolvedFact,
};
use weir_syntax::{Expr, ExprId};

/// Why nothing is said of a call that a library's rule is about.
const UNSEEN: &str = "the registration that decides its broker and its name is not visible";
const UNCLEAR: &str = "an argument that decides what the call means is not known";
const LOST: &str = "no way that leads to the call can be followed";

/// An operation with what later steps need of it.
pub(crate) struct Found {
    pub(crate) fact: OperationFact,
    /// Where the business code stands.
    pub(crate) unit: Rc<Unit>,
    pub(crate) expr: Option<ExprId>,
    /// The function around it, or the decorated one.
    pub(crate) function: Option<FnRef>,
    /// The function a receive is registered with.
    pub(crate) handler: Option<Rc<Closure>>,
    /// What the handler gets, as far as its library tells.
    given: Vec<Value>,
    /// The function that does the work: the handler, or what a wrapper's handler hands the message to.
    pub(crate) business: Option<FnRef>,
    /// The method that holds the match, and what it is called with on this way.
    pub(crate) inner: Option<(FnRef, Rc<crate::value::Frame>)>,
    /// The place that makes the message and the call that sends it, where others hand it on between them.
    carried: Option<carried::Ends>,
}

impl Found {
    /// A receive that no call in the code says.
    pub(super) fn started(
        fact: OperationFact,
        unit: Rc<Unit>,
        function: Option<FnRef>,
        handler: Option<Rc<Closure>>,
        business: Option<FnRef>,
    ) -> Found {
        let (expr, given, inner, carried) = (None, Vec::new(), None, None);
        Found { fact, unit, expr, function, handler, given, business, inner, carried }
    }
}

pub(super) fn paths(eval: &Eval<'_, '_>, binder: &Binder<'_, '_, '_>, paths: Option<&Paths>) -> Vec<Value> {
    match paths {
        None => Vec::new(),
        Some(Paths::One(one)) => eval.packs.path(one).map(|path| binder.values(&path)).unwrap_or_default(),
        Some(Paths::Many(many)) => {
            many.iter().filter_map(|one| eval.packs.path(one)).flat_map(|path| binder.values(&path)).collect()
        }
    }
}

pub(super) fn path(eval: &Eval<'_, '_>, binder: &Binder<'_, '_, '_>, text: Option<&SmolStr>) -> Vec<Value> {
    text.and_then(|text| eval.packs.path(text)).map(|path| binder.values(&path)).unwrap_or_default()
}

/// Collects facts.
pub(crate) struct Emitter<'e, 'w, 's> {
    pub(super) eval: &'e Eval<'w, 's>,
    pub(crate) found: Vec<Found>,
    pub(super) unresolved: Vec<(UnresolvedFact, bool)>,
    /// What stands in `unresolved`.
    pub(super) told: BTreeSet<UnresolvedFact>,
    pub(super) facts: Vec<Fact>,
    /// Places that lead through a table and could not be resolved on some way.
    pub(super) rows: BTreeSet<Site>,
    /// True while the ways of one match are told of which several places make the object.
    pub(super) several: bool,
    /// Ways on which a condition asks about something that is not visible.
    pub(super) unseen: Vec<Chain>,
    /// Ways on which a condition asks about an argument that is not known.
    pub(super) unclear: Vec<Chain>,
}

impl<'e, 'w, 's> Emitter<'e, 'w, 's> {
    pub(crate) fn new(eval: &'e Eval<'w, 's>) -> Self {
        Emitter {
            eval,
            found: Vec::new(),
            unresolved: Vec::new(),
            told: BTreeSet::new(),
            facts: Vec::new(),
            rows: BTreeSet::new(),
            several: false,
            unseen: Vec::new(),
            unclear: Vec::new(),
        }
    }

    /// Operations of every chain; the same site and channel once. The ways of one match follow each other.
    /// A call that no way leads to is told as what it is.
    pub(crate) fn operations(&mut self, chains: &[Chain], lost: &[Hit]) {
        for ways in chains.chunk_by(|a, b| a.hit.is(&b.hit)) {
            let before = (self.found.len(), self.unresolved.len());
            // Where several places make the object, each tells one of the names it may have.
            let makers = ways.iter().filter(|chain| chain.told(self.eval) < chain.calls.len());
            self.several = makers.count() > 1;
            ways.iter().for_each(|chain| self.chain(chain));
            // Where no caller tells the name, none of them is to blame: the call itself is what cannot be resolved.
            if self.found.len() == before.0 && self.unresolved.len() > before.1 + 1 {
                for (fact, _) in self.unresolved.drain(before.1..) {
                    self.told.remove(&without_way(&fact));
                }
                let raw = Chain::of(&ways[0].hit);
                self.chain(&raw);
            }
        }
        // Where another rule names the channel of the same call, the one that finds no name has nothing to say.
        let sites = |found: &'_ Found| std::iter::once(found.fact.site.clone()).chain(found.fact.via.clone());
        let named: BTreeSet<Site> = self.found.iter().flat_map(sites).collect();
        let (unresolved, told) = (&mut self.unresolved, &mut self.told);
        unresolved.retain(|(fact, _)| {
            let idle = fact.why == EMPTY_NAME && named.contains(&fact.site);
            if idle {
                told.remove(fact);
            }
            !idle
        });
        // What one way to a call tells need not be told by the others.
        let found = &self.found;
        self.unresolved.retain(|(fact, _)| {
            !found.iter().any(|found| {
                found.fact.site == fact.site
                    && found.fact.broker == fact.broker
                    && !found.fact.via.is_empty()
                    && fact.via.iter().all(|via| found.fact.via.contains(via))
            })
        });
        self.report_untold(lost);
        // Where one way through a table is known, the others that cannot be are ways of other rows.
        let found = &self.found;
        let rows = &self.rows;
        self.unresolved
            .retain(|(fact, _)| !rows.contains(&fact.site) || !found.iter().any(|found| found.fact.site == fact.site));
        let mut kept: Vec<Found> = Vec::new();
        let mut by_site: BTreeMap<Site, Vec<usize>> = BTreeMap::new();
        for found in std::mem::take(&mut self.found) {
            let here = by_site.entry(found.fact.site.clone()).or_default();
            let same = here.iter().copied().find(|at| {
                let known: &Found = &kept[*at];
                known.fact.action == found.fact.action
                    && known.expr == found.expr
                    && known.fact.broker == found.fact.broker
                    && known.fact.channel.as_ref().map(|name| &name.text)
                        == found.fact.channel.as_ref().map(|name| &name.text)
                    && known.fact.routing_key == found.fact.routing_key
            });
            match same.map(|at| &mut kept[at]) {
                Some(known) => {
                    known.fact.test &= found.fact.test;
                    for message in found.fact.messages {
                        if !known.fact.messages.contains(&message) {
                            known.fact.messages.push(message);
                        }
                    }
                    for via in found.fact.via {
                        if !known.fact.via.contains(&via) {
                            known.fact.via.push(via);
                        }
                    }
                }
                None => {
                    here.push(kept.len());
                    kept.push(found);
                }
            }
        }
        pairs::settle(&mut kept);
        self.found = kept;
    }

    fn chain(&mut self, chain: &Chain) {
        let eval = self.eval;
        let rule = chain.hit.rule(eval.packs);
        let Some(emit) = &rule.emit else { return };
        if chain.is_cut_off(eval) {
            return;
        }
        let _assumed = chain.assume(eval);
        let frame = chain.frame(eval);
        for mut binder in chain.hit.binders(eval, frame.as_ref()) {
            match guard::guard(eval.packs, rule, &binder) {
                Guard::Holds => {}
                Guard::Open(_) | Guard::Unseen => {
                    self.unseen.push(chain.clone());
                    continue;
                }
                Guard::Unclear => {
                    self.unclear.push(chain.clone());
                    continue;
                }
                Guard::Fails => continue,
            }
            binder.home = Some(chain.outermost().0.path.clone());
            joined::join(eval, chain, &mut binder, frame.as_ref());
            let each = rule.each.as_deref().and_then(|each| eval.packs.path(each));
            let elements = match &each {
                Some(each) => binder.values(each),
                None => Vec::new(),
            };
            let makers = if each.is_none() { self.makers(chain, emit, &binder) } else { Vec::new() };
            if each.is_none() && makers.is_empty() {
                self.operation(chain, emit, &binder, None);
            } else if each.is_none() {
                for (unit, expr) in makers {
                    binder.only = Some((unit.file, expr));
                    self.operation(chain, emit, &binder, Some((unit, expr)));
                }
            } else if elements.is_empty() {
                self.unresolve(chain, "what it sends or serves is not visible in this service".into());
            }
            for element in elements {
                binder.each = Some(element);
                self.operation(chain, emit, &binder, None);
            }
        }
    }

    /// Where the services make what code they share sends for all of them: there is the business.
    fn makers(&self, chain: &Chain, emit: &Emit, binder: &Binder<'_, '_, '_>) -> Vec<(Rc<Unit>, ExprId)> {
        let services = &self.eval.packs.registry.services;
        let (unit, _) = chain.outermost();
        if emit.send.is_none() || !unit.tree.language.has_implicit_receiver() || !services.is_shared(&unit.path) {
            return Vec::new();
        }
        let mut makers: Vec<(Rc<Unit>, ExprId)> = Vec::new();
        for value in path(self.eval, binder, emit.payload.as_ref()) {
            for option in value.alternatives() {
                let Value::Instance(instance) = option else { continue };
                let Some((file, expr)) = instance.origin else { continue };
                let Some(made) = self.eval.world.unit(file) else { continue };
                let known = makers.iter().any(|(unit, known)| unit.file == file && *known == expr);
                if !known && !made.test && !services.is_shared(&made.path) {
                    makers.push((made, expr));
                }
            }
        }
        makers
    }

    /// A call no rule could speak about is told, not dropped.
    fn report_untold(&mut self, lost: &[Hit]) {
        let raw = |hit: &Hit| Chain::of(hit);
        let unseen: Vec<Chain> = std::mem::take(&mut self.unseen);
        let unclear: Vec<Chain> = std::mem::take(&mut self.unclear);
        let unseen = unseen.iter().map(|chain| (raw(&chain.hit), UNSEEN));
        let unclear = unclear.iter().map(|chain| (raw(&chain.hit), UNCLEAR));
        let lost = lost.iter().map(|hit| (raw(hit), LOST));
        for (chain, why) in unseen.chain(unclear).chain(lost) {
            let site = chain.hit.site();
            let told = self.found.iter().any(|found| found.fact.site == site || found.fact.via.contains(&site))
                || self.unresolved.iter().any(|(fact, _)| fact.site == site || fact.via.contains(&site));
            if !told {
                self.unresolve(&chain, SmolStr::new_static(why));
            }
        }
    }

    fn operation(&mut self, chain: &Chain, emit: &Emit, binder: &Binder<'_, '_, '_>, made: Option<(Rc<Unit>, ExprId)>) {
        let eval = self.eval;
        let pack = chain.hit.pack(eval.packs);
        let broker = broker_of(eval, emit, pack, binder);
        let Some(broker) = broker else {
            return self
                .unresolve(chain, "which broker it reaches is decided by a registration that is not visible".into());
        };
        if broker == "none" {
            return;
        }
        let action = if emit.send.is_some() { Action::Send } else { Action::Receive };
        let answer = eval.ask(|| {
            let values = paths(eval, binder, emit.send.as_ref().or(emit.receive.as_ref()));
            Value::List(values.iter().map(|value| eval.told(value)).collect())
        });
        let Value::List(values) = &answer.value else {
            return;
        };
        // That what is made here is sent there is told by its type alone.
        let told = chain.told(eval);
        let made_elsewhere = self.several && told < chain.calls.len();
        let doubtful = chain.carried.is_some() || made_elsewhere || chain.on.is_some_and(On::is_handed_in);
        let certainty = if doubtful { answer.certainty.max(Certainty::Likely) } else { answer.certainty };
        let elsewhere = made.is_some();
        let (unit, expr) = match made {
            Some((unit, expr)) => (unit, Some(expr)),
            None => chain.cut_to(told).outermost(),
        };
        // Code of a base class that receives for the classes below it is a wrapper: the business is in the class at hand.
        let below = chain.on.filter(|_| action == Action::Receive);
        let below = below.and_then(|on| Some((on.class, eval.world.unit(on.class.file)?)));
        let site = match &below {
            Some((class, unit)) => Site::new(unit.path.clone(), unit.class(class.id).line),
            None => self.site(chain, &unit, expr),
        };
        let mut channels: Vec<Name> = Vec::new();
        let mut why = None;
        for value in values.iter() {
            for named in eval.names(value, &site.file, &answer.trail, certainty) {
                match named {
                    Named::Known(name) => {
                        if !channels.iter().any(|known| known.text == name.text) {
                            channels.push(name);
                        }
                    }
                    Named::Unknown(reason) => why = Some(reason),
                }
            }
        }
        // What may stand before or behind a name and is not known makes no second channel of it.
        let plain: BTreeSet<String> = channels.iter().map(|name| name.text.clone()).collect();
        channels.retain(|name| !name.text.contains("{}") || !plain.contains(&name.text.replace("{}", "")));
        let same = |named: Option<&Paths>, other: &Option<SmolStr>| matches!((named, other), (Some(Paths::One(a)), Some(b)) if a == b);
        let exchange = match channels.first() {
            // What is said of the channel is said of the exchange that it is.
            Some(channel) if same(emit.receive.as_ref(), &emit.exchange) => Some(channel.text.clone()),
            _ => self.group(binder, emit.exchange.as_ref(), &site),
        };
        let keys: Vec<String> = paths(eval, binder, emit.routing_key.as_ref())
            .iter()
            .flat_map(|value| match action {
                // A queue may be bound under several keys; a send has one.
                Action::Receive => eval.every_key(value, &site.file),
                Action::Send => eval.one_key(value, &site.file).into_iter().collect(),
            })
            .collect();
        // A key that is there and cannot be told lets some messages through, not all of them.
        let mut keys = keys;
        if keys.is_empty() && action == Action::Receive && open_key(eval, emit, binder) {
            keys.push("{}".to_owned());
        }
        if channels.is_empty() {
            let why = why.unwrap_or_else(|| "no channel is named".into());
            return self.unresolve(chain, why);
        }
        let function = match expr {
            Some(expr) => unit.index.scope[expr.0 as usize].map(|id| FnRef { file: unit.file, id }),
            None => chain.hit.scope().map(|id| FnRef { file: chain.hit.unit.file, id }),
        };
        let mut works = None;
        let mut handler = self.handler(chain, emit, binder, function, &mut works);
        let reads = emit.send.is_none()
            && emit.handler.is_none()
            && matches!(chain.hit.place, Place::Call(_))
            && chain.hit.unit.tree.language.has_struct_literals();
        let language = chain.hit.unit.tree.language;
        let unhandled = || path(eval, binder, emit.handler.as_ref()).is_empty();
        let looped = reads
            || emit.send.is_none()
                && matches!(chain.hit.place, Place::Call(_))
                && (language.has_exports() || language.has_keyword_arguments() && unhandled());
        let mut taken = Vec::new();
        let mut way = Vec::new();
        if action == Action::Receive {
            let _entered = chain.assume_entered(eval);
            way = self.way_of_message(chain, emit, binder, handler.as_ref());
            works = works.or_else(|| way.iter().find(|stop| stop.kept).map(|stop| stop.closure.function));
            // Code that reads for others hands the message to what it was given.
            let given = message_way::given_to_reader(eval, &way).filter(|_| emit.handler.is_none());
            if chain.hit.unit.tree.language.has_impls() {
                taken = given.map(|given| message_way::taken(eval, given)).unwrap_or_default();
            }
            let given = given.map(|stop| stop.closure.clone());
            // The loop acknowledges; it runs what it was given.
            if reads {
                works = given.map(|given| given.function);
            } else if works.is_none() {
                handler = given.or(handler);
            }
        }
        let given = self.given(chain, emit, binder, &site);
        let business = works.or_else(|| handler.as_ref().map(|handler| eval.business_of(handler)));
        let payload_values = path(eval, binder, emit.payload.as_ref());
        let payload = payload::of(eval, &payload_values, &unit, expr);
        let mut messages: Vec<MessageRef> = Vec::new();
        let mut other_messages = false;
        for value in paths(eval, binder, emit.messages.as_ref()) {
            // How many at once, where a name could have stood.
            if matches!(value, Value::Number(_)) {
                continue;
            }
            for named in eval.names(&value, &site.file, &[], Certainty::Certain) {
                if let Named::Known(name) = named
                    && !messages.iter().any(|known| known.name == name.text)
                {
                    messages.push(MessageRef { name: name.text, version: None });
                }
            }
        }
        if messages.is_empty() && action == Action::Receive && !way.is_empty() {
            let (told, open) = told_apart::names(eval, &way);
            other_messages = open;
            messages.extend(told.into_iter().map(|name| MessageRef { name, version: None }));
        }
        if messages.is_empty() && action == Action::Receive {
            let read = read_as::classes(eval, &way);
            // Which channel carries which of several is not said here.
            if read.names.len() < 2 || channels.len() < 2 {
                other_messages |= read.open;
                messages.extend(read.names.into_iter().map(|name| MessageRef { name, version: None }));
            }
        }
        if messages.is_empty() {
            messages.extend(taken.into_iter().map(|name| MessageRef { name, version: None }));
        }
        if messages.is_empty() {
            messages.extend(payload.names.into_iter().map(|name| MessageRef { name, version: None }));
        }
        let mut settings = BTreeMap::new();
        for (name, text) in &emit.settings {
            if let Some(value) = self.setting(binder, text, &site) {
                settings.insert(name.to_string(), value);
            }
        }
        let via = layers(&chain.cut_to(told), elsewhere || below.is_some());
        let symbol = match (&handler, function, &chain.hit.place) {
            (_, Some(function), _) if below.is_some() => {
                let own = eval.symbol(function);
                let class = below.map(|(class, _)| eval.class_name(class)).unwrap_or_default();
                format!("{class}.{}", own.rsplit('.').next().unwrap_or(&own))
            }
            (_, Some(function), _) => eval.symbol(function),
            (_, None, Place::Extends(class)) => eval.class_name(*class).to_string(),
            (_, None, Place::Annotation(annotated)) => {
                annotated.class.map(|class| eval.class_name(class).to_string()).unwrap_or_default()
            }
            _ => module_symbol(&unit),
        };
        let kind = emit.kind.as_deref().and_then(channel_kind);
        let routing = if keys.is_empty() { None } else { Some(keys.join(", ")) };
        let read = |handler: &Option<Rc<Closure>>| -> Vec<MessageRef> {
            let language = chain.hit.unit.tree.language;
            let reader = handler
                .as_ref()
                .filter(|_| language.has_struct_literals() || language.has_impls() || language.has_keyword_arguments());
            let names = reader.map(|reader| loops::messages(eval, reader)).unwrap_or_default();
            names.into_iter().map(|name| MessageRef { name, version: None }).collect()
        };
        let several = channels.len() > 1 && action == Action::Receive;
        for channel in channels {
            let entry = match &chain.hit.place {
                Place::Call(receive) if several => {
                    loops::entry(eval, &chain.hit.unit, *receive, binder.frame.as_ref(), &channel.text)
                }
                _ => None,
            };
            let (handler, business) = match entry {
                Some(entry) => (Some(entry.clone()), Some(eval.business_of(&entry))),
                None => (handler.clone(), business),
            };
            // Several channels read in one loop are told apart by a switch.
            let picked =
                handler.as_ref().filter(|_| looped).and_then(|reader| loops::picked(eval, reader, &channel.text));
            let (handler, business) = match picked {
                Some(picked) => (Some(picked.clone()), Some(picked.function)),
                None => (handler.clone(), business),
            };
            let subscribed = match action {
                Action::Receive => {
                    subscriptions::of(eval, &chain.hit.unit, binder.frame.as_ref(), &channel.text, &site.file)
                }
                Action::Send => None,
            };
            let (handler, business) = match subscribed.as_ref().and_then(|subscribed| subscribed.handler.clone()) {
                Some(given) => (Some(given.clone()), Some(given.function)),
                None => (handler, business),
            };
            let mut messages = messages.clone();
            if messages.is_empty()
                && let Some(subscribed) = subscribed
            {
                messages.push(MessageRef { name: subscribed.message.to_string(), version: None });
            }
            let fact = OperationFact {
                origin: Origin::Observed,
                action,
                broker: broker.to_string(),
                connection: None,
                channel_kind: kind,
                exchange: exchange.clone(),
                routing_key: routing.clone(),
                // What is said of the channel is said of the queue that it is.
                queue: match same(emit.receive.as_ref(), &emit.queue) || same(emit.send.as_ref(), &emit.queue) {
                    true => Some(channel.text.clone()),
                    false => self.text(binder, emit.queue.as_ref(), &site),
                },
                subject: None,
                messages: if messages.is_empty() && emit.receive.is_some() { read(&handler) } else { messages.clone() },
                other_messages,
                key: self.text(binder, emit.key.as_ref(), &site),
                payload: payload.fields.clone(),
                group: self.group(binder, emit.group.as_ref(), &site),
                handler: business.map(|function| Handler {
                    symbol: eval.handler_symbol(function),
                    site: function_site(eval, function),
                }),
                symbol: symbol.clone(),
                service: None,
                library: pack.library.to_string(),
                settings: settings.clone(),
                request: emit.message_kind == Some(MessageKind::Request),
                dead_letter: self.text(binder, emit.dead_letter.as_ref(), &site),
                site: site.clone(),
                via: via.clone(),
                certainty: channel.certainty,
                trail: self.way(chain, &channel),
                program: None,
                test: self.is_test(chain, &unit, function),
                channel: Some(channel),
            };
            let handler = handler.clone();
            let given = given.clone();
            let around = chain
                .hit
                .scope()
                .map(|scope| FnRef { file: chain.hit.unit.file, id: eval.method_of_scope(&chain.hit.unit, scope) });
            let inner = around.zip(binder.frame.clone());
            let carried = carried::ends(eval, chain);
            self.found.push(Found {
                fact,
                unit: unit.clone(),
                expr,
                function,
                handler,
                given,
                business,
                inner,
                carried,
            });
        }
    }

    /// True for an operation that only tests run: the file, or the function around, says so.
    fn is_test(&self, chain: &Chain, unit: &Rc<Unit>, function: Option<FnRef>) -> bool {
        let business = function.is_some_and(|function| self.eval.is_test_code(unit, function.id));
        let raw = chain.hit.scope().is_some_and(|scope| self.eval.is_test_code(&chain.hit.unit, scope));
        // Names that only tests give to the object at hand are names of a test.
        let makers = chain.calls[chain.told(self.eval)..].iter();
        unit.test || chain.hit.unit.test || business || raw || makers.into_iter().any(|(maker, _)| maker.unit.test)
    }

    /// How a name was found; a name that a caller hands in is followed on the caller's side too.
    fn way(&self, chain: &Chain, channel: &Name) -> Vec<Hop> {
        if !channel.trail.is_empty() {
            return channel.trail.clone();
        }
        let mut trail = Vec::new();
        for (caller, _) in chain.calls.iter().rev() {
            let (Expr::Call(call) | Expr::New(call)) = caller.unit.expr(caller.expr) else {
                continue;
            };
            for arg in &call.args {
                let answer = self.eval.ask(|| self.eval.expr(&caller.unit, arg.value, None));
                let names = self.eval.names(&answer.value, &caller.unit.path, &answer.trail, answer.certainty);
                let hit = names.into_iter().find_map(|named| match named {
                    Named::Known(name) if name.text == channel.text => Some(name.trail),
                    _ => None,
                });
                if let Some(way) = hit {
                    trail.extend(way);
                    trail.push(Hop { site: caller.unit.site(arg.value), what: "is handed in here".to_owned() });
                }
            }
        }
        trail.truncate(12);
        trail
    }

    fn site(&self, chain: &Chain, unit: &Rc<Unit>, expr: Option<ExprId>) -> Site {
        match (expr, chain.calls.is_empty()) {
            (Some(expr), _) => unit.site(expr),
            (None, _) => chain.hit.site(),
        }
    }

    /// A group is a name like that of a channel: what calls hand in tells it.
    fn group(&self, binder: &Binder<'_, '_, '_>, text: Option<&SmolStr>, site: &Site) -> Option<String> {
        let values = path(self.eval, binder, text);
        let told = values.iter().filter(|value| self.eval.is_told(value));
        let named = told.into_iter().find_map(|value| self.eval.one_name(value, &site.file));
        named.or_else(|| self.text(binder, text, site))
    }

    pub(super) fn text(&self, binder: &Binder<'_, '_, '_>, text: Option<&SmolStr>, site: &Site) -> Option<String> {
        let values = path(self.eval, binder, text);
        values.iter().find_map(|value| match value {
            Value::Object(_) | Value::List(_) | Value::Closure(_) => None,
            Value::Param(function, at, path) => {
                // A key is often a field of the message: its path is the answer.
                let own = self.eval.param_name(*function, *at);
                let names = path.iter().filter_map(|key| match key {
                    crate::world::Key::Name(name) => Some(name.as_str()),
                    crate::world::Key::At(_) => None,
                });
                // A parameter that is taken apart has no name of its own.
                let own = Some(own.as_str()).filter(|own| !own.starts_with('#') || path.is_empty());
                let text = own.into_iter().chain(names).collect::<Vec<_>>().join(".");
                Some(text)
            }
            value => self.eval.one_name(value, &site.file),
        })
    }

    /// What a setting is; the constants of a library are the words for it.
    pub(super) fn setting(&self, binder: &Binder<'_, '_, '_>, text: &SmolStr, site: &Site) -> Option<String> {
        let values = path(self.eval, binder, Some(text));
        let mut constants = values.iter().filter(|value| matches!(value, Value::Library(..)));
        let word = constants.find_map(|value| self.eval.one_word(value, &site.file));
        word.or_else(|| self.text(binder, Some(text), site))
    }

    fn handler(
        &self,
        chain: &Chain,
        emit: &Emit,
        binder: &Binder<'_, '_, '_>,
        function: Option<FnRef>,
        works: &mut Option<FnRef>,
    ) -> Option<Rc<Closure>> {
        if emit.send.is_some() {
            return None;
        }
        let values = path(self.eval, binder, emit.handler.as_ref());
        let closure = values.iter().flat_map(|value| value.alternatives()).find_map(|value| match value {
            Value::Closure(closure) => Some(closure.clone()),
            // A function with some of its arguments bound.
            Value::Object(_) => match self.eval.member(value, "func") {
                Value::Closure(closure) => Some(closure),
                _ => None,
            },
            _ => None,
        });
        closure.or_else(|| match &chain.hit.place {
            Place::Annotation(annotated) => annotated
                .function
                .map(|function| Rc::new(Closure { function, this: annotated.class.map(Value::This), frame: None })),
            // A receive without a callback is read in a loop of the function around it.
            Place::Call(expr) if emit.handler.is_none() && chain.hit.unit.tree.language.has_struct_literals() => {
                loops::reader(self.eval, &chain.hit.unit, *expr, chain.frame(self.eval).as_ref())
            }
            // A receive without a callback is read in a loop: where its object is, else in the function around it.
            Place::Call(_) | Place::Walk(_) if emit.handler.is_none() => {
                if let Some((reader, given)) = super::readers::reader(self.eval, chain, emit, binder) {
                    *works = given.map(|given| given.function);
                    return Some(reader);
                }
                function.map(|function| Rc::new(Closure { function, this: binder.class.map(Value::This), frame: None }))
            }
            _ => None,
        })
    }

    /// The objects that the library hands to the handler.
    fn given(&self, chain: &Chain, emit: &Emit, binder: &Binder<'_, '_, '_>, site: &Site) -> Vec<Value> {
        let make = |ty: &SmolStr| self.eval.packs.make(chain.hit.pack, ty, binder, site.clone(), None);
        emit.takes.iter().map(make).collect()
    }

    /// The functions that a received message comes through.
    fn way_of_message(
        &self,
        chain: &Chain,
        emit: &Emit,
        binder: &Binder<'_, '_, '_>,
        handler: Option<&Rc<Closure>>,
    ) -> Vec<Stop> {
        let first = match &chain.hit.place {
            // A loop in the function of the match knows what the function is called with.
            Place::Call(_) if emit.handler.is_none() && chain.hit.unit.tree.language.has_impls() => {
                let frame = chain.frame(self.eval);
                let read = super::readers::reading(self.eval, chain, emit, binder);
                let here = read.and_then(|(unit, at)| {
                    let scope = unit.index.scope[at.0 as usize]?;
                    let function = FnRef { file: unit.file, id: self.eval.method_of_scope(&unit, scope) };
                    let own = frame.as_ref().filter(|frame| frame.function == function).cloned()?;
                    Some(Stop::reader(function, Some(own), (unit.file, at)))
                });
                here.or_else(|| handler.and_then(|handler| Stop::handler(self.eval, handler)))
            }
            Place::Call(read) if emit.handler.is_none() && emit.reads.is_empty() => {
                let unit = &chain.hit.unit;
                let scope = unit.index.scope[read.0 as usize];
                let function = scope.map(|id| FnRef { file: unit.file, id: self.eval.method_of_scope(unit, id) });
                function.map(|function| Stop::reader(function, chain.frame(self.eval), (unit.file, *read)))
            }
            _ => handler.and_then(|handler| Stop::handler(self.eval, handler)),
        };
        first.map(|first| message_way::stops(self.eval, first)).unwrap_or_default()
    }

    fn unresolve(&mut self, chain: &Chain, why: SmolStr) {
        let (unit, expr) = chain.outermost();
        let site = self.site(chain, &unit, expr);
        if chain.made.is_some() {
            self.rows.insert(site.clone());
        }
        let rule = chain.hit.rule(self.eval.packs);
        let what = rule.pattern.to_string();
        let own = chain.hit.pack(self.eval.packs).broker.clone();
        let broker = match rule.emit.as_ref().and_then(|emit| emit.broker.as_ref()) {
            // Where the library has no broker of its own, which rule is meant is part of what is not resolved.
            Some(BrokerRule::Fixed(kind)) if own.is_some() => Some(kind.clone()),
            _ => own,
        };
        let mut fact = UnresolvedFact {
            what: format!("{} {what}", self.eval.packs.library(chain.hit.pack)),
            via: Vec::new(),
            site,
            why: why.to_string(),
            hint: "name it in the code, in configuration below the root, or in a pack under .weir/packs".to_owned(),
            broker: broker.unwrap_or_default().to_string(),
        };
        let way = layers(chain, false);
        if !self.told.insert(fact.clone()) {
            // The same call of a wrapper may come down to several calls of the library.
            if let Some((told, _)) = self.unresolved.iter_mut().find(|(told, _)| without_way(told) == fact) {
                for site in way.into_iter().filter(|site| *site != fact.site) {
                    if !told.via.contains(&site) {
                        told.via.push(site);
                    }
                }
            }
        } else {
            fact.via = way;
            let function = expr.and_then(|expr| unit.index.scope[expr.0 as usize]);
            let function = function.map(|id| FnRef { file: unit.file, id });
            let test = self.is_test(chain, &unit, function);
            self.unresolved.push((fact, test));
        }
    }

    /// Effect programs of handlers and publishers.
    pub(crate) fn programs(&mut self) {
        let sites = self.send_sites();
        for at in 0..self.found.len() {
            let found = &self.found[at];
            let given = found.given.clone();
            let closure = match found.fact.action {
                Action::Receive => found.handler.clone(),
                Action::Send => found.function.map(|function| self.whole(function)),
            };
            if let Some(closure) = closure {
                self.found[at].fact.program = Some(ProgramBuilder::new(self.eval, &sites).build(&closure, given));
            }
        }
        super::reached::name(self.eval, &mut self.found);
    }

    /// The calls and places that are sends of their own, although the raw call may lie in a wrapper.
    fn send_sites(&self) -> Sends {
        let mut sends = Sends::default();
        for found in self.found.iter().filter(|found| found.fact.action == Action::Send) {
            sends.calls.extend(found.expr.map(|expr| (found.unit.file, expr)));
            let Some(ends) = &found.carried else { continue };
            sends.raw.insert(ends.raw);
            let effect = Effect::Publish {
                broker: found.fact.broker.clone(),
                channel: found.fact.channel.as_ref().map(|channel| channel.text.clone()),
                message: found.fact.messages.first().map(|message| message.name.clone()),
                confirmed: ends.confirmed,
                outbox: false,
            };
            sends.made.entry(ends.made).or_default().push((found.fact.site.clone(), effect));
        }
        sends
    }

    /// The method or function around a scope, on an object of its class.
    fn whole(&self, function: FnRef) -> Rc<Closure> {
        let Some(unit) = self.eval.world.unit(function.file) else {
            return Rc::new(Closure { function, this: None, frame: None });
        };
        let method = self.eval.method_of_scope(&unit, function.id);
        let class = self.eval.world.class_of(&unit, method);
        Rc::new(Closure { function: FnRef { file: unit.file, id: method }, this: class.map(Value::This), frame: None })
    }

    /// What a function that starts work does.
    pub(crate) fn program_of(&self, function: FnRef) -> weir_facts::Program {
        let sites = self.send_sites();
        let mut closure = self.whole(function);
        if closure.function != function {
            // A callback inside a function is the work itself, not what registers it.
            closure = Rc::new(Closure { function, this: closure.this.clone(), frame: None });
        }
        ProgramBuilder::new(self.eval, &sites).build(&closure, Vec::new())
    }

    /// Calls recognised and calls resolved, test code left out.
    pub(crate) fn counts(&self) -> (u32, u32) {
        let mut resolved: BTreeSet<&Site> = BTreeSet::new();
        for found in self.found.iter().filter(|found| !found.fact.test && found.fact.broker != "in-process") {
            resolved.insert(&found.fact.site);
        }
        let open: BTreeSet<&Site> = self
            .unresolved
            .iter()
            .filter(|(_, test)| !test)
            .map(|(fact, _)| &fact.site)
            .filter(|site| !resolved.contains(site))
            .collect();
        let count = |set: &BTreeSet<&Site>| u32::try_from(set.len()).unwrap_or(u32::MAX);
        (count(&resolved) + count(&open), count(&resolved))
    }

    /// All facts.
    pub(crate) fn finish(mut self) -> Vec<Fact> {
        let mut brokers: BTreeSet<(String, String)> = BTreeSet::new();
        for found in &self.found {
            if found.fact.test {
                continue;
            }
            let key = (found.fact.broker.clone(), found.fact.library.clone());
            if brokers.insert(key) {
                let evidence = Evidence { site: found.fact.site.clone(), what: format!("{} call", found.fact.library) };
                self.facts.push(Fact::Broker(BrokerFact {
                    kind: found.fact.broker.clone(),
                    version: None,
                    evidence,
                    proves: true,
                }));
            }
        }
        self.facts.extend(self.found.into_iter().map(|found| Fact::Operation(Box::new(found.fact))));
        self.facts
            .extend(self.unresolved.into_iter().filter(|(_, test)| !test).map(|(fact, _)| Fact::Unresolved(fact)));
        self.facts
    }
}

/// A fact as it is told apart from others.
fn without_way(fact: &UnresolvedFact) -> UnresolvedFact {
    UnresolvedFact { via: Vec::new(), ..fact.clone() }
}

/// The calls below the place that is told, the library's first; `elsewhere` where that place is none of them.
fn layers(chain: &Chain, elsewhere: bool) -> Vec<Site> {
    if chain.calls.is_empty() && !elsewhere {
        return Vec::new();
    }
    let inner = chain.calls.len() - usize::from(!elsewhere);
    let wrappers = chain.calls[..inner].iter().map(|(caller, _)| caller.unit.site(caller.expr));
    std::iter::once(chain.hit.site()).chain(wrappers).collect()
}

/// True where a binding names a key of which nothing is known.
fn open_key(eval: &Eval<'_, '_>, emit: &Emit, binder: &Binder<'_, '_, '_>) -> bool {
    let values = paths(eval, binder, emit.routing_key.as_ref());
    let open = |value: &Value| matches!(value, Value::Param(..) | Value::Opaque(_) | Value::Abstract(..));
    !values.is_empty() && values.iter().flat_map(Value::alternatives).all(open)
}

/// The broker an emission speaks of, where it can be told.
pub(super) fn broker_of(
    eval: &Eval<'_, '_>,
    emit: &Emit,
    pack: &crate::packs::Pack,
    binder: &Binder<'_, '_, '_>,
) -> Option<SmolStr> {
    match &emit.broker {
        None => pack.broker.clone(),
        Some(BrokerRule::Fixed(kind)) => Some(kind.clone()),
        Some(BrokerRule::Of { of, is }) => {
            let value = path(eval, binder, Some(of));
            let word = value.iter().flat_map(|value| value.alternatives()).find_map(word_of);
            word.and_then(|word| if is.is_empty() { Some(word) } else { is.get(&word).cloned() })
        }
    }
}

fn word_of(value: &Value) -> Option<SmolStr> {
    match value {
        Value::Text(text) | Value::Number(text) => Some(text.clone()),
        Value::Library(_, path) => path.last().cloned(),
        _ => None,
    }
}

fn module_symbol(unit: &Unit) -> String {
    let file = unit.path.rsplit('/').next().unwrap_or(&unit.path);
    file.split('.').next().unwrap_or(file).to_owned()
}

fn function_site(eval: &Eval<'_, '_>, function: FnRef) -> Site {
    match eval.world.unit(function.file) {
        Some(unit) => Site::new(unit.path.clone(), unit.function(function.id).line),
        None => Site::default(),
    }
}

pub(super) fn channel_kind(word: &str) -> Option<ChannelKind> {
    Some(match word {
        "topic" => ChannelKind::Topic,
        "queue" => ChannelKind::Queue,
        "exchange" => ChannelKind::Exchange,
        "subject" => ChannelKind::Subject,
        "stream" => ChannelKind::Stream,
        "bus" => ChannelKind::Bus,
        _ => return None,
    })
}
