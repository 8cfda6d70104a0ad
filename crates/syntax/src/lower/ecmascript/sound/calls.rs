//! Calls and constructions, with their arguments.

use super::Lowering;
use crate::{Arg, Call, Expr, ExprId, TypeRef};
use oxc_allocator::{Box, Vec as ArenaVec};
use oxc_ast::ast::{
    Argument, ArrayExpression, ArrayExpressionElement, CallExpression, Expression, ImportExpression, NewExpression,
    SpreadElement, TSTypeParameterInstantiation, TaggedTemplateExpression,
};
use oxc_span::{GetSpan, Span};

impl<'a> Lowering<'a> {
    pub(super) fn call(&mut self, call: &CallExpression<'a>) -> ExprId {
        if let Expression::Identifier(callee) = &call.callee
            && self.raw(callee.span) == "require"
            && let Some(module) = call.arguments.first().and_then(Argument::as_expression).and_then(module_text)
        {
            let name = self.string(module);
            return self.put(call.span.start, Expr::Module(name));
        }
        let callee = self.expression(&call.callee);
        let args = self.arguments(&call.arguments);
        let type_args = self.type_arguments(call.type_arguments.as_ref());
        // The grammar of TypeScript does not say where a call is optional.
        let optional = call.optional && self.javascript;
        self.put_call(Call { callee, args, type_args, optional })
    }

    /// A call stands on the line of its callee's last name.
    fn put_call(&mut self, call: Call) -> ExprId {
        let line = self.b.tree.expr_lines.get(call.callee.0 as usize).copied().unwrap_or(1);
        self.b.expr(line, Expr::Call(call))
    }

    pub(super) fn dynamic_import(&mut self, import: &ImportExpression<'a>) -> ExprId {
        if import.phase.is_some() {
            self.give_up();
        }
        if let Some(module) = module_text(&import.source) {
            let name = self.string(module);
            return self.put(import.span.start, Expr::Module(name));
        }
        let callee = self.opaque(import.span.start);
        let values = [Some(&import.source), import.options.as_ref()];
        let args = values.into_iter().flatten().map(|value| Arg { name: None, value: self.expression(value) });
        let args = args.collect();
        self.put_call(Call { callee, args, type_args: Vec::new(), optional: false })
    }

    pub(super) fn tagged(&mut self, tagged: &TaggedTemplateExpression<'a>) -> ExprId {
        let callee = self.expression(&tagged.tag);
        let quasi = &tagged.quasi;
        let value = self.level(quasi.span.start, |lowering| Expr::Template(lowering.template(quasi)));
        let type_args = self.type_arguments(tagged.type_arguments.as_ref());
        self.put_call(Call { callee, args: vec![Arg { name: None, value }], type_args, optional: false })
    }

    pub(super) fn construction(&mut self, new: &NewExpression<'a>) -> Expr {
        let callee = self.expression(&new.callee);
        let args = self.arguments(&new.arguments);
        let type_args = self.type_arguments(new.type_arguments.as_ref());
        Expr::New(Call { callee, args, type_args, optional: false })
    }

    pub(super) fn arguments(&mut self, arguments: &ArenaVec<'a, Argument<'a>>) -> Vec<Arg> {
        let mut args = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let value = match argument {
                Argument::SpreadElement(spread) => self.spread(spread),
                _ => self.expression(argument.to_expression()),
            };
            args.push(Arg { name: None, value });
        }
        args
    }

    fn spread(&mut self, spread: &SpreadElement<'a>) -> ExprId {
        self.level(spread.span.start, |lowering| Expr::Spread(lowering.expression(&spread.argument)))
    }

    /// The elements of an array; holes are left out.
    pub(super) fn elements(&mut self, array: &ArrayExpression<'a>) -> Vec<ExprId> {
        let mut elements = Vec::with_capacity(array.elements.len());
        for element in &array.elements {
            match element {
                ArrayExpressionElement::Elision(_) => {}
                ArrayExpressionElement::SpreadElement(spread) => elements.push(self.spread(spread)),
                _ => elements.push(self.expression(element.to_expression())),
            }
        }
        elements
    }

    pub(super) fn type_arguments(
        &mut self,
        arguments: Option<&Box<'a, TSTypeParameterInstantiation<'a>>>,
    ) -> Vec<TypeRef> {
        arguments.map(|arguments| self.type_list(&arguments.params)).unwrap_or_default()
    }
}

/// The place of a module's name that is written out.
fn module_text(value: &Expression<'_>) -> Option<Span> {
    match value {
        Expression::StringLiteral(_) | Expression::TemplateLiteral(_) => Some(value.span()),
        _ => None,
    }
}
