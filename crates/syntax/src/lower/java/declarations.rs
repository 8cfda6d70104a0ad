//! Classes, interfaces, enums, records and annotation types.

use super::annotations::{has_modifier, head_line};
use super::{Lowering, child_of_kind, line, named};
use crate::{
    Builder, Expr, FieldDecl, FunctionId, FunctionKind, Param, Pattern, Stmt, StmtId, TypeDecl, TypeId, TypeKind,
    TypeRef, Variant,
};
use smol_str::SmolStr;
use tree_sitter::Node;

/// What every annotation type extends.
const ANNOTATION: &str = "java.lang.annotation.Annotation";

impl Lowering<'_, '_> {
    /// A type and, behind it, the types nested in it; beyond the depth bound it is left out.
    pub(super) fn type_declaration(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        self.deeper(|inner| {
            let mut nested = Vec::new();
            let ty = inner.declaration(node, &mut nested);
            inner.put(node, Stmt::Type(ty), out);
            out.append(&mut nested);
        });
    }

    fn declaration(&mut self, node: Node<'_>, nested: &mut Vec<StmtId>) -> TypeId {
        let kind = match node.kind() {
            "interface_declaration" | "annotation_type_declaration" => TypeKind::Interface,
            "enum_declaration" => TypeKind::Enum,
            _ => TypeKind::Class,
        };
        let mut ty = Builder::blank_type(node, kind);
        ty.line = head_line(node);
        ty.name = self.field_text(node, "name");
        ty.owner = self.context.owner.clone().filter(|owner| !owner.is_empty());
        ty.exported = self.is_public(node);
        ty.is_abstract = has_modifier(node, "abstract");
        ty.annotations = self.annotations(node);
        ty.type_params = self.type_parameters(node);
        ty.bases = self.bases(node);
        let outer = self.context.clone();
        self.context.owner = Some(ty.name.clone());
        self.context.in_interface = kind == TypeKind::Interface;
        if let Some(body) = node.child_by_field_name("body") {
            self.members(body, &mut ty, nested);
        }
        if node.kind() == "record_declaration" {
            self.record(node, &mut ty);
        }
        self.context = outer;
        self.b.type_decl(ty)
    }

    /// What it extends, then what it implements. Which types it permits is known from their bases.
    fn bases(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        if node.kind() == "annotation_type_declaration" {
            return vec![TypeRef::named(ANNOTATION)];
        }
        named(node).into_iter().flat_map(|clause| self.bases_of(clause)).collect()
    }

    /// The types of an `extends` or `implements` clause.
    pub(super) fn bases_of(&mut self, clause: Node<'_>) -> Vec<TypeRef> {
        match clause.kind() {
            "superclass" => self.type_list(clause),
            "super_interfaces" | "extends_interfaces" => {
                child_of_kind(clause, "type_list").map(|list| self.type_list(list)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The class behind `new Base(…)` and behind an enum constant.
    pub(super) fn anonymous_class(&mut self, body: Node<'_>, base: TypeRef) -> TypeId {
        let mut ty = Builder::blank_type(body, TypeKind::Class);
        ty.bases = vec![base];
        let outer = self.context.clone();
        self.context.owner = Some(SmolStr::default());
        self.context.in_interface = false;
        let mut nested = Vec::new();
        self.members(body, &mut ty, &mut nested);
        self.context = outer;
        if !nested.is_empty() {
            // No statement stands around an expression that could declare them.
            self.initialiser(body, nested, false, &mut ty);
        }
        self.b.type_decl(ty)
    }

    fn members(&mut self, body: Node<'_>, ty: &mut TypeDecl, nested: &mut Vec<StmtId>) {
        named(body).into_iter().for_each(|member| self.member(member, ty, nested));
    }

    /// One member of a type; nested types go behind it.
    pub(super) fn member(&mut self, node: Node<'_>, ty: &mut TypeDecl, nested: &mut Vec<StmtId>) {
        match node.kind() {
            "field_declaration" | "constant_declaration" => self.field_declaration(node, ty),
            "method_declaration" | "annotation_type_element_declaration" => {
                let method = self.method(node, FunctionKind::Method);
                ty.members.push(method);
            }
            "constructor_declaration" => {
                let constructor = self.constructor(node);
                ty.members.push(constructor);
            }
            "enum_constant" => self.enum_constant(node, ty),
            "static_initializer" => {
                let statements = self.body_of(child_of_kind(node, "block")).unwrap_or_default();
                self.initialiser(node, statements, true, ty);
            }
            "block" => {
                let statements = self.body_of(Some(node)).unwrap_or_default();
                self.initialiser(node, statements, false, ty);
            }
            "enum_body_declarations" | "ERROR" => {
                self.deeper(|inner| inner.members(node, ty, nested));
            }
            kind if is_type_declaration(kind) => self.type_declaration(node, nested),
            _ => {}
        }
    }

    /// Code that runs with the class or with the making of an object.
    fn initialiser(&mut self, node: Node<'_>, statements: Vec<StmtId>, is_static: bool, ty: &mut TypeDecl) {
        let block = self.b.expr(line(node), Expr::Block(statements));
        ty.fields.push(FieldDecl {
            name: SmolStr::default(),
            ty: None,
            value: Some(block),
            annotations: Vec::new(),
            is_static,
            optional: false,
            is_abstract: false,
            line: line(node),
        });
    }

    fn enum_constant(&mut self, node: Node<'_>, ty: &mut TypeDecl) {
        let name = self.field_text(node, "name");
        let args = self.arguments(node);
        let body = node.child_by_field_name("body");
        let value = body.and_then(|body| {
            let base = TypeRef::named(ty.name.clone());
            let class = self.deeper(|inner| inner.anonymous_class(body, base))?;
            Some(self.b.expr(line(body), Expr::Class(class)))
        });
        ty.variants.push(Variant { name, value, args, line: head_line(node) });
    }

    /// The components of a record are the fields of its canonical constructor, and each has an accessor.
    fn record(&mut self, node: Node<'_>, ty: &mut TypeDecl) {
        let mut components = self.parameters(node);
        components.iter_mut().for_each(|component| component.field = true);
        let same = |params: &[Param]| params.iter().map(|param| &param.ty).eq(components.iter().map(|param| &param.ty));
        let functions = &mut self.b.tree.functions;
        let written = ty.members.iter().map(|id| id.0 as usize).find(|at| {
            functions
                .get(*at)
                .is_some_and(|function| function.kind == FunctionKind::Constructor && same(&function.params))
        });
        match written.and_then(|at| functions.get_mut(at)) {
            Some(constructor) => constructor.params.iter_mut().for_each(|param| param.field = true),
            None => {
                let constructor = self.canonical_constructor(node, components.clone(), ty.exported);
                ty.members.insert(0, constructor);
            }
        }
        for component in components {
            if let Some(accessor) = self.accessor(node, component, ty) {
                ty.members.push(accessor);
            }
        }
    }

    /// The constructor that takes the components; its code is that of the compact one, where there is one.
    fn canonical_constructor(&mut self, node: Node<'_>, components: Vec<Param>, exported: bool) -> FunctionId {
        let body = node.child_by_field_name("body");
        let compact = body.and_then(|body| child_of_kind(body, "compact_constructor_declaration"));
        let mut constructor = Builder::blank_function(compact.unwrap_or(node), FunctionKind::Constructor);
        constructor.name = SmolStr::new_static("constructor");
        constructor.owner.clone_from(&self.context.owner);
        constructor.line = head_line(compact.unwrap_or(node));
        if compact.is_none() {
            constructor.end_line = constructor.line;
        }
        constructor.exported = compact.map_or(exported, |compact| self.is_public(compact));
        constructor.annotations = compact.map(|compact| self.annotations(compact)).unwrap_or_default();
        constructor.params = components;
        let code = compact.and_then(|compact| compact.child_by_field_name("body"));
        constructor.body = Some(self.body_of(code).unwrap_or_default());
        self.b.function(constructor)
    }

    /// The method that reads a component, unless the source has it.
    fn accessor(&mut self, node: Node<'_>, component: Param, ty: &TypeDecl) -> Option<FunctionId> {
        let Pattern::Name(name) = component.pattern else { return None };
        let is_written = ty.members.iter().filter_map(|id| self.b.tree.functions.get(id.0 as usize)).any(|function| {
            function.kind == FunctionKind::Method && function.name == name && function.params.is_empty()
        });
        if is_written {
            return None;
        }
        let at = head_line(node);
        let mut accessor = Builder::blank_function(node, FunctionKind::Method);
        let object = self.b.expr(at, Expr::This);
        let value = self.b.expr(at, Expr::Member { object, name: name.clone() });
        accessor.body = Some(vec![self.b.stmt(at, Stmt::Return(Some(value)))]);
        accessor.name = name;
        accessor.owner.clone_from(&self.context.owner);
        accessor.returns = component.ty;
        accessor.exported = true;
        (accessor.line, accessor.end_line) = (at, at);
        Some(self.b.function(accessor))
    }
}

pub(super) fn is_type_declaration(kind: &str) -> bool {
    matches!(
        kind,
        "class_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "record_declaration"
            | "annotation_type_declaration"
    )
}
