//! What methods and options leave in the fields of an object after a literal made it: `func Topic(name) Option` returns a
//! function that sets a field, and whoever hands it to the object decides what the field holds.

use super::Eval;
use super::types::TypeTarget;
use crate::source::FileId;
use crate::value::{Frame, Instance, Value};
use crate::world::{ClassRef, FnRef, Unit};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, FunctionKind};

/// A field of a type, by its name.
type Field = (ClassRef, SmolStr);

/// The files that assign fields, as far as they were asked for.
#[derive(Default)]
pub(super) struct Assigning(RefCell<FxHashMap<Field, Rc<[Rc<Unit>]>>>);

impl Assigning {
    pub(super) fn forget(&self) {
        self.0.borrow_mut().clear();
    }
}

/// Wrappers that hand options on before they reach the object.
const MAX_HANDED: u32 = 3;

impl Eval<'_, '_> {
    /// What the methods of an object leave in a field, whatever it was made with.
    pub(super) fn set_by_methods(&self, owner: ClassRef, this: &Value, name: &str) -> Value {
        let assigning = self.assigning(owner, name);
        Value::choice(assigning.iter().map(|unit| self.assigned(unit, owner, name, this)).collect())
    }

    /// The files that hold a type and its methods.
    pub(super) fn files_of(&self, class: ClassRef) -> Vec<Rc<Unit>> {
        let mut files: BTreeSet<FileId> = self.world.members(class).iter().map(|member| member.file).collect();
        files.insert(class.file);
        files.extend(self.world.beside(class.file));
        files.into_iter().filter_map(|file| self.world.unit(file)).collect()
    }

    /// Those of them that assign a field of this name. Where a type's package is what its folder holds, it is asked once:
    /// generated packages have hundreds of files, and every field of every object leads here.
    fn assigning(&self, class: ClassRef, name: &str) -> Rc<[Rc<Unit>]> {
        let key = (class, SmolStr::new(name));
        if let Some(known) = self.assigning.0.borrow().get(&key) {
            return known.clone();
        }
        let files = self.files_of(class).into_iter();
        let found: Rc<[Rc<Unit>]> = files.filter(|unit| unit.index.assigned.contains_key(name)).collect();
        let spreads = self.world.unit(class.file).is_some_and(|unit| unit.tree.language.spreads_members());
        if spreads {
            self.assigning.0.borrow_mut().insert(key, found.clone());
        }
        found
    }

    /// What methods and options put into a field after the object was made.
    pub(super) fn set_later(&self, owner: ClassRef, instance: &Instance, this: &Value, name: &str) -> Value {
        let mut values = Vec::new();
        for unit in self.assigning(owner, name).iter() {
            values.push(self.assigned(unit, owner, name, this));
            values.extend(self.set_by_options(unit, owner, instance, name));
        }
        Value::choice(values)
    }

    /// What functions that are handed to an object as options leave in a field, in languages with constructors; of which
    /// object is not known, that one decides.
    pub(super) fn left_by_options(&self, class: ClassRef, this: &Value, name: &str) -> Option<Value> {
        let home = self.world.unit(class.file)?;
        let language = home.tree.language;
        if !language.has_exports() && !language.has_keyword_arguments() && !language.has_impls() {
            return None;
        }
        let sets = |owner: &ClassRef| {
            let unit = self.world.unit(owner.file)?;
            let assigned = unit.index.assigned.get(name)?;
            assigned.iter().any(|(object, _)| self.option_around(&unit, *object, *owner).is_some()).then_some(unit)
        };
        let (owner, unit) = self.chain(class).into_iter().find_map(|owner| Some((owner, sets(&owner)?)))?;
        match this {
            Value::This(_) => Some(Value::Abstract(class, name.into())),
            Value::Instance(instance) if instance.origin.is_some() => {
                if language.has_impls() && self.is_made_for_several(instance) {
                    return Some(Value::opaque("which of several objects it is is not known"));
                }
                let values = self.set_by_options(&unit, owner, instance, name);
                (!values.is_empty()).then(|| Value::choice(values))
            }
            Value::Instance(instance) if instance.args.is_none() => match &instance.source {
                Some(source @ Value::Param(..)) => Some(self.member(source, name)),
                _ => Some(Value::Abstract(class, name.into())),
            },
            _ => None,
        }
    }

    /// True for an object of a literal in a function that is called more than once: objects that share a literal are not
    /// told apart where constructors are functions like others.
    fn is_made_for_several(&self, instance: &Instance) -> bool {
        let Some((file, literal)) = instance.origin else { return true };
        let Some(unit) = self.world.unit(file) else { return true };
        let Some(scope) = unit.index.scope.get(literal.0 as usize).copied().flatten() else { return false };
        let function = FnRef { file, id: self.method_of_scope(&unit, scope) };
        let sites = self.world.call_sites(&unit.function(function.id).name, file);
        let calls = sites.iter().filter(|(other, site)| match other.expr(site.expr) {
            Expr::Call(call) if !other.test => {
                self.callees(other, call, None).iter().any(|closure| closure.function == function)
            }
            _ => false,
        });
        calls.take(2).count() > 1
    }

    /// What the function that makes an object puts into a field afterwards, when others may hold the object already.
    pub(super) fn set_where_made(&self, instance: &Instance, name: &str) -> Option<Value> {
        let (file, literal) = instance.origin?;
        let unit = self.world.unit(file)?;
        let scope = unit.index.scope.get(literal.0 as usize).copied().flatten();
        let is_it = |object: ExprId| {
            let holds = |value: &Value| matches!(value, Value::Instance(known) if known.origin == instance.origin && known.class == instance.class);
            matches!(unit.expr(object), Expr::Name(_))
                && unit.index.scope[object.0 as usize] == scope
                && self.expr(&unit, object, None).alternatives().iter().any(holds)
        };
        let sites = unit.index.assigned.get(name).into_iter().flatten();
        let values: Vec<Value> =
            sites.filter(|(object, _)| is_it(*object)).map(|(_, value)| self.expr(&unit, *value, None)).collect();
        (!values.is_empty()).then(|| Value::choice(values))
    }

    /// `func Topic(name string) Option { return func(o *Object) { o.topic = name } }`: the values of the calls of such
    /// functions whose result reaches the object. Of several in one function the last one counts.
    fn set_by_options(&self, unit: &Rc<Unit>, owner: ClassRef, instance: &Instance, name: &str) -> Vec<Value> {
        let mut last: Vec<((FileId, Option<FnRef>), Value)> = Vec::new();
        for (object, value) in unit.index.assigned.get(name).into_iter().flatten() {
            let Some(option) = self.option_around(unit, *object, owner) else { continue };
            let declared = match unit.function(option).name.is_empty() {
                true => self.bound_name(unit, option).unwrap_or_default(),
                false => unit.function(option).name.clone(),
            };
            self.want(&declared);
            let function = FnRef { file: unit.file, id: option };
            for other in self.world.searched().into_iter().filter(|other| !other.test) {
                for site in other.index.calls.get(&declared).into_iter().flatten() {
                    let (Expr::Call(call), Some(outer)) = (other.expr(site.expr), other.index.nested.get(&site.expr))
                    else {
                        continue;
                    };
                    let scope =
                        site.function.map(|scope| FnRef { file: other.file, id: self.method_of_scope(&other, scope) });
                    let frame = scope.map(|scope| self.bare(scope).frame);
                    let callees = self.callees(&other, call, frame.as_ref());
                    let Some(closure) = callees.iter().find(|closure| closure.function == function) else { continue };
                    if !self.call_reaches(&other, *outer, frame.as_ref(), instance, 0) {
                        continue;
                    }
                    let (args, complete) = self.args(&other, call, frame.as_ref());
                    let set = self.expr(unit, *value, Some(&self.frame(closure, args, complete)));
                    let place = (other.file, scope);
                    match last.iter_mut().find(|(known, _)| *known == place) {
                        Some(known) => known.1 = set,
                        None => last.push((place, set)),
                    }
                }
            }
        }
        last.into_iter().map(|(_, value)| value).collect()
    }

    /// The named function around a lambda whose parameter is the object that is set.
    fn option_around(&self, unit: &Rc<Unit>, object: ExprId, owner: ClassRef) -> Option<weir_syntax::FunctionId> {
        let Expr::Name(variable) = unit.expr(object) else { return None };
        let lambda = unit.index.scope[object.0 as usize]?;
        let function = unit.function(lambda);
        let literals = unit.tree.language.has_struct_literals();
        if function.kind != FunctionKind::Lambda && (literals || function.kind != FunctionKind::Function) {
            return None;
        }
        let at = function
            .params
            .iter()
            .position(|param| matches!(&param.pattern, weir_syntax::Pattern::Name(name) if name == variable))?;
        let option = unit.index.parent[lambda.0 as usize]?;
        let is_owner = match function.params[at].ty.as_ref().and_then(weir_syntax::TypeRef::name) {
            Some(ty) => self.type_name(unit, ty)? == TypeTarget::Class(owner),
            None => !literals && is_only_one_with(unit, owner, object),
        };
        is_owner.then_some(option)
    }

    /// True where a call's receiver is the object, or a wrapper that hands its arguments on to the object.
    fn call_reaches(
        &self,
        unit: &Rc<Unit>,
        call: ExprId,
        frame: Option<&Rc<Frame>>,
        object: &Instance,
        depth: u32,
    ) -> bool {
        let is_object = |value: &Value| matches!(value, Value::Instance(known) if known.class == object.class && known.origin == object.origin);
        // What is handed to the construction of the object.
        if !unit.tree.language.has_struct_literals()
            && self.expr(unit, call, frame).alternatives().iter().any(is_object)
        {
            return true;
        }
        let Expr::Call(call) = unit.expr(call) else { return false };
        let Expr::Member { object: receiver, name } = unit.expr(call.callee) else { return false };
        let receiver = self.expr(unit, *receiver, frame);
        receiver.alternatives().iter().any(|receiver| {
            if is_object(receiver) {
                return true;
            }
            if depth >= MAX_HANDED {
                return false;
            }
            let Value::Closure(method) = self.member(receiver, name) else { return false };
            let Some(inner) = self.world.unit(method.function.file) else { return false };
            let params: Vec<&weir_syntax::Pattern> =
                inner.function(method.function.id).params.iter().map(|param| &param.pattern).collect();
            let hands_on = |call: &weir_syntax::Call| {
                call.args.iter().any(|arg| {
                    let value = match inner.expr(arg.value) {
                        Expr::Spread(value) => *value,
                        _ => arg.value,
                    };
                    matches!(inner.expr(value), Expr::Name(name)
                        if params.iter().any(|param| matches!(param, weir_syntax::Pattern::Name(own) if own == name)))
                })
            };
            let frame = self.frame(&method, Vec::new(), false);
            let calls = inner.index.all_calls.iter().filter(|site| site.function == Some(method.function.id));
            calls.into_iter().any(|site| match inner.expr(site.expr) {
                Expr::Call(call) if hands_on(call) => {
                    self.call_reaches(&inner, site.expr, Some(&frame), object, depth + 1)
                }
                _ => false,
            })
        })
    }
}

/// True where one class of the file alone has the field that is set on an object without a type.
fn is_only_one_with(unit: &Unit, owner: ClassRef, object: ExprId) -> bool {
    let sets = |sites: &Vec<(ExprId, ExprId)>| sites.iter().any(|(on, _)| *on == object);
    let Some((name, _)) = unit.index.assigned.iter().find(|(_, sites)| sets(sites)) else { return false };
    let has = |at: usize| {
        let id = weir_syntax::TypeId(u32::try_from(at).unwrap_or(u32::MAX));
        let declared = unit.tree.types[at].fields.iter().any(|field| field.name == *name);
        (declared || unit.index.own_fields(&unit.tree, id).contains(name)).then_some(ClassRef { file: unit.file, id })
    };
    let classes: Vec<ClassRef> = (0..unit.tree.types.len()).filter_map(has).collect();
    classes == [owner]
}
