//! Expressions of TypeScript and JavaScript become the few kinds of expressions that values can be followed through.

use super::super::{LONG_CHAIN, balanced};
use super::{Lowering, line, named, unescape};
use crate::{Builder, Call, Entry, Expr, ExprId, Function, FunctionKind, Part, Pattern, TypeKind};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// Lowers an expression; beyond the depth bound it is opaque.
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        // Long chains of `+` nest to the left; walking them from the inside out costs no stack.
        if matches!(node.kind(), "binary_expression") && chain_depth(node, "left") > LONG_CHAIN {
            return self.long_binary(node);
        }
        let lowered = self.b.deeper(|b| {
            let mut inner = Lowering { b, namespace: None };
            inner.expression_at(node)
        });
        lowered.unwrap_or_else(|| self.opaque(node))
    }

    fn long_binary(&mut self, node: Node<'_>) -> ExprId {
        let mut spine = Vec::new();
        let mut at = node;
        while at.kind() == "binary_expression" {
            spine.push(at);
            match at.child_by_field_name("left") {
                Some(left) => at = left,
                None => break,
            }
        }
        let mut operands = vec![self.expression(at)];
        let mut operators = Vec::new();
        while let Some(node) = spine.pop() {
            let right = node.child_by_field_name("right").map(|right| self.expression(right));
            operands.push(right.unwrap_or_else(|| self.opaque(node)));
            operators.push((line(node), self.field_text(node, "operator")));
        }
        balanced(self.b, &operands, &operators)
    }

    fn field(&mut self, node: Node<'_>, field: &str) -> ExprId {
        match node.child_by_field_name(field) {
            Some(child) => self.expression(child),
            None => self.opaque(node),
        }
    }

    fn first(&mut self, node: Node<'_>) -> ExprId {
        match named(node).first() {
            Some(child) => self.expression(*child),
            None => self.opaque(node),
        }
    }

    fn expression_at(&mut self, node: Node<'_>) -> ExprId {
        let at = line(node);
        let expr = match node.kind() {
            "identifier" | "shorthand_property_identifier" | "private_property_identifier" | "property_identifier" => {
                Expr::Name(self.text(node))
            }
            "undefined" | "null" => Expr::Null,
            "this" => Expr::This,
            "super" => Expr::Super,
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            "number" => Expr::Number(self.text(node)),
            "string" => Expr::Text(self.string(node)),
            "regex" => Expr::Regex(self.text(node)),
            "template_string" => Expr::Template(self.template(node)),
            "parenthesized_expression" => {
                let inner = named(node);
                return match inner.as_slice() {
                    [] => self.opaque(node),
                    [first, ..] => self.expression(*first),
                };
            }
            "member_expression" => {
                let object = self.field(node, "object");
                let property = node.child_by_field_name("property");
                let name = property.map(|property| self.text(property)).unwrap_or_default();
                let member_line = property.map_or(at, line);
                // `import.meta` parses as a member of `import` in some versions.
                return self.b.expr(member_line, Expr::Member { object, name });
            }
            "meta_property" => {
                let object = self.b.expr(at, Expr::Name("import".into()));
                Expr::Member { object, name: "meta".into() }
            }
            "subscript_expression" => {
                let object = self.field(node, "object");
                let index = self.field(node, "index");
                Expr::Index { object, index }
            }
            "call_expression" => return self.call_expression(node),
            "new_expression" => {
                let callee = self.field(node, "constructor");
                let args = self.args(node.child_by_field_name("arguments"));
                let type_args = self.type_arguments(node);
                Expr::New(Call { callee, args, type_args, optional: false })
            }
            "await_expression" => Expr::Await(self.first(node)),
            "yield_expression" => {
                let value = named(node).first().map(|child| self.expression(*child));
                Expr::Opaque(value.into_iter().collect())
            }
            "spread_element" => Expr::Spread(self.first(node)),
            "object" => Expr::Object(self.entries(node)),
            "array" => Expr::List(named(node).into_iter().map(|child| self.expression(child)).collect()),
            "arrow_function" | "function_expression" | "function" | "generator_function" => {
                Expr::Lambda(self.function(node, FunctionKind::Lambda, None))
            }
            "class" => {
                let ty = self.class(node, TypeKind::Class);
                Expr::Class(ty)
            }
            "ternary_expression" => {
                let test = self.field(node, "condition");
                let then = self.field(node, "consequence");
                let otherwise = self.field(node, "alternative");
                Expr::Conditional { test, then, otherwise }
            }
            "binary_expression" => {
                let op = self.field_text(node, "operator");
                let left = self.field(node, "left");
                let right = self.field(node, "right");
                Expr::Binary { op, left, right }
            }
            "unary_expression" => {
                let op = self.field_text(node, "operator");
                let value = self.field(node, "argument");
                if op == "void" { Expr::Opaque(vec![value]) } else { Expr::Unary { op, value } }
            }
            "update_expression" => {
                let value = self.field(node, "argument");
                Expr::Unary { op: self.field_text(node, "operator"), value }
            }
            "assignment_expression" | "augmented_assignment_expression" => {
                let value = self.field(node, "right");
                let left = node.child_by_field_name("left");
                match left {
                    Some(left) if matches!(left.kind(), "object_pattern" | "array_pattern") => {
                        Expr::Opaque(vec![value])
                    }
                    _ => {
                        let target = self.field(node, "left");
                        let op = node
                            .child_by_field_name("operator")
                            .map_or_else(|| SmolStr::new_static("="), |op| self.text(op));
                        Expr::Assign { op, target, value }
                    }
                }
            }
            "sequence_expression" => {
                let parts: Vec<ExprId> = named(node).into_iter().map(|child| self.expression(child)).collect();
                Expr::Opaque(parts)
            }
            "as_expression" | "satisfies_expression" => {
                let children = named(node);
                let value = children.first().map(|child| self.expression(*child)).unwrap_or_else(|| self.opaque(node));
                let ty = children.get(1).map(|ty| self.type_ref(*ty));
                let constant = ty.as_ref().and_then(|ty| ty.name()) == Some("const");
                Expr::Cast { value, ty: ty.filter(|_| !constant) }
            }
            "type_assertion" => {
                let children = named(node);
                let value = children.last().map(|child| self.expression(*child)).unwrap_or_else(|| self.opaque(node));
                let ty = children.first().and_then(|types| named(*types).first().copied()).map(|ty| self.type_ref(ty));
                Expr::Cast { value, ty }
            }
            "non_null_expression" | "instantiation_expression" => Expr::Cast { value: self.first(node), ty: None },
            _ => {
                let children: Vec<Node<'_>> = named(node);
                let parts =
                    children.into_iter().filter(|child| !is_type(*child)).map(|child| self.any(child)).collect();
                Expr::Opaque(parts)
            }
        };
        self.b.expr(at, expr)
    }

    /// A child of a node that is no plain expression (JSX, errors): statements inside count as a block.
    fn any(&mut self, node: Node<'_>) -> ExprId {
        if node.kind().ends_with("_statement") || node.kind().ends_with("_declaration") {
            let mut body = Vec::new();
            self.statement(node, &mut body);
            return self.b.expr(line(node), Expr::Block(body));
        }
        self.expression(node)
    }

    fn call_expression(&mut self, node: Node<'_>) -> ExprId {
        let Some(function) = node.child_by_field_name("function") else {
            return self.opaque(node);
        };
        let arguments = node.child_by_field_name("arguments");
        if matches!(function.kind(), "import") || (function.kind() == "identifier" && self.text(function) == "require")
        {
            let module = arguments.and_then(|arguments| named(arguments).first().copied());
            if let Some(module) =
                module.filter(|module| module.kind() == "string" || module.kind() == "template_string")
            {
                let name = self.string(module);
                return self.b.expr(line(node), Expr::Module(name));
            }
        }
        // With type arguments the grammar puts the `await` inside: `(await f)<T>(x)` for `await (f<T>(x))`.
        let awaited = function.kind() == "await_expression";
        let callee = if awaited { self.first(function) } else { self.expression(function) };
        let callee_line = self.b.tree.expr_lines.get(callee.0 as usize).copied().unwrap_or(1);
        let args = self.args(arguments);
        let type_args = self.type_arguments(node);
        let mut cursor = node.walk();
        let optional = node.children(&mut cursor).any(|child| child.kind() == "optional_chain");
        let call = self.b.expr(callee_line, Expr::Call(Call { callee, args, type_args, optional }));
        if awaited { self.b.expr(line(node), Expr::Await(call)) } else { call }
    }

    fn template(&mut self, node: Node<'_>) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut from = node.start_byte() + 1;
        let mut cursor = node.walk();
        let pieces: Vec<Node<'_>> =
            node.children(&mut cursor).filter(|child| child.kind() == "template_substitution").collect();
        let end = node.end_byte().saturating_sub(1);
        for piece in pieces {
            self.template_text(from, piece.start_byte(), &mut parts);
            from = piece.end_byte();
            let value = self.first(piece);
            parts.push(Part::Value(value));
        }
        self.template_text(from, end, &mut parts);
        parts
    }

    fn template_text(&self, from: usize, to: usize, parts: &mut Vec<Part>) {
        if from < to
            && let Some(bytes) = self.b.source.get(from..to)
        {
            parts.push(Part::Text(unescape(&String::from_utf8_lossy(bytes))));
        }
    }

    fn entries(&mut self, node: Node<'_>) -> Vec<Entry> {
        let mut entries = Vec::new();
        for child in named(node) {
            match child.kind() {
                "pair" => {
                    let value = self.field(child, "value");
                    let Some(key) = child.child_by_field_name("key") else {
                        continue;
                    };
                    match key.kind() {
                        "computed_property_name" => {
                            let key = self.first(key);
                            entries.push(Entry::Computed { key, value });
                        }
                        "string" => entries.push(Entry::Field { key: self.string(key), value }),
                        _ => entries.push(Entry::Field { key: self.text(key), value }),
                    }
                }
                "shorthand_property_identifier" => {
                    let key = self.text(child);
                    let value = self.b.expr(line(child), Expr::Name(key.clone()));
                    entries.push(Entry::Field { key, value });
                }
                "spread_element" => {
                    let value = self.first(child);
                    entries.push(Entry::Spread(value));
                }
                "method_definition" => {
                    let key = child.child_by_field_name("name");
                    let function = self.function(child, FunctionKind::Lambda, None);
                    let value = self.b.expr(line(child), Expr::Lambda(function));
                    match key {
                        Some(key) if key.kind() == "computed_property_name" => {
                            let key = self.first(key);
                            entries.push(Entry::Computed { key, value });
                        }
                        Some(key) if key.kind() == "string" => {
                            entries.push(Entry::Field { key: self.string(key), value })
                        }
                        Some(key) => entries.push(Entry::Field { key: self.text(key), value }),
                        None => {}
                    }
                }
                _ => {
                    let value = self.any(child);
                    let opaque = self.b.expr(line(child), Expr::Opaque(vec![value]));
                    entries.push(Entry::Spread(opaque));
                }
            }
        }
        entries
    }

    /// A function, method, arrow or lambda; the name is left to the caller for methods.
    pub(super) fn function(&mut self, node: Node<'_>, kind: FunctionKind, owner: Option<SmolStr>) -> crate::FunctionId {
        let mut function = Builder::blank_function(node, kind);
        function.owner = owner;
        function.is_async = super::has_token(node, "async");
        function.type_params = self.type_parameters(node);
        self.parameters(node, &mut function);
        function.returns = node
            .child_by_field_name("return_type")
            .and_then(|ty| named(ty).first().copied())
            .map(|ty| self.type_ref(ty));
        if kind != FunctionKind::Lambda {
            function.name = self.field_text(node, "name");
        }
        function.body = node.child_by_field_name("body").map(|body| {
            let mut statements = Vec::new();
            if body.kind() == "statement_block" {
                self.statements(body, &mut statements);
            } else {
                let value = self.expression(body);
                let stmt = self.b.stmt(line(body), crate::Stmt::Return(Some(value)));
                statements.push(stmt);
            }
            statements
        });
        self.b.function(function)
    }

    fn parameters(&mut self, node: Node<'_>, function: &mut Function) {
        if let Some(single) = node.child_by_field_name("parameter") {
            function.params.push(plain(Pattern::Name(self.text(single))));
            return;
        }
        let Some(list) = node.child_by_field_name("parameters") else {
            return;
        };
        for child in named(list) {
            if child.kind() == "decorator" {
                continue;
            }
            let param = self.parameter(child);
            // TypeScript's `this` parameter declares a type, it receives nothing.
            if !matches!(&param.pattern, Pattern::Name(name) if name == "this") {
                function.params.push(param);
            }
        }
    }

    fn parameter(&mut self, node: Node<'_>) -> crate::Param {
        match node.kind() {
            "required_parameter" | "optional_parameter" => {
                let pattern_node = node.child_by_field_name("pattern");
                let rest = pattern_node.is_some_and(|pattern| pattern.kind() == "rest_pattern");
                let pattern = pattern_node.map(|pattern| self.pattern(pattern)).unwrap_or(Pattern::Ignore);
                let ty = node
                    .child_by_field_name("type")
                    .and_then(|ty| named(ty).first().copied())
                    .map(|ty| self.type_ref(ty));
                let default = node.child_by_field_name("value").map(|value| self.expression(value));
                let annotations = self.decorators(node);
                let mut cursor = node.walk();
                let field = node
                    .children(&mut cursor)
                    .any(|child| matches!(child.kind(), "accessibility_modifier" | "readonly" | "override_modifier"));
                crate::Param { pattern, ty, default, annotations, rest, field }
            }
            "assignment_pattern" => {
                let pattern =
                    node.child_by_field_name("left").map(|left| self.pattern(left)).unwrap_or(Pattern::Ignore);
                let default = node.child_by_field_name("right").map(|right| self.expression(right));
                crate::Param { default, ..plain(pattern) }
            }
            "rest_pattern" => crate::Param { rest: true, ..plain(self.pattern(node)) },
            _ => plain(self.pattern(node)),
        }
    }

    /// A binding pattern.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Pattern {
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => Pattern::Name(self.text(node)),
            "this" => Pattern::Name("this".into()),
            "rest_pattern" => named(node).first().map(|inner| self.pattern_deeper(*inner)).unwrap_or(Pattern::Ignore),
            "assignment_pattern" => {
                node.child_by_field_name("left").map(|left| self.pattern_deeper(left)).unwrap_or(Pattern::Ignore)
            }
            "array_pattern" => Pattern::List(self.array_pattern(node)),
            "object_pattern" => {
                let mut fields = Vec::new();
                let mut rest = None;
                for child in named(node) {
                    match child.kind() {
                        "shorthand_property_identifier_pattern" => {
                            let name = self.text(child);
                            fields.push((name.clone(), Pattern::Name(name), None));
                        }
                        "pair_pattern" => {
                            let key = self.field_text(child, "key");
                            if let Some(value) = child.child_by_field_name("value") {
                                let default = (value.kind() == "assignment_pattern")
                                    .then(|| value.child_by_field_name("right"))
                                    .flatten();
                                let default = default.map(|default| self.expression(default));
                                let pattern = self.pattern_deeper(value);
                                fields.push((key, pattern, default));
                            }
                        }
                        "object_assignment_pattern" => {
                            let name = self.field_text(child, "left");
                            let default = child.child_by_field_name("right").map(|right| self.expression(right));
                            fields.push((name.clone(), Pattern::Name(name), default));
                        }
                        "rest_pattern" => rest = named(child).first().map(|inner| self.text(*inner)),
                        _ => {}
                    }
                }
                Pattern::Object(fields, rest)
            }
            _ => Pattern::Ignore,
        }
    }

    fn pattern_deeper(&mut self, node: Node<'_>) -> Pattern {
        let lowered = self.b.deeper(|b| Lowering { b, namespace: None }.pattern(node));
        lowered.unwrap_or(Pattern::Ignore)
    }

    /// Elements with holes kept, so that positions stay right.
    fn array_pattern(&mut self, node: Node<'_>) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.children(&mut cursor).collect();
        let mut filled = false;
        for child in children {
            match child.kind() {
                "[" | "]" | "comment" | "html_comment" => {}
                "," => {
                    if !filled {
                        patterns.push(Pattern::Ignore);
                    }
                    filled = false;
                }
                _ => {
                    patterns.push(self.pattern_deeper(child));
                    filled = true;
                }
            }
        }
        patterns
    }
}

fn plain(pattern: Pattern) -> crate::Param {
    crate::Param { pattern, ty: None, default: None, annotations: Vec::new(), rest: false, field: false }
}

fn is_type(node: Node<'_>) -> bool {
    matches!(node.kind(), "type_arguments" | "type_annotation" | "type_parameters" | "predefined_type")
}

/// How often a node nests along a field, counted up to a bound.
fn chain_depth(node: Node<'_>, field: &str) -> u32 {
    let mut depth = 0;
    let mut at = node;
    while depth <= LONG_CHAIN {
        match at.child_by_field_name(field) {
            Some(next) if next.kind() == at.kind() => {
                at = next;
                depth += 1;
            }
            _ => break,
        }
    }
    depth
}
