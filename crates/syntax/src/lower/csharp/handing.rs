//! Methods that are handed to a sequence by their name: `orders.ForEach(bus.Publish)` calls the method with each element.

use super::Lowering;
use crate::{Arg, Expr, ExprId};
use smol_str::SmolStr;
use tree_sitter::Node;

/// Methods of sequences that run what they are given on each element.
const RUNNING: &[&str] = &["Select", "SelectMany", "ForEach", "ConvertAll", "ForEachAsync"];

impl Lowering<'_, '_> {
    /// Arguments of which those that name a method are lambdas that call it.
    pub(super) fn with_handed_methods(&mut self, node: Node<'_>, callee: ExprId, args: Vec<Arg>) -> Vec<Arg> {
        let runs = |name: &SmolStr| RUNNING.contains(&name.as_str());
        if !matches!(&self.b.tree.exprs[callee.0 as usize], Expr::Member { name, .. } if runs(name)) {
            return args;
        }
        let at = self.b.tree.expr_lines.get(callee.0 as usize).copied().unwrap_or(1);
        let handed = args.into_iter().map(|arg| match &self.b.tree.exprs[arg.value.0 as usize] {
            Expr::Name(name) | Expr::Member { name, .. } if name.starts_with(char::is_uppercase) => {
                Arg { value: self.b.handing_on(node, at, arg.value), ..arg }
            }
            _ => arg,
        });
        handed.collect()
    }
}
