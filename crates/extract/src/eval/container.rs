//! What a dependency container is told: which class stands for an interface, which section of the configuration fills
//! an object of options.

use super::Eval;
use crate::value::{Closure, Instance, Value};
use crate::world::{ClassRef, FnRef, Unit};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::rc::Rc;
use weir_facts::Certainty;
use weir_syntax::{FunctionId, TypeRef};

/// The table of implementations by what they are registered as.
pub(super) const IMPLEMENTATIONS: &str = "implementations";
/// The table of functions that a container calls with the results of others.
const SUPPLIERS: &str = "suppliers";
/// Functions of one container that are looked at.
const MAX_SUPPLIERS: usize = 200;
/// The table of configuration sections by the class they fill.
const OPTIONS: &str = "options";

/// What a container hands to parameters, as far as it was asked; nothing while it is being sought.
#[derive(Default)]
pub(super) struct Supplied(RefCell<FxHashMap<(FnRef, usize), Option<Value>>>);

impl Supplied {
    pub(super) fn forget(&self) {
        self.0.borrow_mut().clear();
    }
}

impl Eval<'_, '_> {
    /// A method of what is registered for an interface; `None` where nothing in the program is.
    pub(super) fn registered(&self, class: ClassRef, this: &Value, name: &str) -> Option<Value> {
        let path = self.asking(class, this);
        let values = self.packs.registry.lookup(IMPLEMENTATIONS, &Value::Class(class), &path);
        let mut found: Vec<Value> = Vec::new();
        let mut implementations: Vec<ClassRef> = Vec::new();
        for value in values.iter().flat_map(|value| value.alternatives()) {
            let (implementation, object) = match value {
                Value::Class(below) => {
                    let source = match this {
                        Value::Instance(instance) => instance.source.clone(),
                        _ => None,
                    };
                    let types = match this {
                        Value::Instance(instance) => instance.types.clone(),
                        _ => Vec::new(),
                    };
                    (*below, Value::Instance(Rc::new(Instance { source, types, ..Instance::of(*below) })))
                }
                Value::Instance(instance) => (instance.class, value.clone()),
                _ => continue,
            };
            if implementation == class || !self.is_a(implementation, class) {
                continue;
            }
            // Of methods of one name the arguments of the call choose.
            let methods = self.methods(implementation, name);
            if methods.is_empty() || implementations.contains(&implementation) {
                continue;
            }
            implementations.push(implementation);
            found.push(self.closures(methods, &object));
        }
        if found.len() > 1 {
            self.doubt(Certainty::Likely);
        }
        (!found.is_empty()).then(|| Value::choice(found))
    }

    /// What a container hands to a parameter of a function that it calls: the result of the one function it was told of
    /// that has the parameter's type.
    pub(super) fn of_supplier(&self, unit: &Rc<Unit>, function: FunctionId, at: usize) -> Option<Value> {
        if !unit.tree.language.has_struct_literals() {
            return None;
        }
        let place = (FnRef { file: unit.file, id: function }, at);
        if let Some(known) = self.supplied.0.borrow().get(&place) {
            return known.clone();
        }
        // Functions that need each other's results get nothing.
        self.supplied.0.borrow_mut().insert(place, None);
        let found = self.seek_supplier(unit, function, at);
        self.supplied.0.borrow_mut().insert(place, found.clone());
        found
    }

    fn seek_supplier(&self, unit: &Rc<Unit>, function: FunctionId, at: usize) -> Option<Value> {
        let suppliers = self.packs.registry.all(SUPPLIERS, &unit.path);
        let own = FnRef { file: unit.file, id: function };
        let closures: Vec<&Rc<Closure>> = suppliers
            .iter()
            .filter_map(|value| match value {
                Value::Closure(closure) => Some(closure),
                _ => None,
            })
            .take(MAX_SUPPLIERS)
            .collect();
        if !closures.iter().any(|closure| closure.function == own) {
            return None;
        }
        let wanted = self.named_type(unit, unit.function(function).params.get(at)?.ty.as_ref()?)?;
        let supplies = |closure: &&Rc<Closure>| {
            let Some(home) = self.world.unit(closure.function.file) else { return false };
            let returns = home.function(closure.function.id).returns.clone();
            closure.function != own && returns.and_then(|ty| self.named_type(&home, &ty)).is_some_and(|ty| ty == wanted)
        };
        let mut fits = closures.into_iter().filter(supplies);
        let (one, more) = (fits.next()?, fits.next());
        if more.is_some() {
            return None;
        }
        // It is called with what the container has for it in turn.
        let home = self.world.unit(one.function.file)?;
        let params = 0..home.function(one.function.id).params.len();
        let open = |at: usize| Value::Param(one.function, at, Rc::from([]));
        let given = params.map(|at| {
            let supplied = self.of_supplier(&home, one.function.id, at);
            supplied.or_else(|| self.declared_param(&home, one.function.id, at, &[])).unwrap_or_else(|| open(at))
        });
        let made = self.first_result(&self.apply(&Value::Closure(one.clone()), given.collect()));
        matches!(made, Value::Typed(_) | Value::Instance(_)).then_some(made)
    }

    /// A type as what can be compared: a class of the program or a name of a library.
    fn named_type(&self, unit: &Rc<Unit>, ty: &TypeRef) -> Option<Value> {
        match self.type_in(unit, ty, None, None, None) {
            known @ (Value::Class(_) | Value::Library(..)) => Some(known),
            _ => None,
        }
    }

    /// A member of an object that a section of the configuration fills.
    pub(super) fn option(&self, class: ClassRef, this: &Value, name: &str, own: &Value) -> Option<Value> {
        let known = matches!(this, Value::Instance(instance) if instance.args.is_some());
        if known || matches!(own, Value::Closure(_) | Value::Typed(_) | Value::Instance(_) | Value::List(_)) {
            return None;
        }
        let path = self.asking(class, this);
        let sections = self.packs.registry.lookup(OPTIONS, &Value::Class(class), &path);
        let section = sections.iter().flat_map(|value| value.alternatives()).find_map(Value::as_text)?.to_owned();
        let default = Some(own.clone()).filter(|own| !own.is_empty() && !own.is_symbolic()).map(Rc::new);
        let key = if section.is_empty() { name.to_owned() } else { format!("{section}:{name}") };
        Some(Value::Env(SmolStr::new(key), default))
    }

    /// True for a class that a section of the configuration fills.
    pub(super) fn is_filled(&self, class: ClassRef, path: &SmolStr) -> bool {
        !self.packs.registry.lookup(OPTIONS, &Value::Class(class), path).is_empty()
    }

    /// The object behind options that a container hands in.
    pub(super) fn options_of(&self, unit: &Rc<Unit>, ty: &TypeRef) -> Option<Value> {
        let TypeRef::Named { name, args } = ty else { return None };
        let name = name.rsplit('.').next().unwrap_or(name);
        if !matches!(name, "IOptions" | "IOptionsSnapshot" | "IOptionsMonitor") {
            return None;
        }
        self.object_of(&self.type_in(unit, args.first()?, None, None, None))
    }

    /// The file whose service asks: the one that declares what is handed in, else that of the class.
    fn asking(&self, class: ClassRef, this: &Value) -> SmolStr {
        let file = match this {
            Value::Instance(instance) => match &instance.source {
                Some(Value::Param(function, ..)) => function.file,
                _ => class.file,
            },
            _ => class.file,
        };
        self.world.source.paths().get(file.0 as usize).cloned().unwrap_or_default()
    }
}
