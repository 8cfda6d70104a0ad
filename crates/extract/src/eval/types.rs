//! What a declared type says about a value.

use super::Eval;
use crate::value::{Instance, Value};
use crate::world::{ClassRef, Def, Target, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Annotation, FunctionKind, Language, TypeKind, TypeRef};

/// What a type name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TypeTarget {
    Class(ClassRef),
    Library(SmolStr, Vec<SmolStr>),
}

/// Types that only wrap the one that counts.
const WRAPPERS: &[&str] = &[
    "Promise",
    "Readonly",
    "Partial",
    "Required",
    "NonNullable",
    "Awaited",
    "InstanceType",
    "Task",
    "ValueTask",
    "Lazy",
];

impl Eval<'_, '_> {
    /// What a type name used in `unit` stands for; aliases and imports are followed.
    pub(crate) fn type_name(&self, unit: &Rc<Unit>, name: &str) -> Option<TypeTarget> {
        if !unit.tree.language.has_exports() {
            return self.seek_type(unit, name);
        }
        // Files say what they import and hand out; nothing that is loaded later changes it.
        if let Some(known) = self.type_names.borrow().get(&unit.file).and_then(|names| names.get(name)) {
            return known.clone();
        }
        let target = self.seek_type(unit, name);
        // That it stands for nothing may be due to a question that is still open.
        if target.is_none() && !self.busy.borrow().is_empty() {
            return None;
        }
        self.type_names.borrow_mut().entry(unit.file).or_default().insert(name.into(), target.clone());
        target
    }

    fn seek_type(&self, unit: &Rc<Unit>, name: &str) -> Option<TypeTarget> {
        let mut segments = name.split('.');
        let first = segments.next()?;
        let rest: Vec<SmolStr> = segments.map(SmolStr::new).collect();
        let target = match unit.index.defs.get(&(None, first.into())).and_then(|defs| defs.first()) {
            Some(Def::Import(at)) => self.world.import(unit, *at, 0)?,
            Some(Def::Type(id)) => {
                return self.nested(ClassRef { file: unit.file, id: *id }, &rest);
            }
            Some(Def::Let { value: Some(value), .. }) if unit.tree.language.has_keyword_arguments() => {
                return self.made_type(unit, *value, rest);
            }
            Some(_) => return None,
            None => {
                let local = unit.tree.types.iter().position(|ty| ty.name == first);
                if let Some(id) = local.and_then(|at| u32::try_from(at).ok()) {
                    return self.nested(ClassRef { file: unit.file, id: weir_syntax::TypeId(id) }, &rest);
                }
                if let Some(target) = self.written_out(unit, name) {
                    return Some(target);
                }
                match self.world.around(unit, first) {
                    Some(target) => target,
                    None => Target::Library(self.packs.brought_in(self, unit, first)?, vec![first.into()]),
                }
            }
        };
        self.type_of_target(target, rest)
    }

    /// A type that Java or Kotlin names with its package, because another of its name is imported: `java.util.List`.
    fn written_out(&self, unit: &Rc<Unit>, name: &str) -> Option<TypeTarget> {
        if !unit.tree.language.is_jvm() || !name.starts_with(char::is_lowercase) {
            return None;
        }
        let (end, _) = name.match_indices('.').find(|(at, _)| name[at + 1..].starts_with(char::is_uppercase))?;
        let types = name[end + 1..].split('.').map(SmolStr::new).collect();
        self.type_of_target(self.world.module(unit, &name[..end]), types)
    }

    /// A type that a call of a library makes, known by what is called; and a second name of a type.
    fn made_type(&self, unit: &Rc<Unit>, value: weir_syntax::ExprId, rest: Vec<SmolStr>) -> Option<TypeTarget> {
        let made = match unit.expr(value) {
            weir_syntax::Expr::Call(call) => self.expr(unit, call.callee, None),
            weir_syntax::Expr::Name(_) | weir_syntax::Expr::Member { .. } => self.expr(unit, value, None),
            _ => return None,
        };
        match made {
            Value::Library(module, path) if !module.is_empty() => {
                Some(TypeTarget::Library(module, path.iter().cloned().chain(rest).collect()))
            }
            Value::Class(class) if rest.is_empty() && !matches!(unit.expr(value), weir_syntax::Expr::Call(_)) => {
                Some(TypeTarget::Class(class))
            }
            _ => None,
        }
    }

    fn type_of_target(&self, target: Target, rest: Vec<SmolStr>) -> Option<TypeTarget> {
        match target {
            Target::Library(module, mut path) => {
                path.extend(rest);
                Some(TypeTarget::Library(module, path))
            }
            Target::Named(file, name) => {
                let other = self.world.unit(file)?;
                if let Some([Def::Let { value: Some(value), .. }]) =
                    other.index.defs.get(&(None, name.clone())).map(Vec::as_slice)
                    && other.tree.language.has_keyword_arguments()
                {
                    return self.made_type(&other, *value, rest);
                }
                let at = other.tree.types.iter().position(|ty| ty.name == name)?;
                self.nested(ClassRef { file, id: weir_syntax::TypeId(u32::try_from(at).ok()?) }, &rest)
            }
            Target::Module(file) => {
                let (name, rest) = rest.split_first()?;
                match self.world.export(file, name)? {
                    Target::Named(file, name) if rest.is_empty() => self.type_name(&self.world.unit(file)?, &name),
                    target => self.type_of_target(target, rest.to_vec()),
                }
            }
            Target::Package(package) => {
                let (name, rest) = rest.split_first()?;
                self.type_of_target(self.world.in_package(package, name, "")?, rest.to_vec())
            }
            Target::Member(file, ty, name) => self.type_of_target(Target::Named(file, ty), [vec![name], rest].concat()),
            Target::Value(file, value) => match self.expr(&self.world.unit(file)?, value, None) {
                Value::Class(class) => Some(TypeTarget::Class(class)),
                _ => None,
            },
        }
    }

    /// What the name of an annotation or function stands for: a library's name, or a class.
    pub(crate) fn callable_name(&self, unit: &Rc<Unit>, name: &str) -> Option<TypeTarget> {
        let mut segments = name.split('.');
        let first = segments.next()?;
        match unit.index.defs.get(&(None, first.into())).and_then(|defs| defs.first()) {
            Some(Def::Import(at)) => match self.world.import(unit, *at, 0)? {
                Target::Library(module, mut path) => {
                    path.extend(segments.map(SmolStr::new));
                    Some(TypeTarget::Library(module, path))
                }
                _ => None,
            },
            Some(Def::Type(_)) | None => self.type_name(unit, name),
            Some(_) => None,
        }
    }

    fn nested(&self, class: ClassRef, rest: &[SmolStr]) -> Option<TypeTarget> {
        let unit = self.world.unit(class.file)?;
        if let Some(inner) = rest.last() {
            let at = unit.tree.types.iter().position(|ty| ty.name == *inner && ty.owner.is_some())?;
            return Some(TypeTarget::Class(ClassRef {
                file: class.file,
                id: weir_syntax::TypeId(u32::try_from(at).ok()?),
            }));
        }
        let decl = unit.class(class.id);
        match (&decl.kind, &decl.alias) {
            (TypeKind::Alias, Some(TypeRef::Named { name, .. })) if *name != decl.name => {
                self.type_name(&unit, name).or(Some(TypeTarget::Class(class)))
            }
            _ => Some(TypeTarget::Class(class)),
        }
    }

    /// A value of which only the declaration is known, its name included: a library object, or an object of a project
    /// class.
    pub(super) fn declared_with(
        &self,
        unit: &Rc<Unit>,
        ty: &TypeRef,
        site: Site,
        source: Option<Value>,
        annotations: &[Annotation],
        name: Option<&str>,
    ) -> Option<Value> {
        if let Some(injected) = self.packs.injected(self, unit, ty, annotations, &site) {
            return Some(injected);
        }
        if unit.tree.language == weir_syntax::Language::CSharp
            && let Some(options) = self.options_of(unit, ty)
        {
            return Some(options);
        }
        if unit.tree.language == weir_syntax::Language::CSharp
            && let Some(sequence) = self.sequence_of(unit, ty, site.clone(), source.clone())
        {
            return Some(sequence);
        }
        match ty {
            TypeRef::Named { name: wrapper, args }
                if WRAPPERS.contains(&wrapper.as_str())
                    || unit.tree.language == Language::Rust && super::rust::holds_one(wrapper) =>
            {
                self.declared_with(unit, args.first()?, site, source, annotations, name)
            }
            TypeRef::Union(types) => types
                .iter()
                .find_map(|ty| self.declared_with(unit, ty, site.clone(), source.clone(), annotations, name)),
            TypeRef::ValueOf(name) => match self.name_in(unit, name, None, u32::MAX, None) {
                value @ (Value::Class(_) | Value::Object(_) | Value::Typed(_)) => Some(value),
                _ => None,
            },
            TypeRef::Named { name: wrapper, args } if wrapper == "tuple" => {
                let one = |ty| {
                    let declared = self.declared_with(unit, ty, site.clone(), None, annotations, None);
                    declared.unwrap_or_else(|| Value::opaque("one of several results"))
                };
                let results: Vec<Value> = args.iter().map(one).collect();
                results.iter().any(|result| !result.is_empty()).then(|| Value::List(results.into()))
            }
            TypeRef::Named { name: ty, args } => match self.type_name(unit, ty)? {
                TypeTarget::Library(module, library) => {
                    self.packs.declared(self, unit, &module, &library, args, annotations, site, source, name)
                }
                TypeTarget::Class(class) => {
                    let other = self.world.unit(class.file)?;
                    let decl = other.class(class.id);
                    // Plain data stays a parameter: its fields come from whoever calls.
                    let is_service =
                        decl.kind == TypeKind::Interface && other.tree.language == weir_syntax::Language::CSharp;
                    let behaves = !decl.bases.is_empty()
                        || is_service
                        || self.is_filled(class, &unit.path)
                        || other.tree.language.has_impls()
                        || self.world.members(class).iter().any(|member| {
                            let unit = self.world.unit(member.file);
                            unit.is_some_and(|unit| {
                                let function = unit.function(member.id);
                                function.kind != FunctionKind::Constructor || !function.params.is_empty()
                            })
                        });
                    if let Some(prefix) = self.configured(class) {
                        let source = Some(Value::Env(prefix, None));
                        return Some(Value::Instance(Rc::new(Instance { source, ..Instance::of(class) })));
                    }
                    let behaves = behaves || self.is_made_elsewhere(&other, class, source.is_some());
                    let object = matches!(decl.kind, TypeKind::Class | TypeKind::Interface) && behaves;
                    let types = args.iter().map(|ty| self.type_in(unit, ty, None, None, None)).collect();
                    object.then(|| Value::Instance(Rc::new(Instance { source, types, ..Instance::of(class) })))
                }
            },
            _ => None,
        }
    }

    /// True for an object of plain data that no caller brings along: nothing but its type is known of it, a container
    /// fills it in, or calls compute what it holds.
    fn is_made_elsewhere(&self, unit: &Rc<Unit>, class: ClassRef, given: bool) -> bool {
        if !unit.tree.language.has_implicit_receiver() {
            return false;
        }
        let computed = |field: &weir_syntax::FieldDecl| {
            !field.is_static && field.value.is_some_and(|value| matches!(unit.expr(value), weir_syntax::Expr::Call(_)))
        };
        !given
            || unit.class(class.id).fields.iter().any(computed)
            || self.packs.configuration_of(self, unit, class).is_some()
    }

    /// A class or library type as a value.
    pub(super) fn type_value(&self, unit: &Rc<Unit>, ty: &TypeRef, _frame: Option<&Rc<crate::value::Frame>>) -> Value {
        match ty.name().and_then(|name| self.type_name(unit, name)) {
            Some(TypeTarget::Class(class)) => Value::Class(class),
            Some(TypeTarget::Library(module, path)) => Value::Library(module, path.into()),
            None => Value::opaque("the type is not part of the tree"),
        }
    }
}
