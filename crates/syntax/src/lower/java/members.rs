//! Fields, methods, constructors, lambdas and their parameters.

use super::annotations::{has_modifier, head_line};
use super::{Lowering, fields, line, named, types};
use crate::{
    Arg, Builder, Call, Expr, ExprId, FieldDecl, Function, FunctionId, FunctionKind, Param, Pattern, Stmt, StmtId,
    TypeDecl, TypeRef,
};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// One field for each name.
    pub(super) fn field_declaration(&mut self, node: Node<'_>, ty: &mut TypeDecl) {
        let annotations = self.annotations(node);
        let is_static = self.context.in_interface || has_modifier(node, "static");
        for declarator in fields(node, "declarator") {
            let declared = node.child_by_field_name("type").and_then(|ty| self.declared_type(ty, declarator));
            let value = declarator.child_by_field_name("value").map(|value| self.expression(value));
            self.fill_diamond(declared.as_ref(), value);
            ty.fields.push(FieldDecl {
                name: self.field_text(declarator, "name"),
                ty: declared,
                value,
                annotations: annotations.clone(),
                is_static,
                optional: false,
                is_abstract: false,
                line: line(declarator),
            });
        }
    }

    /// `Map<K, V> x = new HashMap<>()`: what is constructed has the type arguments of the declaration.
    pub(super) fn fill_diamond(&mut self, declared: Option<&TypeRef>, value: Option<ExprId>) {
        let Some(TypeRef::Named { args, .. }) = declared else { return };
        if let Some(Expr::New(call)) = value.and_then(|value| self.b.tree.exprs.get_mut(value.0 as usize))
            && call.type_args.is_empty()
        {
            call.type_args.clone_from(args);
        }
    }

    /// A method, or an element of an annotation type, which gives its default where it has one.
    pub(super) fn method(&mut self, node: Node<'_>, kind: FunctionKind) -> FunctionId {
        let mut function = self.signature(node, kind);
        function.name = self.field_text(node, "name");
        function.is_static = has_modifier(node, "static");
        function.returns = node.child_by_field_name("type").and_then(|ty| self.declared_type(ty, node));
        function.body = match node.child_by_field_name("value") {
            Some(default) => {
                let value = self.element_value(default);
                Some(vec![self.b.stmt(line(default), Stmt::Return(Some(value)))])
            }
            None => self.body_of(node.child_by_field_name("body")),
        };
        self.b.function(function)
    }

    pub(super) fn constructor(&mut self, node: Node<'_>) -> FunctionId {
        let mut function = self.signature(node, FunctionKind::Constructor);
        function.name = SmolStr::new_static("constructor");
        if function.owner.is_none() {
            // In broken source it may stand outside its class, whose name it has.
            function.owner = Some(self.field_text(node, "name"));
        }
        function.body = self.body_of(node.child_by_field_name("body"));
        self.b.function(function)
    }

    /// What methods and constructors have in common.
    fn signature(&mut self, node: Node<'_>, kind: FunctionKind) -> Function {
        let mut function = Builder::blank_function(node, kind);
        function.line = head_line(node);
        function.owner.clone_from(&self.context.owner);
        function.exported = self.is_public(node);
        function.annotations = self.annotations(node);
        function.type_params = self.type_parameters(node);
        function.params = self.parameters(node);
        function
    }

    /// The statements of a body; types declared in it belong to no other.
    pub(super) fn body_of(&mut self, body: Option<Node<'_>>) -> Option<Vec<StmtId>> {
        let body = body?;
        let outer = self.context.clone();
        self.context.owner = None;
        self.context.in_interface = false;
        let mut statements = Vec::new();
        self.statements(body, &mut statements);
        self.context = outer;
        Some(statements)
    }

    pub(super) fn lambda(&mut self, node: Node<'_>) -> FunctionId {
        let mut function = Builder::blank_function(node, FunctionKind::Lambda);
        function.params = match node.child_by_field_name("parameters") {
            Some(list) if list.kind() == "inferred_parameters" => {
                named(list).into_iter().map(|name| plain(self.binding(name))).collect()
            }
            Some(name) if name.kind() == "identifier" => vec![plain(self.binding(name))],
            _ => self.parameters(node),
        };
        function.body = node.child_by_field_name("body").map(|body| {
            if body.kind() == "block" {
                return self.body_of(Some(body)).unwrap_or_default();
            }
            let value = self.expression(body);
            vec![self.b.stmt(line(body), Stmt::Return(Some(value)))]
        });
        self.b.function(function)
    }

    /// `Type::new`: a lambda that hands its arguments to the constructor.
    pub(super) fn construction(&mut self, node: Node<'_>, ty: Node<'_>) -> ExprId {
        let at = line(node);
        // No source can use this name.
        let name = SmolStr::new_static("$arguments");
        let value = if ty.kind() == "array_type" {
            self.opaque(ty)
        } else {
            let type_args = self.arguments_of_type(ty);
            let callee = self.type_value(ty);
            let given = self.b.expr(at, Expr::Name(name.clone()));
            let value = self.b.expr(at, Expr::Spread(given));
            let args = vec![Arg { name: None, value }];
            self.b.expr(at, Expr::New(Call { callee, args, type_args, optional: false }))
        };
        let mut function = Builder::blank_function(node, FunctionKind::Lambda);
        function.params = vec![Param { rest: true, ..plain(Pattern::Name(name)) }];
        function.body = Some(vec![self.b.stmt(at, Stmt::Return(Some(value)))]);
        let function = self.b.function(function);
        self.b.expr(at, Expr::Lambda(function))
    }

    pub(super) fn parameters(&mut self, node: Node<'_>) -> Vec<Param> {
        let mut params = Vec::new();
        for child in node.child_by_field_name("parameters").map(named).unwrap_or_default() {
            let annotations = self.annotations(child);
            match child.kind() {
                "formal_parameter" => {
                    let pattern = child.child_by_field_name("name").map(|name| self.binding(name));
                    let ty = self.declared(child);
                    params.push(Param { ty, annotations, ..plain(pattern.unwrap_or(Pattern::Ignore)) });
                }
                "spread_parameter" => {
                    let parts = named(child);
                    let name = parts.last().and_then(|declarator| declarator.child_by_field_name("name"));
                    let pattern = name.map_or(Pattern::Ignore, |name| self.binding(name));
                    let element = parts.iter().find(|part| types::is_type(**part)).map(|ty| self.type_ref(*ty));
                    let ty = element.map(|element| TypeRef::List(Box::new(element)));
                    params.push(Param { ty, annotations, rest: true, ..plain(pattern) });
                }
                // The receiver declares a type, it receives nothing.
                _ => {}
            }
        }
        params
    }
}

fn plain(pattern: Pattern) -> Param {
    Param { pattern, ty: None, default: None, annotations: Vec::new(), rest: false, field: false }
}
