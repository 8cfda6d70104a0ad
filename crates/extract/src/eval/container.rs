//! What a dependency container is told: which class stands for an interface, which section of the configuration fills
//! an object of options.

use super::Eval;
use crate::value::{Instance, Value};
use crate::world::{ClassRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Certainty;
use weir_syntax::TypeRef;

/// The table of implementations by what they are registered as.
pub(super) const IMPLEMENTATIONS: &str = "implementations";
/// The table of configuration sections by the class they fill.
const OPTIONS: &str = "options";

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
