//! Classes, interfaces, enums, aliases and their annotations.

use super::{Lowering, line, named};
use crate::{Annotation, Builder, Expr, FieldDecl, FunctionKind, TypeId, TypeKind, TypeRef, Variant};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// Annotations that stand directly on a node.
    pub(super) fn decorators(&mut self, node: Node<'_>) -> Vec<Annotation> {
        let mut cursor = node.walk();
        let found: Vec<Node<'_>> = node.children(&mut cursor).filter(|child| child.kind() == "decorator").collect();
        found.into_iter().filter_map(|child| self.decorator(child)).collect()
    }

    pub(super) fn decorator(&mut self, node: Node<'_>) -> Option<Annotation> {
        let inner = *named(node).first()?;
        let (callee, args, type_args) = match inner.kind() {
            "call_expression" => {
                let args = self.args(inner.child_by_field_name("arguments"));
                let type_args = self.type_arguments(inner);
                (inner.child_by_field_name("function")?, args, type_args)
            }
            _ => (inner, Vec::new(), Vec::new()),
        };
        let name: String = self.text(callee).chars().filter(|c| !c.is_whitespace()).collect();
        Some(Annotation { name: name.into(), args, type_args, call: None, line: line(node) })
    }

    /// Decorators before `export` belong to the declaration behind it.
    pub(super) fn outer_decorators(&mut self, node: Node<'_>) -> Vec<Annotation> {
        match node.parent() {
            Some(parent) if parent.kind() == "export_statement" => self.decorators(parent),
            _ => Vec::new(),
        }
    }

    /// A class declaration or expression.
    pub(super) fn class(&mut self, node: Node<'_>, kind: TypeKind) -> TypeId {
        let mut ty = Builder::blank_type(node, kind);
        ty.name = self.field_text(node, "name");
        ty.owner.clone_from(&self.namespace);
        ty.is_abstract = node.kind() == "abstract_class_declaration";
        ty.type_params = self.type_parameters(node);
        ty.annotations = self.outer_decorators(node);
        ty.annotations.extend(self.decorators(node));
        for child in named(node) {
            if child.kind() == "class_heritage" {
                self.heritage(child, &mut ty.bases);
            }
        }
        let owner = ty.name.clone();
        let mut pending: Vec<Annotation> = Vec::new();
        for member in node.child_by_field_name("body").map(named).unwrap_or_default() {
            match member.kind() {
                "decorator" => pending.extend(self.decorator(member)),
                "method_definition" | "abstract_method_signature" | "method_signature" => {
                    let kind = self.method_kind(member);
                    let method = self.function(member, kind, Some(owner.clone()));
                    let own = self.decorators(member);
                    let function = &mut self.b.tree.functions[method.0 as usize];
                    function.annotations = std::mem::take(&mut pending);
                    function.annotations.extend(own);
                    function.is_static = super::has_token(member, "static");
                    ty.members.push(method);
                }
                "public_field_definition" | "field_definition" => {
                    let annotations = std::mem::take(&mut pending);
                    let field = self.class_field(member, annotations);
                    ty.fields.push(field);
                }
                "class_static_block" => {
                    if let Some(body) = member.child_by_field_name("body") {
                        let mut statements = Vec::new();
                        self.statements(body, &mut statements);
                        let block = self.b.expr(line(member), Expr::Block(statements));
                        ty.fields.push(FieldDecl {
                            value: Some(block),
                            is_static: true,
                            ..FieldDecl::blank(SmolStr::default(), line(member))
                        });
                    }
                }
                _ => {}
            }
        }
        self.b.type_decl(ty)
    }

    fn method_kind(&self, node: Node<'_>) -> FunctionKind {
        let name = self.field_text(node, "name");
        if name == "constructor" {
            FunctionKind::Constructor
        } else if super::has_token(node, "get") {
            FunctionKind::Getter
        } else if super::has_token(node, "set") {
            FunctionKind::Setter
        } else {
            FunctionKind::Method
        }
    }

    fn class_field(&mut self, node: Node<'_>, mut annotations: Vec<Annotation>) -> FieldDecl {
        annotations.extend(self.decorators(node));
        let name_node = node.child_by_field_name("name").or_else(|| node.child_by_field_name("property"));
        let name = match name_node {
            Some(name) if name.kind() == "string" => self.string(name),
            Some(name) => self.text(name),
            None => SmolStr::default(),
        };
        FieldDecl {
            ty: node.child_by_field_name("type").and_then(|ty| named(ty).first().copied()).map(|ty| self.type_ref(ty)),
            value: node.child_by_field_name("value").map(|value| self.expression(value)),
            annotations,
            is_static: super::has_token(node, "static"),
            optional: super::has_token(node, "?"),
            is_abstract: super::has_token(node, "abstract"),
            line: name_node.map_or_else(|| line(node), line),
            ..FieldDecl::blank(name, line(node))
        }
    }

    fn heritage(&mut self, node: Node<'_>, bases: &mut Vec<TypeRef>) {
        for child in named(node) {
            match child.kind() {
                "extends_clause" => {
                    let args = child
                        .child_by_field_name("type_arguments")
                        .map(|args| self.type_list(args))
                        .unwrap_or_default();
                    if let Some(value) = child.child_by_field_name("value") {
                        bases.push(self.base(value, args));
                    }
                }
                "implements_clause" => {
                    bases.extend(named(child).into_iter().map(|ty| self.type_ref(ty)).collect::<Vec<_>>())
                }
                // JavaScript has the expression itself as heritage.
                _ => bases.push(self.base(child, Vec::new())),
            }
        }
    }

    fn base(&mut self, node: Node<'_>, args: Vec<TypeRef>) -> TypeRef {
        match node.kind() {
            "identifier" | "member_expression" => TypeRef::Named { name: self.text(node), args },
            // A mixin stands for what it mixes into, as far as a name can say it.
            "call_expression" => {
                let name = self.field_text(node, "function");
                let inner = node.child_by_field_name("arguments").map(named).unwrap_or_default();
                match inner.first() {
                    Some(first) if first.kind() == "identifier" => TypeRef::Named { name: self.text(*first), args },
                    _ => TypeRef::Named { name, args },
                }
            }
            _ => TypeRef::Other,
        }
    }

    pub(super) fn interface(&mut self, node: Node<'_>) -> TypeId {
        let mut ty = Builder::blank_type(node, TypeKind::Interface);
        ty.name = self.field_text(node, "name");
        ty.owner.clone_from(&self.namespace);
        ty.type_params = self.type_parameters(node);
        for child in named(node) {
            if matches!(child.kind(), "extends_type_clause" | "extends_clause") {
                ty.bases.extend(named(child).into_iter().map(|base| self.type_ref(base)).collect::<Vec<_>>());
            }
        }
        let owner = ty.name.clone();
        for member in node.child_by_field_name("body").map(named).unwrap_or_default() {
            match member.kind() {
                "property_signature" => {
                    let name = self.field_text(member, "name");
                    let declared = member
                        .child_by_field_name("type")
                        .and_then(|ty| named(ty).first().copied())
                        .map(|ty| self.type_ref(ty));
                    ty.fields.push(FieldDecl {
                        ty: declared,
                        optional: super::has_token(member, "?"),
                        ..FieldDecl::blank(name, line(member))
                    });
                }
                "method_signature" => {
                    let method = self.function(member, FunctionKind::Method, Some(owner.clone()));
                    ty.members.push(method);
                }
                _ => {}
            }
        }
        self.b.type_decl(ty)
    }

    pub(super) fn enumeration(&mut self, node: Node<'_>) -> TypeId {
        let mut ty = Builder::blank_type(node, TypeKind::Enum);
        ty.name = self.field_text(node, "name");
        ty.owner.clone_from(&self.namespace);
        for member in node.child_by_field_name("body").map(named).unwrap_or_default() {
            let (name_node, value) = match member.kind() {
                "enum_assignment" => (member.child_by_field_name("name"), member.child_by_field_name("value")),
                _ => (Some(member), None),
            };
            let name = match name_node {
                Some(name) if name.kind() == "string" => self.string(name),
                Some(name) => self.text(name),
                None => continue,
            };
            let value = value.map(|value| self.expression(value));
            ty.variants.push(Variant { name, value, args: Vec::new(), line: line(member) });
        }
        self.b.type_decl(ty)
    }

    pub(super) fn alias(&mut self, node: Node<'_>) -> TypeId {
        let mut ty = Builder::blank_type(node, TypeKind::Alias);
        ty.name = self.field_text(node, "name");
        ty.owner.clone_from(&self.namespace);
        ty.type_params = self.type_parameters(node);
        let target = node.child_by_field_name("value").map(|value| self.type_ref(value));
        if let Some(TypeRef::Record(fields)) = &target {
            for (name, field, optional) in fields {
                ty.fields.push(FieldDecl {
                    ty: Some(field.clone()),
                    optional: *optional,
                    ..FieldDecl::blank(name.clone(), line(node))
                });
            }
        }
        ty.alias = target;
        self.b.type_decl(ty)
    }
}
