//! Calls of methods that are looked up by name, told as the calls they are: `type.GetMethod("M").MakeGenericMethod(t)`,
//! in one chain or over several variables, is `M<t>`.

use super::Lowering;
use crate::{Call, Expr, ExprId, Pattern, Stmt, TypeRef};
use smol_str::SmolStr;

/// Variables that a looked-up method goes through.
const MAX_STEPS: usize = 4;
/// Methods that pick one of the methods of a type.
const PICKING: &[&str] = &["First", "FirstOrDefault", "Single", "SingleOrDefault"];

impl Lowering<'_, '_> {
    /// `type.GetMethod("M").MakeGenericMethod(t).Invoke(o, new object[] { a })` is the call `o.M<t>(a)`.
    pub(super) fn reflected(&mut self, callee: ExprId, args: &[crate::Arg]) -> Option<Call> {
        let exprs = &self.b.tree.exprs;
        let Expr::Member { object, name } = &exprs[callee.0 as usize] else { return None };
        if name != "Invoke" || args.len() != 2 {
            return None;
        }
        let (made, types) = self.call_of(*object, &["MakeGenericMethod"])?;
        let name = self.looked_up(made)?;
        let type_args = types.iter().map(|arg| match &exprs[arg.value.0 as usize] {
            Expr::Name(name) => TypeRef::ValueOf(name.clone()),
            Expr::TypeLiteral(ty) => ty.clone(),
            _ => TypeRef::Other,
        });
        let type_args = type_args.collect();
        let given = match &exprs[args[1].value.0 as usize] {
            Expr::List(items) => items.iter().map(|value| crate::Arg { name: None, value: *value }).collect(),
            _ => Vec::new(),
        };
        let at = self.b.tree.expr_lines.get(callee.0 as usize).copied().unwrap_or(1);
        let callee = self.b.expr(at, Expr::Member { object: args[0].value, name });
        Some(Call { callee, args: given, type_args, optional: false })
    }

    /// The name in `GetMethod("M")` and in `GetMethods().First(m => m.Name == "M")`.
    fn looked_up(&self, at: ExprId) -> Option<SmolStr> {
        if let Some((_, named)) = self.call_of(at, &["GetMethod"]) {
            return self.said(named.first()?.value);
        }
        let (all, picked) = self.call_of(at, PICKING)?;
        self.call_of(all, &["GetMethods"])?;
        let Expr::Lambda(picker) = &self.b.tree.exprs[picked.first()?.value.0 as usize] else { return None };
        let body = self.b.tree.functions.get(picker.0 as usize)?.body.as_ref()?;
        let [only] = body.as_slice() else { return None };
        let Stmt::Return(Some(test)) = &self.b.tree.stmts[only.0 as usize] else { return None };
        let mut open = vec![*test];
        while let Some(at) = open.pop() {
            let Expr::Binary { op, left, right } = &self.b.tree.exprs[at.0 as usize] else { continue };
            match op.as_str() {
                "&&" => open.extend([*left, *right]),
                "==" if self.is_name(*left) => return self.said(*right),
                _ => {}
            }
        }
        None
    }

    fn is_name(&self, at: ExprId) -> bool {
        matches!(&self.b.tree.exprs[at.0 as usize], Expr::Member { name, .. } if name == "Name")
    }

    fn said(&self, at: ExprId) -> Option<SmolStr> {
        match &self.b.tree.exprs[at.0 as usize] {
            Expr::Text(name) | Expr::NameOf(name) => Some(name.clone()),
            _ => None,
        }
    }

    /// A call of one of these methods, behind the variable that holds its result: its object and its arguments.
    fn call_of(&self, at: ExprId, names: &[&str]) -> Option<(ExprId, Vec<crate::Arg>)> {
        let exprs = &self.b.tree.exprs;
        let mut at = at;
        for _ in 0..MAX_STEPS {
            match &exprs[at.0 as usize] {
                Expr::Cast { value, .. } => at = *value,
                Expr::Name(variable) => at = self.last_set(variable)?,
                Expr::Call(call) => {
                    return match &exprs[call.callee.0 as usize] {
                        Expr::Member { object, name } if names.contains(&name.as_str()) => {
                            Some((*object, call.args.clone()))
                        }
                        _ => None,
                    };
                }
                _ => return None,
            }
        }
        None
    }

    /// What the variable of a name was made with that was declared last before this place.
    fn last_set(&self, variable: &str) -> Option<ExprId> {
        self.b.tree.stmts.iter().rev().find_map(|stmt| match stmt {
            Stmt::Let { pattern: Pattern::Name(name), value, .. } if name == variable => *value,
            _ => None,
        })
    }
}
