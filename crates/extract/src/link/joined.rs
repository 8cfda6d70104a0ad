//! The other calls on one object: what a queue is bound with, what a consumer is run with.

use super::bind::Binder;
use super::chain::Chain;
use crate::eval::Eval;
use crate::value::{Frame, Value};
use crate::world::FnRef;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::Expr;

/// The arguments of the other calls on the same object that a rule needs.
pub(super) fn join(eval: &Eval<'_, '_>, chain: &Chain, binder: &mut Binder<'_, '_, '_>, frame: Option<&Rc<Frame>>) {
    let rule = chain.hit.rule(eval.packs);
    for (name, pattern) in &rule.join {
        let (call, of) = pattern.split_once(" of ").map_or((pattern.as_str(), None), |(call, of)| (call, Some(of)));
        let (call, first) = with_first(call);
        let Some((ty, method)) = call.rsplit_once('.') else {
            continue;
        };
        let other = of.and_then(|of| eval.packs.path(of)).and_then(|of| binder.value(&of));
        let on = if of.is_some() { other.as_ref() } else { binder.this.as_ref() };
        let Some(origin) = on.and_then(origin) else {
            continue;
        };
        let here = chain.hit.scope().map(|scope| eval.method_of_scope(&chain.hit.unit, scope));
        for unit in eval.world.searched() {
            for site in unit.index.calls.get(method).into_iter().flatten() {
                let Expr::Call(call) = unit.expr(site.expr) else {
                    continue;
                };
                let Expr::Member { object, .. } = unit.expr(call.callee) else {
                    continue;
                };
                let same_function = unit.file == chain.hit.unit.file
                    && site.function.map(|scope| eval.method_of_scope(&unit, scope)) == here;
                let frame = if same_function { frame } else { None };
                let on_it = |frame: Option<&Rc<Frame>>| {
                    let receiver = eval.expr(&unit, *object, frame);
                    receiver.alternatives().iter().any(|receiver| {
                        matches!(receiver, Value::Typed(typed) if typed.pack == chain.hit.pack && eval.packs.is_a(typed.pack, &typed.ty, ty) && typed.origin == origin)
                    })
                };
                let says_it = |frame: Option<&Rc<Frame>>| {
                    let given = call.args.first().map(|arg| eval.expr(&unit, arg.value, frame));
                    first.is_none_or(|first| given.is_some_and(|given| given.as_text() == Some(first)))
                };
                if !says_it(frame) {
                    continue;
                }
                if on_it(frame) {
                    binder.joined.push((name.clone(), unit.clone(), call.args.clone(), frame.cloned()));
                    continue;
                }
                // A method that the program adds to the object makes the call for whoever calls it.
                let around = site.function.filter(|_| unit.tree.language.has_impls() && !same_function);
                let around = around.map(|scope| FnRef { file: unit.file, id: eval.method_of_scope(&unit, scope) });
                for (frame, _) in around.map(|around| eval.called(around)).unwrap_or_default() {
                    if on_it(Some(&frame)) {
                        binder.joined.push((name.clone(), unit.clone(), call.args.clone(), Some(frame)));
                    }
                }
            }
        }
    }
}

/// The method of a join, and the text that its first argument must be: `Type.on('message')`.
fn with_first(call: &str) -> (&str, Option<&str>) {
    match call.strip_suffix("')").and_then(|call| call.split_once("('")) {
        Some((call, first)) => (call, Some(first)),
        None => (call, None),
    }
}

fn origin(value: &Value) -> Option<Site> {
    match value {
        Value::Typed(typed) => Some(typed.origin.clone()),
        _ => None,
    }
}
