//! Lambdas, anonymous functions, and whether a lambda has the parameter `it`.

use super::{Lowering, child, has_token, named, statements::Tail, strings::identifier_length, types};
use crate::{Builder, Expr, ExprId, FunctionId, FunctionKind, Param, Pattern};
use smol_str::SmolStr;
use tree_sitter::Node;

/// Functions of the standard library and of coroutines whose lambda takes nothing, or a receiver: `it` in it is the
/// one of the lambda around. Only types could tell this for all functions.
const WITHOUT_IT: &[&str] = &[
    "apply",
    "async",
    "buildList",
    "buildMap",
    "buildSet",
    "buildString",
    "callbackFlow",
    "channelFlow",
    "check",
    "coroutineScope",
    "flow",
    "getOrPut",
    "ifEmpty",
    "launch",
    "lazy",
    "measureTime",
    "measureTimeMillis",
    "require",
    "run",
    "runBlocking",
    "runCatching",
    "sequence",
    "supervisorScope",
    "synchronized",
    "thread",
    "with",
    "withContext",
    "withTimeout",
    "withTimeoutOrNull",
];

impl Lowering<'_, '_> {
    pub(super) fn lambda_value(&mut self, node: Node<'_>, takes_it: bool) -> ExprId {
        let lambda = self.lambda(node, takes_it);
        self.expr(node, Expr::Lambda(lambda))
    }

    /// `{ a, (b, c) -> … }`; one without parameters that speaks of `it` has it for a parameter.
    fn lambda(&mut self, node: Node<'_>, takes_it: bool) -> FunctionId {
        let mut function = Builder::blank_function(node, FunctionKind::Lambda);
        let params = child(node, "lambda_parameters");
        for param in params.map(named).unwrap_or_default() {
            if param.kind().ends_with("variable_declaration") {
                let ty = self.declared_type(param);
                function.params.push(Param { ty, ..plain(self.pattern(param)) });
            }
        }
        if takes_it && !has_parameters(node) && self.mentions_it(node) {
            function.params.push(plain(Pattern::Name(SmolStr::new_static("it"))));
        }
        let mut body = Vec::new();
        self.statements(node, Tail::Return, &mut body);
        function.body = Some(body);
        self.b.function(function)
    }

    /// `fun(a: A): B { … }`.
    pub(super) fn anonymous_function(&mut self, node: Node<'_>) -> FunctionId {
        let mut function = Builder::blank_function(node, FunctionKind::Lambda);
        function.params = self.parameters(node);
        function.returns = self.returned(node);
        function.body = self.function_body(node);
        self.b.function(function)
    }

    /// False for a call whose lambda is known to have no parameter.
    pub(super) fn takes_it(&self, call: Node<'_>) -> bool {
        let mut at = call;
        while at.kind() == "call_expression" {
            match named(at).first() {
                Some(callee) => at = *callee,
                None => return true,
            }
        }
        let name = match at.kind() {
            "navigation_expression" => named(at).last().map(|name| self.name(*name)).unwrap_or_default(),
            _ => self.name(at),
        };
        !WITHOUT_IT.contains(&name.as_str())
    }

    /// True where the lambda's own `it` is used: in it or in lambdas that have none of their own.
    fn mentions_it(&self, lambda: Node<'_>) -> bool {
        let mut stack = named(lambda);
        while let Some(node) = stack.pop() {
            match node.kind() {
                "identifier" if self.text(node) == "it" => return true,
                "string_literal" if mentions_it(&self.text(node)) => return true,
                "navigation_expression" => stack.extend(named(node).first()),
                "value_argument" => stack.extend(named(node).last()),
                "lambda_literal" if !has_parameters(node) => {}
                "call_expression" if !self.takes_it(node) => {
                    for part in named(node) {
                        match child(part, "lambda_literal") {
                            Some(inner) if part.kind() == "annotated_lambda" => stack.extend(named(inner)),
                            _ => stack.push(part),
                        }
                    }
                }
                _ => stack.extend(named(node)),
            }
        }
        false
    }
}

fn has_parameters(lambda: Node<'_>) -> bool {
    has_token(lambda, "->") || child(lambda, "lambda_parameters").is_some()
}

/// True for a string with `$it` in it.
fn mentions_it(text: &str) -> bool {
    text.match_indices("$it").any(|(at, _)| identifier_length(&text[at + 1..]) == "it".len())
}

pub(super) fn plain(pattern: Pattern) -> Param {
    Param { pattern, ty: None, default: None, annotations: Vec::new(), rest: false, field: false }
}

/// The type declared behind the parameters.
pub(super) fn returned_type(node: Node<'_>) -> Option<Node<'_>> {
    let behind = named(node).into_iter().skip_while(|child| child.kind() != "function_value_parameters");
    behind.into_iter().find(|child| types::is_type(*child))
}
