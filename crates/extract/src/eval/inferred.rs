//! What a parameter without a type holds, by what its callers hand over.
//!
//! Where nobody has to declare anything, the object that a function works on is told by the calls of the function. Only
//! library objects and objects of the program's own classes count: a name that is handed over belongs to its caller.

use super::Eval;
use crate::value::Value;
use crate::world::{FnRef, Key, Unit};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use weir_syntax::{Call, Expr, FunctionKind};

/// Parameters handed on from parameters.
const MAX_HANDED: u32 = 3;
/// Calls of one function that are looked at.
const MAX_CALLS: usize = 24;
/// Objects that one parameter may be.
const MAX_OBJECTS: usize = 4;

/// A parameter and the way into it.
type Place = (FnRef, usize, Rc<[Key]>);

/// What is known of parameters; `None` while it is being sought.
#[derive(Default)]
pub(super) struct Inferred {
    known: RefCell<FxHashMap<Place, Option<Rc<[Value]>>>>,
    depth: Cell<u32>,
}

impl Inferred {
    pub(super) fn forget(&self) {
        self.known.borrow_mut().clear();
    }
}

impl Eval<'_, '_> {
    /// The objects that callers hand to a parameter, as far as the searched files show.
    pub(crate) fn inferred(&self, function: FnRef, at: usize, path: &Rc<[Key]>) -> Rc<[Value]> {
        let place = (function, at, path.clone());
        if let Some(known) = self.inferred.known.borrow().get(&place) {
            return known.clone().unwrap_or_else(|| Rc::from([]));
        }
        if self.inferred.depth.get() >= MAX_HANDED {
            self.bounded();
            return Rc::from([]);
        }
        self.inferred.known.borrow_mut().insert(place.clone(), None);
        self.inferred.depth.set(self.inferred.depth.get() + 1);
        let found: Rc<[Value]> = self.seek_objects(function, at, path).into();
        self.inferred.depth.set(self.inferred.depth.get() - 1);
        self.inferred.known.borrow_mut().insert(place, Some(found.clone()));
        found
    }

    fn seek_objects(&self, function: FnRef, at: usize, path: &[Key]) -> Vec<Value> {
        let mut found: Vec<Value> = Vec::new();
        let Some(declared) = self.world.unit(function.file) else { return found };
        if !declared.tree.language.has_keyword_arguments() {
            return found;
        }
        let own = declared.function(function.id);
        if path.is_empty() {
            found.extend(self.handed_by_library(&declared, function, at));
        }
        let constructor = own.kind == FunctionKind::Constructor;
        let names = match self.world.class_of(&declared, function.id) {
            Some(class) if constructor => {
                let below = self.subclasses(class);
                std::iter::once(class).chain(below).map(|class| self.class_name(class)).collect()
            }
            _ => vec![own.name.clone()],
        };
        for name in names.iter().filter(|name| !name.is_empty()) {
            for (unit, site) in self.world.call_sites(name, function.file).into_iter().take(MAX_CALLS) {
                let Expr::Call(call) = unit.expr(site.expr) else { continue };
                if unit.test && !declared.test || !self.runs(&unit, call, function) {
                    continue;
                }
                let (args, _) = self.args_for(&unit, call, None, function);
                let Some(value) = args.get(at).map(|value| self.walk(value, path)) else { continue };
                for one in self.objects_of(&value) {
                    if !found.contains(&one) && found.len() < MAX_OBJECTS {
                        found.push(one);
                    }
                }
            }
        }
        found
    }

    /// What a library hands to a parameter of a function that it calls.
    fn handed_by_library(&self, declared: &Rc<Unit>, function: FnRef, at: usize) -> Option<Value> {
        if let Some((call, ..)) = declared.index.argument_of.get(&function.id) {
            return self.packs.handed_to(self, declared, *call, function, at);
        }
        if let Some(object) = self.packs.assigned_param(self, declared, function, at) {
            return Some(object);
        }
        let name = &declared.function(function.id).name;
        self.world.searched().iter().find_map(|unit| {
            let mut given = unit.index.passed.get(name).into_iter().flatten().take(MAX_CALLS);
            given.find_map(|(call, _)| self.packs.handed_to(self, unit, *call, function, at))
        })
    }

    /// The objects among what a value may be, parameters of callers followed.
    fn objects_of(&self, value: &Value) -> Vec<Value> {
        let objects = value.alternatives().iter().flat_map(|one| match one {
            Value::Typed(_) | Value::Instance(_) => vec![one.clone()],
            Value::Param(function, at, path) => self.inferred(*function, *at, path).to_vec(),
            _ => Vec::new(),
        });
        objects.collect()
    }

    /// True for a call that runs a function, a constructor by making an object.
    fn runs(&self, unit: &Rc<Unit>, call: &Call, function: FnRef) -> bool {
        if self.callees(unit, call, None).iter().any(|closure| closure.function == function) {
            return true;
        }
        self.made_by(unit, call).into_iter().any(|class| {
            let mut chain = self.chain(class).into_iter();
            chain.find_map(|class| self.own_method(class, "constructor", FunctionKind::Constructor)) == Some(function)
        })
    }
}
