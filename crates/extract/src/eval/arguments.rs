//! Which parameter each argument of a call is for, where arguments may come by name.

use super::Eval;
use crate::value::Value;
use crate::world::{ClassRef, FnRef, Unit};
use smol_str::SmolStr;
use weir_syntax::{Call, Expr, FunctionKind, Pattern};

impl Eval<'_, '_> {
    /// The values of a call in the order of the function's parameters; one that is left out in between is null, so that
    /// its default counts.
    pub(crate) fn arranged(&self, function: FnRef, unit: &Unit, call: &Call, values: Vec<Value>) -> Vec<Value> {
        if !by_name(unit, call, &values) {
            return values;
        }
        let Some(declared) = self.world.unit(function.file) else { return values };
        let params = &declared.function(function.id).params;
        let mut placed: Vec<Option<Value>> = vec![None; params.len()];
        let mut position = 0;
        for (arg, value) in call.args.iter().zip(&values) {
            let at = match &arg.name {
                Some(name) => {
                    let named = |pattern: &Pattern| matches!(pattern, Pattern::Name(param) if param == name);
                    params.iter().position(|param| named(&param.pattern))
                }
                None => Some(position),
            };
            let Some(slot) = at.and_then(|at| placed.get_mut(at)) else { return values };
            *slot = Some(value.clone());
            position += usize::from(arg.name.is_none());
        }
        let last = placed.iter().rposition(Option::is_some).map_or(0, |at| at + 1);
        placed.into_iter().take(last).map(|value| value.unwrap_or(Value::Null)).collect()
    }

    /// The same for the constructor of a class.
    pub(super) fn arranged_for(&self, class: ClassRef, unit: &Unit, call: &Call, values: Vec<Value>) -> Vec<Value> {
        if !by_name(unit, call, &values) {
            return values;
        }
        let Some(declared) = self.world.unit(class.file) else { return values };
        let names: Vec<&SmolStr> = call.args.iter().filter_map(|arg| arg.name.as_ref()).collect();
        let takes = |id: &&weir_syntax::FunctionId| {
            let function = declared.function(**id);
            function.kind == FunctionKind::Constructor
                && names.iter().all(|name| {
                    function.params.iter().any(|param| matches!(&param.pattern, Pattern::Name(param) if param == *name))
                })
        };
        match declared.class(class.id).members.iter().find(takes) {
            Some(id) => self.arranged(FnRef { file: class.file, id: *id }, unit, call, values),
            None => values,
        }
    }
}

/// True where an argument has a name and each has one value.
fn by_name(unit: &Unit, call: &Call, values: &[Value]) -> bool {
    call.args.len() == values.len()
        && call.args.iter().any(|arg| arg.name.is_some())
        && !call.args.iter().any(|arg| matches!(unit.expr(arg.value), Expr::Spread(_)))
}
