//! Effect programs: what a handler or publisher does, in control-flow order, with callees inlined to a bounded depth.

use super::bind::Binder;
use super::guard::conditions_hold;
use super::matching::{match_call, match_send, sent};
use crate::eval::Eval;
use crate::packs::{BrokerRule, Emit, Pack, PackKind, Paths, Transaction};
use crate::source::FileId;
use crate::value::{Closure, Frame, Value};
use crate::world::{FnRef, Unit, last_name};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use weir_facts::{Arm, Effect, ExternalKind, GuardKind, Program, Site, Step, WriteKind};
use weir_syntax::{Call, Entry, Expr, ExprId, Part, Stmt, StmtId};

/// Calls of project functions nest at most this deep in a program.
const MAX_INLINE: usize = 6;
/// Steps one program may have; beyond it is partial.
const MAX_STEPS: usize = 600;

/// What a program must know of the sends that were found.
#[derive(Default)]
pub(crate) struct Sends {
    /// Calls that are sends of their own, although the raw call lies in a wrapper.
    pub(crate) calls: BTreeSet<(FileId, ExprId)>,
    /// Places that make what is sent elsewhere, each with the sends it is one of.
    pub(crate) made: BTreeMap<(FileId, ExprId), Vec<(Site, Effect)>>,
    /// The calls elsewhere: what they send was said where it was made.
    pub(crate) raw: BTreeSet<(FileId, ExprId)>,
}

/// Builds one program.
pub(crate) struct ProgramBuilder<'b, 'w, 's> {
    eval: &'b Eval<'w, 's>,
    sends: &'b Sends,
    stack: Vec<FnRef>,
    /// Site of the outermost send call while its wrapper is inlined.
    at: Option<Site>,
    steps: usize,
    partial: bool,
    /// A function around is a transaction because an annotation says so.
    in_transaction: bool,
}

impl<'b, 'w, 's> ProgramBuilder<'b, 'w, 's> {
    pub(crate) fn new(eval: &'b Eval<'w, 's>, sends: &'b Sends) -> Self {
        ProgramBuilder { eval, sends, stack: Vec::new(), at: None, steps: 0, partial: false, in_transaction: false }
    }

    /// The program of a function that gets these values.
    pub(crate) fn build(mut self, closure: &Rc<Closure>, given: Vec<Value>) -> Program {
        let steps = self.function(closure, given, false);
        Program { symbol: self.eval.symbol(closure.function), steps, partial: self.partial }
    }

    fn function(&mut self, closure: &Rc<Closure>, args: Vec<Value>, complete: bool) -> Vec<Step> {
        if self.stack.len() >= MAX_INLINE || self.stack.contains(&closure.function) {
            self.partial |= !self.stack.contains(&closure.function);
            return Vec::new();
        }
        let Some(unit) = self.eval.world.unit(closure.function.file) else {
            return Vec::new();
        };
        let Some(body) = unit.function(closure.function.id).body.clone() else {
            return Vec::new();
        };
        let frame = self.eval.frame(closure, args, complete);
        self.stack.push(closure.function);
        let annotated = if self.in_transaction { None } else { self.transaction(&unit, closure) };
        let outer = self.in_transaction;
        self.in_transaction |= annotated.is_some();
        let mut steps = self.block(&unit, &body, Some(&frame));
        self.in_transaction = outer;
        self.stack.pop();
        if let (Some(store), false) = (annotated, steps.is_empty()) {
            let site = Site::new(unit.path.clone(), unit.function(closure.function.id).line);
            let effect = Effect::Transaction { store: Some(store), body: steps };
            steps = vec![Step { site, effect, awaited: true }];
        }
        // A return only ends the function it stands in; at the end of a callee it is the normal way out.
        if !self.stack.is_empty() {
            strip_returns(&mut steps);
        }
        steps
    }

    /// The store of the transaction that an annotation of a function or of its class opens around it.
    fn transaction(&self, unit: &Rc<Unit>, closure: &Closure) -> Option<String> {
        let packs = self.eval.packs;
        let function = unit.function(closure.function.id);
        let class = unit.index.class[closure.function.id.0 as usize].filter(|_| !function.name.is_empty());
        let of_class = class.map(|class| unit.class(class).annotations.as_slice()).unwrap_or_default();
        function.annotations.iter().chain(of_class).find_map(|annotation| {
            let last = annotation.name.rsplit('.').next().unwrap_or(&annotation.name);
            let rules = packs.annotations.get(last)?;
            let Some(crate::eval::TypeTarget::Library(module, _)) = self.eval.callable_name(unit, &annotation.name)
            else {
                return None;
            };
            let rule = rules.iter().find(|rule| {
                let emit = packs.packs[rule.pack].facts[rule.rule].emit.as_ref();
                emit.is_some_and(|emit| emit.transaction.is_some()) && packs.speaks(rule.pack, &module, unit)
            })?;
            let pack = &packs.packs[rule.pack];
            Some(pack.store.clone().unwrap_or_else(|| pack.library.clone()).to_string())
        })
    }

    fn block(&mut self, unit: &Rc<Unit>, body: &[StmtId], frame: Option<&Rc<Frame>>) -> Vec<Step> {
        let mut steps = Vec::new();
        for stmt in body {
            self.stmt(unit, *stmt, frame, &mut steps);
        }
        fold_transactions(&mut steps);
        steps
    }

    fn push(&mut self, steps: &mut Vec<Step>, site: Site, effect: Effect, awaited: bool) {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.partial = true;
        } else {
            steps.push(Step { site, effect, awaited });
        }
    }

    fn stmt(&mut self, unit: &Rc<Unit>, id: StmtId, frame: Option<&Rc<Frame>>, out: &mut Vec<Step>) {
        let tree = unit.tree.clone();
        let site = Site::new(unit.path.clone(), tree.stmt_lines.get(id.0 as usize).copied().unwrap_or(1));
        match &tree.stmts[id.0 as usize] {
            // Without promises a call is over before the next statement begins.
            Stmt::Let { value, .. } => self.maybe(unit, *value, frame, out, !tree.language.has_promises()),
            Stmt::Expr(value) => self.expr(unit, *value, frame, out, !tree.language.has_promises()),
            Stmt::Return(value) => {
                // A returned promise is awaited by whoever called.
                self.maybe(unit, *value, frame, out, true);
                self.push(out, site, Effect::Return, true);
            }
            Stmt::Throw(value) => {
                self.maybe(unit, *value, frame, out, true);
                self.push(out, site, Effect::Throw, true);
            }
            Stmt::If { test, then, otherwise } => {
                self.expr(unit, *test, frame, out, true);
                let arms = vec![
                    Arm { when: self.condition(unit, *test), steps: self.block(unit, then, frame) },
                    Arm { when: String::new(), steps: self.block(unit, otherwise, frame) },
                ];
                self.branch(unit, *test, arms, site, out);
            }
            Stmt::Switch { subject, cases } => {
                self.maybe(unit, *subject, frame, out, true);
                let arms = cases.iter().map(|case| {
                    let when = case
                        .tests
                        .iter()
                        .filter_map(|test| self.eval.expr(unit, *test, frame).as_text().map(str::to_owned));
                    Arm { when: when.collect::<Vec<_>>().join(", "), steps: self.block(unit, &case.body, frame) }
                });
                let arms: Vec<Arm> = arms.collect();
                if arms.iter().any(|arm| !arm.steps.is_empty()) {
                    self.push(out, site, Effect::Branch { arms }, true);
                }
            }
            Stmt::Loop { over, test, body, .. } => {
                self.maybe(unit, *over, frame, out, true);
                self.maybe(unit, *test, frame, out, true);
                let body = self.block(unit, body, frame);
                let retry = over.is_none() && body.iter().any(|step| matches!(&step.effect, Effect::Try { .. }));
                if !body.is_empty() {
                    self.push(out, site, Effect::Loop { body, retry }, true);
                }
            }
            Stmt::Try { body, catches, finally } => {
                let body = self.block(unit, body, frame);
                let arms = catches.iter().map(|catch| {
                    let when = catch.types.iter().filter_map(|ty| ty.name()).collect::<Vec<_>>().join(", ");
                    Arm { when, steps: self.block(unit, &catch.body, frame) }
                });
                let catches: Vec<Arm> = arms.collect();
                let finally = self.block(unit, finally, frame);
                let commits = body.iter().any(
                    |step| matches!(&step.effect, Effect::Transaction { store: Some(store), .. } if store == COMMIT),
                );
                let mut body = body;
                if commits {
                    // The transaction began before the block that commits it.
                    merge_commit(out, &mut body);
                }
                if !body.is_empty() || !finally.is_empty() {
                    self.push(out, site, Effect::Try { body, catches, finally }, true);
                }
            }
            Stmt::Using { resources, body } => {
                for resource in resources {
                    self.stmt(unit, *resource, frame, out);
                }
                // What a resource begins ends with the block.
                let begun = out.last().is_some_and(|step| is_mark(step, BEGIN));
                let inner = self.block(unit, body, frame);
                if begun && let Some(begin) = out.pop() {
                    self.push(out, begin.site, Effect::Transaction { store: None, body: inner }, true);
                } else {
                    out.extend(inner);
                }
            }
            Stmt::Defer(value) => self.expr(unit, *value, frame, out, true),
            Stmt::Spawn(value) => {
                let mut body = Vec::new();
                self.expr(unit, *value, frame, &mut body, true);
                if !body.is_empty() {
                    self.push(out, site, Effect::Spawn { body }, true);
                }
            }
            Stmt::SendTo { channel, value } => {
                self.expr(unit, *channel, frame, out, true);
                self.expr(unit, *value, frame, out, true);
                self.sent(unit, *channel, *value, frame, out);
            }
            Stmt::Block(body) => {
                let inner = self.block(unit, body, frame);
                out.extend(inner);
            }
            Stmt::Function(_) | Stmt::Type(_) | Stmt::Break | Stmt::Continue => {}
        }
    }

    /// A branch; `if (found) return` right after a read is how handlers look whether they have seen a message.
    fn branch(&mut self, unit: &Rc<Unit>, test: ExprId, arms: Vec<Arm>, site: Site, out: &mut Vec<Step>) {
        let leaves = |arm: &Arm| {
            arm.steps.last().is_some_and(|step| matches!(step.effect, Effect::Return))
                && arm.steps.iter().all(|step| {
                    matches!(step.effect, Effect::Return | Effect::Log | Effect::Ack | Effect::Unknown { .. })
                })
        };
        let negated = match unit.expr(test) {
            Expr::Unary { op, .. } => op == "!",
            Expr::Binary { op, right, .. } => op.starts_with("==") && matches!(unit.expr(*right), Expr::Null),
            _ => false,
        };
        // `if err != nil` asks whether the look-up failed, not what it found.
        let failed = match unit.expr(test) {
            Expr::Binary { op, left, right } => {
                op == "!=" && matches!(unit.expr(*right), Expr::Null) && is_error(unit, *left)
            }
            _ => false,
        };
        let read = out.iter().rev().take(3).find_map(|step| match &step.effect {
            Effect::Read { store, table } => Some(table.clone().unwrap_or_else(|| store.clone())),
            _ => None,
        });
        if let Some(store) = read
            && arms.first().is_some_and(leaves)
            && !negated
            && !failed
        {
            self.push(out, site.clone(), Effect::Guard { kind: GuardKind::CheckThenAct, store: Some(store) }, true);
        }
        if arms.iter().any(|arm| !arm.steps.is_empty()) {
            self.push(out, site, Effect::Branch { arms }, true);
        }
    }

    fn condition(&self, unit: &Rc<Unit>, test: ExprId) -> String {
        match unit.expr(test) {
            Expr::Name(name) => name.to_string(),
            Expr::Member { .. } => last_name(&unit.tree, test).unwrap_or_default().to_string(),
            Expr::Unary { op, value } => format!("{op}{}", self.condition(unit, *value)),
            _ => "condition".to_owned(),
        }
    }

    fn maybe(
        &mut self,
        unit: &Rc<Unit>,
        value: Option<ExprId>,
        frame: Option<&Rc<Frame>>,
        out: &mut Vec<Step>,
        awaited: bool,
    ) {
        if let Some(value) = value {
            self.expr(unit, value, frame, out, awaited);
        }
    }

    fn expr(&mut self, unit: &Rc<Unit>, id: ExprId, frame: Option<&Rc<Frame>>, out: &mut Vec<Step>, awaited: bool) {
        if self.steps > MAX_STEPS {
            return;
        }
        let tree = unit.tree.clone();
        match &tree.exprs[id.0 as usize] {
            Expr::Call(call) | Expr::New(call) => self.call(unit, id, call, frame, out, awaited),
            Expr::Await(value) => self.expr(unit, *value, frame, out, true),
            Expr::Cast { value, .. } | Expr::Spread(value) | Expr::Unary { value, .. } | Expr::ReceiveFrom(value) => {
                self.expr(unit, *value, frame, out, awaited);
            }
            Expr::Member { object, .. } => self.expr(unit, *object, frame, out, awaited),
            Expr::Index { object, index } => {
                self.expr(unit, *object, frame, out, awaited);
                self.expr(unit, *index, frame, out, awaited);
            }
            Expr::Template(parts) => {
                for part in parts {
                    if let Part::Value(value) = part {
                        self.expr(unit, *value, frame, out, awaited);
                    }
                }
            }
            Expr::Object(entries) => {
                for entry in entries {
                    match entry {
                        Entry::Field { value, .. } | Entry::Spread(value) => {
                            self.expr(unit, *value, frame, out, awaited)
                        }
                        Entry::Computed { key, value } => {
                            self.expr(unit, *key, frame, out, awaited);
                            self.expr(unit, *value, frame, out, awaited);
                        }
                    }
                }
            }
            Expr::List(items) | Expr::Opaque(items) => {
                items.iter().for_each(|item| self.expr(unit, *item, frame, out, awaited))
            }
            Expr::Binary { left, right, .. } => {
                self.expr(unit, *left, frame, out, awaited);
                self.expr(unit, *right, frame, out, awaited);
            }
            Expr::Conditional { test, then, otherwise } => {
                self.expr(unit, *test, frame, out, true);
                let mut arms = Vec::new();
                for value in [then, otherwise] {
                    let mut steps = Vec::new();
                    self.expr(unit, *value, frame, &mut steps, awaited);
                    arms.push(Arm { when: String::new(), steps });
                }
                // Whichever object it is, where all do the same that is what is done.
                let same =
                    arms.split_first().is_some_and(|(first, rest)| rest.iter().all(|arm| arm.steps == first.steps));
                if same {
                    out.extend(arms.swap_remove(0).steps);
                } else if arms.iter().any(|arm| !arm.steps.is_empty()) {
                    self.push(out, unit.site(id), Effect::Branch { arms }, true);
                }
            }
            Expr::Match { subject, arms } => {
                self.expr(unit, *subject, frame, out, true);
                let mut all = Vec::new();
                for (_, value) in arms {
                    let mut steps = Vec::new();
                    self.expr(unit, *value, frame, &mut steps, awaited);
                    all.push(Arm { when: String::new(), steps });
                }
                if all.iter().any(|arm| !arm.steps.is_empty()) {
                    self.push(out, unit.site(id), Effect::Branch { arms: all }, true);
                }
            }
            Expr::Assign { value, .. } => self.expr(unit, *value, frame, out, awaited),
            Expr::Block(body) => {
                let inner = self.block(unit, body, frame);
                out.extend(inner);
            }
            _ => {}
        }
    }

    fn call(
        &mut self,
        unit: &Rc<Unit>,
        id: ExprId,
        call: &Call,
        frame: Option<&Rc<Frame>>,
        out: &mut Vec<Step>,
        awaited: bool,
    ) {
        // What the arguments and the receiver do happens first; callbacks run only where the call runs them.
        if let Expr::Member { object, .. } = unit.expr(call.callee) {
            self.expr(unit, *object, frame, out, awaited);
        }
        for arg in &call.args {
            if !matches!(unit.expr(arg.value), Expr::Lambda(_)) {
                self.expr(unit, arg.value, frame, out, true);
            }
        }
        let eval = self.eval;
        if self.sends.raw.contains(&(unit.file, id)) {
            return;
        }
        if let Some(made) = self.sends.made.get(&(unit.file, id)) {
            let site = self.at.clone().unwrap_or_else(|| unit.site(id));
            let here = made.iter().filter(|(at, _)| *at == site);
            here.for_each(|(_, effect)| self.push(out, site.clone(), effect.clone(), true));
            return;
        }
        let matches = match_call(eval, unit, id, frame);
        let mut said = false;
        for (entry, receiver) in &matches {
            let pack = &eval.packs.packs[entry.pack];
            let rule = &pack.facts[entry.rule];
            let Some(emit) = &rule.emit else { continue };
            let mut binder = Binder::call(eval, unit, call, frame);
            binder.this.clone_from(receiver);
            if !conditions_hold(eval.packs, rule, &binder) {
                continue;
            }
            if let Some(each) = rule.each.as_deref().and_then(|each| eval.packs.path(each)) {
                binder.each = binder.values(&each).into_iter().next();
            }
            said = true;
            self.effect(unit, id, call, pack, emit, &binder, frame, out, awaited);
        }
        if said {
            return;
        }
        if matches!(unit.expr(id), Expr::New(_)) {
            return;
        }
        let send = self.sends.calls.contains(&(unit.file, id)) && self.at.is_none();
        if send {
            self.at = Some(unit.site(id));
        }
        let closures = eval.callees(unit, call, frame);
        if let [only] = closures.as_slice()
            && self.declared_effect(unit, id, call, only, out)
        {
            return;
        }
        match closures.len() {
            0 => self.outside(unit, id, call, frame, out),
            1 => {
                let (args, complete) = eval.args_for(unit, call, frame, closures[0].function);
                let mut steps = self.function(&closures[0], args, complete);
                let is_async = eval
                    .world
                    .unit(closures[0].function.file)
                    .is_some_and(|unit| unit.function(closures[0].function.id).is_async);
                if !awaited && is_async && !steps.is_empty() {
                    for step in &mut steps {
                        step.awaited = false;
                    }
                }
                out.append(&mut steps);
            }
            _ => {
                let mut arms = Vec::new();
                for closure in closures.iter().take(8) {
                    let (args, complete) = eval.args_for(unit, call, frame, closure.function);
                    arms.push(Arm {
                        when: eval.symbol(closure.function),
                        steps: self.function(closure, args, complete),
                    });
                }
                // Whichever object it is, where all do the same that is what is done.
                let same =
                    arms.split_first().is_some_and(|(first, rest)| rest.iter().all(|arm| arm.steps == first.steps));
                if same {
                    out.extend(arms.swap_remove(0).steps);
                } else if arms.iter().any(|arm| !arm.steps.is_empty()) {
                    self.push(out, unit.site(id), Effect::Branch { arms }, true);
                }
            }
        }
        if send {
            self.at = None;
        }
    }

    /// What the annotation of a method without a body stands for: a call to the outside, a statement for a store.
    fn declared_effect(
        &mut self,
        unit: &Rc<Unit>,
        id: ExprId,
        call: &Call,
        closure: &Rc<Closure>,
        out: &mut Vec<Step>,
    ) -> bool {
        let eval = self.eval;
        let Some(declared) = eval.world.unit(closure.function.file) else { return false };
        let function = declared.function(closure.function.id);
        if function.body.is_some() || function.annotations.is_empty() {
            return false;
        }
        let hits = super::hits::on_function(eval, &declared, closure.function.id);
        for hit in hits {
            let rule = hit.rule(eval.packs);
            let pack = hit.pack(eval.packs);
            let Some(emit) = rule.emit.as_ref() else { continue };
            let binders = hit.binders(eval, None);
            let Some(binder) = binders.iter().find(|binder| conditions_hold(eval.packs, rule, binder)) else {
                continue;
            };
            if emit.read.is_some() || emit.write.is_some() {
                self.effect(unit, id, call, pack, emit, binder, None, out, true);
                return true;
            }
            let Some(external) = emit.external.as_ref() else { continue };
            let kind = if external.kind == "http-read" { ExternalKind::HttpRead } else { ExternalKind::Http };
            let what = format!("{} {}", pack.library, function.name);
            let site = self.at.clone().unwrap_or_else(|| unit.site(id));
            self.push(out, site, Effect::External { kind, what, idempotency_key: false }, true);
            return true;
        }
        false
    }

    /// A send to a channel that a pack knows.
    fn sent(
        &mut self,
        unit: &Rc<Unit>,
        channel: ExprId,
        value: ExprId,
        frame: Option<&Rc<Frame>>,
        out: &mut Vec<Step>,
    ) {
        let eval = self.eval;
        let call = sent(channel, value);
        for (entry, receiver) in match_send(eval, unit, channel, frame) {
            let pack = &eval.packs.packs[entry.pack];
            let rule = &pack.facts[entry.rule];
            let Some(emit) = &rule.emit else { continue };
            let binder = Binder::call(eval, unit, &call, frame).on(receiver);
            if conditions_hold(eval.packs, rule, &binder) {
                self.effect(unit, channel, &call, pack, emit, &binder, frame, out, true);
            }
        }
    }

    /// A call that leaves the program: its callbacks may run, and it may hide an effect.
    fn outside(&mut self, unit: &Rc<Unit>, id: ExprId, call: &Call, frame: Option<&Rc<Frame>>, out: &mut Vec<Step>) {
        for arg in &call.args {
            if let Expr::Lambda(function) = unit.expr(arg.value) {
                let closure =
                    Closure { function: FnRef { file: unit.file, id: *function }, this: None, frame: frame.cloned() };
                let steps = self.function(&Rc::new(closure), Vec::new(), false);
                out.extend(steps);
            }
        }
        if let Some(at) = self.eval.deferred(unit, call) {
            let function = self.eval.expr(unit, call.args[at].value, frame);
            for value in function.alternatives() {
                if let Value::Closure(closure) = value {
                    let later = super::chain::call_behind(call, at);
                    let (args, complete) = self.eval.args_for(unit, &later, frame, closure.function);
                    let steps = self.function(closure, args, complete);
                    out.extend(steps);
                }
            }
            return;
        }
        let Some(name) = last_name(&unit.tree, call.callee) else {
            return;
        };
        let callee = self.eval.expr(unit, call.callee, frame);
        let project = matches!(&callee, Value::Param(..))
            || matches!(&callee, Value::Opaque(why) if why.contains("interface") || why.contains("not part of the tree"));
        let library =
            matches!(&callee, Value::Library(module, _) if !module.is_empty() && !module.starts_with("node:"));
        if project || library {
            self.push(out, unit.site(id), Effect::Unknown { call: name.to_string() }, true);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn effect(
        &mut self,
        unit: &Rc<Unit>,
        id: ExprId,
        call: &Call,
        pack: &Pack,
        emit: &Emit,
        binder: &Binder<'_, '_, '_>,
        frame: Option<&Rc<Frame>>,
        out: &mut Vec<Step>,
        awaited: bool,
    ) {
        let eval = self.eval;
        let site = self.at.clone().unwrap_or_else(|| unit.site(id));
        let text = |path: Option<&SmolStr>| {
            let path = path.and_then(|path| eval.packs.path(path))?;
            binder.value(&path).and_then(|value| eval.one_word(&value, &unit.path))
        };
        let store = || pack.store.clone().unwrap_or_else(|| pack.library.clone()).to_string();
        if let Some(send) = &emit.send {
            let broker = match &emit.broker {
                Some(BrokerRule::Fixed(kind)) => kind.to_string(),
                Some(BrokerRule::Of { of, is }) => {
                    let value = eval.packs.path(of).and_then(|path| binder.value(&path));
                    let word = value.and_then(|value| match value.alternatives().first() {
                        Some(Value::Text(text) | Value::Number(text)) => Some(text.clone()),
                        Some(Value::Library(_, path)) => path.last().cloned(),
                        _ => None,
                    });
                    word.and_then(|word| is.get(&word).cloned()).unwrap_or_default().to_string()
                }
                None => pack.broker.clone().unwrap_or_default().to_string(),
            };
            let channel = match send {
                Paths::One(path) => text(Some(path)),
                Paths::Many(paths) => paths.iter().find_map(|path| text(Some(path))),
            };
            let message = emit.messages.as_ref().and_then(|paths| match paths {
                Paths::One(path) => text(Some(path)),
                Paths::Many(paths) => paths.iter().find_map(|path| text(Some(path))),
            });
            let confirmed = emit.confirmed && awaited;
            // Two rules may know one call; it still sends once.
            let said = out.last().is_some_and(|last| {
                last.site == site
                    && matches!(&last.effect, Effect::Publish { broker: on, channel: to, .. } if *on == broker && *to == channel)
            });
            if broker != "none" && !said {
                // Some libraries store what they send in the transaction at hand and relay it later.
                let outbox = emit.settings.contains_key("outbox");
                let effect = Effect::Publish { broker, channel, message, confirmed, outbox };
                self.push(out, site.clone(), effect, awaited);
            }
        }
        if emit.ack {
            self.push(out, site.clone(), Effect::Ack, awaited);
        }
        if let Some(nack) = &emit.nack {
            let requeue = text(nack.requeue.as_ref()).and_then(|text| text.parse().ok());
            self.push(out, site.clone(), Effect::Nack { requeue }, awaited);
        }
        if let Some(read) = &emit.read {
            match text(read.sql.as_ref()) {
                Some(sql) => self.sql(&sql, &store(), site.clone(), out, awaited),
                None if read.sql.is_some() => {
                    self.push(out, site.clone(), Effect::Unknown { call: "query".into() }, awaited)
                }
                None => {
                    let table = text(read.table.as_ref());
                    self.push(out, site.clone(), Effect::Read { store: store(), table }, awaited);
                }
            }
        }
        if let Some(write) = &emit.write {
            let kind = match write.kind.as_str() {
                "insert" => WriteKind::Insert,
                "update" => WriteKind::Update,
                "relative" => WriteKind::Relative,
                "upsert" => WriteKind::Upsert,
                "delete" => WriteKind::Delete,
                _ => WriteKind::Save,
            };
            let keyed = write
                .keyed
                .as_ref()
                .and_then(|path| eval.packs.path(path))
                .is_some_and(|path| binder.value(&path).is_some());
            let table = text(write.table.as_ref());
            self.push(out, site.clone(), Effect::Write { store: store(), table, kind, keyed }, awaited);
        }
        if let Some(external) = &emit.external {
            let kind = match external.kind.as_str() {
                "http-read" => ExternalKind::HttpRead,
                "rpc" => ExternalKind::Rpc,
                "mail" => ExternalKind::Mail,
                "payment" => ExternalKind::Payment,
                _ => ExternalKind::Http,
            };
            let idempotency_key = external
                .idempotency_key
                .as_ref()
                .and_then(|path| eval.packs.path(path))
                .is_some_and(|path| binder.value(&path).is_some());
            let name = last_name(&unit.tree, call.callee).unwrap_or_default();
            self.push(
                out,
                site.clone(),
                Effect::External { kind, what: format!("{} {name}", pack.library), idempotency_key },
                awaited,
            );
        }
        if let Some(guard) = &emit.guard {
            let kind = if guard == "key" { GuardKind::Key } else { GuardKind::DedupTable };
            self.push(out, site.clone(), Effect::Guard { kind, store: Some(store()) }, awaited);
        }
        if emit.log || pack.kind == PackKind::Log {
            self.push(out, site.clone(), Effect::Log, awaited);
        }
        if emit.backoff {
            self.push(out, site.clone(), Effect::Backoff, awaited);
        }
        if let Some(Transaction::Word(word)) = &emit.transaction {
            match word.as_str() {
                "begin" => {
                    self.push(out, site, Effect::Transaction { store: Some(BEGIN.into()), body: Vec::new() }, awaited)
                }
                "commit" => {
                    self.push(out, site, Effect::Transaction { store: Some(COMMIT.into()), body: Vec::new() }, awaited)
                }
                "rollback" => {}
                path => {
                    let callbacks = eval.packs.path(path).map(|path| binder.values(&path)).unwrap_or_default();
                    let mut body = Vec::new();
                    for value in callbacks.iter().flat_map(|value| value.alternatives()) {
                        match value {
                            Value::Closure(closure) => body.extend(self.function(closure, Vec::new(), false)),
                            _ => {
                                // A list of operations runs as one; they were seen as arguments already.
                                let from = out.len().saturating_sub(call.args.len().max(1) * 4);
                                body.extend(out.drain(from..).collect::<Vec<_>>());
                            }
                        }
                    }
                    self.push(out, site, Effect::Transaction { store: Some(store()), body }, awaited);
                }
            }
        }
        // Callbacks that the call runs itself.
        let runs = match &emit.runs {
            Some(Paths::One(path)) => eval.packs.path(path).map(|path| binder.values(&path)).unwrap_or_default(),
            Some(Paths::Many(paths)) => {
                paths.iter().filter_map(|path| eval.packs.path(path)).flat_map(|path| binder.values(&path)).collect()
            }
            None => Vec::new(),
        };
        for value in runs {
            if let Value::Closure(closure) = value {
                let steps = self.function(&closure, Vec::new(), false);
                out.extend(steps);
            }
        }
        let _ = frame;
    }

    /// What a statement in SQL does; the verb and the table are enough for the rules.
    fn sql(&mut self, sql: &str, store: &str, site: Site, out: &mut Vec<Step>, awaited: bool) {
        let words: Vec<&str> = sql
            .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';'))
            .filter(|word| !word.is_empty())
            .collect();
        let upper: Vec<String> = words.iter().map(|word| word.to_ascii_uppercase()).collect();
        let after = |keyword: &str| {
            let at = upper.iter().position(|word| word == keyword)?;
            words.get(at + 1).map(|word| word.trim_matches(['"', '`', '\'', '[', ']']).to_owned())
        };
        let has = |pattern: &[&str]| {
            upper.windows(pattern.len()).any(|window| window.iter().zip(pattern).all(|(a, b)| a == b))
        };
        let write = |table: Option<String>, kind: WriteKind, keyed: bool| Effect::Write {
            store: store.to_owned(),
            table,
            kind,
            keyed,
        };
        let effect = match upper.first().map(String::as_str) {
            Some("INSERT" | "REPLACE") => {
                let upsert = has(&["ON", "CONFLICT"])
                    || has(&["ON", "DUPLICATE"])
                    || upper[0] == "REPLACE"
                    || has(&["INSERT", "IGNORE"]);
                write(after("INTO"), if upsert { WriteKind::Upsert } else { WriteKind::Insert }, upsert)
            }
            Some("UPDATE") => {
                let table = after("UPDATE");
                // `x = x + 1` repeats, an absolute value does not.
                let relative = words.windows(5).any(|w| w[1] == "=" && w[0] == w[2] && matches!(w[3], "+" | "-"));
                write(table, if relative { WriteKind::Relative } else { WriteKind::Update }, has(&["WHERE"]))
            }
            Some("DELETE") => write(after("FROM"), WriteKind::Delete, has(&["WHERE"])),
            Some("BEGIN" | "START") => Effect::Transaction { store: Some(BEGIN.into()), body: Vec::new() },
            Some("COMMIT") => Effect::Transaction { store: Some(COMMIT.into()), body: Vec::new() },
            Some("SELECT" | "WITH") => Effect::Read { store: store.to_owned(), table: after("FROM") },
            _ => return,
        };
        self.push(out, site, effect, awaited);
    }
}

/// Marks of an explicit begin and commit before they are folded into one transaction.
const BEGIN: &str = "\u{1}begin";
const COMMIT: &str = "\u{1}commit";

fn is_mark(step: &Step, mark: &str) -> bool {
    matches!(&step.effect, Effect::Transaction { store: Some(store), body } if store == mark && body.is_empty())
}

/// Begin … commit in one block becomes a transaction around what lies between.
fn fold_transactions(steps: &mut Vec<Step>) {
    while let Some(commit) = steps.iter().position(|step| is_mark(step, COMMIT)) {
        let Some(begin) = steps[..commit].iter().rposition(|step| is_mark(step, BEGIN)) else {
            return;
        };
        let mut inner: Vec<Step> = steps.drain(begin..=commit).collect();
        let site = inner[0].site.clone();
        inner.remove(0);
        inner.pop();
        steps.insert(begin, Step { site, effect: Effect::Transaction { store: None, body: inner }, awaited: true });
    }
    // A begin whose commit lies in the `try` that follows.
    if let Some(begin) = steps.iter().position(|step| is_mark(step, BEGIN))
        && steps[begin..]
            .iter()
            .any(|step| matches!(&step.effect, Effect::Try { body, .. } if body.iter().any(is_transaction)))
    {
        steps.remove(begin);
    }
}

fn is_transaction(step: &Step) -> bool {
    matches!(&step.effect, Effect::Transaction { store, .. } if store.as_deref() != Some(BEGIN))
}

/// The commit stands inside a `try`, the begin before it: everything in the block up to the commit is the transaction.
fn merge_commit(before: &mut Vec<Step>, body: &mut Vec<Step>) {
    let Some(commit) = body.iter().position(|step| is_mark(step, COMMIT)) else {
        return;
    };
    let mut inner: Vec<Step> = body.drain(..=commit).collect();
    inner.pop();
    if let Some(begin) = before.iter().rposition(|step| is_mark(step, BEGIN)) {
        let mut earlier: Vec<Step> = before.drain(begin..).collect();
        earlier.remove(0);
        earlier.append(&mut inner);
        inner = earlier;
    }
    let site = inner.first().map(|step| step.site.clone()).unwrap_or_default();
    body.insert(0, Step { site, effect: Effect::Transaction { store: None, body: inner }, awaited: true });
}

fn strip_returns(steps: &mut Vec<Step>) {
    // A callee's guard (`if (seen) return`) stays visible as a guard; its return must not end the caller.
    steps.retain(|step| !matches!(step.effect, Effect::Return));
    for step in steps {
        match &mut step.effect {
            Effect::Branch { arms } => arms.iter_mut().for_each(|arm| strip_returns(&mut arm.steps)),
            Effect::Loop { body, .. } | Effect::Transaction { body, .. } => strip_returns(body),
            Effect::Try { body, catches, finally } => {
                strip_returns(body);
                catches.iter_mut().for_each(|arm| strip_returns(&mut arm.steps));
                strip_returns(finally);
            }
            _ => {}
        }
    }
}

/// True for variables that hold an error, in languages that return errors.
fn is_error(unit: &Unit, value: ExprId) -> bool {
    unit.tree.language.has_struct_literals()
        && last_name(&unit.tree, value).is_some_and(|name| name.ends_with("err") || name.ends_with("Err"))
}
