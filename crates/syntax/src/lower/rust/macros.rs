//! Macros: arguments that are code are parsed again, and format strings become templates.

use super::{
    Context, Lowering, named,
    select::is_select,
    statements::Tail,
    strings::{Piece, pieces},
};
use crate::{Arg, Entry, Expr, ExprId, Part, Stmt, StmtId};
use smol_str::SmolStr;
use tree_sitter::Node;

/// Macros inside the arguments of macros beyond this are opaque, so that parsing again stays cheap.
const MAX_MACROS: u32 = 8;

/// Macros whose first text is a format string whether or not values follow it.
const FORMATS: &[&str] = &[
    "format",
    "format_args",
    "print",
    "println",
    "eprint",
    "eprintln",
    "write",
    "writeln",
    "panic",
    "todo",
    "unreachable",
    "unimplemented",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "log",
];

impl<'s> Lowering<'_, 's, '_> {
    /// The last segment of a macro's name.
    pub(super) fn macro_name(&self, node: Node<'_>) -> SmolStr {
        let name = node.child_by_field_name("macro").map(|name| self.dotted(name)).unwrap_or_default();
        name.rsplit('.').next().map(SmolStr::new).unwrap_or_default()
    }

    /// Parses a text that stands at a row of the file, and lowers it.
    pub(super) fn reparse<T>(
        &mut self,
        text: &[u8],
        row: u32,
        run: impl FnOnce(&mut Lowering<'_, 's, '_>, Node<'_>) -> T,
    ) -> Option<T> {
        if self.context.macros >= MAX_MACROS {
            return None;
        }
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&tree_sitter_rust::LANGUAGE.into()).ok()?;
        let parsed = parser.parse(text, None)?;
        let context = Context { macros: self.context.macros + 1, first_row: row, ..self.context.clone() };
        let mut inner = Lowering { b: self.b, source: text, impls: self.impls, roots: self.roots, context };
        Some(run(&mut inner, parsed.root_node()))
    }

    pub(super) fn row(&self, node: Node<'_>) -> u32 {
        self.line(node).saturating_sub(1)
    }

    /// Parses one expression.
    pub(super) fn reparse_expression(&mut self, from: usize, to: usize, row: u32) -> Option<ExprId> {
        let text = [self.source.get(from..to)?, b";"].concat();
        self.reparse(&text, row, |inner, root| {
            let first = named(root).first().copied()?;
            let value = if first.kind() == "expression_statement" { named(first).first().copied()? } else { first };
            Some(inner.expression(value))
        })?
    }

    /// A macro used as a value.
    pub(super) fn macro_value(&mut self, node: Node<'_>) -> ExprId {
        let name = self.macro_name(node);
        let tokens = named(node).into_iter().find(|child| child.kind() == "token_tree");
        let Some(tokens) = tokens else { return self.opaque(node) };
        if is_select(&name) {
            let mut body = Vec::new();
            self.select(node, Tail::Value, &mut body);
            return self.block_of(node, body);
        }
        let mut args = if has_brace(tokens) { self.braced_args(tokens) } else { self.macro_args(tokens) };
        match name.as_str() {
            "vec" => {
                let items = args.into_iter().map(|arg| arg.value).collect();
                return self.expr(node, Expr::List(items));
            }
            "format" | "format_args" => {
                self.template(&name, &mut args);
                if let [only] = args.as_slice() {
                    return only.value;
                }
            }
            _ => self.template(&name, &mut args),
        }
        let path = node.child_by_field_name("macro").map(|path| self.dotted(path)).unwrap_or_default();
        let callee = self.path_expression(node, &format!("{path}!"));
        let line = self.line(node);
        self.b.call(line, callee, args)
    }

    /// The first text among the arguments takes the values behind it as the parts of a template.
    fn template(&mut self, name: &str, args: &mut Vec<Arg>) {
        let is_text = |arg: &Arg| {
            arg.name.is_none() && matches!(self.b.tree.exprs.get(arg.value.0 as usize), Some(Expr::Text(_)))
        };
        let Some(at) = args.iter().position(is_text) else { return };
        let Some(Expr::Text(text)) = self.b.tree.exprs.get(args[at].value.0 as usize) else { return };
        let found = pieces(text);
        let open = found.iter().filter(|piece| matches!(piece, Piece::Next)).count();
        let behind = args[at + 1..].iter().filter(|arg| arg.name.is_none()).count();
        // Braces that are filled by what follows make a format string of any text.
        let is_filled = |piece: &Piece| match piece {
            Piece::Named(name) => args[at + 1..].iter().any(|arg| arg.name.as_deref() == Some(name)),
            _ => false,
        };
        let is_format = FORMATS.contains(&name) || (open > 0 && open <= behind) || found.iter().any(is_filled);
        if !is_format || !found.iter().any(|piece| !matches!(piece, Piece::Text(_))) {
            return;
        }
        let line = self.b.tree.expr_lines.get(args[at].value.0 as usize).copied().unwrap_or(1);
        let values: Vec<Arg> = args.split_off(at + 1);
        let positional: Vec<ExprId> = values.iter().filter(|arg| arg.name.is_none()).map(|arg| arg.value).collect();
        let mut used = vec![false; positional.len()];
        let mut next = 0;
        let mut parts = Vec::new();
        for piece in found {
            let position = match &piece {
                Piece::Text(text) => {
                    parts.push(Part::Text(SmolStr::new(text)));
                    continue;
                }
                Piece::Next => {
                    next += 1;
                    Some(next - 1)
                }
                Piece::At(position) => Some(*position),
                Piece::Named(_) => None,
            };
            let given = match &piece {
                Piece::Named(name) => values.iter().find(|arg| arg.name.as_deref() == Some(name)).map(|arg| arg.value),
                _ => position.and_then(|at| positional.get(at).copied()),
            };
            let value = match (given, &piece) {
                (Some(value), _) => value,
                (None, Piece::Named(name)) if name == "self" => self.b.expr(line, Expr::This),
                (None, Piece::Named(name)) => self.b.expr(line, Expr::Name(SmolStr::new(name))),
                (None, _) => self.b.expr(line, Expr::Opaque(Vec::new())),
            };
            // A value that stands twice in the text is evaluated once; the tree mentions it once as well.
            let again = position.is_some_and(|at| used.get(at).copied().unwrap_or(false));
            let value = if again { self.b.expr(line, Expr::Opaque(Vec::new())) } else { value };
            if let Some(slot) = position.and_then(|at| used.get_mut(at)) {
                *slot = true;
            }
            parts.push(Part::Value(value));
        }
        let mut unused = used.into_iter();
        let template = self.b.expr(line, Expr::Template(parts));
        args[at] = Arg { name: None, value: template };
        let is_named_piece = |name: &SmolStr| {
            matches!(self.b.tree.exprs.get(template.0 as usize), Some(Expr::Template(parts))
                if parts.iter().any(|part| matches!(part, Part::Value(value) if values.iter().any(|arg| arg.name.as_ref() == Some(name) && arg.value == *value))))
        };
        let rest: Vec<Arg> = values
            .iter()
            .filter(|arg| match &arg.name {
                Some(name) => !is_named_piece(name),
                None => !unused.next().unwrap_or(false),
            })
            .cloned()
            .collect();
        args.extend(rest);
    }

    /// The arguments of a macro or an attribute: `a, name = b`.
    pub(super) fn macro_args(&mut self, tokens: Node<'_>) -> Vec<Arg> {
        let (from, to) = inside(tokens);
        let row = self.row(tokens);
        let Some(inner) = self.source.get(from..to) else { return Vec::new() };
        if inner.iter().all(u8::is_ascii_whitespace) {
            return Vec::new();
        }
        // As the elements of an array, which is what most arguments parse as.
        let text = [b"[", inner, b"];"].concat();
        let whole = self.reparse(&text, row, |lowering, root| {
            if root.has_error() {
                return None;
            }
            let statement = named(root).first().copied()?;
            let array = named(statement).first().copied().filter(|array| array.kind() == "array_expression")?;
            let length = array.child_by_field_name("length").map(|length| length.id());
            let items = named(array).into_iter().filter(|item| Some(item.id()) != length);
            Some(items.map(|item| lowering.macro_arg(item)).collect())
        });
        match whole.flatten() {
            Some(args) => args,
            None => self.split_args(tokens),
        }
    }

    /// `name = value` among arguments is a name and its value.
    fn macro_arg(&mut self, node: Node<'_>) -> Arg {
        if node.kind() == "assignment_expression"
            && let Some(left) = node.child_by_field_name("left")
            && matches!(left.kind(), "identifier" | "scoped_identifier" | "field_expression")
        {
            let name = Some(self.dotted(left));
            return Arg { name, value: self.required(node, "right") };
        }
        Arg { name: None, value: self.expression(node) }
    }

    /// Arguments that are no expressions all of them, one by one.
    fn split_args(&mut self, tokens: Node<'_>) -> Vec<Arg> {
        let mut args = Vec::new();
        for part in split(tokens, &[",", ";"]) {
            let mut part = part.as_slice();
            // `%value` and `?value` say how a value is shown.
            while let [first, rest @ ..] = part
                && !rest.is_empty()
                && matches!(first.kind(), "%" | "?" | "#")
            {
                part = rest;
            }
            let mut name = None;
            if let [key, sign, rest @ ..] = part
                && !rest.is_empty()
                && key.kind() == "identifier"
                && matches!(sign.kind(), "=" | ":")
            {
                name = Some(self.name(*key));
                part = rest;
                while let [first, rest @ ..] = part
                    && !rest.is_empty()
                    && matches!(first.kind(), "%" | "?")
                {
                    part = rest;
                }
            }
            if !part.is_empty() {
                args.push(Arg { name, value: self.token_value(part) });
            }
        }
        args
    }

    /// A value made of tokens: an object or list as JSON has them, or an expression.
    pub(super) fn token_value(&mut self, tokens: &[Node<'_>]) -> ExprId {
        self.deeper(|inner| inner.token_value_at(tokens)).unwrap_or_else(|| self.opaque(tokens[0]))
    }

    fn token_value_at(&mut self, tokens: &[Node<'_>]) -> ExprId {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return self.b.expr(1, Expr::Opaque(Vec::new()));
        };
        if let [only] = tokens {
            match only.kind() {
                "token_tree" if self.is_object(*only) => return self.object(*only),
                "token_tree" if self.source.get(only.start_byte()) == Some(&b'[') => {
                    let items = split(*only, &[","]).into_iter();
                    let items = items.filter(|item| !item.is_empty()).map(|item| self.token_value(&item)).collect();
                    return self.expr(*only, Expr::List(items));
                }
                "identifier" if self.text(*only) == "null" => return self.expr(*only, Expr::Null),
                "identifier" | "self" | "string_literal" | "raw_string_literal" | "integer_literal"
                | "float_literal" | "boolean_literal" | "char_literal" => return self.single(*only),
                _ => {}
            }
        }
        let row = self.row(*first);
        match self.reparse_expression(first.start_byte(), last.end_byte(), row) {
            Some(value) => value,
            None => self.opaque(*first),
        }
    }

    /// True for `{ "key": … }` and `{}`.
    fn is_object(&self, tokens: Node<'_>) -> bool {
        if self.source.get(tokens.start_byte()) != Some(&b'{') {
            return false;
        }
        let parts = split(tokens, &[","]);
        parts.first().is_none_or(|part| part.len() > 2 && part.iter().any(|token| token.kind() == ":"))
    }

    fn object(&mut self, tokens: Node<'_>) -> ExprId {
        let mut entries = Vec::new();
        for part in split(tokens, &[","]) {
            let Some(colon) = part.iter().position(|token| token.kind() == ":") else { continue };
            let (key, value) = (&part[..colon], &part[colon + 1..]);
            if value.is_empty() {
                continue;
            }
            let value = self.token_value(value);
            match key {
                [key] if matches!(key.kind(), "string_literal" | "raw_string_literal") => {
                    entries.push(Entry::Field { key: self.string(*key), value });
                }
                [] => {}
                key => {
                    let key = self.token_value(key);
                    entries.push(Entry::Computed { key, value });
                }
            }
        }
        self.expr(tokens, Expr::Object(entries))
    }

    /// `name! { … }`: an object, arguments, or else statements.
    fn braced_args(&mut self, tokens: Node<'_>) -> Vec<Arg> {
        if self.is_object(tokens) {
            return vec![Arg { name: None, value: self.object(tokens) }];
        }
        let mut body = Vec::new();
        let row = self.row(tokens);
        let text = self.source.get(tokens.byte_range()).unwrap_or_default().to_vec();
        let parsed = self.reparse(&text, row, |inner, root| {
            if root.has_error() {
                return false;
            }
            inner.statements(root, &mut body);
            true
        });
        match parsed {
            // The braces are a block of their own.
            Some(true) => {
                let body = match body.as_slice() {
                    [only] => match self.b.tree.stmts.get(only.0 as usize) {
                        Some(Stmt::Block(inner)) => inner.clone(),
                        _ => body,
                    },
                    _ => body,
                };
                vec![Arg { name: None, value: self.expr(tokens, Expr::Block(body)) }]
            }
            _ => self.split_args(tokens),
        }
    }

    /// True for a macro with braces that holds declarations (`name! { static ref … }`).
    pub(super) fn macro_declares(&self, node: Node<'_>) -> bool {
        let Some(tokens) = named(node).into_iter().find(|child| child.kind() == "token_tree") else { return false };
        let mut cursor = tokens.walk();
        let declares = tokens.children(&mut cursor).skip(1).take(16).any(|child| {
            matches!(child.kind(), "static" | "const" | "fn" | "struct" | "enum" | "impl" | "trait" | "mod" | "use")
        });
        has_brace(tokens) && declares && self.context.macros < MAX_MACROS
    }

    /// The declarations inside such a macro, as if they stood in its place.
    pub(super) fn macro_items(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let Some(tokens) = named(node).into_iter().find(|child| child.kind() == "token_tree") else { return };
        let (from, to) = inside(tokens);
        let row = self.row(tokens);
        let text = self.source.get(from..to).unwrap_or_default().to_vec();
        self.reparse(&text, row, |inner, root| inner.statements(root, out));
    }
}

/// True for `name! { … }`.
fn has_brace(tokens: Node<'_>) -> bool {
    tokens.child(0).is_some_and(|open| open.kind() == "{")
}

/// The bytes between the delimiters.
fn inside(tokens: Node<'_>) -> (usize, usize) {
    let from = tokens.start_byte() + 1;
    (from, tokens.end_byte().saturating_sub(1).max(from))
}

/// The tokens between the delimiters, without comments.
pub(super) fn content(tokens: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = tokens.walk();
    let mut all: Vec<Node<'_>> =
        tokens.children(&mut cursor).skip(1).filter(|child| !super::is_comment(*child)).collect();
    all.pop();
    all
}

/// The tokens between the delimiters, cut at separators; empty parts are left out.
fn split<'n>(tokens: Node<'n>, at: &[&str]) -> Vec<Vec<Node<'n>>> {
    let mut parts = vec![Vec::new()];
    for token in content(tokens) {
        if at.contains(&token.kind()) {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(token);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
