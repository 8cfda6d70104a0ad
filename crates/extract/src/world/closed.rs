//! Which expressions mean the same whoever runs the code around them, because they name nothing of a function: asked once,
//! they need not be asked again under other arguments.

use super::{Def, Unit};
use smol_str::SmolStr;
use std::cell::Cell;
use weir_syntax::{Call, Entry, Expr, ExprId, Part, Tree};

/// What was found so far, by expression.
pub(crate) struct Closed(Box<[Cell<Option<bool>>]>);

impl Closed {
    pub(super) fn new(tree: &Tree) -> Closed {
        Closed(vec![Cell::new(None); tree.exprs.len()].into())
    }
}

impl Unit {
    /// True for an expression that surely means the same under any arguments of the functions around it. Told of languages
    /// whose names say where they come from; where members go by their bare names, a name may be one of an object.
    pub(crate) fn is_closed(&self, id: ExprId) -> bool {
        let known = &self.closed.0[id.0 as usize];
        known.get().unwrap_or_else(|| {
            let closed = self.tree.language.has_exports() && self.names_nothing_inside(id);
            known.set(Some(closed));
            closed
        })
    }

    fn names_nothing_inside(&self, id: ExprId) -> bool {
        let closed = |id: &ExprId| self.is_closed(*id);
        match self.expr(id) {
            Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Null | Expr::Regex(_) | Expr::Module(_) => true,
            Expr::Name(name) => self.comes_from_outside(name, id),
            Expr::Template(parts) => parts.iter().all(|part| match part {
                Part::Text(_) => true,
                Part::Value(value) => closed(value),
            }),
            Expr::Member { object, .. } => closed(object),
            Expr::Index { object, index } => closed(object) && closed(index),
            // Type arguments may be parameters of a function.
            Expr::Call(Call { callee, args, type_args, .. }) | Expr::New(Call { callee, args, type_args, .. }) => {
                type_args.is_empty() && closed(callee) && args.iter().all(|arg| closed(&arg.value))
            }
            Expr::Object(entries) => entries.iter().all(|entry| match entry {
                Entry::Field { value, .. } | Entry::Spread(value) => closed(value),
                Entry::Computed { key, value } => closed(key) && closed(value),
            }),
            Expr::List(items) => items.iter().all(closed),
            Expr::Spread(value) | Expr::Await(value) => closed(value),
            Expr::Binary { left, right, .. } => closed(left) && closed(right),
            Expr::Conditional { test, then, otherwise } => closed(test) && closed(then) && closed(otherwise),
            _ => false,
        }
    }

    /// True for a name that no function around it declares. What functions assign may be their own.
    fn comes_from_outside(&self, name: &SmolStr, id: ExprId) -> bool {
        let mut scope = self.index.scope[id.0 as usize];
        while let Some(function) = scope {
            if self.index.defs.contains_key(&(scope, name.clone())) {
                return false;
            }
            scope = self.index.parent[function.0 as usize];
        }
        let outside = self.index.defs.get(&(None, name.clone())).into_iter().flatten();
        !outside.into_iter().any(|def| matches!(def, Def::Assign { .. }))
    }
}
