//! Objects in languages that make them with literals: which ones a method may run on, and what their fields hold.
//!
//! There is no constructor to ask. An object is a literal somewhere, most often in a function that others call; what
//! the field holds is what the literal says under the arguments of that call, and what options and methods left there
//! afterwards.

use super::Eval;
use super::contexts::{Context, MAX_CONTEXTS};
use super::types::TypeTarget;
use crate::source::{FileId, Mention};
use crate::value::{Closure, Instance, Value};
use crate::world::{ClassRef, FnRef, Unit};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, ExprId, FunctionId, TypeKind, TypeRef};

/// Files that may say a word for it to be worth a look at all of them.
const FEW_FILES: usize = 150;
/// Embedded structs that nest.
const MAX_EMBEDDED: u32 = 6;

/// What is known of objects; `None` while it is being sought.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) contexts: RefCell<FxHashMap<FnRef, Option<Rc<[Context]>>>>,
    made: RefCell<FxHashMap<ClassRef, Option<Rc<[Value]>>>>,
    pub(super) implementers: RefCell<FxHashMap<ClassRef, Rc<[ClassRef]>>>,
    /// Keys under which structs are filled from configuration.
    pub(super) configured: RefCell<FxHashMap<ClassRef, Option<SmolStr>>>,
    wanted: RefCell<BTreeSet<Mention>>,
}

impl Objects {
    pub(super) fn forget(&self) {
        self.contexts.borrow_mut().clear();
        self.made.borrow_mut().clear();
        self.implementers.borrow_mut().clear();
        self.configured.borrow_mut().clear();
    }
}

impl Eval<'_, '_> {
    /// What files must say that show more of the objects asked for so far.
    pub(crate) fn wanted(&self) -> BTreeSet<Mention> {
        self.objects.wanted.take()
    }

    pub(super) fn want(&self, word: &SmolStr) {
        let known = word.len() <= 2 || self.objects.wanted.borrow().contains(&Mention::of(word.clone()));
        if !known && self.world.files_saying(word) <= FEW_FILES {
            self.objects.wanted.borrow_mut().insert(Mention::of(word.clone()));
        }
    }

    /// `object.name` where the class is a struct; methods were looked for already.
    pub(super) fn struct_member(&self, class: ClassRef, this: &Value, name: &str) -> Value {
        let Some((owner, ty, line)) = self.declared_field(class, name) else {
            return Value::opaque("the struct has no such field");
        };
        let part = ty.clone();
        let value = self.field_of_struct(class, this, name, (owner, ty, line));
        let value = self.or_flagged(owner, name, value);
        // A struct inside a struct is there, whatever its fields hold.
        if value.is_empty()
            && let Some(unit) = self.world.unit(owner.file)
            && let Some(zero @ Value::Instance(_)) = self.zero(&unit, &part)
        {
            return zero;
        }
        value
    }

    fn field_of_struct(
        &self,
        class: ClassRef,
        this: &Value,
        name: &str,
        (owner, ty, line): (ClassRef, TypeRef, u32),
    ) -> Value {
        let Some(unit) = self.world.unit(owner.file) else {
            return Value::opaque("the file cannot be read");
        };
        if let Some(map) = self.filled_map(owner, &ty, this, name) {
            return map;
        }
        let site = Site::new(unit.path.clone(), line);
        let declared = || self.declared(&unit, &ty, site.clone(), None);
        let prefix = match this {
            Value::Instance(instance) => match (&instance.source, &instance.args) {
                (Some(Value::Env(prefix, _)), None) => Some(prefix.clone()),
                _ => self.configured(class),
            },
            _ => self.configured(class),
        };
        let configured = || prefix.as_ref().and_then(|prefix| self.configured_field(class, prefix, name));
        match this {
            Value::Instance(instance) if instance.args.is_some() => {
                let later = self.set_later(owner, instance, this, name);
                let value = if later.is_empty() { self.literal_field(instance, name, 0) } else { later };
                let value = if value.is_empty() { self.set_where_made(instance, name).unwrap_or(value) } else { value };
                let value = if value.is_empty() { configured().unwrap_or(value) } else { value };
                if value.is_empty() { declared().unwrap_or(value) } else { value }
            }
            _ if prefix.is_some() => configured()
                .or_else(declared)
                .unwrap_or_else(|| Value::opaque("a field that configuration does not fill")),
            Value::Instance(instance) => {
                let part = instance.source.as_ref().map(|source| self.member(source, name));
                if let Some(part) = part.filter(|_| self.is_plain(&unit, &ty)) {
                    return part;
                }
                let value = self.of_any_object(class, name);
                if value.is_empty() { declared().unwrap_or(value) } else { value }
            }
            _ if self.is_plain(&unit, &ty) => {
                let values = self.made(class);
                let values: Vec<Value> = values.iter().map(|object| self.member(object, name)).collect();
                match values.split_first() {
                    Some((first, rest)) if rest.iter().all(|other| other == first) && !first.is_symbolic() => {
                        first.clone()
                    }
                    // Which object it is decides.
                    Some(_) => Value::Abstract(class, name.into()),
                    None => {
                        let later = self.set_by_methods(owner, this, name);
                        if later.is_empty() { Value::Abstract(class, name.into()) } else { later }
                    }
                }
            }
            _ => {
                let value = self.of_any_object(class, name);
                let value = if value.is_empty() { self.set_by_methods(owner, this, name) } else { value };
                if value.is_empty() { declared().unwrap_or(value) } else { value }
            }
        }
    }

    /// The field in any object that the program makes of a class.
    fn of_any_object(&self, class: ClassRef, name: &str) -> Value {
        let values = self.made(class).iter().map(|object| self.member(object, name)).collect();
        Value::choice(values)
    }

    /// True for fields whose value is text or a number, not an object that does something.
    fn is_plain(&self, unit: &Rc<Unit>, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Named { name, .. } if matches!(name.as_str(), "map" | "chan" | "any" | "error" | "tuple") => false,
            TypeRef::Named { name, .. } => match self.type_name(unit, name) {
                Some(TypeTarget::Class(class)) => self.is_alias(class) && !self.is_function(class),
                Some(TypeTarget::Library(..)) => false,
                None => true,
            },
            TypeRef::List(element) => self.is_plain(unit, element),
            _ => false,
        }
    }

    fn is_function(&self, class: ClassRef) -> bool {
        self.world
            .unit(class.file)
            .is_some_and(|unit| matches!(unit.class(class.id).alias, Some(TypeRef::Function(..))))
    }

    /// The struct that declares a field, embedded ones included, with its type.
    fn declared_field(&self, class: ClassRef, name: &str) -> Option<(ClassRef, TypeRef, u32)> {
        self.chain(class).into_iter().find_map(|owner| {
            let unit = self.world.unit(owner.file)?;
            let field = unit.class(owner.id).fields.iter().find(|field| field.name == name)?;
            Some((owner, field.ty.clone().unwrap_or(TypeRef::Other), field.line))
        })
    }

    /// The value of a struct that is declared and given no value: all its fields are there and empty.
    pub(super) fn zero(&self, unit: &Rc<Unit>, ty: &TypeRef) -> Option<Value> {
        if !unit.tree.language.has_struct_literals() {
            return None;
        }
        match self.type_name(unit, ty.name()?)? {
            TypeTarget::Class(class) => {
                let other = self.world.unit(class.file)?;
                let is_struct = other.class(class.id).kind == TypeKind::Class;
                is_struct.then(|| Value::Instance(Rc::new(Instance { args: Some(Vec::new()), ..Instance::of(class) })))
            }
            TypeTarget::Library(module, path) => {
                let known = self.packs.types_named(&module, &path, unit);
                known.is_empty().then(|| Value::Object(Rc::default()))
            }
        }
    }

    /// What the literal of an object says about a field, its own or that of an embedded struct.
    fn literal_field(&self, instance: &Instance, name: &str, depth: u32) -> Value {
        let Some(unit) = self.world.unit(instance.class.file) else {
            return Value::opaque("the file cannot be read");
        };
        let decl = unit.class(instance.class.id);
        let args = instance.args.as_deref().unwrap_or_default();
        let field = |name: &str| match args {
            [Value::Object(object)] => {
                object.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
            }
            positional if positional.len() == decl.fields.len() => {
                decl.fields.iter().position(|field| field.name == name).and_then(|at| positional.get(at)).cloned()
            }
            _ => None,
        };
        if let Some(value) = field(name) {
            return value;
        }
        let embedded = decl.bases.iter().filter_map(TypeRef::name).map(|base| base.rsplit('.').next().unwrap_or(base));
        for base in embedded {
            if let Some(Value::Instance(inner)) = field(base)
                && depth < MAX_EMBEDDED
            {
                let value = self.literal_field(&inner, name, depth + 1);
                if !value.is_empty() {
                    return value;
                }
            }
        }
        Value::opaque("the field is never given a value")
    }

    /// The objects of a class that the program makes, as the functions that make them are called.
    pub(super) fn made(&self, class: ClassRef) -> Rc<[Value]> {
        if let Some(known) = self.objects.made.borrow().get(&class) {
            return known.clone().unwrap_or_else(|| {
                self.bounded();
                Rc::from([])
            });
        }
        self.objects.made.borrow_mut().insert(class, None);
        let mut found: Vec<Value> = Vec::new();
        let name = self.class_name(class);
        for unit in self.world.making(&name) {
            for site in unit.index.calls.get(&name).into_iter().flatten() {
                let Expr::New(call) = unit.expr(site.expr) else { continue };
                if self.expr(&unit, call.callee, None) != Value::Class(class) {
                    continue;
                }
                for object in self.made_at(&unit, site.expr, class) {
                    if !found.contains(&object) && found.len() < MAX_CONTEXTS {
                        found.push(object);
                    }
                }
            }
        }
        let found: Rc<[Value]> = found.into();
        self.objects.made.borrow_mut().insert(class, Some(found.clone()));
        found
    }

    /// The objects that one literal makes.
    fn made_at(&self, unit: &Rc<Unit>, literal: ExprId, class: ClassRef) -> Vec<Value> {
        let Some(scope) = unit.index.scope[literal.0 as usize] else {
            return vec![self.expr(unit, literal, None)];
        };
        let function = FnRef { file: unit.file, id: self.method_of_scope(unit, scope) };
        let mut found = Vec::new();
        for context in self.contexts(function, 0).iter() {
            let closure = Closure { function, this: context.frame.this.clone(), frame: None };
            let result = self.inline(&closure, context.frame.args.clone(), context.frame.complete);
            let result = match context.call {
                Some(call) => self.fresh(&closure, self.first_result(&result), call),
                None => self.first_result(&result),
            };
            let ours = result.alternatives().iter().filter(|value| {
                matches!(value, Value::Instance(instance) if instance.class == class && instance.args.is_some())
            });
            let before = found.len();
            found.extend(ours.cloned());
            if found.len() == before {
                found.push(self.expr(unit, literal, Some(&context.frame)));
            }
        }
        found
    }

    /// Objects that a call made are told apart by that call, however many share the literal behind it.
    pub(super) fn fresh(&self, closure: &Closure, value: Value, call: (FileId, ExprId)) -> Value {
        let Some(unit) = self.world.unit(closure.function.file) else { return value };
        if !unit.tree.language.has_struct_literals() {
            return value;
        }
        let of_callee = |(file, expr): (FileId, ExprId)| {
            file == unit.file
                && unit.index.scope.get(expr.0 as usize).copied().flatten().is_some_and(|scope| {
                    self.method_of_scope(&unit, scope) == self.method_of_scope(&unit, closure.function.id)
                })
        };
        match value {
            Value::Instance(instance) if instance.origin.is_some_and(of_callee) => {
                Value::Instance(Rc::new(Instance { origin: Some(call), ..instance.as_ref().clone() }))
            }
            Value::List(items) => {
                Value::List(items.iter().map(|item| self.fresh(closure, item.clone(), call)).collect())
            }
            Value::Choice(options) => {
                Value::choice(options.iter().map(|option| self.fresh(closure, option.clone(), call)).collect())
            }
            other => other,
        }
    }

    /// A value that a function gives to a variable of its file: where all who call the function say the same, that is
    /// the value. Who reads the variable need not come from them.
    pub(super) fn set_once(&self, unit: &Rc<Unit>, setter: FunctionId, value: ExprId, assigned: Value) -> Value {
        let function = FnRef { file: unit.file, id: self.method_of_scope(unit, setter) };
        if !unit.tree.language.has_struct_literals() || !assigned.depends_on(function) {
            return assigned;
        }
        let entered = self.entered(function);
        let mut values = entered.iter().map(|frame| self.expr(unit, value, Some(frame)));
        match values.next() {
            Some(first) if !first.is_symbolic() && !first.is_empty() && values.all(|other| other == first) => first,
            _ => assigned,
        }
    }
}
