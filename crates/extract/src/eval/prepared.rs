//! What sister methods put into a field just before it is read: `Read(section)` fills `_exchange`, the next line uses it.
//!
//! A field that several calls fill with different things holds, where it is read, what the calls before it left there.

use super::Eval;
use crate::value::{Frame, Value};
use crate::world::{ClassRef, FnRef, Unit};
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, FunctionId, FunctionKind, TypeId};

/// Methods that hand on to the method that fills the field.
const MAX_HANDED: usize = 3;
/// Fillings that are told apart.
const MAX_FILLINGS: usize = 8;

/// The field that is read, and where methods of its class fill it.
struct Filled {
    class: TypeId,
    /// The method and the value it puts there.
    writes: Vec<(FunctionId, ExprId)>,
}

impl Eval<'_, '_> {
    /// The value of a field of the class around, read at a line of a method that first calls a sister which fills it;
    /// `None` where no such call stands before.
    pub(super) fn prepared(
        &self,
        unit: &Rc<Unit>,
        class: TypeId,
        name: &str,
        scope: FunctionId,
        line: u32,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let reader = self.method_of_scope(unit, scope);
        let field = self.filled_by_methods(unit, class, name, reader)?;
        let mut values = Vec::new();
        self.fillings(unit, &field, reader, Some(line), frame, 0, &mut values);
        let value = Value::choice(values);
        (!value.is_empty()).then_some(value)
    }

    /// The methods that assign the field; `None` where the reader itself is one, or none is.
    fn filled_by_methods(&self, unit: &Rc<Unit>, class: TypeId, name: &str, reader: FunctionId) -> Option<Filled> {
        let mut writes = Vec::new();
        for (object, value) in unit.index.assigned.get(name)? {
            let own = match unit.expr(*object) {
                Expr::This => true,
                Expr::Name(field) => field == name,
                _ => false,
            };
            let Some(scope) = unit.index.scope[value.0 as usize].filter(|_| own) else { continue };
            let method = self.method_of_scope(unit, scope);
            if method == reader {
                return None;
            }
            let filler = unit.function(method).kind == FunctionKind::Method;
            if filler && unit.index.class[method.0 as usize] == Some(class) {
                writes.push((method, *value));
            }
        }
        (!writes.is_empty()).then_some(Filled { class, writes })
    }

    /// What the calls of sister methods in `within` put there, those before a line where it is given.
    #[allow(clippy::too_many_arguments)]
    fn fillings(
        &self,
        unit: &Rc<Unit>,
        field: &Filled,
        within: FunctionId,
        before: Option<u32>,
        frame: Option<&Rc<Frame>>,
        depth: usize,
        values: &mut Vec<Value>,
    ) {
        let class = ClassRef { file: unit.file, id: field.class };
        for site in &unit.index.all_calls {
            let inside = site.function.is_some_and(|scope| self.method_of_scope(unit, scope) == within);
            if !inside || before.is_some_and(|line| unit.line(site.expr) > line) || values.len() >= MAX_FILLINGS {
                continue;
            }
            let Expr::Call(call) = unit.expr(site.expr) else { continue };
            let sister = match unit.expr(call.callee) {
                Expr::Name(name) => Some(name),
                Expr::Member { object, name } if matches!(unit.expr(*object), Expr::This) => Some(name),
                _ => None,
            };
            if sister.is_none_or(|sister| self.own_method(class, sister, FunctionKind::Method).is_none()) {
                continue;
            }
            for closure in self.callees(unit, call, frame) {
                let FnRef { file, id } = closure.function;
                if file != unit.file || id == within || unit.index.class[id.0 as usize] != Some(field.class) {
                    continue;
                }
                let (args, complete) = self.args_for(unit, call, frame, closure.function);
                let inner = self.frame(&closure, args, complete);
                let written = field.writes.iter().filter(|(method, _)| *method == id);
                let before = values.len();
                values.extend(written.map(|(_, value)| self.expr(unit, *value, Some(&inner))));
                if values.len() == before && depth + 1 < MAX_HANDED {
                    self.fillings(unit, field, id, None, Some(&inner), depth + 1, values);
                }
            }
        }
    }
}
