//! Classes: hierarchies, members of instances, and what constructors leave in fields.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Closure, Frame, Instance, Object, Value};
use crate::world::{ClassRef, FnRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, ExprId, FunctionId, FunctionKind, Language, TypeKind};

/// Inheritance chains of real programs are short; the bound also ends cycles.
pub(super) const MAX_BASES: usize = 12;

impl Eval<'_, '_> {
    /// A class as a value; enums and classes look alike to their users.
    pub(super) fn class_value(&self, class: ClassRef) -> Value {
        Value::Class(class)
    }

    /// What a class extends or implements.
    pub(crate) fn bases(&self, class: ClassRef) -> Vec<TypeTarget> {
        let Some(unit) = self.world.unit(class.file) else {
            return Vec::new();
        };
        let own = unit.class(class.id).bases.iter().filter_map(|base| base.name());
        let mut bases: Vec<TypeTarget> = own.filter_map(|name| self.type_name(&unit, name)).collect();
        if unit.tree.language.has_impls() {
            bases.extend(self.outside_bases(class));
        }
        bases
    }

    /// The class and what it inherits from inside the program, nearest first.
    pub(crate) fn chain(&self, class: ClassRef) -> Vec<ClassRef> {
        if let Some(known) = self.chains.borrow().get(&class) {
            return known.clone();
        }
        let chain = self.seek_chain(class);
        // Where bases are named and never computed, nothing that is loaded later changes them.
        let named = |language: Language| language.has_implicit_receiver() || language.has_exports();
        if self.world.unit(class.file).is_some_and(|unit| named(unit.tree.language)) {
            self.chains.borrow_mut().insert(class, chain.clone());
        }
        chain
    }

    fn seek_chain(&self, class: ClassRef) -> Vec<ClassRef> {
        let mut chain = self.declared_parts(class);
        let mut at = 0;
        while at < chain.len() && chain.len() < MAX_BASES {
            for base in self.bases(chain[at]) {
                if let TypeTarget::Class(base) = base
                    && !chain.contains(&base)
                {
                    chain.push(base);
                }
            }
            at += 1;
        }
        chain
    }

    /// A class and its other declarations, where it is declared in parts.
    fn declared_parts(&self, class: ClassRef) -> Vec<ClassRef> {
        let mut parts = vec![class];
        let Some(unit) = self.world.unit(class.file).filter(|unit| unit.class(class.id).is_partial) else {
            return parts;
        };
        let own = unit.class(class.id);
        for file in self.world.declaring_beside(&unit, &own.name) {
            let Some(other) = self.world.unit(file).filter(|other| other.test == unit.test) else { continue };
            for (at, decl) in other.tree.types.iter().enumerate() {
                let same = decl.is_partial
                    && decl.name == own.name
                    && decl.owner == own.owner
                    && decl.type_params.len() == own.type_params.len();
                let part = ClassRef { file, id: weir_syntax::TypeId(u32::try_from(at).unwrap_or(u32::MAX)) };
                if same && !parts.contains(&part) && parts.len() < MAX_BASES {
                    parts.push(part);
                }
            }
        }
        parts
    }

    /// True when `class` is `base` or inherits from it.
    pub(crate) fn is_a(&self, class: ClassRef, base: ClassRef) -> bool {
        class == base || self.chain(class).contains(&base)
    }

    /// Loaded classes below `class`, itself left out.
    pub(crate) fn subclasses(&self, class: ClassRef) -> Vec<ClassRef> {
        let Some(unit) = self.world.unit(class.file) else {
            return Vec::new();
        };
        let mut found: Vec<ClassRef> = Vec::new();
        let mut names = vec![unit.class(class.id).name.clone()];
        let has_impls = unit.tree.language.has_impls();
        while let Some(name) = names.pop() {
            if name.is_empty() || found.len() > 64 {
                continue;
            }
            let mut candidates = Vec::new();
            if has_impls {
                self.world.load_impls(&name);
                let owner = |function: FnRef| {
                    let unit = self.world.unit(function.file)?;
                    self.world.class_of(&unit, function.id)
                };
                candidates.extend(self.world.implementing(&name).into_iter().filter_map(owner));
            }
            candidates.extend(self.world.named_subclasses(&name));
            for candidate in &candidates {
                if *candidate != class && !found.contains(candidate) && self.is_a(*candidate, class) {
                    found.push(*candidate);
                    if let Some(unit) = self.world.unit(candidate.file) {
                        names.push(unit.class(candidate.id).name.clone());
                    }
                }
            }
        }
        found.sort();
        found
    }

    /// A method, in the class or what it inherits.
    pub(crate) fn method(&self, class: ClassRef, name: &str) -> Option<FnRef> {
        self.chain(class).into_iter().find_map(|class| self.own_method(class, name, FunctionKind::Method))
    }

    /// True for a method of the program's own. What an interface only declares is left to the library that implements
    /// the interface, where one does.
    pub(crate) fn has_own_method(&self, class: ClassRef, name: &str) -> bool {
        self.method(class, name).is_some_and(|method| {
            self.world.unit(method.file).is_none_or(|unit| {
                let declared = unit.function(method.id).body.is_none();
                let owner = unit.index.class[method.id.0 as usize];
                let interface = owner.is_some_and(|owner| unit.class(owner).kind == TypeKind::Interface);
                !(declared && interface && unit.tree.language.has_implicit_receiver())
            })
        })
    }

    /// A function of one class by name and kind; a declaration with a body wins over one without.
    pub(crate) fn own_method(&self, class: ClassRef, name: &str, kind: FunctionKind) -> Option<FnRef> {
        let own = self.world.unit(class.file)?;
        let mut found: Option<(bool, FnRef)> = None;
        for member in self.world.members(class).iter() {
            let unit = if member.file == own.file { own.clone() } else { self.world.unit(member.file)? };
            let function = unit.function(member.id);
            if function.name == name && function.kind == kind {
                let body = function.body.is_some();
                // The last with a body, else the last of all.
                if found.is_none_or(|(known, _)| body || !known) {
                    found = Some((body, *member));
                }
            }
        }
        found.map(|(_, member)| member)
    }

    /// `Class.name`: enum members, static fields and methods.
    pub(crate) fn static_member(&self, class: ClassRef, name: &str) -> Value {
        let Some(unit) = self.world.unit(class.file) else {
            return Value::opaque("the file cannot be read");
        };
        let decl = unit.class(class.id);
        if let Some(at) = decl.variants.iter().position(|variant| variant.name == name) {
            let variant = &decl.variants[at];
            self.hop(Site::new(unit.path.clone(), variant.line), format!("{}.{name}", decl.name));
            if unit.tree.language.has_impls() {
                return self.variant(class, &variant.name);
            }
            if unit.tree.language.has_enum_objects() {
                let args = variant.args.iter().map(|arg| self.expr(&unit, arg.value, None)).collect();
                let constant = Some(variant.name.clone());
                return Value::Instance(Rc::new(Instance { args: Some(args), constant, ..Instance::of(class) }));
            }
            return match variant.value {
                Some(value) => self.expr(&unit, value, None),
                None => Value::Number(at.to_string().into()),
            };
        }
        for class in self.chain(class) {
            let Some(unit) = self.world.unit(class.file) else {
                continue;
            };
            let of_class = |field: &&weir_syntax::FieldDecl| {
                field.name == name
                    && (field.is_static || field.value.is_some() && unit.tree.language.has_class_attributes())
            };
            if let Some(field) = unit.class(class.id).fields.iter().find(of_class) {
                self.hop(Site::new(unit.path.clone(), field.line), format!("{}.{name}", unit.class(class.id).name));
                if let Some(value) = field.value {
                    let frame = self.enter(Frame {
                        function: FnRef { file: unit.file, id: FunctionId(u32::MAX) },
                        args: Vec::new(),
                        this: Some(Value::Class(class)),
                        outer: None,
                        complete: false,
                        types: Vec::new(),
                    });
                    let value = self.expr(&unit, value, Some(&frame));
                    if !value.is_empty() {
                        return value;
                    }
                    // Nothing at first: an object that is made when it is asked for.
                    let later = self.assigned(&unit, class, name, &Value::Class(class));
                    return if later.is_empty() { value } else { later };
                }
                return self.assigned(&unit, class, name, &Value::Class(class));
            }
            if let Some(getter) = self.own_method(class, name, FunctionKind::Getter) {
                return self.inline(
                    &Closure { function: getter, this: Some(Value::Class(class)), frame: None },
                    Vec::new(),
                    true,
                );
            }
            if self.own_method(class, name, FunctionKind::Method).is_some() {
                return self.closures(self.methods(class, name), &Value::Class(class));
            }
        }
        if let Some(object) = self.derived(class, name) {
            return object;
        }
        if let Some(inner) =
            unit.tree.types.iter().position(|ty| ty.name == name && ty.owner.as_ref() == Some(&decl.name))
            && let Ok(id) = u32::try_from(inner)
        {
            return Value::Class(ClassRef { file: class.file, id: weir_syntax::TypeId(id) });
        }
        if name == "name"
            && unit.tree.language.is_jvm()
            && let Some(full) = self.qualified(class, '$')
        {
            full
        } else if matches!(name, "name" | "__name__" | "Name") {
            Value::Text(decl.name.clone())
        } else if name == "FullName" {
            Value::Text(self.qualified_name(class, ".", "+"))
        } else if name == "Namespace" && unit.tree.language == weir_syntax::Language::CSharp {
            let full = self.qualified_name(class, ":", "+");
            Value::Text(full.rsplit_once(':').map_or("", |(namespace, _)| namespace).into())
        } else {
            let put = self.put_from_outside(class, &Value::Class(class), name);
            put.unwrap_or_else(|| Value::opaque("the class has no such static member"))
        }
    }

    /// `object.name` on an object of a project class.
    pub(super) fn instance_member(&self, class: ClassRef, this: &Value, name: &str) -> Value {
        let chain = self.chain(class);
        let mut interface = false;
        for owner in &chain {
            if let Some(function) = self.own_method(*owner, name, FunctionKind::Method) {
                let Some(unit) = self.world.unit(function.file) else {
                    continue;
                };
                if unit.function(function.id).body.is_none() {
                    interface = true;
                    continue;
                }
                return self.closures(self.methods(class, name), this);
            }
            if let Some(getter) = self.own_method(*owner, name, FunctionKind::Getter) {
                return self.inline(
                    &Closure { function: getter, this: Some(this.clone()), frame: None },
                    Vec::new(),
                    true,
                );
            }
        }
        if interface {
            let given = self.objects_given(this);
            if !given.is_empty() {
                return Value::choice(given.iter().map(|object| self.member(object, name)).collect());
            }
            return self.implementations(class, this, name);
        }
        if self.world.unit(class.file).is_some_and(|unit| unit.tree.language.has_struct_literals()) {
            return self.struct_member(class, this, name);
        }
        if self.is_overridden(class, this, name) {
            return Value::Abstract(class, name.into());
        }
        self.field_of(class, this, name)
    }

    /// `object.name` where the name is one of a field.
    pub(super) fn field_of(&self, class: ClassRef, this: &Value, name: &str) -> Value {
        if let Some(left) = self.left_by_options(class, this, name) {
            return left;
        }
        if let Some(read) = self.read_from_file(class, this, name) {
            return read;
        }
        let chain = self.chain(class);
        let value = self.field(&chain, this, name);
        let value = match self.option(class, this, name, &value) {
            Some(configured) => configured,
            None => value,
        };
        let read = matches!(this, Value::This(_))
            || matches!(this, Value::Instance(instance) if matches!(instance.source, Some(Value::Env(..)) | None));
        if value.is_empty()
            && read
            && self.world.unit(class.file).is_some_and(|unit| unit.tree.language.has_impls())
            && let Some(told) = self.told_by_attributes(class, this, name)
        {
            return told;
        }
        let unknown = value.is_empty() || value.is_symbolic();
        if unknown
            && let Value::Instance(instance) = this
            && let Some(Value::Param(function, at, path)) = &instance.source
        {
            let mut path = path.to_vec();
            path.push(crate::world::Key::Name(name.into()));
            return Value::Param(*function, *at, path.into());
        }
        let known_instance = matches!(this, Value::Instance(instance) if instance.args.is_some());
        if value.is_empty()
            && !known_instance
            && self.is_declared_field(&chain, name)
            && !self.subclasses(class).is_empty()
        {
            return Value::Abstract(class, name.into());
        }
        value
    }

    /// The methods of one name as a value, bound to their object.
    pub(super) fn closures(&self, methods: Vec<FnRef>, this: &Value) -> Value {
        let method = |function| Value::Closure(Rc::new(Closure { function, this: Some(this.clone()), frame: None }));
        Value::choice(methods.into_iter().map(method).collect())
    }

    /// True for a member whose value a class below the receiver's puts another in the place of: which one it is depends on
    /// the object.
    fn is_overridden(&self, class: ClassRef, this: &Value, name: &str) -> bool {
        let open = match this {
            Value::This(_) => true,
            Value::Instance(instance) => instance.args.is_none() && instance.origin.is_none(),
            _ => false,
        };
        let attributes = |class: &ClassRef| {
            self.world.unit(class.file).is_some_and(|unit| {
                unit.tree.language.has_class_attributes()
                    && !unit.test
                    && unit.class(class.id).fields.iter().any(|field| field.name == name && field.value.is_some())
            })
        };
        open && attributes(&class) && self.subclasses(class).iter().any(attributes)
    }

    /// True for an object of a project class that nowhere has a member of this name.
    pub(crate) fn surely_without(&self, value: &Value, name: &str) -> bool {
        let class = match value {
            Value::Instance(instance) => instance.class,
            Value::This(class) => *class,
            _ => return false,
        };
        let chain = self.chain(class);
        !self.is_declared_field(&chain, name)
            && !chain.iter().any(|class| {
                self.world.unit(class.file).is_none_or(|unit| unit.index.assigned.contains_key(name))
                    || self.own_method(*class, name, FunctionKind::Method).is_some()
            })
    }

    fn is_declared_field(&self, chain: &[ClassRef], name: &str) -> bool {
        chain.iter().any(|class| {
            self.world.unit(class.file).is_some_and(|unit| {
                let decl = unit.class(class.id);
                decl.fields.iter().any(|field| field.name == name)
                    || decl.members.iter().any(|member| {
                        let function = unit.function(*member);
                        function.name == name && function.kind == FunctionKind::Getter
                    })
            })
        })
    }

    /// The value a field has: its initialiser, what constructors and methods assign, a parameter property.
    fn field(&self, chain: &[ClassRef], this: &Value, name: &str) -> Value {
        // What an object initialiser says stands behind the arguments of the constructor.
        if let Value::Instance(instance) = this
            && let Some(Value::Object(object)) = instance.args.as_ref().and_then(|args| args.last())
            && let Some((_, value)) = object.fields.iter().find(|(field, _)| field == name)
            && self
                .world
                .unit(instance.class.file)
                .is_some_and(|unit| unit.tree.language == weir_syntax::Language::CSharp)
        {
            return value.clone();
        }
        let mut declared = None;
        for class in chain {
            let Some(unit) = self.world.unit(class.file) else {
                continue;
            };
            if given(this, *class).is_none()
                && let Some(value) = self.filled_field(&unit, *class, name)
            {
                return value;
            }
            let decl = unit.class(class.id);
            let mut values = self.written_down(*class, this, name);
            if let Some(field) = decl.fields.iter().find(|field| field.name == name) {
                if let Some(value) = field.value {
                    let frame = self.object_frame(&unit, this);
                    let value = self.setting(this, &field.name, Some(self.expr(&unit, value, Some(&frame))));
                    if matches!(value, Value::Text(_) | Value::Env(..)) {
                        self.hop(Site::new(unit.path.clone(), field.line), format!("{}.{name}", decl.name));
                    }
                    values.push(value);
                }
                if let Some(ty) = &field.ty
                    && declared.is_none()
                {
                    let site = Site::new(unit.path.clone(), field.line);
                    let source = self.member_of_source(&unit, this, name);
                    declared = self.declared_with(&unit, ty, site, source, &field.annotations, Some(name));
                }
                if values.is_empty() && declared.is_none() {
                    let setting = self.setting(this, &field.name, None);
                    values.extend(Some(setting).filter(|value| !value.is_empty()));
                }
            }
            if let Some(value) = self.given_to_record(*class, this, name) {
                return value;
            }
            let ctor = self.constructor_of(*class, given(this, *class));
            if let Some(ctor) = ctor {
                let function = unit.function(ctor.id);
                let position = function.params.iter().position(|param| {
                    param.field && matches!(&param.pattern, weir_syntax::Pattern::Name(p) if p == name)
                });
                if let Some(at) = position {
                    let frame = self.constructor_frame(this, *class);
                    values.push(self.param(&unit, ctor.id, at, &[], frame.as_ref()));
                }
            }
            values.push(self.assigned(&unit, *class, name, this));
            values.extend(self.generated_field(*class, this, name));
            let value = self.field_with_pushed(&unit, Value::choice(values), name, this);
            if !value.is_empty() {
                return match self.set_by_base(chain, *class, this, name) {
                    // What a method puts in later takes the place of what the object began with.
                    Some(before) => Value::choice(vec![before, value]),
                    None => value,
                };
            }
        }
        let put = || chain.iter().find_map(|class| self.put_from_outside(*class, this, name));
        let injected = || chain.iter().find_map(|class| self.injected_field(*class, name));
        declared.or_else(put).or_else(injected).unwrap_or_else(|| Value::opaque("the field is never given a value"))
    }

    /// What a base class puts into a field when an object is made, where the class itself only has methods that may fill
    /// it.
    fn set_by_base(&self, chain: &[ClassRef], class: ClassRef, this: &Value, name: &str) -> Option<Value> {
        let unit = self.world.unit(class.file).filter(|unit| unit.tree.language.has_class_attributes())?;
        let sites = unit.index.assigned.get(name)?;
        let mut own = sites.iter().filter_map(|(_, value)| {
            let scope = unit.index.scope[value.0 as usize]?;
            (self.world.class_of(&unit, scope) == Some(class)).then(|| self.method_of_scope(&unit, scope))
        });
        let later = |method: FunctionId| unit.function(method).kind == FunctionKind::Method;
        if unit.class(class.id).fields.iter().any(|field| field.name == name && field.value.is_some())
            || !own.by_ref().all(later)
        {
            return None;
        }
        let at = chain.iter().position(|link| *link == class)?;
        let before = self.field(chain.get(at + 1..)?, this, name);
        (!before.is_empty()).then_some(before)
    }

    /// What a construction hands to a field of a class that has no written constructor.
    fn given_to_record(&self, class: ClassRef, this: &Value, name: &str) -> Option<Value> {
        let Value::Instance(instance) = this else { return None };
        let args = instance.args.as_ref().filter(|args| !args.is_empty())?;
        let written = |class| self.own_method(class, "constructor", FunctionKind::Constructor).is_some();
        if instance.class != class || self.chain(class).into_iter().any(written) {
            return None;
        }
        let at = self.record_fields(class).iter().position(|field| field == name)?;
        args.get(at).filter(|value| **value != Value::Null).cloned()
    }

    /// A map in a field with what methods put into it.
    fn field_with_entries(&self, unit: &Rc<Unit>, object: &Object, name: &str, this: &Value) -> Value {
        let mut object = object.clone();
        let own = |on: &ExprId| matches!(unit.expr(*on), Expr::This);
        for (_, key, value) in unit.index.put_into.get(name).into_iter().flatten().filter(|(on, ..)| own(on)) {
            let frame = self.object_frame(unit, this);
            let known = self.expr(unit, *key, Some(&frame));
            let scope = unit.index.scope[key.0 as usize];
            let method = scope.map(|scope| FnRef { file: unit.file, id: self.method_of_scope(unit, scope) });
            let frames = match method.filter(|method| known.depends_on(*method)) {
                // What is put in is what the method is called with.
                Some(method) => self.called_on(method, this, 0),
                None => Rc::from([]),
            };
            let mut put = |frame: &Rc<Frame>| {
                let value = self.expr(unit, *value, Some(frame));
                for key in self.expr(unit, *key, Some(frame)).alternatives() {
                    match super::builtins::entry_key(key) {
                        Some(key) => object.fields.push((key, value.clone())),
                        None => object.computed.push((key.clone(), value.clone())),
                    }
                }
            };
            if frames.is_empty() {
                put(&frame);
            }
            frames.iter().for_each(put);
        }
        Value::Object(Rc::new(object))
    }

    /// A list or a map in a field with what methods put into it.
    fn field_with_pushed(&self, unit: &Rc<Unit>, value: Value, name: &str, this: &Value) -> Value {
        if let Value::Object(object) = &value
            && unit.index.put_into.contains_key(name)
        {
            return self.field_with_entries(unit, object, name, this);
        }
        let Value::List(items) = &value else { return value };
        let mut all = items.to_vec();
        for (object, value) in unit.index.pushed.get(name).into_iter().flatten() {
            let own = match unit.expr(*object) {
                Expr::This => true,
                Expr::Name(member) => member == name && unit.tree.language.has_implicit_receiver(),
                _ => false,
            };
            if own {
                let frame = self.object_frame(unit, this);
                let pushed = self.expr(unit, *value, Some(&frame));
                let scope = unit.index.scope[value.0 as usize];
                let method = scope.map(|scope| FnRef { file: unit.file, id: self.method_of_scope(unit, scope) });
                match method.filter(|method| pushed.depends_on(*method) || self.declared_by(&pushed, *method)) {
                    // What is put in is what the method is called with.
                    Some(method) => {
                        let frames = self.called_on(method, this, 0);
                        if frames.is_empty() {
                            all.push(pushed);
                        }
                        all.extend(frames.iter().map(|frame| self.expr(unit, *value, Some(frame))));
                    }
                    None => all.push(pushed),
                }
            }
        }
        Value::List(all.into())
    }

    /// True for an object of which only a parameter of the method tells.
    fn declared_by(&self, value: &Value, method: FnRef) -> bool {
        matches!(value, Value::Instance(instance)
            if matches!(&instance.source, Some(Value::Param(function, ..)) if *function == method))
    }

    fn object_frame(&self, unit: &Rc<Unit>, this: &Value) -> Rc<Frame> {
        self.enter(Frame {
            function: FnRef { file: unit.file, id: FunctionId(u32::MAX) },
            args: Vec::new(),
            this: Some(this.clone()),
            outer: None,
            complete: false,
            types: Vec::new(),
        })
    }

    /// What the functions of a class assign to `this.name`.
    pub(super) fn assigned(&self, unit: &Rc<Unit>, class: ClassRef, name: &str, this: &Value) -> Value {
        let mut values = Vec::new();
        for (object, value) in unit.index.assigned.get(name).into_iter().flatten() {
            let scope = unit.index.scope[value.0 as usize];
            let owner = match scope {
                Some(scope) => self.world.class_of(unit, scope),
                None => unit.index.field_class.get(value).map(|id| ClassRef { file: unit.file, id: *id }),
            };
            let on_this = match unit.expr(*object) {
                Expr::This => owner == Some(class),
                // A field that is named without its object.
                Expr::Name(field) if field == name && unit.tree.language.has_implicit_receiver() => {
                    owner == Some(class)
                }
                Expr::Name(receiver) => {
                    scope.is_some_and(|scope| self.receiver_is(unit, scope, receiver)) && owner == Some(class)
                }
                _ => false,
            };
            let on_class =
                matches!(unit.expr(*object), Expr::Name(class_name) if *class_name == self.class_name(class));
            if !on_this && !on_class {
                continue;
            }
            let method = scope.map(|scope| self.method_of_scope(unit, scope));
            let frame = match method {
                Some(method) if unit.function(method).kind == FunctionKind::Constructor => {
                    match self.constructor_frame(this, class) {
                        Some(frame) => match self.run_by(unit, frame, method) {
                            Some(frame) => Some(frame),
                            // Another constructor made this object.
                            None => continue,
                        },
                        None => None,
                    }
                }
                Some(method) => Some(self.enter(Frame {
                    function: FnRef { file: unit.file, id: method },
                    args: Vec::new(),
                    this: Some(this.clone()),
                    outer: None,
                    complete: false,
                    types: Vec::new(),
                })),
                None => None,
            };
            let assigned = self.expr(unit, *value, frame.as_ref());
            let method = method.map(|id| FnRef { file: unit.file, id });
            match method.filter(|method| unit.function(method.id).kind != FunctionKind::Constructor) {
                Some(method) if assigned.depends_on(method) => {
                    let frames = self.called_on(method, this, 0);
                    if frames.is_empty() {
                        values.push(assigned);
                    }
                    values.extend(frames.iter().map(|frame| self.expr(unit, *value, Some(frame))));
                }
                _ => values.push(assigned),
            }
        }
        Value::choice(values)
    }

    fn receiver_is(&self, unit: &Unit, scope: FunctionId, name: &str) -> bool {
        let method = self.method_of_scope(unit, scope);
        unit.function(method).receiver.as_deref() == Some(name)
    }

    /// The outermost function around a scope: the method for a lambda inside it.
    pub(crate) fn method_of_scope(&self, unit: &Unit, scope: FunctionId) -> FunctionId {
        let mut at = scope;
        while let Some(outer) = unit.index.parent[at.0 as usize] {
            at = outer;
        }
        at
    }

    /// The simple name of a class.
    pub(crate) fn class_name(&self, class: ClassRef) -> SmolStr {
        self.world.unit(class.file).map(|unit| unit.class(class.id).name.clone()).unwrap_or_default()
    }

    /// True for names of other types, which have no fields of their own.
    pub(crate) fn is_alias(&self, class: ClassRef) -> bool {
        self.world.unit(class.file).is_some_and(|unit| unit.class(class.id).kind == TypeKind::Alias)
    }

    /// True for enums, which are values and never receive messages.
    pub(crate) fn is_enum(&self, class: ClassRef) -> bool {
        self.world.unit(class.file).is_some_and(|unit| unit.class(class.id).kind == TypeKind::Enum)
    }
}

/// What the constructor of a class was given when an object of this very class was made.
fn given(this: &Value, class: ClassRef) -> Option<&[Value]> {
    match this {
        Value::Instance(instance) if instance.class == class => instance.args.as_deref(),
        _ => None,
    }
}
