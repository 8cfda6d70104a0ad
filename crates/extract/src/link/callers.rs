//! Who calls a function: the demand rounds that find the users of a company's own wrapper.

use crate::eval::Eval;
use crate::source::Mention;
use crate::value::Value;
use crate::world::{ClassRef, FnRef, Unit, last_name};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, FunctionKind};

/// One call of a project function.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) unit: Rc<Unit>,
    pub(crate) expr: ExprId,
}

/// Callers found so far, by function, and the words whose files were already loaded.
#[derive(Default)]
pub(crate) struct Callers {
    known: RefCell<FxHashMap<FnRef, Rc<Vec<Caller>>>>,
    asked: RefCell<BTreeSet<Mention>>,
}

impl Callers {
    /// Searches every file that says one of these; true when that brought in new files.
    pub(crate) fn demand(&self, eval: &Eval<'_, '_>, mentions: BTreeSet<Mention>) -> bool {
        let mut asked = self.asked.borrow_mut();
        let new: Vec<Mention> =
            mentions.into_iter().filter(|mention| !mention.word.is_empty() && !asked.contains(mention)).collect();
        if new.is_empty() {
            return false;
        }
        let grown = eval.world.search(&eval.world.source.mentioning(&new)) > 0;
        asked.extend(new);
        if grown {
            eval.forget();
            self.known.borrow_mut().clear();
        }
        grown
    }

    /// Forgets the calls found so far; needed when values changed that decide who is called.
    pub(crate) fn forget(&self) {
        self.known.borrow_mut().clear();
    }

    /// What every file must say that calls a function: its name, and for a method something that tells of the object.
    pub(crate) fn mention(eval: &Eval<'_, '_>, function: FnRef) -> Option<Mention> {
        let unit = eval.world.unit(function.file)?;
        let method = eval.method_of_scope(&unit, function.id);
        let class = eval.class_of(&unit, method);
        if unit.function(method).kind == FunctionKind::Constructor {
            return class.map(|class| Mention::of(eval.class_name(class)));
        }
        let word = bare(eval, FnRef { file: function.file, id: method })?;
        let mut with = BTreeSet::new();
        if let Some(class) = class {
            for class in eval.chain(class).into_iter().chain(eval.subclasses(class)) {
                with.insert(eval.class_name(class));
                with.extend(eval.world.carriers.of(class));
            }
            with.retain(|name| !name.is_empty());
        }
        Some(Mention { word, with: with.into_iter().collect() })
    }

    /// Every call of a function in the loaded files, in source order.
    pub(crate) fn of(&self, eval: &Eval<'_, '_>, function: FnRef) -> Rc<Vec<Caller>> {
        if let Some(known) = self.known.borrow().get(&function) {
            return known.clone();
        }
        let mut found = Vec::new();
        if let Some(unit) = eval.world.unit(function.file) {
            let class = eval.class_of(&unit, function.id);
            if unit.function(function.id).kind == FunctionKind::Constructor {
                if let Some(class) = class {
                    constructions(eval, class, &mut found);
                }
            } else {
                if let Some(name) = bare(eval, function) {
                    calls(eval, function, &name, &mut found);
                }
            }
        }
        let found = Rc::new(found);
        self.known.borrow_mut().insert(function, found.clone());
        found
    }
}

/// The name callers write; a callback that is bound to no name has none.
fn bare(eval: &Eval<'_, '_>, function: FnRef) -> Option<SmolStr> {
    let unit = eval.world.unit(function.file)?;
    let method = eval.method_of_scope(&unit, function.id);
    let declared = &unit.function(method).name;
    if declared.is_empty() { eval.bound_name(&unit, method) } else { Some(declared.clone()) }
}

fn calls(eval: &Eval<'_, '_>, function: FnRef, name: &str, found: &mut Vec<Caller>) {
    for unit in eval.world.searched() {
        // An import may rename the function; its local name is what the calls say.
        let mut names: Vec<SmolStr> = vec![name.into()];
        for import in &unit.tree.imports {
            let renamed = import.local != name
                && matches!(&import.imported, weir_syntax::Imported::Name(imported) if imported == name);
            if renamed || import.imported == weir_syntax::Imported::Default {
                names.push(import.local.clone());
            }
        }
        for name in names {
            for site in unit.index.calls.get(&name).into_iter().flatten() {
                let Expr::Call(call) = unit.expr(site.expr) else {
                    continue;
                };
                let hit = eval.callees(&unit, call, None).iter().any(|closure| closure.function == function);
                if hit && !found.iter().any(|known| known.unit.file == unit.file && known.expr == site.expr) {
                    found.push(Caller { unit: unit.clone(), expr: site.expr });
                }
            }
        }
    }
}

/// `new Class(…)` of the class or of a subclass that has no constructor of its own, and `super(…)` below it.
pub(crate) fn constructions(eval: &Eval<'_, '_>, class: ClassRef, found: &mut Vec<Caller>) {
    for unit in eval.world.searched() {
        for site in &unit.index.all_calls {
            match unit.expr(site.expr) {
                Expr::New(call) => {
                    if last_name(&unit.tree, call.callee).is_none() {
                        continue;
                    }
                    let made = eval.expr(&unit, call.callee, None);
                    let hit = made
                        .alternatives()
                        .iter()
                        .any(|value| matches!(value, Value::Class(made) if eval.is_a(*made, class)));
                    if hit {
                        found.push(Caller { unit: unit.clone(), expr: site.expr });
                    }
                }
                _ => continue,
            }
        }
    }
}
