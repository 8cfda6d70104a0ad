//! Flags of the command line that are bound to a place: `flags.StringVar(&config.Topic, "topic", "orders", "…")`.

use super::bind::Binder;
use crate::packs::{Path, Root, Term};
use crate::value::Value;
use std::rc::Rc;
use weir_syntax::Expr;

impl Binder<'_, '_, '_> {
    /// The field or the variable of a package that an argument points to, as the key under which it is looked up again.
    pub(super) fn place(&self, path: &Path) -> Option<Value> {
        let [(Term::Walk(Root::Arg(at), steps), None)] = path.alternatives.as_slice() else { return None };
        let mut expr = self.args.get(*at).filter(|_| steps.is_empty())?.value;
        while let Expr::Cast { value, .. } = self.unit.expr(expr) {
            expr = *value;
        }
        match self.unit.expr(expr) {
            Expr::Member { object, name } => {
                let class = match self.eval.expr(&self.unit, *object, self.frame.as_ref()) {
                    Value::Instance(instance) => instance.class,
                    Value::This(class) => class,
                    // A parameter is known by its type.
                    Value::Param(function, at, path) if path.is_empty() => {
                        let home = self.eval.world.unit(function.file)?;
                        let ty = home.function(function.id).params.get(at)?.ty.clone()?;
                        match self.eval.type_name(&home, ty.name()?)? {
                            crate::eval::TypeTarget::Class(class) => class,
                            crate::eval::TypeTarget::Library(..) => return None,
                        }
                    }
                    _ => return None,
                };
                Some(Value::Text(self.eval.place_of_field(class, name)))
            }
            Expr::Name(name) if self.unit.index.defs.contains_key(&(None, name.clone())) => {
                Some(Value::Text(crate::eval::place_of_variable(&self.unit.path, name)))
            }
            _ => None,
        }
    }
}

/// The value of a flag: what the command line says under its name, or else its default.
pub(super) fn flag(key: Option<Value>, default: Option<Value>) -> Option<Value> {
    let default = default.filter(|default| !default.is_empty() && default.as_text() != Some("")).map(Rc::new);
    let key = match key? {
        Value::Text(key) => key,
        // Of a name with a prefix that callers choose the rest is known.
        Value::Concat(parts) => match parts.last() {
            Some(Value::Text(last)) => last.trim_start_matches(['.', '-', '_']).into(),
            _ => return default.map(|default| default.as_ref().clone()),
        },
        _ => return default.map(|default| default.as_ref().clone()),
    };
    Some(Value::Env(key, default))
}
