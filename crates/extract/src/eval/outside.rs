//! What a program puts into an object from outside: `settings.topic = …` behind the place that makes the object.

use super::Eval;
use crate::value::{Typed, Value};
use crate::world::ClassRef;
use weir_syntax::Expr;

/// Assignments to members of one name that are looked at; a name that is set more often tells nothing.
const MAX_SET: usize = 64;

impl Eval<'_, '_> {
    /// What the program assigns to a member of this name on objects of the same type. Objects that are made in code are
    /// told apart by where that is.
    pub(super) fn put_into(&self, typed: &Typed, name: &str) -> Value {
        let made = self.packs.packs[typed.pack].types.get(&typed.ty).is_some_and(|rule| rule.member.is_empty());
        // A file that only declares the object is not searched for calls.
        let mut units = self.world.units_assigning(name);
        units.retain(|unit| made || self.world.is_searched(unit.file));
        let mut values = Vec::new();
        for unit in units {
            for (object, value) in unit.index.assigned.get(name).into_iter().flatten() {
                let objects = self.expr(&unit, *object, None);
                let same = |one: &Value| match one {
                    Value::Typed(one) => {
                        one.pack == typed.pack && one.ty == typed.ty && (!made || one.origin == typed.origin)
                    }
                    _ => false,
                };
                // Where nothing tells what the object is, the name it is kept under does.
                let alike = || {
                    let kept = matches!(unit.expr(*object), Expr::Member { name, .. } if self.packs.keeps(typed, name));
                    kept && objects.alternatives().iter().all(|one| one.is_empty() || one.is_symbolic())
                };
                if objects.alternatives().iter().any(same) {
                    values.push(self.expr(&unit, *value, None));
                } else if alike() {
                    self.doubt(weir_facts::Certainty::Likely);
                    values.push(self.expr(&unit, *value, None));
                }
            }
        }
        Value::choice(values)
    }

    /// What the program assigns to a member of an object of one of its own classes, or of the class itself, where the
    /// class says nothing of it and objects take any member.
    pub(super) fn put_from_outside(&self, class: ClassRef, this: &Value, name: &str) -> Option<Value> {
        let declared = self.world.unit(class.file)?;
        if !declared.tree.language.has_keyword_arguments() {
            return None;
        }
        let same = |one: &Value| match (one, this) {
            (Value::Instance(one), Value::Instance(this)) => one.class == class && one.origin == this.origin,
            (Value::Class(one), _) => *one == class,
            _ => false,
        };
        let mut values = Vec::new();
        for unit in self.world.units_assigning(name) {
            let set = unit.index.assigned.get(name).into_iter().flatten();
            // Only what has a name of its own: members of members lead all over the program.
            let named = set.filter(|(object, _)| matches!(unit.expr(*object), Expr::Name(name) if name != "self"));
            for (object, value) in named.take(MAX_SET) {
                if self.expr(&unit, *object, None).alternatives().iter().any(same) {
                    values.push(self.expr(&unit, *value, None));
                }
            }
        }
        (!values.is_empty()).then(|| Value::choice(values))
    }
}
