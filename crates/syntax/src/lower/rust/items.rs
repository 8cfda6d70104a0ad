//! Structs, enums, traits, impls, aliases, constants and their attributes.

use super::{Impl, Lowering, has_token, is_visible, named};
use crate::{
    Annotation, Arg, Builder, Expr, FieldDecl, FunctionId, Pattern, Stmt, StmtId, TypeDecl, TypeId, TypeKind, Variant,
};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_, '_> {
    /// `#[name(args)]`, `#[name = value]`.
    pub(super) fn attribute(&mut self, node: Node<'_>) -> Option<Annotation> {
        let attribute = named(node).into_iter().find(|child| child.kind() == "attribute")?;
        let name = named(attribute).first().map(|name| self.dotted(*name))?;
        if let Some((root, _)) = name.split_once('.') {
            self.note_root(node, root);
        }
        let args = match (attribute.child_by_field_name("arguments"), attribute.child_by_field_name("value")) {
            (Some(arguments), _) => self.macro_args(arguments),
            (None, Some(value)) => vec![Arg { name: None, value: self.expression(value) }],
            (None, None) => Vec::new(),
        };
        Some(Annotation { name, args, type_args: Vec::new(), call: None, line: self.line(node) })
    }

    /// The members of a list, each with the attributes in front of it.
    fn attributed<'n>(&mut self, node: Node<'n>) -> Vec<(Node<'n>, Vec<Annotation>)> {
        let mut all = Vec::new();
        let mut pending = Vec::new();
        for child in named(node) {
            if child.kind() == "attribute_item" {
                pending.extend(self.attribute(child));
            } else if child.kind() != "visibility_modifier" {
                all.push((child, std::mem::take(&mut pending)));
            }
        }
        all
    }

    fn blank_type(&self, node: Node<'_>, kind: TypeKind, annotations: Vec<Annotation>) -> TypeDecl {
        let mut ty = Builder::blank_type(node, kind);
        ty.line = ty.line.saturating_add(self.context.first_row);
        ty.end_line = ty.end_line.saturating_add(self.context.first_row);
        ty.name = self.field_text(node, "name");
        ty.exported = is_visible(node);
        ty.annotations = self.context.module.to_vec();
        ty.annotations.extend(annotations);
        ty
    }

    /// A struct or union; the fields of a tuple struct are `0`, `1`, ….
    pub(super) fn structure(&mut self, node: Node<'_>, annotations: Vec<Annotation>) -> TypeId {
        let mut ty = self.blank_type(node, TypeKind::Class, annotations);
        ty.type_params = self.type_parameters(node);
        let bounds = self.bound_by(node);
        let outer = self.context.owner.replace(ty.name.clone());
        if let Some(body) = node.child_by_field_name("body") {
            for (at, (field, annotations)) in self.attributed(body).into_iter().enumerate() {
                let (name, ty_node) = match field.kind() {
                    "field_declaration" => (self.field_text(field, "name"), field.child_by_field_name("type")),
                    _ => (SmolStr::new(at.to_string()), Some(field)),
                };
                let field_type = ty_node.map(|ty| self.type_ref(ty));
                let line = self.line(field);
                ty.fields.push(FieldDecl { ty: field_type, annotations, ..FieldDecl::blank(name, line) });
            }
        }
        self.context.owner = outer;
        self.context.bounds = bounds;
        self.b.type_decl(ty)
    }

    /// An enum; what a variant holds are arguments that are types.
    pub(super) fn enumeration(&mut self, node: Node<'_>, annotations: Vec<Annotation>) -> TypeId {
        let mut ty = self.blank_type(node, TypeKind::Enum, annotations);
        ty.type_params = self.type_parameters(node);
        let outer = self.context.owner.replace(ty.name.clone());
        let variants = node.child_by_field_name("body").map(|body| self.attributed(body)).unwrap_or_default();
        for (variant, _) in variants {
            if variant.kind() != "enum_variant" {
                continue;
            }
            let value = variant.child_by_field_name("value").map(|value| self.expression(value));
            let mut args = Vec::new();
            let held = variant.child_by_field_name("body").map(|body| self.attributed(body)).unwrap_or_default();
            for (field, _) in held {
                let (name, ty_node) = match field.kind() {
                    "field_declaration" => (Some(self.field_text(field, "name")), field.child_by_field_name("type")),
                    _ => (None, Some(field)),
                };
                let Some(ty_node) = ty_node else { continue };
                let held_type = self.type_ref(ty_node);
                args.push(Arg { name, value: self.expr(field, Expr::TypeLiteral(held_type)) });
            }
            let name = self.field_text(variant, "name");
            ty.variants.push(Variant { name, value, args, line: self.line(variant) });
        }
        self.context.owner = outer;
        self.b.type_decl(ty)
    }

    pub(super) fn trait_item(&mut self, node: Node<'_>, annotations: Vec<Annotation>) -> TypeId {
        let mut ty = self.blank_type(node, TypeKind::Interface, annotations);
        ty.type_params = self.type_parameters(node);
        ty.bases = self.bounds(node);
        let outer = self.context.clone();
        self.context.owner = Some(ty.name.clone());
        self.context.in_trait = true;
        self.context.implements = None;
        if let Some(body) = node.child_by_field_name("body") {
            let mut functions = Vec::new();
            self.members(body, &mut functions, &mut ty.fields);
            ty.members = functions.into_iter().map(|(_, function)| function).collect();
        }
        self.context = outer;
        self.b.type_decl(ty)
    }

    /// The functions of an impl stand where it stands and name their owner; the rest goes to the type.
    pub(super) fn impl_item(&mut self, node: Node<'_>, annotations: &[Annotation], out: &mut Vec<StmtId>) {
        let Some(ty) = node.child_by_field_name("type") else { return };
        let owner = self.simple_name(ty);
        if owner.is_empty() {
            return;
        }
        let outer = self.context.clone();
        self.context.owner = Some(owner.clone());
        self.context.in_trait = false;
        let implements = self.field_type(node, "trait");
        self.context.implements = implements.clone().map(std::rc::Rc::new);
        self.bound_by(node);
        let bounds = self.context.bounds.clone();
        let mut functions = Vec::new();
        let mut fields = Vec::new();
        if let Some(body) = node.child_by_field_name("body") {
            self.members(body, &mut functions, &mut fields);
        }
        for (line, id) in functions {
            // Attributes of an impl say something about each of its functions.
            let own = std::mem::take(&mut self.b.tree.functions[id.0 as usize].annotations);
            self.b.tree.functions[id.0 as usize].annotations = annotations.iter().cloned().chain(own).collect();
            let stmt = self.b.stmt(line, Stmt::Function(id));
            out.push(stmt);
        }
        self.impls.push(Impl { owner, implements, fields, bounds });
        self.context = outer;
    }

    fn members(&mut self, body: Node<'_>, functions: &mut Vec<(u32, FunctionId)>, fields: &mut Vec<FieldDecl>) {
        for (member, annotations) in self.attributed(body) {
            let line = self.line(member);
            match member.kind() {
                "function_item" | "function_signature_item" => {
                    if let Some(function) = self.deeper(|inner| inner.function(member, annotations)) {
                        functions.push((line, function));
                    }
                }
                "const_item" => {
                    let name = self.field_text(member, "name");
                    let ty = self.field_type(member, "type");
                    let value = member.child_by_field_name("value").map(|value| self.expression(value));
                    let is_abstract = value.is_none() && self.context.in_trait;
                    let blank = FieldDecl::blank(name, line);
                    fields.push(FieldDecl { ty, value, annotations, is_static: true, is_abstract, ..blank });
                }
                // An associated type is a static field of that type.
                "type_item" | "associated_type" => {
                    let name = self.field_text(member, "name");
                    let ty = self.field_type(member, "type");
                    let value = ty.clone().map(|ty| self.expr(member, Expr::TypeLiteral(ty)));
                    let is_abstract = value.is_none();
                    let blank = FieldDecl::blank(name, line);
                    fields.push(FieldDecl { ty, value, annotations, is_static: true, is_abstract, ..blank });
                }
                _ => {}
            }
        }
    }

    pub(super) fn alias(&mut self, node: Node<'_>, annotations: Vec<Annotation>) -> TypeId {
        let mut ty = self.blank_type(node, TypeKind::Alias, annotations);
        ty.type_params = self.type_parameters(node);
        ty.alias = self.field_type(node, "type");
        self.b.type_decl(ty)
    }

    /// `const` and `static`.
    pub(super) fn constant(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let name = self.field_text(node, "name");
        let pattern = if name == "_" { Pattern::Ignore } else { Pattern::Name(name) };
        let ty = self.field_type(node, "type");
        let value = node.child_by_field_name("value").map(|value| self.expression(value));
        let constant = !has_token(node, "mutable_specifier");
        self.put(node, Stmt::Let { pattern, ty, value, constant, exported: is_visible(node) }, out);
    }
}
