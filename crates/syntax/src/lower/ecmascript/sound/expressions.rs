//! Expressions: one kind of the parser's tree to one of the common tree.

use super::super::{LONG_CHAIN, balanced};
use super::Lowering;
use crate::{Expr, ExprId, Part, TypeKind};
use oxc_ast::ast::{
    AssignmentExpression, AssignmentTarget, BinaryExpression, ChainElement, Expression, LogicalExpression,
    MemberExpression, PrivateIdentifier, SimpleAssignmentTarget, TSType, TemplateLiteral,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

impl<'a> Lowering<'a> {
    /// Lowers an expression; beyond the depth bound it is opaque.
    pub(super) fn expression(&mut self, node: &Expression<'a>) -> ExprId {
        // Long chains of `+` nest to the left; walking them from the inside out costs no stack.
        if is_long_chain(node) {
            return self.long_binary(node);
        }
        if !self.b.enter() {
            return self.opaque(node.span().start);
        }
        let namespace = self.namespace.take();
        let lowered = self.expression_at(node);
        self.namespace = namespace;
        self.b.leave();
        lowered
    }

    /// What stands in parentheses that belong to a statement: they are a level too.
    pub(super) fn condition(&mut self, node: &Expression<'a>) -> ExprId {
        if !self.b.enter() {
            return self.opaque(node.span().start);
        }
        let lowered = self.expression(node);
        self.b.leave();
        lowered
    }

    fn expression_at(&mut self, node: &Expression<'a>) -> ExprId {
        let span = node.span();
        let expr = match node {
            Expression::Identifier(name) => return self.identifier(name.span),
            Expression::NullLiteral(_) => Expr::Null,
            Expression::ThisExpression(_) => Expr::This,
            Expression::Super(_) => Expr::Super,
            Expression::BooleanLiteral(literal) => Expr::Bool(literal.value),
            Expression::NumericLiteral(_) | Expression::BigIntLiteral(_) => Expr::Number(self.name(span)),
            Expression::StringLiteral(_) => Expr::Text(self.string(span)),
            Expression::RegExpLiteral(_) => Expr::Regex(self.name(span)),
            Expression::TemplateLiteral(template) => Expr::Template(self.template(template)),
            Expression::ParenthesizedExpression(inner) => return self.expression(&inner.expression),
            Expression::ChainExpression(chain) => return self.chain(&chain.expression),
            Expression::ComputedMemberExpression(_)
            | Expression::StaticMemberExpression(_)
            | Expression::PrivateFieldExpression(_) => return self.member(node.to_member_expression()),
            Expression::ImportMeta(_) | Expression::NewTarget(_) => {
                let object = self.put(span.start, Expr::Name("import".into()));
                Expr::Member { object, name: "meta".into() }
            }
            Expression::CallExpression(call) => return self.call(call),
            Expression::ImportExpression(import) => return self.dynamic_import(import),
            Expression::TaggedTemplateExpression(tagged) => return self.tagged(tagged),
            Expression::NewExpression(new) => self.construction(new),
            Expression::AwaitExpression(inner) => Expr::Await(self.expression(&inner.argument)),
            Expression::YieldExpression(inner) => {
                let value = inner.argument.as_ref().map(|value| self.expression(value));
                Expr::Opaque(value.into_iter().collect())
            }
            Expression::ObjectExpression(object) => Expr::Object(self.entries(object)),
            Expression::ArrayExpression(array) => Expr::List(self.elements(array)),
            Expression::ArrowFunctionExpression(arrow) => Expr::Lambda(self.arrow(arrow)),
            Expression::FunctionExpression(function) => Expr::Lambda(self.lambda(function, span)),
            Expression::ClassExpression(class) => {
                let ty = self.class(class, TypeKind::Class, span.start);
                Expr::Class(ty)
            }
            Expression::ConditionalExpression(choice) => {
                let test = self.expression(&choice.test);
                let then = self.expression(&choice.consequent);
                let otherwise = self.expression(&choice.alternate);
                Expr::Conditional { test, then, otherwise }
            }
            Expression::BinaryExpression(binary) => self.binary(binary),
            Expression::LogicalExpression(binary) => self.logical(binary),
            Expression::PrivateInExpression(binary) => {
                let left = self.private_name(&binary.left);
                let right = self.expression(&binary.right);
                Expr::Binary { op: SmolStr::new_static("in"), left, right }
            }
            Expression::UnaryExpression(unary) => {
                let value = self.expression(&unary.argument);
                let op = unary.operator.as_str();
                if op == "void" {
                    Expr::Opaque(vec![value])
                } else {
                    Expr::Unary { op: SmolStr::new_static(op), value }
                }
            }
            Expression::UpdateExpression(update) => {
                let value = self.target(&update.argument);
                Expr::Unary { op: SmolStr::new_static(update.operator.as_str()), value }
            }
            Expression::AssignmentExpression(assignment) => self.assignment(assignment),
            Expression::SequenceExpression(sequence) => {
                Expr::Opaque(sequence.expressions.iter().map(|part| self.expression(part)).collect())
            }
            Expression::TSAsExpression(cast) => self.cast(&cast.expression, &cast.type_annotation),
            Expression::TSSatisfiesExpression(cast) => self.cast(&cast.expression, &cast.type_annotation),
            Expression::TSTypeAssertion(cast) => self.cast(&cast.expression, &cast.type_annotation),
            Expression::TSNonNullExpression(inner) => {
                Expr::Cast { value: self.expression(&inner.expression), ty: None }
            }
            Expression::TSInstantiationExpression(inner) => {
                Expr::Cast { value: self.expression(&inner.expression), ty: None }
            }
            Expression::JSXElement(element) => self.jsx_element(element),
            Expression::JSXFragment(fragment) => self.jsx_fragment(fragment),
            Expression::V8IntrinsicExpression(_) => {
                self.give_up();
                Expr::Null
            }
        };
        self.put(span.start, expr)
    }

    fn identifier(&mut self, span: Span) -> ExprId {
        let expr = match self.raw(span) {
            "undefined" => Expr::Null,
            name => Expr::Name(SmolStr::new(name)),
        };
        self.put(span.start, expr)
    }

    fn private_name(&mut self, name: &PrivateIdentifier<'a>) -> ExprId {
        self.level(name.span.start, |lowering| Expr::Name(lowering.name(name.span)))
    }

    fn chain(&mut self, chain: &ChainElement<'a>) -> ExprId {
        match chain {
            ChainElement::CallExpression(call) => self.call(call),
            ChainElement::TSNonNullExpression(inner) => {
                let value = self.expression(&inner.expression);
                self.put(inner.span.start, Expr::Cast { value, ty: None })
            }
            ChainElement::ComputedMemberExpression(_)
            | ChainElement::StaticMemberExpression(_)
            | ChainElement::PrivateFieldExpression(_) => self.member(chain.to_member_expression()),
        }
    }

    pub(super) fn member(&mut self, member: &MemberExpression<'a>) -> ExprId {
        let (object, property) = match member {
            MemberExpression::ComputedMemberExpression(member) => {
                let object = self.expression(&member.object);
                let index = self.expression(&member.expression);
                return self.put(member.span.start, Expr::Index { object, index });
            }
            MemberExpression::StaticMemberExpression(member) => (&member.object, member.property.span),
            MemberExpression::PrivateFieldExpression(member) => (&member.object, member.field.span),
        };
        let object = self.expression(object);
        let name = self.name(property);
        self.put(property.start, Expr::Member { object, name })
    }

    fn binary(&mut self, binary: &BinaryExpression<'a>) -> Expr {
        let left = self.expression(&binary.left);
        let right = self.expression(&binary.right);
        Expr::Binary { op: SmolStr::new_static(binary.operator.as_str()), left, right }
    }

    fn logical(&mut self, binary: &LogicalExpression<'a>) -> Expr {
        let left = self.expression(&binary.left);
        let right = self.expression(&binary.right);
        Expr::Binary { op: SmolStr::new_static(binary.operator.as_str()), left, right }
    }

    fn long_binary(&mut self, node: &Expression<'a>) -> ExprId {
        let mut spine = Vec::new();
        let mut at = node;
        while let Some((left, operator, right)) = operands(at) {
            spine.push((at.span().start, operator, right));
            at = left;
        }
        let mut operands = vec![self.expression(at)];
        let mut operators = Vec::with_capacity(spine.len());
        while let Some((start, operator, right)) = spine.pop() {
            operands.push(self.expression(right));
            operators.push((self.line(start), SmolStr::new_static(operator)));
        }
        balanced(&mut self.b, &operands, &operators)
    }

    fn assignment(&mut self, assignment: &AssignmentExpression<'a>) -> Expr {
        let value = self.expression(&assignment.right);
        match assignment.left.as_simple_assignment_target() {
            None => Expr::Opaque(vec![value]),
            Some(target) => {
                let target = self.target(target);
                Expr::Assign { op: SmolStr::new_static(assignment.operator.as_str()), target, value }
            }
        }
    }

    /// What is assigned to, as the expression that would read it.
    fn target(&mut self, target: &SimpleAssignmentTarget<'a>) -> ExprId {
        let start = target.span().start;
        if !self.b.enter() {
            return self.opaque(start);
        }
        let lowered = match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => self.identifier(name.span),
            SimpleAssignmentTarget::ComputedMemberExpression(_)
            | SimpleAssignmentTarget::StaticMemberExpression(_)
            | SimpleAssignmentTarget::PrivateFieldExpression(_) => self.member(target.to_member_expression()),
            SimpleAssignmentTarget::TSNonNullExpression(inner) => {
                let value = self.expression(&inner.expression);
                self.put(start, Expr::Cast { value, ty: None })
            }
            SimpleAssignmentTarget::TSAsExpression(cast) => {
                let cast = self.cast(&cast.expression, &cast.type_annotation);
                self.put(start, cast)
            }
            SimpleAssignmentTarget::TSSatisfiesExpression(cast) => {
                let cast = self.cast(&cast.expression, &cast.type_annotation);
                self.put(start, cast)
            }
            SimpleAssignmentTarget::TSTypeAssertion(cast) => {
                let cast = self.cast(&cast.expression, &cast.type_annotation);
                self.put(start, cast)
            }
        };
        self.b.leave();
        lowered
    }

    fn cast(&mut self, value: &Expression<'a>, ty: &TSType<'a>) -> Expr {
        let value = self.expression(value);
        let ty = Some(self.type_ref(ty)).filter(|ty| ty.name() != Some("const"));
        Expr::Cast { value, ty }
    }

    pub(super) fn template(&mut self, template: &TemplateLiteral<'a>) -> Vec<Part> {
        let mut parts = Vec::with_capacity(template.quasis.len() + template.expressions.len());
        let mut values = template.expressions.iter();
        for text in &template.quasis {
            if !text.span.is_empty() {
                parts.push(Part::Text(super::super::unescape(self.raw(text.span))));
            }
            if let Some(value) = values.next() {
                let value = self.expression(value);
                parts.push(Part::Value(value));
            }
        }
        parts
    }
}

/// The sides of an operator with two of them.
fn operands<'e, 'a>(node: &'e Expression<'a>) -> Option<(&'e Expression<'a>, &'static str, &'e Expression<'a>)> {
    match node {
        Expression::BinaryExpression(binary) => Some((&binary.left, binary.operator.as_str(), &binary.right)),
        Expression::LogicalExpression(binary) => Some((&binary.left, binary.operator.as_str(), &binary.right)),
        _ => None,
    }
}

/// Whether operators nest to the left beyond the bound.
fn is_long_chain(node: &Expression<'_>) -> bool {
    let mut depth = 0;
    let mut at = node;
    while let Some((left, ..)) = operands(at) {
        if depth > LONG_CHAIN {
            return true;
        }
        depth += 1;
        at = left;
    }
    false
}

/// The name an assignment target has, when it is one.
pub(super) fn target_name(target: &AssignmentTarget<'_>) -> Option<Span> {
    match target {
        AssignmentTarget::AssignmentTargetIdentifier(name) => Some(name.span),
        _ => None,
    }
}
