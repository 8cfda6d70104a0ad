//! Ways to an operation that lead through a table: which rows can take them.

use super::run::{Chain, is_constructor};
use crate::eval::Eval;
use crate::value::Value;
use crate::world::{ClassRef, FnRef, Unit};
use weir_syntax::{Expr, ExprId, Stmt};

impl Chain {
    /// True for the constructor of a class that has no part in the way so far: its objects are at hand because they were
    /// stored and read back.
    pub(super) fn reads_back(&self, eval: &Eval<'_, '_>, function: FnRef) -> bool {
        let Some(unit) = eval.world.unit(function.file) else { return false };
        if self.made.is_some() || !unit.tree.language.has_implicit_receiver() || !is_constructor(eval, function) {
            return false;
        }
        let Some(class) = class_of(eval, function) else { return false };
        let own = self.hit.scope().map(|id| FnRef { file: self.hit.unit.file, id });
        let callers = self.calls.iter().filter_map(|(caller, _)| {
            let id = caller.unit.index.scope[caller.expr.0 as usize]?;
            Some(FnRef { file: caller.unit.file, id })
        });
        let way = own.into_iter().chain(self.calls.iter().map(|(_, target)| *target)).chain(callers);
        way.into_iter().filter_map(|function| class_of(eval, function)).all(|on_way| !eval.is_a(on_way, class))
    }

    /// True where a row of one kind would have to pass a case that is there for rows of another.
    pub(super) fn contradicts(&self, eval: &Eval<'_, '_>) -> bool {
        let Some(made) = self.made else { return false };
        let Some(assumed) = self.frame_of(eval, &self.calls[made..]) else { return false };
        let Some(unit) = eval.world.unit(assumed.function.file) else { return false };
        let params = unit.function(assumed.function.id).params.iter();
        let kinds = params.zip(&assumed.args).filter_map(|(param, value)| {
            let target = eval.type_name(&unit, param.ty.as_ref()?.name()?)?;
            let crate::eval::TypeTarget::Class(class) = target else { return None };
            let known = matches!(value, Value::Number(_) | Value::Text(_));
            (known && eval.is_enum(class)).then_some((class, value))
        });
        let kinds: Vec<(ClassRef, &Value)> = kinds.collect();
        if kinds.is_empty() {
            return false;
        }
        self.calls[..made].iter().any(|(caller, _)| {
            let tests = case_around(&caller.unit, caller.expr);
            let asked = tests.iter().filter_map(|test| match caller.unit.expr(*test) {
                Expr::Member { object, .. } => match eval.expr(&caller.unit, *object, None) {
                    Value::Class(class) => Some((class, eval.expr(&caller.unit, *test, None))),
                    _ => None,
                },
                _ => None,
            });
            let asked: Vec<(ClassRef, Value)> = asked.collect();
            kinds.iter().any(|(class, value)| {
                let mut same = asked.iter().filter(|(own, _)| own == class).peekable();
                same.peek().is_some() && same.all(|(_, asked)| asked != *value)
            })
        })
    }
}

/// What the nearest case around an expression tests; lines tell which one it is.
pub(super) fn case_around(unit: &Unit, expr: ExprId) -> Vec<ExprId> {
    let Some(scope) = unit.index.scope[expr.0 as usize] else { return Vec::new() };
    let function = unit.function(scope);
    let line = unit.line(expr);
    let mut nearest: Option<(u32, &[ExprId])> = None;
    for (at, stmt) in unit.tree.stmts.iter().enumerate() {
        let Stmt::Switch { cases, .. } = stmt else { continue };
        let begins = unit.tree.stmt_lines.get(at).copied().unwrap_or(0);
        if begins < function.line || begins > function.end_line {
            continue;
        }
        let heads = cases.iter().filter_map(|case| Some((unit.line(*case.tests.first()?), case.tests.as_slice())));
        if let Some(head) = heads.filter(|(head, _)| *head <= line).max_by_key(|(head, _)| *head)
            && nearest.is_none_or(|(known, _)| head.0 > known)
        {
            nearest = Some(head);
        }
    }
    nearest.map(|(_, tests)| tests.to_vec()).unwrap_or_default()
}

fn class_of(eval: &Eval<'_, '_>, function: FnRef) -> Option<ClassRef> {
    let unit = eval.world.unit(function.file)?;
    eval.world.class_of(&unit, function.id)
}
