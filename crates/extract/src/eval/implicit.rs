//! Members named without a receiver: in Java, Kotlin and C# a bare name may be one of the class around it.

use super::Eval;
use crate::value::{Closure, Frame, Typed, Value};
use crate::world::{ClassRef, Unit};
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{ExprId, FunctionId, Language, TypeId, TypeRef};

/// Types nest this deep at most in code that people write.
const MAX_OUTER: usize = 6;

impl Eval<'_, '_> {
    /// The member that a bare name means inside a function, when the function is a member of a class.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn implicit_in_function(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        function: FunctionId,
        called: bool,
        line: u32,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        if !unit.tree.language.has_implicit_receiver() {
            return None;
        }
        let class = unit.index.class[function.0 as usize]?;
        // Only where the class begins: a lambda inside a method sees the method's names first.
        let outer = unit.index.parent[function.0 as usize];
        if outer.is_some_and(|outer| unit.index.class[outer.0 as usize] == Some(class)) {
            return None;
        }
        if !called && let Some(prepared) = self.prepared(unit, class, name, function, line, frame) {
            return Some(prepared);
        }
        // An extension method of C# runs on an object of another type than the class it stands in.
        let method = unit.function(self.method_of_scope(unit, function));
        if unit.tree.language == Language::CSharp && method.receiver.is_some() {
            let own = ClassRef { file: unit.file, id: class };
            return self.implicit_member(unit, name, class, called, &|| Value::Class(own));
        }
        self.implicit_member(unit, name, class, called, &|| self.this_of(unit, Some(function), None, frame))
    }

    /// The object on which a bare call of a method runs.
    pub(crate) fn receiver_of_bare(&self, unit: &Rc<Unit>, call: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        self.this(unit, call, frame)
    }

    /// The member that a bare name means in a field's initialiser or an annotation.
    pub(super) fn implicit_in_class(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        class: TypeId,
        called: bool,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        if !unit.tree.language.has_implicit_receiver() {
            return None;
        }
        let own = ClassRef { file: unit.file, id: class };
        self.implicit_member(unit, name, class, called, &|| self.this_of(unit, None, Some(own), frame))
    }

    /// A member of the class or of a class around it.
    fn implicit_member(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        class: TypeId,
        called: bool,
        this: &dyn Fn() -> Value,
    ) -> Option<Value> {
        let own = ClassRef { file: unit.file, id: class };
        if self.has_member(own, name) {
            return Some(self.own_member(&this(), name, called));
        }
        let mut at = class;
        for _ in 0..MAX_OUTER {
            let owner = unit.class(at).owner.clone()?;
            let outer = unit.tree.types.iter().position(|ty| ty.name == owner)?;
            at = TypeId(u32::try_from(outer).ok()?);
            let outer = ClassRef { file: unit.file, id: at };
            if self.has_member(outer, name) {
                return Some(self.own_member(&Value::This(outer), name, called));
            }
        }
        None
    }

    /// A function of Kotlin or Rust that extends the type of a value, called on the value.
    pub(super) fn extension(&self, unit: &Rc<Unit>, receiver: &Value, name: &str) -> Option<Value> {
        if unit.tree.language.has_impls() {
            // Any of several objects of one type has the method.
            return receiver.alternatives().iter().find_map(|value| match value {
                Value::Typed(typed) => self.implemented_for(unit, typed, receiver, name),
                _ => None,
            });
        }
        if unit.tree.language != Language::Kotlin || matches!(receiver, Value::Class(_) | Value::Package(_)) {
            return None;
        }
        let Value::Closure(found) = self.name_in(unit, name, None, u32::MAX, None) else { return None };
        let other = self.world.unit(found.function.file)?;
        other.function(found.function.id).owner.as_ref()?;
        Some(Value::Closure(Rc::new(Closure { this: Some(receiver.clone()), ..found.as_ref().clone() })))
    }

    /// A method that a trait of the program gives to a type of a library.
    fn implemented_for(&self, unit: &Rc<Unit>, typed: &Typed, receiver: &Value, name: &str) -> Option<Value> {
        if self.packs.has_method(typed.pack, &typed.ty, name) {
            return None;
        }
        let found = self.packs.type_names(typed.pack, &typed.ty).into_iter().find_map(|ty| {
            self.world.load_impls(&ty);
            self.world.owned_by(&ty).into_iter().find(|function| {
                self.world.unit(function.file).is_some_and(|other| {
                    let is_it = other.function(function.id).name == name && (!other.test || unit.test);
                    is_it
                        && !self.world.is_dead(&other)
                        && matches!(self.extended(&other, function.id), Some(Value::Typed(on)) if on.pack == typed.pack && on.ty == typed.ty)
                })
            })
        })?;
        Some(Value::Closure(Rc::new(Closure { function: found, this: Some(receiver.clone()), frame: None })))
    }

    /// The object of a type outside the program that a function of Kotlin extends, or that a trait is implemented for.
    pub(super) fn extended(&self, unit: &Rc<Unit>, function: FunctionId) -> Option<Value> {
        if unit.tree.language != Language::Kotlin && !unit.tree.language.has_impls() {
            return None;
        }
        let function = unit.function(self.method_of_scope(unit, function));
        let ty = TypeRef::named(function.owner.clone()?);
        self.declared(unit, &ty, Site::new(unit.path.clone(), function.line), None)
    }

    /// A member of an object where a field and a method may have one name: called it is the method, else the field.
    pub(super) fn own_member(&self, object: &Value, name: &str, called: bool) -> Value {
        let class = match object {
            Value::Instance(instance) => instance.class,
            Value::This(class) => *class,
            _ => return self.member(object, name),
        };
        if called || !self.is_field(class, name) || self.method(class, name).is_none() {
            return self.member(object, name);
        }
        self.field_of(class, object, name)
    }

    /// True where the class or what it inherits declares a member of this name.
    pub(crate) fn has_member(&self, class: ClassRef, name: &str) -> bool {
        self.chain(class).into_iter().any(|class| {
            let Some(unit) = self.world.unit(class.file) else { return false };
            let decl = unit.class(class.id);
            decl.fields.iter().any(|field| field.name == name)
                || decl.variants.iter().any(|variant| variant.name == name)
                || decl.members.iter().any(|member| {
                    let function = unit.function(*member);
                    function.name == name
                        || function.params.iter().any(|param| {
                            param.field && matches!(&param.pattern, weir_syntax::Pattern::Name(field) if field == name)
                        })
                })
        })
    }
}
