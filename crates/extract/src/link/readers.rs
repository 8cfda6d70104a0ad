//! The function that reads the messages of a consumer that was made elsewhere.

use super::bind::Binder;
use super::chain::Chain;
use super::message_way::{self, Stop};
use crate::eval::Eval;
use crate::packs::Emit;
use crate::value::{Closure, Value};
use crate::world::{ClassRef, FnRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, ExprId};

/// The function that walks over the object of a receive, or calls one of the methods that read from it; and where it
/// reads for others, the function that it was given for the messages.
pub(super) fn reader(
    eval: &Eval<'_, '_>,
    chain: &Chain,
    emit: &Emit,
    binder: &Binder<'_, '_, '_>,
) -> Option<(Rc<Closure>, Option<Rc<Closure>>)> {
    let (unit, at) = reading(eval, chain, emit, binder)?;
    let scope = unit.index.scope[at.0 as usize]?;
    let class = eval.world.class_of(&unit, scope);
    let this = class.map(|class| on_object(eval, chain, class));
    let function = FnRef { file: unit.file, id: scope };
    let works = given(eval, chain, &unit, function, at);
    let frame = works.as_ref().and_then(|_| chain.frame(eval));
    Some((Rc::new(Closure { function, this, frame }), works))
}

/// The place where the messages of a receive are read that gets no handler.
pub(super) fn reading(
    eval: &Eval<'_, '_>,
    chain: &Chain,
    emit: &Emit,
    binder: &Binder<'_, '_, '_>,
) -> Option<(Rc<Unit>, ExprId)> {
    // What the call yields is read from, unless the call is one on the consumer itself.
    let origin = match &binder.this {
        Some(Value::Typed(typed)) => typed.origin.clone(),
        Some(_) => return None,
        None => chain.hit.site(),
    };
    let made = chain.hit.site();
    let pack = chain.hit.pack;
    let near = chain.hit.unit.file;
    let mut units = eval.world.searched();
    units.sort_by_key(|unit| (unit.file != near, unit.file));
    for unit in units.iter().filter(|unit| unit.file == near || !unit.test) {
        for form in &emit.reads {
            let (ty, sites) = sites(unit, form);
            for (object, at) in sites {
                let values = eval.expr(unit, object, None);
                let hit = values.alternatives().iter().any(|value| is_it(eval, value, pack, ty, [&origin, &made]));
                if hit && unit.index.scope[at.0 as usize].is_some() {
                    return Some((unit.clone(), at));
                }
            }
        }
    }
    None
}

/// What the caller of a wrapper that reads its own consumer handed in for the messages: the last to get them, since the
/// others read them for it.
fn given(eval: &Eval<'_, '_>, chain: &Chain, unit: &Rc<Unit>, function: FnRef, read: ExprId) -> Option<Rc<Closure>> {
    let method = FnRef { file: function.file, id: eval.method_of_scope(unit, function.id) };
    let own = chain.hit.scope().map(|scope| eval.method_of_scope(&chain.hit.unit, scope));
    let wraps = !chain.calls.is_empty() && unit.file == chain.hit.unit.file && own == Some(method.id);
    if !wraps || !unit.tree.language.has_impls() {
        return None;
    }
    let first = Stop::reader(method, chain.frame(eval), (unit.file, read));
    let way = message_way::stops(eval, first);
    way.iter().rfind(|stop| stop.injected).map(|stop| stop.closure.clone())
}

/// The object of a class, as the way to the match tells it.
fn on_object(eval: &Eval<'_, '_>, chain: &Chain, class: ClassRef) -> Value {
    let this = chain.frame(eval).and_then(|frame| frame.this.clone());
    let is_it = |this: &Value| match this {
        Value::Instance(instance) => eval.is_a(instance.class, class),
        Value::This(known) => eval.is_a(*known, class),
        _ => false,
    };
    this.filter(is_it).unwrap_or(Value::This(class))
}

/// The places of a file where something is read, each with the object and the expression that tells the function.
fn sites<'f>(unit: &Unit, form: &'f SmolStr) -> (&'f str, Vec<(ExprId, ExprId)>) {
    match form.split_once('.') {
        None => (form, unit.index.walked.iter().map(|over| (*over, *over)).collect()),
        Some((ty, method)) => {
            let calls = unit.index.calls.get(method).into_iter().flatten();
            let on = calls.filter_map(|site| match unit.expr(site.expr) {
                Expr::Call(call) => match unit.expr(call.callee) {
                    Expr::Member { object, .. } => Some((*object, site.expr)),
                    _ => None,
                },
                _ => None,
            });
            (ty, on.collect())
        }
    }
}

fn is_it(eval: &Eval<'_, '_>, value: &Value, pack: usize, ty: &str, origins: [&Site; 2]) -> bool {
    match value {
        Value::Typed(typed) => {
            typed.pack == pack && eval.packs.is_a(pack, &typed.ty, ty) && origins.contains(&&typed.origin)
        }
        _ => false,
    }
}
