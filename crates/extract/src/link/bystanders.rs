//! Callers that only bring along the object on which code runs: what is sent is told where the code stands, not where
//! somebody put the object together or set it going.

use super::chain::{Chain, is_constructor};
use super::preview::Preview;
use super::run::Linker;
use crate::eval::Eval;
use crate::value::{Frame, Value};
use crate::world::FnRef;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, Pattern};

impl Linker<'_, '_, '_> {
    /// A way without the outermost calls whose arguments say nothing of the message: the object they run on does, and it
    /// is kept.
    pub(super) fn without_bystanders(&self, chain: Chain) -> Chain {
        let sends = chain.hit.rule(self.eval.packs).emit.as_ref().is_some_and(|emit| emit.send.is_some());
        if !sends
            || chain.calls.len() < 2
            || chain.made.is_some()
            || chain.carried.is_some()
            || chain.start.is_some()
            || chain.on.is_some()
        {
            return chain;
        }
        let full = Preview::of(self.eval, &chain);
        if !full.is_placed_for_good() {
            return chain;
        }
        for at in 1..chain.calls.len() {
            let Some(within) = self.object_alone(&chain, at) else { continue };
            let shorter = Chain { start: Some(within), ..chain.cut_to(at) };
            let preview = Preview::of(self.eval, &shorter);
            let wraps = || says_own_field(self.eval, &shorter) || passes_on(self.eval, &shorter, &preview);
            if full.is_told_on(self.eval, &preview) && !wraps() {
                return shorter;
            }
        }
        chain
    }

    /// The frame of the function around the call before `at`, with nothing in it but the object it runs on; `None` where
    /// who calls it is part of the business, or no object is known.
    fn object_alone(&self, chain: &Chain, at: usize) -> Option<Rc<Frame>> {
        let services = &self.eval.packs.registry.services;
        let inner = &chain.calls[at - 1].0.unit;
        let shared = |outer: &str| services.is_shared(&inner.path) && !services.same(outer, &inner.path);
        if chain.calls[at..].iter().any(|(caller, _)| caller.unit.test != inner.test || shared(&caller.unit.path)) {
            return None;
        }
        let frame = chain.frame_of(self.eval, &chain.calls[at..])?;
        let this =
            frame.this.clone().filter(|this| matches!(this, Value::Instance(instance) if instance.args.is_some()))?;
        // What a constructor is given is the object.
        if is_constructor(self.eval, frame.function) {
            return Some(frame);
        }
        let (outer, types) = (frame.outer.clone(), frame.types.clone());
        let function = frame.function;
        Some(self.eval.enter(Frame { function, args: Vec::new(), this: Some(this), outer, complete: false, types }))
    }
}

/// True where the outermost call is given a name that a field of the object around holds: a wrapper's own call.
fn says_own_field(eval: &Eval<'_, '_>, chain: &Chain) -> bool {
    let (unit, Some(expr)) = chain.outermost() else { return true };
    let Expr::Call(call) = unit.expr(expr) else { return true };
    let is_name = |value: &Value| matches!(value, Value::Text(_) | Value::Concat(_) | Value::Env(..));
    let around = unit.index.scope[expr.0 as usize].map(|scope| eval.method_of_scope(&unit, scope));
    let receiver = around.and_then(|around| unit.function(around).receiver.clone());
    call.args.iter().any(|arg| {
        let value = match unit.expr(arg.value) {
            Expr::Spread(value) | Expr::Cast { value, .. } => *value,
            _ => arg.value,
        };
        let own = match unit.expr(value) {
            Expr::Member { object, .. } => match unit.expr(*object) {
                Expr::This => true,
                Expr::Name(name) => receiver.as_ref() == Some(name),
                _ => false,
            },
            // Where fields are said by their bare names, what is open until the object is known is one of them.
            Expr::Name(_) => unit.tree.language.has_implicit_receiver() && eval.expr(&unit, value, None).is_symbolic(),
            _ => false,
        };
        own && eval.expr(&unit, value, chain.start.as_ref()).alternatives().iter().any(is_name)
    })
}

/// True where what is sent is what the function around the outermost call gets, and its type does not say what it is.
fn passes_on(eval: &Eval<'_, '_>, chain: &Chain, preview: &Preview) -> bool {
    let (unit, Some(expr)) = chain.outermost() else { return true };
    let Some(scope) = unit.index.scope[expr.0 as usize] else { return true };
    let around = FnRef { file: unit.file, id: eval.method_of_scope(&unit, scope) };
    let own =
        |value: &Value| matches!(value, Value::Param(function, _, path) if *function == around && path.is_empty());
    let given = |value: &Value| match value {
        Value::Instance(object) => object.source.as_ref().is_some_and(own) && eval.has_below(object.class),
        value => own(value),
    };
    let mut carried = preview.carried.iter().flat_map(Value::alternatives).filter(|value| !value.is_empty()).peekable();
    if carried.peek().is_some() {
        return carried.any(given);
    }
    // Nothing is known of what is sent: where it comes from is told by the arguments alone.
    let Expr::Call(call) = unit.expr(expr) else { return true };
    let params = &unit.function(around.id).params;
    let handed =
        |name: &SmolStr| params.iter().any(|param| matches!(&param.pattern, Pattern::Name(own) if own == name));
    if let Some(argument) = argument_of_message(eval, chain) {
        return matches!(unit.expr(argument), Expr::Name(name) if handed(name));
    }
    let frame = chain.start.as_ref();
    let made = |arg: &weir_syntax::Arg| match eval.expr(&unit, arg.value, frame) {
        Value::Instance(object) => object.origin.is_some_and(|(file, made)| {
            let scope = unit.index.scope.get(made.0 as usize).copied().flatten();
            file == unit.file && scope.is_some_and(|scope| eval.method_of_scope(&unit, scope) == around.id)
        }),
        _ => false,
    };
    if call.args.iter().any(made) {
        return false;
    }
    call.args.iter().any(|arg| matches!(unit.expr(arg.value), Expr::Name(name) if handed(name)))
}

/// The argument of the outermost call that becomes the message, where every function on the way hands it on as it is.
fn argument_of_message(eval: &Eval<'_, '_>, chain: &Chain) -> Option<ExprId> {
    let raw = payload_of(eval, chain);
    let inner = chain.calls.first()?.1;
    let mut at = raw.iter().flat_map(Value::alternatives).find_map(|value| match value {
        Value::Param(function, at, _) if *function == inner => Some(*at),
        Value::Instance(object) => match &object.source {
            Some(Value::Param(function, at, _)) if *function == inner => Some(*at),
            _ => None,
        },
        _ => None,
    })?;
    for (level, (caller, target)) in chain.calls.iter().enumerate() {
        let Expr::Call(call) = caller.unit.expr(caller.expr) else { return None };
        let declared = eval.world.unit(target.file)?;
        let Pattern::Name(wanted) = &declared.function(target.id).params.get(at)?.pattern else { return None };
        let named = call.args.iter().find(|arg| arg.name.as_ref() == Some(wanted));
        let given = named.or_else(|| call.args.get(at).filter(|arg| arg.name.is_none()))?.value;
        let Some((_, outer)) = chain.calls.get(level + 1) else { return Some(given) };
        let Expr::Name(name) = caller.unit.expr(given) else { return None };
        let params = &caller.unit.function(outer.id).params;
        at = params.iter().position(|param| matches!(&param.pattern, Pattern::Name(own) if own == name))?;
    }
    None
}

/// What the library's call itself says it sends.
fn payload_of(eval: &Eval<'_, '_>, chain: &Chain) -> Vec<Value> {
    let Some(emit) = &chain.hit.rule(eval.packs).emit else { return Vec::new() };
    let binders = chain.hit.binders(eval, None).into_iter();
    binders.flat_map(|binder| super::emit::path(eval, &binder, emit.payload.as_ref())).collect()
}
