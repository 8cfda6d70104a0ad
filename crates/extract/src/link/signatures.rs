//! What the signature of a function says of its messages: the parameter that carries one, the types it takes and gives.

use super::bind::Binder;
use crate::eval::TypeTarget;
use crate::value::Value;
use crate::world::{FnRef, Key, Unit};
use std::rc::Rc;
use weir_syntax::TypeRef;

/// Type arguments inside type arguments.
const MAX_WRAPPED: usize = 4;

/// Words with which the names of packages of one program begin alike.
const OWN_WORDS: usize = 3;

impl Binder<'_, '_, '_> {
    /// The parameter of a function that carries the message: the one with this annotation, else the first without any.
    pub(super) fn message_parameter(&self, function: &Value, annotation: &str) -> Option<Value> {
        let Value::Closure(closure) = function else { return None };
        let unit = self.eval.world.unit(closure.function.file)?;
        let params = &unit.function(closure.function.id).params;
        let marked = params
            .iter()
            .position(|param| param.annotations.iter().any(|known| known.name.rsplit('.').next() == Some(annotation)));
        let at = marked.or_else(|| params.iter().position(|param| param.annotations.is_empty()))?;
        Some(self.eval.param(&unit, closure.function.id, at, &[], closure.frame.as_ref().or(self.frame.as_ref())))
    }

    /// The class of the program that a value is of, or that its declared type carries: `List<Order>`, `Message<Order>`.
    /// For a function it is what the function gives.
    pub(super) fn carried(&self, value: &Value) -> Option<Value> {
        if self.unit.tree.language == weir_syntax::Language::CSharp {
            return match self.eval.runtime_type(value) {
                class @ Value::Class(_) => Some(class),
                // Whoever calls tells what it is, unless it is a text already.
                open @ (Value::Param(..) | Value::Choice(_)) if !self.is_text(value) => Some(open),
                _ => None,
            };
        }
        match value {
            Value::Class(_) => Some(value.clone()),
            Value::Instance(instance) if instance.source.is_none() || instance.args.is_some() => {
                Some(Value::Class(instance.class))
            }
            Value::Instance(instance) => Some(Value::Class(instance.class)),
            Value::Closure(closure) => {
                let unit = self.eval.world.unit(closure.function.file)?;
                let declared = unit.function(closure.function.id).returns.clone();
                declared.and_then(|ty| self.class_in(&unit, &ty, MAX_WRAPPED)).or_else(|| {
                    let given = self.eval.apply(value, Vec::new());
                    matches!(given, Value::Instance(_)).then(|| self.carried(&given)).flatten()
                })
            }
            Value::Param(function, at, path) => self.parameter_class(*function, *at, path),
            Value::Typed(typed) => match &typed.source {
                Some(Value::Param(function, at, path)) => self.parameter_class(*function, *at, path),
                _ => None,
            },
            Value::Choice(options) => {
                let carried: Vec<Value> = options.iter().filter_map(|option| self.carried(option)).collect();
                (!carried.is_empty()).then(|| Value::choice(carried))
            }
            Value::List(items) => items.first().and_then(|item| self.carried(item)),
            _ => None,
        }
    }

    /// True for a parameter that is declared as a text or as bytes.
    fn is_text(&self, value: &Value) -> bool {
        let Value::Param(function, at, _) = value else { return false };
        let unit = self.eval.world.unit(function.file);
        let ty = unit.and_then(|unit| unit.function(function.id).params.get(*at).and_then(|param| param.ty.clone()));
        match ty {
            Some(TypeRef::List(_)) => true,
            Some(ty) => matches!(ty.name(), Some("string" | "String" | "ReadOnlyMemory" | "byte")),
            None => false,
        }
    }

    fn parameter_class(&self, function: FnRef, at: usize, path: &[Key]) -> Option<Value> {
        let unit = self.eval.world.unit(function.file)?;
        let ty = unit.function(function.id).params.get(at)?.ty.clone()?;
        if path.is_empty() { self.class_in(&unit, &ty, MAX_WRAPPED) } else { None }
    }

    fn class_in(&self, unit: &Rc<Unit>, ty: &TypeRef, left: usize) -> Option<Value> {
        match ty {
            TypeRef::Named { name, args } => match self.eval.type_name(unit, name) {
                // An envelope of the program's own says less than what it carries.
                Some(TypeTarget::Class(class)) if args.is_empty() || left == 0 => Some(Value::Class(class)),
                target => {
                    let inner = args.iter().rev().find_map(|arg| self.class_in(unit, arg, left.checked_sub(1)?));
                    inner.or(match target {
                        Some(TypeTarget::Class(class)) => Some(Value::Class(class)),
                        Some(TypeTarget::Library(module, path)) if of_the_program(unit, &module) => {
                            path.last().cloned().map(Value::Text)
                        }
                        _ => None,
                    })
                }
            },
            TypeRef::List(inner) => self.class_in(unit, inner, left.checked_sub(1)?),
            TypeRef::Union(types) => types.iter().find_map(|ty| self.class_in(unit, ty, left)),
            _ => None,
        }
    }

    /// The class that a type argument names where the class of an object extends or implements a library type.
    pub(super) fn base_argument(&self, object: &Value, at: usize) -> Option<Value> {
        let class = match object {
            Value::Class(class) | Value::This(class) => *class,
            Value::Instance(instance) => instance.class,
            _ => return None,
        };
        self.eval.chain(class).into_iter().find_map(|class| {
            let unit = self.eval.world.unit(class.file)?;
            unit.class(class.id).bases.iter().find_map(|base| match base {
                TypeRef::Named { name, args } => match self.eval.type_name(&unit, name) {
                    Some(TypeTarget::Library(..)) => self.class_in(&unit, args.get(at)?, MAX_WRAPPED),
                    _ => None,
                },
                _ => None,
            })
        })
    }

    /// The name of the type that a function gives: `Function`, `Consumer`, `KStream`.
    pub(super) fn returned(&self, function: &Value) -> Option<Value> {
        let (_, ty) = self.result_type(function)?;
        match &ty {
            TypeRef::Named { name, .. } => Some(Value::Text(name.rsplit('.').next().unwrap_or(name).into())),
            // A function type of the language itself, by what it takes and gives.
            TypeRef::Function(params, result) => {
                let nothing = result.as_ref().is_none_or(|result| matches!(result.name(), Some("Unit" | "Void")));
                Some(Value::Text(match (params.is_empty(), nothing) {
                    (true, _) => "Supplier".into(),
                    (false, true) => "Consumer".into(),
                    (false, false) => "Function".into(),
                }))
            }
            _ => None,
        }
    }

    /// The class that a type argument of what a function gives carries; for a function type its parameters come first.
    pub(super) fn returned_argument(&self, function: &Value, at: usize) -> Option<Value> {
        let (unit, ty) = self.result_type(function)?;
        let args: Vec<TypeRef> = match ty {
            TypeRef::Named { args, .. } => args,
            TypeRef::Function(params, result) => params.into_iter().chain(result.map(|result| *result)).collect(),
            _ => return None,
        };
        self.class_in(&unit, args.get(at)?, MAX_WRAPPED)
    }

    fn result_type(&self, function: &Value) -> Option<(Rc<Unit>, TypeRef)> {
        let Value::Closure(closure) = function else { return None };
        let unit = self.eval.world.unit(closure.function.file)?;
        let ty = unit.function(closure.function.id).returns.clone()?;
        Some((unit, ty))
    }

    /// The name of a function.
    pub(super) fn function_name(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Closure(closure) => {
                let unit = self.eval.world.unit(closure.function.file)?;
                Some(Value::Text(unit.function(closure.function.id).name.clone())).filter(|name| !name.is_empty())
            }
            Value::Library(_, path) => path.last().cloned().map(Value::Text),
            Value::Instance(instance) => instance.constant.clone().map(Value::Text),
            _ => None,
        }
    }

    /// True where the nearest build file above the code names an artifact.
    pub(super) fn depends(&self, artifact: &str) -> bool {
        let source = self.eval.world.source;
        let mut folder = self.unit.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            for name in ["pom.xml", "build.gradle", "build.gradle.kts"] {
                let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
                if let Some(text) = source.find(&path).and_then(|file| source.text(file))
                    && text.contains(artifact)
                {
                    return true;
                }
            }
            if folder.is_empty() {
                return false;
            }
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
        }
    }
}

/// True for a package of the program itself whose type no source declares: it is generated from a schema, or lies in
/// another repository. Packages that begin with fewer of the same words may be anybody's.
fn of_the_program(unit: &Unit, module: &str) -> bool {
    let own = unit.tree.namespace.split('.');
    unit.tree.language.is_jvm() && own.zip(module.split('.')).take_while(|(a, b)| a == b).count() >= OWN_WORDS
}
