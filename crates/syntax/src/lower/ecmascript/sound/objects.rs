//! Object literals and the names of members.

use super::Lowering;
use crate::{Entry, Expr};
use oxc_ast::ast::{Expression, ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyKey, PropertyKind};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

impl<'a> Lowering<'a> {
    pub(super) fn entries(&mut self, object: &ObjectExpression<'a>) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            let entry = match property {
                ObjectPropertyKind::ObjectProperty(property) => self.entry(property),
                ObjectPropertyKind::SpreadProperty(spread) => Entry::Spread(self.expression(&spread.argument)),
            };
            entries.push(entry);
        }
        entries
    }

    fn entry(&mut self, property: &ObjectProperty<'a>) -> Entry {
        let value = match &property.value {
            _ if property.shorthand => {
                let key = self.name(property.key.span());
                let value = self.put(property.span.start, Expr::Name(key.clone()));
                return Entry::Field { key, value };
            }
            Expression::FunctionExpression(function) if property.method || property.kind != PropertyKind::Init => {
                let function = self.lambda(function, property.span);
                self.put(property.span.start, Expr::Lambda(function))
            }
            value => self.expression(value),
        };
        if property.computed {
            let key = property.key.to_expression();
            return Entry::Computed { key: self.expression(key), value };
        }
        Entry::Field { key: self.key_text(&property.key), value }
    }

    /// A key that is not computed, as text.
    fn key_text(&self, key: &PropertyKey<'a>) -> SmolStr {
        match key {
            PropertyKey::StringLiteral(_) => self.string(key.span()),
            _ => self.name(key.span()),
        }
    }

    /// Where a key stands; a computed one with its brackets.
    pub(super) fn key_span(&self, key: &PropertyKey<'a>, computed: bool) -> Span {
        let span = key.span();
        if computed { self.bracketed(span) } else { span }
    }

    pub(super) fn bracketed(&self, span: Span) -> Span {
        let before = self.text.get(..span.start as usize).unwrap_or_default();
        let start = before.rfind('[').and_then(|at| u32::try_from(at).ok()).unwrap_or(span.start);
        Span::new(start, self.skip_blank(span.end) + 1)
    }

    /// The name of a field: a string without its quotes, anything else as written.
    pub(super) fn field_name(&self, key: &PropertyKey<'a>, computed: bool) -> SmolStr {
        match key {
            PropertyKey::StringLiteral(_) if !computed => self.string(key.span()),
            _ => self.name(self.key_span(key, computed)),
        }
    }
}
