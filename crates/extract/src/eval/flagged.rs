//! Fields and variables that flags of the command line fill.

use super::Eval;
use crate::value::Value;
use crate::world::{ClassRef, Unit};
use smol_str::SmolStr;

/// The table of flags by the place that they fill.
const FLAGS: &str = "flags";

impl Eval<'_, '_> {
    /// The key of a field in the table of flags.
    pub(crate) fn place_of_field(&self, class: ClassRef, name: &str) -> SmolStr {
        let path = self.world.unit(class.file).map(|unit| unit.path.clone()).unwrap_or_default();
        SmolStr::new(format!("{path}#{}.{name}", self.class_name(class)))
    }

    /// The field of a struct, or where nothing in the program says it, what a flag puts there.
    pub(super) fn or_flagged(&self, owner: ClassRef, name: &str, value: Value) -> Value {
        let open = match &value {
            Value::Env(_, None) | Value::Abstract(..) | Value::Param(..) => true,
            value => value.is_empty() || value.as_text() == Some(""),
        };
        if !open {
            return value;
        }
        let key = Value::Text(self.place_of_field(owner, name));
        let path = self.world.unit(owner.file).map(|unit| unit.path.clone()).unwrap_or_default();
        let flag = self.packs.registry.lookup(FLAGS, &key, &path).into_iter().next();
        match (flag, value) {
            (None, value) => value,
            // A file may say it as well.
            (Some(Value::Env(_, Some(default))), Value::Env(key, None)) => Value::Env(key, Some(default)),
            (Some(_), value @ Value::Env(..)) => value,
            (Some(flag), _) => flag,
        }
    }

    /// What a flag puts into a variable of a package that has no other value.
    pub(super) fn flagged_variable(&self, unit: &Unit, name: &str) -> Option<Value> {
        if !unit.tree.language.has_struct_literals() {
            return None;
        }
        let key = Value::Text(place_of_variable(&unit.path, name));
        self.packs.registry.lookup(FLAGS, &key, &unit.path).into_iter().next()
    }
}

/// The key of a variable of a package in the table of flags: the files of a folder share their variables.
pub(crate) fn place_of_variable(path: &str, name: &str) -> SmolStr {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    SmolStr::new(format!("{folder}#{name}"))
}
