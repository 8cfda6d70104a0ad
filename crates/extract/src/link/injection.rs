//! What annotations put into fields, parameters and whole classes: library objects, values, configuration.

use super::bind::Binder;
use super::pack_index::PackIndex;
use crate::eval::Eval;
use crate::value::Value;
use crate::world::Unit;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Annotation, TypeRef};

impl PackIndex<'_> {
    /// A value that an annotation injects.
    pub(crate) fn injected(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        ty: &TypeRef,
        annotations: &[Annotation],
        site: &Site,
    ) -> Option<Value> {
        for annotation in annotations {
            let Some(crate::eval::TypeTarget::Library(module, path)) = eval.callable_name(unit, &annotation.name)
            else {
                continue;
            };
            let name = path.last().map_or("default", SmolStr::as_str);
            if let Some(value) = self.filled_in(eval, unit, annotation, &module, name) {
                return Some(value);
            }
            let injecting = self.injecting.get(name).into_iter().flatten();
            if let Some((at, key)) = injecting.into_iter().find(|(at, _)| self.speaks(*at, &module, unit)) {
                let args: &[TypeRef] = if let TypeRef::Named { args, .. } = ty { args } else { &[] };
                let mut binder = Binder::declaration(eval, unit, args, annotations);
                binder.args = annotation.args.clone();
                return Some(self.make(*at, key, &binder, site.clone(), None));
            }
        }
        None
    }

    /// The value that an annotation gives to what it stands on.
    fn filled_in(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        annotation: &Annotation,
        module: &str,
        name: &str,
    ) -> Option<Value> {
        let rules = self.annotations.get(name)?.iter().filter(|entry| self.speaks(entry.pack, module, unit));
        rules.into_iter().find_map(|entry| {
            let emit = self.packs[entry.pack].facts[entry.rule].emit.as_ref()?;
            let mut binder = Binder::declaration(eval, unit, &[], &[]);
            binder.args.clone_from(&annotation.args);
            binder.value(self.path(emit.value.as_ref()?)?.as_ref())
        })
    }

    /// The configuration key that the fields of a class stand below.
    pub(crate) fn configuration_of(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        class: crate::world::ClassRef,
    ) -> Option<SmolStr> {
        unit.class(class.id).annotations.iter().find_map(|annotation| {
            let last = annotation.name.rsplit('.').next().unwrap_or(&annotation.name);
            if !self.annotations.contains_key(last) {
                return None;
            }
            let Some(crate::eval::TypeTarget::Library(module, path)) = eval.callable_name(unit, &annotation.name)
            else {
                return None;
            };
            let rules = self.annotations.get(path.last()?)?.iter();
            rules.filter(|entry| self.speaks(entry.pack, &module, unit)).find_map(|entry| {
                let emit = self.packs[entry.pack].facts[entry.rule].emit.as_ref()?;
                let mut binder = Binder::declaration(eval, unit, &[], &[]);
                binder.args.clone_from(&annotation.args);
                match binder.value(self.path(emit.fields.as_ref()?)?.as_ref())? {
                    Value::Text(prefix) => Some(prefix),
                    _ => None,
                }
            })
        })
    }
}
