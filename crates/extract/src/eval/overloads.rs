//! Which of several methods of one name a call means, in languages that tell them apart by what they take.

use super::Eval;
use super::dotnet::is_sequence;
use crate::value::{Closure, Frame, Value};
use crate::world::{ClassRef, FnRef, Unit};
use std::rc::Rc;
use weir_syntax::{Call, Function, FunctionKind, Language, Pattern, TypeRef};

impl Eval<'_, '_> {
    /// The method that a call means where the class of the one found has others of its name.
    pub(super) fn overload(
        &self,
        closure: &Rc<Closure>,
        unit: &Rc<Unit>,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Rc<Closure> {
        let Some(declared) = self.world.unit(closure.function.file) else { return closure.clone() };
        let found = declared.function(closure.function.id);
        let class = declared.index.class[closure.function.id.0 as usize];
        let (Language::CSharp, FunctionKind::Method, Some(class), None) =
            (declared.tree.language, found.kind, class, &found.receiver)
        else {
            return closure.clone();
        };
        let class = ClassRef { file: closure.function.file, id: class };
        let all: Vec<FnRef> = self
            .world
            .members(class)
            .iter()
            .copied()
            .filter(|member| {
                self.world.unit(member.file).is_some_and(|unit| {
                    let function = unit.function(member.id);
                    function.name == found.name && function.kind == FunctionKind::Method && function.receiver.is_none()
                })
            })
            .collect();
        if all.len() < 2 {
            return closure.clone();
        }
        let (args, _) = self.args(unit, call, frame);
        let mut best: Option<(u32, FnRef)> = None;
        for member in all {
            let Some(other) = self.world.unit(member.file) else { continue };
            let Some(fit) = fits(other.function(member.id), call, &args) else { continue };
            if best.is_none_or(|(known, _)| fit > known) {
                best = Some((fit, member));
            }
        }
        match best {
            Some((_, function)) if function != closure.function => {
                Rc::new(Closure { function, ..closure.as_ref().clone() })
            }
            _ => closure.clone(),
        }
    }
}

/// How well a method takes what a call gives; `None` when it cannot.
fn fits(function: &Function, call: &Call, args: &[Value]) -> Option<u32> {
    let least = function.params.iter().filter(|param| param.default.is_none() && !param.rest).count();
    let rest = function.params.iter().any(|param| param.rest);
    if call.args.len() < least || call.args.len() > function.params.len() && !rest {
        return None;
    }
    let mut fit = if call.args.len() == function.params.len() { 2 } else { 1 };
    for (at, arg) in call.args.iter().enumerate() {
        let param = match &arg.name {
            Some(name) => {
                function.params.iter().find(|param| matches!(&param.pattern, Pattern::Name(own) if own == name))?
            }
            None => match function.params.get(at) {
                Some(param) => param,
                None => continue,
            },
        };
        let Some(value) = args.get(at) else { continue };
        fit += match (&param.ty, value) {
            (Some(ty), Value::List(_)) if holds_several(ty) => 4,
            (Some(ty), Value::Instance(_) | Value::Text(_) | Value::Closure(_)) if holds_several(ty) => return None,
            (Some(_), Value::List(_)) => 0,
            (Some(ty), Value::Text(_)) if matches!(ty.name(), Some("string" | "String")) => 4,
            (Some(ty), Value::Instance(_) | Value::Closure(_)) if matches!(ty.name(), Some("string" | "String")) => {
                return None;
            }
            (Some(TypeRef::Function(..)), Value::Closure(_)) => 4,
            (Some(ty), Value::Closure(_)) if matches!(ty.name(), Some("Func" | "Action")) => 4,
            _ => 1,
        };
    }
    Some(fit)
}

fn holds_several(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::List(_)) || ty.name().is_some_and(is_sequence)
}
