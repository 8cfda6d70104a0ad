//! Types as written.

use super::Lowering;
use crate::TypeRef;
use oxc_allocator::Box;
use oxc_ast::ast::{
    FormalParameters, TSLiteral, TSSignature, TSThisParameter, TSType, TSTypeName, TSTypeOperatorOperator,
    TSTypeParameterInstantiation,
};
use oxc_span::{GetSpan, Span};

impl<'a> Lowering<'a> {
    pub(super) fn type_list(&mut self, types: &[TSType<'a>]) -> Vec<TypeRef> {
        types.iter().map(|ty| self.type_ref(ty)).collect()
    }

    /// A type; beyond the depth bound it is [`TypeRef::Other`].
    pub(super) fn type_ref(&mut self, node: &TSType<'a>) -> TypeRef {
        self.type_level(|lowering| lowering.type_at(node))
    }

    /// A name with type arguments that stands where only such a type can.
    pub(super) fn base_ref(
        &mut self,
        name: &TSTypeName<'a>,
        arguments: Option<&Box<'a, TSTypeParameterInstantiation<'a>>>,
    ) -> TypeRef {
        self.type_level(|lowering| lowering.reference(name, arguments))
    }

    fn type_level(&mut self, lower: impl FnOnce(&mut Self) -> TypeRef) -> TypeRef {
        if !self.b.enter() {
            return TypeRef::Other;
        }
        let ty = lower(self);
        self.b.leave();
        ty
    }

    fn type_at(&mut self, node: &TSType<'a>) -> TypeRef {
        match node {
            TSType::TSAnyKeyword(_)
            | TSType::TSBigIntKeyword(_)
            | TSType::TSBooleanKeyword(_)
            | TSType::TSIntrinsicKeyword(_)
            | TSType::TSNeverKeyword(_)
            | TSType::TSNumberKeyword(_)
            | TSType::TSObjectKeyword(_)
            | TSType::TSStringKeyword(_)
            | TSType::TSSymbolKeyword(_)
            | TSType::TSUnknownKeyword(_)
            | TSType::TSVoidKeyword(_) => TypeRef::named(self.name(node.span())),
            TSType::TSNullKeyword(_) | TSType::TSUndefinedKeyword(_) => TypeRef::named("null"),
            TSType::TSTypeReference(reference) => {
                self.reference(&reference.type_name, reference.type_arguments.as_ref())
            }
            TSType::TSUnionType(union) => TypeRef::Union(self.type_list(&union.types)),
            TSType::TSArrayType(array) => TypeRef::List(self.type_ref(&array.element_type).into()),
            TSType::TSParenthesizedType(inner) => self.type_ref(&inner.type_annotation),
            TSType::TSTypeOperatorType(operator) => match operator.operator {
                TSTypeOperatorOperator::Readonly => self.type_ref(&operator.type_annotation),
                TSTypeOperatorOperator::Unique => TypeRef::named(self.name(operator.span)),
                TSTypeOperatorOperator::Keyof => TypeRef::Other,
            },
            TSType::TSTypeLiteral(literal) => self.record(&literal.members),
            TSType::TSMappedType(_) => TypeRef::Record(Vec::new()),
            TSType::TSLiteralType(literal) => match &literal.literal {
                TSLiteral::StringLiteral(text) => TypeRef::Text(self.string(text.span)),
                _ => TypeRef::Other,
            },
            TSType::TSFunctionType(function) => {
                let params = self.parameter_types(function.this_param.as_deref(), &function.params);
                let result = self.type_ref(&function.return_type.type_annotation);
                TypeRef::Function(params, Some(result.into()))
            }
            TSType::TSConstructorType(constructor) => {
                TypeRef::Function(self.parameter_types(None, &constructor.params), None)
            }
            TSType::TSTypeQuery(query) => {
                TypeRef::ValueOf(self.name(Span::new(query.expr_name.span().start, query.span.end)))
            }
            TSType::TSImportType(import) if import.qualifier.is_some() && import.type_arguments.is_none() => {
                TypeRef::named(self.dotted(import.span))
            }
            _ => TypeRef::Other,
        }
    }

    fn reference(
        &mut self,
        name: &TSTypeName<'a>,
        arguments: Option<&Box<'a, TSTypeParameterInstantiation<'a>>>,
    ) -> TypeRef {
        if matches!(name, TSTypeName::ThisExpression(_)) {
            return TypeRef::Other;
        }
        let name = self.dotted(name.span());
        let Some(arguments) = arguments else {
            return TypeRef::named(name);
        };
        let mut args = self.type_list(&arguments.params);
        match (name.as_str(), args.len()) {
            ("Array" | "ReadonlyArray", 1) => TypeRef::List(args.pop().unwrap_or(TypeRef::Other).into()),
            _ => TypeRef::Named { name, args },
        }
    }

    fn record(&mut self, members: &[TSSignature<'a>]) -> TypeRef {
        let mut fields = Vec::with_capacity(members.len());
        for member in members {
            if let TSSignature::TSPropertySignature(property) = member {
                let name = self.name(self.key_span(&property.key, property.computed));
                let ty = property.type_annotation.as_ref().map(|ty| self.type_ref(&ty.type_annotation));
                fields.push((name, ty.unwrap_or(TypeRef::Other), property.optional));
            }
        }
        TypeRef::Record(fields)
    }

    fn parameter_types(&mut self, this: Option<&TSThisParameter<'a>>, params: &FormalParameters<'a>) -> Vec<TypeRef> {
        let this = this.map(|this| this.type_annotation.as_deref());
        let items = params.items.iter().map(|param| param.type_annotation.as_deref());
        let rest = params.rest.as_ref().map(|rest| rest.type_annotation.as_deref());
        let types = this.into_iter().chain(items).chain(rest);
        types.map(|ty| ty.map_or(TypeRef::Other, |ty| self.type_ref(&ty.type_annotation))).collect()
    }
}
