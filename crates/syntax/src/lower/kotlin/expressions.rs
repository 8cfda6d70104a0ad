//! Expressions of Kotlin become the few kinds of expressions that values can be followed through.

use super::{Lowering, child, has_token, line, named, statements::Tail, types};
use crate::{Arg, Call, Expr, ExprId, TypeRef};
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

    fn last(&mut self, node: Node<'_>) -> ExprId {
        match named(node).last() {
            Some(child) => self.expression(*child),
            None => self.opaque(node),
        }
    }

    /// What nests to the left (calls, members, operators) is walked from the inside out, which costs no stack.
    fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut at = node;
        while let Some(inner) = self.continued(at) {
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
            for link in links.split_off(links.len() - beyond).into_iter().rev() {
                self.operands(link, &mut parts);
            }
            value = self.expr(node, Expr::Opaque(parts));
        }
        // The grammar binds `!a.b()` as `(!a).b()`; what is before a value applies to all that is behind it.
        let mut before: Vec<Node<'_>> = Vec::new();
        while let Some(link) = links.pop() {
            if is_prefix(link) {
                before.push(link);
                continue;
            }
            if !is_postfix(link) {
                value = self.prefixed(&mut before, value);
            }
            value = self.link(link, value);
        }
        value = self.prefixed(&mut before, value);
        self.context.links = outer;
        value
    }

    fn prefixed(&mut self, before: &mut Vec<Node<'_>>, mut value: ExprId) -> ExprId {
        for node in before.drain(..) {
            let op = node.child_by_field_name("operator").map(|op| self.text(op)).unwrap_or_default();
            value = self.expr(node, Expr::Unary { op, value });
        }
        value
    }

    /// What a link of a chain continues: its left operand.
    fn continued<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        let first = || named(node).first().copied();
        match node.kind() {
            "navigation_expression" if self.literal_path(node).is_some() => None,
            "navigation_expression" if self.reference_named(node).is_some() => None,
            "call_expression"
            | "navigation_expression"
            | "index_expression"
            | "infix_expression"
            | "range_expression"
            | "parenthesized_expression" => first(),
            "binary_expression" | "in_expression" | "is_expression" | "as_expression" => {
                node.child_by_field_name("left")
            }
            "unary_expression" => node.child_by_field_name("argument"),
            _ => None,
        }
    }

    /// The parts of a link other than what it continues.
    fn operands(&mut self, node: Node<'_>, parts: &mut Vec<ExprId>) {
        let mut args = Vec::new();
        self.call_args(node, &mut args);
        parts.extend(args.into_iter().map(|arg| arg.value));
        match node.kind() {
            "binary_expression" | "in_expression" => parts.push(self.required(node, "right")),
            "infix_expression" | "range_expression" | "index_expression" if named(node).len() > 1 => {
                parts.push(self.last(node));
            }
            _ => {}
        }
    }

    fn link(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        let expr = match node.kind() {
            "parenthesized_expression" => return value,
            "navigation_expression" => return self.navigation(node, value),
            "call_expression" => return self.call(node, value),
            "index_expression" => {
                let mut all: Vec<ExprId> =
                    named(node).into_iter().skip(1).map(|index| self.expression(index)).collect();
                let index = match (all.pop(), all.is_empty()) {
                    (Some(only), true) => only,
                    (last, _) => {
                        all.extend(last);
                        self.expr(node, Expr::List(all))
                    }
                };
                Expr::Index { object: value, index }
            }
            "infix_expression" => {
                let name = named(node).get(1).copied().unwrap_or(node);
                let member = Expr::Member { object: value, name: self.name(name) };
                let callee = self.expr(name, member);
                let argument = self.last(node);
                return self.b.call(line(name), callee, vec![Arg { name: None, value: argument }]);
            }
            "range_expression" => {
                let op = SmolStr::new_static(if has_token(node, "..<") { "..<" } else { ".." });
                Expr::Binary { op, left: value, right: self.last(node) }
            }
            "binary_expression" => {
                if let Some((callee, ty)) = self.call_of_a_type(node, value) {
                    let value = self.required(node, "right");
                    let (args, type_args) = (vec![Arg { name: None, value }], vec![ty]);
                    let at = self.b.tree.expr_lines.get(callee.0 as usize).copied().unwrap_or_else(|| line(node));
                    return self.b.expr(at, Expr::Call(Call { callee, args, type_args, optional: false }));
                }
                let op = node.child_by_field_name("operator").map(|op| self.text(op)).unwrap_or_default();
                let op = if op == "?:" { SmolStr::new_static("??") } else { op };
                Expr::Binary { op, left: value, right: self.required(node, "right") }
            }
            "in_expression" => {
                let op = SmolStr::new_static(if has_token(node, "!in") { "!in" } else { "in" });
                Expr::Binary { op, left: value, right: self.required(node, "right") }
            }
            "is_expression" => {
                let op = SmolStr::new_static(if has_token(node, "!is") { "!is" } else { "is" });
                let ty = self.right_type(node).unwrap_or(TypeRef::Other);
                Expr::Binary { op, left: value, right: self.expr(node, Expr::TypeLiteral(ty)) }
            }
            "as_expression" => Expr::Cast { value, ty: self.right_type(node) },
            _ => match node.child_by_field_name("operator").map(|op| self.text(op)) {
                Some(op) if op != "!!" => Expr::Unary { op, value },
                _ => Expr::Cast { value, ty: None },
            },
        };
        self.expr(node, expr)
    }

    /// The grammar has `read<Order>(text)` as `(read < Order) > (text)`, which would compare a truth with something: the
    /// function and the type it is called with.
    fn call_of_a_type(&self, node: Node<'_>, left: ExprId) -> Option<(ExprId, TypeRef)> {
        let is =
            |node: Node<'_>, op: &str| node.child_by_field_name("operator").is_some_and(|found| self.text(found) == op);
        let compared = node.child_by_field_name("left").filter(|left| left.kind() == "binary_expression")?;
        let function = compared.child_by_field_name("left")?;
        let ty = compared.child_by_field_name("right")?;
        let ty = Some(ty).filter(|ty| matches!(ty.kind(), "identifier" | "navigation_expression"))?;
        let given = matches!(node.child_by_field_name("right")?.kind(), "parenthesized_expression" | "lambda_literal");
        let called = matches!(function.kind(), "identifier" | "navigation_expression");
        let Some(Expr::Binary { left: callee, .. }) = self.b.tree.exprs.get(left.0 as usize) else { return None };
        let name: String = self.text(ty).chars().filter(|c| !c.is_whitespace() && *c != '`').collect();
        (given && called && is(node, ">") && is(compared, "<")).then(|| (*callee, TypeRef::named(name)))
    }

    fn right_type(&mut self, node: Node<'_>) -> Option<TypeRef> {
        node.child_by_field_name("right").map(|ty| self.type_ref(ty))
    }

    /// `a.b`, `a?.b`, `a::b`; `X::class.java` is the class literal itself.
    fn navigation(&mut self, node: Node<'_>, object: ExprId) -> ExprId {
        let name_node = named(node).last().copied().unwrap_or(node);
        let name = self.name(name_node);
        let is_literal = matches!(self.b.tree.exprs.get(object.0 as usize), Some(Expr::TypeLiteral(_)));
        if is_literal && matches!(name.as_str(), "java" | "javaObjectType" | "kotlin") {
            return object;
        }
        let is_object = has_token(node, "::")
            && matches!(self.b.tree.exprs.get(object.0 as usize), Some(Expr::Name(name)) if name.starts_with(char::is_lowercase));
        let member = self.expr(name_node, Expr::Member { object, name });
        if is_object { self.b.handing_on(node, line(name_node), member) } else { member }
    }

    fn call(&mut self, node: Node<'_>, callee: ExprId) -> ExprId {
        let at = self.b.tree.expr_lines.get(callee.0 as usize).copied().unwrap_or_else(|| line(node));
        let function = named(node).first().copied();
        let mut args = Vec::new();
        self.call_args(node, &mut args);
        // The grammar has `f(a) { }` as `(f(a)) { }` as well; both are one call.
        let is_continued = function
            .is_some_and(|inner| inner.kind() == "call_expression" && child(inner, "annotated_lambda").is_none());
        if is_continued
            && child(node, "value_arguments").is_none()
            && let Some(Expr::Call(call)) = self.b.tree.exprs.get_mut(callee.0 as usize)
        {
            call.args.extend(args);
            return callee;
        }
        let type_args = self.type_arguments(node);
        let optional = function.is_some_and(|inner| inner.kind() == "navigation_expression" && has_token(inner, "?."));
        self.b.expr(at, Expr::Call(Call { callee, args, type_args, optional }))
    }

    /// Arguments, with a lambda behind the parentheses as the last.
    fn call_args(&mut self, node: Node<'_>, args: &mut Vec<Arg>) {
        if let Some(list) = child(node, "value_arguments") {
            args.extend(self.args(list));
        }
        let lambda = child(node, "annotated_lambda").and_then(|lambda| child(lambda, "lambda_literal"));
        if let Some(lambda) = lambda {
            let takes_it = self.takes_it(node);
            let value = self.lambda_value(lambda, takes_it);
            args.push(Arg { name: None, value });
        }
    }

    /// The path before `::class`, where it is one.
    fn literal_path<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        let parts = named(node);
        let [path, name] = parts.as_slice() else { return None };
        let is_literal = has_token(node, "::") && self.text(*name) == "class";
        let mut at = *path;
        while is_literal && at.kind() == "navigation_expression" && has_token(at, ".") {
            at = *named(at).first()?;
        }
        (is_literal && matches!(at.kind(), "identifier" | "this_expression")).then_some(*path)
    }

    /// `Foo::bar.name` and `::bar.name`: the name of what is referred to.
    fn reference_named(&self, node: Node<'_>) -> Option<SmolStr> {
        let parts = named(node);
        let [reference, name] = parts.as_slice() else { return None };
        let is_reference =
            matches!(reference.kind(), "callable_reference" | "navigation_expression") && has_token(*reference, "::");
        let target = named(*reference).last().copied().filter(|target| target.kind() == "identifier")?;
        let target = self.name(target);
        (is_reference && target != "class" && self.text(*name) == "name").then_some(target)
    }

    /// The class of a type (`Order::class`) or of a value (`order::class`), told by the case of the name.
    fn class_literal(&mut self, path: Node<'_>) -> ExprId {
        let text: String = self.text(path).chars().filter(|c| !c.is_whitespace() && *c != '`').collect();
        let simple = text.rsplit('.').next().unwrap_or_default();
        let ty = match simple.starts_with(char::is_uppercase) {
            true => TypeRef::named(text),
            false => TypeRef::ValueOf(text.into()),
        };
        self.expr(path, Expr::TypeLiteral(ty))
    }

    /// An expression that continues nothing.
    fn single(&mut self, node: Node<'_>) -> ExprId {
        let expr = match node.kind() {
            "identifier" if self.loop_exit(node).is_none() => {
                let name = self.name(node);
                return self.named_value(line(node), name);
            }
            "this_expression" => Expr::This,
            "super_expression" => Expr::Super,
            "string_literal" | "multiline_string_literal" => return self.string(node),
            "character_literal" => Expr::Text(self.character(node)),
            "number_literal" | "float_literal" => Expr::Number(self.text(node)),
            "collection_literal" => Expr::List(named(node).into_iter().map(|item| self.expression(item)).collect()),
            "lambda_literal" => return self.lambda_value(node, true),
            "anonymous_function" => Expr::Lambda(self.anonymous_function(node)),
            "object_literal" => Expr::Class(self.class(node)),
            "callable_reference" => return self.reference(node),
            "navigation_expression" => match (self.literal_path(node), self.reference_named(node)) {
                (Some(path), _) => return self.class_literal(path),
                (None, Some(name)) => Expr::NameOf(name),
                (None, None) => return self.opaque(node),
            },
            "spread_expression" => Expr::Spread(self.last(node)),
            "if_expression" => return self.conditional_value(node),
            "when_expression" => return self.when_value(node),
            "annotated_expression" => return self.last(node),
            "labeled_expression" if self.loop_exit(node).is_none() => return self.last(node),
            "try_expression" | "return_expression" | "throw_expression" | "identifier" | "labeled_expression" => {
                let mut body = Vec::new();
                self.statement(node, Tail::Value, &mut body);
                Expr::Block(body)
            }
            _ if types::is_type(node) => Expr::TypeLiteral(self.type_ref(node)),
            _ => {
                let mut parts = Vec::new();
                for part in named(node) {
                    parts.push(self.part(part));
                }
                Expr::Opaque(parts)
            }
        };
        self.expr(node, expr)
    }

    /// A child of a node that is no plain expression: statements inside count as a block.
    fn part(&mut self, node: Node<'_>) -> ExprId {
        let kind = node.kind();
        if kind.ends_with("_statement") || kind.ends_with("_declaration") || matches!(kind, "block" | "assignment") {
            let mut body = Vec::new();
            self.statement(node, Tail::Value, &mut body);
            return self.expr(node, Expr::Block(body));
        }
        self.expression(node)
    }

    /// `::f` is the function, `Foo<T>::f` a member of the type, `Foo<T>::class` the type.
    fn reference(&mut self, node: Node<'_>) -> ExprId {
        let target = child(node, "identifier");
        let name = target.map(|target| self.name(target));
        match (types::first_type(node), name) {
            (Some(ty), Some(name)) => {
                let mut segments: Vec<SmolStr> = self.type_name(ty).split('.').map(SmolStr::new).collect();
                let first = if segments.is_empty() { SmolStr::default() } else { segments.remove(0) };
                let mut object = self.named_value(line(node), first);
                for segment in segments {
                    object = self.expr(node, Expr::Member { object, name: segment });
                }
                self.expr(target.unwrap_or(node), Expr::Member { object, name })
            }
            (Some(ty), None) => {
                let ty = self.type_ref(ty);
                self.expr(node, Expr::TypeLiteral(ty))
            }
            (None, Some(name)) => {
                let makes = name.starts_with(char::is_uppercase);
                let named = self.expr(target.unwrap_or(node), Expr::Name(name));
                if makes { self.b.handing_on(node, line(node), named) } else { named }
            }
            (None, None) => self.opaque(node),
        }
    }
}

fn is_prefix(node: Node<'_>) -> bool {
    node.kind() == "unary_expression" && node.child(0).is_some_and(|operator| !operator.is_named())
}

/// True for what binds tighter than an operator before the value.
fn is_postfix(node: Node<'_>) -> bool {
    matches!(node.kind(), "navigation_expression" | "call_expression" | "index_expression" | "unary_expression")
}
