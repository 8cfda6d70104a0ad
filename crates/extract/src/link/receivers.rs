//! Which library types an object has: as a library's own value, or as an object of a project class that extends one.

use super::pack_index::PackIndex;
use crate::eval::{Eval, TypeTarget};
use crate::value::Value;
use crate::world::ClassRef;
use smol_str::SmolStr;

impl PackIndex<'_> {
    /// Library types an object of a project class has through what it extends.
    pub(crate) fn inherited(&self, eval: &Eval<'_, '_>, class: ClassRef) -> Vec<(usize, SmolStr)> {
        let mut found = Vec::new();
        for class in eval.chain(class) {
            let Some(unit) = eval.world.unit(class.file) else {
                continue;
            };
            for base in eval.bases(class) {
                if let TypeTarget::Library(module, path) = base {
                    found.extend(self.types_named(&module, &path, &unit));
                }
            }
        }
        found
    }

    /// The library types of a receiver with the typed value behind each.
    pub(crate) fn receiver_types(&self, eval: &Eval<'_, '_>, receiver: &Value) -> Vec<(usize, SmolStr)> {
        match receiver {
            Value::Typed(typed) => vec![(typed.pack, typed.ty.clone())],
            Value::Instance(instance) => {
                let mut types = self.inherited(eval, instance.class);
                if types.is_empty()
                    && self.client_broker(receiver).is_some()
                    && self.base_is_absent(eval, instance.class)
                {
                    types.extend(self.absent.iter().cloned());
                }
                types
            }
            Value::This(class) | Value::Class(class) => self.inherited(eval, *class),
            _ => Vec::new(),
        }
    }

    /// The library's object that a struct embeds: whatever it is called with is known of that object.
    pub(crate) fn embedded(&self, eval: &Eval<'_, '_>, receiver: &Value, pack: usize) -> Option<Value> {
        let class = match receiver {
            Value::Instance(instance) => instance.class,
            Value::This(class) => *class,
            _ => return None,
        };
        let unit = eval.world.unit(class.file).filter(|unit| unit.tree.language.has_struct_literals())?;
        let bases = unit.class(class.id).bases.iter().filter_map(|base| base.name());
        let mut fields = bases.map(|base| eval.member(receiver, base.rsplit('.').next().unwrap_or(base)));
        fields.find(|value| matches!(value, Value::Typed(typed) if typed.pack == pack))
    }

    /// The broker that the client a wrapper is made with speaks to.
    pub(crate) fn client_broker(&self, wrapper: &Value) -> Option<SmolStr> {
        let of = |value: &Value| match value {
            Value::Typed(typed) => self.packs[typed.pack].broker.clone(),
            _ => None,
        };
        match wrapper {
            Value::Instance(instance) => instance.args.iter().flatten().flat_map(Value::alternatives).find_map(of),
            other => of(other),
        }
    }

    fn base_is_absent(&self, eval: &Eval<'_, '_>, class: ClassRef) -> bool {
        let bases = eval.chain(class).into_iter().flat_map(|class| eval.bases(class));
        bases.into_iter().any(|base| matches!(base, TypeTarget::Library(module, _) if !module.is_empty()))
    }
}
