//! Objects that are written down with their fields, in languages without constructors: `Bus { topic, client }`.
//!
//! What a field holds is told by the literal an object comes from. Where only the class is known, every literal of the
//! class is one way; what such a literal takes from the parameters of the function around it is told by that function's
//! callers, once nothing nearer tells it.

use super::Eval;
use crate::value::Value;
use crate::world::{ClassRef, FnRef, Key, Unit};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::rc::Rc;
use weir_facts::Certainty;
use weir_syntax::{Call, Entry, Expr, FunctionId, TypeRef};

/// Literals of one class, and calls of one function, that are told apart.
const MOST: usize = 8;
/// How often a parameter is handed on before nobody follows it.
const MAX_HANDED: u32 = 6;

/// What calls hand in, by parameter and the way into it; `None` while it is being sought.
#[derive(Default)]
pub(super) struct Handed(RefCell<FxHashMap<Part, Option<Value>>>);

/// A parameter of a function and the way into it.
type Part = (FnRef, usize, Rc<[Key]>);

impl Handed {
    pub(super) fn forget(&self) {
        self.0.borrow_mut().clear();
    }
}

impl Eval<'_, '_> {
    /// What literals put into a field of `this`; nothing in languages with constructors.
    pub(super) fn written_down(&self, class: ClassRef, this: &Value, name: &str) -> Vec<Value> {
        let Some(unit) = self.world.unit(class.file).filter(|unit| unit.tree.language.has_impls()) else {
            return Vec::new();
        };
        match this {
            Value::Instance(instance) if instance.args.is_some() => {
                if instance.class != class {
                    return Vec::new();
                }
                let args = instance.args.as_deref().unwrap_or_default();
                self.field_given(args, name).filter(|value| !value.is_empty()).into_iter().collect()
            }
            // The parameter it is knows better; who calls tells.
            Value::Instance(instance) if instance.source.is_some() => Vec::new(),
            Value::Instance(_) | Value::This(_) => self.in_literals(&unit, class, name),
            _ => Vec::new(),
        }
    }

    fn field_given(&self, args: &[Value], name: &str) -> Option<Value> {
        match (args, name.parse::<usize>()) {
            ([fields @ Value::Object(_)], Err(_)) => Some(self.member(fields, name)),
            (args, Ok(at)) => args.get(at).cloned(),
            _ => None,
        }
    }

    /// What every literal of a class puts into a field.
    fn in_literals(&self, declared: &Rc<Unit>, class: ClassRef, name: &str) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        self.each_literal(declared, class, &mut |unit, call| {
            let value = field_of(unit, call, name);
            if let Some(value) = value {
                let value = self.expr(unit, value, None);
                if !value.is_empty() && !values.contains(&value) && values.len() < MOST {
                    values.push(value);
                }
            }
        });
        values
    }

    /// Every literal of a class outside tests.
    fn each_literal(&self, declared: &Rc<Unit>, class: ClassRef, run: &mut dyn FnMut(&Rc<Unit>, &Call)) {
        let class_name = declared.class(class.id).name.clone();
        let mut units = self.world.searched();
        if !units.iter().any(|unit| unit.file == declared.file) {
            units.push(declared.clone());
        }
        for unit in units.iter().filter(|unit| !unit.test || declared.test) {
            for site in unit.index.calls.get(&class_name).into_iter().flatten() {
                let (Expr::New(call) | Expr::Call(call)) = unit.expr(site.expr) else { continue };
                let in_test = site.function.is_some_and(|function| self.is_test_code(unit, function));
                if (!in_test || declared.test) && self.expr(unit, call.callee, None) == Value::Class(class) {
                    run(unit, call);
                }
            }
        }
    }

    /// True where the calls that hand in the parameters of a value all say the same.
    pub(crate) fn is_told(&self, value: &Value) -> bool {
        let settled = self.ask(|| self.settled(value)).value;
        !settled.is_symbolic() && !matches!(settled, Value::Choice(_) | Value::Opaque(_) | Value::Null)
    }

    /// A value in which parameters that nobody tells any more are what the calls of their functions hand in.
    pub(crate) fn settled(&self, value: &Value) -> Value {
        self.settled_within(value, 0)
    }

    pub(super) fn settled_within(&self, value: &Value, depth: u32) -> Value {
        match value {
            Value::Param(function, at, path) => {
                let Some(unit) = self.world.unit(function.file).filter(|unit| unit.tree.language.has_impls()) else {
                    return value.clone();
                };
                let found = self.handed_in(&unit, *function, *at, path, depth);
                if found.is_empty() { value.clone() } else { found }
            }
            Value::Concat(parts) => Value::concat(parts.iter().map(|part| self.settled_within(part, depth)).collect()),
            Value::Choice(options) => {
                Value::choice(options.iter().map(|option| self.settled_within(option, depth)).collect())
            }
            _ => value.clone(),
        }
    }

    /// The parameter behind a member of an object that is one, in languages whose objects are written down.
    pub(super) fn member_of_source(&self, unit: &Unit, this: &Value, name: &str) -> Option<Value> {
        let Value::Instance(instance) = this else { return None };
        let source = instance.source.as_ref().filter(|_| unit.tree.language.has_impls())?;
        matches!(source, Value::Param(..) | Value::Env(..)).then(|| self.member(source, name))
    }

    /// The objects that calls hand in where an interface is declared; none where one of them is not known.
    pub(super) fn objects_given(&self, this: &Value) -> Vec<Value> {
        let Value::Instance(instance) = this else { return Vec::new() };
        let Some(source @ Value::Param(..)) = &instance.source else { return Vec::new() };
        let settled = self.settled_within(source, 1);
        let objects: Vec<Value> = settled.alternatives().to_vec();
        let is_object = |value: &Value| match value {
            Value::Instance(object) => object.class != instance.class && object.args.is_some(),
            Value::Class(class) => *class != instance.class,
            _ => false,
        };
        if objects.iter().all(is_object) { objects } else { Vec::new() }
    }

    fn handed_in(&self, unit: &Rc<Unit>, function: FnRef, at: usize, path: &[Key], depth: u32) -> Value {
        let key = (function, at, Rc::from(path));
        if let Some(known) = self.handed.0.borrow().get(&key) {
            return known.clone().unwrap_or_else(|| Value::opaque("the value depends on itself"));
        }
        self.handed.0.borrow_mut().insert(key.clone(), None);
        let value = self.seek_handed_in(unit, function, at, path, depth);
        self.handed.0.borrow_mut().insert(key, Some(value.clone()));
        value
    }

    fn seek_handed_in(&self, unit: &Rc<Unit>, function: FnRef, at: usize, path: &[Key], depth: u32) -> Value {
        if depth >= MAX_HANDED {
            return Value::opaque("it is handed on too often");
        }
        let mut values = Vec::new();
        for (other, call) in self.calls_of(unit, function) {
            let Some(arg) = call.args.get(at) else { continue };
            let value = self.expr(&other, arg.value, None);
            let value = self.walk(&value, path);
            values.push(self.settled_within(&value, depth + 1));
        }
        let value = Value::choice(values);
        if !value.is_empty() && !matches!(value, Value::Param(..)) {
            self.doubt(Certainty::Likely);
            return value;
        }
        // Nobody calls it by name (a framework does): every object of the declared class may be it.
        let declared = unit.function(function.id).params.get(at).and_then(|param| param.ty.as_ref());
        let class = declared.and_then(|ty| self.class_declared(unit, ty));
        let (Some(class), Some((Key::Name(field), rest))) = (class, path.split_first()) else {
            return Value::opaque("nobody hands it in");
        };
        let Some(home) = self.world.unit(class.file).filter(|_| self.has_methods(class)) else {
            return self.default_told(class, field, rest);
        };
        let held = self.in_literals(&home, class, field);
        let held = held.iter().map(|value| self.settled_within(&self.walk(value, rest), depth + 1));
        let value = Value::choice(held.collect());
        self.doubt(Certainty::Likely);
        if value.is_empty() { self.default_told(class, field, rest) } else { value }
    }

    /// The default that the attributes of a field say, where nobody makes the object that is read from outside.
    fn default_told(&self, class: ClassRef, field: &str, rest: &[Key]) -> Value {
        let object = Value::Instance(Rc::new(crate::value::Instance::of(class)));
        let told = self.told_by_attributes(class, &object, field).filter(|_| rest.is_empty());
        if told.is_some() {
            self.doubt(Certainty::Likely);
        }
        told.unwrap_or_else(|| Value::opaque("nobody hands it in"))
    }

    /// The calls of a function in the searched files, tests left out.
    fn calls_of(&self, home: &Rc<Unit>, function: FnRef) -> Vec<(Rc<Unit>, Call)> {
        let name: SmolStr = home.function(function.id).name.clone();
        let mut found = Vec::new();
        if name.is_empty() {
            return found;
        }
        for (unit, site) in self.world.call_sites(&name, function.file) {
            let Expr::Call(call) = unit.expr(site.expr) else { continue };
            let inside = |scope: FunctionId| {
                let method = self.method_of_scope(&unit, scope);
                unit.file == function.file && method == function.id
            };
            if site.function.is_some_and(|scope| inside(scope) || self.is_test_code(&unit, scope)) {
                continue;
            }
            if self.callees(&unit, call, None).iter().any(|closure| closure.function == function) {
                found.push((unit.clone(), call.clone()));
            }
            if found.len() >= MOST {
                return found;
            }
        }
        found
    }

    /// The project class that a type means, through what only wraps it.
    fn class_declared(&self, unit: &Rc<Unit>, ty: &TypeRef) -> Option<ClassRef> {
        match self.declared(unit, ty, weir_facts::Site::default(), None)? {
            Value::Instance(instance) => Some(instance.class),
            _ => None,
        }
    }
}

/// The value that a literal gives a field.
fn field_of(unit: &Unit, call: &Call, name: &str) -> Option<weir_syntax::ExprId> {
    if let Ok(at) = name.parse::<usize>() {
        return call.args.get(at).map(|arg| arg.value);
    }
    let Expr::Object(entries) = unit.expr(call.args.first()?.value) else { return None };
    entries.iter().find_map(|entry| match entry {
        Entry::Field { key, value } if key == name => Some(*value),
        _ => None,
    })
}
