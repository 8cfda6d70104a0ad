//! Expressions of Java become the few kinds of expressions that values can be followed through.

use super::{Lowering, child_of_kind, line, named, types};
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

    pub(super) fn first(&mut self, node: Node<'_>) -> ExprId {
        match named(node).first() {
            Some(child) => self.expression(*child),
            None => self.opaque(node),
        }
    }

    pub(super) fn arguments(&mut self, node: Node<'_>) -> Vec<Arg> {
        let list = node.child_by_field_name("arguments").map(named).unwrap_or_default();
        list.into_iter().map(|arg| Arg { name: None, value: self.expression(arg) }).collect()
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
        parts.extend(self.arguments(node).into_iter().map(|arg| arg.value));
        for field in ["right", "index"] {
            if let Some(part) = node.child_by_field_name(field).filter(|part| !types::is_type(*part)) {
                parts.push(self.expression(part));
            }
        }
    }

    fn link(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        let at = line(node);
        match node.kind() {
            "parenthesized_expression" => value,
            "field_access" => {
                let field = node.child_by_field_name("field");
                let name = field.map(|field| self.text(field)).unwrap_or_default();
                self.b.expr(field.map_or(at, line), Expr::Member { object: value, name })
            }
            "array_access" => {
                let index = self.required(node, "index");
                self.b.expr(at, Expr::Index { object: value, index })
            }
            "binary_expression" => {
                let op = self.field_text(node, "operator");
                let right = self.required(node, "right");
                self.b.expr(at, Expr::Binary { op, left: value, right })
            }
            "instanceof_expression" => self.instance_of(node, value),
            "method_reference" => self.reference(node, value),
            _ => self.call(node, Some(value)),
        }
    }

    /// A call of a method of an object, or of one that is in scope.
    fn call(&mut self, node: Node<'_>, object: Option<ExprId>) -> ExprId {
        let name_node = node.child_by_field_name("name");
        let at = name_node.map_or_else(|| line(node), line);
        let name = name_node.map(|name| self.text(name)).unwrap_or_default();
        let callee = match object {
            Some(object) => self.b.expr(at, Expr::Member { object, name }),
            None => self.b.expr(at, Expr::Name(name)),
        };
        let type_args = self.type_arguments(node);
        let args = self.arguments(node);
        self.b.expr(at, Expr::Call(Call { callee, args, type_args, optional: false }))
    }

    fn type_arguments(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        node.child_by_field_name("type_arguments").map(|list| self.type_list(list)).unwrap_or_default()
    }

    /// `object::method`; of an object in a variable or field it is a lambda that hands its arguments to the method.
    fn reference(&mut self, node: Node<'_>, object: ExprId) -> ExprId {
        let name_node = named(node).into_iter().skip(1).rfind(|child| child.kind() == "identifier");
        let name = name_node.map(|name| self.text(name)).unwrap_or_default();
        let at = name_node.map_or_else(|| line(node), line);
        let is_object = match self.b.tree.exprs.get(object.0 as usize) {
            Some(Expr::Name(name)) => name.starts_with(char::is_lowercase),
            Some(Expr::Member { object, name }) => {
                name.starts_with(char::is_lowercase)
                    && matches!(self.b.tree.exprs.get(object.0 as usize), Some(Expr::This))
            }
            _ => false,
        };
        let member = self.b.expr(at, Expr::Member { object, name });
        if is_object { self.b.handing_on(node, at, member) } else { member }
    }

    /// `super` of an interface or of an enclosing class: `Type.super.method()`, `Type.super.field`.
    fn qualified_super(&mut self, node: Node<'_>) -> ExprId {
        let object = self.b.expr(line(node), Expr::Super);
        self.link(node, object)
    }

    /// An expression that continues nothing.
    fn single(&mut self, node: Node<'_>) -> ExprId {
        let at = line(node);
        let expr = match node.kind() {
            "identifier" => Expr::Name(self.text(node)),
            "scoped_identifier" => return self.type_value(node),
            "this" => Expr::This,
            "super" => Expr::Super,
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            "null_literal" => Expr::Null,
            "string_literal" => self.string(node),
            "character_literal" => Expr::Text(self.character(node)),
            kind if kind.ends_with("_literal") && kind != "class_literal" => Expr::Number(self.text(node)),
            "class_literal" => match named(node).first() {
                Some(ty) => Expr::TypeLiteral(self.type_ref(*ty)),
                None => Expr::Opaque(Vec::new()),
            },
            "method_invocation" if node.child_by_field_name("object").is_none() => return self.call(node, None),
            "method_invocation" | "field_access" => return self.qualified_super(node),
            "method_reference" => match (named(node).first(), child_of_kind(node, "new")) {
                (Some(ty), Some(_)) => return self.construction(node, *ty),
                (Some(ty), None) => {
                    let object = self.type_value(*ty);
                    return self.reference(node, object);
                }
                (None, _) => Expr::Opaque(Vec::new()),
            },
            "object_creation_expression" => return self.creation(node),
            "array_creation_expression" => return self.array(node),
            "array_initializer" => Expr::List(named(node).into_iter().map(|item| self.expression(item)).collect()),
            "lambda_expression" => Expr::Lambda(self.lambda(node)),
            "ternary_expression" => {
                let test = self.required(node, "condition");
                let then = self.required(node, "consequence");
                let otherwise = self.required(node, "alternative");
                Expr::Conditional { test, then, otherwise }
            }
            "switch_expression" => return self.switch_value(node),
            "unary_expression" => {
                let value = self.required(node, "operand");
                Expr::Unary { op: self.field_text(node, "operator"), value }
            }
            "update_expression" => {
                let op = if child_of_kind(node, "++").is_some() { "++" } else { "--" };
                Expr::Unary { op: SmolStr::new_static(op), value: self.first(node) }
            }
            "assignment_expression" => {
                let value = self.required(node, "right");
                let target = self.required(node, "left");
                Expr::Assign { op: self.field_text(node, "operator"), target, value }
            }
            "cast_expression" => {
                let value = self.required(node, "value");
                // Of an intersection the first type is the class.
                let ty = node.child_by_field_name("type").map(|ty| self.type_ref(ty));
                Expr::Cast { value, ty }
            }
            "template_expression" => return self.template(node),
            "expression_statement" => return self.first(node),
            _ if types::is_type(node) => return self.type_value(node),
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
        if kind.ends_with("_statement") || kind.ends_with("_declaration") || kind == "block" {
            let mut body = Vec::new();
            self.statement(node, &mut body);
            return self.b.expr(line(node), Expr::Block(body));
        }
        self.expression(node)
    }

    /// `new Type(…)`, `outer.new Type(…)`, with or without a class body.
    fn creation(&mut self, node: Node<'_>) -> ExprId {
        let Some(ty) = node.child_by_field_name("type") else { return self.opaque(node) };
        let at = line(ty);
        let (callee, type_args) = match child_of_kind(node, "class_body") {
            Some(body) => {
                let base = self.type_ref(ty);
                let class = self.anonymous_class(body, base);
                (self.b.expr(at, Expr::Class(class)), Vec::new())
            }
            None => {
                let type_args = self.arguments_of_type(ty);
                let outer = named(node).into_iter().next().filter(|first| is_outer(node, *first));
                let callee = match outer {
                    Some(outer) => {
                        let object = self.expression(outer);
                        let name = self.type_name(ty);
                        self.b.expr(at, Expr::Member { object, name })
                    }
                    None => self.type_value(ty),
                };
                (callee, type_args)
            }
        };
        let args = self.arguments(node);
        self.b.expr(at, Expr::New(Call { callee, args, type_args, optional: false }))
    }

    /// `new T[]{…}` is the list, `new T[n]` something of that type.
    fn array(&mut self, node: Node<'_>) -> ExprId {
        if let Some(value) = node.child_by_field_name("value") {
            return self.expression(value);
        }
        let sizes = named(node).into_iter().filter(|child| child.kind() == "dimensions_expr");
        let sizes: Vec<ExprId> = sizes.map(|size| self.size(size)).collect();
        let ty = self.declared(node);
        let value = self.b.expr(line(node), Expr::Opaque(sizes));
        self.b.expr(line(node), Expr::Cast { value, ty })
    }

    fn size(&mut self, node: Node<'_>) -> ExprId {
        match named(node).last() {
            Some(size) => self.expression(*size),
            None => self.opaque(node),
        }
    }

    /// `STR."…"` is the text; other processors are called with it.
    fn template(&mut self, node: Node<'_>) -> ExprId {
        let value = self.required(node, "template_argument");
        if self.field_text(node, "template_processor") == "STR" {
            return value;
        }
        let object = self.required(node, "template_processor");
        let callee = self.b.expr(line(node), Expr::Member { object, name: SmolStr::new_static("process") });
        self.b.call(line(node), callee, vec![Arg { name: None, value }])
    }
}

/// What a link of a chain continues: its left operand.
fn inner(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "field_access" | "method_invocation" => {
            let object = node.child_by_field_name("object")?;
            // In `Type.super.method()` the type only says which `super` is meant.
            let is_qualified = named(node).iter().any(|child| child.kind() == "super" && child.id() != object.id());
            (!is_qualified).then_some(object)
        }
        "array_access" => node.child_by_field_name("array"),
        "binary_expression" | "instanceof_expression" => node.child_by_field_name("left"),
        "parenthesized_expression" => named(node).first().copied(),
        "method_reference" if child_of_kind(node, "new").is_none() => {
            named(node).first().copied().filter(|object| !types::is_type(*object))
        }
        _ => None,
    }
}

/// True for the object before `.new Type(…)`.
fn is_outer(node: Node<'_>, child: Node<'_>) -> bool {
    child_of_kind(node, "new").is_some_and(|new| child.end_byte() <= new.start_byte())
}
