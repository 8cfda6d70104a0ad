//! The function that does the work behind a callback: a wrapper's own lambda often only hands on to what it was given.

use super::Eval;
use crate::value::{Closure, Value};
use crate::world::{Def, FnRef, Unit};
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, FunctionId, FunctionKind, Stmt};

/// Wrappers of handlers that nest.
const MAX_HANDED_ON: usize = 6;

impl Eval<'_, '_> {
    /// The business function of a callback: itself, or the function it was given and hands the message to.
    pub(crate) fn business_of(&self, closure: &Rc<Closure>) -> FnRef {
        let mut at = closure.clone();
        for _ in 0..MAX_HANDED_ON {
            let next = self.handed_to(&at).or_else(|| self.handed_through(&at)).or_else(|| self.only_call(&at));
            match next.or_else(|| self.left_to_object(&at)) {
                Some(next) if next.function != at.function => at = next,
                _ => break,
            }
        }
        at.function
    }

    /// The first function that a callback calls although it is only a parameter around it.
    fn handed_to(&self, closure: &Closure) -> Option<Rc<Closure>> {
        let unit = self.world.unit(closure.function.file)?;
        let frame = self.frame(closure, Vec::new(), false);
        let inside = |scope: Option<FunctionId>| within(&unit, scope, closure.function.id);
        unit.index.all_calls.iter().filter(|site| inside(site.function)).find_map(|site| {
            let Expr::Call(call) = unit.expr(site.expr) else { return None };
            if !self.is_outer_parameter(&unit, root(&unit, call.callee)?, closure.function.id) {
                return None;
            }
            match self.expr(&unit, call.callee, Some(&frame)) {
                Value::Closure(given) => Some(given),
                _ => None,
            }
        })
    }

    /// The method behind `message => this.handle(message)`.
    fn only_call(&self, closure: &Closure) -> Option<Rc<Closure>> {
        let (unit, call) = self.single_call(closure)?;
        let Expr::Call(call) = unit.expr(call) else { return None };
        let frame = self.frame(closure, Vec::new(), false);
        match self.expr(&unit, call.callee, Some(&frame)) {
            Value::Closure(called) => Some(called),
            _ => None,
        }
    }

    /// What works behind `message => deliver(message, receiver)`: `deliver` hands the message to the object that the
    /// function around was given.
    fn handed_through(&self, closure: &Closure) -> Option<Rc<Closure>> {
        let (unit, call) = self.single_call(closure)?;
        let Expr::Call(call) = unit.expr(call) else { return None };
        let outer = |arg: &weir_syntax::Arg| self.is_outer_parameter(&unit, arg.value, closure.function.id);
        let given = call.args.iter().position(outer)?;
        let frame = self.frame(closure, Vec::new(), false);
        let Value::Closure(through) = self.expr(&unit, call.callee, Some(&frame)) else { return None };
        let inner = self.world.unit(through.function.file)?;
        let (args, complete) = self.args_for(&unit, call, Some(&frame), through.function);
        let frame = self.frame(&through, args, complete);
        let param = |name: ExprId| {
            let Expr::Name(text) = inner.expr(name) else { return false };
            let defs = inner.index.defs.get(&(Some(through.function.id), text.clone()));
            defs.is_some_and(|defs| {
                defs.iter().any(|def| matches!(def, Def::Param { at, path, .. } if *at == given && path.is_empty()))
            })
        };
        let sites = inner.index.all_calls.iter().filter(|site| within(&inner, site.function, through.function.id));
        sites.into_iter().find_map(|site| {
            let Expr::Call(call) = inner.expr(site.expr) else { return None };
            if call.args.is_empty() || !root(&inner, call.callee).is_some_and(param) {
                return None;
            }
            match self.expr(&inner, call.callee, Some(&frame)) {
                Value::Closure(called) => Some(called),
                _ => None,
            }
        })
    }

    /// What a method of a base class leaves to the object to do: the first of its own abstract methods that it calls with
    /// something, as the object's class has it.
    fn left_to_object(&self, closure: &Closure) -> Option<Rc<Closure>> {
        let Some(Value::Instance(object)) = &closure.this else { return None };
        let unit = self.world.unit(closure.function.file).filter(|unit| unit.tree.language.has_implicit_receiver())?;
        let base = self.world.class_of(&unit, closure.function.id).filter(|base| *base != object.class)?;
        let frame = self.frame(closure, Vec::new(), false);
        let inside = |scope: Option<FunctionId>| within(&unit, scope, closure.function.id);
        unit.index.all_calls.iter().filter(|site| inside(site.function)).find_map(|site| {
            let Expr::Call(call) = unit.expr(site.expr) else { return None };
            let name = match unit.expr(call.callee) {
                Expr::Name(name) => name,
                Expr::Member { object, name } if matches!(unit.expr(*object), Expr::This) => name,
                _ => return None,
            };
            let declared = self.own_method(base, name, FunctionKind::Method)?;
            let open = self.world.unit(declared.file).is_some_and(|unit| unit.function(declared.id).body.is_none());
            if call.args.is_empty() || !open {
                return None;
            }
            match self.expr(&unit, call.callee, Some(&frame)) {
                Value::Closure(called) if called.function != declared => Some(called),
                _ => None,
            }
        })
    }

    /// The one call that a function without a name consists of.
    fn single_call(&self, closure: &Closure) -> Option<(Rc<Unit>, ExprId)> {
        let unit = self.world.unit(closure.function.file)?;
        let function = unit.function(closure.function.id);
        if !function.name.is_empty() || function.params.is_empty() {
            return None;
        }
        let [only] = function.body.as_deref()? else { return None };
        let (Stmt::Return(Some(value)) | Stmt::Expr(value)) = &unit.tree.stmts[only.0 as usize] else {
            return None;
        };
        let mut value = *value;
        while let Expr::Await(inner) = unit.expr(value) {
            value = *inner;
        }
        matches!(unit.expr(value), Expr::Call(_)).then_some((unit, value))
    }

    /// True where a name means a parameter of a function around `callback`.
    fn is_outer_parameter(&self, unit: &Unit, name: ExprId, callback: FunctionId) -> bool {
        let Expr::Name(text) = unit.expr(name) else { return false };
        let mut scope = unit.index.scope[name.0 as usize];
        let mut outside = false;
        while let Some(function) = scope {
            if let Some(defs) = unit.index.defs.get(&(Some(function), text.clone())) {
                return outside && defs.iter().any(|def| matches!(def, Def::Param { .. }));
            }
            outside |= function == callback;
            scope = unit.index.parent[function.0 as usize];
        }
        false
    }
}

fn within(unit: &Unit, scope: Option<FunctionId>, function: FunctionId) -> bool {
    let mut at = scope;
    while let Some(id) = at {
        if id == function {
            return true;
        }
        at = unit.index.parent[id.0 as usize];
    }
    false
}

/// The leftmost part of `a.b.c`.
fn root(unit: &Unit, expr: ExprId) -> Option<ExprId> {
    let mut at = expr;
    // Chains of members are as deep as the source nests, which lowering bounds.
    loop {
        match unit.expr(at) {
            Expr::Name(_) => return Some(at),
            Expr::Member { object, .. } => at = *object,
            Expr::Cast { value, .. } => at = *value,
            _ => return None,
        }
    }
}
