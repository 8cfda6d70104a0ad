//! What constructors run with when an object is made: from the arguments at hand, through the classes between, up to the
//! class that is asked for.

use super::Eval;
use super::classes::MAX_BASES;
use crate::value::{Frame, Value};
use crate::world::{ClassRef, Unit};
use std::rc::Rc;
use weir_syntax::{Call, Expr, ExprId, FunctionId, FunctionKind};

impl Eval<'_, '_> {
    /// The frame of the constructor of `class` when `this` is made.
    pub(crate) fn constructor_frame(&self, this: &Value, class: ClassRef) -> Option<Rc<Frame>> {
        self.constructor_frame_within(this, class, 0)
    }

    fn constructor_frame_within(&self, this: &Value, class: ClassRef, depth: usize) -> Option<Rc<Frame>> {
        let (start, given) = match this {
            Value::Instance(instance) => (instance.class, instance.args.clone()),
            Value::This(start) => (*start, None),
            _ => return None,
        };
        let ctor = self.constructor_of(class, given.as_deref().filter(|_| start == class))?;
        let make = |args: Vec<Value>, complete: bool| {
            self.enter(Frame {
                function: ctor,
                args,
                this: Some(this.clone()),
                outer: None,
                complete,
                types: Vec::new(),
            })
        };
        // The chain from the object's class up to the class asked for; classes without a constructor hand arguments through.
        let chain = self.chain(start);
        let position = chain.iter().position(|link| *link == class)?;
        let below = chain[..position].iter().rev().filter(|link| self.is_a(**link, class)).find_map(|link| {
            let given = given.as_deref().filter(|_| start == *link);
            let ctor = self.constructor_of(*link, given);
            (ctor.is_some() || self.hands_on(*link)).then_some((*link, ctor))
        });
        let Some((link, below)) = below else {
            return Some(match given {
                Some(args) => make(args, true),
                None => self.assumed_for(ctor).unwrap_or_else(|| make(Vec::new(), false)),
            });
        };
        if depth > MAX_BASES {
            return Some(make(Vec::new(), false));
        }
        let unit = self.world.unit(link.file)?;
        let outer = self.constructor_frame_within(this, link, depth + 1);
        let handed = &unit.class(link.id).base_args;
        let (args, complete) = if handed.is_empty() {
            let below = below?;
            let super_call =
                unit.index.calls.get("super").into_iter().flatten().find(|call| call.function == Some(below.id))?;
            let Expr::Call(call) = unit.expr(super_call.expr) else {
                return None;
            };
            if unit.tree.language.has_overloads() {
                self.args(&unit, call, outer.as_ref())
            } else {
                self.args_for(&unit, call, outer.as_ref(), ctor)
            }
        } else {
            // In the head of the class the constructor's parameters are in scope.
            let value = |arg: &weir_syntax::Arg| self.in_head(&unit, link, arg.value, outer.as_ref());
            (handed.iter().map(value).collect(), true)
        };
        let function = self.constructor_of(class, complete.then_some(&args)).unwrap_or(ctor);
        Some(self.enter(Frame { function, ..make(args, complete).as_ref().clone() }))
    }

    /// The object that a function makes of a class it is handed: `run(Worker, "name")`, where `run` says `kind(*args)`.
    pub(crate) fn made_through(&self, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Option<Value> {
        if !unit.tree.language.has_keyword_arguments() {
            return None;
        }
        let is_class = |arg: &weir_syntax::Arg| {
            matches!(unit.expr(arg.value), Expr::Name(_))
                && matches!(self.expr(unit, arg.value, frame), Value::Class(_))
        };
        if !call.args.iter().any(is_class) {
            return None;
        }
        let closures = self.callees(unit, call, frame);
        let [closure] = closures.as_slice() else { return None };
        let other = self.world.unit(closure.function.file)?;
        let (args, complete) = self.args_for(unit, call, frame, closure.function);
        let inner = self.frame(closure, args, complete);
        let params = &other.function(closure.function.id).params;
        let is_param = |name: &smol_str::SmolStr| {
            params.iter().any(|param| matches!(&param.pattern, weir_syntax::Pattern::Name(own) if own == name))
        };
        let own = other.index.all_calls.iter().filter(|site| site.function == Some(closure.function.id));
        own.into_iter().find_map(|site| {
            let Expr::Call(made) = other.expr(site.expr) else { return None };
            let Expr::Name(name) = other.expr(made.callee) else { return None };
            if !is_param(name) {
                return None;
            }
            Some(self.expr(&other, site.expr, Some(&inner))).filter(|made| matches!(made, Value::Instance(_)))
        })
    }

    /// True where the declaration itself hands arguments to the constructor of the base.
    fn hands_on(&self, class: ClassRef) -> bool {
        self.world.unit(class.file).is_some_and(|unit| !unit.class(class.id).base_args.is_empty())
    }

    /// A value in the head of a class, where a bare name is a parameter of the primary constructor.
    fn in_head(&self, unit: &Rc<Unit>, class: ClassRef, value: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        let primary = self.own_method(class, "constructor", FunctionKind::Constructor);
        if let (Expr::Name(name), Some(primary)) = (unit.expr(value), primary) {
            let is_it = |param: &weir_syntax::Param| matches!(&param.pattern, weir_syntax::Pattern::Name(param) if param == name);
            if let Some(at) = unit.function(primary.id).params.iter().position(is_it) {
                return self.param(unit, primary.id, at, &[], frame);
            }
        }
        self.expr(unit, value, frame)
    }

    /// The frame in which a constructor ran when an object was made by another one: the same, or the one that it calls
    /// with `this(…)`. `None` when it did not run.
    pub(super) fn run_by(&self, unit: &Rc<Unit>, frame: Rc<Frame>, constructor: FunctionId) -> Option<Rc<Frame>> {
        let mut frame = frame;
        // Constructors hand on to each other in a short chain.
        for _ in 0..4 {
            if frame.function.id == constructor || frame.function.file != unit.file {
                return Some(frame);
            }
            let delegates = unit.index.all_calls.iter().find_map(|site| match unit.expr(site.expr) {
                Expr::Call(call) if site.function == Some(frame.function.id) => {
                    matches!(unit.expr(call.callee), Expr::This).then_some(call)
                }
                _ => None,
            })?;
            let class = unit.index.class[frame.function.id.0 as usize]?;
            let (args, complete) = self.args(unit, delegates, Some(&frame));
            let function = self.constructor_of(ClassRef { file: unit.file, id: class }, Some(&args))?;
            frame = self.enter(Frame { function, args, complete, ..frame.as_ref().clone() });
        }
        None
    }
}
