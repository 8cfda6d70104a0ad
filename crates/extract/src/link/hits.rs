//! Finds where the rules of the packs match: calls, constructions, annotations, base types.

use super::annotations::{On, annotated, declared_by};
use super::bind::Binder;
use super::matching::{self, match_call, match_send, may_match, sent};
use super::pack_index::{PackIndex, RuleRef};
use crate::eval::{Eval, TypeTarget};
use crate::packs::{FactRule, Pack};
use crate::value::{Frame, Value};
use crate::world::{ClassRef, FnRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Annotation, Arg, Expr, ExprId, FunctionId, FunctionKind, Language, TypeId, TypeRef};

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
                let later = matching::meant(eval, &self.unit, call, frame);
                let call = later.as_ref().unwrap_or(call);
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
    // Attributes of parameters say where the framework takes the arguments from, or where it hands them on.
    if function.kind != FunctionKind::Constructor
        && (unit.tree.language.is_jvm() || unit.tree.language == Language::CSharp)
    {
        for param in &function.params {
            for annotation in &param.annotations {
                let on = On { function: Some(own), class, ty: param.ty.as_ref() };
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
    let declared_only = ty.kind == weir_syntax::TypeKind::Interface && unit.tree.language == Language::CSharp;
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
