//! Follows values through the program on demand: names, members, calls, constructors, and library objects.

mod accessors;
mod appended;
mod arguments;
mod arms;
mod asked;
mod assumptions;
mod attributes;
mod bounds;
mod builtins;
mod calls;
mod classes;
mod composites;
mod configured;
mod constants;
mod constructors;
mod container;
mod contexts;
mod decorations;
mod dispatch;
mod dotnet;
mod elements;
mod extensions;
mod files;
mod filled;
mod flagged;
mod frames;
mod generics;
mod handlers;
mod implementations;
mod implicit;
mod inferred;
mod literals;
mod maps;
mod meant;
mod members;
mod memory;
mod mutations;
mod names;

mod narrowing;
mod objects;
mod operators;
mod options;
mod outside;
mod overloads;
mod owners;
mod params;
mod prepared;
mod results;
mod rust;
mod scanned;
mod setters;
mod settings;
mod standard;
mod steps;
mod structural;
mod tables;
mod types;
mod variants;
mod wiring;

pub(crate) use accessors::property;
pub(crate) use assumptions::Assumed;
pub(crate) use flagged::place_of_variable;
pub(crate) use results::element_type;
pub(crate) use steps::set;
pub(crate) use types::TypeTarget;
pub(crate) use variants::item_of;

use crate::link::PackIndex;
use crate::source::FileId;
use crate::value::{Frame, Value};
use crate::world::{ClassRef, FnRef, Unit, World};
use container::Supplied;
use frames::Frames;
use inferred::Inferred;
use memory::{Known, Memory, Question, Reach, Spent};
use objects::Objects;
use rustc_hash::FxHashMap;
use setters::Setters;
use smol_str::SmolStr;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use weir_facts::{Certainty, Hop, Site};
use weir_syntax::{Expr, ExprId, FunctionId, Part};

/// How many expressions one question may touch; a bound for hostile code, far above what real code needs.
const FUEL: u32 = 40_000;
/// How many expressions one run may touch before its questions get less each: far above what programs of half a million
/// lines need, and what keeps a program of many circles from taking minutes. Counted and not timed, so that every run
/// gives the same answer.
const MAX_STEPS: u64 = 1_000_000;
/// What a question gets then.
const TIRED: u32 = 300;
/// How deep one question may nest.
const MAX_DEPTH: u32 = 120;
/// Hops kept of one way; more tell nobody anything.
const MAX_TRAIL: usize = 24;
/// How many calls of project functions may nest in one question.
pub(crate) const MAX_INLINE: u32 = 8;

/// What the names of types in a file stand for.
type TypeNames = FxHashMap<FileId, FxHashMap<SmolStr, Option<TypeTarget>>>;

/// The evaluator: pure questions over the world, with memory.
pub(crate) struct Eval<'w, 's> {
    pub(crate) world: &'w World<'s>,
    pub(crate) packs: &'w PackIndex<'w>,
    memory: Memory,
    frames: Frames,
    setters: Setters,
    inferred: Inferred,
    supplied: Supplied,
    /// What names of types stand for, by the file that says them.
    type_names: RefCell<TypeNames>,
    /// What classes inherit from.
    chains: RefCell<FxHashMap<ClassRef, Vec<ClassRef>>>,
    /// The files that assign a field of a type, by its name.
    assigning: options::Assigning,
    handed: literals::Handed,
    objects: Objects,
    busy: RefCell<Vec<Question>>,
    /// The call that made the objects of a class of which nothing else is known.
    assumed: RefCell<Option<Rc<Frame>>>,
    trail: RefCell<Vec<Hop>>,
    /// The way of every answer that needs none, which is nearly all of them.
    no_way: Rc<[Hop]>,
    certainty: Cell<Certainty>,
    fuel: Cell<u32>,
    /// Expressions touched in this run, over all questions.
    steps: Cell<u64>,
    /// Those touched by side questions.
    aside: Cell<u64>,
    depth: Cell<u32>,
    inlined: Cell<u32>,
    /// The outermost question that the answer under way had to leave open.
    reach: Cell<Reach>,
}

impl<'w, 's> Eval<'w, 's> {
    pub(crate) fn new(world: &'w World<'s>, packs: &'w PackIndex<'w>) -> Self {
        Eval {
            world,
            packs,
            memory: Memory::default(),
            frames: Frames::default(),
            setters: Setters::default(),
            inferred: Inferred::default(),
            supplied: Supplied::default(),
            type_names: RefCell::default(),
            chains: RefCell::default(),
            assigning: options::Assigning::default(),
            handed: literals::Handed::default(),
            objects: Objects::default(),
            busy: RefCell::default(),
            assumed: RefCell::default(),
            trail: RefCell::default(),
            no_way: Rc::from([]),
            certainty: Cell::new(Certainty::Certain),
            fuel: Cell::new(FUEL),
            steps: Cell::new(0),
            aside: Cell::new(0),
            depth: Cell::new(0),
            inlined: Cell::new(0),
            reach: Cell::new(Reach::Whole),
        }
    }

    pub(crate) fn hop(&self, site: Site, what: impl Into<String>) {
        let mut trail = self.trail.borrow_mut();
        if trail.len() < MAX_TRAIL {
            trail.push(Hop { site, what: what.into() });
        }
    }

    /// True when so much was followed in this run that what is asked from now on gets less.
    pub(crate) fn is_tired(&self) -> bool {
        self.steps.get() > MAX_STEPS
    }

    /// The answer to a side question of which there are many: all of them share one account of expressions, which does
    /// not count for the run. `None` when the account is empty.
    pub(crate) fn limited<T>(&self, account: u64, question: impl FnOnce() -> T) -> Option<T> {
        let left = account.checked_sub(self.aside.get()).filter(|left| *left > 0)?;
        let fuel = u32::try_from(left).unwrap_or(u32::MAX).min(FUEL);
        let (steps, before) = (self.steps.get(), self.fuel.replace(fuel));
        self.depth.set(self.depth.get() + 1);
        let answer = question();
        self.depth.set(self.depth.get() - 1);
        // What was cut short must not answer what is asked with more fuel.
        if self.fuel.replace(before) == 0 {
            self.forget();
        }
        self.aside.set(self.aside.get() + (self.steps.replace(steps) - steps));
        Some(answer)
    }

    pub(crate) fn doubt(&self, certainty: Certainty) {
        self.certainty.set(self.certainty.get().max(certainty));
    }

    /// Forgets what was remembered; needed when more files were loaded, which may add subclasses and callers.
    pub(crate) fn forget(&self) {
        self.memory.forget();
        self.frames.forget();
        self.setters.forget();
        self.inferred.forget();
        self.supplied.forget();
        self.assigning.forget();
        self.handed.forget();
        self.objects.forget();
        self.packs.forget();
    }

    /// Says that a bound cut the answer short: it holds only where nothing more is left to spend.
    pub(crate) fn bounded(&self) {
        self.reach.set(Reach::Bounded);
    }

    /// The one frame with these values, so that the same question is recognised when it is asked again.
    pub(crate) fn enter(&self, frame: Frame) -> Rc<Frame> {
        self.frames.intern(frame)
    }

    /// The value of an expression in `unit`, under the values of `frame`.
    pub(crate) fn expr(&self, unit: &Rc<Unit>, id: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        // Every question has its own fuel, so that no file is poorer for what was asked before.
        if self.depth.get() == 0 {
            // Where every object is sought at the places that make it, one question touches many.
            let fuel = if unit.tree.language.has_struct_literals() { FUEL / 8 } else { FUEL };
            self.fuel.set(if self.is_tired() { fuel.min(TIRED) } else { fuel });
        }
        let simple =
            matches!(unit.expr(id), Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Null | Expr::Regex(_));
        if simple {
            return self.compute(unit, id, frame);
        }
        let frame = frame.filter(|_| !unit.is_closed(id));
        let question = Question::new(unit.file, id, frame, self.assumed.borrow().as_ref());
        let spent = Spent { depth: self.depth.get(), inlined: self.inlined.get() };
        if let Some(known) = self.memory.recall(&question, spent) {
            self.retrace(&known.trail);
            self.doubt(known.certainty);
            self.reach.set(self.reach.get().min(known.reach));
            return known.value;
        }
        if self.fuel.get() == 0 || self.depth.get() >= MAX_DEPTH {
            self.bounded();
            return Value::opaque("the way to the value is too long");
        }
        self.fuel.set(self.fuel.get() - 1);
        self.steps.set(self.steps.get() + 1);
        let at = self.busy.borrow().len();
        let open = self.busy.borrow().iter().position(|busy| *busy == question);
        if let Some(open) = open {
            self.reach.set(self.reach.get().min(Reach::Open(open)));
            return Value::opaque("the value depends on itself");
        }
        self.busy.borrow_mut().push(question.clone());
        self.depth.set(self.depth.get() + 1);
        let outer = (self.trail.take(), self.certainty.replace(Certainty::Certain), self.reach.replace(Reach::Whole));
        let value = self.compute(unit, id, frame);
        let trail = self.trail.replace(outer.0);
        let trail: Rc<[Hop]> = if trail.is_empty() { self.no_way.clone() } else { trail.into() };
        let certainty = self.certainty.replace(outer.1);
        self.depth.set(self.depth.get() - 1);
        self.busy.borrow_mut().pop();
        // What was left open here is answered now; only what lies further out stays open.
        let reach = match self.reach.get() {
            Reach::Open(open) if open >= at => Reach::Whole,
            reach => reach,
        };
        self.memory.close(at);
        let known = Known { value: value.clone(), trail: trail.clone(), certainty, reach, spent };
        self.memory.remember(question, frame, known);
        if at == 0 {
            self.memory.close_all();
        }
        self.reach.set(reach.min(outer.2));
        self.retrace(&trail);
        self.doubt(certainty);
        value
    }

    /// Goes a remembered way again.
    fn retrace(&self, way: &[Hop]) {
        if way.is_empty() {
            return;
        }
        let mut trail = self.trail.borrow_mut();
        for hop in way {
            if trail.len() < MAX_TRAIL && !trail.contains(hop) {
                trail.push(hop.clone());
            }
        }
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
                let on = self.expr(unit, *object, frame);
                let value = match unit.tree.language {
                    weir_syntax::Language::CSharp => self.dotnet_member(&on, name),
                    language if language.is_jvm() => self.own_member(&on, name, unit.index.called.contains(&id)),
                    _ => self.member(&on, name),
                };
                if !matches!(value, Value::Closure(_) | Value::Text(_))
                    && let Some(extension) = self.extension(unit, &on, name)
                {
                    return extension;
                }
                if value.is_empty() && unit.tree.language.has_implicit_receiver() {
                    let read = self.read_by_getter(&on, name);
                    let read = read.or_else(|| match &on {
                        Value::Env(key, _) if unit.tree.language.is_jvm() => self.filled_part(key, name, &[]),
                        on if unit.tree.language.is_jvm() => self.jvm_member(on, name),
                        _ => None,
                    });
                    if let Some(read) = read {
                        return read;
                    }
                }
                let inherited = value.is_empty() && matches!(unit.expr(*object), Expr::This);
                inherited.then(|| self.handed_to_absent_base(&on, name)).flatten().unwrap_or(value)
            }
            Expr::Index { object, index } => self.indexed(unit, id, (*object, *index), frame),
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
            Expr::Class(ty) => Value::Class(ClassRef { file: unit.file, id: *ty }),
            Expr::Binary { op, left, right } => self.binary(unit, op, *left, *right, frame),
            Expr::Unary { .. } => Value::opaque("computed at run time"),
            Expr::Conditional { test, then, otherwise } => {
                // Who calls may have said which it is.
                if let Expr::Name(_) = unit.expr(*test)
                    && let Value::Bool(holds) = self.expr(unit, *test, frame)
                {
                    return self.expr(unit, if holds { *then } else { *otherwise }, frame);
                }
                Value::choice(vec![self.expr(unit, *then, frame), self.expr(unit, *otherwise, frame)])
            }
            Expr::Match { subject, arms } => match unit.tree.language {
                weir_syntax::Language::CSharp => self.typed_match(unit, *subject, arms, frame),
                _ => self.matched(unit, *subject, arms, frame),
            },
            Expr::Assign { value, .. } => self.expr(unit, *value, frame),
            Expr::TypeLiteral(ty) => match unit.tree.language {
                weir_syntax::Language::CSharp | weir_syntax::Language::Kotlin => self.type_at(unit, ty, id, frame),
                _ => self.type_value(unit, ty, frame),
            },
            Expr::Module(module) => self.target(&self.world.module(unit, module)),
            // The last expression is the value of a block.
            Expr::Block(body) => match body.last().map(|last| &unit.tree.stmts[last.0 as usize]) {
                Some(weir_syntax::Stmt::Expr(value) | weir_syntax::Stmt::Return(Some(value))) => {
                    self.expr(unit, *value, frame)
                }
                Some(weir_syntax::Stmt::Loop { .. }) => self.collected(unit, body, frame),
                _ => Value::opaque("computed at run time"),
            },
            Expr::Opaque(_) => Value::opaque("computed at run time"),
        }
    }

    fn closure(&self, unit: &Rc<Unit>, function: FunctionId, id: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        let this = self.world.class_of(unit, function).is_some().then(|| self.this(unit, id, frame));
        Value::Closure(Rc::new(crate::value::Closure {
            function: FnRef { file: unit.file, id: function },
            this,
            frame: frame.cloned(),
        }))
    }
}
