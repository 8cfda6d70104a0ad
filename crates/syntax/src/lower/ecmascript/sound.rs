//! Lowers ECMAScript without syntax errors, from the tree of a parser that is many times faster than one that recovers.
//!
//! The answer is the same tree, node for node, that [`super::broken`] gives for the file.

mod bounds;
mod calls;
mod classes;
mod declarations;
mod expressions;
mod functions;
mod jsx;
mod modules;
mod objects;
mod patterns;
mod places;
mod statements;
mod types;

use crate::{Builder, Expr, ExprId, Language, Tree};
use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::{SourceType, Span};
use places::Lines;
use smol_str::SmolStr;

/// Lowers one file, or says `None` when it is not sound, may be hostile, or holds what this lowering does not know.
pub(in crate::lower) fn lower(language: Language, source: &[u8]) -> Option<Tree> {
    let text = std::str::from_utf8(source).ok()?;
    let room = bounds::stack_needed(language, text)?;
    stacker::maybe_grow(room, room, || parse_and_lower(language, text))
}

fn parse_and_lower(language: Language, text: &str) -> Option<Tree> {
    let kind = match language {
        Language::TypeScript => SourceType::ts(),
        Language::Tsx => SourceType::tsx(),
        _ => SourceType::unambiguous().with_jsx(true),
    };
    let allocator = Allocator::default();
    let options =
        ParseOptions { allow_return_outside_function: true, enable_ident_hashes: false, ..ParseOptions::default() };
    let parsed = Parser::new(&allocator, text, kind).with_options(options).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() || parsed.is_flow_language {
        return None;
    }
    let mut lowering = Lowering {
        b: Builder::new(language, text.as_bytes()),
        text,
        lines: Lines::of(text),
        namespace: None,
        javascript: language == Language::JavaScript,
        unknown: false,
    };
    let mut body = Vec::with_capacity(parsed.program.directives.len() + parsed.program.body.len());
    lowering.directives(&parsed.program.directives, &mut body);
    lowering.statements(&parsed.program.body, &mut body);
    lowering.b.tree.body = body;
    (!lowering.unknown).then_some(lowering.b.tree)
}

/// The lowering of one file.
struct Lowering<'a> {
    b: Builder<'a>,
    text: &'a str,
    lines: Lines,
    /// Name of the `namespace` that is being lowered.
    namespace: Option<SmolStr>,
    javascript: bool,
    /// Set when the file holds something so rare that only the other lowering knows it.
    unknown: bool,
}

impl<'a> Lowering<'a> {
    fn line(&mut self, at: u32) -> u32 {
        self.lines.line(at)
    }

    /// The source between two places.
    fn raw(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn name(&self, span: Span) -> SmolStr {
        SmolStr::new(self.raw(span))
    }

    /// The source between two places without its white space, as a dotted name.
    fn dotted(&self, span: Span) -> SmolStr {
        let raw = self.raw(span);
        if raw.bytes().any(|byte| byte.is_ascii_whitespace() || !byte.is_ascii()) {
            return raw.chars().filter(|c| !c.is_whitespace()).collect();
        }
        SmolStr::new(raw)
    }

    /// The text of a string literal without quotes, escapes resolved.
    fn string(&self, span: Span) -> SmolStr {
        let raw = self.raw(span);
        super::unescape(raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default())
    }

    fn put(&mut self, at: u32, expr: Expr) -> ExprId {
        let line = self.line(at);
        self.b.expr(line, expr)
    }

    fn opaque(&mut self, at: u32) -> ExprId {
        self.put(at, Expr::Opaque(Vec::new()))
    }

    /// An expression one level deeper, at a place; beyond the depth bound it is opaque.
    fn level(&mut self, at: u32, lower: impl FnOnce(&mut Self) -> Expr) -> ExprId {
        if !self.b.enter() {
            return self.opaque(at);
        }
        let expr = lower(self);
        self.b.leave();
        self.put(at, expr)
    }

    /// Lowers something one level deeper; beyond the depth bound it is left out.
    fn within(&mut self, lower: impl FnOnce(&mut Self)) {
        if self.b.enter() {
            lower(self);
            self.b.leave();
        }
    }

    /// Marks the file as one for the other lowering.
    fn give_up(&mut self) {
        self.unknown = true;
    }
}
