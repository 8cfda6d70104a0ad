//! Which rules a call or a send to a channel matches, and on which receivers.

use super::pack_index::RuleRef;
use crate::eval::Eval;
use crate::value::{Frame, Value};
use crate::world::{Unit, last_name};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Arg, Call, Expr, ExprId};

/// The name of rules about calls of an object itself.
const CALLED: &str = "()";

/// The rules that a call matches, each with the receiver it matched on.
pub(crate) fn match_call(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    id: ExprId,
    frame: Option<&Rc<Frame>>,
) -> Vec<(RuleRef, Option<Value>)> {
    let packs = eval.packs;
    let mut found = Vec::new();
    match unit.expr(id) {
        Expr::New(call) => {
            let last = last_name(&unit.tree, call.callee).unwrap_or_default();
            let known = |name: &str| packs.constructions.contains_key(name);
            if !known(&last) && !known("default") && !renamed(unit, &last, &known) {
                return found;
            }
            for value in eval.expr(unit, call.callee, frame).alternatives() {
                let Value::Library(module, path) = value else {
                    continue;
                };
                for name in library_names(path) {
                    for entry in packs.constructions.get(name.as_str()).into_iter().flatten() {
                        if packs.speaks(entry.pack, module, unit) {
                            push(&mut found, entry, None);
                        }
                    }
                }
            }
        }
        Expr::Call(call) => {
            let Some(last) = last_name(&unit.tree, call.callee) else {
                return found;
            };
            if matches!(unit.expr(call.callee), Expr::Member { .. }) {
                for entry in packs.added.get(&last).into_iter().flatten() {
                    if packs.imported(entry.pack, unit) && eval.callees(unit, call, frame).is_empty() {
                        push(&mut found, entry, None);
                    }
                }
            }
            let is_method = packs.methods.contains_key(&last) || packs.begun(&last).next().is_some();
            if let Expr::Member { object, .. } = unit.expr(call.callee)
                && is_method
            {
                for receiver in eval.expr(unit, *object, frame).alternatives() {
                    on_receiver(eval, receiver, &last, &mut found);
                }
            }
            // A bare call may be one of a method that the class around it inherits from a library, or that the object
            // has which a function of Kotlin extends.
            if let Expr::Name(_) = unit.expr(call.callee)
                && unit.tree.language.has_implicit_receiver()
                && is_method
                && let this @ (Value::This(_) | Value::Instance(_) | Value::Typed(_)) =
                    eval.receiver_of_bare(unit, id, frame)
            {
                on_receiver(eval, &this, &last, &mut found);
            }
            // An object of the library may be called itself.
            if packs
                .methods
                .get(CALLED)
                .into_iter()
                .flatten()
                .any(|rule| packs.says(rule) && packs.imported(rule.pack, unit))
            {
                for value in eval.expr(unit, call.callee, frame).alternatives() {
                    if matches!(value, Value::Typed(_) | Value::Closure(_)) {
                        on_receiver(eval, value, CALLED, &mut found);
                    }
                }
            }
            // A method may have been kept under another name.
            if packs.may_be_method_value(eval, unit, call.callee) {
                for value in eval.expr(unit, call.callee, frame).alternatives() {
                    for value in packs.handed_methods(eval, value, 0).iter().chain([value]) {
                        if let Some((object, method)) = packs.behind(value) {
                            on_receiver(eval, object, method, &mut found);
                        }
                    }
                }
            }
            // A method may be called later, by whoever is handed it together with its arguments.
            if let Some(at) = eval.deferred(unit, call) {
                for value in eval.expr(unit, call.args[at].value, frame).alternatives() {
                    if let Some((object, method)) = packs.behind(value) {
                        on_receiver(eval, object, method, &mut found);
                    }
                }
            }
            // Where nothing tells a construction from a call, the names of types are functions as well.
            let constructs = !unit.tree.language.has_new();
            let known = |name: &str| {
                packs.functions_by_end.contains_key(name) || constructs && packs.constructions.contains_key(name)
            };
            if known(&last) || renamed(unit, &last, &known) {
                for value in eval.expr(unit, call.callee, frame).alternatives() {
                    let Value::Library(module, path) = value else {
                        continue;
                    };
                    for name in library_names(path) {
                        let made = packs.constructions.get(name.as_str()).into_iter().filter(|_| constructs);
                        for entry in packs.functions.get(name.as_str()).into_iter().chain(made).flatten() {
                            if packs.speaks(entry.pack, module, unit) {
                                push(&mut found, entry, None);
                            }
                        }
                    }
                }
            }
        }
        _ => {}
    }
    found
}

/// The rules that a send to a channel matches, each with the channel.
pub(crate) fn match_send(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    channel: ExprId,
    frame: Option<&Rc<Frame>>,
) -> Vec<(RuleRef, Value)> {
    let packs = eval.packs;
    let mut found: Vec<(RuleRef, Value)> = Vec::new();
    if packs.channels.is_empty() {
        return found;
    }
    for value in eval.expr(unit, channel, frame).alternatives() {
        let types = packs.receiver_types(eval, value);
        for entry in &packs.channels {
            let fits = types.iter().any(|(pack, ty)| *pack == entry.pack && packs.is_a(*pack, ty, &entry.ty));
            let known =
                |(known, on): &(RuleRef, Value)| known.pack == entry.pack && known.rule == entry.rule && on == value;
            if fits && !found.iter().any(known) {
                found.push((entry.clone(), value.clone()));
            }
        }
    }
    found
}

/// A send to a channel as if it were a call of the channel with the value.
pub(crate) fn sent(channel: ExprId, value: ExprId) -> weir_syntax::Call {
    let args = vec![Arg { name: None, value }];
    weir_syntax::Call { callee: channel, args, type_args: Vec::new(), optional: false }
}

/// True where a name of the file may stand for a library's name although it says something else: a variable it was
/// put into, or an import under another name.
fn renamed(unit: &Unit, name: &SmolStr, known: &dyn Fn(&str) -> bool) -> bool {
    let import = |import: &weir_syntax::Import| match &import.imported {
        weir_syntax::Imported::Name(imported) => import.local == *name && imported != name && known(imported),
        _ => false,
    };
    unit.index.variables.contains(name) || unit.tree.imports.iter().any(import)
}

fn on_receiver(eval: &Eval<'_, '_>, receiver: &Value, method: &str, found: &mut Vec<(RuleRef, Option<Value>)>) {
    let packs = eval.packs;
    if let Value::Param(function, at, path) = receiver {
        for object in eval.inferred(*function, *at, path).iter() {
            on_receiver(eval, object, method, found);
        }
        return;
    }
    let receiver = &packs.as_object(eval, receiver);
    // A method of the project's own hides the library's.
    let class = match receiver {
        Value::Instance(instance) => Some(instance.class),
        Value::This(class) | Value::Class(class) => Some(*class),
        _ => None,
    };
    if class.is_some_and(|class| eval.has_own_method(class, method)) {
        return;
    }
    let types = packs.receiver_types(eval, receiver);
    if types.is_empty() {
        return;
    }
    let fits =
        |entry: &&RuleRef| types.iter().any(|(pack, ty)| *pack == entry.pack && packs.is_a(*pack, ty, &entry.ty));
    let exact: Vec<&RuleRef> = packs.methods.get(method).into_iter().flatten().filter(fits).collect();
    let chosen = if exact.is_empty() { packs.begun(method).filter(fits).collect() } else { exact };
    for entry in chosen {
        push(found, entry, Some(receiver.clone()));
    }
}

/// False for calls that no wanted rule can mean, by the name they end in; most calls are told apart by it at once.
pub(super) fn may_match(eval: &Eval<'_, '_>, unit: &Unit, id: ExprId, wanted: &dyn Fn(usize) -> bool) -> bool {
    let packs = eval.packs;
    let Expr::Call(call) = unit.expr(id) else { return true };
    let (Expr::Member { .. }, Some(last)) = (unit.expr(call.callee), last_name(&unit.tree, call.callee)) else {
        return true;
    };
    let any = |rules: &[RuleRef]| rules.iter().any(|rule| wanted(rule.pack) && packs.says(rule));
    packs.begun(&last).any(|rule| wanted(rule.pack))
        || packs.added.get(&last).is_some_and(|rules| any(rules))
        || packs.methods.get(&last).is_some_and(|rules| any(rules))
        || packs.functions_by_end.get(&last).is_some_and(|rules| any(rules))
        || packs.constructions.get(&last).is_some_and(|rules| any(rules))
        || packs.may_be_method_value(eval, unit, call.callee)
        || eval.deferred(unit, call).is_some()
        // The member may be an object of the library that is called itself.
        || packs.methods.get(CALLED).is_some_and(|rules| {
            rules.iter().any(|rule| wanted(rule.pack) && packs.says(rule) && packs.imported(rule.pack, unit))
        })
}

/// The call that a match speaks of: where a method is handed over to be called later, the one that is made then.
pub(super) fn meant(eval: &Eval<'_, '_>, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Option<Call> {
    let at = eval.deferred(unit, call)?;
    let given = eval.expr(unit, call.args[at].value, frame);
    let is_method = given.alternatives().iter().any(|value| eval.packs.behind(value).is_some());
    is_method.then(|| super::chain::call_behind(call, at))
}

fn push(found: &mut Vec<(RuleRef, Option<Value>)>, entry: &RuleRef, receiver: Option<Value>) {
    let known = found.iter().any(|(known, on)| known.pack == entry.pack && known.rule == entry.rule && *on == receiver);
    if !known {
        found.push((entry.clone(), receiver));
    }
}

/// The names a library value may go by in a pack: the whole path, its last segment, or the module itself.
fn library_names(path: &[SmolStr]) -> Vec<String> {
    match path {
        [] => vec!["default".to_owned()],
        [one] => vec![one.to_string()],
        many => vec![many.join("."), many[many.len() - 1].to_string()],
    }
}
