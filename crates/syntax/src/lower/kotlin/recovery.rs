//! What still counts inside a syntax error.
//!
//! The grammar may put the tokens of a whole class side by side into one error node: keyword, name, braces, members.
//! They are read in order, so that members find back to their class. Behind the token that it failed at, an error node
//! may hold nothing but skipped text: that is parsed again from the next line that begins a declaration.

use super::{Lowering, children, classes::Class, statements::Tail};
use crate::{Builder, Stmt, StmtId, TypeKind};
use tree_sitter::{Node, Parser, Point, Range, Tree};

/// Words and signs that begin a declaration.
const BEGINNINGS: &[&str] = &[
    "@",
    "abstract",
    "class",
    "companion",
    "const",
    "data",
    "enum",
    "fun",
    "init",
    "inline",
    "interface",
    "internal",
    "lateinit",
    "object",
    "open",
    "operator",
    "override",
    "private",
    "protected",
    "public",
    "sealed",
    "suspend",
    "val",
    "var",
];

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
        let again = self.parsed_again(node);
        let all = parts(node, &again);
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
        let again = self.parsed_again(node);
        for part in parts(node, &again) {
            if is_member(part.kind()) {
                self.member(part, class);
            } else if is_statement(part.kind()) {
                let outer = self.leave_type();
                self.statement(part, Tail::Value, &mut class.init);
                self.context = outer;
            }
        }
    }

    /// What the grammar makes of the text that an error skips, piece by piece.
    fn parsed_again(&mut self, node: Node<'_>) -> Vec<Tree> {
        let mut trees = Vec::new();
        // The scanner needs a line break before the end of what it reads.
        let Some(end) = line_end(self.b.source, node.end_byte()) else { return trees };
        let mut parser = Parser::new();
        if parser.set_language(&tree_sitter_kotlin_ng::LANGUAGE.into()).is_err() {
            return trees;
        }
        let mut from = children(node).last().map_or(node.start_byte(), Node::end_byte);
        while let Some(start) = next_declaration(self.b.source, from, end) {
            let left = self.context.reparse.get();
            let Some(left) = left.checked_sub(end - start) else { break };
            self.context.reparse.set(left);
            let range = Range {
                start_byte: start,
                end_byte: end,
                start_point: self.point(node, start),
                end_point: self.point(node, end),
            };
            let ranged = parser.set_included_ranges(&[range]).ok();
            let parsed = ranged.and_then(|()| super::repair::bounded(&mut parser, self.b.source));
            let Some(parsed) = parsed else { break };
            let read = top(&parsed).last().map_or(start, Node::end_byte);
            // At least this declaration's first line is done with.
            from = read.max(start + 1);
            trees.push(parsed);
        }
        trees
    }

    /// Where a byte behind the start of a node stands.
    fn point(&self, node: Node<'_>, at: usize) -> Point {
        let between = self.b.source.get(node.start_byte()..at).unwrap_or_default();
        let row = node.start_position().row + between.iter().filter(|byte| **byte == b'\n').count();
        let column = match between.iter().rposition(|byte| *byte == b'\n') {
            Some(newline) => between.len() - newline - 1,
            None => node.start_position().column + between.len(),
        };
        Point { row, column }
    }
}

/// What stands at the top of a tree, what an error holds there included.
fn top(tree: &Tree) -> Vec<Node<'_>> {
    let flat = |node: Node<'_>| node.is_error();
    let root = tree.root_node();
    children(root).into_iter().flat_map(|part| if flat(part) { children(part) } else { vec![part] }).collect()
}

/// The parts of an error, and of what was parsed again behind them.
fn parts<'t>(node: Node<'t>, again: &'t [Tree]) -> Vec<Node<'t>> {
    children(node).into_iter().chain(again.iter().flat_map(top)).collect()
}

/// The end of the line, if only white space is left on it.
fn line_end(source: &[u8], at: usize) -> Option<usize> {
    let rest = source.get(at.saturating_sub(1)..)?;
    let newline = rest.iter().position(|byte| *byte == b'\n')?;
    let is_blank = rest.iter().skip(1).take(newline.saturating_sub(1)).all(u8::is_ascii_whitespace);
    is_blank.then_some(at.saturating_sub(1) + newline + 1)
}

/// The next line that begins a declaration.
fn next_declaration(source: &[u8], from: usize, to: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += source.get(at..to)?.iter().position(|byte| *byte == b'\n')? + 1;
        let line = source.get(at..to)?.trim_ascii_start();
        let begins = BEGINNINGS.iter().any(|word| {
            let behind = line.strip_prefix(word.as_bytes());
            behind.is_some_and(|behind| {
                *word == "@" || behind.first().is_some_and(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
            })
        });
        if begins {
            return Some(at);
        }
    }
}
