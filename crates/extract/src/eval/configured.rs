//! Structs and objects that the program fills from configuration: what their fields are called in files and in the
//! environment.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Instance, Value};
use crate::world::{ClassRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Expr, FieldDecl, TypeKind, TypeRef};

/// The table of structs that are filled from files, and that of those filled from the environment alone.
const FILLED: &str = "configured";
const FROM_ENVIRONMENT: &str = "configured-env";
/// The table of what counts for keys that nothing else sets.
const DEFAULTS: &str = "config-default";
/// Structs inside structs.
const MAX_NESTED: usize = 5;
/// Tags that name a field in files, in the order in which they count.
const FILE_TAGS: &[&str] = &["mapstructure", "koanf", "yaml", "toml", "json"];
/// Annotations that do the same where fields have no tags.
const FILE_ANNOTATIONS: &[&str] = &["YamlMember", "JsonProperty", "JsonPropertyName", "SerializedName"];
/// Tags that name an environment variable.
const ENV_TAGS: &[&str] = &["env", "envconfig"];
/// Tags that say what counts without either.
const DEFAULT_TAGS: &[&str] = &["default", "envDefault", "env-default"];

/// Types of fields that hold a text where types have names of their own for it.
const TEXTS: &[&str] = &["string", "String", "CharSequence", "Uri", "URI", "object", "Object"];

impl Eval<'_, '_> {
    /// What a member of an object holds that was read from a file, or of a part of it; `None` for other objects.
    pub(super) fn read_from_file(&self, class: ClassRef, this: &Value, name: &str) -> Option<Value> {
        let typed = self.world.unit(class.file).is_some_and(|unit| unit.tree.language.has_implicit_receiver());
        let prefix = match this {
            _ if !typed => None,
            Value::Instance(instance) => match (&instance.source, &instance.args) {
                (Some(Value::Env(prefix, _)), None) => Some(prefix.clone()),
                (_, None) if instance.origin.is_none() => self.configured(class),
                _ => None,
            },
            Value::This(_) => self.configured(class),
            _ => None,
        }?;
        self.configured_field(class, &prefix, name)
    }

    /// The key under which a struct is filled from configuration: empty for the whole of it.
    pub(super) fn configured(&self, class: ClassRef) -> Option<SmolStr> {
        let is_struct = self.world.unit(class.file).is_some_and(|unit| {
            let language = unit.tree.language;
            (language.has_struct_literals() || language.has_implicit_receiver())
                && unit.class(class.id).kind == TypeKind::Class
        });
        if !is_struct || !self.packs.registry.has(FILLED) && !self.packs.registry.has(FROM_ENVIRONMENT) {
            return None;
        }
        if let Some(known) = self.objects.configured.borrow().get(&class) {
            return known.clone();
        }
        // The search below asks for the same class where structs contain themselves.
        self.objects.configured.borrow_mut().insert(class, None);
        let found = self.seek_configured(class);
        self.objects.configured.borrow_mut().insert(class, found.clone());
        found
    }

    fn seek_configured(&self, class: ClassRef) -> Option<SmolStr> {
        let registry = &self.packs.registry;
        let mut filled: Vec<(ClassRef, SmolStr)> = Vec::new();
        for table in [FILLED, FROM_ENVIRONMENT] {
            for (key, value) in registry.entries(table) {
                let prefix = key.as_ref().and_then(Value::as_text).filter(|_| table == FILLED);
                for value in value.alternatives() {
                    if let Value::Instance(instance) = value {
                        filled.push((instance.class, prefix.unwrap_or_default().into()));
                    }
                }
            }
        }
        if let Some((_, prefix)) = filled.iter().find(|(known, _)| *known == class) {
            return Some(prefix.clone());
        }
        // Where types have subtypes, an object of the part's type may be another one that is handed in.
        if self.world.unit(class.file).is_some_and(|unit| unit.tree.language.has_implicit_receiver()) {
            return None;
        }
        // A part of a filled struct that is handed around by itself, where there is one such part only.
        let mut parts: Vec<SmolStr> = Vec::new();
        for (root, prefix) in filled {
            self.parts(root, &prefix, class, 0, &mut parts);
        }
        parts.dedup();
        match parts.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }

    fn parts(&self, of: ClassRef, prefix: &str, wanted: ClassRef, depth: usize, found: &mut Vec<SmolStr>) {
        let Some(unit) = self.world.unit(of.file).filter(|_| depth < MAX_NESTED) else { return };
        for field in &unit.class(of.id).fields {
            let Some(inner) = self.struct_of(&unit, field.ty.as_ref()) else { continue };
            let key = self.key(&unit, field, prefix);
            if inner == wanted {
                found.push(key);
            } else {
                self.parts(inner, &key, wanted, depth + 1, found);
            }
        }
    }

    /// The field of a struct that was filled under a key: a value of configuration, or a struct below it.
    pub(super) fn configured_field(&self, class: ClassRef, prefix: &str, name: &str) -> Option<Value> {
        let (owner, unit, field) = self.chain(class).into_iter().find_map(|owner| {
            let unit = self.world.unit(owner.file)?;
            let field = unit.class(owner.id).fields.iter().find(|field| field.name == name)?.clone();
            Some((owner, unit, field))
        })?;
        // Fields of an embedded struct belong to the struct itself.
        let embedded = unit
            .class(owner.id)
            .bases
            .iter()
            .filter_map(TypeRef::name)
            .any(|base| base.rsplit('.').next() == Some(name));
        let key = if embedded { SmolStr::new(prefix) } else { self.key(&unit, &field, prefix) };
        if let Some(inner) = self.struct_of(&unit, field.ty.as_ref()) {
            let source = Some(Value::Env(key, None));
            return Some(Value::Instance(Rc::new(Instance { source, ..Instance::of(inner) })));
        }
        let ty = present(field.ty.as_ref()?);
        if unit.tree.language.has_implicit_receiver() {
            return match ty {
                TypeRef::Named { name, .. } if TEXTS.contains(&name.as_str()) => {
                    let default = field.value.map(|value| self.expr(&unit, value, None));
                    let default = default.filter(|value| matches!(value, Value::Text(_))).map(Rc::new);
                    Some(Value::Env(key, default))
                }
                _ => None,
            };
        }
        match ty {
            TypeRef::List(element) if self.struct_of(&unit, Some(element)).is_none() => {
                let same = |a: &str, b: &str| self.packs.registry.services.same(a, b);
                let items: Vec<Value> = (0..64)
                    .map(|at| SmolStr::new(format!("{key}.{at}")))
                    .take_while(|key| self.world.settings.configured(key, &unit.path, &same).is_some())
                    .map(|key| Value::Env(key, None))
                    .collect();
                let one = || vec![self.key_value(&unit, &field, key.clone())];
                Some(Value::List(if items.is_empty() { one() } else { items }.into()))
            }
            TypeRef::Named { name, .. } if matches!(name.as_str(), "map" | "chan") => None,
            TypeRef::Named { .. } => Some(self.key_value(&unit, &field, key)),
            _ => None,
        }
    }

    /// One value: the environment before the file, the file before the default.
    fn key_value(&self, unit: &Unit, field: &FieldDecl, key: SmolStr) -> Value {
        let default = tag(unit, field, DEFAULT_TAGS).map(Value::Text);
        let default = default.or_else(|| self.packs.registry.spelled(DEFAULTS, &key, &unit.path)).map(Rc::new);
        let same = |a: &str, b: &str| self.packs.registry.services.same(a, b);
        let in_file = self.world.settings.configured(&key, &unit.path, &same).is_some();
        let variable = tag(unit, field, ENV_TAGS);
        let variable = variable.as_deref().and_then(|tag| tag.split(',').next()).map(str::trim);
        match variable.filter(|variable| !variable.is_empty()) {
            Some(variable) if in_file => Value::Env(variable.into(), Some(Rc::new(Value::Env(key, default)))),
            Some(variable) => Value::Env(variable.into(), default),
            None => Value::Env(key, default),
        }
    }

    fn key(&self, unit: &Unit, field: &FieldDecl, prefix: &str) -> SmolStr {
        let named = tag(unit, field, FILE_TAGS).or_else(|| annotated(unit, field));
        let named = named.as_deref().map(|name| name.split(',').next().unwrap_or_default()).unwrap_or_default();
        let squashed =
            tag(unit, field, FILE_TAGS).is_some_and(|name| name.contains("squash") || name.contains("inline"));
        let name = if named.is_empty() || named == "-" { field.name.as_str() } else { named };
        match (squashed, prefix.is_empty()) {
            (true, _) => SmolStr::new(prefix),
            (false, true) => SmolStr::new(name),
            (false, false) => SmolStr::new(format!("{prefix}.{name}")),
        }
    }

    fn struct_of(&self, unit: &Rc<Unit>, ty: Option<&TypeRef>) -> Option<ClassRef> {
        match self.type_name(unit, present(ty?).name()?)? {
            TypeTarget::Class(class) => {
                let other = self.world.unit(class.file)?;
                (other.class(class.id).kind == TypeKind::Class).then_some(class)
            }
            TypeTarget::Library(..) => None,
        }
    }
}

/// A type that may be missing is the type.
fn present(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Union(types) => {
            let is_it = |ty: &&TypeRef| ty.name().is_some_and(|name| name != "null");
            types.iter().find(is_it).unwrap_or(ty)
        }
        ty => ty,
    }
}

/// The name that an annotation gives to a field.
fn annotated(unit: &Unit, field: &FieldDecl) -> Option<SmolStr> {
    let last = |name: &str| FILE_ANNOTATIONS.contains(&name.rsplit('.').next().unwrap_or(name));
    let annotation = field.annotations.iter().find(|annotation| last(&annotation.name))?;
    annotation.args.iter().find_map(|arg| match unit.expr(arg.value) {
        Expr::Text(text) => Some(text.clone()),
        _ => None,
    })
}

/// The first of these tags that a field has.
fn tag(unit: &Unit, field: &FieldDecl, names: &[&str]) -> Option<SmolStr> {
    names.iter().find_map(|name| {
        let tag = field.annotations.iter().find(|annotation| annotation.name == *name)?;
        match unit.expr(tag.args.first()?.value) {
            Expr::Text(text) => Some(text.clone()),
            _ => None,
        }
    })
}
