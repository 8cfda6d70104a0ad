//! Objects and values that libraries keep under names: members by inheritance, constants, configuration.

use super::bind::Binder;
use super::pack_index::{PackIndex, RuleRef};
use crate::eval::Eval;
use crate::value::{Typed, Value};
use crate::world::{ClassRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::FunctionId;

impl<'p> PackIndex<'p> {
    /// The modules whose constants a library's object hands out.
    pub(crate) fn constants_of(&self, module: &str, path: &[SmolStr]) -> Option<&'p [SmolStr]> {
        let last = path.last()?;
        let rules = self.covering(module).filter_map(|pack| {
            let named = |(key, rule): &(&SmolStr, &crate::packs::TypeRule)| {
                *key == last || rule.names.iter().any(|name| name == last)
            };
            pack.types.iter().find(named).map(|(_, rule)| rule.constants.as_slice())
        });
        rules.into_iter().find(|constants| !constants.is_empty())
    }

    /// The well-known text that a member of a library's type is.
    pub(crate) fn text_of(&self, module: &str, path: &[SmolStr], name: &str) -> Option<SmolStr> {
        let last = path.last()?;
        let types = self.covering(module).filter_map(|pack| pack.types.get(last));
        types.into_iter().find_map(|rule| rule.texts.get(name)).cloned()
    }

    /// True where objects of a type are kept under this name.
    pub(crate) fn keeps(&self, typed: &Typed, name: &str) -> bool {
        let rule = self.packs[typed.pack].types.get(&typed.ty);
        let under = |member: &SmolStr| member.rsplit_once('.').is_some_and(|(_, field)| field == name);
        rule.is_some_and(|rule| rule.member.iter().any(under))
    }

    /// True for names that some library keeps objects under.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.held.contains(name)
    }

    /// A library object that a project class has under a name because it extends a library's class.
    pub(crate) fn inherited_member(
        &self,
        eval: &Eval<'_, '_>,
        class: ClassRef,
        whole: &Value,
        name: &str,
    ) -> Option<Value> {
        let unit = eval.world.unit(class.file)?;
        for (pack, inherited) in self.inherited(eval, class) {
            for (ty, rule) in &self.packs[pack].types {
                let fits = |member: &&SmolStr| {
                    member.rsplit_once('.').is_some_and(|(on, field)| field == name && self.is_a(pack, &inherited, on))
                };
                if rule.member.iter().any(|member| fits(&member)) {
                    let binder = Binder::declaration(eval, &unit, &[], &[]).on(whole.clone());
                    let site = Site::new(unit.path.clone(), unit.class(class.id).line);
                    return Some(self.make(pack, ty, &binder, site, None));
                }
            }
        }
        None
    }

    /// The library object that a method of a project class is called with, because the class extends a library's and
    /// the library calls the method of that name.
    pub(super) fn overridden_param(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        function: FunctionId,
        at: usize,
    ) -> Option<Value> {
        let name = &unit.function(function).name;
        let typed = |entry: &&RuleRef| {
            self.packs[entry.pack].facts[entry.rule].callback.get(name).is_some_and(|types| types.len() > at)
        };
        let mut rules = self.extended.iter().filter(typed).peekable();
        rules.peek()?;
        let class = eval.world.class_of(unit, function)?;
        let inherited = self.inherited(eval, class);
        let fits = |entry: &&RuleRef| {
            inherited.iter().any(|(pack, ty)| *pack == entry.pack && self.is_a(*pack, ty, &entry.ty))
        };
        let entry = rules.find(fits)?;
        let pack = &self.packs[entry.pack];
        let ty = pack.facts[entry.rule].callback[name].get(at).filter(|ty| pack.types.contains_key(*ty))?;
        let binder = Binder::declaration(eval, unit, &[], &[]).on(Value::This(class));
        let site = Site::new(unit.path.clone(), unit.function(function).line);
        Some(self.make(entry.pack, ty, &binder, site, None))
    }

    /// A member of a library object that hands out configuration.
    pub(crate) fn entry(&self, eval: &Eval<'_, '_>, typed: &Typed, whole: &Value, name: &str) -> Option<Value> {
        let path = self.path(self.packs[typed.pack].types.get(&typed.ty)?.entries.as_ref()?)?;
        if self.has_method(typed.pack, &typed.ty, name) {
            return None;
        }
        let unit = eval.world.source.find(&typed.origin.file).and_then(|file| eval.world.unit(file))?;
        let mut binder = Binder::declaration(eval, &unit, &[], &[]).on(whole.clone());
        binder.member = Some(name.into());
        match binder.value(&path)? {
            Value::Text(key) => Some(self.provided_config(&binder, &key).unwrap_or(Value::Env(key, None))),
            _ => None,
        }
    }
}
