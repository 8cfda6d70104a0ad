//! Properties with their accessors and delegates, and type aliases.

use super::{Backing, Lowering, behind, child, has_token, line, modifiers::Modifiers, named, statements::Tail, types};
use crate::{Builder, Expr, ExprId, FunctionId, FunctionKind, Pattern, TypeId, TypeKind};
use smol_str::SmolStr;
use tree_sitter::Node;

/// The parts of `val Receiver.name: T = value` or `by delegate`, with accessors.
pub(super) struct Property<'t> {
    pub(super) name: SmolStr,
    pub(super) is_constant: bool,
    /// The type it extends.
    pub(super) receiver: Option<Node<'t>>,
    /// One name or several.
    pub(super) binding: Option<Node<'t>>,
    initializer: Option<Node<'t>>,
    delegate: Option<Node<'t>>,
    pub(super) getter: Option<Node<'t>>,
    pub(super) setter: Option<Node<'t>>,
}

impl Property<'_> {
    pub(super) fn has_value(&self) -> bool {
        self.initializer.is_some() || self.delegate.is_some()
    }
}

impl Lowering<'_, '_> {
    pub(super) fn property<'t>(&self, node: Node<'t>) -> Property<'t> {
        let binding = named(node).into_iter().find(|part| part.kind().ends_with("variable_declaration"));
        let accessor = |kind| child(node, kind).filter(|accessor| child(*accessor, "function_body").is_some());
        Property {
            name: binding.map(|binding| self.own_name(binding)).unwrap_or_default(),
            is_constant: has_token(node, "val"),
            receiver: types::first_type(node),
            binding,
            initializer: behind(node, "="),
            delegate: child(node, "property_delegate").and_then(|delegate| named(delegate).last().copied()),
            getter: accessor("getter"),
            setter: accessor("setter"),
        }
    }

    /// What the property starts with.
    pub(super) fn property_value(&mut self, property: &Property<'_>) -> Option<ExprId> {
        match (property.initializer, property.delegate) {
            (Some(value), _) => Some(self.expression(value)),
            (None, Some(delegate)) => Some(self.delegate(delegate)),
            (None, None) => None,
        }
    }

    /// `by lazy { value }` is the value, computed later; any other delegate stands for itself.
    fn delegate(&mut self, node: Node<'_>) -> ExprId {
        let callee = named(node).first().copied().filter(|_| node.kind() == "call_expression");
        let mut innermost = callee;
        while let Some(call) = innermost.filter(|callee| callee.kind() == "call_expression") {
            innermost = named(call).first().copied();
        }
        let lambda = child(node, "annotated_lambda").and_then(|lambda| child(lambda, "lambda_literal"));
        match (innermost, lambda) {
            (Some(callee), Some(lambda)) if self.text(callee) == "lazy" => match named(lambda).as_slice() {
                [only] if !only.kind().ends_with("_declaration") && only.kind() != "assignment" => {
                    self.expression(*only)
                }
                _ => {
                    let callee = self.lambda_value(lambda, false);
                    self.b.call(line(lambda), callee, Vec::new())
                }
            },
            _ => self.expression(node),
        }
    }

    /// The value of a property of a file that has a getter instead: the getter's value, or a call of its body.
    pub(super) fn computed(&mut self, getter: Node<'_>) -> Option<ExprId> {
        let body = named(child(getter, "function_body")?).last().copied()?;
        if body.kind() != "block" {
            return Some(self.expression(body));
        }
        let mut function = Builder::blank_function(getter, FunctionKind::Lambda);
        let mut statements = Vec::new();
        self.statements(body, Tail::Value, &mut statements);
        function.body = Some(statements);
        let function = self.b.function(function);
        let callee = self.expr(getter, Expr::Lambda(function));
        Some(self.b.call(line(getter), callee, Vec::new()))
    }

    /// The accessors that have a body.
    pub(super) fn accessors(&mut self, property: &Property<'_>, modifiers: &Modifiers) -> Vec<FunctionId> {
        let getter = property.getter.map(|getter| self.accessor(getter, FunctionKind::Getter, property, modifiers));
        let setter = property.setter.map(|setter| self.accessor(setter, FunctionKind::Setter, property, modifiers));
        getter.into_iter().chain(setter).collect()
    }

    pub(super) fn accessor(
        &mut self,
        node: Node<'_>,
        kind: FunctionKind,
        property: &Property<'_>,
        modifiers: &Modifiers,
    ) -> FunctionId {
        let own = self.modifiers(node);
        let mut function = Builder::blank_function(node, kind);
        function.name.clone_from(&property.name);
        (function.owner, function.is_static) = match property.receiver {
            Some(receiver) => (Some(self.receiver_name(receiver)), false),
            None => (self.context.owner.clone(), self.context.is_static),
        };
        function.exported = modifiers.is_exported() && own.is_exported();
        if kind == FunctionKind::Getter {
            function.annotations.clone_from(&modifiers.annotations);
        }
        function.annotations.extend(own.annotations);
        let declared = match kind {
            FunctionKind::Getter => self.declared_type(node),
            _ => None,
        };
        function.returns = match (declared, property.binding) {
            (None, Some(binding)) if kind == FunctionKind::Getter => self.declared_type(binding),
            (declared, _) => declared,
        };
        if kind == FunctionKind::Setter {
            let ty = property.binding.and_then(|binding| self.declared_type(binding));
            let pattern = Pattern::Name(self.own_name(node));
            function.params.push(crate::Param { ty, ..super::lambdas::plain(pattern) });
        }
        let outer = self.context.clone();
        self.context.backing = property.receiver.is_none().then(|| Backing {
            owner: outer.owner.clone().filter(|_| outer.is_static),
            name: property.name.clone(),
            is_top_level: outer.owner.is_none(),
        });
        self.context.owner = None;
        self.context.is_static = false;
        function.body = self.function_body(node);
        self.context = outer;
        self.b.function(function)
    }

    /// `field` inside an accessor; anywhere else it is a name like others.
    pub(super) fn backing(&mut self, line: u32, name: SmolStr) -> ExprId {
        let Some(backing) = self.context.backing.clone() else { return self.b.expr(line, Expr::Name(name)) };
        if backing.is_top_level {
            return self.b.expr(line, Expr::Name(backing.name));
        }
        let object = match backing.owner {
            Some(owner) => Expr::Name(owner),
            None => Expr::This,
        };
        let object = self.b.expr(line, object);
        self.b.expr(line, Expr::Member { object, name: backing.name })
    }

    /// `typealias Name<T> = Type`.
    pub(super) fn alias(&mut self, node: Node<'_>) -> TypeId {
        let modifiers = self.modifiers(node);
        let mut ty = Builder::blank_type(node, TypeKind::Alias);
        ty.name = self.field_name(node, "type");
        ty.owner.clone_from(&self.context.owner);
        ty.exported = modifiers.is_exported();
        ty.annotations = modifiers.annotations;
        ty.type_params = self.type_parameters(node);
        ty.alias = behind(node, "=").map(|target| self.type_ref(target));
        self.b.type_decl(ty)
    }
}
