//! The way of a received message through the program: what is made of it in a function, and whom it is handed on to.

use crate::eval::{Eval, TypeTarget};
use crate::source::FileId;
use crate::value::{Closure, Frame};
use crate::world::{Def, FnRef, Unit};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_syntax::{Call, Expr, ExprId, FunctionId, FunctionKind, Pattern};

/// Functions that the message is handed on to, one after the other.
const MAX_HOPS: usize = 4;
/// Functions looked at for one receive.
const MAX_FUNCTIONS: usize = 64;
/// Steps from a name back to the message.
const MAX_STEPS: usize = 16;

/// A function that the message comes into: by some of its parameters, or as the result of a call in it.
#[derive(Clone)]
pub(super) struct Stop {
    pub(super) closure: Rc<Closure>,
    pub(super) frame: Option<Rc<Frame>>,
    params: BTreeSet<usize>,
    read: Option<(FileId, ExprId)>,
    /// True for a function that was handed to the code that reads the message.
    pub(super) injected: bool,
    /// True for a method of an object that was handed to whoever listens and that a field keeps.
    pub(super) kept: bool,
    /// How many functions handed the message on to it.
    pub(super) hops: usize,
    /// The call that hands the message on to it.
    by: Option<(FileId, ExprId)>,
    /// True where only parts of the message come in.
    pub(super) piece: bool,
}

impl Stop {
    /// The function that a library calls with the message.
    pub(super) fn handler(eval: &Eval<'_, '_>, handler: &Rc<Closure>) -> Option<Stop> {
        let unit = eval.world.unit(handler.function.file)?;
        let params = (0..unit.function(handler.function.id).params.len()).collect();
        Some(Stop {
            closure: handler.clone(),
            frame: None,
            params,
            read: None,
            injected: false,
            kept: false,
            hops: 0,
            by: None,
            piece: false,
        })
    }

    /// The function that reads the message itself.
    pub(super) fn reader(function: FnRef, frame: Option<Rc<Frame>>, read: (FileId, ExprId)) -> Stop {
        let closure = Rc::new(Closure { function, this: None, frame: frame.clone() });
        Stop {
            closure,
            frame,
            params: BTreeSet::new(),
            read: Some(read),
            injected: false,
            kept: false,
            hops: 0,
            by: None,
            piece: false,
        }
    }

    fn function(&self) -> FnRef {
        self.closure.function
    }
}

/// The functions on the way, the nearest first.
pub(super) fn stops(eval: &Eval<'_, '_>, first: Stop) -> Vec<Stop> {
    let mut seen = BTreeSet::from([first.function()]);
    let mut way = vec![first];
    let mut begin = 0;
    for _ in 0..MAX_HOPS {
        let end = way.len();
        for at in begin..end {
            let stop = way[at].clone();
            let Some(reader) = Reader::new(eval, &stop) else { continue };
            for next in reader.handed_on() {
                if way.len() < MAX_FUNCTIONS && seen.insert(next.function()) {
                    way.push(next);
                }
            }
        }
        begin = end;
    }
    way
}

/// The function that was handed to the reader to work on the message. One that only makes something of the message for
/// another to work on is not it.
pub(super) fn given_to_reader<'a>(eval: &Eval<'_, '_>, way: &'a [Stop]) -> Option<&'a Stop> {
    let injected: Vec<&Stop> = way.iter().filter(|stop| stop.injected).collect();
    let works = |stop: &&&Stop| {
        let Some(by) = stop.by else { return true };
        !injected.iter().any(|other| {
            let Some((file, call)) = other.by.filter(|other| *other != by && other.0 == by.0) else { return false };
            let Some(unit) = eval.world.unit(file) else { return false };
            let Expr::Call(call) = unit.expr(call) else { return false };
            let scope = unit.index.scope[by.1.0 as usize];
            let Some(function) = scope.map(|id| FnRef { file, id: eval.method_of_scope(&unit, id) }) else {
                return false;
            };
            let made = Stop::reader(function, None, by);
            Reader::new(eval, &made)
                .is_some_and(|reader| call.args.iter().any(|arg| reader.is_of_message(arg.value, 0)))
        })
    };
    let chosen = injected.iter().find(works).or(injected.first());
    chosen.copied()
}

/// The classes of the program that a function declares the parameters with that take the message.
pub(super) fn taken(eval: &Eval<'_, '_>, stop: &Stop) -> Vec<String> {
    let Some(unit) = eval.world.unit(stop.function().file) else { return Vec::new() };
    let params = &unit.function(stop.function().id).params;
    let types = stop.params.iter().filter_map(|at| params.get(*at)?.ty.as_ref()?.name());
    let classes = types.filter_map(|name| match eval.type_name(&unit, name)? {
        TypeTarget::Class(class) if !eval.is_alias(class) => Some(eval.class_name(class).to_string()),
        _ => None,
    });
    classes.collect()
}

/// Reads one function on the way.
pub(super) struct Reader<'a, 'w, 's> {
    pub(super) eval: &'a Eval<'w, 's>,
    pub(super) unit: Rc<Unit>,
    stop: &'a Stop,
    /// What was asked of expressions so far; one that leads back to itself is nothing of the message.
    known: RefCell<FxHashMap<ExprId, bool>>,
}

impl<'a, 'w, 's> Reader<'a, 'w, 's> {
    pub(super) fn new(eval: &'a Eval<'w, 's>, stop: &'a Stop) -> Option<Self> {
        Some(Reader { eval, unit: eval.world.unit(stop.function().file)?, stop, known: RefCell::default() })
    }

    /// The values the function is called with.
    pub(super) fn frame(&self) -> Option<&Rc<Frame>> {
        self.stop.frame.as_ref().or(self.stop.closure.frame.as_ref())
    }

    /// The functions that the message is handed on to.
    fn handed_on(&self) -> Vec<Stop> {
        let mut next = Vec::new();
        for site in self.unit.index.all_calls.iter().filter(|site| self.inside(site.function)) {
            let Expr::Call(call) = self.unit.expr(site.expr) else { continue };
            let given = call.args.iter().enumerate().filter(|(_, arg)| self.is_of_message(arg.value, 0));
            let params: BTreeSet<usize> = given.map(|(at, _)| at).collect();
            if params.is_empty() {
                continue;
            }
            let frame = self.stop.frame.as_ref();
            // Where objects have no closures in their fields, a method of a parameter is no function that was handed in.
            let deep = self.stop.read.is_none() && self.unit.tree.language.has_impls();
            let injected = self.is_given(call) && !deep;
            let kept = self.is_kept(call);
            let hops = self.stop.hops + 1;
            let by = Some((self.unit.file, site.expr));
            let whole = |at: &usize| call.args.get(*at).is_some_and(|arg| self.is_whole(arg.value));
            let piece = self.stop.piece || !params.iter().any(whole);
            for closure in self.eval.callees(&self.unit, call, frame) {
                let (args, complete) = self.eval.args(&self.unit, call, frame);
                let frame = Some(self.eval.frame(&closure, args, complete));
                let params = params.clone();
                next.push(Stop { closure, frame, params, read: None, injected, kept, hops, by, piece });
            }
        }
        next
    }

    /// True for a call of what a parameter holds.
    fn is_given(&self, call: &Call) -> bool {
        let mut at = call.callee;
        // Chains of members are as deep as the source nests, which lowering bounds.
        while let Expr::Member { object, .. } = self.unit.expr(at) {
            at = *object;
        }
        matches!(self.unit.expr(at), Expr::Name(name) if self.defs(at, name).iter().any(|def| matches!(def, Def::Param { .. })))
    }

    /// True for a call of what a field holds that a method filled with what it was given.
    fn is_kept(&self, call: &Call) -> bool {
        let unit = &self.unit;
        let Expr::Member { object, .. } = unit.expr(call.callee) else { return false };
        let field = match unit.expr(*object) {
            Expr::Name(name) if self.defs(*object, name).is_empty() => name,
            Expr::Member { object, name } if matches!(unit.expr(*object), Expr::This) => name,
            _ => return false,
        };
        unit.index.assigned.get(field).into_iter().flatten().any(|(object, value)| {
            let own = match unit.expr(*object) {
                Expr::This => true,
                Expr::Name(name) => name == field,
                _ => false,
            };
            let Some(scope) = unit.index.scope[value.0 as usize].filter(|_| own) else { return false };
            let function = unit.function(scope);
            let param = |param: &weir_syntax::Param| match (&param.pattern, unit.expr(*value)) {
                (Pattern::Name(param), Expr::Name(given)) => param == given,
                _ => false,
            };
            function.kind == FunctionKind::Method && function.params.iter().any(param)
        })
    }

    pub(super) fn scope(&self, expr: ExprId) -> Option<FunctionId> {
        self.unit.index.scope.get(expr.0 as usize).copied().flatten()
    }

    /// True inside the function, nested ones included.
    pub(super) fn inside(&self, scope: Option<FunctionId>) -> bool {
        let mut at = scope;
        while let Some(id) = at {
            if id == self.stop.function().id {
                return true;
            }
            at = self.unit.index.parent[id.0 as usize];
        }
        false
    }

    /// True for the message, what it holds, and what is made of it.
    pub(super) fn is_of_message(&self, expr: ExprId, steps: usize) -> bool {
        if steps > MAX_STEPS {
            return false;
        }
        if self.stop.read == Some((self.unit.file, expr)) {
            return true;
        }
        // Names that are declared again and again would else be asked along every way through their declarations.
        if let Some(known) = self.known.borrow().get(&expr) {
            return *known;
        }
        self.known.borrow_mut().insert(expr, false);
        let found = self.is_made_of_message(expr, steps);
        self.known.borrow_mut().insert(expr, found);
        found
    }

    fn is_made_of_message(&self, expr: ExprId, steps: usize) -> bool {
        match self.unit.expr(expr) {
            Expr::Member { object, .. } => self.is_of_message(*object, steps + 1),
            Expr::Index { object, .. } => self.is_of_message(*object, steps + 1),
            Expr::Await(value) | Expr::Spread(value) | Expr::Cast { value, .. } => {
                self.is_of_message(*value, steps + 1)
            }
            Expr::Binary { left, right, .. } => {
                self.is_of_message(*left, steps + 1) || self.is_of_message(*right, steps + 1)
            }
            Expr::Call(call) | Expr::New(call) => {
                let object = match self.unit.expr(call.callee) {
                    Expr::Member { object, .. } => self.is_of_message(*object, steps + 1),
                    _ => false,
                };
                object || call.args.iter().any(|arg| self.is_of_message(arg.value, steps + 1))
            }
            Expr::Name(name) => self.defs(expr, name).iter().any(|def| match def {
                Def::Let { value: Some(value), .. }
                | Def::Assign { value, .. }
                | Def::Append { value, .. }
                | Def::Each { over: value, .. } => self.is_of_message(*value, steps + 1),
                Def::Param { function, at, .. } => self.given(*function, *at, steps),
                _ => false,
            }),
            _ => false,
        }
    }

    /// True for a parameter that takes the message: of the function itself, or of a callback over what the message holds.
    pub(super) fn given(&self, function: FunctionId, at: usize, steps: usize) -> bool {
        if function == self.stop.function().id {
            return self.stop.params.contains(&at);
        }
        let Some((call, ..)) = self.unit.index.argument_of.get(&function) else { return false };
        let Expr::Call(call) = self.unit.expr(*call) else { return false };
        matches!(self.unit.expr(call.callee), Expr::Member { object, .. } if self.is_of_message(*object, steps + 1))
    }

    /// True for one of several parameters that take parts of the message.
    pub(super) fn is_part(&self, function: FunctionId, at: usize) -> bool {
        function == self.stop.function().id && self.stop.params.len() > 1 && self.stop.params.contains(&at)
    }

    pub(super) fn defs(&self, expr: ExprId, name: &SmolStr) -> &[Def] {
        let mut scope = self.scope(expr);
        while let Some(function) = scope {
            if let Some(defs) = self.unit.index.defs.get(&(Some(function), name.clone())) {
                return defs;
            }
            // What stands around the function is not made of the message.
            if function == self.stop.function().id {
                break;
            }
            scope = self.unit.index.parent[function.0 as usize];
        }
        &[]
    }
}
