//! Statements of Python become the few kinds of statements that control flow and names need.

use super::{Lowering, bare, fields, line, named};
use crate::{Case, Catch, Expr, ExprId, Pattern, Stmt, StmtId, TypeKind, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

/// `elif` chains longer than this become one switch, so that the tree stays shallow.
const MAX_ELIFS: usize = 100;

impl Lowering<'_, '_> {
    /// The statements of a block or a file.
    pub(super) fn statements(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for child in named(node) {
            self.statement(child, out);
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

    pub(super) fn block(&mut self, node: Option<Node<'_>>) -> Vec<StmtId> {
        let mut out = Vec::new();
        if let Some(node) = node {
            self.statements(node, &mut out);
        }
        out
    }

    fn statement_at(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        match node.kind() {
            "import_statement" => self.import(node),
            "import_from_statement" => self.import_from(node),
            "expression_statement" => self.expression_statement(node, out),
            "function_definition" | "class_definition" | "decorated_definition" => self.declaration(node, out),
            "return_statement" => {
                let value = named(node).first().map(|value| self.expression(*value));
                self.put(node, Stmt::Return(value), out);
            }
            "raise_statement" => {
                let value = named(node).first().map(|value| self.expression(*value));
                self.put(node, Stmt::Throw(value), out);
            }
            "if_statement" => self.conditional(node, out),
            "for_statement" => self.for_statement(node, out),
            "while_statement" => self.while_statement(node, out),
            "try_statement" => self.try_statement(node, out),
            "with_statement" => self.with_statement(node, out),
            "match_statement" => self.match_statement(node, out),
            "global_statement" | "nonlocal_statement" => {
                // The names belong to another scope, so that assigning them declares nothing here.
                for name in named(node) {
                    let name = self.text(name);
                    self.declare(&name);
                }
            }
            "type_alias_statement" => self.alias(node, out),
            "break_statement" => self.put(node, Stmt::Break, out),
            "continue_statement" => self.put(node, Stmt::Continue, out),
            "block" => self.statements(node, out),
            "ERROR" => self.broken(node, out),
            "pass_statement" | "future_import_statement" | "comment" => {}
            _ => {
                // `assert`, `del` and what is left: only the calls inside count.
                let parts = named(node).into_iter().map(|part| self.expression(part)).collect();
                let value = self.b.expr(line(node), Expr::Opaque(parts));
                self.put(node, Stmt::Expr(value), out);
            }
        }
    }

    /// Of what stands inside a syntax error, statements and calls still count; loose names and types do not.
    fn broken(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for child in named(node) {
            match child.kind() {
                "call" | "await" => {
                    let value = self.expression(child);
                    self.put(child, Stmt::Expr(value), out);
                }
                kind if kind.ends_with("_statement")
                    || kind.ends_with("_definition")
                    || matches!(kind, "block" | "ERROR") =>
                {
                    self.statement(child, out);
                }
                _ => {}
            }
        }
    }

    fn expression_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for inner in named(node) {
            match inner.kind() {
                "assignment" => self.assignment(inner, out),
                "augmented_assignment" => {
                    let op = self.field_text(inner, "operator");
                    let target = self.required(inner, "left");
                    let value = self.required(inner, "right");
                    let assign = self.b.expr(line(inner), Expr::Assign { op, target, value });
                    self.put(inner, Stmt::Expr(assign), out);
                }
                // Texts on their own are documentation.
                "string" | "concatenated_string" | "ellipsis" => {}
                _ => {
                    let value = self.expression(inner);
                    self.put(inner, Stmt::Expr(value), out);
                }
            }
        }
    }

    /// Functions and classes with their decorators.
    fn declaration(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let (node, annotations) = match node.kind() {
            "decorated_definition" => {
                let annotations = self.decorators(node);
                match node.child_by_field_name("definition") {
                    Some(definition) => (definition, annotations),
                    None => return,
                }
            }
            _ => (node, Vec::new()),
        };
        let name = self.field_text(node, "name");
        self.declare(&name);
        if node.kind() == "class_definition" {
            let ty = self.class(node, annotations);
            self.put(node, Stmt::Type(ty), out);
        } else {
            let function = self.definition(node, annotations);
            self.put(node, Stmt::Function(function), out);
        }
    }

    fn alias(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut ty = crate::Builder::blank_type(node, TypeKind::Alias);
        if let Some(left) = node.child_by_field_name("left") {
            let (name, args) = self.hint(left);
            ty.exported = !name.starts_with('_');
            ty.name = name;
            ty.type_params = args.into_iter().map(|arg| self.dotted(arg)).collect();
        }
        ty.alias = self.field_type(node, "right");
        let ty = self.b.type_decl(ty);
        self.put(node, Stmt::Type(ty), out);
    }

    /// What an assignment, a loop or a parameter binds; the names count as declared from here on.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Pattern {
        self.deeper(|inner| inner.pattern_at(node)).unwrap_or(Pattern::Ignore)
    }

    fn pattern_at(&mut self, node: Node<'_>) -> Pattern {
        match node.kind() {
            "identifier" => {
                let name = self.text(node);
                if name == "_" {
                    return Pattern::Ignore;
                }
                self.declare(&name);
                Pattern::Name(name)
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" | "expression_list" | "tuple" | "list" => {
                Pattern::List(named(node).into_iter().map(|item| self.pattern(item)).collect())
            }
            "list_splat_pattern"
            | "dictionary_splat_pattern"
            | "list_splat"
            | "as_pattern_target"
            | "parenthesized_expression" => match named(node).first() {
                Some(inner) => self.pattern(*inner),
                None => Pattern::Ignore,
            },
            _ => Pattern::Ignore,
        }
    }

    /// `a = b = value`, `a: T = value`, `a, self.b = value`.
    pub(super) fn assignment(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut targets = Vec::new();
        let mut at = node;
        let mut hint = None;
        let value = loop {
            if let Some(left) = at.child_by_field_name("left") {
                targets.push(bare(left));
            }
            hint = hint.or_else(|| at.child_by_field_name("type"));
            match at.child_by_field_name("right") {
                Some(right) if right.kind() == "assignment" => at = right,
                right => break right,
            }
        };
        let mut ty = hint.map(|hint| self.type_ref(hint));
        let is_final = hint.is_some_and(|hint| self.hint(hint).0 == "Final");
        let items = value.filter(|value| matches!(value.kind(), "expression_list" | "tuple")).map(named);
        if let ([target], Some(items)) = (targets.as_slice(), items)
            && is_list(*target)
        {
            // `a, b = 1, 2` is two assignments as long as nothing is spread.
            let names = named(*target);
            if names.len() == items.len() && !names.iter().chain(&items).any(|item| item.kind().contains("splat")) {
                let values: Vec<ExprId> = items.into_iter().map(|item| self.expression(item)).collect();
                for (name, value) in names.into_iter().zip(values) {
                    self.bind(name, None, Some(value), is_final, out);
                }
                return;
            }
        }
        let mut value = value.map(|value| self.expression(value));
        // The innermost target first; the others get what it holds.
        while let Some(target) = targets.pop() {
            self.bind(target, ty.take(), value, is_final, out);
            if !targets.is_empty() && !is_list(target) {
                value = Some(self.expression(target));
            }
        }
    }

    /// One target: a declaration where the name is new, an assignment elsewhere.
    fn bind(
        &mut self,
        target: Node<'_>,
        ty: Option<TypeRef>,
        value: Option<ExprId>,
        is_final: bool,
        out: &mut Vec<StmtId>,
    ) {
        if is_list(target) {
            let Some(value) = value else { return };
            return self.bind_list(target, value, out);
        }
        if target.kind() == "identifier" {
            let name = self.text(target);
            if name == "_" {
                if let Some(value) = value {
                    self.put(target, Stmt::Expr(value), out);
                }
                return;
            }
            if self.declare(&name) || ty.is_some() {
                let is_capital = name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
                let constant = is_final || (self.context.module && is_capital);
                let exported = self.context.module && !name.starts_with('_');
                let pattern = Pattern::Name(name);
                return self.put(target, Stmt::Let { pattern, ty, value, constant, exported }, out);
            }
        }
        let Some(value) = value else { return };
        // The declared type of `self.x: T = value` stays with the value.
        let value = match ty {
            Some(ty) => self.b.expr(line(target), Expr::Cast { value, ty: Some(ty) }),
            None => value,
        };
        let object = self.expression(target);
        self.assign(target, object, value, out);
    }

    fn assign(&mut self, node: Node<'_>, target: ExprId, value: ExprId, out: &mut Vec<StmtId>) {
        let assign = self.b.expr(line(node), Expr::Assign { op: SmolStr::new_static("="), target, value });
        self.put(node, Stmt::Expr(assign), out);
    }

    /// New names are bound at once; what is known or no name goes through names that no source can have.
    fn bind_list(&mut self, target: Node<'_>, value: ExprId, out: &mut Vec<StmtId>) {
        let mut patterns = Vec::new();
        let mut later = Vec::new();
        for (at, item) in named(target).into_iter().enumerate() {
            let is_new = item.kind() == "identifier" && !self.is_declared(&self.text(item));
            if is_new || !matches!(item.kind(), "identifier" | "attribute" | "subscript") {
                patterns.push(self.pattern(item));
                continue;
            }
            let temporary = SmolStr::new(format!("${at}@{}", target.start_byte()));
            patterns.push(Pattern::Name(temporary.clone()));
            later.push((item, temporary));
        }
        let exported = self.context.module;
        let pattern = Pattern::List(patterns);
        self.put(target, Stmt::Let { pattern, ty: None, value: Some(value), constant: false, exported }, out);
        for (item, temporary) in later {
            let object = self.expression(item);
            let value = self.b.expr(line(item), Expr::Name(temporary));
            self.assign(item, object, value, out);
        }
    }

    fn conditional(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut arms = Vec::new();
        let test = self.required(node, "condition");
        let then = self.block(node.child_by_field_name("consequence"));
        arms.push((line(node), test, then));
        let mut last = Vec::new();
        for clause in fields(node, "alternative") {
            if clause.kind() == "elif_clause" {
                let test = self.required(clause, "condition");
                let then = self.block(clause.child_by_field_name("consequence"));
                arms.push((line(clause), test, then));
            } else {
                last = self.block(clause.child_by_field_name("body"));
            }
        }
        if arms.len() > MAX_ELIFS {
            let mut cases: Vec<Case> =
                arms.into_iter().map(|(_, test, body)| Case { tests: vec![test], body }).collect();
            cases.push(Case { tests: Vec::new(), body: last });
            return self.put(node, Stmt::Switch { subject: None, cases }, out);
        }
        while let Some((line, test, then)) = arms.pop() {
            let stmt = self.b.stmt(line, Stmt::If { test, then, otherwise: std::mem::take(&mut last) });
            last = vec![stmt];
        }
        out.append(&mut last);
    }

    fn for_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let over = self.required(node, "right");
        let pattern = node.child_by_field_name("left").map(|left| self.pattern(left)).unwrap_or(Pattern::Ignore);
        let body = self.block(node.child_by_field_name("body"));
        self.put(node, Stmt::Loop { pattern: Some(pattern), over: Some(over), test: None, body }, out);
        self.otherwise(node, out);
    }

    fn while_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let condition = node.child_by_field_name("condition").map(bare);
        let is_endless = condition.is_some_and(|test| test.kind() == "true" || self.text(test) == "1");
        let test = condition.filter(|_| !is_endless).map(|test| self.expression(test));
        let body = self.block(node.child_by_field_name("body"));
        self.put(node, Stmt::Loop { pattern: None, over: None, test, body }, out);
        self.otherwise(node, out);
    }

    /// The `else` of a loop stands behind it.
    fn otherwise(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        if let Some(clause) = node.child_by_field_name("alternative") {
            out.extend(self.block(clause.child_by_field_name("body")));
        }
    }

    fn try_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut body = self.block(node.child_by_field_name("body"));
        let mut catches = Vec::new();
        let mut finally = Vec::new();
        for clause in named(node) {
            match clause.kind() {
                "except_clause" | "except_group_clause" => catches.push(self.catch(clause)),
                "else_clause" => body.extend(self.block(clause.child_by_field_name("body"))),
                "finally_clause" => {
                    let block = named(clause).into_iter().find(|child| child.kind() == "block");
                    finally = self.block(block);
                }
                _ => {}
            }
        }
        self.put(node, Stmt::Try { body, catches, finally }, out);
    }

    fn catch(&mut self, node: Node<'_>) -> Catch {
        let mut alias = node.child_by_field_name("alias");
        let mut types = Vec::new();
        for value in fields(node, "value") {
            let mut value = bare(value);
            if value.kind() == "as_pattern" {
                alias = alias.or_else(|| value.child_by_field_name("alias"));
                value = named(value).first().map_or(value, |inner| bare(*inner));
            }
            let all = if matches!(value.kind(), "tuple" | "expression_list") { named(value) } else { vec![value] };
            types.extend(all.into_iter().map(|ty| self.type_ref(ty)).collect::<Vec<_>>());
        }
        let binding = alias.map(|alias| self.text(alias));
        if let Some(name) = &binding {
            self.declare(name);
        }
        let block = named(node).into_iter().find(|child| child.kind() == "block");
        Catch { binding, types, body: self.block(block) }
    }

    fn with_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut resources = Vec::new();
        let clause = named(node).into_iter().find(|child| child.kind() == "with_clause");
        let mut items: Vec<Node<'_>> = clause.map(named).unwrap_or_default();
        // `with (a as b, c):` may parse as one item holding a tuple.
        if let [only] = items.as_slice()
            && let Some(tuple) = only.child_by_field_name("value").filter(|value| value.kind() == "tuple")
        {
            items = named(tuple);
        }
        for item in items {
            let value = item.child_by_field_name("value").unwrap_or(item);
            if value.kind() != "as_pattern" {
                let resource = self.expression(value);
                self.put(value, Stmt::Expr(resource), &mut resources);
                continue;
            }
            let resource = self.first(value);
            let Some(alias) = value.child_by_field_name("alias") else { continue };
            let alias = named(alias).first().map_or(alias, |inner| bare(*inner));
            if alias.kind() == "attribute" {
                let target = self.expression(alias);
                self.assign(alias, target, resource, &mut resources);
                continue;
            }
            let pattern = self.pattern(alias);
            let resource = Stmt::Let { pattern, ty: None, value: Some(resource), constant: false, exported: false };
            self.put(value, resource, &mut resources);
        }
        let body = self.block(node.child_by_field_name("body"));
        self.put(node, Stmt::Using { resources, body }, out);
    }
}

fn is_list(node: Node<'_>) -> bool {
    matches!(node.kind(), "pattern_list" | "tuple_pattern" | "list_pattern")
}
