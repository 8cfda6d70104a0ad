//! Expressions of Go become the few kinds of expressions that values can be followed through.

use super::{Lowering, line, named};
use crate::{Arg, Call, Entry, Expr, ExprId, FunctionKind, TypeRef};
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

    /// What nests to the left (calls, selectors, operators) is walked from the inside out, which costs no stack.
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
        for field in ["right", "index"] {
            if let Some(part) = node.child_by_field_name(field) {
                parts.push(self.expression(part));
            }
        }
    }

    fn link(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        let at = line(node);
        match node.kind() {
            "parenthesized_expression" => value,
            "selector_expression" => {
                let field = node.child_by_field_name("field");
                let name = field.map(|field| self.text(field)).unwrap_or_default();
                self.b.expr(field.map_or(at, line), Expr::Member { object: value, name })
            }
            "index_expression" => {
                let index = self.required(node, "index");
                self.b.expr(at, Expr::Index { object: value, index })
            }
            "slice_expression" => {
                let mut parts = Vec::new();
                for field in ["start", "end", "capacity"] {
                    if let Some(part) = node.child_by_field_name(field) {
                        parts.push(self.expression(part));
                    }
                }
                let bounds = self.b.expr(at, Expr::Opaque(parts));
                let index = self.b.expr(at, Expr::Spread(bounds));
                self.b.expr(at, Expr::Index { object: value, index })
            }
            "type_assertion_expression" => {
                let ty = self.field_type(node, "type");
                self.b.expr(at, Expr::Cast { value, ty })
            }
            "binary_expression" => {
                let op = self.field_text(node, "operator");
                let right = self.required(node, "right");
                self.b.expr(at, Expr::Binary { op, left: value, right })
            }
            _ => self.call(node, value),
        }
    }

    fn call(&mut self, node: Node<'_>, callee: ExprId) -> ExprId {
        let at = self.b.tree.expr_lines.get(callee.0 as usize).copied().unwrap_or_else(|| line(node));
        let mut type_args = self.type_arguments(node);
        let callee = match self.instantiation(callee) {
            Some((function, ty)) => {
                type_args.push(ty);
                function
            }
            None => callee,
        };
        let Some(arguments) = node.child_by_field_name("arguments") else {
            return self.b.call(at, callee, Vec::new());
        };
        let name = match self.b.tree.exprs.get(callee.0 as usize) {
            Some(Expr::Name(name)) => name.clone(),
            _ => SmolStr::default(),
        };
        let children = named(arguments);
        // `(*T)(value)` converts.
        if let (Some(ty), [only]) = (self.pointer_type(node, callee), children.as_slice()) {
            let value = self.expression(*only);
            return self.b.expr(at, Expr::Cast { value, ty: Some(ty) });
        }
        if let (true, Some(first)) = (is_basic_type(&name), children.first()) {
            let value = self.expression(*first);
            return self.b.expr(at, Expr::Cast { value, ty: Some(TypeRef::named(name)) });
        }
        // `new(T)` and `make(T, n)` have a type for their first argument.
        if matches!(name.as_str(), "new" | "make")
            && let Some((first, rest)) = children.split_first()
            && is_type(*first)
        {
            if name == "new" {
                let callee = self.type_value(*first);
                return self.b.expr(at, Expr::New(Call { callee, args: Vec::new(), type_args, optional: false }));
            }
            type_args.push(self.type_ref(*first));
            let args = rest.iter().map(|arg| self.arg(*arg)).collect();
            return self.b.expr(at, Expr::Call(Call { callee, args, type_args, optional: false }));
        }
        let args = self.args(arguments);
        self.b.expr(at, Expr::Call(Call { callee, args, type_args, optional: false }))
    }

    /// The type of a callee that is `*T` in parentheses.
    fn pointer_type(&self, node: Node<'_>, callee: ExprId) -> Option<TypeRef> {
        let function = node.child_by_field_name("function")?;
        if function.kind() != "parenthesized_expression" {
            return None;
        }
        let exprs = &self.b.tree.exprs;
        let Expr::Cast { value, ty: None } = exprs.get(callee.0 as usize)? else { return None };
        match exprs.get(value.0 as usize)? {
            Expr::Name(name) => Some(TypeRef::named(name.clone())),
            Expr::Member { object, name } => match exprs.get(object.0 as usize)? {
                Expr::Name(package) => Some(TypeRef::named(format!("{package}.{name}"))),
                _ => None,
            },
            _ => None,
        }
    }

    /// `Name[Type]` looks like an index. It is a function with its type argument where the name can be no variable
    /// of a map: one of a package, one that starts upper-case, or one that this file declares so.
    fn instantiation(&self, callee: ExprId) -> Option<(ExprId, TypeRef)> {
        let exprs = &self.b.tree.exprs;
        let at = |id: ExprId| exprs.get(id.0 as usize);
        let Some(Expr::Index { object, index }) = at(callee) else { return None };
        let is_function = match at(*object)? {
            Expr::Name(name) => super::is_exported(name) || self.context.generics.contains(name),
            Expr::Member { object, .. } => {
                let imports = &self.b.tree.imports;
                matches!(at(*object)?, Expr::Name(package) if imports.iter().any(|import| import.local == *package))
            }
            _ => false,
        };
        let mut index = at(*index)?;
        while let Expr::Cast { value, ty: None } = index {
            index = at(*value)?;
        }
        let ty = match index {
            Expr::Name(name) => TypeRef::named(name.clone()),
            Expr::Member { object, name } => match at(*object)? {
                Expr::Name(package) => TypeRef::named(format!("{package}.{name}")),
                _ => return None,
            },
            Expr::TypeLiteral(ty) => ty.clone(),
            _ => return None,
        };
        is_function.then_some((*object, ty))
    }

    fn args(&mut self, node: Node<'_>) -> Vec<Arg> {
        named(node).into_iter().map(|child| self.arg(child)).collect()
    }

    fn arg(&mut self, node: Node<'_>) -> Arg {
        let value = if node.kind() == "variadic_argument" {
            let inner = self.first(node);
            self.b.expr(line(node), Expr::Spread(inner))
        } else {
            self.expression(node)
        };
        Arg { name: None, value }
    }

    /// An expression that continues nothing.
    fn single(&mut self, node: Node<'_>) -> ExprId {
        let at = line(node);
        let expr = match node.kind() {
            "identifier" | "field_identifier" | "type_identifier" | "package_identifier" => Expr::Name(self.text(node)),
            "qualified_type" | "generic_type" => return self.type_value(node),
            "interpreted_string_literal" | "raw_string_literal" => Expr::Text(self.string(node)),
            "int_literal" | "float_literal" | "imaginary_literal" | "rune_literal" => Expr::Number(self.text(node)),
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            "nil" => Expr::Null,
            "iota" => match self.context.iota {
                Some(iota) => Expr::Number(SmolStr::new(iota.to_string())),
                None => Expr::Name(self.text(node)),
            },
            "func_literal" => Expr::Lambda(self.function(node, FunctionKind::Lambda)),
            "composite_literal" => return self.composite(node),
            "unary_expression" => {
                let value = self.required(node, "operand");
                match self.field_text(node, "operator").as_str() {
                    "&" | "*" => Expr::Cast { value, ty: None },
                    "<-" => Expr::ReceiveFrom(value),
                    op => Expr::Unary { op: SmolStr::new(op), value },
                }
            }
            "type_conversion_expression" => {
                let value = self.required(node, "operand");
                Expr::Cast { value, ty: self.field_type(node, "type") }
            }
            "type_instantiation_expression" => match node.child_by_field_name("type") {
                Some(ty) => return self.type_value(ty),
                None => Expr::Opaque(Vec::new()),
            },
            "literal_value" => return self.elements(node, None),
            "expression_list" => Expr::List(named(node).into_iter().map(|child| self.expression(child)).collect()),
            kind if is_type(node) || kind.ends_with("_type") => Expr::TypeLiteral(self.type_ref(node)),
            "variadic_argument" | "literal_element" | "expression_statement" => return self.first(node),
            _ => {
                let children = named(node);
                Expr::Opaque(children.into_iter().map(|child| self.part(child)).collect())
            }
        };
        self.b.expr(at, expr)
    }

    /// A child of a node that is no plain expression: statements inside count as a block.
    fn part(&mut self, node: Node<'_>) -> ExprId {
        if node.kind().ends_with("_statement") || node.kind().ends_with("_declaration") || node.kind() == "block" {
            let mut body = Vec::new();
            self.statement(node, &mut body);
            return self.b.expr(line(node), Expr::Block(body));
        }
        self.expression(node)
    }

    /// A type used as a value: the callee of a construction.
    fn type_value(&mut self, node: Node<'_>) -> ExprId {
        let mut at = node;
        while matches!(at.kind(), "generic_type" | "pointer_type" | "parenthesized_type") {
            match at.child_by_field_name("type").or_else(|| named(at).first().copied()) {
                Some(inner) => at = inner,
                None => break,
            }
        }
        match at.kind() {
            "qualified_type" => {
                let package = self.field_text(at, "package");
                let object = self.b.expr(line(at), Expr::Name(package));
                let name = self.field_text(at, "name");
                self.b.expr(line(at), Expr::Member { object, name })
            }
            "type_identifier" | "identifier" => {
                let name = self.text(at);
                self.b.expr(line(at), Expr::Name(name))
            }
            _ => {
                let ty = self.type_ref(at);
                self.b.expr(line(at), Expr::TypeLiteral(ty))
            }
        }
    }

    fn composite(&mut self, node: Node<'_>) -> ExprId {
        let Some(body) = node.child_by_field_name("body") else { return self.opaque(node) };
        self.elements(body, node.child_by_field_name("type"))
    }

    /// `{…}` of a type; elements without a type of their own have the element type of what surrounds them.
    fn elements(&mut self, body: Node<'_>, ty: Option<Node<'_>>) -> ExprId {
        let at = ty.map_or_else(|| line(body), line);
        let ty = ty.map(without_pointer);
        match ty.map_or("", |ty| ty.kind()) {
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                let element = ty.and_then(|ty| ty.child_by_field_name("element"));
                let mut items = Vec::new();
                for child in named(body) {
                    // `[…]T{2: x}` names a position; the value counts.
                    let value = match child.kind() {
                        "keyed_element" => child.child_by_field_name("value"),
                        _ => Some(child),
                    };
                    items.extend(value.map(|value| self.element(value, element)));
                }
                self.b.expr(at, Expr::List(items))
            }
            "map_type" => {
                let key = ty.and_then(|ty| ty.child_by_field_name("key"));
                let element = ty.and_then(|ty| ty.child_by_field_name("value"));
                let mut entries = Vec::new();
                for child in named(body) {
                    if let Some(entry) = self.entry(child, true, key, element) {
                        entries.push(entry);
                    }
                }
                self.b.expr(at, Expr::Object(entries))
            }
            kind => {
                let children = named(body);
                let is_keyed = children.iter().any(|child| child.kind() == "keyed_element");
                let args: Vec<Arg> = if is_keyed || children.is_empty() {
                    let mut entries = Vec::new();
                    for child in children {
                        if let Some(entry) = self.entry(child, false, None, None) {
                            entries.push(entry);
                        }
                    }
                    let value = self.b.expr(at, Expr::Object(entries));
                    vec![Arg { name: None, value }]
                } else {
                    children.into_iter().map(|child| Arg { name: None, value: self.element(child, None) }).collect()
                };
                let Some(ty) = ty.filter(|_| kind != "struct_type") else {
                    // An anonymous struct is the plain object; a literal of unknown type its object or its list.
                    return match args.as_slice() {
                        [only]
                            if is_keyed
                                || matches!(self.b.tree.exprs.get(only.value.0 as usize), Some(Expr::Object(_))) =>
                        {
                            only.value
                        }
                        _ => self.b.expr(at, Expr::List(args.iter().map(|arg| arg.value).collect())),
                    };
                };
                let type_args = self.type_arguments(ty);
                let callee = self.type_value(ty);
                self.b.expr(at, Expr::New(Call { callee, args, type_args, optional: false }))
            }
        }
    }

    fn entry(
        &mut self,
        node: Node<'_>,
        is_map: bool,
        key_type: Option<Node<'_>>,
        value_type: Option<Node<'_>>,
    ) -> Option<Entry> {
        if node.kind() != "keyed_element" {
            return None;
        }
        let value = node.child_by_field_name("value").map(|value| self.element(value, value_type))?;
        let key = node.child_by_field_name("key")?;
        let key = if key.kind() == "literal_element" { named(key).first().copied()? } else { key };
        Some(match key.kind() {
            "interpreted_string_literal" | "raw_string_literal" => Entry::Field { key: self.string(key), value },
            "identifier" | "field_identifier" if !is_map => Entry::Field { key: self.text(key), value },
            _ => Entry::Computed { key: self.element(key, key_type), value },
        })
    }

    /// An element of a composite literal, which may leave out its type.
    fn element(&mut self, node: Node<'_>, ty: Option<Node<'_>>) -> ExprId {
        let node = if node.kind() == "literal_element" { named(node).first().copied().unwrap_or(node) } else { node };
        if node.kind() == "literal_value" {
            return self.deeper(|inner| inner.elements(node, ty)).unwrap_or_else(|| self.opaque(node));
        }
        self.expression(node)
    }
}

/// What a link of a chain continues: its left operand.
fn inner(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "selector_expression" | "index_expression" | "slice_expression" | "type_assertion_expression" => {
            node.child_by_field_name("operand")
        }
        "binary_expression" => node.child_by_field_name("left"),
        "call_expression" => node.child_by_field_name("function"),
        "parenthesized_expression" => named(node).first().copied(),
        _ => None,
    }
}

fn without_pointer(node: Node<'_>) -> Node<'_> {
    let mut at = node;
    while matches!(at.kind(), "pointer_type" | "parenthesized_type") {
        match named(at).first() {
            Some(inner) => at = *inner,
            None => break,
        }
    }
    at
}

fn is_type(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "type_identifier"
            | "qualified_type"
            | "generic_type"
            | "pointer_type"
            | "slice_type"
            | "array_type"
            | "map_type"
            | "channel_type"
            | "function_type"
            | "struct_type"
            | "interface_type"
            | "parenthesized_type"
    )
}

/// Types whose call converts and nothing else.
fn is_basic_type(name: &str) -> bool {
    matches!(
        name,
        "string"
            | "bool"
            | "byte"
            | "rune"
            | "any"
            | "error"
            | "int"
            | "int8"
            | "int16"
            | "int32"
            | "int64"
            | "uint"
            | "uint8"
            | "uint16"
            | "uint32"
            | "uint64"
            | "uintptr"
            | "float32"
            | "float64"
    )
}
