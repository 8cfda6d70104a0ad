//! Classes, structs, records, interfaces, enums and delegates.

use super::namespaces::is_type_declaration;
use super::{Lowering, child_of_kind, flat, head_line, line, named, operands};
use crate::{Builder, FunctionKind, Stmt, StmtId, TypeDecl, TypeId, TypeKind, TypeRef, Variant};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// A type and, behind it, the types nested in it; beyond the depth bound it is left out.
    pub(super) fn type_declaration(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        self.deeper(|inner| {
            let mut nested = Vec::new();
            let ty = match node.kind() {
                "enum_declaration" => inner.enumeration(node),
                "delegate_declaration" => inner.delegate(node),
                "interface_declaration" => inner.class(node, TypeKind::Interface, &mut nested),
                _ => inner.class(node, TypeKind::Class, &mut nested),
            };
            let stmt = inner.b.stmt(head_line(node), Stmt::Type(ty));
            out.push(stmt);
            out.append(&mut nested);
        });
    }

    fn blank(&mut self, node: Node<'_>, kind: TypeKind) -> TypeDecl {
        let mut ty = Builder::blank_type(node, kind);
        ty.line = head_line(node);
        ty.name = self.field_name(node, "name");
        ty.owner = self.type_owner();
        ty.exported = self.is_visible(node, self.context.owner.is_none() || self.context.in_interface);
        ty.is_abstract = self.has_modifier(node, "abstract");
        ty.is_partial = self.has_modifier(node, "partial");
        ty.type_params = self.type_parameters(node);
        ty.annotations = self.attributes(node);
        ty
    }

    fn class(&mut self, node: Node<'_>, kind: TypeKind, nested: &mut Vec<StmtId>) -> TypeId {
        let mut ty = self.blank(node, kind);
        if let Some(list) = child_of_kind(node, "base_list") {
            self.bases(list, &mut ty);
        }
        let outer = self.context.clone();
        self.context.owner = Some(ty.name.clone());
        self.context.in_interface = kind == TypeKind::Interface;
        self.context.returns = None;
        if let Some(list) = child_of_kind(node, "parameter_list") {
            let mut constructor = Builder::blank_function(list, FunctionKind::Constructor);
            constructor.name = SmolStr::new_static("constructor");
            constructor.owner = Some(ty.name.clone());
            constructor.exported = ty.exported;
            constructor.params = self.parameters(list);
            constructor.params.iter_mut().for_each(|param| param.field = true);
            constructor.body = Some(Vec::new());
            ty.members.push(self.b.function(constructor));
        }
        for member in node.child_by_field_name("body").map(flat).unwrap_or_default() {
            self.member(member, &mut ty, nested);
        }
        self.context = outer;
        self.b.type_decl(ty)
    }

    /// `: Base(args), IFace`; the arguments go to the constructor of the base.
    fn bases(&mut self, list: Node<'_>, ty: &mut TypeDecl) {
        for child in named(list) {
            match child.kind() {
                "argument_list" => ty.base_args = self.args(child),
                "primary_constructor_base_type" => {
                    ty.bases.extend(self.field_type(child, "type"));
                    if let Some(args) = child_of_kind(child, "argument_list") {
                        ty.base_args = self.args(args);
                    }
                }
                _ => ty.bases.push(self.type_ref(child)),
            }
        }
    }

    fn enumeration(&mut self, node: Node<'_>) -> TypeId {
        let mut ty = self.blank(node, TypeKind::Enum);
        if let Some(list) = child_of_kind(node, "base_list") {
            self.bases(list, &mut ty);
        }
        for member in node.child_by_field_name("body").map(flat).unwrap_or_default() {
            if member.kind() == "enum_member_declaration" {
                let name = self.field_name(member, "name");
                let value = member.child_by_field_name("value").map(|value| self.expression(value));
                ty.variants.push(Variant { name, value, args: Vec::new(), line: head_line(member) });
            }
        }
        self.b.type_decl(ty)
    }

    /// A delegate is another name of a function type.
    fn delegate(&mut self, node: Node<'_>) -> TypeId {
        let mut ty = self.blank(node, TypeKind::Alias);
        let params = node.child_by_field_name("parameters").map(|list| self.parameters(list)).unwrap_or_default();
        let params = params.into_iter().map(|param| param.ty.unwrap_or(TypeRef::Other)).collect();
        let result = self.field_type(node, "type").map(Box::new);
        ty.alias = Some(TypeRef::Function(params, result));
        self.b.type_decl(ty)
    }

    /// One member of a type; nested types go behind it.
    pub(super) fn member(&mut self, node: Node<'_>, ty: &mut TypeDecl, nested: &mut Vec<StmtId>) {
        match node.kind() {
            kind if is_type_declaration(kind) => self.type_declaration(node, nested),
            "field_declaration" | "event_field_declaration" => self.field_declaration(node, ty),
            "property_declaration" => self.property(node, ty),
            "indexer_declaration" => self.indexer(node, ty),
            "event_declaration" => self.event(node, ty),
            "constructor_declaration" if self.has_modifier(node, "static") => self.static_constructor(node, ty),
            "using_directive" => self.using_directive(node, nested),
            // What stands inside a syntax error still counts.
            "ERROR" => {
                self.deeper(|inner| operands(node).into_iter().for_each(|part| inner.member(part, ty, nested)));
            }
            _ => {
                let method = self.deeper(|inner| inner.method(node)).flatten();
                ty.members.extend(method);
            }
        }
    }
}

/// The line of the name of a declaration.
pub(super) fn name_line(node: Node<'_>) -> u32 {
    node.child_by_field_name("name").map_or_else(|| head_line(node), line)
}
