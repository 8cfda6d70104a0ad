//! What a name or `this` means at a place: parameters, locals, fields, imports, globals.

use super::Eval;
use super::appended::Appended;
use super::meant::{in_sight, meant};
use crate::value::{Frame, Value};
use crate::world::{ClassRef, Def, FnRef, Holding, Key, Target, Unit};
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, ExprId, FunctionId, Imported, Language, Stmt};

impl Eval<'_, '_> {
    /// The value of a name used at `id`.
    pub(super) fn name(&self, unit: &Rc<Unit>, name: &str, id: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        let scope = unit.index.scope.get(id.0 as usize).copied().flatten();
        if scope.is_none()
            && let Some(class) = unit.index.field_class.get(&id)
            && let Some(member) = self.implicit_in_class(unit, name, *class, unit.index.called.contains(&id), frame)
        {
            return member;
        }
        self.name_seen(unit, name, scope, unit.line(id), Some(id), frame)
    }

    /// The value of a name seen from a scope at a line.
    pub(crate) fn name_in(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        from: Option<FunctionId>,
        line: u32,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        self.name_seen(unit, name, from, line, None, frame)
    }

    #[allow(clippy::too_many_arguments)]
    fn name_seen(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        from: Option<FunctionId>,
        line: u32,
        at: Option<ExprId>,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let called = at.is_none_or(|at| unit.index.called.contains(&at));
        let mut scope = from;
        loop {
            if let Some(defs) = unit.index.defs.get(&(scope, name.into()))
                && let Some(defs) = in_sight(unit, defs, at.filter(|_| scope.is_some()))
            {
                let value = self.defs(
                    unit,
                    name,
                    &meant(unit, &defs, scope, scope == from, (line, at)),
                    scope,
                    scope == from,
                    line,
                    frame,
                );
                return match scope {
                    Some(function) => {
                        let line = if scope == from { line } else { u32::MAX };
                        let value = self.overwritten(unit, function, name, value);
                        self.mutated(unit, function, name, line, value, frame)
                    }
                    None => value,
                };
            }
            let Some(function) = scope else { break };
            if unit.function(function).receiver.as_deref() == Some(name) {
                let this = self.receiver(unit, function, frame);
                return self.mutated(unit, function, name, line, this, frame);
            }
            if let Some(member) = self.implicit_in_function(unit, name, function, called, line, frame) {
                return member;
            }
            scope = unit.index.parent[function.0 as usize];
        }
        if unit.tree.language == Language::Rust {
            if name == "None" {
                return Value::Null;
            }
            if let Some(value) = self.type_parameter(unit, name, from, frame) {
                return value;
            }
            // A macro is brought in under its name without the mark.
            if let Some(bare) = name.strip_suffix('!')
                && let Some(Target::Library(module, path)) = self.world.local(unit, bare, 0)
                && let Some((last, rest)) = path.split_last()
            {
                let path = rest.iter().cloned().chain([format!("{last}!").into()]).collect();
                return Value::Library(module, path);
            }
        }
        if let Some(target) = self.world.around(unit, name) {
            return self.target(&target);
        }
        let module = self.packs.brought_in(self, unit, name).unwrap_or_default();
        Value::Library(module, Rc::from([name.into()]))
    }

    #[allow(clippy::too_many_arguments)]
    fn defs(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        defs: &[Def],
        scope: Option<FunctionId>,
        same: bool,
        line: u32,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        // Inside one function the nearest declaration before the use is meant; block scopes are not kept apart otherwise.
        let nearest = defs
            .iter()
            .filter_map(|def| match def {
                Def::Let { line: at, .. } if !same || scope.is_none() || *at <= line => Some(*at),
                _ => None,
            })
            .max();
        let mut values = Vec::new();
        // What branches put behind the value so far.
        let mut ways: Option<Appended> = None;
        let mut declared = None;
        for def in defs {
            // What stands outside every function is the same whoever asks; what a function puts there may be its own.
            let frame = frame.filter(|_| scope.is_some() || matches!(def, Def::Assign { .. }));
            match def {
                Def::Let { stmt, value, path, default, line: at } => {
                    if nearest.is_some_and(|nearest| nearest != *at) {
                        continue;
                    }
                    if let Stmt::Let { ty: Some(ty), .. } = &unit.tree.stmts[stmt.0 as usize] {
                        declared = Some((ty, *at));
                    }
                    if let Some(value) = value {
                        let whole = self.expr(unit, *value, frame);
                        let part = match path.as_slice() {
                            [Key::At(at), rest @ ..] if unit.tree.language.has_struct_literals() => {
                                self.walk(&self.result_at(&whole, *at), rest)
                            }
                            path => self.walk(&whole, path),
                        };
                        let part = match (part, default) {
                            (part, Some(default)) if part.is_empty() => self.expr(unit, *default, frame),
                            (part, _) => part,
                        };
                        let part = match declared {
                            Some((ty, _)) => match self.narrowed(unit, ty, part) {
                                Some(part) => part,
                                // What never has the type is not there, whatever the declaration says of it.
                                None => return Value::opaque("no value has the type that is asked for"),
                            },
                            None => part,
                        };
                        if matches!(part, Value::Text(_) | Value::Env(..) | Value::Object(_) | Value::List(_)) {
                            self.hop(Site::new(unit.path.clone(), *at), format!("{name} is declared here"));
                        }
                        values.push(part);
                    }
                }
                Def::Assign { value, line: at } => {
                    // Within the function itself only what was assigned before counts; elsewhere anything may have run.
                    if same && scope.is_some() && *at > line {
                        continue;
                    }
                    if matches!(defs.first(), Some(Def::Param { .. }))
                        && let Some(holding) = unit.index.fallbacks.get(value)
                    {
                        match runs_for(*holding, &values) {
                            Some(false) => continue,
                            // What it holds then is what is put in.
                            Some(true) if *holding != Holding::Nothing => {
                                let before = std::mem::take(&mut values);
                                let assigned = self.expr(unit, *value, frame);
                                values.push(if assigned.is_empty() { Value::choice(before) } else { assigned });
                                continue;
                            }
                            _ => {}
                        }
                    }
                    let assigned = self.expr(unit, *value, frame);
                    let assigned = match unit.index.scope[value.0 as usize].filter(|_| scope.is_none()) {
                        Some(setter) => self.set_once(unit, setter, *value, assigned),
                        None => assigned,
                    };
                    values.push(assigned);
                }
                Def::Param { function, at, path } => values.push(self.param(unit, *function, *at, path, frame)),
                Def::Each { over, path } => {
                    let over_map = self.expr(unit, *over, frame);
                    if unit.tree.language.has_struct_literals()
                        && let Some(part) = self.ranged_over(&over_map, path)
                    {
                        values.push(part);
                        continue;
                    }
                    let values_of = match over_map {
                        map @ Value::Object(_) if unit.tree.language == Language::Rust => self.pairs_of(&map),
                        Value::Object(map) if unit.tree.language == Language::Python => super::maps::keys_of(&map),
                        over => over,
                    };
                    // The result of a generator is what it yields.
                    let generates = matches!(unit.expr(*over), Expr::Call(call) if self.generates(unit, call, frame));
                    let element = if generates { values_of } else { self.every(&values_of) };
                    let element = match element {
                        unknown @ (Value::Opaque(_) | Value::Param(..)) => {
                            self.declared_one(unit, *over, &unknown, frame).unwrap_or(unknown)
                        }
                        element => element,
                    };
                    values.push(self.walk(&element, path));
                }
                Def::Function(function) => {
                    return Value::Closure(Rc::new(crate::value::Closure {
                        function: FnRef { file: unit.file, id: *function },
                        this: None,
                        frame: frame.cloned(),
                    }));
                }
                Def::Type(ty) => {
                    return self.class_value(ClassRef { file: unit.file, id: *ty });
                }
                Def::Import(at) => {
                    return match self.world.import(unit, *at, 0) {
                        Some(target) => self.target(&target),
                        // A macro may have made it; its name still tells something.
                        None if unit.tree.language.has_impls() => {
                            let import = &unit.tree.imports[*at];
                            match &import.imported {
                                Imported::Name(name) => Value::Library(import.module.clone(), Rc::from([name.clone()])),
                                _ => Value::opaque("the import is not part of the tree"),
                            }
                        }
                        None => Value::opaque("the import is not part of the tree"),
                    };
                }
                Def::Append { value, line: at, arms } if !same || scope.is_none() || *at < line => {
                    let behind = self.expr(unit, *value, frame);
                    // Where the block around has run, it is not asked whether it did.
                    let arms = if same && unit.index.reaches.has_run(*value, line) { &[] } else { arms.as_slice() };
                    let before = ways.take().filter(|_| values.len() == 1);
                    let before = before.unwrap_or_else(|| Appended::onto(Value::choice(std::mem::take(&mut values))));
                    let after = before.put(&behind, arms);
                    values = vec![after.value()];
                    ways = Some(after);
                }
                Def::Append { .. } | Def::Push { .. } | Def::Entry { .. } => {}
                Def::Unknown => values.push(Value::opaque("bound at run time")),
            }
        }
        let value = self.with_pushed(unit, Value::choice(values), defs, frame);
        let value = self.with_steps(unit, name, scope, value, frame);
        let value = match declared {
            Some((ty, at)) => self.as_declared(unit, ty, value, Site::new(unit.path.clone(), at)),
            None => value,
        };
        if (value.is_empty() || value.as_text() == Some(""))
            && scope.is_none()
            && let Some(flag) = self.flagged_variable(unit, name)
        {
            return flag;
        }
        if value.is_empty()
            && let Some((ty, _)) = declared
        {
            let zero = self.zero(unit, ty);
            let zero = zero.or_else(|| self.zero_of_parameter(unit, ty.name()?, scope, frame));
            if let Some(zero) = zero {
                return zero;
            }
        }
        if value.is_empty()
            && let Some((ty, at)) = declared
            && let Some(typed) = self.declared(unit, ty, Site::new(unit.path.clone(), at), None)
        {
            return typed;
        }
        // A part of what callers hand in is what the variable is declared as, as a parameter would be.
        if let (Value::Param(..), Some((ty, at))) = (&value, declared)
            && let Some(object @ Value::Typed(_)) =
                self.declared(unit, ty, Site::new(unit.path.clone(), at), Some(value.clone()))
        {
            return object;
        }
        value
    }

    /// What a list hands to a callback that walks over it.
    pub(super) fn element_param(
        &self,
        unit: &Rc<Unit>,
        function: FunctionId,
        at: usize,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let (call, 0, None) = unit.index.argument_of.get(&function)? else { return None };
        let Expr::Call(call) = unit.expr(*call) else { return None };
        let Expr::Member { object, name } = unit.expr(call.callee) else { return None };
        let position = match name.as_str() {
            "map"
            | "for_each_concurrent"
            | "forEach"
            | "onEach"
            | "ForEach"
            | "Select"
            | "SelectMany"
            | "ConvertAll"
            | "flatMap"
            | "filter"
            | "some"
            | "every"
            | "find"
            | "for_each" => 0,
            "reduce" => 1,
            _ => return None,
        };
        if at != position {
            return None;
        }
        let list = self.expr(unit, *object, frame);
        matches!(list, Value::List(_) | Value::Choice(_) | Value::Param(..)).then(|| self.every(&list))
    }

    /// The value of a top-level name, an exported value, a module, or a library's name.
    pub(crate) fn target(&self, target: &Target) -> Value {
        match target {
            Target::Module(file) => Value::Module(*file),
            Target::Package(package) => Value::Package(*package),
            Target::Member(file, ty, name) => {
                let whole = self.target(&Target::Named(*file, ty.clone()));
                self.member(&whole, name)
            }
            Target::Library(module, path) => Value::Library(module.clone(), path.clone().into()),
            Target::Named(file, name) => match self.world.unit(*file) {
                Some(unit) => self.name_in(&unit, name, None, u32::MAX, None),
                None => Value::opaque("the file cannot be read"),
            },
            Target::Value(file, value) => match self.world.unit(*file) {
                Some(unit) => self.expr(&unit, *value, None),
                None => Value::opaque("the file cannot be read"),
            },
        }
    }
}

/// Whether an assignment runs that asks what its name holds, where that is known of all it may hold.
fn runs_for(holding: Holding, values: &[Value]) -> Option<bool> {
    let all: Vec<&Value> = values.iter().flat_map(Value::alternatives).collect();
    if all.is_empty() || all.iter().any(|value| value.is_symbolic() || matches!(value, Value::Opaque(_))) {
        return None;
    }
    let text = |value: &&&Value| matches!(value, Value::Text(_) | Value::Env(..) | Value::Concat(_));
    let list = |value: &&&Value| matches!(value, Value::List(_));
    let fitting = match holding {
        Holding::Nothing => all.iter().filter(|value| value.is_empty()).count(),
        Holding::Text => all.iter().filter(text).count(),
        Holding::NoText => all.len() - all.iter().filter(text).count(),
        Holding::List => all.iter().filter(list).count(),
        Holding::NoList => all.len() - all.iter().filter(list).count(),
    };
    match fitting {
        0 => Some(false),
        some if some == all.len() => Some(true),
        _ => None,
    }
}
