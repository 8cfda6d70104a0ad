//! Expressions of Rust become the few kinds of expressions that values can be followed through.

use super::{Lowering, named, statements::Tail};
use crate::{Arg, Call, Entry, Expr, ExprId, Stmt, StmtId, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_, '_> {
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

    fn first(&mut self, node: Node<'_>) -> ExprId {
        match named(node).into_iter().find(|child| child.kind() != "mutable_specifier") {
            Some(child) => self.expression(child),
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
        let in_path = links.last().is_some_and(|link| link.kind() == "scoped_identifier");
        let mut value = if in_path { self.path_root(at) } else { self.single(at) };
        if beyond > 0 {
            // The innermost links lie side by side, so that calls in them stay visible.
            let mut parts = vec![value];
            for _ in 0..beyond {
                if let Some(link) = links.pop() {
                    self.operands(link, &mut parts);
                }
            }
            value = self.expr(node, Expr::Opaque(parts));
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
        if let Some(right) = node.child_by_field_name("right") {
            parts.push(self.expression(right));
        }
        if node.kind() == "index_expression"
            && let Some(index) = named(node).get(1)
        {
            parts.push(self.expression(*index));
        }
    }

    /// The first segment of a path: a module or type, never the receiver.
    fn path_root(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "self" | "super" | "crate" => {
                let name = self.text(node);
                self.note_root(node, &name);
                self.expr(node, Expr::Name(name))
            }
            "bracketed_type" | "generic_type" => {
                let ty = self.type_ref(node);
                match ty.name().filter(|name| !name.contains('.')).map(SmolStr::new) {
                    Some(name) => self.owner_name(node, name),
                    None => self.expr(node, Expr::TypeLiteral(ty)),
                }
            }
            _ => {
                self.note_root(node, &self.name(node));
                self.single(node)
            }
        }
    }

    /// A name; `Self` is the type of the impl around, in a trait whatever implements it.
    fn owner_name(&mut self, node: Node<'_>, name: SmolStr) -> ExprId {
        let expr = match &self.context.owner {
            Some(_) if name == "Self" && self.context.in_trait => Expr::This,
            Some(owner) if name == "Self" => Expr::Name(owner.clone()),
            _ => Expr::Name(name),
        };
        self.expr(node, expr)
    }

    fn link(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        match node.kind() {
            "parenthesized_expression" | "generic_function" => value,
            "field_expression" | "scoped_identifier" => {
                let field = if node.kind() == "field_expression" { "field" } else { "name" };
                let field = node.child_by_field_name(field);
                let name = field.map(|field| self.name(field)).unwrap_or_default();
                self.expr(field.unwrap_or(node), Expr::Member { object: value, name })
            }
            "index_expression" => match named(node).get(1) {
                Some(index) if index.kind() == "range_expression" => {
                    let index = self.expression(*index);
                    self.expr(node, Expr::Opaque(vec![value, index]))
                }
                Some(index) => {
                    let index = self.expression(*index);
                    self.expr(node, Expr::Index { object: value, index })
                }
                None => value,
            },
            "await_expression" => self.at_value(value, Expr::Await(value)),
            "try_expression" => self.at_value(value, Expr::Cast { value, ty: None }),
            "type_cast_expression" => {
                let ty = self.field_type(node, "type");
                self.expr(node, Expr::Cast { value, ty })
            }
            "binary_expression" => {
                let op = self.field_text(node, "operator");
                let right = self.required(node, "right");
                self.expr(node, Expr::Binary { op, left: value, right })
            }
            _ => {
                let function = node.child_by_field_name("function");
                let generic = function.filter(|function| function.kind() == "generic_function");
                let type_args = generic.map(|generic| self.type_arguments(generic)).unwrap_or_default();
                let args = node.child_by_field_name("arguments").map(|args| self.args(args)).unwrap_or_default();
                self.at_value(value, Expr::Call(Call { callee: value, args, type_args, optional: false }))
            }
        }
    }

    /// An expression on the line of the one it continues.
    fn at_value(&mut self, value: ExprId, expr: Expr) -> ExprId {
        let line = self.b.tree.expr_lines.get(value.0 as usize).copied().unwrap_or(1);
        self.b.expr(line, expr)
    }

    fn args(&mut self, node: Node<'_>) -> Vec<Arg> {
        let args = named(node).into_iter().filter(|child| child.kind() != "attribute_item");
        args.map(|child| Arg { name: None, value: self.expression(child) }).collect()
    }

    /// An expression that continues nothing.
    pub(super) fn single(&mut self, node: Node<'_>) -> ExprId {
        let expr = match node.kind() {
            "identifier" | "type_identifier" | "field_identifier" | "shorthand_field_identifier" => {
                let name = self.name(node);
                return self.owner_name(node, name);
            }
            "self" => Expr::This,
            "super" | "crate" | "metavariable" | "primitive_type" => Expr::Name(self.text(node)),
            "string_literal" | "raw_string_literal" => Expr::Text(self.string(node)),
            "integer_literal" | "float_literal" | "negative_literal" | "char_literal" => Expr::Number(self.text(node)),
            "boolean_literal" => Expr::Bool(self.text(node) == "true"),
            "unit_expression" => Expr::Null,
            "reference_expression" => Expr::Cast { value: self.required(node, "value"), ty: None },
            "unary_expression" => {
                let value = self.first(node);
                let mut cursor = node.walk();
                let op = node.children(&mut cursor).find(|child| !child.is_named()).map(|op| self.text(op));
                match op.as_deref() {
                    Some("*") | None => Expr::Cast { value, ty: None },
                    Some(op) => Expr::Unary { op: SmolStr::new(op), value },
                }
            }
            "struct_expression" => return self.struct_literal(node),
            "array_expression" => {
                let length = node.child_by_field_name("length").map(|length| length.id());
                let items = named(node).into_iter();
                let items = items.filter(|item| Some(item.id()) != length && item.kind() != "attribute_item");
                Expr::List(items.map(|item| self.expression(item)).collect())
            }
            "tuple_expression" => {
                let items = named(node).into_iter().filter(|item| item.kind() != "attribute_item");
                Expr::List(items.map(|item| self.expression(item)).collect())
            }
            "assignment_expression" => {
                let target = self.required(node, "left");
                let value = self.required(node, "right");
                Expr::Assign { op: SmolStr::new_static("="), target, value }
            }
            "compound_assignment_expr" => {
                let op = self.field_text(node, "operator");
                let target = self.required(node, "left");
                let value = self.required(node, "right");
                Expr::Assign { op, target, value }
            }
            "closure_expression" => Expr::Lambda(self.closure(node)),
            "async_block" | "gen_block" => Expr::Lambda(self.async_block(node)),
            "if_expression" => return self.if_value(node),
            "match_expression" => return self.match_value(node),
            "block" => return self.block_value(node),
            "unsafe_block" | "const_block" | "try_block" => {
                return match named(node).into_iter().find(|child| child.kind() == "block") {
                    Some(inner) => self.block_value(inner),
                    None => self.opaque(node),
                };
            }
            "while_expression"
            | "loop_expression"
            | "for_expression"
            | "return_expression"
            | "break_expression"
            | "continue_expression" => {
                let mut body = Vec::new();
                self.expression_statement(node, Tail::Value, &mut body);
                Expr::Block(body)
            }
            "let_condition" | "let_chain" => return self.condition(node),
            "macro_invocation" => return self.macro_value(node),
            "scoped_type_identifier" | "generic_type" | "generic_type_with_turbofish" | "bracketed_type" => {
                let name = self.dotted(node);
                return self.path_expression(node, &name);
            }
            "expression_statement" => return self.first(node),
            "token_tree" => Expr::Opaque(Vec::new()),
            kind if kind.ends_with("_item") || kind.ends_with("_declaration") => {
                let mut body = Vec::new();
                self.statements(node, &mut body);
                Expr::Block(body)
            }
            _ => {
                let children = named(node);
                Expr::Opaque(children.into_iter().map(|child| self.expression(child)).collect())
            }
        };
        self.expr(node, expr)
    }

    /// A dotted path as nested members.
    pub(super) fn path_expression(&mut self, node: Node<'_>, path: &str) -> ExprId {
        let mut value = None;
        if let Some((root, _)) = path.split_once('.') {
            self.note_root(node, root);
        }
        // Real paths have a few segments; the bound keeps a hostile one shallow.
        for name in path.split('.').take(32) {
            let name = SmolStr::new(name);
            value = Some(match value {
                Some(object) => self.expr(node, Expr::Member { object, name }),
                None => self.owner_name(node, name),
            });
        }
        value.unwrap_or_else(|| self.opaque(node))
    }

    fn struct_literal(&mut self, node: Node<'_>) -> ExprId {
        let Some(name) = node.child_by_field_name("name") else { return self.opaque(node) };
        let type_args: Vec<TypeRef> = self.type_arguments(name);
        let path = self.dotted(name);
        let callee = self.path_expression(name, &path);
        let mut entries = Vec::new();
        for field in node.child_by_field_name("body").map(named).unwrap_or_default() {
            match field.kind() {
                "field_initializer" => {
                    let key = self.field_text(field, "field");
                    let value = self.required(field, "value");
                    entries.push(Entry::Field { key, value });
                }
                "shorthand_field_initializer" => {
                    let Some(name) = named(field).into_iter().rfind(|child| child.kind() == "identifier") else {
                        continue;
                    };
                    let value = self.expression(name);
                    entries.push(Entry::Field { key: self.name(name), value });
                }
                "base_field_initializer" => {
                    let value = self.first(field);
                    entries.push(Entry::Spread(value));
                }
                _ => {}
            }
        }
        let value = self.expr(node, Expr::Object(entries));
        let args = vec![Arg { name: None, value }];
        self.expr(node, Expr::New(Call { callee, args, type_args, optional: false }))
    }

    /// A block whose value is used: its only expression, or its statements with the last one's value.
    fn block_value(&mut self, node: Node<'_>) -> ExprId {
        let children: Vec<Node<'_>> = named(node).into_iter().filter(|child| child.kind() != "label").collect();
        if let [only] = children.as_slice() {
            let is_plain = !only.kind().ends_with("_statement")
                && !only.kind().ends_with("_declaration")
                && !only.kind().ends_with("_item");
            if is_plain {
                return self.expression(*only);
            }
        }
        let mut body: Vec<StmtId> = Vec::new();
        self.block(node, Tail::Value, &mut body);
        self.expr(node, Expr::Block(body))
    }

    /// `if … { … } else { … }` as a value; one without `else` has none.
    fn if_value(&mut self, node: Node<'_>) -> ExprId {
        let Some(otherwise) = node.child_by_field_name("alternative") else {
            let mut body = Vec::new();
            self.expression_statement(node, Tail::Value, &mut body);
            return self.expr(node, Expr::Block(body));
        };
        let test = match node.child_by_field_name("condition") {
            Some(condition) => self.condition(condition),
            None => self.opaque(node),
        };
        let then = self.required(node, "consequence");
        let otherwise = self.first(otherwise);
        self.expr(node, Expr::Conditional { test, then, otherwise })
    }

    /// Statements that stand where a value is wanted.
    pub(super) fn block_of(&mut self, node: Node<'_>, body: Vec<StmtId>) -> ExprId {
        if let [only] = body.as_slice()
            && let Some(Stmt::Expr(value)) = self.b.tree.stmts.get(only.0 as usize)
        {
            return *value;
        }
        self.expr(node, Expr::Block(body))
    }
}

/// What a link of a chain continues: its left operand.
fn inner(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "call_expression" | "generic_function" => node.child_by_field_name("function"),
        "field_expression" | "type_cast_expression" => node.child_by_field_name("value"),
        "scoped_identifier" => node.child_by_field_name("path"),
        "binary_expression" => node.child_by_field_name("left"),
        "await_expression" | "try_expression" | "index_expression" | "parenthesized_expression" => {
            named(node).first().copied()
        }
        _ => None,
    }
}
