//! Calls and constructions: project functions are followed, library ones answered by packs.

use super::{Eval, MAX_INLINE};
use crate::value::{Closure, Frame, Instance, Value};
use crate::world::{FnRef, Key, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Call, Expr, ExprId, Language};

impl Eval<'_, '_> {
    /// The function or functions a call runs, with their receivers; empty when it leaves the program.
    pub(crate) fn callees(&self, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Vec<Rc<Closure>> {
        let callee = match unit.expr(call.callee) {
            Expr::Super => return Vec::new(),
            Expr::Member { object, name } if matches!(unit.expr(*object), Expr::Super) => {
                self.super_method(unit, call.callee, name, frame)
            }
            Expr::Member { object, name } => {
                let extension = match self.world.extensions(name).is_empty() {
                    true => None,
                    false => self.extension_method(unit, &self.expr(unit, *object, frame), name, call),
                };
                extension.unwrap_or_else(|| self.expr(unit, call.callee, frame))
            }
            _ => self.expr(unit, call.callee, frame),
        };
        let mut closures: Vec<Rc<Closure>> = Vec::new();
        for value in callee.alternatives() {
            match value {
                Value::Closure(closure) => closures.push(closure.clone()),
                Value::Param(function, at, path) => closures.extend(self.methods_of(*function, *at, path)),
                _ => {}
            }
        }
        if closures.len() < 2 {
            return closures;
        }
        self.fitting(unit, closures, &self.args(unit, call, frame).0)
    }

    /// The methods of what callers hand to a parameter, where the call is one of a member of it.
    pub(crate) fn methods_of(&self, function: FnRef, at: usize, path: &[Key]) -> Vec<Rc<Closure>> {
        let Some((Key::Name(method), to)) = path.split_last() else { return Vec::new() };
        let objects = self.inferred(function, at, &Rc::from(to));
        let methods = objects.iter().filter(|object| matches!(object, Value::Instance(_))).filter_map(|object| {
            match self.member(object, method) {
                Value::Closure(closure) => Some(closure),
                _ => None,
            }
        });
        methods.collect()
    }

    fn super_method(&self, unit: &Rc<Unit>, at: ExprId, name: &str, frame: Option<&Rc<Frame>>) -> Value {
        let this = self.this(unit, at, frame);
        let scope = unit.index.scope[at.0 as usize];
        let Some(class) = scope.and_then(|scope| self.world.class_of(unit, scope)) else {
            return Value::opaque("`super` outside a class");
        };
        let chain = self.chain(class);
        let bases = chain.iter().skip(1).map(|class| self.methods(*class, name));
        let found = bases.into_iter().find(|methods| !methods.is_empty()).unwrap_or_default();
        if found.is_empty() {
            return Value::opaque("the base class is not part of the tree");
        }
        let method = |function| Value::Closure(Rc::new(Closure { function, this: Some(this.clone()), frame: None }));
        Value::choice(found.into_iter().map(method).collect())
    }

    pub(super) fn call(&self, unit: &Rc<Unit>, id: ExprId, call: &Call, frame: Option<&Rc<Frame>>) -> Value {
        if unit.tree.language == Language::Rust
            && let Some(value) = self.rust_call(unit, call, frame)
        {
            return value;
        }
        if let Some(bound) = self.packs.bound_value(self, unit, call, frame) {
            return bound;
        }
        if let Expr::Member { object, name } = unit.expr(call.callee) {
            if matches!(unit.expr(*object), Expr::Super) {
                let method = self.super_method(unit, call.callee, name, frame);
                return self.call_value(unit, id, &method, call, frame);
            }
            let receiver = self.expr(unit, *object, frame);
            if let Some(extension) = self.extension_method(unit, &receiver, name, call) {
                return self.call_value(unit, id, &extension, call, frame);
            }
            let results =
                receiver.alternatives().iter().map(|receiver| self.call_on(unit, id, receiver, name, call, frame));
            let result = Value::choice(results.collect());
            if result.is_empty()
                && let Some(yielded) = self.packs.added_result(self, unit, id, name, call, frame)
            {
                return yielded;
            }
            return result;
        }
        let callee = self.expr(unit, call.callee, frame);
        // What nothing declares may be a method that the class around inherits from a library.
        if let (Value::Library(module, _), Expr::Name(name)) = (&callee, unit.expr(call.callee))
            && module.is_empty()
            && unit.tree.language.has_implicit_receiver()
            && let this @ (Value::This(_) | Value::Instance(_)) = self.this(unit, id, frame)
            && let Some(result) = self.packs.result(self, unit, id, &this, name, call, frame)
        {
            return result;
        }
        // In a function that extends texts or lists, so is a bare name one of their methods.
        if let (Value::Library(module, _), Expr::Name(name)) = (&callee, unit.expr(call.callee))
            && module.is_empty()
            && unit.tree.language == Language::Kotlin
            && let this @ (Value::Text(_) | Value::Concat(_) | Value::List(_) | Value::Param(..)) =
                self.this(unit, id, frame)
        {
            let made = self.value_method(unit, &this, name, call, frame);
            let made = made.or_else(|| self.jvm_method(&this, name, &|| self.args(unit, call, frame).0));
            if let Some(made) = made {
                return made;
            }
        }
        self.call_value(unit, id, &callee, call, frame)
    }

    fn call_on(
        &self,
        unit: &Rc<Unit>,
        id: ExprId,
        receiver: &Value,
        name: &SmolStr,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        if let Some(value) = self.value_method(unit, receiver, name, call, frame) {
            return value;
        }
        // `key to value` makes a pair in Kotlin, whatever the key is.
        let pair = name == "to" && unit.tree.language == weir_syntax::Language::Kotlin;
        let foreign = matches!(receiver, Value::Typed(_)) || matches!(receiver, Value::Library(..)) && !pair;
        if let Some(extension) = self.extension(unit, receiver, name) {
            return self.call_value(unit, id, &extension, call, frame);
        }
        if let Some(value) = self.of_type_at_run_time(unit, receiver, name, call) {
            return value;
        }
        if unit.tree.language.is_jvm() && !foreign {
            let args = || self.args(unit, call, frame).0;
            let value = self.jvm_method(receiver, name, &args);
            let value = value.or_else(|| match receiver {
                Value::Env(key, _) => self.filled_part(key, name, &args()),
                _ => None,
            });
            if let Some(value) = value {
                return value;
            }
        }
        match receiver {
            Value::Typed(typed) => {
                // What was bound under a name is what its accessor gives.
                let has_accessors =
                    unit.tree.language.is_jvm() || unit.tree.language.has_impls() && !self.packs.is_fluent(typed);
                let bound = has_accessors && call.args.is_empty();
                let property = super::property(name).unwrap_or_else(|| name.clone());
                let value = typed.properties.iter().find(|(known, value)| *known == property && !value.is_empty());
                match value.filter(|_| bound) {
                    Some((_, value)) => value.clone(),
                    None => self.library_call(unit, id, receiver, name, call, frame),
                }
            }
            Value::Closure(closure) if self.packs.decorated(self, closure).is_some() => {
                self.library_call(unit, id, receiver, name, call, frame)
            }
            Value::Instance(_) | Value::This(_) | Value::Class(_) => {
                let member = self.member(receiver, name);
                if matches!(member, Value::Closure(_) | Value::Choice(_))
                    || matches!((receiver, &member), (Value::Class(_), Value::Instance(_)))
                {
                    let result = self.call_value(unit, id, &member, call, frame);
                    self.open_to_callers(unit, receiver, name, result)
                } else if unit.tree.language.has_implicit_receiver()
                    && let Some(value) = self.unwritten(receiver, name, call.args.len())
                {
                    value
                } else {
                    self.library_call(unit, id, receiver, name, call, frame)
                }
            }
            Value::Param(function, at, path) if self.is_enum_with(*function, *at, path, name) => {
                self.member(receiver, name)
            }
            Value::Library(module, path) if module.is_empty() => {
                let mut path = path.to_vec();
                path.push(name.clone());
                let (args, _) = self.args(unit, call, frame);
                if unit.tree.language.is_jvm()
                    && let Some(value) = self.jvm_call(&path, &|| args.clone())
                {
                    return value;
                }
                let known = match unit.tree.language {
                    weir_syntax::Language::CSharp => self.dotnet_call(unit, &path, &args, call, frame),
                    _ => self.global_call(&path, &args),
                };
                known.unwrap_or_else(|| Value::opaque("the result of a call outside the tree"))
            }
            _ => {
                let member = self.member(receiver, name);
                self.call_value(unit, id, &member, call, frame)
            }
        }
    }

    fn library_call(
        &self,
        unit: &Rc<Unit>,
        id: ExprId,
        receiver: &Value,
        name: &str,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let result = self.packs.result(self, unit, id, receiver, name, call, frame);
        let result = result.or_else(|| self.handed_out(unit, id, name, call, frame));
        let result = result.or_else(|| self.named_by_type_argument(unit, id, call));
        let result = match (result, call.type_args.first()) {
            (Some(value), Some(ty)) => Some(self.as_declared(unit, ty, value, unit.site(id))),
            (result, _) => result,
        };
        let result = result.or_else(|| self.declared_result(receiver, name));
        let result = result.or_else(|| match receiver {
            Value::Typed(typed) => self.value_method(unit, &self.opened(typed, frame)?, name, call, frame),
            _ => None,
        });
        result.unwrap_or_else(|| Value::opaque("the result of a library call"))
    }

    /// `config.create::<Producer>()`: a type argument of a library call names what it yields.
    fn named_by_type_argument(&self, unit: &Rc<Unit>, id: ExprId, call: &Call) -> Option<Value> {
        let ty = call.type_args.first().filter(|_| unit.tree.language.has_impls())?;
        self.declared(unit, ty, unit.site(id), None)
    }

    /// `container.get(Type)`: dependency containers hand out an object of the type they are asked for.
    fn handed_out(
        &self,
        unit: &Rc<Unit>,
        id: ExprId,
        name: &str,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        if !matches!(name, "get" | "resolve") {
            return None;
        }
        match self.expr(unit, call.args.first()?.value, frame) {
            Value::Class(class) => Some(Value::Instance(Rc::new(Instance::of(class)))),
            Value::Library(module, path) if !module.is_empty() => {
                self.packs.declared(self, unit, &module, &path, &[], &[], unit.site(id), None, None)
            }
            _ => None,
        }
    }

    fn call_value(&self, unit: &Rc<Unit>, id: ExprId, callee: &Value, call: &Call, frame: Option<&Rc<Frame>>) -> Value {
        if let Value::Library(_, path) = callee
            && unit.tree.language.is_jvm()
            && let Some(value) = self.jvm_call(path, &|| self.args(unit, call, frame).0)
        {
            return value;
        }
        match callee {
            Value::Closure(closure) => {
                let entered = self.frame_of_call(unit, call, closure, frame);
                let value = self.inline_frame(closure, &entered);
                if self.inlined.get() < 3
                    && let Value::Text(_) | Value::Concat(_) = &value
                    && let Some(other) = self.world.unit(closure.function.file)
                {
                    self.hop(unit.site(id), format!("{}() yields it", other.function(closure.function.id).name));
                }
                self.fresh(closure, value, (unit.file, id))
            }
            Value::Library(module, path) if module.is_empty() => {
                if let Some(value) = self.standard_call(unit, module, path, call, frame) {
                    return value;
                }
                let (args, _) = self.args(unit, call, frame);
                self.global_call(path, &args).unwrap_or_else(|| Value::opaque("the result of a call outside the tree"))
            }
            Value::Library(module, path) => {
                let result = self.packs.function_result(self, unit, id, module, path, call, frame);
                result
                    .or_else(|| self.standard_call(unit, module, path, call, frame))
                    .or_else(|| self.decorated(unit, call, frame))
                    .or_else(|| self.in_variant(unit, path, call, frame))
                    .unwrap_or_else(|| Value::opaque("the result of a library call"))
            }
            Value::Instance(instance) if instance.constant.is_some() && instance.args.is_none() => {
                let (args, _) = self.args(unit, call, frame);
                self.variant_with(instance, args)
            }
            // A call of a type converts where objects are made by literals.
            Value::Class(_) if unit.tree.language.has_struct_literals() => match call.args.first() {
                Some(only) => self.expr(unit, only.value, frame),
                None => Value::opaque("a conversion of nothing"),
            },
            Value::Class(class) if !self.is_enum(*class) && !unit.tree.language.has_new() => {
                let (args, complete) = self.args_of_new(unit, call, frame, *class);
                let origin = Some((unit.file, id));
                Value::Instance(Rc::new(Instance { args: complete.then_some(args), origin, ..Instance::of(*class) }))
            }
            // A derived function stands for the object that it makes.
            Value::Instance(object) if unit.tree.language.has_impls() && object.args.is_none() => callee.clone(),
            Value::Typed(_) => self.library_call(unit, id, callee, "()", call, frame),
            Value::Choice(options) => {
                let closure = |value: &Value| match value {
                    Value::Closure(closure) => Some(closure.clone()),
                    _ => None,
                };
                let closures: Vec<Rc<Closure>> = options.iter().filter_map(closure).collect();
                if closures.len() < options.len() {
                    return Value::choice(
                        options.iter().map(|option| self.call_value(unit, id, option, call, frame)).collect(),
                    );
                }
                let fitting = self.fitting(unit, closures, &self.args(unit, call, frame).0);
                let results =
                    fitting.into_iter().map(|option| self.call_value(unit, id, &Value::Closure(option), call, frame));
                Value::choice(results.collect())
            }
            Value::Param(..) => Value::opaque("the result of an injected function"),
            _ => Value::opaque("the result of a call that cannot be followed"),
        }
    }

    /// A library function that takes nothing but a function hands it out with something around it.
    fn decorated(&self, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Option<Value> {
        let [only] = call.args.as_slice() else { return None };
        let value = self.expr(unit, only.value, frame);
        matches!(value, Value::Closure(_)).then_some(value)
    }

    /// True for a call of a function that yields values one after the other.
    pub(super) fn generates(&self, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> bool {
        self.callees(unit, call, frame).iter().any(|closure| {
            let unit = self.world.unit(closure.function.file);
            unit.is_some_and(|unit| !unit.function(closure.function.id).yields.is_empty())
        })
    }

    /// A variant or newtype of a library says what it holds.
    fn in_variant(&self, unit: &Rc<Unit>, path: &[SmolStr], call: &Call, frame: Option<&Rc<Frame>>) -> Option<Value> {
        let [only] = call.args.as_slice() else { return None };
        let is_type = path.last().is_some_and(|last| last.starts_with(char::is_uppercase));
        (unit.tree.language.has_impls() && is_type).then(|| self.expr(unit, only.value, frame))
    }

    /// Calls a value with values.
    pub(crate) fn apply(&self, callee: &Value, args: Vec<Value>) -> Value {
        match callee {
            Value::Closure(closure) => self.inline(closure, self.arranged_for(closure.function, args), true),
            Value::Class(class) => Value::Instance(Rc::new(Instance::of(*class))),
            _ => Value::opaque("the result of a call that cannot be followed"),
        }
    }

    /// The result of a project function.
    pub(crate) fn inline(&self, closure: &Closure, args: Vec<Value>, complete: bool) -> Value {
        let frame = self.frame(closure, args, complete);
        self.inline_frame(closure, &frame)
    }

    fn inline_frame(&self, closure: &Closure, frame: &Rc<Frame>) -> Value {
        let Some(unit) = self.world.unit(closure.function.file) else {
            return Value::opaque("the file cannot be read");
        };
        if self.inlined.get() >= MAX_INLINE {
            self.bounded();
            return Value::opaque("calls nest too deeply");
        }
        let id = closure.function.id;
        let function = unit.function(id);
        self.inlined.set(self.inlined.get() + 1);
        let mut narrowed = Vec::new();
        let returns = match &function.body {
            Some(body) if unit.tree.language.has_impls() => {
                self.returned(&unit, body, frame, &mut narrowed);
                narrowed
            }
            _ => self.telling_returns(&unit, &unit.index.returns[id.0 as usize]),
        };
        let value = if returns.len() > 16 {
            Value::opaque("the function has too many results")
        } else {
            let values: Vec<Value> = returns.iter().map(|value| self.expr(&unit, *value, Some(frame))).collect();
            let values = self.with_fallback(&unit, id, &returns, values);
            self.several_results(&unit, function, Value::choice(values))
        };
        self.inlined.set(self.inlined.get() - 1);
        let value = match &function.returns {
            Some(ty) => self.as_declared(&unit, ty, value, Site::new(unit.path.clone(), function.line)),
            None => value,
        };
        if value.is_empty()
            && let Some(ty) = &function.returns
            && let site = Site::new(unit.path.clone(), function.line)
            && let Some(declared) =
                self.declared_with(&unit, ty, site, None, &function.annotations, Some(&function.name))
        {
            return declared;
        }
        value
    }

    /// The frame of a closure that a call runs: its arguments in the order of the parameters, its type arguments.
    pub(crate) fn frame_of_call(
        &self,
        unit: &Rc<Unit>,
        call: &Call,
        closure: &Closure,
        frame: Option<&Rc<Frame>>,
    ) -> Rc<Frame> {
        let (args, complete) = self.args_for(unit, call, frame, closure.function);
        let Some(other) = self.world.unit(closure.function.file) else { return self.frame(closure, args, complete) };
        let function = other.function(closure.function.id);
        let types = match other.tree.language {
            weir_syntax::Language::CSharp | weir_syntax::Language::Kotlin => {
                self.type_args_of_call(unit, call, function, &args, frame)
            }
            _ => self.type_arguments(unit, call, closure.function, frame),
        };
        self.enter(Frame {
            function: closure.function,
            args,
            this: closure.this.clone(),
            outer: closure.frame.clone(),
            complete,
            types,
        })
    }

    /// The frame of a closure called with these values.
    pub(crate) fn frame(&self, closure: &Closure, args: Vec<Value>, complete: bool) -> Rc<Frame> {
        self.enter(Frame {
            function: closure.function,
            args,
            this: closure.this.clone(),
            outer: closure.frame.clone(),
            complete,
            types: Vec::new(),
        })
    }

    /// A literal of a type nobody knows says what its fields are.
    fn fields_of_literal(&self, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Option<Value> {
        let only = call.args.first().filter(|_| unit.tree.language.has_impls() && call.args.len() == 1)?;
        matches!(unit.expr(only.value), Expr::Object(_)).then(|| self.expr(unit, only.value, frame))
    }

    pub(super) fn construct(&self, unit: &Rc<Unit>, id: ExprId, call: &Call, frame: Option<&Rc<Frame>>) -> Value {
        let callee = self.expr(unit, call.callee, frame);
        let results = callee.alternatives().iter().map(|callee| match callee {
            Value::Class(class) => {
                let (args, complete) = self.args_of_new(unit, call, frame, *class);
                if unit.tree.language.has_struct_literals() && self.is_alias(*class) {
                    return args.into_iter().next().unwrap_or(Value::Null);
                }
                let origin = Some((unit.file, id));
                let types = call.type_args.iter().map(|ty| self.type_at(unit, ty, id, frame)).collect();
                let args = complete.then_some(args);
                Value::Instance(Rc::new(Instance { args, origin, types, ..Instance::of(*class) }))
            }
            Value::Library(module, path)
                if module.is_empty() && unit.tree.language == weir_syntax::Language::CSharp =>
            {
                self.dotnet_construct(unit, path, call, frame)
            }
            Value::Instance(instance) if instance.constant.is_some() => {
                let (args, _) = self.args(unit, call, frame);
                self.variant_with(instance, args)
            }
            Value::Library(module, path) => {
                let value = self.packs.constructed(self, unit, id, module, path, call, frame);
                let value = value.map(|value| match self.fields_of_literal(unit, call, frame) {
                    Some(Value::Object(fields)) => written_out(value, &fields),
                    _ => value,
                });
                let value = value.or_else(|| self.fields_of_literal(unit, call, frame));
                value.unwrap_or_else(|| match call.args.first() {
                    // The literal of a library's struct is its fields.
                    Some(fields) if unit.tree.language.has_struct_literals() => self.expr(unit, fields.value, frame),
                    _ if unit.tree.language.has_struct_literals() => Value::Object(Rc::default()),
                    _ => Value::opaque("an object of a library no pack knows"),
                })
            }
            Value::Typed(typed) => {
                let value = self.packs.instance(self, unit, id, typed, call, frame);
                value.unwrap_or_else(|| Value::opaque("an object of a library no pack knows"))
            }
            _ if unit.tree.language.has_impls() => self
                .fields_of_literal(unit, call, frame)
                .unwrap_or_else(|| Value::opaque("an object of a class that cannot be followed")),
            // JavaScript constructor functions are rare in code that sends messages.
            _ => Value::opaque("an object of a class that cannot be followed"),
        });
        Value::choice(results.collect())
    }

    /// The display name of a handler: a function inside another one goes by its own name where it has one.
    pub(crate) fn handler_symbol(&self, function: FnRef) -> String {
        match self.world.unit(function.file) {
            Some(unit)
                if unit.tree.language.has_keyword_arguments()
                    && unit.index.parent[function.id.0 as usize].is_some()
                    && !unit.function(function.id).name.is_empty() =>
            {
                unit.function(function.id).name.to_string()
            }
            _ => self.symbol(function),
        }
    }

    /// The display name of a function: `Class.method`, or the name of what it is assigned or handed to.
    pub(crate) fn symbol(&self, function: FnRef) -> String {
        let Some(unit) = self.world.unit(function.file) else {
            return String::new();
        };
        let method = self.method_of_scope(&unit, function.id);
        let declared = unit.function(method);
        let own = if declared.name.is_empty() {
            // An anonymous callback goes by its file.
            let file = unit.path.rsplit('/').next().unwrap_or(&unit.path);
            let stem = file.split('.').next().unwrap_or(file);
            self.bound_name(&unit, method).map_or_else(|| stem.to_owned(), |name| name.to_string())
        } else {
            declared.name.to_string()
        };
        match self.world.class_of(&unit, method).map(|class| self.class_name(class)) {
            Some(class) if !class.is_empty() => format!("{class}.{own}"),
            _ => own,
        }
    }

    /// The name a lambda is bound to, where it is.
    pub(crate) fn bound_name(&self, unit: &Unit, function: weir_syntax::FunctionId) -> Option<SmolStr> {
        let is_it = |value: &ExprId| matches!(unit.expr(*value), Expr::Lambda(id) if *id == function);
        for stmt in &unit.tree.stmts {
            if let weir_syntax::Stmt::Let { pattern: weir_syntax::Pattern::Name(name), value: Some(value), .. } = stmt
                && (is_it(value)
                    || matches!(unit.expr(*value), Expr::Cast { value, .. } | Expr::Await(value) if is_it(value)))
            {
                return Some(name.clone());
            }
        }
        for ty in &unit.tree.types {
            if let Some(field) = ty.fields.iter().find(|field| field.value.as_ref().is_some_and(is_it)) {
                return Some(field.name.clone());
            }
        }
        for expr in &unit.tree.exprs {
            match expr {
                Expr::Object(entries) => {
                    for entry in entries {
                        if let weir_syntax::Entry::Field { key, value } = entry
                            && is_it(value)
                        {
                            return Some(key.clone());
                        }
                    }
                }
                Expr::Assign { target, value, .. } if is_it(value) => {
                    if let Some(name) = crate::world::last_name(&unit.tree, *target) {
                        return Some(name);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// An object of a library whose fields are written down: they are its properties.
fn written_out(value: Value, fields: &crate::value::Object) -> Value {
    let filled = |typed: &crate::value::Typed| {
        let mut typed = typed.clone();
        // What is bound to an argument has none to be bound to.
        typed.properties.retain(|(_, value)| !matches!(value, Value::Object(bound) if **bound == *fields));
        for (name, value) in &fields.fields {
            typed.properties.retain(|(known, _)| known != name);
            if !value.is_empty() {
                typed.properties.push((name.clone(), value.clone()));
            }
        }
        Value::Typed(Rc::new(typed))
    };
    let one = |value: &Value| match value {
        Value::Typed(typed) => filled(typed),
        other => other.clone(),
    };
    Value::choice(value.alternatives().iter().map(one).collect())
}
