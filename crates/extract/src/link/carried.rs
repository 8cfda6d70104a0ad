//! Messages that travel as values: a variant of an enum is made where the business is, handed on through lists, channels
//! and traits, and taken apart where it is sent.

use super::callers::Caller;
use super::chain::Chain;
use super::hits::Place;
use super::preview::Preview;
use super::rows::case_around;
use crate::eval::{Eval, TypeTarget, item_of};
use crate::source::{FileId, Mention};
use crate::value::{Frame, Value};
use crate::world::{ClassRef, Def, FnRef, Unit};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, TypeRef};

/// More places than anybody writes by hand make generated code.
const MOST: usize = 200;

/// The places that make what a function takes apart, with what a file must say to be one of them.
pub(super) struct Makers {
    pub(super) callers: Vec<Caller>,
    pub(super) mentions: Vec<Mention>,
}

/// The places that make the variants which the function at the end of a chain takes apart; `None` where its callers tell
/// which variant they hand in.
pub(super) fn makers(eval: &Eval<'_, '_>, chain: &Chain, target: FnRef, callers: &[Caller]) -> Option<Makers> {
    let unit = eval.world.unit(target.file).filter(|unit| unit.tree.language.has_impls())?;
    let (at, class, by_channel) = taken_apart(eval, &unit, target)?;
    let told = |caller: &&Caller| !caller.unit.test && !says(eval, caller, at, class);
    if !callers.is_empty() && !callers.iter().any(|caller| told(&caller)) {
        return None;
    }
    let home = eval.world.unit(class.file)?;
    let decl = home.class(class.id);
    let (place, expr) = chain.outermost();
    let tested: BTreeSet<SmolStr> = case_around(&place, expr?)
        .into_iter()
        .filter_map(|test| match place.expr(test) {
            Expr::TypeLiteral(ty) => ty.name().and_then(|name| name.rsplit('.').next()).map(SmolStr::new),
            _ => None,
        })
        .filter(|name| decl.variants.iter().any(|variant| variant.name == *name))
        .collect();
    // Only the arm at hand says which variant is sent; without it, it is any that comes out of the channel.
    let tested = match (tested.is_empty(), by_channel) {
        (true, true) => decl.variants.iter().map(|variant| variant.name.clone()).collect(),
        (true, false) => return None,
        _ => tested,
    };
    let mut found = Makers { callers: Vec::new(), mentions: Vec::new() };
    for variant in tested {
        found.mentions.push(Mention { word: variant.clone(), with: vec![decl.name.clone()] });
        for (unit, site) in eval.world.call_sites(&variant, class.file) {
            let (Expr::Call(call) | Expr::New(call)) = unit.expr(site.expr) else { continue };
            if site.function.is_some_and(|scope| eval.is_test_code(&unit, scope)) || found.callers.len() >= MOST {
                continue;
            }
            if is_variant(&eval.expr(&unit, call.callee, None), class, &variant) {
                found.callers.push(Caller { unit: unit.clone(), expr: site.expr });
            }
        }
    }
    Some(found)
}

/// The frame of a function that gets what a place makes; `None` where the place does not make what it takes apart.
pub(super) fn handed(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    made: ExprId,
    target: FnRef,
    frame: Option<&Rc<Frame>>,
) -> Option<Rc<Frame>> {
    let home = eval.world.unit(target.file).filter(|home| home.tree.language.has_impls())?;
    let (Expr::Call(call) | Expr::New(call)) = unit.expr(made) else { return None };
    let Value::Instance(variant) = eval.expr(unit, call.callee, frame) else { return None };
    let (at, class, by_channel) = taken_apart(eval, &home, target)?;
    if variant.class != class || variant.constant.is_none() {
        return None;
    }
    let mut args = vec![Value::opaque("handed in elsewhere"); at];
    let item = eval.expr(unit, made, frame);
    args.push(if by_channel { Value::List(Rc::from([item])) } else { item });
    let (this, outer, types) = (None, None, Vec::new());
    Some(eval.enter(Frame { function: target, args, this, outer, complete: false, types }))
}

/// The ends of the way that a message goes as a value.
pub(super) struct Ends {
    /// The place that makes it.
    pub(super) made: (FileId, ExprId),
    /// The call that sends it.
    pub(super) raw: (FileId, ExprId),
    /// True where that call waits for the broker.
    pub(super) confirmed: bool,
}

/// The place that makes what a chain sends, and the call that sends it.
pub(super) fn ends(eval: &Eval<'_, '_>, chain: &Chain) -> Option<Ends> {
    let (maker, _) = chain.calls.get(chain.carried?)?;
    let Place::Call(raw) = &chain.hit.place else { return None };
    let confirmed = chain.hit.rule(eval.packs).emit.as_ref().is_some_and(|emit| emit.confirmed);
    Some(Ends { made: (maker.unit.file, maker.expr), raw: (chain.hit.unit.file, *raw), confirmed })
}

/// True for a subscription under a name of which the function around it gets a part that no caller can tell: `jobs-{system}`
/// is what the function itself says, and its callers know no more.
pub(super) fn nobody_tells(eval: &Eval<'_, '_>, chain: &Chain, target: FnRef, callers: &[Caller]) -> bool {
    let rule = chain.hit.rule(eval.packs);
    let receives = rule.emit.as_ref().is_some_and(|emit| emit.receive.is_some());
    if !receives || callers.is_empty() || chain.calls.is_empty() {
        return false;
    }
    let names = Preview::of(eval, chain).names;
    let mut asked: BTreeSet<usize> = BTreeSet::new();
    for name in names.iter().flat_map(Value::alternatives).filter(|name| name.is_symbolic()) {
        let Value::Concat(parts) = name else { return false };
        for part in parts.iter().filter(|part| part.is_symbolic()) {
            match part {
                Value::Param(function, at, path) if *function == target && path.is_empty() => asked.insert(*at),
                _ => return false,
            };
        }
    }
    let unknown = |caller: &Caller, at: usize| match caller.unit.expr(caller.expr) {
        Expr::Call(call) => call.args.get(at).is_some_and(|arg| eval.expr(&caller.unit, arg.value, None).is_empty()),
        _ => false,
    };
    !asked.is_empty() && callers.iter().all(|caller| asked.iter().all(|at| unknown(caller, *at)))
}

/// The parameter of a function that is declared as an enum whose variants hold something, or as the end of a channel out
/// of which they come.
fn taken_apart(eval: &Eval<'_, '_>, unit: &Rc<Unit>, function: FnRef) -> Option<(usize, ClassRef, bool)> {
    unit.function(function.id).params.iter().enumerate().find_map(|(at, param)| {
        let mut ty = param.ty.as_ref()?;
        while let TypeRef::Named { name, args } = ty
            && let ("Box" | "Arc" | "Rc", [inner]) = (name.as_str(), args.as_slice())
        {
            ty = inner;
        }
        let item = item_of(ty);
        match eval.type_name(unit, item.unwrap_or(ty).name()?)? {
            TypeTarget::Class(class) if eval.is_enum(class) => Some((at, class, item.is_some())),
            _ => None,
        }
    })
}

/// True where a call says which variant it hands in, or hands on its own parameter.
fn says(eval: &Eval<'_, '_>, caller: &Caller, at: usize, class: ClassRef) -> bool {
    let Expr::Call(call) = caller.unit.expr(caller.expr) else { return false };
    let Some(arg) = call.args.get(at) else { return false };
    // One of many: what the others are is not said.
    let walked = matches!(caller.unit.expr(arg.value), Expr::Name(name) if {
        let scope = caller.unit.index.scope[arg.value.0 as usize];
        let defs = caller.unit.index.defs.get(&(scope, name.clone()));
        defs.is_some_and(|defs| defs.iter().any(|def| matches!(def, Def::Each { .. })))
    });
    let value = eval.expr(&caller.unit, arg.value, None);
    match &value {
        Value::Param(..) => true,
        Value::Instance(object) => object.class == class && object.constant.is_some() && !walked,
        _ => false,
    }
}

fn is_variant(value: &Value, class: ClassRef, name: &SmolStr) -> bool {
    matches!(value, Value::Instance(object) if object.class == class && object.constant.as_ref() == Some(name))
}
