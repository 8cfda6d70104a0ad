//! Bare names that mean members of the class around them, in languages where `this` need not be said.

use super::Eval;
use crate::value::{Frame, Value};
use crate::world::{ClassRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{FunctionId, FunctionKind, Pattern};

/// Types that stand in each other.
const MAX_NESTED: usize = 6;

impl Eval<'_, '_> {
    /// What a bare name means as a member of the class around a function or field, or of a class around that.
    pub(super) fn implicit_member(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        from: Option<FunctionId>,
        field_of: Option<ClassRef>,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        if !unit.tree.language.has_implicit_this() {
            return None;
        }
        let own = from.and_then(|function| unit.index.class[function.0 as usize]);
        let class = own.map(|id| ClassRef { file: unit.file, id }).or(field_of)?;
        if self.has_member(class, name) {
            let this = self.this_of(unit, from, field_of, frame);
            return Some(match this {
                Value::Opaque(_) => self.member(&Value::This(class), name),
                this => self.member(&this, name),
            });
        }
        // A nested type sees the static members of those around it.
        let mut owner = unit.class(class.id).owner.clone();
        for _ in 0..MAX_NESTED {
            let name_of_outer = owner?;
            let at = unit.tree.types.iter().position(|ty| ty.name == name_of_outer)?;
            let outer = ClassRef { file: unit.file, id: weir_syntax::TypeId(u32::try_from(at).ok()?) };
            if self.has_member(outer, name) {
                return Some(self.static_member(outer, name));
            }
            owner = unit.class(outer.id).owner.clone();
        }
        None
    }

    /// True where a class or what it inherits inside the program has a member of this name.
    pub(crate) fn has_member(&self, class: ClassRef, name: &str) -> bool {
        self.chain(class).into_iter().any(|class| {
            self.world.unit(class.file).is_some_and(|unit| {
                let decl = unit.class(class.id);
                decl.fields.iter().any(|field| field.name == name)
                    || decl.variants.iter().any(|variant| variant.name == name)
                    || decl.members.iter().map(|id| unit.function(*id)).any(|function| match function.kind {
                        FunctionKind::Constructor => {
                            let own = |pattern: &Pattern| matches!(pattern, Pattern::Name(own) if own == name);
                            function.params.iter().any(|param| param.field && own(&param.pattern))
                        }
                        FunctionKind::Setter => false,
                        _ => function.name == name,
                    })
            })
        })
    }

    /// The name of a class with its namespace and the types around it.
    pub(crate) fn qualified_name(&self, class: ClassRef, separator: &str, nested: &str) -> SmolStr {
        let Some(unit) = self.world.unit(class.file) else { return SmolStr::default() };
        let decl = unit.class(class.id);
        let mut name = decl.name.to_string();
        let mut namespace = unit.tree.namespace.to_string();
        let mut owner = decl.owner.clone();
        for _ in 0..MAX_NESTED {
            let Some(outer) = owner else { break };
            match unit.tree.types.iter().find(|ty| ty.name == outer) {
                Some(ty) => {
                    name = format!("{outer}{nested}{name}");
                    owner = ty.owner.clone();
                }
                // No type: a namespace that is not the file's first.
                None => {
                    namespace = if namespace.is_empty() { outer.to_string() } else { format!("{namespace}.{outer}") };
                    owner = None;
                }
            }
        }
        SmolStr::new(if namespace.is_empty() { name } else { format!("{namespace}{separator}{name}") })
    }
}
