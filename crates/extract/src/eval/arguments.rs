//! The arguments of a call in the order of the parameters they are given to: by position, by name, spread.

use super::Eval;
use crate::value::{Frame, Object, Value};
use crate::world::{ClassRef, FnRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Expr, FunctionKind, Param, Pattern, TypeRef};

/// What a call says before it is known who takes it.
struct Given {
    positional: Vec<Value>,
    named: Vec<(SmolStr, Value)>,
    /// False when a spread hides the rest.
    complete: bool,
}

/// A place that an argument can go to.
struct Slot {
    name: Option<SmolStr>,
    rest: Rest,
}

/// What a parameter collects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Nothing,
    Positional,
    Named,
}

impl Slot {
    fn of(param: &Param) -> Slot {
        let name = match &param.pattern {
            Pattern::Name(name) => Some(name.clone()),
            _ => None,
        };
        let rest = match (param.rest, &param.ty) {
            (false, _) => Rest::Nothing,
            (true, Some(TypeRef::Named { name, .. })) if name == "dict" => Rest::Named,
            (true, _) => Rest::Positional,
        };
        Slot { name, rest }
    }
}

impl Eval<'_, '_> {
    /// The values of the arguments by position, and whether all are known.
    pub(crate) fn args(&self, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> (Vec<Value>, bool) {
        let given = self.given(unit, call, frame);
        let named = given.named.into_iter().map(|(_, value)| value);
        (given.positional.into_iter().chain(named).collect(), given.complete)
    }

    /// The values that a function takes from a call, in the order of its parameters.
    pub(crate) fn args_for(
        &self,
        unit: &Rc<Unit>,
        call: &Call,
        frame: Option<&Rc<Frame>>,
        function: FnRef,
    ) -> (Vec<Value>, bool) {
        let given = self.given(unit, call, frame);
        let complete = given.complete;
        let Some(declared) = self.world.unit(function.file) else {
            return (given.positional, complete);
        };
        let slots: Vec<Slot> = declared.function(function.id).params.iter().map(Slot::of).collect();
        (arranged(&slots, declared.tree.language.has_keyword_arguments(), given), complete)
    }

    /// Values handed to a function by position, as its parameters take them.
    pub(super) fn arranged_for(&self, function: FnRef, positional: Vec<Value>) -> Vec<Value> {
        let Some(declared) = self.world.unit(function.file) else { return positional };
        let slots: Vec<Slot> = declared.function(function.id).params.iter().map(Slot::of).collect();
        let given = Given { positional, named: Vec::new(), complete: true };
        arranged(&slots, declared.tree.language.has_keyword_arguments(), given)
    }

    /// What a construction hands to the class: to its constructor, or to its fields where nobody wrote one.
    pub(super) fn args_of_new(
        &self,
        unit: &Rc<Unit>,
        call: &Call,
        frame: Option<&Rc<Frame>>,
        class: ClassRef,
    ) -> (Vec<Value>, bool) {
        let constructor = if unit.tree.language.has_overloads() {
            let given = self.given(unit, call, frame);
            let names: Vec<&SmolStr> = given.named.iter().map(|(name, _)| name).collect();
            self.constructor_taking(class, &given.positional, &names)
        } else {
            let chain = self.chain(class).into_iter();
            chain.into_iter().find_map(|class| self.own_method(class, "constructor", FunctionKind::Constructor))
        };
        match constructor {
            Some(constructor) => self.args_for(unit, call, frame, constructor),
            None => {
                let given = self.given(unit, call, frame);
                let complete = given.complete;
                let fields = self.record_fields(class);
                if fields.is_empty() {
                    return (given.positional, complete);
                }
                let slots: Vec<Slot> =
                    fields.into_iter().map(|name| Slot { name: Some(name), rest: Rest::Nothing }).collect();
                let values = arranged(&slots, true, given);
                // Whatever else a spread may hold, no field is left that it could fill.
                let filled = values.len() == slots.len() && values.iter().all(|value| *value != Value::Null);
                (values, complete || filled)
            }
        }
    }

    /// The fields that the constructor of a class without a written one takes, those of its bases first.
    pub(super) fn record_fields(&self, class: ClassRef) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = Vec::new();
        for class in self.chain(class).into_iter().rev() {
            let Some(unit) = self.world.unit(class.file) else { continue };
            if !unit.tree.language.has_keyword_arguments() {
                return Vec::new();
            }
            let fields = unit.class(class.id).fields.iter().filter(|field| !field.is_static && field.ty.is_some());
            for field in fields {
                if !names.contains(&field.name) {
                    names.push(field.name.clone());
                }
            }
        }
        names
    }

    fn given(&self, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Given {
        let mut given = Given { positional: Vec::new(), named: Vec::new(), complete: true };
        for arg in &call.args {
            let value = self.expr(unit, arg.value, frame);
            match (&arg.name, unit.expr(arg.value), value) {
                (Some(name), _, value) => given.named.push((name.clone(), value)),
                (None, Expr::Spread(_), Value::List(items)) if given.complete => {
                    given.positional.extend(items.iter().cloned());
                }
                (None, Expr::Spread(_), Value::Object(object)) if unit.tree.language.has_keyword_arguments() => {
                    given.named.extend(object.fields.iter().cloned());
                    given.complete &= !object.open;
                }
                // One list or another: whatever is in any of them may be given.
                (None, Expr::Spread(_), Value::Choice(options))
                    if given.complete && options.iter().all(|option| matches!(option, Value::List(_))) =>
                {
                    let items = options.iter().flat_map(|option| match option {
                        Value::List(items) => items.to_vec(),
                        _ => Vec::new(),
                    });
                    for item in items {
                        if !given.positional.contains(&item) {
                            given.positional.push(item);
                        }
                    }
                    self.doubt(weir_facts::Certainty::Likely);
                }
                (None, Expr::Spread(_), _) => given.complete = false,
                // Behind a spread that is not known nothing has a known position.
                (None, _, value) if given.complete => given.positional.push(value),
                _ => {}
            }
        }
        given
    }
}

/// Puts what is given where it belongs; what nobody takes stays behind the last parameter.
fn arranged(slots: &[Slot], collects: bool, given: Given) -> Vec<Value> {
    let collects = collects && slots.iter().any(|slot| slot.rest != Rest::Nothing);
    if given.named.is_empty() && !collects {
        return given.positional;
    }
    let mut values: Vec<Option<Value>> = vec![None; slots.len()];
    let mut positional = given.positional.into_iter();
    for (at, slot) in slots.iter().enumerate() {
        match slot.rest {
            Rest::Positional if collects => {
                values[at] = Some(Value::List(positional.by_ref().collect()));
            }
            Rest::Named => {}
            Rest::Positional => break,
            Rest::Nothing => values[at] = positional.next(),
        }
    }
    let mut others = Vec::new();
    for (name, value) in given.named {
        match slots.iter().position(|slot| slot.rest == Rest::Nothing && slot.name.as_ref() == Some(&name)) {
            Some(at) => values[at] = Some(value),
            None => others.push((name, value)),
        }
    }
    if let Some(at) = slots.iter().position(|slot| slot.rest == Rest::Named) {
        values[at] =
            Some(Value::Object(Rc::new(Object { fields: others, open: !given.complete, ..Object::default() })));
    }
    while values.last().is_some_and(Option::is_none) {
        values.pop();
    }
    let mut values: Vec<Value> = values.into_iter().map(|value| value.unwrap_or(Value::Null)).collect();
    values.extend(positional);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(name: &str, rest: Rest) -> Slot {
        Slot { name: Some(name.into()), rest }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn names_go_where_they_belong() {
        let slots = [slot("a", Rest::Nothing), slot("b", Rest::Nothing), slot("c", Rest::Nothing)];
        let given = Given { positional: vec![text("1")], named: vec![("c".into(), text("3"))], complete: true };
        assert_eq!(arranged(&slots, true, given), [text("1"), Value::Null, text("3")]);
    }

    #[test]
    fn what_is_left_is_collected() {
        let slots = [slot("a", Rest::Nothing), slot("rest", Rest::Positional), slot("more", Rest::Named)];
        let given = Given {
            positional: vec![text("1"), text("2"), text("3")],
            named: vec![("key".into(), text("4"))],
            complete: true,
        };
        let more = Value::Object(Rc::new(Object {
            fields: vec![("key".into(), text("4"))],
            open: false,
            ..Object::default()
        }));
        let rest = Value::List(vec![text("2"), text("3")].into());
        assert_eq!(arranged(&slots, true, given), [text("1"), rest, more]);
    }

    #[test]
    fn positions_stay_where_nothing_is_named() {
        let slots = [slot("a", Rest::Nothing), slot("rest", Rest::Positional)];
        let given = Given { positional: vec![text("1"), text("2")], named: Vec::new(), complete: true };
        assert_eq!(arranged(&slots, false, given), [text("1"), text("2")]);
    }
}
