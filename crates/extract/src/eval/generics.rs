//! Types as values: what type parameters stand for in a call or an object, and the type of a value.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Frame, Instance, TYPE_PARAMS, Value};
use crate::world::{ClassRef, FnRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, ExprId, Function, FunctionId, Language, TypeId, TypeKind, TypeRef};

/// Base types walked for the type arguments they are given.
const MAX_BASES: usize = 24;
/// Types that stand in each other.
const MAX_NESTED: usize = 6;

impl Eval<'_, '_> {
    /// A type written at an expression, as a value.
    pub(crate) fn type_at(&self, unit: &Rc<Unit>, ty: &TypeRef, at: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        let scope = unit.index.scope.get(at.0 as usize).copied().flatten();
        let class = unit.index.field_class.get(&at).copied();
        self.type_in(unit, ty, scope, class, frame)
    }

    /// A type written in a function or field, as a value: a class, a library's type, or a parameter that callers give.
    pub(crate) fn type_in(
        &self,
        unit: &Rc<Unit>,
        ty: &TypeRef,
        scope: Option<FunctionId>,
        field_of: Option<TypeId>,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let name = match ty {
            TypeRef::Named { name, .. } => name,
            // `order::class` is the type that the object has, not one that a name stands for.
            TypeRef::ValueOf(name) if unit.tree.language == Language::Kotlin => {
                let value = match name.as_str() {
                    "this" => self.this_of(unit, scope, None, frame),
                    name => self.name_in(unit, name, scope, u32::MAX, frame),
                };
                return self.class_of(&value);
            }
            TypeRef::ValueOf(name) => return self.name_in(unit, name, scope, u32::MAX, frame),
            TypeRef::Union(types) => match types.first() {
                Some(first) => return self.type_in(unit, first, scope, field_of, frame),
                None => return Value::opaque("a type without a name"),
            },
            TypeRef::Text(text) => return Value::Text(text.clone()),
            _ => return Value::opaque("a type without a name"),
        };
        if let Some(value) = self.type_param(unit, name, scope, field_of, frame) {
            return value;
        }
        match self.type_name(unit, name) {
            Some(TypeTarget::Class(class)) => Value::Class(class),
            Some(TypeTarget::Library(module, path)) => Value::Library(module, path.into()),
            None => Value::opaque("the type is not part of the tree"),
        }
    }

    /// What a type parameter of the functions or the class around stands for; `None` for any other name.
    fn type_param(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        scope: Option<FunctionId>,
        field_of: Option<TypeId>,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let mut at = scope;
        while let Some(id) = at {
            let function = unit.function(id);
            if let Some(position) = function.type_params.iter().position(|param| param == name) {
                let fn_ref = FnRef { file: unit.file, id };
                let given = Frame::find(frame, fn_ref)
                    .and_then(|frame| frame.types.iter().find(|(param, _)| param == name))
                    .map(|(_, value)| value.clone());
                return Some(given.unwrap_or_else(|| Value::Param(fn_ref, TYPE_PARAMS + position, Rc::from([]))));
            }
            at = unit.index.parent[id.0 as usize];
        }
        let class = scope.and_then(|scope| unit.index.class[scope.0 as usize]).or(field_of)?;
        let position = unit.class(class).type_params.iter().position(|param| param == name)?;
        let class = ClassRef { file: unit.file, id: class };
        let this = self.this_of(unit, scope, Some(class), frame);
        if let Some(given) = self.class_args(&this, class).and_then(|args| args.get(position).cloned())
            && !given.is_empty()
        {
            return Some(given);
        }
        let method = self.method_of_scope(unit, scope?);
        let own = unit.function(method).type_params.len();
        Some(Value::Param(FnRef { file: unit.file, id: method }, TYPE_PARAMS + own + position, Rc::from([])))
    }

    /// The type arguments that an object gives to its class or one it inherits from.
    pub(crate) fn class_args(&self, this: &Value, target: ClassRef) -> Option<Vec<Value>> {
        let (class, types) = match this {
            Value::Instance(instance) => (instance.class, instance.types.clone()),
            Value::This(class) | Value::Class(class) => (*class, Vec::new()),
            _ => return None,
        };
        let found = self.bases_with_args(class, types);
        found.into_iter().find_map(|(base, args)| match base {
            TypeTarget::Class(base) if base == target => Some(args),
            _ => None,
        })
    }

    /// A class and everything it extends or implements, each with its type arguments as values.
    pub(crate) fn bases_with_args(&self, class: ClassRef, types: Vec<Value>) -> Vec<(TypeTarget, Vec<Value>)> {
        let mut found = vec![(TypeTarget::Class(class), types)];
        let mut at = 0;
        while at < found.len() && found.len() < MAX_BASES {
            let (target, args) = found[at].clone();
            at += 1;
            let TypeTarget::Class(class) = target else { continue };
            let Some(unit) = self.world.unit(class.file) else { continue };
            let decl = unit.class(class.id);
            for base in &decl.bases {
                let TypeRef::Named { name, args: written } = base else { continue };
                let Some(target) = self.type_name(&unit, name) else { continue };
                let values = written.iter().map(|ty| {
                    let position = ty.name().and_then(|name| decl.type_params.iter().position(|param| param == name));
                    match position {
                        Some(position) => {
                            args.get(position).cloned().unwrap_or_else(|| Value::opaque("a type that callers give"))
                        }
                        None => self.told_type(&unit, ty).unwrap_or_else(|| self.type_in(&unit, ty, None, None, None)),
                    }
                });
                let next = (target, values.collect());
                if !found.contains(&next) {
                    found.push(next);
                }
            }
        }
        found
    }

    /// What the type parameters of a called function stand for: written, or told by the arguments.
    pub(super) fn type_args_of_call(
        &self,
        unit: &Rc<Unit>,
        call: &Call,
        function: &Function,
        args: &[Value],
        frame: Option<&Rc<Frame>>,
    ) -> Vec<(SmolStr, Value)> {
        let mut types = Vec::new();
        for (at, param) in function.type_params.iter().enumerate() {
            let written = call.type_args.get(at).map(|ty| self.type_at(unit, ty, call.callee, frame));
            let value = written.or_else(|| {
                let takes = |ty: &TypeRef| ty.name() == Some(param);
                let position = function.params.iter().position(|given| given.ty.as_ref().is_some_and(takes));
                position.and_then(|position| args.get(position)).and_then(|value| self.type_of(value))
            });
            types.extend(value.filter(|value| !value.is_empty()).map(|value| (param.clone(), value)));
        }
        types
    }

    /// The type a value is known to have.
    pub(crate) fn type_of(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Instance(instance) => Some(Value::Class(instance.class)),
            Value::This(class) => Some(Value::Class(*class)),
            Value::Choice(options) => {
                let types: Vec<Value> = options.iter().filter_map(|option| self.type_of(option)).collect();
                (!types.is_empty()).then(|| Value::choice(types))
            }
            Value::Param(function, at, path) if path.is_empty() && *at < TYPE_PARAMS => {
                let unit = self.world.unit(function.file)?;
                let ty = unit.function(function.id).params.get(*at)?.ty.clone()?;
                let value = self.type_in(&unit, &ty, Some(function.id), None, None);
                Some(value).filter(|value| !value.is_empty())
            }
            _ => None,
        }
    }

    /// The class of a value in Kotlin, which whoever brings the value decides.
    fn class_of(&self, value: &Value) -> Value {
        match value {
            Value::Choice(options) => Value::choice(options.iter().map(|option| self.class_of(option)).collect()),
            Value::Param(..) => self.asked(value, "javaClass"),
            value => self
                .jvm_member(value, "javaClass")
                .unwrap_or_else(|| Value::opaque("the type of a value that is not known")),
        }
    }

    /// The type of an object at run time; what is only declared may be anything below its declaration.
    pub(crate) fn runtime_type(&self, value: &Value) -> Value {
        match value {
            Value::Instance(instance) => match &instance.source {
                Some(source @ Value::Param(..)) if self.has_below(instance.class) => self.asked(source, "GetType()"),
                None if instance.args.is_none() && self.is_open(instance.class) => {
                    Value::opaque("of the message only an interface or a base class is known")
                }
                _ => Value::Class(instance.class),
            },
            Value::This(class) => Value::Class(*class),
            Value::Choice(options) => Value::choice(options.iter().map(|option| self.runtime_type(option)).collect()),
            Value::Param(function, at, path) if path.is_empty() && *at < TYPE_PARAMS => {
                match self.type_of(value) {
                    // A type without anything below it, or a parameter that the caller's argument decides.
                    Some(Value::Class(class)) if !self.has_below(class) => Value::Class(class),
                    Some(given @ Value::Param(..)) => given,
                    _ => self.asked(&Value::Param(*function, *at, path.clone()), "GetType()"),
                }
            }
            Value::Param(..) => self.asked(value, "GetType()"),
            _ => Value::opaque("the type of a value that is not known"),
        }
    }

    /// True for types whose objects may be of another one: interfaces, abstract classes, and what is extended.
    pub(crate) fn has_below(&self, class: ClassRef) -> bool {
        self.is_open(class) || !self.subclasses(class).is_empty()
    }

    /// True for types that have no objects of their own.
    fn is_open(&self, class: ClassRef) -> bool {
        self.world.unit(class.file).is_some_and(|unit| {
            let decl = unit.class(class.id);
            decl.kind == TypeKind::Interface || decl.is_abstract
        })
    }

    /// What is asked of a value that a caller gives stays a question to the caller.
    pub(super) fn asked(&self, value: &Value, what: &str) -> Value {
        match value {
            Value::Param(function, at, path) => {
                let mut path = path.to_vec();
                path.push(crate::world::Key::Name(what.into()));
                Value::Param(*function, *at, path.into())
            }
            other => other.clone(),
        }
    }

    /// A library's type with type arguments of its own, where a pack says what they mean: `Fault<OrderPlaced>`.
    pub(crate) fn told_type(&self, unit: &Rc<Unit>, ty: &TypeRef) -> Option<Value> {
        let TypeRef::Named { name, args } = ty else { return None };
        if args.is_empty() {
            return None;
        }
        let TypeTarget::Library(module, path) = self.type_name(unit, name)? else { return None };
        let site = weir_facts::Site::new(unit.path.clone(), 1);
        let told = self.packs.declared(self, unit, &module, &path, args, &[], site, None, None)?;
        matches!(&told, Value::Typed(typed) if !typed.properties.is_empty()).then_some(told)
    }

    /// An object of a type of which nothing else is known.
    pub(crate) fn object_of(&self, ty: &Value) -> Option<Value> {
        match ty {
            Value::Class(class) => Some(Value::Instance(Rc::new(Instance::of(*class)))),
            Value::Typed(_) => Some(ty.clone()),
            Value::Choice(options) => {
                let objects: Vec<Value> = options.iter().filter_map(|option| self.object_of(option)).collect();
                (!objects.is_empty()).then(|| Value::choice(objects))
            }
            _ => None,
        }
    }

    /// The name of a class with its namespace and the types around it.
    pub(crate) fn qualified_name(&self, class: ClassRef, separator: &str, nested: &str) -> SmolStr {
        let Some(unit) = self.world.unit(class.file) else { return SmolStr::default() };
        let decl = unit.class(class.id);
        let mut name = decl.name.to_string();
        let mut namespace = unit.tree.namespace.to_string();
        let mut owner = decl.owner.clone();
        for _ in 0..MAX_NESTED {
            let Some(outer) = owner else { break };
            match unit.tree.types.iter().find(|ty| ty.name == outer) {
                Some(ty) => {
                    name = format!("{outer}{nested}{name}");
                    owner = ty.owner.clone();
                }
                // No type: a namespace that is not the file's first.
                None => {
                    namespace = if namespace.is_empty() { outer.to_string() } else { format!("{namespace}.{outer}") };
                    owner = None;
                }
            }
        }
        SmolStr::new(if namespace.is_empty() { name } else { format!("{namespace}{separator}{name}") })
    }

    /// The method of a class that takes an object of a type, or that type with something around it; any of its name
    /// where none says so.
    pub(crate) fn method_taking(&self, class: ClassRef, name: &str, ty: Option<&Value>) -> Option<Value> {
        let wanted = match ty {
            Some(Value::Class(class)) => Some(self.class_name(*class)),
            Some(Value::Text(text)) => Some(text.clone()),
            Some(Value::Library(_, path)) => path.last().cloned(),
            _ => None,
        };
        let mut any = None;
        for owner in self.chain(class) {
            let Some(unit) = self.world.unit(owner.file) else { continue };
            for id in &unit.class(owner.id).members {
                let function = unit.function(*id);
                if function.name != name || function.body.is_none() {
                    continue;
                }
                let function_ref = FnRef { file: owner.file, id: *id };
                let takes = wanted.as_ref().is_some_and(|wanted| {
                    function.params.first().and_then(|param| param.ty.as_ref()).is_some_and(|ty| says(ty, wanted))
                });
                if takes {
                    return Some(self.on(function_ref, class));
                }
                any = any.or(Some(function_ref));
            }
        }
        any.map(|function| self.on(function, class))
    }

    /// The method of a name that a class declares for objects of a type.
    pub(crate) fn method_for(
        &self,
        class: ClassRef,
        name: &str,
        message: ClassRef,
    ) -> Option<Rc<crate::value::Closure>> {
        let wanted = self.class_name(message);
        let Value::Closure(closure) = self.method_taking(class, name, Some(&Value::Class(message)))? else {
            return None;
        };
        let unit = self.world.unit(closure.function.file)?;
        let first = unit.function(closure.function.id).params.first()?.ty.clone()?;
        says(&first, &wanted).then_some(closure)
    }

    pub(crate) fn on(&self, function: FnRef, class: ClassRef) -> Value {
        Value::Closure(Rc::new(crate::value::Closure { function, this: Some(Value::This(class)), frame: None }))
    }

    /// The type arguments of the fields of a class that are declared with a generic type of this name.
    pub(crate) fn field_types(&self, class: ClassRef, name: &str) -> Vec<Value> {
        let mut found = Vec::new();
        for owner in self.chain(class) {
            let Some(unit) = self.world.unit(owner.file) else { continue };
            for field in &unit.class(owner.id).fields {
                let ty = match &field.ty {
                    Some(TypeRef::Union(types)) => types.first(),
                    ty => ty.as_ref(),
                };
                if let Some(TypeRef::Named { name: own, args }) = ty
                    && own == name
                    && let Some(arg) = args.first()
                {
                    let value = self.type_in(&unit, arg, None, Some(owner.id), None);
                    if !value.is_empty() && !found.contains(&value) {
                        found.push(value);
                    }
                }
            }
        }
        found
    }
}

/// True for a type of a name, or one that has it as an argument.
fn says(ty: &TypeRef, wanted: &str) -> bool {
    match ty {
        TypeRef::Named { name, args } => {
            name.rsplit('.').next() == Some(wanted) || args.iter().any(|arg| says(arg, wanted))
        }
        TypeRef::Union(types) => types.iter().any(|ty| says(ty, wanted)),
        _ => false,
    }
}
