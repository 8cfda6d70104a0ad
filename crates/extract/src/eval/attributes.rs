//! What the attributes of a field say of its value: options of the command line, defaults of settings that are read.

use super::Eval;
use crate::value::Value;
use crate::world::{ClassRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, FieldDecl, TypeRef};

/// Functions that a derived parser or reader gives a type.
const DERIVED: &[&str] =
    &["parse", "try_parse", "parse_from", "from_args", "from_env", "init", "init_from_env", "load"];

/// Arguments of attributes that hold a default.
const DEFAULTS: &[&str] = &["default_value", "default_value_t", "default"];

/// Arguments of attributes that name an environment variable.
const VARIABLES: &[&str] = &["env", "from"];

impl Eval<'_, '_> {
    /// The value of a field that nobody writes down, as its attributes tell it.
    pub(super) fn told_by_attributes(&self, class: ClassRef, this: &Value, name: &str) -> Option<Value> {
        let unit = self.world.unit(class.file)?;
        let field = unit.class(class.id).fields.iter().find(|field| field.name == name)?;
        let default = argument(&unit, field, DEFAULTS).map(|value| self.default_of(&unit, value));
        let variable = argument(&unit, field, VARIABLES).and_then(|value| match unit.expr(value) {
            Expr::Text(text) => Some(text.clone()),
            // The bare word takes the name of the field.
            Expr::Name(word) if word == "env" => Some(SmolStr::new(name.to_uppercase())),
            _ => None,
        });
        let key = match this {
            Value::Instance(instance) => match &instance.source {
                Some(source @ Value::Env(..)) => Some(self.member(source, &self.written_name(&unit, field))),
                _ => None,
            },
            _ => None,
        };
        let below = match (key, default) {
            (Some(Value::Env(key, whole)), default) => Some(Value::Env(key, default.map(Rc::new).or(whole))),
            (_, default) => default,
        };
        match variable {
            Some(variable) => Some(Value::Env(variable, below.map(Rc::new))),
            None => below,
        }
    }

    /// The name a field has outside the program.
    fn written_name(&self, unit: &Unit, field: &FieldDecl) -> SmolStr {
        match argument(unit, field, &["rename"]).map(|value| unit.expr(value)) {
            Some(Expr::Text(text)) => text.clone(),
            _ => field.name.clone(),
        }
    }

    /// A default: a value, or the function of the file that makes it.
    fn default_of(&self, unit: &Rc<Unit>, value: weir_syntax::ExprId) -> Value {
        let value = self.expr(unit, value, None);
        let Some(text) = value.as_text() else { return value };
        let mut segments = text.split("::").take(8);
        let first = self.name_in(unit, segments.next().unwrap_or(text), None, u32::MAX, None);
        match segments.fold(first, |value, name| self.member(&value, name)) {
            made @ Value::Closure(_) => self.apply(&made, Vec::new()),
            _ => value,
        }
    }

    /// The object that a derived function of a type yields, where the type does not write that function itself.
    pub(super) fn derived(&self, class: ClassRef, name: &str) -> Option<Value> {
        let unit = self.world.unit(class.file).filter(|unit| unit.tree.language.has_impls())?;
        let is_derived = unit.class(class.id).annotations.iter().any(|annotation| annotation.name == "derive");
        let object = || Value::Instance(Rc::new(crate::value::Instance::of(class)));
        (is_derived && DERIVED.contains(&name)).then(object)
    }

    /// Configuration as the object that it is declared to be.
    pub(super) fn as_declared(&self, unit: &Rc<Unit>, ty: &TypeRef, value: Value, site: Site) -> Value {
        let whole = matches!(&value, Value::Env(key, _) if key.is_empty() || key.starts_with('.'));
        if !whole || !unit.tree.language.has_impls() {
            return value;
        }
        match self.declared(unit, ty, site, Some(value.clone())) {
            Some(object @ Value::Instance(_)) => object,
            _ => value,
        }
    }
}

/// The value of the first argument with one of these names in the attributes of a field.
fn argument(unit: &Unit, field: &FieldDecl, names: &[&str]) -> Option<weir_syntax::ExprId> {
    let mut args = field.annotations.iter().flat_map(|annotation| &annotation.args);
    args.find_map(|arg| match (&arg.name, unit.expr(arg.value)) {
        (Some(name), _) if names.contains(&name.as_str()) => Some(arg.value),
        (None, Expr::Name(word)) if word == "env" && names.contains(&"env") => Some(arg.value),
        _ => None,
    })
}
