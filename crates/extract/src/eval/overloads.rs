//! Which of several methods or constructors of one name a call means: by the number of its arguments, then by their types.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Closure, Value};
use crate::world::{ClassRef, FnRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{FunctionKind, Pattern, TypeRef};

/// Methods of one name that are kept apart; more are generated.
const MAX_OVERLOADS: usize = 8;

const TEXTS: &[&str] = &["String", "CharSequence", "string", "kotlin.String"];
const SCALARS: &[&str] = &[
    "int",
    "long",
    "short",
    "byte",
    "double",
    "float",
    "boolean",
    "bool",
    "char",
    "Integer",
    "Long",
    "Int",
    "Short",
    "Byte",
    "Double",
    "Float",
    "Boolean",
    "BigDecimal",
    "decimal",
    "Guid",
    "UUID",
];

/// Types whose values are types.
const CLASSES: &[&str] = &["Class", "KClass", "Type"];

impl Eval<'_, '_> {
    /// The methods of a name with a body that an object of a class has; one that is overridden is left out.
    pub(super) fn methods(&self, class: ClassRef, name: &str) -> Vec<FnRef> {
        let overloads = self.world.unit(class.file).is_some_and(|unit| unit.tree.language.has_overloads());
        if !overloads {
            let bodies = self.chain(class).into_iter().filter_map(|class| {
                let method = self.own_method(class, name, FunctionKind::Method)?;
                let unit = self.world.unit(method.file)?;
                unit.function(method.id).body.is_some().then_some(method)
            });
            return bodies.take(1).collect();
        }
        let mut found: Vec<FnRef> = Vec::new();
        let mut counts: Vec<usize> = Vec::new();
        for owner in self.chain(class) {
            let Some(unit) = self.world.unit(owner.file) else { continue };
            let before = counts.clone();
            for id in &unit.class(owner.id).members {
                let function = unit.function(*id);
                let fits = function.name == name && function.kind == FunctionKind::Method && function.body.is_some();
                // One with as many parameters further down overrides it, unless both stand in one class.
                if fits && !before.contains(&function.params.len()) && found.len() < MAX_OVERLOADS {
                    counts.push(function.params.len());
                    found.push(FnRef { file: owner.file, id: *id });
                }
            }
        }
        found
    }

    /// The constructor that makes an object from these arguments; without arguments, the one a container would call.
    pub(super) fn constructor_of(&self, class: ClassRef, args: Option<&[Value]>) -> Option<FnRef> {
        let unit = self.world.unit(class.file)?;
        if !unit.tree.language.has_overloads() {
            return self.own_method(class, "constructor", FunctionKind::Constructor);
        }
        let all = unit.class(class.id).members.iter().copied();
        let all = all.filter(|id| unit.function(*id).kind == FunctionKind::Constructor);
        let all: Vec<FnRef> = all.map(|id| FnRef { file: class.file, id }).collect();
        match args {
            Some(args) => {
                let best = all.iter().filter_map(|ctor| Some((self.score(*ctor, args)?, *ctor)));
                let best = best.max_by_key(|(score, ctor)| (*score, std::cmp::Reverse(ctor.id))).map(|(_, ctor)| ctor);
                // A text that an object was written into is followed as the object: only the number tells then.
                let best = best.or_else(|| {
                    let takes = |ctor: &&FnRef| unit.function(ctor.id).params.len() == args.len();
                    let mut counted = all.iter().filter(takes);
                    counted.next().copied().filter(|_| counted.next().is_none())
                });
                match args {
                    // What an object initialiser of C# says stands behind the arguments.
                    [rest @ .., Value::Object(_) | Value::List(_)] if best.is_none() => {
                        self.constructor_of(class, Some(rest))
                    }
                    _ => best,
                }
            }
            None => {
                // The marked one, else the one that takes most.
                let rank = |ctor: &FnRef| {
                    let function = unit.function(ctor.id);
                    (!function.annotations.is_empty(), function.params.len(), std::cmp::Reverse(ctor.id))
                };
                all.into_iter().max_by_key(rank)
            }
        }
    }

    /// The constructor that takes these arguments, some of them by name.
    pub(super) fn constructor_taking(&self, class: ClassRef, args: &[Value], names: &[&SmolStr]) -> Option<FnRef> {
        if names.is_empty() {
            return self.constructor_of(class, Some(args));
        }
        let unit = self.world.unit(class.file)?;
        let takes = |id: &&weir_syntax::FunctionId| {
            let function = unit.function(**id);
            let has = |name: &SmolStr| {
                function.params.iter().any(|param| matches!(&param.pattern, Pattern::Name(param) if param == name))
            };
            function.kind == FunctionKind::Constructor && names.iter().all(|name| has(name))
        };
        unit.class(class.id).members.iter().find(takes).map(|id| FnRef { file: class.file, id: *id })
    }

    /// Of several functions those that take these arguments; all when none does.
    pub(super) fn fitting(&self, unit: &Unit, callees: Vec<Rc<Closure>>, args: &[Value]) -> Vec<Rc<Closure>> {
        if callees.len() < 2 || !unit.tree.language.has_overloads() {
            return callees;
        }
        let class = |closure: &Closure| {
            let unit = self.world.unit(closure.function.file)?;
            unit.index.class[closure.function.id.0 as usize].map(|class| (closure.function.file, class))
        };
        let scored: Vec<_> =
            callees.iter().map(|closure| (class(closure), self.score(closure.function, args))).collect();
        let best =
            |of: &Option<_>| scored.iter().filter(|(class, _)| class == of).filter_map(|(_, score)| *score).max();
        let kept: Vec<Rc<Closure>> = callees
            .iter()
            .zip(&scored)
            .filter(|(_, (class, score))| score.is_some() && *score == best(class))
            .map(|(closure, _)| closure.clone())
            .collect();
        if kept.is_empty() { callees } else { kept }
    }

    /// How well arguments fit the parameters of a function; `None` when they cannot be its arguments.
    fn score(&self, function: FnRef, args: &[Value]) -> Option<u32> {
        let unit = self.world.unit(function.file)?;
        let params = &unit.function(function.id).params;
        let rest = params.last().is_some_and(|param| param.rest);
        let needed = params.iter().filter(|param| param.default.is_none() && !param.rest).count();
        // A lambda behind the parentheses may be missing from what is counted.
        if args.len() < needed || (args.len() > params.len() && !rest) {
            return None;
        }
        let mut total = if rest { 0 } else { 1 };
        for (value, param) in args.iter().zip(params) {
            total += match &param.ty {
                Some(ty) if !param.rest => self.fit(&unit, value, ty)?,
                _ => 1,
            };
        }
        Some(total)
    }

    /// How well a value fits a declared type; `None` when it surely is no such value.
    fn fit(&self, unit: &Rc<Unit>, value: &Value, ty: &TypeRef) -> Option<u32> {
        let ty = match ty {
            TypeRef::Union(types) => types.first()?,
            ty => ty,
        };
        let several = matches!(ty, TypeRef::List(_)) || ty.name().is_some_and(super::dotnet::is_sequence);
        if several && unit.tree.language == weir_syntax::Language::CSharp {
            return match value {
                Value::List(_) => Some(3),
                Value::Instance(_) | Value::Text(_) | Value::Number(_) | Value::Closure(_) => None,
                _ => Some(1),
            };
        }
        let Some(name) = ty.name() else { return Some(1) };
        let (text, scalar) = (TEXTS.contains(&name), SCALARS.contains(&name));
        match value {
            Value::Text(_) | Value::Concat(_) if text => Some(3),
            Value::Text(_) | Value::Concat(_) if scalar => None,
            Value::Text(_) | Value::Concat(_) => self.type_name(unit, name).is_none().then_some(1),
            Value::Class(_) if CLASSES.contains(&name) => Some(3),
            Value::Class(_) if text || scalar => None,
            Value::Number(_) | Value::Bool(_) if scalar => Some(3),
            Value::Number(_) | Value::Bool(_) if text => None,
            Value::Instance(_) | Value::This(_) | Value::Typed(_) | Value::Closure(_) | Value::Object(_)
                if text || scalar =>
            {
                None
            }
            Value::Instance(instance) => match self.type_name(unit, name) {
                Some(TypeTarget::Class(class)) if self.is_a(instance.class, class) => Some(3),
                Some(TypeTarget::Class(_)) => None,
                _ => Some(1),
            },
            Value::Param(function, at, path) if path.is_empty() => {
                let other = self.world.unit(function.file)?;
                let declared = other.function(function.id).params.get(*at).and_then(|param| param.ty.clone());
                match declared.as_ref().and_then(TypeRef::name) {
                    Some(declared) if declared == name => Some(3),
                    Some(declared) if text != TEXTS.contains(&declared) && (text || scalar) => None,
                    _ => Some(1),
                }
            }
            _ => Some(1),
        }
    }
}
