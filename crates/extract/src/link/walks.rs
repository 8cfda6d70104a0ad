//! Rules about what has no call: loops over an object, assignments to a member or to a name of a file or a class.

use super::bind::Binder;
use super::hits::{Hit, Place};
use super::pack_index::RuleRef;
use crate::eval::Eval;
use crate::value::{Frame, Value};
use crate::world::{ClassRef, Def, FnRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Arg, ExprId, TypeId};

impl Hit {
    /// A binder for every object that a loop may walk over.
    pub(super) fn walk_binders<'e, 'w, 's>(
        &self,
        eval: &'e Eval<'w, 's>,
        over: ExprId,
        frame: Option<&Rc<Frame>>,
    ) -> Vec<Binder<'e, 'w, 's>> {
        let ty = self.entry_type(eval);
        let values = eval.expr(&self.unit, over, frame);
        let fits = values.alternatives().iter().filter(|value| is_of(eval, value, self.pack, &ty));
        fits.map(|value| self.member_binder(eval, over, Vec::new(), frame).on(value.clone())).collect()
    }

    /// A binder for every object that an assignment may be one to.
    pub(super) fn assignment_binders<'e, 'w, 's>(
        &self,
        eval: &'e Eval<'w, 's>,
        object: Option<ExprId>,
        value: ExprId,
        frame: Option<&Rc<Frame>>,
    ) -> Vec<Binder<'e, 'w, 's>> {
        let args = vec![Arg { name: None, value }];
        let binder = || self.member_binder(eval, value, args.clone(), frame);
        let Some(object) = object else {
            let mut binder = binder();
            let declares = |ty: &weir_syntax::TypeDecl| ty.fields.iter().any(|field| field.value == Some(value));
            if let Some(at) = self.unit.tree.types.iter().position(declares) {
                let id = TypeId(u32::try_from(at).unwrap_or(u32::MAX));
                binder.class = Some(ClassRef { file: self.unit.file, id });
            }
            return vec![binder];
        };
        let objects = eval.expr(&self.unit, object, frame);
        objects.alternatives().iter().map(|object| binder().on(object.clone())).collect()
    }

    /// The type that a rule about loops speaks of.
    fn entry_type(&self, eval: &Eval<'_, '_>) -> SmolStr {
        let entry = eval.packs.walks.iter().find(|entry| entry.pack == self.pack && entry.rule == self.rule);
        entry.map(|entry| entry.ty.clone()).unwrap_or_default()
    }

    fn member_binder<'e, 'w, 's>(
        &self,
        eval: &'e Eval<'w, 's>,
        at: ExprId,
        args: Vec<Arg>,
        frame: Option<&Rc<Frame>>,
    ) -> Binder<'e, 'w, 's> {
        let call = weir_syntax::Call { callee: at, args, type_args: Vec::new(), optional: false };
        let mut binder = Binder::call(eval, &self.unit, &call, frame);
        let scope = self.unit.index.scope[at.0 as usize];
        binder.function = scope.map(|id| FnRef { file: self.unit.file, id });
        binder.class = scope.and_then(|id| eval.world.class_of(&self.unit, id));
        binder
    }
}

/// True for an object that has a type of a pack.
fn is_of(eval: &Eval<'_, '_>, value: &Value, pack: usize, ty: &str) -> bool {
    let types = eval.packs.receiver_types(eval, value);
    types.iter().any(|(at, known)| *at == pack && eval.packs.is_a(*at, known, ty))
}

/// Matches of rules about loops and assignments in one file.
pub(super) fn in_unit(eval: &Eval<'_, '_>, unit: &Rc<Unit>, wanted: &dyn Fn(usize) -> bool, hits: &mut Vec<Hit>) {
    let packs = eval.packs;
    let mut add = |entry: &RuleRef, place: Place| {
        hits.push(Hit { pack: entry.pack, rule: entry.rule, unit: unit.clone(), place });
    };
    let walks: Vec<&RuleRef> = packs.walks.iter().filter(|entry| wanted(entry.pack)).collect();
    if !walks.is_empty() {
        for over in &unit.index.walked {
            let values = eval.expr(unit, *over, None);
            for entry in &walks {
                if values.alternatives().iter().any(|value| is_of(eval, value, entry.pack, &entry.ty)) {
                    add(entry, Place::Walk(*over));
                }
            }
        }
    }
    for (name, rules) in &packs.assignments {
        for entry in rules.iter().filter(|entry| wanted(entry.pack)) {
            if !entry.ty.is_empty() {
                for (object, value) in unit.index.assigned.get(name).into_iter().flatten() {
                    let objects = eval.expr(unit, *object, None);
                    if objects.alternatives().iter().any(|one| is_of(eval, one, entry.pack, &entry.ty)) {
                        add(entry, Place::Assignment(Some(*object), *value));
                    }
                }
                continue;
            }
            let languages = &packs.packs[entry.pack].languages;
            if !languages.iter().any(|language| language == unit.tree.language.name()) {
                continue;
            }
            for def in unit.index.defs.get(&(None, name.clone())).into_iter().flatten() {
                if let Def::Let { value: Some(value), path, .. } = def
                    && path.is_empty()
                {
                    add(entry, Place::Assignment(None, *value));
                }
            }
            if packs.imported(entry.pack, unit) {
                let fields = unit.tree.types.iter().flat_map(|ty| &ty.fields).filter(|field| field.name == *name);
                fields.filter_map(|field| field.value).for_each(|value| add(entry, Place::Assignment(None, value)));
            }
        }
    }
}
