//! Follows values through the program on demand: names, members, calls, constructors, and library objects.

mod builtins;
mod calls;
mod classes;
mod members;
mod names;
mod types;

pub(crate) use types::TypeTarget;

use crate::link::PackIndex;
use crate::value::{Frame, Object, Value};
use crate::world::{FnRef, Unit, World};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use weir_facts::{Certainty, Hop, Site};
use weir_syntax::{Entry, Expr, ExprId, FunctionId, Part};

/// How many expressions one question may touch; a bound for hostile code, far above what real code needs.
const FUEL: u32 = 40_000;
/// How deep one question may nest.
const MAX_DEPTH: u32 = 120;
/// How many calls of project functions may nest in one question.
pub(crate) const MAX_INLINE: u32 = 8;

/// The evaluator: pure questions over the world, with memory.
pub(crate) struct Eval<'w, 's> {
    pub(crate) world: &'w World<'s>,
    pub(crate) packs: &'w PackIndex<'w>,
    memo: RefCell<FxHashMap<(crate::source::FileId, ExprId), (Value, Vec<Hop>, Certainty)>>,
    busy: RefCell<Vec<(crate::source::FileId, ExprId, usize)>>,
    trail: RefCell<Vec<Hop>>,
    certainty: Cell<Certainty>,
    fuel: Cell<u32>,
    depth: Cell<u32>,
    inlined: Cell<u32>,
    /// True once a cycle or bound cut an answer short; such answers are not remembered.
    cut: Cell<bool>,
}

/// A value with the way that led to it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) value: Value,
    pub(crate) trail: Vec<Hop>,
    pub(crate) certainty: Certainty,
}

impl<'w, 's> Eval<'w, 's> {
    pub(crate) fn new(world: &'w World<'s>, packs: &'w PackIndex<'w>) -> Self {
        Eval {
            world,
            packs,
            memo: RefCell::default(),
            busy: RefCell::default(),
            trail: RefCell::default(),
            certainty: Cell::new(Certainty::Certain),
            fuel: Cell::new(FUEL),
            depth: Cell::new(0),
            inlined: Cell::new(0),
            cut: Cell::new(false),
        }
    }

    /// Asks a question with its own trail and fuel.
    pub(crate) fn ask(&self, question: impl FnOnce() -> Value) -> Answer {
        let outer = (
            self.trail.take(),
            self.certainty.replace(Certainty::Certain),
            self.fuel.replace(FUEL),
            self.cut.replace(false),
        );
        let value = question();
        let mut trail = self.trail.replace(outer.0);
        let mut seen = std::collections::BTreeSet::new();
        trail.retain(|hop| seen.insert(hop.clone()));
        trail.truncate(12);
        let certainty = self.certainty.replace(outer.1);
        self.fuel.set(outer.2);
        self.cut.set(outer.3);
        Answer { value, trail, certainty }
    }

    pub(crate) fn hop(&self, site: Site, what: impl Into<String>) {
        let mut trail = self.trail.borrow_mut();
        if trail.len() < 64 {
            trail.push(Hop { site, what: what.into() });
        }
    }

    pub(crate) fn doubt(&self, certainty: Certainty) {
        self.certainty.set(self.certainty.get().max(certainty));
    }

    /// Forgets what was remembered; needed when more files were loaded, which may add subclasses and callers.
    pub(crate) fn forget(&self) {
        self.memo.borrow_mut().clear();
    }

    /// The value of an expression in `unit`, under the values of `frame`.
    pub(crate) fn expr(&self, unit: &Rc<Unit>, id: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        // Every question has its own fuel, so that no file is poorer for what was asked before.
        if self.depth.get() == 0 {
            self.fuel.set(FUEL);
        }
        if self.fuel.get() == 0 || self.depth.get() >= MAX_DEPTH {
            self.cut.set(true);
            return Value::opaque("the way to the value is too long");
        }
        self.fuel.set(self.fuel.get() - 1);
        let simple =
            matches!(unit.expr(id), Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Null | Expr::Lambda(_));
        let key = (unit.file, id);
        if frame.is_none() && !simple {
            if let Some((value, trail, certainty)) = self.memo.borrow().get(&key) {
                self.trail.borrow_mut().extend(trail.iter().cloned());
                self.doubt(*certainty);
                return value.clone();
            }
        }
        let identity = frame.map_or(0, |frame| Rc::as_ptr(frame).addr());
        let busy = (unit.file, id, identity);
        if self.busy.borrow().contains(&busy) {
            self.cut.set(true);
            return Value::opaque("the value depends on itself");
        }
        self.busy.borrow_mut().push(busy);
        self.depth.set(self.depth.get() + 1);
        let outer = (self.trail.take(), self.certainty.replace(Certainty::Certain), self.cut.replace(false));
        let value = self.compute(unit, id, frame);
        let trail = self.trail.replace(outer.0);
        let certainty = self.certainty.replace(outer.1);
        if frame.is_none() && !simple && !self.cut.get() {
            self.memo.borrow_mut().insert(key, (value.clone(), trail.clone(), certainty));
        }
        self.cut.set(self.cut.get() || outer.2);
        self.trail.borrow_mut().extend(trail);
        self.doubt(certainty);
        self.depth.set(self.depth.get() - 1);
        self.busy.borrow_mut().pop();
        value
    }

    fn compute(&self, unit: &Rc<Unit>, id: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        match unit.expr(id) {
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Number(number) => Value::Number(number.clone()),
            Expr::Bool(flag) => Value::Bool(*flag),
            Expr::Null => Value::Null,
            Expr::Regex(text) => Value::Regex(text.clone()),
            Expr::NameOf(name) => Value::Text(name.clone()),
            Expr::Name(name) => self.name(unit, name, id, frame),
            Expr::This => self.this(unit, id, frame),
            Expr::Super => self.this(unit, id, frame),
            Expr::Template(parts) => {
                let parts = parts.iter().map(|part| match part {
                    Part::Text(text) => Value::Text(text.clone()),
                    Part::Value(value) => self.expr(unit, *value, frame),
                });
                Value::concat(parts.collect())
            }
            Expr::Member { object, name } => {
                let object = self.expr(unit, *object, frame);
                self.member(&object, name)
            }
            Expr::Index { object, index } => {
                let object = self.expr(unit, *object, frame);
                let index = self.expr(unit, *index, frame);
                self.index(&object, &index)
            }
            Expr::Call(call) => self.call(unit, id, call, frame),
            Expr::New(call) => self.construct(unit, id, call, frame),
            Expr::Object(entries) => self.object(unit, entries, frame),
            Expr::List(items) => self.list(unit, items, frame),
            Expr::Spread(value) | Expr::Await(value) | Expr::ReceiveFrom(value) => self.expr(unit, *value, frame),
            Expr::Cast { value, ty } => {
                let value = self.expr(unit, *value, frame);
                match ty {
                    Some(ty) if value.is_empty() => {
                        self.declared(unit, ty, Site::new(unit.path.clone(), unit.line(id)), None).unwrap_or(value)
                    }
                    _ => value,
                }
            }
            Expr::Lambda(function) => self.closure(unit, *function, id, frame),
            Expr::Class(ty) => Value::Class(crate::world::ClassRef { file: unit.file, id: *ty }),
            Expr::Binary { op, left, right } => self.binary(unit, op, *left, *right, frame),
            Expr::Unary { .. } => Value::opaque("computed at run time"),
            Expr::Conditional { then, otherwise, .. } => {
                Value::choice(vec![self.expr(unit, *then, frame), self.expr(unit, *otherwise, frame)])
            }
            Expr::Match { arms, .. } => {
                Value::choice(arms.iter().map(|(_, value)| self.expr(unit, *value, frame)).collect())
            }
            Expr::Assign { value, .. } => self.expr(unit, *value, frame),
            Expr::TypeLiteral(ty) => self.type_value(unit, ty, frame),
            Expr::Module(module) => match self.world.module(unit, module) {
                crate::world::Target::Module(file) => Value::Module(file),
                _ => Value::Library(module.clone(), Rc::from([])),
            },
            Expr::Block(_) | Expr::Opaque(_) => Value::opaque("computed at run time"),
        }
    }

    fn closure(&self, unit: &Rc<Unit>, function: FunctionId, id: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        let this = unit.index.class[function.0 as usize].is_some().then(|| self.this(unit, id, frame));
        Value::Closure(Rc::new(crate::value::Closure {
            function: FnRef { file: unit.file, id: function },
            this,
            frame: frame.cloned(),
        }))
    }

    fn binary(&self, unit: &Rc<Unit>, op: &str, left: ExprId, right: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        match op {
            "+" => Value::concat(vec![self.expr(unit, left, frame), self.expr(unit, right, frame)]),
            "??" | "||" => {
                let left = self.expr(unit, left, frame);
                match left {
                    Value::Env(name, None) => Value::Env(name, Some(Rc::new(self.expr(unit, right, frame)))),
                    Value::Null | Value::Opaque(_) => self.expr(unit, right, frame),
                    Value::Text(_)
                    | Value::Object(_)
                    | Value::List(_)
                    | Value::Instance(_)
                    | Value::Typed(_)
                    | Value::Number(_) => left,
                    left => Value::choice(vec![left, self.expr(unit, right, frame)]),
                }
            }
            "&&" => self.expr(unit, right, frame),
            _ => Value::opaque("computed at run time"),
        }
    }

    fn object(&self, unit: &Rc<Unit>, entries: &[Entry], frame: Option<&Rc<Frame>>) -> Value {
        let mut object = Object::default();
        let put = |object: &mut Object, key: SmolStr, value: Value| match object
            .fields
            .iter_mut()
            .find(|(name, _)| *name == key)
        {
            Some(slot) => slot.1 = value,
            None => object.fields.push((key, value)),
        };
        for entry in entries {
            match entry {
                Entry::Field { key, value } => {
                    let value = self.expr(unit, *value, frame);
                    put(&mut object, key.clone(), value);
                }
                Entry::Computed { key, value } => match self.expr(unit, *key, frame) {
                    Value::Text(key) => {
                        let value = self.expr(unit, *value, frame);
                        put(&mut object, key, value);
                    }
                    _ => object.open = true,
                },
                Entry::Spread(value) => match self.expr(unit, *value, frame) {
                    Value::Object(inner) => {
                        for (key, value) in &inner.fields {
                            put(&mut object, key.clone(), value.clone());
                        }
                        object.open |= inner.open;
                    }
                    // What is spread conditionally may or may not be there; its fields still help.
                    Value::Choice(options) => {
                        for option in options.iter() {
                            if let Value::Object(inner) = option {
                                for (key, value) in &inner.fields {
                                    put(&mut object, key.clone(), value.clone());
                                }
                            }
                        }
                        object.open = true;
                    }
                    _ => object.open = true,
                },
            }
        }
        Value::Object(Rc::new(object))
    }

    fn list(&self, unit: &Rc<Unit>, items: &[ExprId], frame: Option<&Rc<Frame>>) -> Value {
        let mut values = Vec::new();
        for item in items.iter().take(256) {
            let value = self.expr(unit, *item, frame);
            match (unit.expr(*item), value) {
                (Expr::Spread(_), Value::List(inner)) => values.extend(inner.iter().cloned()),
                (_, value) => values.push(value),
            }
        }
        Value::List(values.into())
    }
}
