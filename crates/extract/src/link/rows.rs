//! Ways to an operation that lead through a table: which rows can take them.

use super::chain::{Chain, is_constructor};
use super::hits::{self, Hit, Place};
use super::tables;
use crate::eval::{Eval, TypeTarget};
use crate::packs::PackKind;
use crate::value::Value;
use crate::world::{ClassRef, FnRef, Unit};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, Stmt, TypeRef};

/// Which classes are kept in a store, as far as that was asked. Only an object that was stored can be at hand without a
/// call that hands it on.
#[derive(Default)]
pub(super) struct Stored {
    known: RefCell<FxHashMap<ClassRef, bool>>,
}

impl Stored {
    /// Files came in: what was seen in none of them may be there now.
    pub(super) fn forget(&self) {
        self.known.borrow_mut().clear();
    }

    fn is_stored(&self, eval: &Eval<'_, '_>, class: ClassRef) -> bool {
        if let Some(known) = self.known.borrow().get(&class) {
            return *known;
        }
        let stored = eval.world.loaded().iter().any(|unit| stores(eval, unit, class));
        self.known.borrow_mut().insert(class, stored);
        stored
    }
}

/// True for a file that says of a class that its objects are rows, or that calls a store with it.
fn stores(eval: &Eval<'_, '_>, unit: &Rc<Unit>, class: ClassRef) -> bool {
    let storage = |pack: usize| eval.packs.packs[pack].kind == PackKind::Storage;
    let rows = || {
        tables::entities(eval, unit).iter().any(|(hit, _)| match &hit.place {
            Place::Annotation(annotated) => annotated.class == Some(class),
            Place::Extends(own) => *own == class,
            _ => false,
        })
    };
    (unit.file == class.file && rows())
        || hits::in_unit(eval, unit, &storage).iter().any(|hit| storage(hit.pack) && is_about(eval, hit, class))
}

/// True for a call of a store whose receiver, arguments or type arguments say a class.
fn is_about(eval: &Eval<'_, '_>, hit: &Hit, class: ClassRef) -> bool {
    let Place::Call(expr) = &hit.place else { return false };
    let (Expr::Call(call) | Expr::New(call)) = hit.unit.expr(*expr) else { return false };
    call.type_args.iter().any(|ty| says(eval, &hit.unit, ty, class))
        || call.args.iter().any(|arg| is_of(eval, &eval.expr(&hit.unit, arg.value, None), class))
        || match hit.unit.expr(call.callee) {
            Expr::Member { object, .. } => is_of(eval, &eval.expr(&hit.unit, *object, None), class),
            _ => false,
        }
}

/// True for the class itself, an object of it, or an object of a library that was made for it.
fn is_of(eval: &Eval<'_, '_>, value: &Value, class: ClassRef) -> bool {
    value.alternatives().iter().any(|value| match value {
        Value::Class(own) => *own == class || bases_say(eval, *own, class),
        Value::Instance(object) => object.class == class || bases_say(eval, object.class, class),
        Value::This(own) => bases_say(eval, *own, class),
        Value::List(items) => items.iter().any(|item| is_of(eval, item, class)),
        Value::Typed(typed) => {
            typed.properties.iter().any(|(_, value)| matches!(value, Value::Class(own) if *own == class))
        }
        _ => false,
    })
}

/// True for a class below a library's type that is made for another class: `Rows extends Repository<Row, Id>`.
fn bases_say(eval: &Eval<'_, '_>, own: ClassRef, class: ClassRef) -> bool {
    eval.chain(own).into_iter().any(|own| {
        let Some(unit) = eval.world.unit(own.file) else { return false };
        let bases = unit.class(own.id).bases.iter();
        bases.into_iter().any(|base| match base {
            TypeRef::Named { args, .. } => args.iter().any(|arg| says(eval, &unit, arg, class)),
            _ => false,
        })
    })
}

/// True for a type that says a class.
fn says(eval: &Eval<'_, '_>, unit: &Rc<Unit>, ty: &TypeRef, class: ClassRef) -> bool {
    match ty {
        TypeRef::Named { name, args } => {
            matches!(eval.type_name(unit, name), Some(TypeTarget::Class(own)) if own == class)
                || args.iter().any(|arg| says(eval, unit, arg, class))
        }
        TypeRef::Union(types) => types.iter().any(|ty| says(eval, unit, ty, class)),
        TypeRef::List(item) => says(eval, unit, item, class),
        _ => false,
    }
}

impl Chain {
    /// True for the constructor of a class that has no part in the way so far: its objects are at hand because they were
    /// stored and read back.
    pub(super) fn reads_back(&self, eval: &Eval<'_, '_>, stored: &Stored, function: FnRef) -> bool {
        let Some(unit) = eval.world.unit(function.file) else { return false };
        if self.made.is_some() || !unit.tree.language.has_implicit_receiver() || !is_constructor(eval, function) {
            return false;
        }
        let Some(class) = class_of(eval, function) else { return false };
        let own = self.hit.scope().map(|id| FnRef { file: self.hit.unit.file, id });
        let callers = self.calls.iter().filter_map(|(caller, _)| {
            let id = caller.unit.index.scope[caller.expr.0 as usize]?;
            Some(FnRef { file: caller.unit.file, id })
        });
        let way = own.into_iter().chain(self.calls.iter().map(|(_, target)| *target)).chain(callers);
        way.into_iter().filter_map(|function| class_of(eval, function)).all(|on_way| !eval.is_a(on_way, class))
            && stored.is_stored(eval, class)
    }

    /// True where a row of one kind would have to pass a case that is there for rows of another.
    pub(super) fn contradicts(&self, eval: &Eval<'_, '_>) -> bool {
        let Some(made) = self.made else { return false };
        let Some(assumed) = self.frame_of(eval, &self.calls[made..]) else { return false };
        let Some(unit) = eval.world.unit(assumed.function.file) else { return false };
        let params = unit.function(assumed.function.id).params.iter();
        let kinds = params.zip(&assumed.args).filter_map(|(param, value)| {
            let target = eval.type_name(&unit, param.ty.as_ref()?.name()?)?;
            let crate::eval::TypeTarget::Class(class) = target else { return None };
            let known = matches!(value, Value::Number(_) | Value::Text(_));
            (known && eval.is_enum(class)).then_some((class, value))
        });
        let kinds: Vec<(ClassRef, &Value)> = kinds.collect();
        if kinds.is_empty() {
            return false;
        }
        self.calls[..made].iter().any(|(caller, _)| {
            let tests = case_around(&caller.unit, caller.expr);
            let asked = tests.iter().filter_map(|test| match caller.unit.expr(*test) {
                Expr::Member { object, .. } => match eval.expr(&caller.unit, *object, None) {
                    Value::Class(class) => Some((class, eval.expr(&caller.unit, *test, None))),
                    _ => None,
                },
                _ => None,
            });
            let asked: Vec<(ClassRef, Value)> = asked.collect();
            kinds.iter().any(|(class, value)| {
                let mut same = asked.iter().filter(|(own, _)| own == class).peekable();
                same.peek().is_some() && same.all(|(_, asked)| asked != *value)
            })
        })
    }
}

/// What the nearest case around an expression tests; lines tell which one it is.
pub(super) fn case_around(unit: &Unit, expr: ExprId) -> Vec<ExprId> {
    let Some(scope) = unit.index.scope[expr.0 as usize] else { return Vec::new() };
    let function = unit.function(scope);
    let line = unit.line(expr);
    let mut nearest: Option<(u32, &[ExprId])> = None;
    for (at, stmt) in unit.tree.stmts.iter().enumerate() {
        let Stmt::Switch { cases, .. } = stmt else { continue };
        let begins = unit.tree.stmt_lines.get(at).copied().unwrap_or(0);
        if begins < function.line || begins > function.end_line {
            continue;
        }
        let heads = cases.iter().filter_map(|case| Some((unit.line(*case.tests.first()?), case.tests.as_slice())));
        if let Some(head) = heads.filter(|(head, _)| *head <= line).max_by_key(|(head, _)| *head)
            && nearest.is_none_or(|(known, _)| head.0 > known)
        {
            nearest = Some(head);
        }
    }
    nearest.map(|(_, tests)| tests.to_vec()).unwrap_or_default()
}

fn class_of(eval: &Eval<'_, '_>, function: FnRef) -> Option<ClassRef> {
    let unit = eval.world.unit(function.file)?;
    eval.world.class_of(&unit, function.id)
}
