//! Patterns that bind names, and targets of loops that look like them.

use super::Lowering;
use super::expressions::target_name;
use crate::{ExprId, Pattern};
use oxc_ast::ast::{
    ArrayAssignmentTarget, AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, BindingPattern,
    ForStatementLeft, ObjectAssignmentTarget, ObjectPattern,
};
use oxc_span::GetSpan;
use smol_str::SmolStr;

impl<'a> Lowering<'a> {
    /// A binding pattern.
    pub(super) fn pattern(&mut self, node: &BindingPattern<'a>) -> Pattern {
        match node {
            BindingPattern::BindingIdentifier(name) => self.plain_pattern(name.span),
            BindingPattern::AssignmentPattern(pattern) => self.pattern_deeper(&pattern.left),
            BindingPattern::ObjectPattern(pattern) => self.object_pattern(pattern),
            BindingPattern::ArrayPattern(pattern) => {
                let mut patterns = Vec::with_capacity(pattern.elements.len());
                for element in &pattern.elements {
                    // Holes are kept, so that positions stay right.
                    patterns.push(match element {
                        Some(element) => self.pattern_deeper(element),
                        None => Pattern::Ignore,
                    });
                }
                if let Some(rest) = &pattern.rest {
                    patterns.push(self.deeper(|lowering| lowering.pattern_deeper(&rest.argument)));
                }
                Pattern::List(patterns)
            }
        }
    }

    fn object_pattern(&mut self, pattern: &ObjectPattern<'a>) -> Pattern {
        let mut fields = Vec::with_capacity(pattern.properties.len());
        for property in &pattern.properties {
            let default = match &property.value {
                BindingPattern::AssignmentPattern(pattern) => Some(self.expression(&pattern.right)),
                _ => None,
            };
            let key = self.name(self.key_span(&property.key, property.computed));
            let bound =
                if property.shorthand { Pattern::Name(key.clone()) } else { self.pattern_deeper(&property.value) };
            fields.push((key, bound, default));
        }
        let rest = pattern.rest.as_ref().map(|rest| self.name(rest.argument.span()));
        Pattern::Object(fields, rest)
    }

    pub(super) fn pattern_deeper(&mut self, node: &BindingPattern<'a>) -> Pattern {
        self.deeper(|lowering| lowering.pattern(node))
    }

    /// A pattern one level deeper; beyond the depth bound it binds nothing.
    fn deeper(&mut self, lower: impl FnOnce(&mut Self) -> Pattern) -> Pattern {
        if !self.b.enter() {
            return Pattern::Ignore;
        }
        let pattern = lower(self);
        self.b.leave();
        pattern
    }

    /// What each round of `for … of` binds.
    pub(super) fn loop_pattern(&mut self, left: &ForStatementLeft<'a>) -> Pattern {
        match left {
            ForStatementLeft::VariableDeclaration(variables) => {
                variables.declarations.first().map_or(Pattern::Ignore, |variable| self.pattern(&variable.id))
            }
            _ => self.target_pattern(left.to_assignment_target()),
        }
    }

    fn target_pattern(&mut self, target: &AssignmentTarget<'a>) -> Pattern {
        match target {
            AssignmentTarget::ArrayAssignmentTarget(array) => self.array_target(array),
            AssignmentTarget::ObjectAssignmentTarget(object) => self.object_target(object),
            other => target_name(other).map_or(Pattern::Ignore, |name| self.plain_pattern(name)),
        }
    }

    fn array_target(&mut self, array: &ArrayAssignmentTarget<'a>) -> Pattern {
        let mut patterns = Vec::with_capacity(array.elements.len());
        for element in &array.elements {
            patterns.push(match element {
                Some(element) => self.element_target(element),
                None => Pattern::Ignore,
            });
        }
        if let Some(rest) = &array.rest {
            patterns.push(self.deeper(|lowering| lowering.deeper(|lowering| lowering.target_pattern(&rest.target))));
        }
        Pattern::List(patterns)
    }

    fn element_target(&mut self, element: &AssignmentTargetMaybeDefault<'a>) -> Pattern {
        match element {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(inner) => {
                self.deeper(|lowering| lowering.deeper(|lowering| lowering.target_pattern(&inner.binding)))
            }
            _ => self.deeper(|lowering| lowering.target_pattern(element.to_assignment_target())),
        }
    }

    fn object_target(&mut self, object: &ObjectAssignmentTarget<'a>) -> Pattern {
        let mut fields: Vec<(SmolStr, Pattern, Option<ExprId>)> = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            fields.push(match property {
                AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(property) => {
                    let default = property.init.as_ref().map(|default| self.expression(default));
                    let name = self.name(property.binding.span);
                    (name.clone(), Pattern::Name(name), default)
                }
                AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                    let default = match &property.binding {
                        AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(inner) => {
                            Some(self.expression(&inner.init))
                        }
                        _ => None,
                    };
                    let key = self.name(self.key_span(&property.name, property.computed));
                    let pattern = self.element_target(&property.binding);
                    (key, pattern, default)
                }
            });
        }
        let rest = object.rest.as_ref().map(|rest| self.name(rest.target.span()));
        Pattern::Object(fields, rest)
    }
}
