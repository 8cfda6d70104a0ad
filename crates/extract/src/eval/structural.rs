//! Interfaces that types satisfy by having their methods, without saying so.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Closure, Instance, Value};
use crate::world::ClassRef;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_facts::Certainty;
use weir_syntax::{Expr, TypeKind};

impl Eval<'_, '_> {
    /// The types of the program that have every method of an interface; those that it makes, where there are several.
    pub(super) fn implementers(&self, interface: ClassRef) -> Rc<[ClassRef]> {
        if let Some(known) = self.objects.implementers.borrow().get(&interface) {
            return known.clone();
        }
        let mut methods: BTreeSet<SmolStr> = BTreeSet::new();
        for class in self.chain(interface) {
            for member in self.world.members(class).iter() {
                methods.extend(self.world.unit(member.file).map(|unit| unit.function(member.id).name.clone()));
            }
        }
        let mut found: BTreeSet<ClassRef> = BTreeSet::new();
        let rarest = methods.iter().max_by_key(|name| name.len()).cloned();
        if let Some(rarest) = &rarest {
            for unit in self.world.loaded().into_iter().filter(|unit| !unit.test) {
                for (at, function) in unit.tree.functions.iter().enumerate() {
                    if function.name != *rarest || function.owner.is_none() || function.body.is_none() {
                        continue;
                    }
                    let id = weir_syntax::FunctionId(u32::try_from(at).unwrap_or(u32::MAX));
                    let Some(class) = self.world.class_of(&unit, id) else { continue };
                    // What it embeds of a library may have the rest.
                    let embeds = self
                        .chain(class)
                        .into_iter()
                        .flat_map(|class| self.bases(class))
                        .any(|base| matches!(base, TypeTarget::Library(module, _) if !module.is_empty()));
                    if embeds || methods.iter().all(|name| self.method(class, name).is_some()) {
                        found.insert(class);
                    }
                }
            }
            if found.is_empty() {
                self.want(rarest);
            }
        }
        let mut found: Vec<ClassRef> = found.into_iter().collect();
        if found.len() > 1 {
            let made: Vec<ClassRef> = found.iter().copied().filter(|class| self.is_made(*class)).collect();
            if !made.is_empty() {
                found = made;
            }
        }
        let found: Rc<[ClassRef]> = found.into();
        self.objects.implementers.borrow_mut().insert(interface, found.clone());
        found
    }

    /// True for types of which some literal outside tests makes an object.
    fn is_made(&self, class: ClassRef) -> bool {
        let name = self.class_name(class);
        self.world.loaded().iter().filter(|unit| !unit.test).any(|unit| {
            unit.index.calls.get(&name).into_iter().flatten().any(|site| match unit.expr(site.expr) {
                Expr::New(call) => self.expr(unit, call.callee, None) == Value::Class(class),
                Expr::Call(call) if !unit.tree.language.has_new() => {
                    self.expr(unit, call.callee, None) == Value::Class(class)
                }
                _ => false,
            })
        })
    }

    /// The methods behind one of an interface, of the objects that a value stands for.
    pub(super) fn structural(&self, interface: ClassRef, this: &Value, name: &str) -> Value {
        let mut found: Vec<Value> = Vec::new();
        let classes = self.implementers(interface);
        for class in classes.iter() {
            let Some(function) = self.method(*class, name) else { continue };
            let this = match this {
                Value::Instance(instance) => {
                    Value::Instance(Rc::new(Instance { source: instance.source.clone(), ..Instance::of(*class) }))
                }
                _ => Value::This(*class),
            };
            found.push(Value::Closure(Rc::new(Closure { function, this: Some(this), frame: None })));
        }
        match found.len() {
            0 => Value::opaque("an interface without an implementation in the tree"),
            1 => found.remove(0),
            _ => {
                self.doubt(Certainty::Likely);
                Value::choice(found)
            }
        }
    }

    /// True for interfaces of languages in which types satisfy them without saying so.
    pub(super) fn is_structural(&self, class: ClassRef) -> bool {
        self.world
            .unit(class.file)
            .is_some_and(|unit| unit.tree.language.is_structural() && unit.class(class.id).kind == TypeKind::Interface)
    }
}
