//! Members that a class only declares: the implementations below it, what a container makes of it, what a base outside
//! the tree is made with.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Closure, Instance, Value};
use crate::world::{ClassRef, FnRef, Unit};
use std::rc::Rc;
use weir_facts::Certainty;
use weir_syntax::{Expr, FunctionId, FunctionKind, TypeKind, TypeRef};

impl Eval<'_, '_> {
    /// What a base class outside the tree keeps under a name of its own: the one library object it is made with.
    pub(super) fn handed_to_absent_base(&self, this: &Value, member: &str) -> Option<Value> {
        let class = match this {
            Value::Instance(instance) => instance.class,
            Value::This(class) => *class,
            _ => return None,
        };
        if !self.surely_without(this, member) {
            return None;
        }
        let absent = self
            .chain(class)
            .into_iter()
            .flat_map(|class| self.bases(class))
            .any(|base| matches!(base, TypeTarget::Library(module, _) if !module.is_empty()));
        if !absent {
            return None;
        }
        let library = |values: &[Value]| -> Vec<Value> {
            let objects = values.iter().flat_map(|value| value.alternatives().to_vec());
            objects.filter(|value| matches!(value, Value::Typed(_))).collect()
        };
        let mut found = Vec::new();
        match this {
            Value::Instance(instance) if instance.args.is_some() => found = library(instance.args.as_deref()?),
            _ => {
                let name = self.class_name(class);
                for unit in self.world.searched() {
                    for site in unit.index.calls.get(&name).into_iter().flatten() {
                        let (Expr::New(call) | Expr::Call(call)) = unit.expr(site.expr) else { continue };
                        if self.expr(&unit, call.callee, None) == Value::Class(class) {
                            found.extend(library(&self.args(&unit, call, None).0));
                        }
                    }
                }
            }
        }
        found.dedup();
        self.doubt(Certainty::Likely);
        (!found.is_empty()).then(|| Value::choice(found))
    }

    /// A method without a body: the implementations below the class.
    pub(super) fn implementations(&self, class: ClassRef, this: &Value, name: &str) -> Value {
        if self.is_generated(class, name) {
            return Value::opaque("an accessor that nobody wrote");
        }
        if let Some(registered) = self.registered(class, this, name) {
            return registered;
        }
        if self.is_structural(class) {
            return self.structural(class, this, name);
        }
        let mut found: Vec<Value> = Vec::new();
        for below in self.subclasses(class) {
            let Some(unit) = self.world.unit(below.file) else {
                continue;
            };
            let for_tests = unit.test || super::owners::is_test_only(&unit, &unit.class(below.id).annotations);
            if for_tests || unit.class(below.id).is_abstract || self.world.is_dead(&unit) {
                continue;
            }
            let this = match this {
                Value::Instance(instance) => {
                    Value::Instance(Rc::new(Instance { source: instance.source.clone(), ..Instance::of(below) }))
                }
                _ => Value::This(below),
            };
            let methods = self.methods(below, name);
            if methods.is_empty() {
                continue;
            }
            let value = self.closures(methods, &this);
            if !found.contains(&value) {
                found.push(value);
            }
        }
        match found.len() {
            // A container may make the object; calls of the method are calls of what is declared.
            0 => match self.method(class, name) {
                Some(function) if self.is_proxied(class, function) => {
                    Value::Closure(Rc::new(Closure { function, this: Some(this.clone()), frame: None }))
                }
                _ => Value::opaque("an interface without an implementation in the tree"),
            },
            1 => {
                self.doubt(Certainty::Likely);
                found.remove(0)
            }
            _ => {
                self.doubt(Certainty::Possible);
                Value::choice(found)
            }
        }
    }

    /// What is in a list of an interface that a constructor asks for and that only a container calls: one object of each
    /// class behind the interface.
    pub(super) fn injected_elements(&self, unit: &Rc<Unit>, constructor: FnRef, element: &TypeRef) -> Option<Value> {
        if !unit.tree.language.has_implicit_receiver() || unit.test {
            return None;
        }
        if unit.function(constructor.id).kind != FunctionKind::Constructor {
            return None;
        }
        let asked = self.open_type(unit, element)?;
        let maker = self.world.class_of(unit, constructor.id)?;
        let made = self.world.call_sites(&self.class_name(maker), maker.file).into_iter().any(|(unit, site)| {
            !unit.test
                && matches!(unit.expr(site.expr), Expr::New(call) | Expr::Call(call)
                    if self.expr(&unit, call.callee, None) == Value::Class(maker))
        });
        if made {
            return None;
        }
        self.injected_objects(asked, unit).map(Value::choice)
    }

    /// The same of a field that only a container fills: annotations of the class or of the field make it so.
    pub(super) fn injected_field(&self, class: ClassRef, name: &str) -> Option<Value> {
        let unit = self.world.unit(class.file).filter(|unit| unit.tree.language.is_jvm() && !unit.test)?;
        let declared = unit.class(class.id);
        let field = declared.fields.iter().find(|field| field.name == name && !field.is_static)?;
        if field.value.is_some() || declared.annotations.is_empty() && field.annotations.is_empty() {
            return None;
        }
        let element = super::results::element_type(unit.tree.language, field.ty.as_ref()?)?;
        let asked = self.open_type(&unit, element)?;
        Some(Value::List(self.injected_objects(asked, &unit)?.into()))
    }

    /// A class of the program of which there are only objects of other classes.
    fn open_type(&self, unit: &Rc<Unit>, ty: &TypeRef) -> Option<ClassRef> {
        let TypeTarget::Class(asked) = self.type_name(unit, ty.name()?)? else { return None };
        let home = self.world.unit(asked.file)?;
        let declared = home.class(asked.id);
        (declared.kind == TypeKind::Interface || declared.is_abstract).then_some(asked)
    }

    /// One object of each class behind an interface.
    fn injected_objects(&self, asked: ClassRef, unit: &Rc<Unit>) -> Option<Vec<Value>> {
        self.want(&self.class_name(asked));
        let objects = self.standing_behind(asked, unit).into_iter();
        let objects: Vec<Value> = objects.map(|class| Value::Instance(Rc::new(Instance::of(class)))).collect();
        if objects.is_empty() {
            return None;
        }
        self.doubt(Certainty::Likely);
        Some(objects)
    }

    /// The classes behind an interface of which a container that runs this code makes objects.
    fn standing_behind(&self, asked: ClassRef, unit: &Rc<Unit>) -> Vec<ClassRef> {
        let services = &self.packs.registry.services;
        let mut behind = self.subclasses(asked);
        behind.retain(|class| {
            self.world.unit(class.file).is_some_and(|other| {
                let declared = other.class(class.id);
                let for_tests = other.test || super::owners::is_test_only(&other, &declared.annotations);
                // Of twins in other services this one knows nothing.
                let reaches = services.same(&other.path, &unit.path) || services.is_shared(&other.path);
                let stands = declared.kind == TypeKind::Class && !declared.is_abstract;
                stands && reaches && !for_tests && !self.world.is_dead(&other)
            })
        });
        let annotated = |class: &ClassRef| {
            self.world.unit(class.file).is_some_and(|unit| !unit.class(class.id).annotations.is_empty())
        };
        // Where some say that they are a container's, the others are not.
        if unit.tree.language.is_jvm() && behind.iter().any(annotated) {
            behind.retain(annotated);
        }
        behind
    }

    /// The classes of the objects that a walk over what a container hands in gives to the first parameter of a function.
    pub(crate) fn injected_into(&self, unit: &Rc<Unit>, walk: FunctionId) -> Vec<ClassRef> {
        let class = |value: &Value| match value {
            Value::Instance(object) if object.args.is_none() && object.source.is_none() && object.origin.is_none() => {
                Some(object.class)
            }
            _ => None,
        };
        if unit.function(walk).kind != FunctionKind::Lambda || !unit.tree.language.has_implicit_receiver() {
            return Vec::new();
        }
        let element = self.element_param(unit, walk, 0, None);
        let classes: Option<Vec<ClassRef>> =
            element.map(|one| one.alternatives().iter().map(class).collect()).unwrap_or_default();
        classes.unwrap_or_default()
    }

    /// True for a method of an interface that a container implements at run time: annotations say what it does.
    fn is_proxied(&self, class: ClassRef, method: FnRef) -> bool {
        let annotated = self.world.unit(method.file).is_some_and(|unit| {
            unit.tree.language.has_implicit_receiver() && !unit.function(method.id).annotations.is_empty()
        });
        annotated
            || self.world.unit(class.file).is_some_and(|unit| {
                let decl = unit.class(class.id);
                unit.tree.language.has_implicit_receiver()
                    && decl.kind == TypeKind::Interface
                    && !decl.annotations.is_empty()
            })
    }
}
