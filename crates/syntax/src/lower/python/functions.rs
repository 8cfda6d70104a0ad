//! Functions, lambdas, parameters and decorators.

use super::{Lowering, has_token, line, named, types::inside};
use crate::{Annotation, Arg, Builder, Call, Expr, FunctionId, FunctionKind, Param, Pattern, Stmt, TypeRef};
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// The decorators of a `decorated_definition`.
    pub(super) fn decorators(&mut self, node: Node<'_>) -> Vec<Annotation> {
        let all = named(node).into_iter().filter(|child| child.kind() == "decorator");
        all.filter_map(|child| named(child).first().copied()).map(|inner| self.annotation(inner)).collect()
    }

    /// `name(args)` as an annotation.
    fn annotation(&mut self, node: Node<'_>) -> Annotation {
        let (callee, args, call) = match node.kind() {
            "call" => {
                let args = node.child_by_field_name("arguments").map(|args| self.args(args)).unwrap_or_default();
                let function = node.child_by_field_name("function").unwrap_or(node);
                let callee = self.expression(function);
                let made = Call { callee, args: args.clone(), type_args: Vec::new(), optional: false };
                (function, args, Some(self.b.expr(line(node), Expr::Call(made))))
            }
            _ => (node, Vec::new(), None),
        };
        Annotation { name: self.dotted(callee), args, type_args: Vec::new(), call, line: line(node) }
    }

    /// A function or, inside a class, a method.
    pub(super) fn function(&mut self, node: Node<'_>, annotations: Vec<Annotation>) -> FunctionId {
        let class = self.context.class.clone();
        let kind = if class.is_some() { FunctionKind::Method } else { FunctionKind::Function };
        let mut function = Builder::blank_function(node, kind);
        function.name = self.field_text(node, "name");
        function.exported = !function.name.starts_with('_') || function.name.starts_with("__");
        function.is_async = has_token(node, "async");
        function.type_params = self.type_parameters(node);
        function.returns = self.field_type(node, "return_type");
        function.owner = class;
        let mut is_abstract = false;
        let mut has_receiver = function.owner.is_some();
        if has_receiver {
            if function.name == "__init__" {
                function.kind = FunctionKind::Constructor;
                function.name = SmolStr::new_static("constructor");
            }
            for annotation in &annotations {
                match annotation.name.rsplit('.').next().unwrap_or_default() {
                    "staticmethod" => {
                        function.is_static = true;
                        has_receiver = false;
                    }
                    "classmethod" => function.is_static = true,
                    "property" | "cached_property" => function.kind = FunctionKind::Getter,
                    "setter" => function.kind = FunctionKind::Setter,
                    "abstractmethod" => is_abstract = true,
                    _ => {}
                }
            }
            if matches!(function.name.as_str(), "__new__" | "__init_subclass__" | "__class_getitem__") {
                function.is_static = true;
            }
        }
        function.annotations = annotations;
        let outer = self.context.clone();
        self.context.class = None;
        self.context.module = false;
        self.context.scope = Rc::default();
        self.context.yields = Rc::default();
        self.context.constructor = function.kind == FunctionKind::Constructor;
        let mut params = node.child_by_field_name("parameters").map(named).unwrap_or_default();
        if has_receiver
            && let Some(first) = params.first().copied()
            && let Some(name) = self.receiver_name(first)
        {
            self.context.this = Some(name);
            params.remove(0);
        } else if function.owner.is_some() {
            self.context.this = None;
        }
        function.params = self.parameters(&params);
        function.body = node.child_by_field_name("body").and_then(|body| {
            if is_abstract && is_stub(body) {
                return None;
            }
            let mut statements = Vec::new();
            self.statements(body, &mut statements);
            Some(statements)
        });
        function.yields = self.context.yields.take();
        self.context = outer;
        self.b.function(function)
    }

    fn receiver_name(&self, node: Node<'_>) -> Option<SmolStr> {
        match node.kind() {
            "identifier" => Some(self.text(node)),
            "typed_parameter" => {
                named(node).first().filter(|name| name.kind() == "identifier").map(|name| self.text(*name))
            }
            _ => None,
        }
    }

    /// `lambda x: value`.
    pub(super) fn lambda(&mut self, node: Node<'_>) -> FunctionId {
        let mut function = Builder::blank_function(node, FunctionKind::Lambda);
        let outer = self.context.clone();
        self.context.module = false;
        self.context.class = None;
        self.context.scope = Rc::default();
        let params = node.child_by_field_name("parameters").map(named).unwrap_or_default();
        function.params = self.parameters(&params);
        function.body = node.child_by_field_name("body").map(|body| {
            let value = self.expression(body);
            vec![self.b.stmt(line(body), Stmt::Return(Some(value)))]
        });
        self.context = outer;
        self.b.function(function)
    }

    fn parameters(&mut self, nodes: &[Node<'_>]) -> Vec<Param> {
        let mut params = Vec::new();
        for node in nodes {
            let mut param = Param {
                pattern: Pattern::Ignore,
                ty: None,
                default: None,
                annotations: Vec::new(),
                rest: false,
                field: false,
            };
            let name = match node.kind() {
                "identifier" | "tuple_pattern" | "list_splat_pattern" | "dictionary_splat_pattern" => Some(*node),
                "typed_parameter" => named(*node).first().copied(),
                "default_parameter" | "typed_default_parameter" => node.child_by_field_name("name"),
                _ => continue,
            };
            if let Some(ty) = node.child_by_field_name("type") {
                param.annotations = self.extras(ty);
                param.ty = Some(self.type_ref(ty));
            }
            // Defaults are values of the scope around, but no name of a parameter hides one there in real code.
            param.default = node.child_by_field_name("value").map(|value| self.expression(value));
            if let Some(name) = name {
                param.rest = matches!(name.kind(), "list_splat_pattern" | "dictionary_splat_pattern");
                // The hint is of each element; the name holds all of them.
                param.ty = match (name.kind(), param.ty) {
                    ("list_splat_pattern", Some(ty)) => Some(TypeRef::List(Box::new(ty))),
                    ("dictionary_splat_pattern", ty) => {
                        let ty = ty.unwrap_or_else(|| TypeRef::named("object"));
                        Some(TypeRef::Named { name: "dict".into(), args: vec![TypeRef::named("str"), ty] })
                    }
                    (_, ty) => ty,
                };
                param.pattern = self.pattern(name);
            }
            // A parameter of this name hides the receiver of a method around.
            if matches!(&param.pattern, Pattern::Name(name) if self.is_this(name)) {
                self.context.this = None;
            }
            params.push(param);
        }
        params
    }

    /// `Annotated[T, Extra(…)]`: the calls among the extras, as annotations.
    pub(super) fn extras(&mut self, node: Node<'_>) -> Vec<Annotation> {
        let (name, args) = self.hint(node);
        if name != "Annotated" {
            return Vec::new();
        }
        let extras = args.into_iter().skip(1).map(inside).filter(|extra| extra.kind() == "call");
        extras.map(|extra| self.annotation(extra)).collect()
    }

    /// Arguments of a call or of a class; `**{…}` of a literal is spelled out.
    pub(super) fn args(&mut self, node: Node<'_>) -> Vec<Arg> {
        if node.kind() != "argument_list" {
            let value = self.expression(node);
            return vec![Arg { name: None, value }];
        }
        let mut args = Vec::new();
        for child in named(node) {
            match child.kind() {
                "keyword_argument" => {
                    let name = Some(self.field_text(child, "name"));
                    let value = self.required(child, "value");
                    args.push(Arg { name, value });
                }
                "dictionary_splat" => {
                    let value = self.first(child);
                    match self.b.tree.exprs.get(value.0 as usize) {
                        Some(crate::Expr::Object(entries)) if entries.iter().all(is_field) => {
                            args.extend(entries.iter().filter_map(|entry| match entry {
                                crate::Entry::Field { key, value } => {
                                    Some(Arg { name: Some(key.clone()), value: *value })
                                }
                                _ => None,
                            }));
                        }
                        _ => {
                            let value = self.b.expr(line(child), crate::Expr::Spread(value));
                            args.push(Arg { name: None, value });
                        }
                    }
                }
                _ => args.push(Arg { name: None, value: self.expression(child) }),
            }
        }
        args
    }
}

fn is_field(entry: &crate::Entry) -> bool {
    matches!(entry, crate::Entry::Field { .. })
}

/// True for a body that says nothing: `...`, `pass`, a text, `raise NotImplementedError`.
pub(super) fn is_stub(body: Node<'_>) -> bool {
    named(body).into_iter().all(|stmt| match stmt.kind() {
        "pass_statement" | "raise_statement" => true,
        "expression_statement" => named(stmt)
            .first()
            .is_none_or(|inner| matches!(inner.kind(), "ellipsis" | "string" | "concatenated_string")),
        _ => false,
    })
}
