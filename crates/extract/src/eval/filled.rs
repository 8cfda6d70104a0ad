//! Values that a container fills in from configuration: annotated fields and parameters, and the fields of classes that
//! mirror a part of the configuration.

use super::Eval;
use crate::value::Value;
use crate::world::{ClassRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;

impl Eval<'_, '_> {
    /// The value of a field of a class whose fields are configuration.
    pub(super) fn filled_field(&self, unit: &Rc<Unit>, class: ClassRef, name: &str) -> Option<Value> {
        let decl = unit.class(class.id);
        let field = decl.fields.iter().find(|field| field.name == name && !field.is_static);
        let mut params = decl.members.iter().flat_map(|member| &unit.function(*member).params);
        let param = params
            .find(|param| param.field && matches!(&param.pattern, weir_syntax::Pattern::Name(param) if param == name));
        if decl.annotations.is_empty() || (field.is_none() && param.is_none()) {
            return None;
        }
        let prefix = self.packs.configuration_of(self, unit, class)?;
        let default = field.and_then(|field| field.value).or_else(|| param.and_then(|param| param.default));
        let default = default.map(|value| self.expr(unit, value, None));
        let default = default.filter(|value| matches!(value, Value::Text(_) | Value::Number(_) | Value::Bool(_)));
        Some(Value::Env(below(&prefix, name), default.map(Rc::new)))
    }

    /// A member of a part of the configuration: `properties.getKafka().getTopic()`, `topics.get("orders")`.
    pub(super) fn filled_part(&self, key: &SmolStr, name: &str, args: &[Value]) -> Option<Value> {
        match (name, args) {
            ("get" | "getOrDefault" | "getValue", [Value::Text(part), ..]) => Some(Value::Env(below(key, part), None)),
            (_, []) => {
                let part = super::property(name).unwrap_or_else(|| SmolStr::new(name));
                Some(Value::Env(below(key, &part), None))
            }
            _ => None,
        }
    }
}

fn below(prefix: &str, name: &str) -> SmolStr {
    if prefix.is_empty() { name.into() } else { SmolStr::new(format!("{prefix}.{name}")) }
}
