//! Where a way is told that somebody enters only for the object it runs on: `new Orders(bus).place(order)` makes the
//! orders, and it is `place` that says what is sent.

use super::chain::Chain;
use super::preview::Preview;
use super::run::Linker;
use crate::value::{Frame, Instance, Value};
use crate::world::FnRef;
use std::rc::Rc;
use weir_syntax::{Expr, FunctionKind, TypeRef};

impl Linker<'_, '_, '_> {
    /// The way without the outermost calls that tell of no name: the object on which they run a method is what decides.
    pub(super) fn placed(&self, mut chain: Chain) -> Chain {
        if chain.made.is_some() || chain.carried.is_some() || chain.on.is_some() {
            return chain;
        }
        // What is told is a call of something of the program's own, not the one of the library.
        while chain.calls.len() > 1 {
            let Some(shorter) = self.on_object(&chain) else { break };
            chain = shorter;
        }
        chain
    }

    /// The way with what parameters are that nobody gives anything: their defaults.
    pub(super) fn with_defaults(&self, chain: Chain) -> Chain {
        let (unit, expr) = chain.outermost();
        let language = unit.tree.language;
        let scope = expr.and_then(|expr| unit.index.scope[expr.0 as usize]);
        let Some(scope) = scope.filter(|_| language.has_exports() || language.has_keyword_arguments()) else {
            return chain;
        };
        if chain.start.is_some() || chain.on.is_some() || chain.made.is_some() || chain.carried.is_some() {
            return chain;
        }
        let around = FnRef { file: unit.file, id: self.eval.method_of_scope(&unit, scope) };
        let asked = Preview::of(self.eval, &chain).symbolic.unwrap_or_default();
        let Some(function) = asked.first().filter(|_| asked.len() == 1) else { return chain };
        let Some(args) = self.defaults(*function) else { return chain };
        let own = *function == around;
        let maker = self.class_of(*function).filter(|class| !own && Some(*class) == self.class_of(around));
        if !own && maker.is_none() {
            return chain;
        }
        let made =
            maker.map(|class| Value::Instance(Rc::new(Instance { args: Some(args.clone()), ..Instance::of(class) })));
        let this = made.or_else(|| self.class_of(around).map(Value::This));
        let args = if own { args } else { Vec::new() };
        let frame = Frame { function: around, args, this, outer: None, complete: own, types: Vec::new() };
        Chain { start: Some(self.eval.enter(frame)), ..chain }
    }

    /// The arguments of a call that leaves out whatever has a default; `None` where nothing has.
    fn defaults(&self, function: FnRef) -> Option<Vec<Value>> {
        let unit = self.eval.world.unit(function.file)?;
        let params = &unit.function(function.id).params;
        params.iter().find(|param| param.default.is_some())?;
        let given = |(at, param): (usize, &weir_syntax::Param)| match param.default {
            Some(default) => self.eval.expr(&unit, default, None),
            None => Value::Param(function, at, Rc::from([])),
        };
        Some(params.iter().enumerate().map(given).collect())
    }

    /// The way that starts in the method which the outermost call runs, on the object it runs on.
    fn on_object(&self, chain: &Chain) -> Option<Chain> {
        let (caller, target) = chain.calls.last()?;
        let unit = self.eval.world.unit(target.file)?;
        let language = unit.tree.language;
        if caller.unit.test || !language.has_exports() && !language.has_keyword_arguments() {
            return None;
        }
        let method = unit.function(target.id);
        let Expr::Call(_) = caller.unit.expr(caller.expr) else { return None };
        if method.kind != FunctionKind::Method || self.class_of(*target).is_none() {
            return None;
        }
        let told = Preview::of(self.eval, chain);
        if told.symbolic.is_some() || told.names.is_empty() {
            return None;
        }
        let entered = chain.frame_of(self.eval, &chain.calls[chain.calls.len() - 1..])?;
        let known = matches!(&entered.this, Some(Value::Instance(object)) if object.origin.is_some());
        if entered.function != *target || !known {
            return None;
        }
        let bare = Frame { args: Vec::new(), complete: false, ..entered.as_ref().clone() };
        let mut shorter = chain.clone();
        shorter.calls.pop();
        shorter.start = Some(self.eval.enter(bare));
        let services = &self.eval.packs.registry.services;
        let (outer, inner) = (chain.outermost().0, shorter.outermost().0);
        if services.is_shared(&inner.path) && !services.same(&outer.path, &inner.path) {
            return None;
        }
        let before = Preview::of(self.eval, &shorter);
        let same = before.names == told.names && before.symbolic.is_none();
        (same && !self.hands_on(&shorter, *target)).then_some(shorter)
    }

    /// True for a method that is a wrapper itself: it says what its own fields hold, or hands on what may be anything.
    fn hands_on(&self, chain: &Chain, method: FnRef) -> bool {
        let (unit, Some(expr)) = chain.outermost() else { return true };
        let Expr::Call(call) = unit.expr(expr) else { return true };
        let is_name = |value: &Value| matches!(value, Value::Text(_) | Value::Concat(_) | Value::Env(..));
        call.args.iter().any(|arg| {
            let value = match unit.expr(arg.value) {
                Expr::Spread(value) | Expr::Cast { value, .. } => *value,
                _ => arg.value,
            };
            let open = self.eval.expr(&unit, value, None);
            let told = self.eval.expr(&unit, value, chain.start.as_ref());
            let own_field = (open.is_symbolic() || open.is_empty()) && told.alternatives().iter().any(is_name);
            own_field || self.may_be_anything(&open, method)
        })
    }

    /// True for a parameter of a method that is handed on as it is, and whose type says nothing of it.
    fn may_be_anything(&self, value: &Value, method: FnRef) -> bool {
        let param = match value {
            Value::Instance(object) => object.source.as_ref(),
            value => Some(value),
        };
        let Some(Value::Param(function, at, path)) = param else { return false };
        if *function != method || !path.is_empty() {
            return false;
        }
        let Some(unit) = self.eval.world.unit(method.file) else { return true };
        let ty = unit.function(method.id).params.get(*at).and_then(|param| param.ty.as_ref());
        match ty {
            Some(TypeRef::Record(_)) => false,
            Some(TypeRef::Named { name, .. }) => {
                !matches!(self.eval.type_name(&unit, name), Some(crate::eval::TypeTarget::Class(_)))
            }
            _ => true,
        }
    }
}
