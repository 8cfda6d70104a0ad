//! What still counts inside a syntax error.

use super::{Lowering, child_of_kind, is_comment};
use crate::{Builder, Stmt, StmtId, TypeDecl, TypeKind};
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// Statements, declarations and calls; loose names and types do not count. A type that begins here, and whose end
    /// is not seen, has the members that follow.
    pub(super) fn broken(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.children(&mut cursor).filter(|child| !is_comment(*child)).collect();
        let mut open: Option<TypeDecl> = None;
        for (at, child) in children.iter().enumerate() {
            let name = children.get(at + 1).filter(|name| name.kind() == "identifier");
            if let (Some(kind), Some(name)) = (opened(child.kind()), name) {
                let before = at.checked_sub(1).and_then(|before| children.get(before));
                let modifiers = before.copied().filter(|before| before.kind() == "modifiers");
                let next = self.opened_type(kind, *name, modifiers);
                self.close(open.replace(next), out);
                continue;
            }
            match &mut open {
                Some(ty) if is_member(child.kind()) => self.member(*child, ty, out),
                Some(ty) if is_clause(child.kind()) => ty.bases.extend(self.bases_of(*child)),
                _ => self.rest(*child, out),
            }
        }
        self.close(open, out);
    }

    /// A type of which the head is there; its members belong to it from here on.
    fn opened_type(&mut self, kind: TypeKind, name: Node<'_>, modifiers: Option<Node<'_>>) -> TypeDecl {
        let mut ty = Builder::blank_type(name, kind);
        ty.name = self.text(name);
        ty.owner = self.context.owner.replace(ty.name.clone()).filter(|owner| !owner.is_empty());
        self.context.in_interface = kind == TypeKind::Interface;
        if let Some(modifiers) = modifiers {
            ty.annotations = self.annotations_among(modifiers);
            ty.exported = child_of_kind(modifiers, "public").is_some();
            ty.is_abstract = child_of_kind(modifiers, "abstract").is_some();
        }
        ty
    }

    fn close(&mut self, ty: Option<TypeDecl>, out: &mut Vec<StmtId>) {
        let Some(ty) = ty else { return };
        let at = ty.line;
        let ty = self.b.type_decl(ty);
        out.push(self.b.stmt(at, Stmt::Type(ty)));
    }

    fn rest(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let kind = node.kind();
        if kind.ends_with("_body") {
            self.deeper(|inner| inner.broken(node, out));
        } else if kind.ends_with("_statement")
            || kind.ends_with("_declaration")
            || matches!(
                kind,
                "method_invocation"
                    | "object_creation_expression"
                    | "switch_expression"
                    | "explicit_constructor_invocation"
                    | "block"
                    | "ERROR"
            )
        {
            self.statement(node, out);
        }
    }
}

/// The kind of type that a keyword begins.
fn opened(keyword: &str) -> Option<TypeKind> {
    match keyword {
        "class" | "record" => Some(TypeKind::Class),
        "interface" | "@interface" => Some(TypeKind::Interface),
        "enum" => Some(TypeKind::Enum),
        _ => None,
    }
}

fn is_member(kind: &str) -> bool {
    super::declarations::is_type_declaration(kind)
        || matches!(
            kind,
            "field_declaration"
                | "constant_declaration"
                | "method_declaration"
                | "constructor_declaration"
                | "annotation_type_element_declaration"
                | "enum_constant"
                | "static_initializer"
        )
}

fn is_clause(kind: &str) -> bool {
    matches!(kind, "superclass" | "super_interfaces" | "extends_interfaces")
}
