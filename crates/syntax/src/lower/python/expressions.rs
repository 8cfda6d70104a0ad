//! Expressions of Python become the few kinds of expressions that values can be followed through.

use super::{Lowering, fields, line, named};
use crate::{Call, Entry, Expr, ExprId, Pattern, Stmt, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// Lowers an expression; beyond the depth bound it is opaque.
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        self.deeper(|inner| inner.chain(node)).unwrap_or_else(|| self.opaque(node))
    }

    pub(super) fn required(&mut self, node: Node<'_>, field: &str) -> ExprId {
        match node.child_by_field_name(field) {
            Some(child) => self.expression(child),
            None => self.opaque(node),
        }
    }

    pub(super) fn first(&mut self, node: Node<'_>) -> ExprId {
        match named(node).first() {
            Some(child) => self.expression(*child),
            None => self.opaque(node),
        }
    }

    /// What nests to the left (calls, members, operators) is walked from the inside out, which costs no stack.
    fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut at = node;
        while let Some(inner) = inner(at) {
            links.push(at);
            at = inner;
        }
        if links.is_empty() {
            return self.single(at);
        }
        let outer = self.context.links;
        let beyond = links.len().saturating_sub(outer);
        self.context.links = outer.saturating_sub(links.len());
        let mut value = self.single(at);
        if beyond > 0 {
            // The innermost links lie side by side, so that calls in them stay visible.
            let mut parts = vec![value];
            for _ in 0..beyond {
                if let Some(link) = links.pop() {
                    self.operands(link, &mut parts);
                }
            }
            value = self.b.expr(line(node), Expr::Opaque(parts));
        }
        while let Some(link) = links.pop() {
            value = self.link(link, value);
        }
        self.context.links = outer;
        value
    }

    /// The parts of a link other than what it continues.
    fn operands(&mut self, node: Node<'_>, parts: &mut Vec<ExprId>) {
        if let Some(arguments) = node.child_by_field_name("arguments") {
            parts.extend(self.args(arguments).into_iter().map(|arg| arg.value));
        }
        for part in fields(node, "right").into_iter().chain(fields(node, "subscript")) {
            parts.push(self.expression(part));
        }
    }

    fn link(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        let at = line(node);
        match node.kind() {
            "parenthesized_expression" => value,
            "attribute" => {
                let attribute = node.child_by_field_name("attribute");
                let name = attribute.map(|name| self.text(name)).unwrap_or_default();
                self.b.expr(attribute.map_or(at, line), Expr::Member { object: value, name })
            }
            "subscript" => {
                let mut indexes: Vec<ExprId> =
                    fields(node, "subscript").into_iter().map(|index| self.expression(index)).collect();
                let is_slice = fields(node, "subscript").iter().any(|index| index.kind() == "slice");
                if is_slice {
                    let bounds = self.b.expr(at, Expr::Opaque(indexes));
                    let index = self.b.expr(at, Expr::Spread(bounds));
                    return self.b.expr(at, Expr::Index { object: value, index });
                }
                let index = match indexes.len() {
                    1 => indexes.remove(0),
                    _ => self.b.expr(at, Expr::List(indexes)),
                };
                self.b.expr(at, Expr::Index { object: value, index })
            }
            "binary_operator" | "boolean_operator" => {
                let op = match self.field_text(node, "operator").as_str() {
                    "or" => SmolStr::new_static("||"),
                    "and" => SmolStr::new_static("&&"),
                    op => SmolStr::new(op),
                };
                let right = self.required(node, "right");
                self.b.expr(at, Expr::Binary { op, left: value, right })
            }
            "comparison_operator" => self.comparison(node, value),
            _ => self.call(node, value),
        }
    }

    /// `a < b < c` reads from the left.
    fn comparison(&mut self, node: Node<'_>, first: ExprId) -> ExprId {
        let mut cursor = node.walk();
        let operators: Vec<Node<'_>> = node.children_by_field_name("operators", &mut cursor).collect();
        let operators: Vec<SmolStr> = operators.into_iter().map(|op| self.text(op)).collect();
        let mut operands = named(node).into_iter().filter(|child| !matches!(child.kind(), "not in" | "is not")).skip(1);
        let mut value = first;
        let mut op = operators.into_iter();
        // A chain of comparisons is short in real code; a long one is cut.
        for _ in 0..32 {
            let (Some(op), Some(right)) = (op.next(), operands.next()) else { break };
            let right = self.expression(right);
            value = self.b.expr(line(node), Expr::Binary { op, left: value, right });
        }
        value
    }

    fn call(&mut self, node: Node<'_>, callee: ExprId) -> ExprId {
        let at = self.b.tree.expr_lines.get(callee.0 as usize).copied().unwrap_or_else(|| line(node));
        let mut args = node.child_by_field_name("arguments").map(|args| self.args(args)).unwrap_or_default();
        let exprs = &self.b.tree.exprs;
        let get = |id: ExprId| exprs.get(id.0 as usize);
        match get(callee) {
            // `super()` is the base itself.
            Some(Expr::Name(name)) if name == "super" => return self.b.expr(at, Expr::Super),
            // `super().__init__(…)` and `Base.__init__(self, …)` construct the base.
            Some(Expr::Member { object, name }) if name == "__init__" => {
                let is_super = matches!(get(*object), Some(Expr::Super));
                let of_base = self.context.constructor
                    && matches!(get(*object), Some(Expr::Name(_) | Expr::Member { .. }))
                    && args.first().is_some_and(|arg| matches!(get(arg.value), Some(Expr::This)));
                if is_super || of_base {
                    if of_base {
                        args.remove(0);
                    }
                    let callee = self.b.expr(at, Expr::Super);
                    return self.b.call(at, callee, args);
                }
            }
            // `Name[Type](…)`: a generic class, not an element of something.
            Some(Expr::Index { object, index }) => {
                let ty = match get(*index) {
                    Some(Expr::Name(name)) if is_class_name(name) || is_builtin_type(name) => {
                        Some(TypeRef::named(name.clone()))
                    }
                    _ => None,
                };
                let is_class =
                    matches!(get(*object), Some(Expr::Name(name) | Expr::Member { name, .. }) if is_class_name(name));
                if let (true, Some(ty)) = (is_class, ty) {
                    let callee = *object;
                    return self.b.expr(at, Expr::Call(Call { callee, args, type_args: vec![ty], optional: false }));
                }
            }
            _ => {}
        }
        self.b.call(at, callee, args)
    }

    /// An expression that continues nothing.
    fn single(&mut self, node: Node<'_>) -> ExprId {
        let at = line(node);
        let expr = match node.kind() {
            "identifier" => {
                let name = self.text(node);
                if self.is_this(&name) { Expr::This } else { Expr::Name(name) }
            }
            "dotted_name" => return self.path(node),
            "string" | "concatenated_string" => return self.string_expression(node),
            "integer" | "float" => Expr::Number(self.text(node)),
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            "none" => Expr::Null,
            "lambda" => Expr::Lambda(self.lambda(node)),
            "await" => Expr::Await(self.first(node)),
            "list" | "tuple" | "set" | "expression_list" | "pattern_list" => {
                Expr::List(named(node).into_iter().map(|item| self.expression(item)).collect())
            }
            "dictionary" => Expr::Object(self.dictionary(node)),
            "list_splat" | "dictionary_splat" | "list_splat_pattern" => Expr::Spread(self.first(node)),
            "conditional_expression" => {
                let children = named(node);
                let [then, test, otherwise] = children.as_slice() else { return self.opaque(node) };
                let then = self.expression(*then);
                let test = self.expression(*test);
                let otherwise = self.expression(*otherwise);
                Expr::Conditional { test, then, otherwise }
            }
            "not_operator" => Expr::Unary { op: SmolStr::new_static("!"), value: self.required(node, "argument") },
            "unary_operator" => {
                let value = self.required(node, "argument");
                Expr::Unary { op: self.field_text(node, "operator"), value }
            }
            "named_expression" => return self.walrus(node),
            "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => {
                return self.comprehension(node);
            }
            "yield" => {
                let value = self.first(node);
                self.context.yields.borrow_mut().push(value);
                Expr::Opaque(vec![value])
            }
            "as_pattern" | "type" | "keyword_argument" => return self.first(node),
            _ => {
                let children = named(node);
                Expr::Opaque(children.into_iter().map(|child| self.part(child)).collect())
            }
        };
        self.b.expr(at, expr)
    }

    /// A child of a node that is no plain expression: statements inside count as a block.
    fn part(&mut self, node: Node<'_>) -> ExprId {
        let kind = node.kind();
        if kind.ends_with("_statement") || kind.ends_with("_definition") || matches!(kind, "block" | "assignment") {
            let mut body = Vec::new();
            if kind == "assignment" {
                self.assignment(node, &mut body)
            } else {
                self.statement(node, &mut body)
            }
            return self.b.expr(line(node), Expr::Block(body));
        }
        self.expression(node)
    }

    /// `a.b.c` in a pattern.
    fn path(&mut self, node: Node<'_>) -> ExprId {
        let mut value = None;
        // Paths in patterns are short; the bound keeps a hostile one shallow.
        for part in named(node).into_iter().take(32) {
            let name = self.text(part);
            value = Some(match value {
                Some(object) => self.b.expr(line(part), Expr::Member { object, name }),
                None if self.is_this(&name) => self.b.expr(line(part), Expr::This),
                None => self.b.expr(line(part), Expr::Name(name)),
            });
        }
        value.unwrap_or_else(|| self.opaque(node))
    }

    /// `name := value` declares the name on the way.
    fn walrus(&mut self, node: Node<'_>) -> ExprId {
        let value = self.required(node, "value");
        let name = self.field_text(node, "name");
        let at = line(node);
        if !self.declare(&name) {
            let target = self.b.expr(at, Expr::Name(name));
            return self.b.expr(at, Expr::Assign { op: SmolStr::new_static("="), target, value });
        }
        let pattern = Pattern::Name(name.clone());
        let bind =
            self.b.stmt(at, Stmt::Let { pattern, ty: None, value: Some(value), constant: false, exported: false });
        let name = self.b.expr(at, Expr::Name(name));
        let result = self.b.stmt(at, Stmt::Expr(name));
        self.b.expr(at, Expr::Block(vec![bind, result]))
    }

    fn dictionary(&mut self, node: Node<'_>) -> Vec<Entry> {
        let mut entries = Vec::new();
        for child in named(node) {
            match child.kind() {
                "pair" => entries.extend(self.pair(child)),
                "dictionary_splat" => entries.push(Entry::Spread(self.first(child))),
                _ => {
                    let value = self.expression(child);
                    entries.push(Entry::Spread(value));
                }
            }
        }
        entries
    }

    pub(super) fn pair(&mut self, node: Node<'_>) -> Option<Entry> {
        let value = self.required(node, "value");
        let key = node.child_by_field_name("key")?;
        if key.kind() == "string"
            && let Some(key) = self.plain_string(key)
        {
            return Some(Entry::Field { key, value });
        }
        Some(Entry::Computed { key: self.expression(key), value })
    }
}

/// What a link of a chain continues: its left operand.
fn inner(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "attribute" => node.child_by_field_name("object"),
        "subscript" => node.child_by_field_name("value"),
        "call" => node.child_by_field_name("function"),
        "binary_operator" | "boolean_operator" => node.child_by_field_name("left"),
        "comparison_operator" | "parenthesized_expression" => named(node).first().copied(),
        _ => None,
    }
}

/// `OrderPlaced`, but neither `orders` nor `ORDERS`.
fn is_class_name(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase) && name.chars().any(char::is_lowercase)
}

fn is_builtin_type(name: &str) -> bool {
    matches!(name, "str" | "int" | "float" | "bool" | "bytes" | "dict" | "list" | "tuple" | "set" | "object")
}
