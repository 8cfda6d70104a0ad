//! Members that nobody wrote: accessors and builders that annotations or the compiler make, and the constructors behind
//! them.

use super::Eval;
use crate::value::{Instance, Value};
use crate::world::ClassRef;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{FunctionKind, TypeKind};

/// Annotations that give a class a constructor over its fields.
const CONSTRUCTORS: &[&str] = &["RequiredArgsConstructor", "AllArgsConstructor", "Data", "Value"];
/// Annotations that give a class a builder.
const BUILDERS: &[&str] = &["Builder", "SuperBuilder"];
/// Annotations that give a field, or all fields of a class, an accessor.
const GETTERS: &[&str] = &["Getter", "Data", "Value"];

impl Eval<'_, '_> {
    /// The result of a method that the class does not declare, where it can only be an accessor or part of a builder.
    pub(super) fn unwritten(&self, receiver: &Value, name: &str, args: usize) -> Option<Value> {
        let class = match receiver {
            Value::Instance(instance) => instance.class,
            Value::This(class) | Value::Class(class) => *class,
            _ => return None,
        };
        if let Value::Instance(instance) = receiver
            && let Some(constant) = &instance.constant
            && matches!(name, "name" | "toString" | "ToString")
            && !self.has_member(class, name)
        {
            return Some(Value::Text(constant.clone()));
        }
        if self.has_member(class, name) && !self.is_field(class, name) && !self.is_generated(class, name) {
            return None;
        }
        match receiver {
            Value::Class(class) if self.is_annotated(*class, BUILDERS) => {
                (args == 0 && name == "builder").then(|| Value::Instance(Rc::new(Instance::of(*class))))
            }
            Value::Class(_) => None,
            _ if args == 0 => {
                if let Some(field) = property(name).filter(|field| self.is_field(class, field)) {
                    return Some(self.member(receiver, &field));
                }
                if self.is_field(class, name) {
                    return Some(self.member(receiver, name));
                }
                (self.is_annotated(class, BUILDERS) && matches!(name, "build" | "toBuilder")).then(|| receiver.clone())
            }
            _ if args == 1 && self.is_annotated(class, BUILDERS) && self.is_field(class, name) => {
                Some(receiver.clone())
            }
            _ => None,
        }
    }

    /// True for an accessor that a class has by an annotation of its field, whatever interface declares it.
    pub(super) fn is_generated(&self, class: ClassRef, name: &str) -> bool {
        let Some(field) = property(name) else { return false };
        self.chain(class).into_iter().any(|class| {
            let Some(unit) = self.world.unit(class.file) else { return false };
            let decl = unit.class(class.id);
            let own = decl.fields.iter().find(|known| known.name == field);
            own.is_some_and(|own| {
                self.is_annotated(class, GETTERS)
                    || own.annotations.iter().any(|annotation| {
                        let last = annotation.name.rsplit('.').next().unwrap_or(&annotation.name);
                        GETTERS.contains(&last)
                    })
            })
        })
    }

    /// What a property read yields that only has a getter method: Kotlin says `order.id` for Java's `getId()`.
    pub(super) fn read_by_getter(&self, receiver: &Value, name: &str) -> Option<Value> {
        let class = match receiver {
            Value::Instance(instance) => instance.class,
            Value::This(class) => *class,
            _ => return None,
        };
        if let Value::Instance(instance) = receiver
            && name == "name"
            && let Some(constant) = &instance.constant
        {
            return Some(Value::Text(constant.clone()));
        }
        let mut getter = String::from("get");
        let mut letters = name.chars();
        getter.extend(letters.next()?.to_uppercase());
        getter.push_str(letters.as_str());
        let function = self.methods(class, &getter).into_iter().next()?;
        let closure = crate::value::Closure { function, this: Some(receiver.clone()), frame: None };
        Some(self.inline(&closure, Vec::new(), true))
    }

    /// The value that a generated constructor put into a field.
    pub(super) fn generated_field(&self, class: ClassRef, this: &Value, name: &str) -> Option<Value> {
        let Value::Instance(instance) = this else { return None };
        let args = instance.args.as_ref().filter(|_| instance.class == class)?;
        let unit = self.world.unit(class.file)?;
        let decl = unit.class(class.id);
        let written = decl.members.iter().any(|member| unit.function(*member).kind == FunctionKind::Constructor);
        if written || !self.is_annotated(class, CONSTRUCTORS) {
            return None;
        }
        let all: Vec<&SmolStr> = decl
            .fields
            .iter()
            .filter(|field| !field.is_static && !field.name.is_empty())
            .map(|field| &field.name)
            .collect();
        let open: Vec<&SmolStr> = decl
            .fields
            .iter()
            .filter(|field| !field.is_static && !field.name.is_empty() && field.value.is_none())
            .map(|field| &field.name)
            .collect();
        let fields = if open.len() == args.len() { open } else { all };
        if fields.len() != args.len() {
            return None;
        }
        fields.iter().position(|field| *field == name).map(|at| args[at].clone())
    }

    /// True for a field or a component of a record.
    pub(super) fn is_field(&self, class: ClassRef, name: &str) -> bool {
        self.chain(class).into_iter().any(|class| {
            self.world.unit(class.file).is_some_and(|unit| {
                let decl = unit.class(class.id);
                let component = |param: &weir_syntax::Param| {
                    param.field && matches!(&param.pattern, weir_syntax::Pattern::Name(field) if field == name)
                };
                decl.kind != TypeKind::Interface
                    && (decl.fields.iter().any(|field| field.name == name)
                        || decl.members.iter().any(|member| unit.function(*member).params.iter().any(component)))
            })
        })
    }

    fn is_annotated(&self, class: ClassRef, names: &[&str]) -> bool {
        self.world.unit(class.file).is_some_and(|unit| {
            let annotations = &unit.class(class.id).annotations;
            annotations.iter().any(|annotation| {
                let last = annotation.name.rsplit('.').next().unwrap_or(&annotation.name);
                names.contains(&last)
            })
        })
    }
}

/// The property behind `getName`, `isName`.
pub(crate) fn property(method: &str) -> Option<SmolStr> {
    let rest = method.strip_prefix("get").or_else(|| method.strip_prefix("is"))?;
    let mut letters = rest.chars();
    let first = letters.next().filter(|letter| letter.is_uppercase())?;
    let lower: String = first.to_lowercase().collect();
    Some(SmolStr::new(format!("{lower}{}", letters.as_str())))
}
