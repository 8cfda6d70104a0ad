//! Tables that decorators of the program fill: `@handles("topic")` puts the function below it under the topic.

use super::Eval;
use crate::value::{Closure, Value};
use crate::world::{FnRef, Unit};
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, FunctionId};

/// Functions that one decorator stands on.
const MAX_DECORATED: usize = 256;

impl Eval<'_, '_> {
    /// What a decorator puts into a table, once for each function that it stands on; `None` where none does.
    pub(super) fn put_by_decorators(&self, unit: &Rc<Unit>, key: ExprId, value: ExprId) -> Option<Vec<(Value, Value)>> {
        if !unit.tree.language.has_keyword_arguments() {
            return None;
        }
        let inner = unit.index.scope[key.0 as usize]?;
        let mut outer = inner;
        while let Some(around) = unit.index.parent[outer.0 as usize] {
            outer = around;
        }
        let function = FnRef { file: unit.file, id: outer };
        let known = self.expr(unit, key, None);
        if outer == inner || !known.depends_on(function) {
            return None;
        }
        let name = &unit.function(outer).name;
        let mut found = Vec::new();
        for (other, site) in self.world.call_sites(name, unit.file) {
            let Expr::Call(call) = other.expr(site.expr) else { continue };
            let Some(decorated) = decorated(&other, site.expr) else { continue };
            let callees = self.callees(&other, call, None);
            let Some(closure) = callees.iter().find(|closure| closure.function == function) else { continue };
            if found.len() >= MAX_DECORATED {
                return None;
            }
            let (args, complete) = self.args_for(&other, call, None, function);
            let frame = self.frame(closure, args, complete);
            let given = match self.expr(unit, value, Some(&frame)) {
                // What the decorator gets is what it stands on.
                Value::Param(of, 0, path) if of.file == unit.file && of.id == inner && path.is_empty() => {
                    let function = FnRef { file: other.file, id: decorated };
                    Value::Closure(Rc::new(Closure { function, this: None, frame: None }))
                }
                other => other,
            };
            found.push((self.expr(unit, key, Some(&frame)), given));
        }
        (!found.is_empty()).then_some(found)
    }
}

/// The function that a call stands on as a decorator.
fn decorated(unit: &Unit, call: ExprId) -> Option<FunctionId> {
    let is_it =
        |function: &weir_syntax::Function| function.annotations.iter().any(|annotation| annotation.call == Some(call));
    let at = unit.tree.functions.iter().position(is_it)?;
    u32::try_from(at).ok().map(FunctionId)
}
