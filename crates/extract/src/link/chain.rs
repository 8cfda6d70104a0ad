//! One way from business code down to a matched call, and the values it brings along.

use super::callers::Caller;
use super::hits::{Hit, Place};
use crate::eval::{Assumed, Eval};
use crate::value::{Closure, Frame, Instance, Value};
use crate::world::{ClassRef, FnRef, Unit};
use std::rc::Rc;
use weir_syntax::{Expr, FunctionKind};

/// Objects of one call that are told apart.
const MAX_OBJECTS: usize = 32;

/// One way from business code down to a matched call.
#[derive(Clone)]
pub(crate) struct Chain {
    pub(crate) hit: Hit,
    /// Calls from the innermost wrapper outwards, each with the function it calls.
    pub(crate) calls: Vec<(Caller, FnRef)>,
    /// The object on which the code runs, where a container makes objects of several classes.
    pub(crate) on: Option<On>,
    /// The first of the calls that made the object at hand elsewhere and earlier: a row that is read back.
    pub(crate) made: Option<usize>,
    /// The first of the calls that makes a message which others hand on to where it is sent.
    pub(crate) carried: Option<usize>,
    /// What the outermost function runs with, where whoever calls it tells of nothing but its object.
    pub(crate) start: Option<Rc<Frame>>,
}

/// An object that a container makes.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct On {
    /// Its class.
    pub(crate) class: ClassRef,
    /// The function that is handed it by a walk over all objects of the kind; without one the code is its own.
    pub(super) walk: Option<FnRef>,
}

impl On {
    /// True where only a container says that there is such an object.
    pub(crate) fn is_handed_in(self) -> bool {
        self.walk.is_some()
    }
}

impl Chain {
    /// The match alone.
    pub(crate) fn of(hit: &Hit) -> Chain {
        Chain { hit: hit.clone(), calls: Vec::new(), on: None, made: None, carried: None, start: None }
    }

    /// The unit and the expression where the business code stands.
    pub(crate) fn outermost(&self) -> (Rc<Unit>, Option<weir_syntax::ExprId>) {
        match self.calls.last() {
            Some((caller, _)) => (caller.unit.clone(), Some(caller.expr)),
            None => match &self.hit.place {
                Place::Call(expr) | Place::Send(expr, _) | Place::Walk(expr) | Place::Assignment(_, expr) => {
                    (self.hit.unit.clone(), Some(*expr))
                }
                _ => (self.hit.unit.clone(), None),
            },
        }
    }

    /// How many of the calls lead down from the place that is told. Whoever only makes the object on which the code runs
    /// later, because a framework calls it, tells its names and is not where it happens.
    pub(crate) fn told(&self, eval: &Eval<'_, '_>) -> usize {
        if self.made.is_some() || self.carried.is_some() {
            return self.calls.len();
        }
        let makes = |(caller, target): &(Caller, FnRef)| {
            caller.unit.tree.language.has_implicit_receiver()
                && !is_constructor(eval, *target)
                && match caller.unit.expr(caller.expr) {
                    Expr::New(_) => true,
                    Expr::Call(call) => !eval.made_by(&caller.unit, call).is_empty(),
                    _ => false,
                }
        };
        self.calls.iter().position(makes).unwrap_or(self.calls.len())
    }

    /// The way without what lies above so many calls.
    pub(crate) fn cut_to(&self, calls: usize) -> Chain {
        let mut cut = self.clone();
        cut.calls.truncate(calls);
        cut
    }

    /// True for the same way to the same match.
    pub(super) fn is(&self, other: &Chain) -> bool {
        let same = |(a, of): &(Caller, FnRef), (b, by): &(Caller, FnRef)| {
            of == by && a.unit.file == b.unit.file && a.expr == b.expr
        };
        self.hit.is(&other.hit)
            && (self.on, self.made, self.carried) == (other.on, other.made, other.carried)
            && self.start == other.start
            && self.calls.len() == other.calls.len()
            && self.calls.iter().zip(&other.calls).all(|(a, b)| same(a, b))
    }

    /// True where a call on the way calls a function value, and it is another function that it gets from outside.
    pub(super) fn leads_elsewhere(&self, eval: &Eval<'_, '_>) -> bool {
        // What a call may run on several objects is followed on each of them.
        let mut frames: Vec<Option<Rc<Frame>>> = vec![None];
        for (caller, target) in self.calls.iter().rev() {
            let Expr::Call(call) = caller.unit.expr(caller.expr) else { return false };
            if frames[0].is_none() && eval.made_through(&caller.unit, call, None).is_some() {
                return false;
            }
            let mut next: Vec<Option<Rc<Frame>>> = Vec::new();
            for frame in &frames {
                let closures = eval.callees(&caller.unit, call, frame.as_ref());
                if closures.is_empty() {
                    return false;
                }
                let fitting = closures.iter().filter(|closure| closure.function == *target);
                for closure in fitting.take(MAX_OBJECTS - next.len().min(MAX_OBJECTS)) {
                    let (args, complete) = eval.args(&caller.unit, call, frame.as_ref());
                    next.push(Some(eval.frame(closure, args, complete)));
                }
            }
            if next.is_empty() {
                return true;
            }
            frames = next;
        }
        false
    }

    /// The frame of the function that holds the match, built from the outside in.
    pub(crate) fn frame(&self, eval: &Eval<'_, '_>) -> Option<Rc<Frame>> {
        self.frame_of(eval, &self.calls[..self.made.unwrap_or(self.calls.len())])
    }

    /// Takes for granted how the object came about that the match reads back.
    pub(crate) fn assume<'e, 'w, 's>(&self, eval: &'e Eval<'w, 's>) -> Option<Assumed<'e, 'w, 's>> {
        let made = self.made?;
        Some(eval.assume(self.frame_of(eval, &self.calls[made..])))
    }

    /// Takes for granted that the method around the match ran as the callers on this way entered it: fields that it fills
    /// hold what they gave.
    pub(crate) fn assume_entered<'e, 'w, 's>(&self, eval: &'e Eval<'w, 's>) -> Option<Assumed<'e, 'w, 's>> {
        let entered = self.made.is_none() && !self.calls.is_empty();
        let keeps = entered && self.hit.unit.tree.language.has_implicit_receiver();
        keeps.then(|| eval.assume(self.frame(eval)))
    }

    /// The frame around the outermost place: what is known of the object at hand.
    fn frame_on(&self, eval: &Eval<'_, '_>, on: On) -> Option<Rc<Frame>> {
        if let Some(function) = on.walk {
            let object = Value::Instance(Rc::new(Instance::of(on.class)));
            let (args, types) = (vec![object], Vec::new());
            return Some(eval.enter(Frame { function, args, this: None, outer: None, complete: true, types }));
        }
        let (unit, scope) = match self.calls.last() {
            Some((caller, _)) => (&caller.unit, caller.unit.index.scope[caller.expr.0 as usize]),
            None => (&self.hit.unit, self.hit.scope()),
        };
        let function = FnRef { file: unit.file, id: eval.method_of_scope(unit, scope?) };
        let this = Some(Value::This(on.class));
        let (args, types) = (Vec::new(), Vec::new());
        Some(eval.enter(Frame { function, args, this, outer: None, complete: false, types }))
    }

    pub(super) fn frame_of(&self, eval: &Eval<'_, '_>, calls: &[(Caller, FnRef)]) -> Option<Rc<Frame>> {
        let mut frame: Option<Rc<Frame>> = self.start.clone();
        if let Some(on) = self.on.filter(|_| calls.len() == self.calls.len()) {
            frame = self.frame_on(eval, on);
        }
        for (at, (caller, target)) in calls.iter().enumerate().rev() {
            if self.carried.is_some()
                && let Some(handed) = super::carried::handed(eval, &caller.unit, caller.expr, *target, frame.as_ref())
            {
                frame = Some(handed);
                continue;
            }
            let through = match caller.unit.expr(caller.expr) {
                Expr::Call(call) => eval.made_through(&caller.unit, call, frame.as_ref()),
                _ => None,
            };
            let runs_on = |object: &Value| match object {
                Value::Instance(object) => runs_on_class(eval, object.class, *target),
                _ => false,
            };
            let through = through.filter(runs_on);
            frame = match caller.unit.expr(caller.expr) {
                Expr::Call(call)
                    if through.is_none()
                        && !is_constructor(eval, *target)
                        && eval.made_by(&caller.unit, call).is_empty() =>
                {
                    let mut closures = eval.callees(&caller.unit, call, frame.as_ref());
                    if closures.is_empty() && (caller.unit.tree.language.has_impls() || is_lambda(eval, *target)) {
                        // The call is of a parameter that somebody hands the function to.
                        closures.push(Rc::new(crate::value::Closure { function: *target, this: None, frame: None }));
                    }
                    closures.retain(|closure| closure.function == *target);
                    let handed = || Closure { function: *target, this: None, frame: None };
                    // Of several objects those are meant on which the way goes on.
                    let goes_on = |closure: &&Rc<Closure>| at == 0 || runs(eval, closure, calls[at - 1].1);
                    let on_the_way: Vec<Rc<Closure>> = closures.iter().filter(goes_on).cloned().collect();
                    let chosen = on_the_way.first().or(closures.first()).cloned();
                    let mut closure = chosen.unwrap_or_else(|| Rc::new(handed()));
                    // Several objects of one literal's making, or of a container's, may be meant at once.
                    let language = caller.unit.tree.language;
                    if !language.has_struct_literals() {
                        closures = on_the_way;
                    }
                    if closures.len() > 1 && (language.has_struct_literals() || language.has_implicit_receiver()) {
                        let this = closures.iter().filter_map(|closure| closure.this.clone()).collect();
                        closure = Rc::new(crate::value::Closure {
                            this: Some(crate::value::Value::choice(this)),
                            ..closure.as_ref().clone()
                        });
                    }
                    let later = eval.deferred(&caller.unit, call).map(|at| call_behind(call, at));
                    let call = later.as_ref().filter(|_| closures.is_empty()).unwrap_or(call);
                    Some(eval.frame_of_call(&caller.unit, call, &closure, frame.as_ref()))
                }
                Expr::New(_) | Expr::Call(_) => {
                    let made = through.unwrap_or_else(|| eval.expr(&caller.unit, caller.expr, frame.as_ref()));
                    let this = made.alternatives().first().cloned();
                    let target_unit = eval.world.unit(target.file)?;
                    let constructor = target_unit.function(target.id).kind == FunctionKind::Constructor;
                    let class = eval.world.class_of(&target_unit, target.id);
                    match (constructor, this, class) {
                        (true, Some(this), Some(class)) => eval.constructor_frame(&this, class),
                        (_, this, _) => Some(eval.enter(Frame {
                            function: *target,
                            args: Vec::new(),
                            this,
                            outer: None,
                            complete: false,
                            types: Vec::new(),
                        })),
                    }
                }
                _ => None,
            };
        }
        frame
    }
}

/// The call that is made later with the arguments behind the one that is the function.
pub(super) fn call_behind(call: &weir_syntax::Call, at: usize) -> weir_syntax::Call {
    let args = call.args.iter().skip(at + 1).cloned().collect();
    weir_syntax::Call { args, ..call.clone() }
}

pub(super) fn is_constructor(eval: &Eval<'_, '_>, function: FnRef) -> bool {
    let unit = eval.world.unit(function.file);
    unit.is_some_and(|unit| unit.function(function.id).kind == FunctionKind::Constructor)
}

/// True where a function is a method of a class or of what it inherits from.
fn runs_on_class(eval: &Eval<'_, '_>, class: ClassRef, function: FnRef) -> bool {
    let unit = eval.world.unit(function.file);
    let home = unit.and_then(|unit| eval.world.class_of(&unit, function.id));
    home.is_some_and(|home| eval.is_a(class, home))
}

/// True for a method on an object of which a function is a method, too, or on one that has nothing to do with it.
fn runs(eval: &Eval<'_, '_>, closure: &Closure, function: FnRef) -> bool {
    let Some(Value::Instance(object)) = &closure.this else { return true };
    let Some(unit) = eval.world.unit(function.file) else { return true };
    let Some(class) = eval.world.class_of(&unit, function.id) else { return true };
    let home = eval.world.unit(closure.function.file).and_then(|unit| eval.world.class_of(&unit, closure.function.id));
    let related = home.is_some_and(|home| eval.is_a(class, home) || eval.is_a(home, class));
    !related || eval.is_a(object.class, class)
}

/// True where the outermost call of a way is given a parameter of the function around it: whoever calls that function
/// makes the message.
pub(super) fn hands_on(chain: &Chain) -> bool {
    let (unit, expr) = chain.outermost();
    let Some(scope) = expr.and_then(|expr| unit.index.scope[expr.0 as usize]) else { return false };
    let Some(Expr::Call(call)) = expr.map(|expr| unit.expr(expr)) else { return false };
    let params = &unit.function(scope).params;
    call.args.iter().any(|arg| {
        matches!(unit.expr(arg.value), Expr::Name(name) if params.iter().any(|param| {
            matches!(&param.pattern, weir_syntax::Pattern::Name(own) if own == name)
        }))
    })
}

/// True for a function without a name, which is called as what somebody was given.
fn is_lambda(eval: &Eval<'_, '_>, function: FnRef) -> bool {
    let unit = eval.world.unit(function.file);
    unit.is_some_and(|unit| unit.function(function.id).kind == FunctionKind::Lambda)
}
