//! Several results of one call: the value that counts, and the error beside it.

use super::Eval;
use super::dotnet::is_sequence;
use crate::value::Value;
use crate::world::{FnRef, Key, Unit};
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, ExprId, Function, FunctionId, Language, TypeRef};

/// Types of Java and Kotlin of which a value is a sequence of what they are given.
const JVM_SEQUENCES: &[&str] =
    &["List", "Collection", "Set", "Iterable", "Queue", "Stream", "ArrayList", "MutableList", "Sequence"];

impl Eval<'_, '_> {
    /// One of the results of a call. A library's call of which only one value is known yields it first.
    pub(crate) fn result_at(&self, results: &Value, at: usize) -> Value {
        match results {
            Value::List(_) | Value::Param(..) => self.element(results, at),
            Value::Choice(options) => Value::choice(options.iter().map(|one| self.result_at(one, at)).collect()),
            single if at == 0 => single.clone(),
            _ => Value::opaque("one of several results"),
        }
    }

    /// The value of a call that may have an error beside it.
    pub(crate) fn first_result(&self, results: &Value) -> Value {
        match results {
            Value::List(items) => items.first().cloned().unwrap_or(Value::Null),
            Value::Choice(options) => Value::choice(options.iter().map(|one| self.first_result(one)).collect()),
            single => single.clone(),
        }
    }

    /// The returns that tell a value: those that only hand an error on are left out where there are others.
    pub(super) fn telling_returns(&self, unit: &Unit, returns: &[ExprId]) -> Vec<ExprId> {
        if !unit.tree.language.has_struct_literals() {
            return returns.to_vec();
        }
        let failure = |value: &ExprId| match unit.expr(*value) {
            Expr::List(items) => items.first().is_some_and(|first| {
                matches!(unit.expr(*first), Expr::Null)
                    || matches!(unit.expr(*first), Expr::Text(text) if text.is_empty())
            }),
            other => matches!(other, Expr::Null),
        };
        let telling: Vec<ExprId> = returns.iter().copied().filter(|value| !failure(value)).collect();
        if telling.is_empty() { returns.to_vec() } else { telling }
    }

    /// The results of a function that looks a variable up and yields a parameter of its own where it is not set: that is
    /// the default.
    pub(super) fn with_fallback(
        &self,
        unit: &Unit,
        function: FunctionId,
        returns: &[ExprId],
        values: Vec<Value>,
    ) -> Vec<Value> {
        let is_param = |at: usize| {
            let Some(Expr::Name(name)) = returns.get(at).map(|value| unit.expr(*value)) else { return false };
            let defs = unit.index.defs.get(&(Some(function), name.clone()));
            defs.is_some_and(|defs| matches!(defs.as_slice(), [crate::world::Def::Param { .. }]))
        };
        match values.as_slice() {
            [Value::Env(key, None), other] if is_param(1) => {
                vec![Value::Env(key.clone(), Some(Rc::new(other.clone())))]
            }
            [other, Value::Env(key, None)] if is_param(0) => {
                vec![Value::Env(key.clone(), Some(Rc::new(other.clone())))]
            }
            _ => values,
        }
    }

    /// What a method without a body is declared to yield.
    pub(super) fn declared_result(&self, receiver: &Value, name: &str) -> Option<Value> {
        let class = match receiver {
            Value::Instance(instance) => instance.class,
            Value::This(class) => *class,
            _ => return None,
        };
        if !self.is_structural(class) {
            return None;
        }
        let method = self.method(class, name)?;
        let unit = self.world.unit(method.file)?;
        let declared = unit.function(method.id);
        self.declared(&unit, declared.returns.as_ref()?, Site::new(unit.path.clone(), declared.line), None)
    }

    /// Results of which nothing is known but what they are declared as.
    pub(super) fn several_results(&self, unit: &Rc<Unit>, function: &Function, value: Value) -> Value {
        let Some(TypeRef::Named { name, args }) = &function.returns else { return value };
        if name != "tuple" {
            return value;
        }
        let fill = |value: &Value| match value {
            Value::List(items) if items.len() == args.len() => {
                let site = Site::new(unit.path.clone(), function.line);
                let filled = items.iter().zip(args).map(|(item, ty)| {
                    let declared = item.is_empty().then(|| self.declared(unit, ty, site.clone(), None)).flatten();
                    declared.unwrap_or_else(|| item.clone())
                });
                Value::List(filled.collect())
            }
            other => other.clone(),
        };
        Value::choice(value.alternatives().iter().map(fill).collect())
    }

    /// What comes out of a parameter that is a channel or a list of library objects.
    pub(super) fn declared_element(&self, function: FnRef, at: usize, path: &[Key]) -> Option<Value> {
        if !path.is_empty() {
            return None;
        }
        let unit = self.world.unit(function.file)?;
        let declared = unit.function(function.id);
        let element = element_type(unit.tree.language, declared.params.get(at)?.ty.as_ref()?)?;
        if let Some(injected) = self.injected_elements(&unit, function, element) {
            return Some(injected);
        }
        let source = Value::Param(function, at, Rc::from([Key::Name("[]".into())]));
        let site = Site::new(unit.path.clone(), declared.line);
        let objects = unit.tree.language == Language::CSharp;
        self.declared(&unit, element, site, Some(source))
            .filter(|value| matches!(value, Value::Typed(_)) || objects && matches!(value, Value::Instance(_)))
    }
}

/// The type of what is in a list or comes out of a channel.
pub(crate) fn element_type(language: Language, ty: &TypeRef) -> Option<&TypeRef> {
    match ty {
        TypeRef::List(element) if language.has_struct_literals() || language == Language::CSharp => Some(element),
        TypeRef::Named { name, args } if name == "chan" && language.has_struct_literals() => args.first(),
        TypeRef::Named { name, args } if language == Language::CSharp && is_sequence(name) => args.first(),
        TypeRef::Named { name, args } if language.is_jvm() && JVM_SEQUENCES.contains(&name.as_str()) => args.first(),
        _ => None,
    }
}
