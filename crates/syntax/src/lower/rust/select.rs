//! `select! { … }`: a switch whose tests are the futures waited for, as Go's select is one.

use super::{Lowering, macros::content, named, patterns::binds, statements::Tail};
use crate::{Case, Expr, ExprId, Pattern, Stmt, StmtId};
use tree_sitter::Node;

impl Lowering<'_, '_, '_> {
    /// True for a macro that waits for the first of several.
    pub(super) fn is_select(&self, node: Node<'_>) -> bool {
        is_select(&self.macro_name(node))
    }

    /// `select! { pattern = future, if guard => body, else => body }`: a switch as Go's select is one.
    pub(super) fn select(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        let Some(tokens) = named(node).into_iter().find(|child| child.kind() == "token_tree") else { return };
        let children = content(tokens);
        let mut cases = Vec::new();
        let mut at = 0;
        // `biased;` comes first.
        if let [word, sign, ..] = children.as_slice()
            && word.kind() == "identifier"
            && sign.kind() == ";"
        {
            at = 2;
        }
        while at < children.len() {
            let Some(arrow) = children[at..].iter().position(|token| token.kind() == "=>") else { break };
            let head = &children[at..at + arrow];
            let body_at = at + arrow + 1;
            let Some(first) = children.get(body_at) else { break };
            // A body is a block, or goes to the next comma.
            let is_block = self.source.get(first.start_byte()) == Some(&b'{') && first.kind() == "token_tree";
            let comma = children[body_at..].iter().position(|token| token.kind() == ",");
            let end = match comma {
                _ if is_block => body_at + 1,
                Some(comma) => body_at + comma,
                None => children.len(),
            };
            let tests = self.select_head(head);
            let mut body = Vec::new();
            if let Some(last) = children.get(end - 1).filter(|_| end > body_at) {
                let row = self.row(*first);
                let text = self.source.get(first.start_byte()..last.end_byte()).unwrap_or_default();
                // An arm without braces gets some, so that its value is a tail.
                let text = if is_block { text.to_vec() } else { [b"{", text, b"}"].concat() };
                self.reparse(&text, row, |inner, root| {
                    for child in named(root) {
                        let child = if child.kind() == "expression_statement" {
                            named(child).first().copied().unwrap_or(child)
                        } else {
                            child
                        };
                        inner.deeper(|inner| inner.arm(child, tail, &mut body));
                    }
                });
            }
            cases.push(Case { tests, body });
            at = end;
            while children.get(at).is_some_and(|token| token.kind() == ",") {
                at += 1;
            }
        }
        self.put(node, Stmt::Switch { subject: None, cases }, out);
    }

    /// `pattern = future, if guard` as a test; none for `else`.
    fn select_head(&mut self, head: &[Node<'_>]) -> Vec<ExprId> {
        let (Some(first), Some(last)) = (head.first(), head.last()) else { return Vec::new() };
        if head.len() == 1 && matches!(self.text(*first).as_str(), "else" | "default" | "complete") {
            return Vec::new();
        }
        let Some(sign) = head.iter().position(|token| token.kind() == "=") else {
            return vec![self.token_value(head)];
        };
        let guard = head.windows(2).position(|pair| pair[0].kind() == "," && pair[1].kind() == "if");
        let future = &head[sign + 1..guard.unwrap_or(head.len())];
        let Some((from, to)) = future.first().zip(future.last()) else { return Vec::new() };
        // Parsed as the declaration it is; the future is awaited.
        let row = self.row(*first);
        let pattern = self.source.get(first.start_byte()..head[sign].start_byte()).unwrap_or_default();
        let value = self.source.get(from.start_byte()..to.end_byte()).unwrap_or_default();
        let text = [b"let ", pattern, b"=", value, b";"].concat();
        let mut inner = Vec::new();
        self.reparse(&text, row, |lowering, root| {
            for child in named(root).into_iter().filter(|child| child.kind() == "let_declaration") {
                let bound = child.child_by_field_name("pattern").map(|bound| lowering.pattern(bound));
                let value = lowering.required(child, "value");
                let value = lowering.expr(child, Expr::Await(value));
                let bound = bound.unwrap_or(Pattern::Ignore);
                let stmt = if binds(&bound) {
                    Stmt::Let { pattern: bound, ty: None, value: Some(value), constant: false, exported: false }
                } else {
                    Stmt::Expr(value)
                };
                lowering.put(child, stmt, &mut inner);
            }
        });
        if let Some(guard) = guard.and_then(|guard| head.get(guard + 2)) {
            let row = self.row(*guard);
            if let Some(test) = self.reparse_expression(guard.start_byte(), last.end_byte(), row) {
                self.put(*guard, Stmt::Expr(test), &mut inner);
            }
        }
        let test = self.block_of(*first, inner);
        vec![test]
    }
}

pub(super) fn is_select(name: &str) -> bool {
    matches!(name, "select" | "select_biased")
}
