//! Statements of Go become the few kinds of statements that control flow and names need.

use super::{Lowering, line, named};
use crate::{Case, Expr, ExprId, FunctionKind, Pattern, Stmt, StmtId, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

/// `else if` chains longer than this become one switch, so that the tree stays shallow.
const MAX_ELSE_IFS: usize = 100;

impl Lowering<'_, '_> {
    /// The statements of a block, a case or a file.
    pub(super) fn statements(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for child in named(node) {
            if child.kind() == "statement_list" {
                named(child).into_iter().for_each(|child| self.statement(child, out));
            } else {
                self.statement(child, out);
            }
        }
    }

    /// Lowers a statement; beyond the depth bound it is left out.
    pub(super) fn statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        self.deeper(|inner| inner.statement_at(node, out));
    }

    pub(super) fn put(&mut self, node: Node<'_>, stmt: Stmt, out: &mut Vec<StmtId>) {
        let stmt = self.b.stmt(line(node), stmt);
        out.push(stmt);
    }

    fn block(&mut self, node: Option<Node<'_>>) -> Vec<StmtId> {
        let mut out = Vec::new();
        if let Some(node) = node {
            self.statements(node, &mut out);
        }
        out
    }

    fn statement_at(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        match node.kind() {
            "package_clause" => {
                if let Some(name) = named(node).first() {
                    self.b.tree.namespace = self.text(*name);
                }
            }
            "import_declaration" => self.imports(node),
            "const_declaration" => self.constants(node, out),
            "var_declaration" => self.variables(node, out),
            "type_declaration" => self.types(node, out),
            "function_declaration" => {
                let function = self.function(node, FunctionKind::Function);
                self.put(node, Stmt::Function(function), out);
            }
            "method_declaration" => {
                let function = self.function(node, FunctionKind::Method);
                self.put(node, Stmt::Function(function), out);
            }
            "short_var_declaration" => self.short_declaration(node, out),
            "assignment_statement" => self.assignment(node, out),
            "inc_statement" | "dec_statement" => {
                let op = SmolStr::new_static(if node.kind() == "inc_statement" { "++" } else { "--" });
                let value = self.first(node);
                let value = self.b.expr(line(node), Expr::Unary { op, value });
                self.put(node, Stmt::Expr(value), out);
            }
            "send_statement" => {
                let channel = self.required(node, "channel");
                let value = self.required(node, "value");
                self.put(node, Stmt::SendTo { channel, value }, out);
            }
            "return_statement" => self.return_statement(node, out),
            "go_statement" => {
                let value = self.first(node);
                self.put(node, Stmt::Spawn(value), out);
            }
            "defer_statement" => {
                let value = self.first(node);
                self.put(node, Stmt::Defer(value), out);
            }
            "if_statement" => self.conditional(node, out),
            "for_statement" => self.for_statement(node, out),
            "expression_switch_statement" => self.switch(node, out),
            "type_switch_statement" => self.type_switch(node, out),
            "select_statement" => self.select(node, out),
            "block" => {
                let body = self.block(Some(node));
                self.put(node, Stmt::Block(body), out);
            }
            "labeled_statement" => {
                named(node).into_iter().skip(1).for_each(|inner| self.statement(inner, out));
            }
            "break_statement" => self.put(node, Stmt::Break, out),
            "continue_statement" => self.put(node, Stmt::Continue, out),
            "ERROR" => self.broken(node, out),
            "fallthrough_statement" | "goto_statement" | "empty_statement" | "comment" => {}
            "expression_statement" => {
                let value = self.first(node);
                self.put(node, Stmt::Expr(value), out);
            }
            _ => {
                let value = self.expression(node);
                self.put(node, Stmt::Expr(value), out);
            }
        }
    }

    /// Of what stands inside a syntax error, statements and calls still count; loose names and types do not.
    fn broken(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for child in named(node) {
            let kind = child.kind();
            if kind.ends_with("_statement")
                || kind.ends_with("_declaration")
                || matches!(kind, "call_expression" | "block" | "statement_list" | "package_clause" | "ERROR")
            {
                if kind == "statement_list" { self.statements(child, out) } else { self.statement(child, out) }
            }
        }
    }

    /// `a, b := f()`, `v, ok := m[k]`, `a, b := 1, 2`.
    fn short_declaration(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let left = node.child_by_field_name("left").map(named).unwrap_or_default();
        let right = node.child_by_field_name("right").map(named).unwrap_or_default();
        let patterns: Vec<Pattern> = left.iter().map(|name| self.binding(*name)).collect();
        if patterns.len() > 1
            && let [only] = right.as_slice()
        {
            return self.bind_many(node, patterns, *only, out);
        }
        for (at, pattern) in patterns.into_iter().enumerate() {
            let value = right.get(at).map(|value| self.expression(*value));
            self.put(left[at], variable(pattern, None, value), out);
        }
    }

    /// Several names from one value: the results of a call, or a value and whether it was there.
    pub(super) fn bind_many(&mut self, node: Node<'_>, patterns: Vec<Pattern>, value: Node<'_>, out: &mut Vec<StmtId>) {
        let is_lookup = is_lookup(value);
        let value = self.expression(value);
        if !is_lookup {
            return self.put(node, variable(Pattern::List(patterns), None, Some(value)), out);
        }
        for (at, pattern) in patterns.into_iter().enumerate() {
            self.put(node, variable(pattern, None, (at == 0).then_some(value)), out);
        }
    }

    /// `a = b`, `a, b = b, a`, `s.conn, err = dial()`.
    fn assignment(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let left = node.child_by_field_name("left").map(named).unwrap_or_default();
        let right = node.child_by_field_name("right").map(named).unwrap_or_default();
        let op = self.field_text(node, "operator");
        if left.len() > 1
            && let [only] = right.as_slice()
        {
            return self.assign_many(node, &left, *only, out);
        }
        for (target, value) in left.iter().zip(right) {
            let value = self.expression(value);
            if target.kind() == "identifier" && self.text(*target) == "_" {
                self.put(*target, Stmt::Expr(value), out);
                continue;
            }
            let target_value = self.expression(*target);
            self.assign(*target, &op, target_value, value, out);
        }
    }

    fn assign(&mut self, node: Node<'_>, op: &SmolStr, target: ExprId, value: ExprId, out: &mut Vec<StmtId>) {
        let assign = self.b.expr(line(node), Expr::Assign { op: op.clone(), target, value });
        self.put(node, Stmt::Expr(assign), out);
    }

    /// The results go to variables that no source can name, and from there one by one to their targets.
    fn assign_many(&mut self, node: Node<'_>, left: &[Node<'_>], value: Node<'_>, out: &mut Vec<StmtId>) {
        let op = SmolStr::new_static("=");
        let is_lookup = is_lookup(value);
        if is_lookup {
            let value = self.expression(value);
            match left.first() {
                Some(target) if self.text(*target) != "_" => {
                    let target_value = self.expression(*target);
                    self.assign(*target, &op, target_value, value, out);
                }
                _ => self.put(node, Stmt::Expr(value), out),
            }
            return;
        }
        let value = self.expression(value);
        let mut patterns = Vec::new();
        let mut targets = Vec::new();
        for (at, target) in left.iter().enumerate() {
            if target.kind() == "identifier" && self.text(*target) == "_" {
                patterns.push(Pattern::Ignore);
                continue;
            }
            let temporary = SmolStr::new(format!("${at}@{}", node.start_byte()));
            patterns.push(Pattern::Name(temporary.clone()));
            targets.push((*target, temporary));
        }
        self.put(node, variable(Pattern::List(patterns), None, Some(value)), out);
        for (target, temporary) in targets {
            let target_value = self.expression(target);
            let value = self.b.expr(line(target), Expr::Name(temporary));
            self.assign(target, &op, target_value, value, out);
        }
    }

    fn return_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let values: Vec<Node<'_>> = named(node).first().map(|list| named(*list)).unwrap_or_default();
        let mut values: Vec<ExprId> = values.into_iter().map(|value| self.expression(value)).collect();
        if values.is_empty() {
            let results = std::rc::Rc::clone(&self.context.results);
            values = results.iter().map(|name| self.b.expr(line(node), Expr::Name(name.clone()))).collect();
        }
        let value = match values.len() {
            0 => None,
            1 => values.pop(),
            _ => Some(self.b.expr(line(node), Expr::List(values))),
        };
        self.put(node, Stmt::Return(value), out);
    }

    /// `else if` chains are walked, not recursed into.
    fn conditional(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut arms = Vec::new();
        let mut last = Vec::new();
        let mut at = Some(node);
        while let Some(node) = at {
            let mut before = Vec::new();
            if let Some(initializer) = node.child_by_field_name("initializer") {
                self.statement(initializer, &mut before);
            }
            let test = self.required(node, "condition");
            let then = self.block(node.child_by_field_name("consequence"));
            arms.push((line(node), before, test, then));
            at = match node.child_by_field_name("alternative") {
                Some(next) if next.kind() == "if_statement" => Some(next),
                other => {
                    last = self.block(other);
                    None
                }
            };
        }
        if arms.len() > MAX_ELSE_IFS {
            let mut cases = Vec::new();
            for (_, before, test, body) in arms {
                out.extend(before);
                cases.push(Case { tests: vec![test], body });
            }
            cases.push(Case { tests: Vec::new(), body: last });
            return self.put(node, Stmt::Switch { subject: None, cases }, out);
        }
        while let Some((line, mut before, test, then)) = arms.pop() {
            let stmt = self.b.stmt(line, Stmt::If { test, then, otherwise: std::mem::take(&mut last) });
            before.push(stmt);
            last = before;
        }
        out.append(&mut last);
    }

    fn for_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let body = node.child_by_field_name("body");
        let head = named(node).into_iter().find(|child| Some(child.id()) != body.map(|body| body.id()));
        match head {
            Some(head) if head.kind() == "range_clause" => {
                let over = self.required(head, "right");
                let names = head.child_by_field_name("left").map(named).unwrap_or_default();
                let mut patterns: Vec<Pattern> = names.iter().map(|name| self.binding(*name)).collect();
                // Two variables are a key and the element; one is the element of a channel, and else a key.
                let element = match patterns.as_slice() {
                    [Pattern::Ignore, _] | [_] => patterns.pop(),
                    [] => None,
                    _ => Some(Pattern::List(patterns)),
                };
                let body = self.block(body);
                self.put(node, Stmt::Loop { pattern: element, over: Some(over), test: None, body }, out);
            }
            Some(head) if head.kind() == "for_clause" => {
                if let Some(initializer) = head.child_by_field_name("initializer") {
                    self.statement(initializer, out);
                }
                let test = head.child_by_field_name("condition").map(|test| self.expression(test));
                let mut inner = self.block(body);
                if let Some(update) = head.child_by_field_name("update") {
                    self.statement(update, &mut inner);
                }
                self.put(node, Stmt::Loop { pattern: None, over: None, test, body: inner }, out);
            }
            head => {
                let test = head.map(|test| self.expression(test));
                let body = self.block(body);
                self.put(node, Stmt::Loop { pattern: None, over: None, test, body }, out);
            }
        }
    }

    fn initializer(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, out);
        }
    }

    fn switch(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        self.initializer(node, out);
        let subject = node.child_by_field_name("value").map(|value| self.expression(value));
        let mut cases = Vec::new();
        let mut carried: Vec<ExprId> = Vec::new();
        for case in named(node) {
            let is_default = case.kind() == "default_case";
            if !is_default && case.kind() != "expression_case" {
                continue;
            }
            let values = case.child_by_field_name("value");
            let mut tests = std::mem::take(&mut carried);
            for value in values.map(named).unwrap_or_default() {
                tests.push(self.expression(value));
            }
            let body = self.case_body(case, values);
            // A case that does nothing but fall through shares the body of the next.
            if body.is_empty() && falls_through(case) {
                carried = tests;
                continue;
            }
            if is_default {
                tests.clear();
            }
            cases.push(Case { tests, body });
        }
        self.put(node, Stmt::Switch { subject, cases }, out);
    }

    /// The statements of a case behind its head.
    fn case_body(&mut self, case: Node<'_>, head: Option<Node<'_>>) -> Vec<StmtId> {
        let mut body = Vec::new();
        for child in named(case) {
            if Some(child.id()) != head.map(|head| head.id()) && child.kind() == "statement_list" {
                named(child).into_iter().for_each(|stmt| self.statement(stmt, &mut body));
            }
        }
        body
    }

    /// The subject gets its name before the switch, and its type in each case that has one.
    fn type_switch(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        self.initializer(node, out);
        let alias = node.child_by_field_name("alias").and_then(|list| named(list).first().copied());
        let mut subject = self.required(node, "value");
        if let Some(alias) = alias {
            let pattern = self.binding(alias);
            self.put(alias, variable(pattern, None, Some(subject)), out);
            subject = self.expression(alias);
        }
        let mut cases = Vec::new();
        for case in named(node) {
            if !matches!(case.kind(), "type_case" | "default_case") {
                continue;
            }
            let types: Vec<(u32, TypeRef)> =
                super::fields(case, "type").into_iter().map(|ty| (line(ty), self.type_ref(ty))).collect();
            let mut body = Vec::new();
            if let (Some(alias), [(_, ty)]) = (alias, types.as_slice()) {
                let pattern = self.binding(alias);
                self.put(case, variable(pattern, Some(ty.clone()), None), &mut body);
            }
            body.extend(self.case_body(case, None));
            let tests = types.into_iter().map(|(line, ty)| self.b.expr(line, Expr::TypeLiteral(ty))).collect();
            cases.push(Case { tests, body });
        }
        self.put(node, Stmt::Switch { subject: Some(subject), cases }, out);
    }

    /// Each communication is a test: a plain receive is itself, one that binds and a send are blocks of one statement.
    fn select(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut cases = Vec::new();
        for case in named(node) {
            let communication = case.child_by_field_name("communication");
            let mut tests = Vec::new();
            if let Some(communication) = communication {
                let is_plain =
                    communication.kind() == "receive_statement" && communication.child_by_field_name("left").is_none();
                if is_plain {
                    tests.push(self.required(communication, "right"));
                } else {
                    let mut inner = Vec::new();
                    if communication.kind() == "receive_statement" {
                        self.receive(communication, &mut inner);
                    } else {
                        self.statement(communication, &mut inner);
                    }
                    tests.push(self.b.expr(line(communication), Expr::Block(inner)));
                }
            } else if case.kind() != "default_case" {
                continue;
            }
            let body = self.case_body(case, communication);
            cases.push(Case { tests, body });
        }
        self.put(node, Stmt::Switch { subject: None, cases }, out);
    }

    fn receive(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let left = node.child_by_field_name("left").map(named).unwrap_or_default();
        let Some(right) = node.child_by_field_name("right") else { return };
        let declares = {
            let mut cursor = node.walk();
            node.children(&mut cursor).any(|child| child.kind() == ":=")
        };
        if !declares {
            let value = self.expression(right);
            if let Some(target) = left.first() {
                let target_value = self.expression(*target);
                self.assign(*target, &SmolStr::new_static("="), target_value, value, out);
            }
            return;
        }
        let patterns: Vec<Pattern> = left.iter().map(|name| self.binding(*name)).collect();
        self.bind_many(node, patterns, right, out);
    }
}

fn variable(pattern: Pattern, ty: Option<TypeRef>, value: Option<ExprId>) -> Stmt {
    Stmt::Let { pattern, ty, value, constant: false, exported: false }
}

/// True for what yields a value and whether there was one: an index, a type assertion, a receive.
fn is_lookup(node: Node<'_>) -> bool {
    let mut at = node;
    while at.kind() == "parenthesized_expression" {
        match named(at).first() {
            Some(inner) => at = *inner,
            None => return false,
        }
    }
    match at.kind() {
        "index_expression" | "type_assertion_expression" => true,
        "unary_expression" => at.child_by_field_name("operator").is_some_and(|op| op.kind() == "<-"),
        _ => false,
    }
}

fn falls_through(case: Node<'_>) -> bool {
    named(case)
        .into_iter()
        .filter(|child| child.kind() == "statement_list")
        .any(|list| named(list).iter().any(|stmt| stmt.kind() == "fallthrough_statement"))
}
