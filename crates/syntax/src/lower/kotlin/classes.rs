//! Classes, interfaces, enums, objects and companions.

use super::{
    Lowering, child, children, functions::Secondary, line, modifiers::Modifiers, named, statements::Tail, types,
};
use crate::{Builder, Expr, FieldDecl, Function, FunctionKind, StmtId, TypeDecl, TypeId, TypeKind, TypeRef, Variant};
use smol_str::SmolStr;
use tree_sitter::Node;

/// A type while its parts are read.
pub(super) struct Class {
    pub(super) ty: TypeDecl,
    /// An object or a companion.
    pub(super) is_static: bool,
    primary: Option<Function>,
    secondary: Vec<Secondary>,
    /// What the `init` blocks do.
    pub(super) init: Vec<StmtId>,
}

impl Class {
    pub(super) fn new(ty: TypeDecl, is_static: bool) -> Self {
        Class { ty, is_static, primary: None, secondary: Vec::new(), init: Vec::new() }
    }

    /// Takes over what a companion has.
    pub(super) fn absorb(&mut self, companion: Class) {
        self.ty.fields.extend(companion.ty.fields);
        self.ty.members.extend(companion.ty.members);
    }
}

impl Lowering<'_, '_> {
    /// A class, an interface, an enum, an object, or an anonymous object.
    pub(super) fn class(&mut self, node: Node<'_>) -> TypeId {
        let mut ty = Builder::blank_type(node, TypeKind::Class);
        ty.name = self.field_name(node, "name");
        if node.kind() != "object_literal" {
            ty.owner.clone_from(&self.context.owner);
            ty.exported = true;
        }
        let mut class = Class::new(ty, node.kind() == "object_declaration");
        self.parts(node, &mut class);
        self.finish(node, class)
    }

    fn parts(&mut self, node: Node<'_>, class: &mut Class) {
        let outer = self.enter(class);
        for part in children(node) {
            self.class_part(part, class);
        }
        self.context = outer;
    }

    /// From here on members of the class are read.
    pub(super) fn enter(&mut self, class: &Class) -> super::Context {
        let outer = self.context.clone();
        self.context.owner = Some(class.ty.name.clone());
        self.context.is_static = class.is_static;
        self.context.backing = None;
        outer
    }

    /// One part of a class: of its head, or its body.
    pub(super) fn class_part(&mut self, part: Node<'_>, class: &mut Class) {
        match part.kind() {
            "interface" => {
                class.ty.kind = TypeKind::Interface;
                class.ty.is_abstract = false;
            }
            "modifiers" => {
                let mut modifiers = Modifiers::default();
                self.add_modifiers(part, &mut modifiers);
                class.ty.exported = modifiers.is_exported();
                class.ty.is_abstract = modifiers.is_abstract();
                if modifiers.has("enum") {
                    class.ty.kind = TypeKind::Enum;
                }
                class.ty.annotations = modifiers.annotations;
            }
            "type_parameters" => {
                let params = named(part).into_iter().filter(|param| param.kind() == "type_parameter");
                class.ty.type_params = params.map(|param| self.own_name(param)).collect();
            }
            "primary_constructor" => class.primary = Some(self.primary_constructor(part)),
            "delegation_specifiers" => self.bases(part, class),
            "class_body" | "enum_class_body" => {
                for member in named(part) {
                    self.member(member, class);
                }
            }
            _ => {}
        }
    }

    fn bases(&mut self, node: Node<'_>, class: &mut Class) {
        for specifier in named(node) {
            for part in named(specifier) {
                match part.kind() {
                    "constructor_invocation" => {
                        class.ty.bases.extend(self.declared_type(part));
                        if let Some(args) = child(part, "value_arguments") {
                            let args = self.args(args);
                            class.ty.base_args.extend(args);
                        }
                    }
                    "explicit_delegation" => {
                        let ty = self.declared_type(part);
                        class.ty.bases.extend(ty.clone());
                        // What the interface is delegated to has no name, but its calls count.
                        let value = super::behind(part, "by").map(|value| self.expression(value));
                        class.ty.fields.push(FieldDecl {
                            ty,
                            value,
                            ..FieldDecl::blank(SmolStr::default(), line(part))
                        });
                    }
                    _ if types::is_type(part) => class.ty.bases.push(self.type_ref(part)),
                    _ => {}
                }
            }
        }
    }

    /// Lowers a member; beyond the depth bound it is left out.
    pub(super) fn member(&mut self, node: Node<'_>, class: &mut Class) {
        self.deeper(|inner| inner.member_at(node, class));
    }

    fn member_at(&mut self, node: Node<'_>, class: &mut Class) {
        match node.kind() {
            "property_declaration" => self.member_property(node, class),
            "function_declaration" => {
                let function = self.function(node);
                class.ty.members.push(function);
            }
            "secondary_constructor" => {
                let constructor = self.secondary_constructor(node);
                class.secondary.push(constructor);
            }
            "anonymous_initializer" => {
                if let Some(block) = child(node, "block") {
                    let outer = self.leave_type();
                    self.statements(block, Tail::Value, &mut class.init);
                    self.context = outer;
                }
            }
            "companion_object" => self.companion(node, class),
            "enum_entry" => self.enum_entry(node, class),
            "class_declaration" | "object_declaration" => {
                self.class(node);
            }
            "type_alias" => {
                self.alias(node);
            }
            "class_body" | "enum_class_body" => self.class_part(node, class),
            "ERROR" => self.broken_member(node, class),
            _ => {}
        }
    }

    /// A property is a field unless it is computed.
    fn member_property(&mut self, node: Node<'_>, class: &mut Class) {
        let modifiers = self.modifiers(node);
        let property = self.property(node);
        let accessors = self.accessors(&property, &modifiers);
        class.ty.members.extend(accessors);
        let is_computed = property.getter.is_some() && !property.has_value();
        if property.receiver.is_some() || is_computed {
            return;
        }
        let in_interface = class.ty.kind == TypeKind::Interface && !class.is_static;
        let field = FieldDecl {
            name: property.name.clone(),
            ty: property.binding.and_then(|binding| self.declared_type(binding)),
            value: self.property_value(&property),
            is_static: self.context.is_static,
            is_abstract: modifiers.has("abstract") || in_interface,
            annotations: modifiers.annotations,
            line: property.binding.map_or_else(|| line(node), line),
            ..FieldDecl::blank(SmolStr::default(), line(node))
        };
        class.ty.fields.push(field);
    }

    /// The members of a companion are static members of the class. One with bases is a type of its own as well.
    fn companion(&mut self, node: Node<'_>, class: &mut Class) {
        let mut ty = Builder::blank_type(node, TypeKind::Class);
        ty.name.clone_from(&class.ty.name);
        let mut companion = Class::new(ty, true);
        self.parts(node, &mut companion);
        self.static_init(node, &mut companion);
        if !companion.ty.bases.is_empty() {
            let name = self.field_name(node, "name");
            let name = if name.is_empty() { SmolStr::new_static("Companion") } else { name };
            let mut own = Builder::blank_type(node, TypeKind::Class);
            own.name = name;
            own.owner = Some(class.ty.name.clone());
            own.bases = std::mem::take(&mut companion.ty.bases);
            own.base_args = std::mem::take(&mut companion.ty.base_args);
            own.annotations = std::mem::take(&mut companion.ty.annotations);
            own.exported = class.ty.exported;
            self.b.type_decl(own);
        }
        class.absorb(companion);
    }

    /// `init` blocks of an object run when it is first used.
    pub(super) fn static_init(&mut self, node: Node<'_>, class: &mut Class) {
        if !class.init.is_empty() {
            let block = self.expr(node, Expr::Block(std::mem::take(&mut class.init)));
            class.ty.fields.push(FieldDecl {
                value: Some(block),
                is_static: true,
                ..FieldDecl::blank(SmolStr::default(), line(node))
            });
        }
    }

    /// An entry; one with a body is a subclass too.
    fn enum_entry(&mut self, node: Node<'_>, class: &mut Class) {
        let name = self.own_name(node);
        let args = child(node, "value_arguments").map(|args| self.args(args)).unwrap_or_default();
        if let Some(body) = child(node, "class_body") {
            let mut ty = Builder::blank_type(node, TypeKind::Class);
            ty.name.clone_from(&name);
            ty.owner = Some(class.ty.name.clone());
            ty.bases = vec![TypeRef::named(class.ty.name.clone())];
            let mut entry = Class::new(ty, false);
            let outer = self.enter(&entry);
            self.class_part(body, &mut entry);
            self.context = outer;
            self.finish(node, entry);
        }
        class.ty.variants.push(Variant { name, value: None, args, line: line(node) });
    }

    /// Puts the constructors together with what the `init` blocks do.
    pub(super) fn finish(&mut self, node: Node<'_>, mut class: Class) -> TypeId {
        if class.is_static {
            self.static_init(node, &mut class);
        }
        let mut init = std::mem::take(&mut class.init);
        let mut constructors = Vec::new();
        if let Some(mut primary) = class.primary.take() {
            primary.body = Some(std::mem::take(&mut init));
            constructors.push(primary);
        }
        for mut secondary in std::mem::take(&mut class.secondary) {
            if let (false, Some(body)) = (secondary.delegates, &mut secondary.function.body) {
                body.splice(secondary.before..secondary.before, std::mem::take(&mut init));
            }
            constructors.push(secondary.function);
        }
        if !init.is_empty() {
            let mut implied = Builder::blank_function(node, FunctionKind::Constructor);
            implied.name = SmolStr::new_static("constructor");
            implied.owner = Some(class.ty.name.clone());
            implied.exported = class.ty.exported;
            implied.body = Some(init);
            constructors.push(implied);
        }
        let constructors: Vec<_> = constructors.into_iter().map(|function| self.b.function(function)).collect();
        class.ty.members.splice(0..0, constructors);
        self.b.type_decl(class.ty)
    }
}
