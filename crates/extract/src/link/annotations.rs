//! What an annotation means: a library's, a method of a library's object, or one of the project's own made of those.

use super::bind::Binder;
use super::hits::{Annotated, Hit, Place};
use super::pack_index::{MEMBERS, PackIndex, RuleRef};
use crate::eval::{Eval, TypeTarget};
use crate::value::{Closure, Frame, Value};
use crate::world::{ClassRef, FnRef, Scope, Unit, last_name};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Annotation, Arg, Expr, TypeRef};

/// The key of rules about annotations that are objects themselves: `@Type.()`.
const CALLED: &str = "()";

/// The objects that an annotation may be a method of (`@object.method`), or be itself, each with the key of its rules.
fn receivers<'a, T>(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    annotation: &'a Annotation,
    scope: Scope,
    rules: &FxHashMap<SmolStr, T>,
) -> Vec<(&'a str, Value)> {
    let mut found = Vec::new();
    let mut add = |key: &'a str, path: &str| {
        let mut segments = path.split('.');
        let first = segments.next().unwrap_or_default();
        let root = eval.name_in(unit, first, scope, annotation.line, None);
        let value = segments.fold(root, |value, name| eval.member(&value, name));
        found.extend(value.alternatives().iter().map(|value| (key, value.clone())));
    };
    if let Some((object, method)) = annotation.name.rsplit_once('.')
        && rules.contains_key(method)
    {
        add(method, object);
    }
    if rules.contains_key(CALLED) {
        add(CALLED, &annotation.name);
    }
    found
}

impl PackIndex<'_> {
    /// The library object that annotations make of a function; it can still be called.
    pub(crate) fn decorated(&self, eval: &Eval<'_, '_>, closure: &Closure) -> Option<Value> {
        if self.decorators.is_empty() {
            return None;
        }
        let unit = eval.world.unit(closure.function.file)?;
        let function = unit.function(closure.function.id);
        let scope = unit.index.parent[closure.function.id.0 as usize];
        for annotation in &function.annotations {
            let last = annotation.name.rsplit('.').next().unwrap_or(&annotation.name);
            let Some(rules) = self.decorators.get(last) else { continue };
            let library = match eval.callable_name(&unit, &annotation.name) {
                Some(TypeTarget::Library(module, _)) => Some(module),
                _ => None,
            };
            let receivers = receivers(eval, &unit, annotation, scope, &self.decorators);
            for rule in rules {
                let this = if rule.on.is_empty() {
                    match &library {
                        Some(module) if self.speaks(rule.pack, module, &unit) => None,
                        _ => continue,
                    }
                } else {
                    let fits = |(_, value): &&(&str, Value)| {
                        let types = self.receiver_types(eval, value);
                        types.iter().any(|(pack, ty)| *pack == rule.pack && self.is_a(*pack, ty, &rule.on))
                    };
                    let Some((_, receiver)) = receivers.iter().find(fits) else { continue };
                    Some(receiver.clone())
                };
                let mut binder = Binder::declaration(eval, &unit, &[], &function.annotations);
                binder.args.clone_from(&annotation.args);
                binder.function = Some(closure.function);
                binder.this = this;
                let site = Site::new(unit.path.clone(), function.line);
                return Some(self.make(rule.pack, &rule.ty, &binder, site, None));
            }
        }
        None
    }

    /// What an annotation of a parameter yields, where a rule about the function of its name says so.
    pub(crate) fn annotated(&self, eval: &Eval<'_, '_>, unit: &Rc<Unit>, annotation: &Annotation) -> Option<Value> {
        let Some(TypeTarget::Library(module, path)) = eval.callable_name(unit, &annotation.name) else { return None };
        let rules = self.functions.get(path.last()?.as_str())?;
        for entry in rules.iter().filter(|entry| self.speaks(entry.pack, &module, unit)) {
            let emit = self.packs[entry.pack].facts[entry.rule].emit.as_ref();
            if let Some(path) = emit.and_then(|emit| emit.value.as_ref()).and_then(|path| self.path(path)) {
                let mut binder = Binder::declaration(eval, unit, &[], &[]);
                binder.args.clone_from(&annotation.args);
                return binder.value(&path);
            }
        }
        None
    }

    /// A function that annotations made an object of, as that object; anything else as it is.
    pub(crate) fn as_object(&self, eval: &Eval<'_, '_>, value: &Value) -> Value {
        match value {
            Value::Closure(closure) => self.decorated(eval, closure).unwrap_or_else(|| value.clone()),
            other => other.clone(),
        }
    }
}

/// What an annotation stands on: a function, a class, or a field or parameter of a type.
#[derive(Clone, Copy)]
pub(super) struct On<'t> {
    pub(super) function: Option<FnRef>,
    pub(super) class: Option<ClassRef>,
    pub(super) ty: Option<&'t TypeRef>,
}

/// The rules about methods that a class only declares, because its annotation has a library write them.
pub(super) fn declared_by(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    function: FnRef,
    class: ClassRef,
    around: &[Annotation],
    hits: &mut Vec<Hit>,
) {
    let decl = unit.function(function.id);
    let Some(home) = eval.world.unit(class.file).filter(|_| decl.body.is_none()) else { return };
    // What stands at the parameters says something of the method as well.
    let mut around = around.to_vec();
    around.extend(decl.params.iter().flat_map(|param| param.annotations.iter().cloned()));
    for annotation in &home.class(class.id).annotations {
        let last = annotation.name.rsplit('.').next().unwrap_or(&annotation.name);
        let Some(rules) = eval.packs.annotations.get(format!("{last}{MEMBERS}").as_str()) else { continue };
        let Some(TypeTarget::Library(module, _)) = eval.callable_name(&home, &annotation.name) else { continue };
        for entry in rules.iter().filter(|entry| eval.packs.speaks(entry.pack, &module, &home)) {
            let annotated = Annotated {
                args_unit: home.clone(),
                args: annotation.args.clone(),
                frame: None,
                this: None,
                function: Some(function),
                class: Some(class),
                ty: None,
                around: around.clone(),
                line: decl.line,
                name: annotation.name.clone(),
            };
            let place = Place::Annotation(Rc::new(annotated));
            hits.push(Hit { pack: entry.pack, rule: entry.rule, unit: unit.clone(), place });
        }
    }
}

/// The rules that one annotation matches.
pub(super) fn annotated(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    annotation: &Annotation,
    on: On<'_>,
    around: &[Annotation],
    hits: &mut Vec<Hit>,
) {
    let On { function, class, ty } = on;
    let packs = eval.packs;
    let last = annotation.name.rsplit('.').next().unwrap_or(&annotation.name);
    let mut add = |name: &str,
                   entry: &RuleRef,
                   args_unit: &Rc<Unit>,
                   args: &[Arg],
                   frame: Option<Rc<Frame>>,
                   this: Option<Value>| {
        let annotated = Annotated {
            args_unit: args_unit.clone(),
            args: args.to_vec(),
            frame,
            this,
            function,
            class,
            around: around.to_vec(),
            line: annotation.line,
            name: name.into(),
            ty: ty.cloned(),
        };
        let place = Place::Annotation(Rc::new(annotated));
        hits.push(Hit { pack: entry.pack, rule: entry.rule, unit: unit.clone(), place });
    };
    let scope = function.and_then(|function| unit.index.parent[function.id.0 as usize]);
    for (name, receiver) in receivers(eval, unit, annotation, scope, &packs.annotations) {
        let types = packs.receiver_types(eval, &receiver);
        for entry in packs.annotations.get(name).into_iter().flatten().filter(|entry| !entry.ty.is_empty()) {
            if types.iter().any(|(pack, ty)| *pack == entry.pack && packs.is_a(*pack, ty, &entry.ty)) {
                add(last, entry, unit, &annotation.args, None, Some(receiver.clone()));
            }
        }
    }
    match eval.callable_name(unit, &annotation.name) {
        Some(TypeTarget::Library(module, path)) => {
            let exported = path.last().map_or(last, SmolStr::as_str);
            for entry in packs.annotations.get(exported).into_iter().flatten() {
                if entry.ty.is_empty() && packs.speaks(entry.pack, &module, unit) {
                    add(exported, entry, unit, &annotation.args, None, None);
                }
            }
        }
        Some(TypeTarget::Class(own)) => {
            // An annotation of the project's own may carry annotations that packs know.
            let Some(other) = eval.world.unit(own.file) else { return };
            for carried in &other.class(own.id).annotations {
                let last = carried.name.rsplit('.').next().unwrap_or(&carried.name);
                if !packs.annotations.contains_key(last) {
                    continue;
                }
                if let Some(TypeTarget::Library(module, path)) = eval.callable_name(&other, &carried.name) {
                    let exported = path.last().map_or(last, SmolStr::as_str);
                    for entry in packs.annotations.get(exported).into_iter().flatten() {
                        if entry.ty.is_empty() && packs.speaks(entry.pack, &module, &other) {
                            add(exported, entry, &other, &carried.args, None, None);
                        }
                    }
                }
            }
        }
        None => {
            // A decorator of the project's own may be made of decorators that packs know.
            let Value::Closure(closure) = eval.name_in(unit, &annotation.name, None, u32::MAX, None) else {
                return;
            };
            let Some(other) = eval.world.unit(closure.function.file) else {
                return;
            };
            let args: Vec<Value> = annotation.args.iter().map(|arg| eval.expr(unit, arg.value, None)).collect();
            let frame = eval.frame(&closure, args, true);
            for site in other.index.all_calls.iter().filter(|site| site.function == Some(closure.function.id)) {
                let Expr::Call(call) = other.expr(site.expr) else {
                    continue;
                };
                let Some(name) = last_name(&other.tree, call.callee) else {
                    continue;
                };
                if !packs.annotations.contains_key(&name) {
                    continue;
                }
                if let Value::Library(module, _) = eval.expr(&other, call.callee, Some(&frame)) {
                    for entry in packs.annotations.get(&name).into_iter().flatten() {
                        if entry.ty.is_empty() && packs.speaks(entry.pack, &module, &other) {
                            add(&name, entry, &other, &call.args, Some(frame.clone()), None);
                        }
                    }
                }
            }
        }
    }
}
