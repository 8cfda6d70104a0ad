//! Members that hold or stand for a value: fields, properties, indexers, events.

use super::declarations::name_line;
use super::{Lowering, behind, child_of_kind, head_line, line, named};
use crate::{Annotation, Builder, Expr, FieldDecl, Function, FunctionKind, Param, Pattern, TypeDecl, TypeRef};
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

/// What all accessors of a property have in common.
struct Property {
    name: SmolStr,
    ty: Option<TypeRef>,
    params: Vec<Param>,
}

impl Lowering<'_, '_> {
    /// Fields and events without accessors, one for each declarator.
    pub(super) fn field_declaration(&mut self, node: Node<'_>, ty: &mut TypeDecl) {
        let Some(declaration) = child_of_kind(node, "variable_declaration") else { return };
        let declared = self.field_type(declaration, "type");
        let annotations = self.attributes(node);
        for declarator in named(declaration).into_iter().filter(|child| child.kind() == "variable_declarator") {
            let name = self.field_name(declarator, "name");
            let value = behind(declarator, "=").map(|value| self.expression_for(value, declared.as_ref()));
            let field = self.blank_field(node, name, declared.clone());
            ty.fields.push(FieldDecl { value, annotations: annotations.clone(), line: line(declarator), ..field });
        }
    }

    fn blank_field(&self, node: Node<'_>, name: SmolStr, ty: Option<TypeRef>) -> FieldDecl {
        FieldDecl {
            optional: matches!(&ty, Some(TypeRef::Union(all)) if all.contains(&TypeRef::named("null"))),
            ty,
            is_static: self.has_modifier(node, "static") || self.has_modifier(node, "const"),
            is_abstract: self.has_modifier(node, "abstract"),
            ..FieldDecl::blank(name, name_line(node))
        }
    }

    /// A property without code is a field; the code of one that has some is a getter and a setter.
    pub(super) fn property(&mut self, node: Node<'_>, ty: &mut TypeDecl) {
        let name = self.field_name(node, "name");
        let declared = self.field_type(node, "type");
        let mut annotations = self.attributes(node);
        let accessors = node.child_by_field_name("accessors").map(named).unwrap_or_default();
        let is_field = accessors.iter().any(|accessor| accessor.child_by_field_name("body").is_none());
        let value = node.child_by_field_name("value");
        if is_field {
            let value = value.map(|value| self.expression_for(value, declared.as_ref()));
            let field = self.blank_field(node, name.clone(), declared.clone());
            ty.fields.push(FieldDecl { value, annotations: std::mem::take(&mut annotations), ..field });
        }
        self.accessors(node, &Property { name, ty: declared, params: Vec::new() }, annotations, ty);
    }

    /// `this[int i]`.
    pub(super) fn indexer(&mut self, node: Node<'_>, ty: &mut TypeDecl) {
        let params = node.child_by_field_name("parameters").map(|list| self.parameters(list)).unwrap_or_default();
        let declared = self.field_type(node, "type");
        let annotations = self.attributes(node);
        self.accessors(node, &Property { name: SmolStr::new_static("Item"), ty: declared, params }, annotations, ty);
    }

    /// An event with accessors; it can be named like any other.
    pub(super) fn event(&mut self, node: Node<'_>, ty: &mut TypeDecl) {
        let name = self.field_name(node, "name");
        let declared = self.field_type(node, "type");
        let annotations = self.attributes(node);
        let field = self.blank_field(node, name.clone(), declared.clone());
        ty.fields.push(FieldDecl { annotations, ..field });
        self.accessors(node, &Property { name, ty: declared, params: Vec::new() }, Vec::new(), ty);
    }

    /// The accessors that have code. The attributes of the property stand on the first of them.
    fn accessors(&mut self, node: Node<'_>, property: &Property, mut annotations: Vec<Annotation>, ty: &mut TypeDecl) {
        let arrow = node.child_by_field_name("value").filter(|value| value.kind() == "arrow_expression_clause");
        if let Some(arrow) = arrow {
            let mut getter = self.accessor(node, node, property, FunctionKind::Getter);
            getter.line = head_line(node);
            getter.annotations = annotations;
            getter.body = self.body_of(Some(arrow), property.ty.clone());
            ty.members.push(self.b.function(getter));
            return;
        }
        for accessor in node.child_by_field_name("accessors").map(named).unwrap_or_default() {
            let word = self.field_name(accessor, "name");
            let is_indexer = node.kind() == "indexer_declaration";
            let body = accessor.child_by_field_name("body");
            if accessor.kind() != "accessor_declaration" || (body.is_none() && !is_indexer) {
                continue;
            }
            let kind = match word.as_str() {
                "get" => FunctionKind::Getter,
                "set" | "init" => FunctionKind::Setter,
                _ => FunctionKind::Method,
            };
            let mut function = self.accessor(node, accessor, property, kind);
            if kind == FunctionKind::Method {
                function.name = SmolStr::new(format!("{word}_{}", property.name));
            }
            function.annotations = std::mem::take(&mut annotations);
            function.annotations.extend(self.attributes(accessor));
            let returns = (kind == FunctionKind::Getter).then(|| property.ty.clone()).flatten();
            function.body = self.body_of(body, returns);
            ty.members.push(self.b.function(function));
        }
    }

    /// An accessor without attributes and body. What is written has the value as last parameter, `value`.
    fn accessor(&mut self, node: Node<'_>, accessor: Node<'_>, property: &Property, kind: FunctionKind) -> Function {
        let mut function = Builder::blank_function(accessor, kind);
        function.line = head_line(accessor);
        function.name = property.name.clone();
        function.owner.clone_from(&self.context.owner);
        function.implements = self.explicit_interface(node);
        let is_visible = self.is_visible(node, self.context.in_interface || function.implements.is_some());
        function.exported = self.is_visible(accessor, is_visible);
        function.is_static = self.has_modifier(node, "static");
        function.params.clone_from(&property.params);
        if kind == FunctionKind::Getter {
            function.returns.clone_from(&property.ty);
        } else {
            function.params.push(Param {
                pattern: Pattern::Name(SmolStr::new_static("value")),
                ty: property.ty.clone(),
                default: None,
                annotations: Vec::new(),
                rest: false,
                field: false,
            });
        }
        function
    }

    /// `static C() { … }` runs with the class, as a static block does elsewhere.
    pub(super) fn static_constructor(&mut self, node: Node<'_>, ty: &mut TypeDecl) {
        let body = self.body_of(node.child_by_field_name("body"), None).unwrap_or_default();
        let block = self.b.expr(head_line(node), Expr::Block(body));
        let field = self.blank_field(node, SmolStr::default(), None);
        ty.fields.push(FieldDecl { value: Some(block), is_static: true, ..field });
    }

    /// The statements of a function's body, whose `return` gives `returns`.
    pub(super) fn body_of(&mut self, body: Option<Node<'_>>, returns: Option<TypeRef>) -> Option<Vec<crate::StmtId>> {
        let body = body?;
        let outer = std::mem::replace(&mut self.context.returns, returns.map(Rc::new));
        let mut statements = Vec::new();
        self.function_body(body, &mut statements);
        self.context.returns = outer;
        Some(statements)
    }
}
