//! Finds where the rules of the packs match: calls, constructions, annotations, base types.

use super::annotations::{On, annotated, declared_by};
use super::bind::Binder;
use super::pack_index::{PackIndex, RuleRef};
use crate::eval::{Eval, TypeTarget};
use crate::packs::{FactRule, Pack};
use crate::value::{Frame, Value};
use crate::world::{ClassRef, FnRef, Unit, last_name};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Annotation, Arg, Expr, ExprId, FunctionId, FunctionKind, TypeId, TypeRef};

/// A rule and the place it matched.
#[derive(Clone)]
pub(crate) struct Hit {
    pub(crate) pack: usize,
    pub(crate) rule: usize,
    pub(crate) unit: Rc<Unit>,
    pub(crate) place: Place,
}

/// What was matched.
#[derive(Clone)]
pub(crate) enum Place {
    /// A call or construction.
    Call(ExprId),
    /// A send to a channel: the channel, the value.
    Send(ExprId, ExprId),
    /// What a loop walks over.
    Walk(ExprId),
    /// An assignment: the object, where it is one's member, and the value.
    Assignment(Option<ExprId>, ExprId),
    /// An annotation on a function or a class.
    Annotation(Rc<Annotated>),
    /// A class that extends a library type.
    Extends(ClassRef),
}

/// An annotation with what it stands on.
pub(crate) struct Annotated {
    /// The unit that holds the arguments (another one for annotations made of annotations).
    pub(crate) args_unit: Rc<Unit>,
    pub(crate) args: Vec<Arg>,
    pub(crate) frame: Option<Rc<Frame>>,
    /// The object the annotation is a method of.
    pub(crate) this: Option<Value>,
    pub(crate) function: Option<FnRef>,
    pub(crate) class: Option<ClassRef>,
    /// Every annotation of the function, then of its class.
    pub(crate) around: Vec<Annotation>,
    pub(crate) line: u32,
    /// The annotation's own name.
    pub(crate) name: SmolStr,
    /// The type of the annotated field or parameter.
    pub(crate) ty: Option<TypeRef>,
}

impl Hit {
    /// True when both are the match of one rule at one place.
    pub(crate) fn is(&self, other: &Hit) -> bool {
        let place = match (&self.place, &other.place) {
            (Place::Call(a), Place::Call(b)) => a == b,
            (Place::Send(_, a), Place::Send(_, b)) => a == b,
            (Place::Walk(a), Place::Walk(b)) | (Place::Assignment(_, a), Place::Assignment(_, b)) => a == b,
            (Place::Annotation(a), Place::Annotation(b)) => Rc::ptr_eq(a, b),
            (Place::Extends(a), Place::Extends(b)) => a == b,
            _ => false,
        };
        self.pack == other.pack && self.rule == other.rule && self.unit.file == other.unit.file && place
    }

    pub(crate) fn rule<'p>(&self, packs: &PackIndex<'p>) -> &'p FactRule {
        &packs.packs[self.pack].facts[self.rule]
    }

    pub(crate) fn pack<'p>(&self, packs: &PackIndex<'p>) -> &'p Pack {
        &packs.packs[self.pack]
    }

    pub(crate) fn site(&self) -> Site {
        match &self.place {
            Place::Call(expr) | Place::Send(expr, _) | Place::Walk(expr) | Place::Assignment(_, expr) => {
                self.unit.site(*expr)
            }
            Place::Annotation(annotated) => Site::new(self.unit.path.clone(), annotated.line),
            Place::Extends(class) => Site::new(self.unit.path.clone(), self.unit.class(class.id).line),
        }
    }

    /// The function the match stands in, lambdas included.
    pub(crate) fn scope(&self) -> Option<FunctionId> {
        match &self.place {
            Place::Call(expr) | Place::Send(expr, _) | Place::Walk(expr) | Place::Assignment(_, expr) => {
                self.unit.index.scope[expr.0 as usize]
            }
            Place::Annotation(annotated) => annotated.function.map(|function| function.id),
            Place::Extends(_) => None,
        }
    }

    /// A binder for every receiver the match may have, under a frame.
    pub(crate) fn binders<'e, 'w, 's>(
        &self,
        eval: &'e Eval<'w, 's>,
        frame: Option<&Rc<Frame>>,
    ) -> Vec<Binder<'e, 'w, 's>> {
        match &self.place {
            Place::Call(expr) => {
                let (Expr::Call(call) | Expr::New(call)) = self.unit.expr(*expr) else {
                    return Vec::new();
                };
                let scope = self.unit.index.scope[expr.0 as usize];
                let base = || {
                    let mut binder = Binder::call(eval, &self.unit, call, frame);
                    binder.function = scope.map(|id| FnRef { file: self.unit.file, id });
                    binder.class = scope.and_then(|id| eval.world.class_of(&self.unit, id));
                    binder
                };
                let receivers: Vec<Value> = match_call(eval, &self.unit, *expr, frame)
                    .into_iter()
                    .filter(|(entry, _)| entry.pack == self.pack && entry.rule == self.rule)
                    .filter_map(|(_, receiver)| receiver)
                    .collect();
                if receivers.is_empty() {
                    vec![base()]
                } else {
                    let on = |receiver: Value| match eval.packs.embedded(eval, &receiver, self.pack) {
                        Some(embedded) => base().on(embedded),
                        None => base().on(receiver),
                    };
                    receivers.into_iter().map(on).collect()
                }
            }
            Place::Send(channel, value) => {
                let matches = match_send(eval, &self.unit, *channel, frame);
                let fits = matches.into_iter().filter(|(entry, _)| entry.pack == self.pack && entry.rule == self.rule);
                let scope = self.unit.index.scope[channel.0 as usize];
                let binders = fits.map(|(_, receiver)| {
                    let mut binder = Binder::call(eval, &self.unit, &sent(*channel, *value), frame).on(receiver);
                    binder.function = scope.map(|id| FnRef { file: self.unit.file, id });
                    binder.class = scope.and_then(|id| eval.world.class_of(&self.unit, id));
                    binder
                });
                binders.collect()
            }
            Place::Walk(over) => self.walk_binders(eval, *over, frame),
            Place::Assignment(object, value) => self.assignment_binders(eval, *object, *value, frame),
            Place::Annotation(annotated) => {
                let types = match &annotated.ty {
                    Some(TypeRef::Named { args, .. }) => args.as_slice(),
                    _ => &[],
                };
                let mut binder = Binder::declaration(eval, &annotated.args_unit, types, &annotated.around);
                binder.declared.clone_from(&annotated.ty);
                binder.args.clone_from(&annotated.args);
                binder.frame = annotated.frame.clone().or_else(|| frame.cloned());
                binder.this.clone_from(&annotated.this);
                binder.function = annotated.function;
                binder.class = annotated.class;
                binder.member = Some(annotated.name.clone());
                vec![binder]
            }
            Place::Extends(class) => {
                let decl = self.unit.class(class.id);
                let type_args = decl.bases.iter().find_map(|base| match base {
                    weir_syntax::TypeRef::Named { args, .. } if !args.is_empty() => Some(args.clone()),
                    _ => None,
                });
                let made = |types: Option<Vec<Value>>| {
                    let written = type_args.clone().unwrap_or_default();
                    let mut binder = Binder::declaration(eval, &self.unit, &written, &decl.annotations);
                    binder.class = Some(*class);
                    binder.this = Some(Value::This(*class));
                    binder.type_values = types;
                    binder
                };
                // One interface with several type arguments is implemented several times.
                let mut instantiations: Vec<Vec<Value>> = Vec::new();
                for (base, args) in eval.bases_with_args(*class, Vec::new()) {
                    let TypeTarget::Library(module, path) = base else { continue };
                    let wanted = self
                        .rule(eval.packs)
                        .pattern
                        .split('|')
                        .filter_map(|form| form.trim().strip_prefix("extends "));
                    let types = eval.packs.types_named(&module, &path, &self.unit);
                    let fits = wanted.into_iter().any(|wanted| {
                        types.iter().any(|(pack, ty)| *pack == self.pack && eval.packs.is_a(*pack, ty, wanted))
                    });
                    if fits && !args.is_empty() && !instantiations.contains(&args) {
                        instantiations.push(args);
                    }
                }
                if instantiations.is_empty() {
                    vec![made(None)]
                } else {
                    instantiations.into_iter().map(|types| made(Some(types))).collect()
                }
            }
        }
    }
}

/// The name of rules about calls of an object itself.
const CALLED: &str = "()";

/// The rules that a call matches, each with the receiver it matched on.
pub(crate) fn match_call(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    id: ExprId,
    frame: Option<&Rc<Frame>>,
) -> Vec<(RuleRef, Option<Value>)> {
    let packs = eval.packs;
    let mut found = Vec::new();
    match unit.expr(id) {
        Expr::New(call) => {
            let last = last_name(&unit.tree, call.callee).unwrap_or_default();
            let known = |name: &str| packs.constructions.contains_key(name);
            if !known(&last) && !known("default") && !renamed(unit, &last, &known) {
                return found;
            }
            for value in eval.expr(unit, call.callee, frame).alternatives() {
                let Value::Library(module, path) = value else {
                    continue;
                };
                for name in library_names(path) {
                    for entry in packs.constructions.get(name.as_str()).into_iter().flatten() {
                        if packs.speaks(entry.pack, module, unit) {
                            push(&mut found, entry, None);
                        }
                    }
                }
            }
        }
        Expr::Call(call) => {
            let Some(last) = last_name(&unit.tree, call.callee) else {
                return found;
            };
            if matches!(unit.expr(call.callee), Expr::Member { .. }) {
                for entry in packs.added.get(&last).into_iter().flatten() {
                    if packs.imported(entry.pack, unit) && eval.callees(unit, call, frame).is_empty() {
                        push(&mut found, entry, None);
                    }
                }
            }
            if let Expr::Member { object, .. } = unit.expr(call.callee)
                && (packs.methods.contains_key(&last)
                    || packs.any_method.iter().any(|rule| last.starts_with(rule.prefix.as_str())))
            {
                for receiver in eval.expr(unit, *object, frame).alternatives() {
                    on_receiver(eval, receiver, &last, &mut found);
                }
            }
            // A bare call may be one of a method that the class around it inherits from a library.
            if let Expr::Name(_) = unit.expr(call.callee)
                && unit.tree.language.has_implicit_receiver()
                && packs.methods.contains_key(&last)
                && let this @ (Value::This(_) | Value::Instance(_)) = eval.receiver_of_bare(unit, id, frame)
            {
                on_receiver(eval, &this, &last, &mut found);
            }
            // An object of the library may be called itself.
            if packs
                .methods
                .get(CALLED)
                .into_iter()
                .flatten()
                .any(|rule| packs.says(rule) && packs.imported(rule.pack, unit))
            {
                for value in eval.expr(unit, call.callee, frame).alternatives() {
                    if matches!(value, Value::Typed(_) | Value::Closure(_)) {
                        on_receiver(eval, value, CALLED, &mut found);
                    }
                }
            }
            // A method may have been kept under another name.
            if packs.may_be_method_value(eval, unit, call.callee) {
                for value in eval.expr(unit, call.callee, frame).alternatives() {
                    if let Some((object, method)) = packs.behind(value) {
                        on_receiver(eval, object, method, &mut found);
                    }
                }
            }
            // Where nothing tells a construction from a call, the names of types are functions as well.
            let constructs = !unit.tree.language.has_new();
            let known = |name: &str| {
                packs.functions.keys().any(|key| key.ends_with(name))
                    || constructs && packs.constructions.contains_key(name)
            };
            if known(&last) || renamed(unit, &last, &known) {
                for value in eval.expr(unit, call.callee, frame).alternatives() {
                    let Value::Library(module, path) = value else {
                        continue;
                    };
                    for name in library_names(path) {
                        let made = packs.constructions.get(name.as_str()).into_iter().filter(|_| constructs);
                        for entry in packs.functions.get(name.as_str()).into_iter().chain(made).flatten() {
                            if packs.speaks(entry.pack, module, unit) {
                                push(&mut found, entry, None);
                            }
                        }
                    }
                }
            }
        }
        _ => {}
    }
    found
}

/// The rules that a send to a channel matches, each with the channel.
pub(crate) fn match_send(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    channel: ExprId,
    frame: Option<&Rc<Frame>>,
) -> Vec<(RuleRef, Value)> {
    let packs = eval.packs;
    let mut found: Vec<(RuleRef, Value)> = Vec::new();
    if packs.channels.is_empty() {
        return found;
    }
    for value in eval.expr(unit, channel, frame).alternatives() {
        let types = packs.receiver_types(eval, value);
        for entry in &packs.channels {
            let fits = types.iter().any(|(pack, ty)| *pack == entry.pack && packs.is_a(*pack, ty, &entry.ty));
            let known =
                |(known, on): &(RuleRef, Value)| known.pack == entry.pack && known.rule == entry.rule && on == value;
            if fits && !found.iter().any(known) {
                found.push((entry.clone(), value.clone()));
            }
        }
    }
    found
}

/// A send to a channel as if it were a call of the channel with the value.
pub(crate) fn sent(channel: ExprId, value: ExprId) -> weir_syntax::Call {
    let args = vec![Arg { name: None, value }];
    weir_syntax::Call { callee: channel, args, type_args: Vec::new(), optional: false }
}

/// True where a name of the file may stand for a library's name although it says something else: a variable it was
/// put into, or an import under another name.
fn renamed(unit: &Unit, name: &SmolStr, known: &dyn Fn(&str) -> bool) -> bool {
    let import = |import: &weir_syntax::Import| match &import.imported {
        weir_syntax::Imported::Name(imported) => import.local == *name && imported != name && known(imported),
        _ => false,
    };
    unit.index.variables.contains(name) || unit.tree.imports.iter().any(import)
}

fn on_receiver(eval: &Eval<'_, '_>, receiver: &Value, method: &str, found: &mut Vec<(RuleRef, Option<Value>)>) {
    let packs = eval.packs;
    if let Value::Param(function, at, path) = receiver {
        for object in eval.inferred(*function, *at, path).iter() {
            on_receiver(eval, object, method, found);
        }
        return;
    }
    let receiver = &packs.as_object(eval, receiver);
    // A method of the project's own hides the library's.
    let class = match receiver {
        Value::Instance(instance) => Some(instance.class),
        Value::This(class) | Value::Class(class) => Some(*class),
        _ => None,
    };
    if class.is_some_and(|class| eval.has_own_method(class, method)) {
        return;
    }
    let types = packs.receiver_types(eval, receiver);
    if types.is_empty() {
        return;
    }
    let fits =
        |entry: &&RuleRef| types.iter().any(|(pack, ty)| *pack == entry.pack && packs.is_a(*pack, ty, &entry.ty));
    let exact: Vec<&RuleRef> = packs.methods.get(method).into_iter().flatten().filter(fits).collect();
    let begins = |entry: &&RuleRef| method.starts_with(entry.prefix.as_str());
    let chosen = if exact.is_empty() { packs.any_method.iter().filter(begins).filter(fits).collect() } else { exact };
    for entry in chosen {
        push(found, entry, Some(receiver.clone()));
    }
}

/// False for calls that no wanted rule can mean, by the name they end in; most calls are told apart by it at once.
fn may_match(eval: &Eval<'_, '_>, unit: &Unit, id: ExprId, wanted: &dyn Fn(usize) -> bool) -> bool {
    let packs = eval.packs;
    let Expr::Call(call) = unit.expr(id) else { return true };
    let (Expr::Member { .. }, Some(last)) = (unit.expr(call.callee), last_name(&unit.tree, call.callee)) else {
        return true;
    };
    let any = |rules: &[RuleRef]| rules.iter().any(|rule| wanted(rule.pack) && packs.says(rule));
    packs.any_method.iter().any(|rule| wanted(rule.pack) && last.starts_with(rule.prefix.as_str()))
        || packs.added.get(&last).is_some_and(|rules| any(rules))
        || packs.methods.get(&last).is_some_and(|rules| any(rules))
        || packs.functions.iter().any(|(name, rules)| name.ends_with(last.as_str()) && any(rules))
        || packs.constructions.get(&last).is_some_and(|rules| any(rules))
        || packs.may_be_method_value(eval, unit, call.callee)
}

fn push(found: &mut Vec<(RuleRef, Option<Value>)>, entry: &RuleRef, receiver: Option<Value>) {
    let known = found.iter().any(|(known, on)| known.pack == entry.pack && known.rule == entry.rule && *on == receiver);
    if !known {
        found.push((entry.clone(), receiver));
    }
}

/// The names a library value may go by in a pack: the whole path, its last segment, or the module itself.
fn library_names(path: &[SmolStr]) -> Vec<String> {
    match path {
        [] => vec!["default".to_owned()],
        [one] => vec![one.to_string()],
        many => vec![many.join("."), many[many.len() - 1].to_string()],
    }
}

/// Every match in one file of the packs that are wanted.
pub(crate) fn in_unit(eval: &Eval<'_, '_>, unit: &Rc<Unit>, wanted: &dyn Fn(usize) -> bool) -> Vec<Hit> {
    let mut hits = Vec::new();
    for site in unit.index.all_calls.iter().filter(|site| may_match(eval, unit, site.expr, wanted)) {
        let mut rules: Vec<(usize, usize)> =
            match_call(eval, unit, site.expr, None).iter().map(|(entry, _)| (entry.pack, entry.rule)).collect();
        rules.dedup();
        for (pack, rule) in rules {
            hits.push(Hit { pack, rule, unit: unit.clone(), place: Place::Call(site.expr) });
        }
    }
    super::walks::in_unit(eval, unit, wanted, &mut hits);
    for (channel, value) in &unit.index.sent {
        for (entry, _) in match_send(eval, unit, *channel, None).iter().filter(|(entry, _)| wanted(entry.pack)) {
            let place = Place::Send(*channel, *value);
            hits.push(Hit { pack: entry.pack, rule: entry.rule, unit: unit.clone(), place });
        }
    }
    for at in 0..unit.tree.functions.len() {
        hits.extend(on_function(eval, unit, FunctionId(u32::try_from(at).unwrap_or(u32::MAX))));
    }
    for (at, ty) in unit.tree.types.iter().enumerate() {
        let class = ClassRef { file: unit.file, id: TypeId(u32::try_from(at).unwrap_or(u32::MAX)) };
        on_class(eval, unit, class, &mut hits);
        for field in &ty.fields {
            let mut around = field.annotations.clone();
            around.extend(ty.annotations.iter().cloned());
            for annotation in &field.annotations {
                annotated(
                    eval,
                    unit,
                    annotation,
                    On { function: None, class: Some(class), ty: field.ty.as_ref() },
                    &around,
                    &mut hits,
                );
            }
        }
        extending(eval, unit, class, &mut hits);
    }
    hits.retain(|hit| wanted(hit.pack));
    hits
}

/// The rules that the annotations of a function match.
pub(crate) fn on_function(eval: &Eval<'_, '_>, unit: &Rc<Unit>, id: FunctionId) -> Vec<Hit> {
    let mut hits = Vec::new();
    let function = unit.function(id);
    let class = eval.world.class_of(unit, id);
    let own = FnRef { file: unit.file, id };
    let mut around = function.annotations.clone();
    if let Some(class) = class {
        let declared = eval.world.unit(class.file);
        around.extend(declared.iter().flat_map(|unit| unit.class(class.id).annotations.clone()));
    }
    for annotation in &function.annotations {
        annotated(eval, unit, annotation, On { function: Some(own), class, ty: None }, &around, &mut hits);
    }
    // What a container hands to a constructor is a field in other words.
    if function.kind == FunctionKind::Constructor && unit.tree.language.is_jvm() {
        for param in &function.params {
            for annotation in &param.annotations {
                let on = On { function: None, class, ty: param.ty.as_ref() };
                annotated(eval, unit, annotation, on, &param.annotations, &mut hits);
            }
        }
    }
    if let Some(class) = class {
        declared_by(eval, unit, FnRef { file: unit.file, id }, class, &around, &mut hits);
    }
    hits
}

/// The rules that the annotations of classes match, of a file that need not be searched otherwise.
pub(crate) fn on_classes(eval: &Eval<'_, '_>, unit: &Rc<Unit>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for at in 0..unit.tree.types.len() {
        let class = ClassRef { file: unit.file, id: TypeId(u32::try_from(at).unwrap_or(u32::MAX)) };
        on_class(eval, unit, class, &mut hits);
        extending(eval, unit, class, &mut hits);
    }
    hits
}

/// The rules about classes that extend a library's.
fn extending(eval: &Eval<'_, '_>, unit: &Rc<Unit>, class: ClassRef, hits: &mut Vec<Hit>) {
    let ty = unit.class(class.id);
    // An abstract class is there for others to extend; they are the ones that run.
    let declared_only =
        ty.kind == weir_syntax::TypeKind::Interface && unit.tree.language == weir_syntax::Language::CSharp;
    if ty.bases.is_empty() || ty.is_abstract || declared_only || eval.packs.extended.is_empty() {
        return;
    }
    for (pack, name) in eval.packs.inherited(eval, class) {
        let fits = |entry: &&RuleRef| entry.pack == pack && eval.packs.is_a(pack, &name, &entry.ty);
        for entry in eval.packs.extended.iter().filter(fits) {
            let hit = Hit { pack, rule: entry.rule, unit: unit.clone(), place: Place::Extends(class) };
            if !hits.iter().any(|known: &Hit| known.is(&hit)) {
                hits.push(hit);
            }
        }
    }
}

fn on_class(eval: &Eval<'_, '_>, unit: &Rc<Unit>, class: ClassRef, hits: &mut Vec<Hit>) {
    let annotations = &unit.class(class.id).annotations;
    for annotation in annotations {
        annotated(eval, unit, annotation, On { function: None, class: Some(class), ty: None }, annotations, hits);
    }
}
