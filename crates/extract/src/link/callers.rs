//! Who calls a function: the demand rounds that find the users of a company's own wrapper.

use crate::eval::Eval;
use crate::source::Mention;
use crate::value::Value;
use crate::world::{CallSite, ClassRef, FnRef, Unit};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, FunctionId, FunctionKind, Pattern};

/// So many files may say a word that tells nothing of the object it is called on.
const FEW_FILES: usize = 150;

/// One call of a project function.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) unit: Rc<Unit>,
    pub(crate) expr: ExprId,
}

/// Callers found so far, by function, and the words whose files were already loaded.
#[derive(Default)]
pub(crate) struct Callers {
    known: RefCell<FxHashMap<FnRef, Rc<Vec<Caller>>>>,
    asked: RefCell<BTreeSet<Mention>>,
}

impl Callers {
    /// Searches every file that says one of these; true when that brought in new files.
    pub(crate) fn demand(&self, eval: &Eval<'_, '_>, mentions: BTreeSet<Mention>) -> bool {
        let mut asked = self.asked.borrow_mut();
        let new: Vec<Mention> =
            mentions.into_iter().filter(|mention| !mention.word.is_empty() && !asked.contains(mention)).collect();
        if new.is_empty() {
            return false;
        }
        let grown = eval.world.search(&eval.world.source.mentioning(&new)) > 0;
        asked.extend(new);
        if grown {
            self.forget();
        }
        grown
    }

    /// Forgets the calls found so far; needed when files came in, or values changed that decide who is called.
    pub(crate) fn forget(&self) {
        self.known.borrow_mut().clear();
    }

    /// What every file must say that calls a function: its name, and for a method something that tells of the object.
    pub(crate) fn mention(eval: &Eval<'_, '_>, function: FnRef) -> Option<Mention> {
        let unit = eval.world.unit(function.file)?;
        let method = eval.method_of_scope(&unit, function.id);
        let class = eval.world.class_of(&unit, method);
        if unit.function(method).kind == FunctionKind::Constructor {
            return class.map(|class| Mention::of(eval.class_name(class)));
        }
        let word = bare(eval, FnRef { file: function.file, id: method })?;
        let mut with = BTreeSet::new();
        // Callers know an interface that says nothing of the type; a rare word is enough.
        if unit.tree.language.is_structural() && eval.world.files_saying(&word) <= FEW_FILES {
            return Some(Mention::of(word));
        }
        // An extension method is called on objects that know nothing of the class it stands in.
        let extends = unit.function(method).receiver.is_some() && unit.tree.language == weir_syntax::Language::CSharp;
        if let Some(class) = class.filter(|_| !extends) {
            for class in eval.chain(class).into_iter().chain(eval.subclasses(class)) {
                with.insert(eval.class_name(class));
                with.extend(eval.world.carriers.of(class));
            }
            with.retain(|name| !name.is_empty());
        }
        Some(Mention { word, with: with.into_iter().collect() })
    }

    /// Every call of a function in the loaded files, in source order.
    pub(crate) fn of(&self, eval: &Eval<'_, '_>, function: FnRef) -> Rc<Vec<Caller>> {
        if let Some(known) = self.known.borrow().get(&function) {
            return known.clone();
        }
        let mut found = Vec::new();
        if let Some(unit) = eval.world.unit(function.file) {
            let class = eval.world.class_of(&unit, function.id);
            if unit.function(function.id).kind == FunctionKind::Constructor {
                if let Some(class) = class {
                    constructions(eval, class, &mut found);
                }
            } else {
                if unit.function(function.id).kind == FunctionKind::Lambda {
                    handed_where_it_stands(eval, function, &mut found);
                }
                if let Some(name) = bare(eval, function) {
                    calls(eval, function, &name, &mut found);
                    if unit.tree.language.is_structural() || unit.tree.language.has_impls() {
                        handed_over(eval, function, &name, &mut found);
                    }
                }
            }
        }
        let found = Rc::new(found);
        self.known.borrow_mut().insert(function, found.clone());
        found
    }
}

/// The name callers write; a callback that is bound to no name has none.
fn bare(eval: &Eval<'_, '_>, function: FnRef) -> Option<SmolStr> {
    let unit = eval.world.unit(function.file)?;
    // A function inside a function is called by its own name.
    let own = unit.function(function.id);
    if own.kind == FunctionKind::Function && !own.name.is_empty() {
        return Some(own.name.clone());
    }
    // A lambda that a variable stands for goes by the variable.
    if unit.function(function.id).kind == FunctionKind::Lambda
        && let Some(name) = eval.bound_name(&unit, function.id)
    {
        return Some(name);
    }
    let method = eval.method_of_scope(&unit, function.id);
    let declared = &unit.function(method).name;
    if declared.is_empty() { eval.bound_name(&unit, method) } else { Some(declared.clone()) }
}

fn calls(eval: &Eval<'_, '_>, function: FnRef, name: &str, found: &mut Vec<Caller>) {
    for (unit, site) in eval.world.call_sites(name, function.file) {
        let Expr::Call(call) = unit.expr(site.expr) else {
            continue;
        };
        let mut called = eval.callees(&unit, call, None);
        called.retain(|closure| closure.function == function && !eval.is_wired_otherwise(closure));
        if !called.is_empty() {
            found.push(Caller { unit, expr: site.expr });
        }
    }
}

/// Calls that hand the class, or one below it, to a function that makes the object.
fn handed_classes(eval: &Eval<'_, '_>, class: ClassRef, found: &mut Vec<Caller>) {
    let speaks = eval.world.unit(class.file).is_some_and(|unit| unit.tree.language.has_keyword_arguments());
    if !speaks {
        return;
    }
    let below = std::iter::once(class).chain(eval.subclasses(class));
    let names: BTreeSet<SmolStr> = below.map(|class| eval.class_name(class)).collect();
    for unit in eval.world.searched() {
        for site in &unit.index.all_calls {
            let Expr::Call(call) = unit.expr(site.expr) else { continue };
            let hands =
                |arg: &weir_syntax::Arg| matches!(unit.expr(arg.value), Expr::Name(name) if names.contains(name));
            if !call.args.iter().any(hands) {
                continue;
            }
            if let Some(Value::Instance(object)) = eval.made_through(&unit, call, None)
                && eval.is_a(object.class, class)
            {
                found.push(Caller { unit: unit.clone(), expr: site.expr });
            }
        }
    }
}

/// Calls of a lambda by the parameter or field of whoever it is handed to where it stands.
fn handed_where_it_stands(eval: &Eval<'_, '_>, function: FnRef, found: &mut Vec<Caller>) {
    let Some(unit) = eval.world.unit(function.file) else { return };
    let Some((call, at, None)) = unit.index.argument_of.get(&function.id) else { return };
    let mut add = |unit: &Rc<Unit>, expr: ExprId| {
        if !found.iter().any(|known| known.unit.file == unit.file && known.expr == expr) {
            found.push(Caller { unit: unit.clone(), expr });
        }
    };
    match unit.expr(*call) {
        Expr::Call(call) => {
            for taker in eval.callees(&unit, call, None) {
                let Some(inner) = eval.world.unit(taker.function.file) else { continue };
                let Some(param) = param_name(&inner, taker.function.id, *at) else { continue };
                for site in inner.index.calls.get(&param).into_iter().flatten() {
                    let within = site.function.map(|scope| eval.method_of_scope(&inner, scope));
                    let Expr::Call(call) = inner.expr(site.expr) else { continue };
                    if within == Some(taker.function.id) && matches!(inner.expr(call.callee), Expr::Name(_)) {
                        add(&inner, site.expr);
                    }
                }
            }
        }
        Expr::New(call) => {
            let Value::Class(class) = eval.expr(&unit, call.callee, None) else { return };
            let Some(constructor) = eval.own_method(class, "constructor", FunctionKind::Constructor) else { return };
            let Some(home) = eval.world.unit(constructor.file) else { return };
            let Some(param) = param_name(&home, constructor.id, *at) else { return };
            for field in fields_of(&home, constructor.id, *at, &param) {
                for site in home.index.calls.get(&field).into_iter().flatten() {
                    let Expr::Call(call) = home.expr(site.expr) else { continue };
                    let on_this = match home.expr(call.callee) {
                        Expr::Member { object, .. } => matches!(home.expr(*object), Expr::This),
                        _ => false,
                    };
                    if on_this && site.function.and_then(|scope| eval.world.class_of(&home, scope)) == Some(class) {
                        add(&home, site.expr);
                    }
                }
            }
        }
        _ => {}
    }
}

fn param_name(unit: &Unit, function: FunctionId, at: usize) -> Option<SmolStr> {
    match &unit.function(function).params.get(at)?.pattern {
        Pattern::Name(name) => Some(name.clone()),
        _ => None,
    }
}

/// The fields that hold a parameter of a constructor.
fn fields_of(unit: &Unit, constructor: FunctionId, at: usize, param: &SmolStr) -> Vec<SmolStr> {
    let own = unit.function(constructor).params[at].field.then(|| param.clone());
    let is_it = |value: &ExprId| {
        matches!(unit.expr(*value), Expr::Name(name) if name == param)
            && unit.index.scope[value.0 as usize] == Some(constructor)
    };
    let assigned = unit.index.assigned.iter().filter(|(_, values)| values.iter().any(|(_, value)| is_it(value)));
    let mut fields: Vec<SmolStr> = own.into_iter().chain(assigned.map(|(name, _)| name.clone())).collect();
    fields.sort();
    fields.dedup();
    fields
}

/// True where a function is handed to a call or kept in a literal: whoever gets it may call it.
pub(crate) fn is_handed_over(eval: &Eval<'_, '_>, function: FnRef) -> bool {
    let Some(name) = bare(eval, function) else { return false };
    eval.world
        .searched()
        .iter()
        .filter(|unit| !unit.test)
        .any(|unit| unit.index.passed.contains_key(&name) || unit.index.kept.contains_key(&name))
}

/// Calls of a function by the name of the parameter or field that it was handed to.
fn handed_over(eval: &Eval<'_, '_>, function: FnRef, name: &str, found: &mut Vec<Caller>) {
    let is_it = |unit: &Rc<Unit>, value: ExprId| {
        let value = eval.expr(unit, value, None);
        value
            .alternatives()
            .iter()
            .any(|value| matches!(value, Value::Closure(closure) if closure.function == function))
    };
    let mut fields: BTreeSet<SmolStr> = BTreeSet::new();
    for unit in eval.world.searched() {
        fields.extend(unit.index.kept.get(name).into_iter().flatten().cloned());
        for (call, at) in unit.index.passed.get(name).into_iter().flatten() {
            let id = call;
            let (Expr::Call(call) | Expr::New(call)) = unit.expr(*call) else { continue };
            let Some(arg) = call.args.get(*at).filter(|arg| is_it(&unit, arg.value)) else { continue };
            if eval.deferred(&unit, call) == Some(*at) {
                push(found, &unit, *id);
                continue;
            }
            let param = |inner: &Unit, function: weir_syntax::FunctionId| match &arg.name {
                Some(name) => Some(name.clone()),
                None => match &inner.function(function).params.get(*at)?.pattern {
                    weir_syntax::Pattern::Name(name) => Some(name.clone()),
                    _ => None,
                },
            };
            for closure in eval.callees(&unit, call, None) {
                let Some(inner) = eval.world.unit(closure.function.file) else { continue };
                let Some(param) = param(&inner, closure.function.id) else { continue };
                for site in inner.index.calls.get(&param).into_iter().flatten() {
                    let within = site.function.map(|scope| eval.method_of_scope(&inner, scope));
                    if within == Some(closure.function.id) {
                        push(found, &inner, site.expr);
                    }
                }
            }
            for class in eval.made_by(&unit, call) {
                kept_by(eval, class, &|inner, function| param(inner, function), arg.name.as_ref(), found);
            }
        }
    }
    for field in fields.iter().filter(|field| field.as_str() != name) {
        calls(eval, function, field, found);
    }
}

fn push(found: &mut Vec<Caller>, unit: &Rc<Unit>, expr: ExprId) {
    if !found.iter().any(|known| known.unit.file == unit.file && known.expr == expr) {
        found.push(Caller { unit: unit.clone(), expr });
    }
}

/// Calls of a function by the field in which the constructor of a class keeps what it is handed.
fn kept_by(
    eval: &Eval<'_, '_>,
    class: ClassRef,
    param: &dyn Fn(&Unit, weir_syntax::FunctionId) -> Option<SmolStr>,
    name: Option<&SmolStr>,
    found: &mut Vec<Caller>,
) {
    let Some(unit) = eval.world.unit(class.file) else { return };
    let constructor = eval.own_method(class, "constructor", FunctionKind::Constructor);
    // Without a written constructor the fields are its parameters.
    let Some(param) = constructor.map_or_else(|| name.cloned(), |constructor| param(&unit, constructor.id)) else {
        return;
    };
    let keeps = |(object, value): &(ExprId, ExprId)| {
        let scope = unit.index.scope[value.0 as usize];
        matches!(unit.expr(*object), Expr::This)
            && matches!(unit.expr(*value), Expr::Name(kept) if *kept == param)
            && scope == constructor.map(|constructor| constructor.id)
    };
    let assigned = unit.index.assigned.iter().filter(|(_, sites)| sites.iter().any(keeps));
    let mut fields: BTreeSet<SmolStr> = assigned.map(|(field, _)| field.clone()).collect();
    if constructor.is_none() {
        fields.insert(param);
    }
    for field in fields {
        for site in unit.index.calls.get(&field).into_iter().flatten() {
            let Expr::Call(call) = unit.expr(site.expr) else { continue };
            let on_this = matches!(unit.expr(call.callee), Expr::Member { object, .. } if matches!(unit.expr(*object), Expr::This));
            let within = site.function.and_then(|scope| eval.world.class_of(&unit, scope));
            if on_this && within == Some(class) {
                push(found, &unit, site.expr);
            }
        }
    }
}

/// `new Class(…)` of the class or of a subclass that has no constructor of its own, and `super(…)` below it.
pub(crate) fn constructions(eval: &Eval<'_, '_>, class: ClassRef, found: &mut Vec<Caller>) {
    let mut sites: Vec<(Rc<Unit>, CallSite)> = Vec::new();
    for class in std::iter::once(class).chain(eval.subclasses(class)) {
        sites.extend(eval.world.call_sites(&eval.class_name(class), class.file));
    }
    // A variable may stand for a class. The order does not show: the sites are sorted below.
    #[allow(clippy::iter_over_hash_type)]
    for unit in eval.world.searched() {
        for variable in &unit.index.variables {
            sites.extend(unit.index.calls.get(variable).into_iter().flatten().map(|site| (unit.clone(), *site)));
        }
    }
    sites.sort_by_key(|(unit, site)| (unit.file, site.expr));
    sites.dedup_by_key(|(unit, site)| (unit.file, site.expr));
    for (unit, site) in sites {
        let (Expr::New(call) | Expr::Call(call)) = unit.expr(site.expr) else { continue };
        if matches!(unit.expr(site.expr), Expr::Call(_)) && unit.tree.language.has_new() {
            continue;
        }
        let made = eval.expr(&unit, call.callee, None);
        if made.alternatives().iter().any(|value| matches!(value, Value::Class(made) if eval.is_a(*made, class))) {
            found.push(Caller { unit, expr: site.expr });
        }
    }
    handed_classes(eval, class, found);
}
