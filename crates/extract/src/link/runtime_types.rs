//! What paths of packs say of types at run time: the object that is meant, the name of its type, its methods and fields.

use super::bind::{Binder, map_text};
use crate::packs::Path;
use crate::value::{TYPE_PARAMS, Value};
use weir_syntax::{FunctionKind, Language};

impl Binder<'_, '_, '_> {
    /// Of several objects the one that is meant.
    pub(super) fn meant(&self, value: Value) -> Value {
        let Some(only) = self.only else { return self.at_home(value) };
        let own = |option: &&Value| matches!(option, Value::Instance(instance) if instance.origin == Some(only));
        value.alternatives().iter().find(own).cloned().unwrap_or(value)
    }

    /// Without the objects that another service makes in code of its own: none of them is ever here.
    pub(super) fn at_home(&self, value: Value) -> Value {
        let (Some(home), Value::Choice(options)) = (&self.home, &value) else { return value };
        let services = &self.eval.packs.registry.services;
        if services.is_shared(home) {
            return value;
        }
        let foreign = |option: &Value| match option {
            Value::Instance(instance) => instance.origin.is_some_and(|(file, _)| {
                let path = &self.eval.world.source.paths()[file.0 as usize];
                !services.is_shared(path) && !services.same(path, home)
            }),
            _ => false,
        };
        let own: Vec<Value> = options.iter().filter(|option| !foreign(option)).cloned().collect();
        if own.is_empty() { Value::opaque("only other services make what is sent") } else { Value::choice(own) }
    }

    /// True where the runtime type of an object is what counts, whatever a parameter is declared as.
    pub(super) fn by_namespace(&self) -> bool {
        self.unit.tree.language == Language::CSharp
    }

    /// The name of a type with its namespace, with what stands between the two and between nested types.
    pub(super) fn spaced(&self, value: &Value, separator: &str, nested: &str) -> Value {
        match value {
            Value::Class(class) | Value::This(class) => {
                Value::Text(self.eval.qualified_name(*class, separator, nested))
            }
            Value::Instance(_) => match self.eval.runtime_type(value) {
                Value::Class(class) => Value::Text(self.eval.qualified_name(class, separator, nested)),
                other => other,
            },
            Value::Param(_, at, path) if path.is_empty() && *at < TYPE_PARAMS => match self.eval.runtime_type(value) {
                Value::Class(class) => Value::Text(self.eval.qualified_name(class, separator, nested)),
                other => other,
            },
            Value::Choice(options) => {
                Value::choice(options.iter().map(|option| self.spaced(option, separator, nested)).collect())
            }
            Value::Library(_, path) => path.last().cloned().map_or_else(|| value.clone(), Value::Text),
            _ => value.clone(),
        }
    }

    /// The methods that the class of an object has itself, with a body: what a framework can call by their names. Those an
    /// interface only declares are the methods of what implements it.
    fn methods(&self, value: &Value) -> Vec<Value> {
        let mut found = Vec::new();
        for one in value.alternatives() {
            let class = match one {
                Value::Class(class) | Value::This(class) => *class,
                Value::Instance(instance) => instance.class,
                _ => continue,
            };
            for member in self.eval.world.members(class).iter() {
                let Some(unit) = self.eval.world.unit(member.file) else { continue };
                let function = unit.function(member.id);
                if function.kind != FunctionKind::Method {
                    continue;
                }
                if function.body.is_some() {
                    found.push(self.eval.on(*member, class));
                } else {
                    let implemented = self.eval.member(one, &function.name);
                    let bodies = implemented.alternatives().iter().filter(|value| matches!(value, Value::Closure(_)));
                    found.extend(bodies.cloned());
                }
            }
        }
        found
    }

    /// The name of the library type that a value has or inherits from, or whose constant it is.
    fn library_type(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Typed(_) | Value::Instance(_) => {
                let (pack, ty) = self.eval.packs.receiver_types(self.eval, value).into_iter().next()?;
                let names = &self.eval.packs.packs[pack].types.get(&ty)?.names;
                Some(Value::Text(names.first().unwrap_or(&ty).clone()))
            }
            Value::Library(_, path) => match path.as_ref() {
                [.., ty, _] => Some(Value::Text(ty.clone())),
                _ => None,
            },
            _ => None,
        }
    }

    /// A function of the path language that is about types.
    pub(super) fn about_type(&self, name: &str, args: &[Path]) -> Vec<Value> {
        let text = |path: &Path| self.values(path);
        match name {
            "class" => text(&args[0]).iter().filter_map(|value| self.eval.type_of(value)).collect(),
            "setting" => match self.value(&args[0]) {
                Some(Value::Text(key)) => vec![Value::Env(key, None)],
                _ => Vec::new(),
            },
            "method" => match (self.class, self.value(&args[1])) {
                (Some(class), Some(Value::Text(name))) => {
                    let takes = self.value(&args[2]);
                    self.eval.method_taking(class, &name, takes.as_ref()).into_iter().collect()
                }
                _ => Vec::new(),
            },
            "methods" => text(&args[0]).iter().flat_map(|value| self.methods(value)).collect(),
            "fieldtypes" => match (self.class, self.value(&args[1])) {
                (Some(class), Some(Value::Text(name))) => self.eval.field_types(class, &name),
                _ => Vec::new(),
            },
            "librarytype" => text(&args[0]).iter().filter_map(|value| self.library_type(value)).collect(),
            "object" => text(&args[0]).iter().filter_map(|value| self.eval.object_of(value)).collect(),
            "spacename" => {
                let separator = self.value(&args[1]).and_then(|value| value.as_text().map(str::to_owned));
                let separator = separator.unwrap_or_else(|| ".".to_owned());
                let nested = if separator == "." { "+" } else { "-" };
                text(&args[0]).into_iter().map(|value| self.spaced(&value, &separator, nested)).collect()
            }
            "shortened" => {
                let suffix = self.value(&args[1]).and_then(|value| value.as_text().map(str::to_owned));
                let suffix = suffix.unwrap_or_default();
                let cut = |text: &str| match text.strip_suffix(suffix.as_str()) {
                    Some(rest) if !rest.is_empty() => rest.to_owned(),
                    _ => text.to_owned(),
                };
                text(&args[0]).into_iter().map(|value| map_text(value, &cut)).collect()
            }
            _ => Vec::new(),
        }
    }
}
