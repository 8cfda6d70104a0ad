//! What still counts inside a syntax error.
//!
//! The grammar may put the tokens of a whole class side by side into one error node: keyword, name, braces, members.
//! They are read in order, so that members find back to their class.

use super::{Lowering, children, classes::Class, named, statements::Tail};
use crate::{Builder, Stmt, StmtId, TypeKind};
use tree_sitter::Node;

/// A class whose head stood in an error.
struct Open<'t> {
    class: Class,
    node: Node<'t>,
    /// Its members go to the class around.
    is_companion: bool,
    /// Braces that were open when its body began; `None` before it.
    braces: Option<usize>,
}

/// Statements and calls still count; loose names and types do not.
fn is_statement(kind: &str) -> bool {
    let is_other = matches!(
        kind,
        "call_expression"
            | "try_expression"
            | "when_expression"
            | "if_expression"
            | "return_expression"
            | "throw_expression"
            | "assignment"
            | "block"
            | "package_header"
            | "import"
            | "type_alias"
            | "ERROR"
    );
    let is_binding = kind.ends_with("variable_declaration");
    is_other || kind.ends_with("_statement") || (kind.ends_with("_declaration") && !is_binding)
}

fn is_member(kind: &str) -> bool {
    matches!(
        kind,
        "property_declaration"
            | "function_declaration"
            | "class_declaration"
            | "object_declaration"
            | "secondary_constructor"
            | "anonymous_initializer"
            | "companion_object"
            | "enum_entry"
            | "type_alias"
            | "class_body"
            | "enum_class_body"
            | "ERROR"
    )
}

impl Lowering<'_, '_> {
    /// An error among statements.
    pub(super) fn broken(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let outer = self.context.clone();
        let mut open: Vec<Open<'_>> = Vec::new();
        let mut modifiers = None;
        let mut braces = 0usize;
        let all = children(node);
        for (at, part) in all.iter().enumerate() {
            let is_head = matches!(part.kind(), "class" | "interface" | "object");
            if is_head {
                let is_companion = at > 0 && all[at - 1].kind() == "companion" && !open.is_empty();
                let name = all.get(at + 1).filter(|name| name.kind() == "identifier");
                if let Some(begun) = self.begin(*part, name.copied(), is_companion, modifiers.take(), open.last()) {
                    open.push(begun);
                }
                continue;
            }
            match part.kind() {
                "modifiers" => modifiers = Some(*part),
                "{" => {
                    braces += 1;
                    if let Some(last) = open.last_mut().filter(|last| last.braces.is_none()) {
                        last.braces = Some(braces);
                    }
                }
                "}" => {
                    if open.last().is_some_and(|last| last.braces == Some(braces)) {
                        self.close(&mut open, out);
                    }
                    braces = braces.saturating_sub(1);
                }
                kind => match open.last_mut() {
                    Some(last) if is_member(kind) || last.braces.is_none() => {
                        self.enter(&last.class);
                        if is_member(kind) {
                            self.member(*part, &mut last.class);
                        } else {
                            self.class_part(*part, &mut last.class);
                        }
                        self.context = outer.clone();
                    }
                    _ if is_statement(kind) => self.statement(*part, Tail::Value, out),
                    _ => {}
                },
            }
        }
        while !open.is_empty() {
            self.close(&mut open, out);
        }
    }

    fn begin<'t>(
        &mut self,
        node: Node<'t>,
        name: Option<Node<'t>>,
        is_companion: bool,
        modifiers: Option<Node<'_>>,
        around: Option<&Open<'_>>,
    ) -> Option<Open<'t>> {
        let kind = if node.kind() == "interface" { TypeKind::Interface } else { TypeKind::Class };
        let mut ty = Builder::blank_type(node, kind);
        let around = around.map(|around| around.class.ty.name.clone());
        ty.exported = true;
        if is_companion {
            ty.name = around?;
        } else {
            ty.name = self.name(name?);
            ty.owner = around;
        }
        let mut class = Class::new(ty, node.kind() == "object");
        if let (Some(modifiers), false) = (modifiers, is_companion) {
            self.class_part(modifiers, &mut class);
        }
        Some(Open { class, node, is_companion, braces: None })
    }

    fn close(&mut self, open: &mut Vec<Open<'_>>, out: &mut Vec<StmtId>) {
        let Some(mut last) = open.pop() else { return };
        if last.class.is_static {
            self.static_init(last.node, &mut last.class);
        }
        match open.last_mut() {
            Some(around) if last.is_companion => around.class.absorb(last.class),
            Some(_) => {
                self.finish(last.node, last.class);
            }
            None => {
                let ty = self.finish(last.node, last.class);
                self.put(last.node, Stmt::Type(ty), out);
            }
        }
    }

    /// An error among the members of a class: other statements are of a function that lost its head.
    pub(super) fn broken_member(&mut self, node: Node<'_>, class: &mut Class) {
        for part in named(node) {
            if is_member(part.kind()) {
                self.member(part, class);
            } else if is_statement(part.kind()) {
                let outer = self.leave_type();
                self.statement(part, Tail::Value, &mut class.init);
                self.context = outer;
            }
        }
    }
}
