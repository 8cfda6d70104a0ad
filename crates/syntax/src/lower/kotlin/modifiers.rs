//! Modifiers and annotations, which stand together before a declaration.

use super::{Lowering, line, named, types};
use crate::{Annotation, Arg, Expr};
use smol_str::SmolStr;
use tree_sitter::Node;

/// What stands before a declaration.
#[derive(Default)]
pub(super) struct Modifiers {
    pub(super) annotations: Vec<Annotation>,
    words: Vec<SmolStr>,
}

impl Modifiers {
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word)
    }

    /// False for what only the file, the class or the module sees.
    pub(super) fn is_exported(&self) -> bool {
        !self.has("private") && !self.has("internal")
    }

    pub(super) fn is_abstract(&self) -> bool {
        self.has("abstract") || self.has("sealed")
    }
}

impl Lowering<'_, '_> {
    /// The modifiers and annotations of a declaration.
    pub(super) fn modifiers(&mut self, node: Node<'_>) -> Modifiers {
        let mut all = Modifiers::default();
        for child in named(node) {
            match child.kind() {
                "modifiers" | "parameter_modifiers" => self.add_modifiers(child, &mut all),
                "annotation" => self.annotation(child, &mut all.annotations),
                _ => {}
            }
        }
        all
    }

    /// Adds what one list of modifiers says.
    pub(super) fn add_modifiers(&mut self, list: Node<'_>, all: &mut Modifiers) {
        for modifier in named(list) {
            if modifier.kind() == "annotation" {
                self.annotation(modifier, &mut all.annotations);
            } else {
                all.words.push(self.text(modifier));
            }
        }
    }

    /// `@A`, `@A("x")`, `@field:A`, `@get:[A B]`: the target of use changes nothing about what is annotated.
    fn annotation(&mut self, node: Node<'_>, out: &mut Vec<Annotation>) {
        for child in named(node) {
            let (ty, args) = match child.kind() {
                "constructor_invocation" => (types::first_type(child), super::child(child, "value_arguments")),
                _ => (types::is_type(child).then_some(child), None),
            };
            let Some(ty) = ty else { continue };
            let annotation = Annotation {
                name: self.type_name(ty),
                args: args.map(|args| self.args(args)).unwrap_or_default(),
                type_args: self.type_arguments(ty),
                call: None,
                line: line(node),
            };
            out.push(annotation);
        }
    }

    /// The arguments of a call, a construction or an annotation.
    pub(super) fn args(&mut self, node: Node<'_>) -> Vec<Arg> {
        let list = named(node).into_iter().filter(|child| child.kind() == "value_argument");
        list.map(|argument| self.arg(argument)).collect()
    }

    fn arg(&mut self, node: Node<'_>) -> Arg {
        let name = if super::has_token(node, "=") { Some(self.own_name(node)) } else { None };
        let value = match named(node).last() {
            Some(value) => self.expression(*value),
            None => self.opaque(node),
        };
        let value = if super::has_token(node, "*") { self.expr(node, Expr::Spread(value)) } else { value };
        Arg { name, value }
    }
}
