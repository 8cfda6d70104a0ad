//! Classes whose fields are filled from the environment, by the name of the field.

use super::Eval;
use crate::value::Value;
use crate::world::ClassRef;
use smol_str::SmolStr;
use std::rc::Rc;

impl Eval<'_, '_> {
    /// What a field of an object holds: where the class takes its fields from the environment, the variable named like
    /// it, with the field's own value as the default.
    pub(super) fn setting(&self, this: &Value, field: &str, value: Option<Value>) -> Value {
        let class = match this {
            Value::Instance(instance) => instance.class,
            Value::This(class) => *class,
            _ => return value.unwrap_or_else(|| Value::opaque("the field is never given a value")),
        };
        let Some(prefix) = self.settings_prefix(class) else {
            return value.unwrap_or_else(|| Value::opaque("the field is never given a value"));
        };
        let name = SmolStr::new(format!("{prefix}{field}").to_uppercase());
        match value {
            None | Some(Value::Opaque(_) | Value::Null) => Value::Env(name, None),
            Some(value @ (Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Concat(_))) => {
                Value::Env(name, Some(Rc::new(value)))
            }
            // Named otherwise, or an object of its own.
            Some(other) => other,
        }
    }

    /// What stands before the names of the variables of a settings class; `None` for any other class.
    fn settings_prefix(&self, class: ClassRef) -> Option<SmolStr> {
        let types = self.packs.inherited(self, class);
        let rules = types.iter().filter_map(|(pack, ty)| self.packs.packs[*pack].types.get(ty)?.settings.as_ref());
        let rule = rules.into_iter().next()?;
        let prefix = rule.prefix.iter().find_map(|path| {
            let found = path.split('.').fold(Value::Class(class), |value, name| self.member(&value, name));
            found.as_text().map(SmolStr::new)
        });
        Some(prefix.unwrap_or_default())
    }
}
