//! Markup inside programs: it means nothing here, but the calls inside stay visible.

use super::Lowering;
use crate::{Expr, ExprId};
use oxc_ast::ast::{
    JSXAttribute, JSXAttributeItem, JSXAttributeName, JSXAttributeValue, JSXChild, JSXElement, JSXElementName,
    JSXExpression, JSXExpressionContainer, JSXFragment, JSXMemberExpression, JSXMemberExpressionObject,
    JSXNamespacedName, JSXOpeningElement,
};
use oxc_span::{GetSpan, Span};

impl<'a> Lowering<'a> {
    pub(super) fn jsx_element(&mut self, node: &JSXElement<'a>) -> Expr {
        let Some(closing) = &node.closing_element else {
            return Expr::Opaque(self.tag(&node.opening_element));
        };
        let mut parts = Vec::with_capacity(node.children.len() + 2);
        let opening = &node.opening_element;
        parts.push(self.level(opening.span.start, |lowering| Expr::Opaque(lowering.tag(opening))));
        self.children(&node.children, &mut parts);
        let name = &closing.name;
        parts.push(self.level(closing.span.start, |lowering| Expr::Opaque(vec![lowering.tag_name(name)])));
        Expr::Opaque(parts)
    }

    pub(super) fn jsx_fragment(&mut self, node: &JSXFragment<'a>) -> Expr {
        let mut parts = Vec::with_capacity(node.children.len() + 2);
        parts.push(self.opaque(node.opening_fragment.span.start));
        self.children(&node.children, &mut parts);
        parts.push(self.opaque(node.closing_fragment.span.start));
        Expr::Opaque(parts)
    }

    /// The name and the attributes of an opening or lone tag.
    fn tag(&mut self, node: &JSXOpeningElement<'a>) -> Vec<ExprId> {
        let mut parts = Vec::with_capacity(node.attributes.len() + 1);
        parts.push(self.tag_name(&node.name));
        for attribute in &node.attributes {
            parts.push(match attribute {
                JSXAttributeItem::Attribute(attribute) => {
                    self.level(attribute.span.start, |lowering| Expr::Opaque(lowering.attribute(attribute)))
                }
                JSXAttributeItem::SpreadAttribute(spread) => self.level(spread.span.start, |lowering| {
                    let dots = lowering.skip_blank(spread.span.start + 1);
                    let inner = lowering.level(dots, |lowering| Expr::Spread(lowering.expression(&spread.argument)));
                    Expr::Opaque(vec![inner])
                }),
            });
        }
        parts
    }

    pub(super) fn word(&mut self, span: Span) -> ExprId {
        self.level(span.start, |lowering| Expr::Name(lowering.name(span)))
    }

    fn tag_name(&mut self, name: &JSXElementName<'a>) -> ExprId {
        match name {
            JSXElementName::Identifier(name) => self.word(name.span),
            JSXElementName::IdentifierReference(name) => self.word(name.span),
            JSXElementName::NamespacedName(name) => self.spaced_name(name),
            JSXElementName::MemberExpression(member) => self.dotted_name(member),
            JSXElementName::ThisExpression(this) => {
                self.give_up();
                self.opaque(this.span.start)
            }
        }
    }

    fn spaced_name(&mut self, name: &JSXNamespacedName<'a>) -> ExprId {
        self.level(name.span.start, |lowering| {
            let parts = [name.namespace.span, name.name.span].map(|part| lowering.word(part));
            Expr::Opaque(parts.into())
        })
    }

    fn dotted_name(&mut self, member: &JSXMemberExpression<'a>) -> ExprId {
        let property = member.property.span;
        if !self.b.enter() {
            return self.opaque(member.span.start);
        }
        let object = match &member.object {
            JSXMemberExpressionObject::IdentifierReference(name) => self.word(name.span),
            JSXMemberExpressionObject::MemberExpression(inner) => self.dotted_name(inner),
            JSXMemberExpressionObject::ThisExpression(this) => {
                self.give_up();
                self.opaque(this.span.start)
            }
        };
        self.b.leave();
        let name = self.name(property);
        self.put(property.start, Expr::Member { object, name })
    }

    fn attribute(&mut self, node: &JSXAttribute<'a>) -> Vec<ExprId> {
        let mut parts = Vec::with_capacity(2);
        parts.push(match &node.name {
            JSXAttributeName::Identifier(name) => self.word(name.span),
            JSXAttributeName::NamespacedName(name) => self.spaced_name(name),
        });
        parts.extend(node.value.as_ref().map(|value| match value {
            JSXAttributeValue::StringLiteral(text) => {
                self.level(text.span.start, |lowering| Expr::Text(lowering.string(text.span)))
            }
            JSXAttributeValue::ExpressionContainer(container) => self.container(container),
            JSXAttributeValue::Element(element) => {
                self.level(element.span.start, |lowering| lowering.jsx_element(element))
            }
            JSXAttributeValue::Fragment(fragment) => {
                self.level(fragment.span.start, |lowering| lowering.jsx_fragment(fragment))
            }
        }));
        parts
    }

    fn container(&mut self, node: &JSXExpressionContainer<'a>) -> ExprId {
        self.level(node.span.start, |lowering| {
            Expr::Opaque(match &node.expression {
                JSXExpression::EmptyExpression(_) => Vec::new(),
                expression => vec![lowering.expression(expression.to_expression())],
            })
        })
    }

    fn children(&mut self, children: &[JSXChild<'a>], parts: &mut Vec<ExprId>) {
        for child in children {
            let start = child.span().start;
            parts.push(match child {
                JSXChild::Text(text) => {
                    self.text_parts(text.span, parts);
                    continue;
                }
                JSXChild::Element(element) => self.level(start, |lowering| lowering.jsx_element(element)),
                JSXChild::Fragment(fragment) => self.level(start, |lowering| lowering.jsx_fragment(fragment)),
                JSXChild::ExpressionContainer(container) => self.container(container),
                JSXChild::Spread(spread) => self.level(start, |lowering| {
                    let dots = lowering.skip_blank(start + 1);
                    let inner = lowering.level(dots, |lowering| Expr::Spread(lowering.expression(&spread.expression)));
                    Expr::Opaque(vec![inner])
                }),
            });
        }
    }

    /// Each run of text and each `&entity;` is a part of its own; what only breaks and indents lines is none.
    fn text_parts(&mut self, span: Span, parts: &mut Vec<ExprId>) {
        let text = self.raw(span);
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let begin = span.start + u32::try_from(at).unwrap_or(0);
            let length = match entity(rest) {
                Some(length) => {
                    parts.push(self.opaque(begin));
                    length
                }
                None => {
                    let mut ends = rest.match_indices('&').filter(|(end, _)| *end > 0);
                    let length = ends.find(|(end, _)| entity(&rest[*end..]).is_some());
                    let length = length.map_or(rest.len(), |(end, _)| end);
                    if says_something(&rest[..length]) {
                        parts.push(self.opaque(begin));
                    }
                    length
                }
            };
            at += length;
        }
    }
}

/// The length of the character reference that a text begins with.
fn entity(text: &str) -> Option<usize> {
    let name = text.strip_prefix('&')?;
    let end = name.bytes().take(32).position(|byte| byte == b';').filter(|end| *end > 0)?;
    name.get(..end)?.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#').then_some(end + 2)
}

/// Whether a text has anything but line breaks and what indents the next line.
fn says_something(text: &str) -> bool {
    let mut at_newline = false;
    text.bytes().any(|byte| {
        at_newline = byte == b'\n' || (at_newline && (byte.is_ascii_whitespace() || byte == 0x0b));
        !at_newline
    })
}
