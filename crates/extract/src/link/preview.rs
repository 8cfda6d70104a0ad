//! What a way to a match says of its names before anything is told: which callers they still depend on.

use super::chain::Chain;
use super::emit::{path, paths};
use super::guard::{self, Guard};
use super::joined;
use super::names::{self};
use super::payload;
use crate::eval::{Eval, TypeTarget};
use crate::value::Value;
use crate::world::FnRef;
use std::collections::BTreeSet;
use weir_syntax::TypeRef;

/// Types that say nothing of a value.
const ANYTHING: &[&str] = &["object", "Object", "dynamic", "any", "Any", "unknown"];

/// Letters of a word that tells one name from another.
const WORD: usize = 3;

/// Which callers the names of a chain still depend on.
pub(crate) struct Preview {
    /// Functions whose parameters appear; empty when only the instance is open. `None` when nothing is.
    pub(crate) symbolic: Option<BTreeSet<FnRef>>,
    /// True where it is no channel that is open but only which message is sent.
    pub(crate) is_placed: bool,
    /// True where the names depend on no caller but on how the object at hand is put together, which is told, and the
    /// code does more than to hand on what it gets: it is business code and no wrapper.
    pub(crate) is_business: bool,
    /// True where a condition of the rule depends on a caller as well.
    pub(crate) is_conditional: bool,
    /// The names themselves, as far as they are known: first those that say where a message goes, then which one it is.
    pub(crate) names: Vec<Value>,
    /// How many of the names say where a message goes.
    pub(crate) places: usize,
    /// What is sent.
    pub(crate) carried: Vec<Value>,
}

impl Preview {
    pub(crate) fn of(eval: &Eval<'_, '_>, chain: &Chain) -> Preview {
        let packs = eval.packs;
        let rule = chain.hit.rule(packs);
        let Some(emit) = &rule.emit else {
            return Preview {
                symbolic: None,
                is_placed: false,
                is_business: false,
                is_conditional: false,
                names: Vec::new(),
                places: 0,
                carried: Vec::new(),
            };
        };
        let _assumed = chain.assume(eval);
        let frame = chain.frame(eval);
        let mut functions = BTreeSet::new();
        let (mut open, mut placed) = (false, true);
        let mut told = chain.hit.unit.tree.language.has_impls();
        let mut handed_on = Vec::new();
        let (mut names, mut named) = (Vec::new(), Vec::new());
        let mut is_conditional = false;
        let mut sent = Vec::new();
        for mut binder in chain.hit.binders(eval, frame.as_ref()) {
            match guard::guard(packs, rule, &binder) {
                Guard::Holds => {}
                Guard::Open(of) => {
                    functions.extend(of);
                    (open, placed, is_conditional) = (true, false, true);
                    continue;
                }
                Guard::Fails | Guard::Unseen | Guard::Unclear => continue,
            }
            joined::join(eval, chain, &mut binder, frame.as_ref());
            let elements = binder.elements(rule);
            for element in elements {
                binder.each = element;
                let mut values = paths(eval, &binder, emit.send.as_ref().or(emit.receive.as_ref()));
                let keys = paths(eval, &binder, emit.routing_key.as_ref()).into_iter();
                values.extend(keys.filter(|key| !names::says_empty(key) && !eval.is_registered(key)));
                values.extend(path(eval, &binder, emit.exchange.as_ref()));
                placed &= !values.iter().any(|value| guard::functions_of(value, &mut BTreeSet::new()));
                names.extend(values.iter().cloned());
                let mut messages = paths(eval, &binder, emit.messages.as_ref());
                messages.retain(|value| !is_library_part(eval, value));
                if messages.is_empty() && emit.send.is_some() && !chain.hit.unit.tree.language.has_impls() {
                    messages.extend(payload::kinds(&path(eval, &binder, emit.payload.as_ref())));
                }
                named.extend(messages.iter().cloned());
                values.extend(messages);
                for value in &values {
                    open |= guard::functions_of(value, &mut functions);
                    told = told && (!value.is_symbolic() || eval.is_told(value) || names::has_own(value));
                }
                if !chain.calls.is_empty() {
                    sent.extend(path(eval, &binder, emit.payload.as_ref()));
                }
                if told {
                    handed_on.extend(values.iter().filter(|value| value.is_symbolic()).cloned());
                    let carried = path(eval, &binder, emit.payload.as_ref()).into_iter();
                    let carried = carried.chain(path(eval, &binder, emit.handler.as_ref()));
                    let carried: Vec<Value> = carried.collect();
                    told = !wraps(eval, chain, &handed_on, &carried);
                }
            }
        }
        let is_business = open && told;
        let places = names.len();
        names.extend(named);
        let symbolic = open.then_some(functions);
        Preview { symbolic, is_placed: open && placed, is_business, is_conditional, names, places, carried: sent }
    }

    /// True where a part of a name is known to nobody, however far the callers are followed.
    pub(crate) fn has_gap(&self) -> bool {
        fn gap(value: &Value) -> bool {
            match value {
                Value::Concat(parts) | Value::Choice(parts) => parts.iter().any(gap),
                value => matches!(value, Value::Opaque(_)),
            }
        }
        self.names.iter().any(gap)
    }

    /// True where a way that is one call shorter says as much: neither where a message goes nor which one it is comes from
    /// that call.
    pub(crate) fn is_told_by(&self, shorter: &Preview) -> bool {
        let (places, messages) = self.names.split_at(self.places);
        let (before, named) = shorter.names.split_at(shorter.places);
        let says = |value: &Value| !value.is_symbolic() && !value.is_empty();
        // Where the way ends at what nobody knows, a version or a sign between pieces makes no name.
        let least = if self.symbolic.is_some() { 1 } else { WORD };
        !self.is_conditional
            && !shorter.is_conditional
            && !places.is_empty()
            && places.len() == before.len()
            && places.iter().zip(before).all(|(told, before)| told == before || is_as_open(told, before, least))
            && (messages == named || !messages.iter().any(says))
    }
}

impl Preview {
    /// True where all is known of where a message goes.
    pub(crate) fn is_placed_for_good(&self) -> bool {
        self.places > 0 && !self.is_conditional && !self.names[..self.places].iter().any(Value::is_symbolic)
    }

    /// True where a way that ends at an object of which all is known says as much: the same places, and of the message
    /// what it says itself, if the longer way says anything.
    pub(crate) fn is_told_on(&self, eval: &Eval<'_, '_>, shorter: &Preview) -> bool {
        let (places, messages) = self.names.split_at(self.places);
        let (before, named) = shorter.names.split_at(shorter.places);
        let says = |value: &Value| match value {
            Value::Class(class) => !eval.has_below(*class),
            value => !value.is_symbolic() && !value.is_empty(),
        };
        self.is_placed_for_good()
            && !shorter.is_conditional
            && places == before
            && (messages == named || !messages.iter().any(says) || !named.is_empty() && named.iter().all(says))
    }
}

/// True for texts of which the same parts are known, where others stay open: who hands in what is open says no more. A
/// part counts as known from so many letters on.
fn is_as_open(told: &Value, before: &Value, least: usize) -> bool {
    if matches!((told, before), (Value::Choice(_), Value::Choice(_))) {
        let alike = |one: &Value, other: &Value| one == other || is_as_open(one, other, least);
        let (told, before) = (told.alternatives(), before.alternatives());
        return told.iter().all(|one| before.iter().any(|other| alike(one, other)))
            && before.iter().all(|one| told.iter().any(|other| alike(one, other)));
    }
    let (Value::Concat(told), Value::Concat(before)) = (told, before) else { return false };
    let open = |part: &Value| matches!(part, Value::Param(..) | Value::Opaque(_));
    let known = |part: &Value| match part {
        Value::Text(text) => text.split(|c: char| !c.is_alphanumeric()).any(|word| word.chars().count() >= least),
        part => matches!(part, Value::Env(..)),
    };
    told.len() == before.len()
        && told.iter().any(known)
        && told.iter().zip(before.iter()).all(|(told, before)| told == before || open(told) && open(before))
}

/// True for a member of a parameter whose type is a library's: whoever calls has no more to say of it.
fn is_library_part(eval: &Eval<'_, '_>, value: &Value) -> bool {
    let Value::Param(function, at, path) = value else { return false };
    let Some(unit) = eval.world.unit(function.file).filter(|_| path.len() > 1) else { return false };
    let declared = unit.function(function.id).params.get(*at).and_then(|param| param.ty.as_ref());
    let Some(TypeRef::Named { name, .. }) = declared else { return false };
    let class = eval.world.class_of(&unit, function.id);
    let of_class =
        class.and_then(|class| Some(eval.world.unit(class.file)?.class(class.id).type_params.contains(name)));
    let open = unit.function(function.id).type_params.contains(name) || of_class == Some(true);
    !open && !ANYTHING.contains(&name.as_str()) && !matches!(eval.type_name(&unit, name), Some(TypeTarget::Class(_)))
}

/// True for an object that is given its names as they are, around a function that hands on what it is given.
fn wraps(eval: &Eval<'_, '_>, chain: &Chain, names: &[Value], carried: &[Value]) -> bool {
    let (unit, expr) = chain.outermost();
    let scope = expr.and_then(|expr| unit.index.scope[expr.0 as usize]);
    let Some(scope) = scope.map(|scope| FnRef { file: unit.file, id: eval.method_of_scope(&unit, scope) }) else {
        return false;
    };
    let direct = |value: &Value| matches!(value, Value::Param(_, _, path) if path.is_empty());
    names.iter().any(|name| match name {
        Value::Concat(parts) | Value::Choice(parts) => parts.iter().any(direct),
        name => direct(name),
    }) && carried.iter().any(|value| value.depends_on(scope))
}
