//! What the standard library of Rust hands through: owners of values, results, options, conversions, borrows.
//!
//! Between a value and its use lie `Arc::new`, `clone`, `unwrap`, `?` and their like; to a reader of names they are the
//! value itself. A method of the project's own or one that a pack knows always comes first.

use super::Eval;
use crate::value::{Instance, Object, Value};
use crate::world::{ClassRef, Unit, last_name};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Expr, TypeRef};

/// Types that own, share or guard one value.
const OWNERS: &[&str] = &[
    "Arc",
    "ArcSwap",
    "AtomicRefCell",
    "Box",
    "Bytes",
    "Cell",
    "Cow",
    "Data",
    "Extension",
    "Json",
    "Lazy",
    "LazyCell",
    "LazyLock",
    "Mutex",
    "OnceCell",
    "OnceLock",
    "Option",
    "Pin",
    "Rc",
    "RefCell",
    "Result",
    "RwLock",
    "Secret",
    "SecretString",
    "State",
    "Weak",
];

/// Functions of such types that put the value in.
const PUTS: &[&str] =
    &["new", "from", "pin", "clone", "from_pointee", "Borrowed", "Owned", "from_static", "copy_from_slice"];

/// Functions of `String`, `str` and paths that only convert.
const CONVERTS: &[&str] = &["from", "from_utf8", "from_utf8_lossy", "from_str", "new", "from_utf8_unchecked"];

/// Methods that hand on what they are called on.
const HANDS_ON: &[&str] = &[
    "as_bytes",
    "as_deref",
    "as_deref_mut",
    "as_mut",
    "as_ref",
    "as_slice",
    "as_str",
    "blocking_lock",
    "borrow",
    "borrow_mut",
    "boxed",
    "by_ref",
    "clone",
    "cloned",
    "collect",
    "context",
    "copied",
    "deref",
    "expect",
    "expose_secret",
    "fuse",
    "get_mut",
    "get_ref",
    "in_current_span",
    "instrument",
    "into",
    "into_boxed_str",
    "into_bytes",
    "into_inner",
    "into_iter",
    "into_owned",
    "into_string",
    "iter",
    "iter_mut",
    "leak",
    "load",
    "load_full",
    "lock",
    "map_err",
    "ok",
    "ok_or",
    "ok_or_else",
    "read",
    "to_owned",
    "to_str",
    "to_string",
    "to_string_lossy",
    "to_vec",
    "trim",
    "try_into",
    "unwrap",
    "unwrap_or_default",
    "upgrade",
    "with_context",
    "write",
];

/// Functions of serializers that hand on what they write down.
const WRITES_DOWN: &[&str] =
    &["encode", "serialize", "to_bytes", "to_string", "to_string_pretty", "to_value", "to_vec"];

/// Other methods whose results are told.
const EXPLAINED: &[&str] = &[
    "and_then",
    "filter",
    "find",
    "first",
    "get",
    "get_or_init",
    "into_keys",
    "into_values",
    "keys",
    "last",
    "map",
    "next",
    "or",
    "or_else",
    "pad",
    "serialize_str",
    "split",
    "then",
    "to_ascii_lowercase",
    "to_ascii_uppercase",
    "to_lowercase",
    "to_uppercase",
    "unwrap_or",
    "unwrap_or_else",
    "values",
    "write_str",
];

/// True for a type that only holds the one that is its first argument.
pub(super) fn holds_one(name: &str) -> bool {
    OWNERS.contains(&name.rsplit('.').next().unwrap_or(name))
}

impl Eval<'_, '_> {
    /// A call that the language itself explains; `None` when it does not.
    pub(super) fn rust_call(
        &self,
        unit: &Rc<Unit>,
        call: &Call,
        frame: Option<&Rc<crate::value::Frame>>,
    ) -> Option<Value> {
        let arg = |at: usize| call.args.get(at).map(|arg| self.expr(unit, arg.value, frame));
        // A macro around a literal of its own (`json!({ … })`) is the literal.
        if let [only] = call.args.as_slice()
            && matches!(unit.expr(only.value), Expr::Object(_))
            && last_name(&unit.tree, call.callee).is_some_and(|name| name.ends_with('!'))
        {
            return arg(0);
        }
        let (object, name) = match unit.expr(call.callee) {
            Expr::Name(name) => return self.rust_function(unit, name, call, frame),
            Expr::Member { object, name } => (*object, name),
            _ => return None,
        };
        let path = matches!(unit.expr(object), Expr::Name(_) | Expr::Member { .. })
            .then(|| last_name(&unit.tree, object))
            .flatten()
            .filter(|name| name.starts_with(char::is_uppercase));
        if let Some(owner) = path {
            let puts = holds_one(&owner) && PUTS.contains(&name.as_str())
                || matches!(owner.as_str(), "String" | "PathBuf" | "Path") && CONVERTS.contains(&name.as_str());
            if puts {
                let value = arg(0)?;
                let own = matches!(self.expr(unit, object, frame), Value::Class(_) | Value::Typed(_));
                return match value {
                    _ if own => None,
                    Value::Closure(_) if owner.starts_with("Lazy") => Some(self.apply(&value, Vec::new())),
                    value => Some(value),
                };
            }
            if matches!(owner.as_str(), "HashMap" | "BTreeMap" | "IndexMap") {
                return match name.as_str() {
                    "from" => Some(map_of(&arg(0)?)),
                    "new" => Some(Value::Object(Rc::new(Object { open: true, ..Object::default() }))),
                    _ => None,
                };
            }
            if matches!(owner.as_str(), "Vec" | "HashSet" | "BTreeSet" | "VecDeque") {
                return match name.as_str() {
                    "from" | "from_iter" => arg(0),
                    "new" | "with_capacity" => Some(Value::List(Rc::from([]))),
                    _ => None,
                };
            }
            if matches!(name.as_str(), "Ok" | "Some") {
                return arg(0);
            }
        }
        self.rust_method(unit, object, name, call, frame)
    }

    fn rust_function(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        call: &Call,
        frame: Option<&Rc<crate::value::Frame>>,
    ) -> Option<Value> {
        let arg = |at: usize| call.args.get(at).map(|arg| self.expr(unit, arg.value, frame));
        match name {
            "Some" | "Ok" | "State" | "Extension" | "Json" | "Reverse" | "Path" | "Query" => {
                let own = unit
                    .index
                    .defs
                    .get(&(None, name.into()))
                    .is_some_and(|defs| defs.iter().any(|def| matches!(def, crate::world::Def::Type(_))));
                if own || call.args.len() != 1 { None } else { arg(0) }
            }
            "Err" => Some(Value::opaque("an error")),
            // What is written to a formatter is the text of the object.
            "write!" | "writeln!" => arg(1),
            "concat!" => Some(Value::concat((0..call.args.len()).filter_map(arg).collect())),
            "env!" | "option_env!" => match arg(0)? {
                Value::Text(key) => Some(Value::Env(key, None)),
                _ => None,
            },
            _ => None,
        }
    }

    fn rust_method(
        &self,
        unit: &Rc<Unit>,
        object: weir_syntax::ExprId,
        name: &str,
        call: &Call,
        frame: Option<&Rc<crate::value::Frame>>,
    ) -> Option<Value> {
        let arg = |at: usize| call.args.get(at).map(|arg| self.expr(unit, arg.value, frame));
        let known = HANDS_ON.contains(&name) || WRITES_DOWN.contains(&name) || EXPLAINED.contains(&name);
        if !known {
            return None;
        }
        let on = self.expr(unit, object, frame);
        if let Value::Choice(options) = &on {
            // Each is asked for itself where one of them has the method itself.
            if options.iter().any(|option| self.has_own(option, name)) {
                return None;
            }
        }
        if self.has_own(&on, name) {
            return None;
        }
        if matches!(&on, Value::Library(module, _) if !module.is_empty()) {
            // A function of a library module: serializers hand on what they write down.
            let serializes = WRITES_DOWN.contains(&name) && call.args.len() == 1;
            return match name {
                _ if serializes => arg(0),
                // What is picked out of a table is the table to who looks for its name.
                "find" | "filter" => Some(on),
                _ => None,
            };
        }
        Some(match name {
            "unwrap_or" | "or" => self.otherwise(on, || arg(0).unwrap_or(Value::Null)),
            "unwrap_or_else" | "or_else" => {
                let otherwise = arg(0).unwrap_or(Value::Null);
                self.otherwise(on, || self.apply(&otherwise, vec![Value::opaque("an error")]))
            }
            "map" | "and_then" | "then" => {
                let mapper = arg(0)?;
                match (&on, &mapper) {
                    (_, Value::Library(_, path)) if path.last().is_some_and(|last| converts(last)) => on,
                    (Value::List(items), Value::Closure(_)) => {
                        Value::List(items.iter().take(64).map(|item| self.apply(&mapper, vec![item.clone()])).collect())
                    }
                    (Value::Env(..) | Value::Opaque(_), Value::Closure(_)) if name == "map" => {
                        let mapped = self.apply(&mapper, vec![on.clone()]);
                        if mapped.is_empty() { on } else { mapped }
                    }
                    (_, Value::Closure(_)) => self.apply(&mapper, vec![on.clone()]),
                    (_, Value::Class(_)) => return None,
                    _ => on,
                }
            }
            "get_or_init" => self.apply(&arg(0)?, Vec::new()),
            "get" => match (&on, arg(0)) {
                (_, None) => on,
                (Value::Object(_), Some(Value::Text(key))) => self.member(&on, &key),
                (Value::Object(object), Some(_)) => {
                    self.doubt(weir_facts::Certainty::Likely);
                    Value::choice(object.fields.iter().map(|(_, value)| value.clone()).collect())
                }
                (Value::List(_), Some(Value::Number(at))) => self.element(&on, at.parse().ok()?),
                (Value::List(_), Some(_)) => self.every(&on),
                _ => return None,
            },
            "keys" | "into_keys" => match &on {
                Value::Object(object) => {
                    Value::List(object.fields.iter().map(|(key, _)| Value::Text(key.clone())).collect())
                }
                _ => return None,
            },
            "values" | "into_values" => match &on {
                Value::Object(object) => Value::List(object.fields.iter().map(|(_, value)| value.clone()).collect()),
                _ => return None,
            },
            "next" | "first" | "last" => match &on {
                Value::List(_) => self.every(&on),
                _ => return None,
            },
            "to_lowercase" | "to_ascii_lowercase" => match &on {
                Value::Text(text) => Value::Text(text.to_lowercase().into()),
                _ => return None,
            },
            "to_uppercase" | "to_ascii_uppercase" => match &on {
                Value::Text(text) => Value::Text(text.to_uppercase().into()),
                _ => return None,
            },
            "split" => {
                let by = match arg(0)? {
                    Value::Text(by) => by,
                    Value::Number(by) => SmolStr::new(by.trim_matches('\'')),
                    _ => return None,
                };
                let parts =
                    |text: &str| text.split(by.as_str()).take(64).map(|part| Value::Text(part.into())).collect();
                match &on {
                    Value::Text(text) if !by.is_empty() => Value::List(parts(text)),
                    Value::Env(_, Some(default)) if !by.is_empty() => match default.as_ref() {
                        Value::Text(text) => Value::List(parts(text)),
                        _ => return None,
                    },
                    Value::Env(..) => Value::List(Rc::from([on.clone()])),
                    _ => return None,
                }
            }
            "write_str" | "pad" | "serialize_str" => arg(0)?,
            "iter" | "into_iter" | "iter_mut" if matches!(on, Value::Object(_)) => self.pairs_of(&on),
            "collect" if matches!(&on, Value::List(items) if is_pairs(items)) => map_of(&on),
            "to_string" | "into" | "as_ref" | "to_owned" => self.shown(&on).unwrap_or(on),
            _ if HANDS_ON.contains(&name) => on,
            _ => return None,
        })
    }

    /// True where the object's own class or a pack has a method of this name.
    fn has_own(&self, on: &Value, name: &str) -> bool {
        match on {
            Value::Instance(instance) => self.method(instance.class, name).is_some(),
            Value::This(class) | Value::Class(class) => self.method(*class, name).is_some(),
            Value::Typed(typed) => self.packs.has_method(typed.pack, &typed.ty, name),
            _ => false,
        }
    }

    /// A value, or what stands in for it where it is not there.
    fn otherwise(&self, value: Value, other: impl FnOnce() -> Value) -> Value {
        match value {
            Value::Env(name, None) => {
                let other = other();
                let default = (!other.is_empty()).then(|| Rc::new(other));
                Value::Env(name, default)
            }
            Value::Null | Value::Opaque(_) => other(),
            Value::Param(..) | Value::Choice(_) => Value::choice(vec![value, other()]),
            value => value,
        }
    }

    /// The text of an object that says how it is shown: its `Display`, or the name of an enum's variant.
    fn shown(&self, on: &Value) -> Option<Value> {
        match on {
            Value::Instance(instance) => {
                if self.method(instance.class, "fmt").is_some() {
                    let formatted = self.member(on, "fmt");
                    let text = self.apply(&formatted, vec![Value::opaque("a formatter")]);
                    return (!text.is_empty()).then_some(text);
                }
                let variant = instance.constant.as_ref()?;
                Some(Value::Text(self.variant_text(instance.class, variant)))
            }
            Value::Choice(options) => {
                let texts: Vec<Value> =
                    options.iter().map(|option| self.shown(option).unwrap_or_else(|| option.clone())).collect();
                Some(Value::choice(texts))
            }
            _ => None,
        }
    }

    /// How a variant is written: as its own attribute says, or as the attribute of the enum changes all of them.
    fn variant_text(&self, class: ClassRef, variant: &SmolStr) -> SmolStr {
        let Some(unit) = self.world.unit(class.file) else { return variant.clone() };
        let decl = unit.class(class.id);
        let own = decl.variants.iter().find(|other| other.name == *variant).and_then(|other| other.value);
        if let Some(Expr::Text(text)) = own.map(|value| unit.expr(value)) {
            return text.clone();
        }
        let styles = decl.annotations.iter().flat_map(|annotation| &annotation.args);
        let style = styles.filter(|arg| matches!(arg.name.as_deref(), Some("serialize_all" | "rename_all")));
        let style = style.map(|arg| unit.expr(arg.value)).find_map(|expr| match expr {
            Expr::Text(text) => Some(text.clone()),
            _ => None,
        });
        style.map_or_else(|| variant.clone(), |style| styled(variant, &style))
    }

    /// The pairs of a map, which is what walking over it yields.
    pub(super) fn pairs_of(&self, map: &Value) -> Value {
        let Value::Object(object) = map else { return Value::opaque("the pairs of a map that is not known") };
        let pair = |(key, value): &(SmolStr, Value)| Value::List(Rc::from([Value::Text(key.clone()), value.clone()]));
        Value::List(object.fields.iter().map(pair).collect())
    }

    /// A variant of an enum as a value: an object that knows its name.
    pub(super) fn variant(&self, class: ClassRef, name: &SmolStr) -> Value {
        let constant = Some(name.clone());
        Value::Instance(Rc::new(Instance { constant, ..Instance::of(class) }))
    }

    /// A variant with what it holds.
    pub(super) fn variant_with(&self, variant: &Instance, args: Vec<Value>) -> Value {
        Value::Instance(Rc::new(Instance { args: Some(args), ..variant.clone() }))
    }

    /// What a type parameter stands for at a place: the type argument of the call, or what a parameter of that type is.
    pub(super) fn type_parameter(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        from: Option<weir_syntax::FunctionId>,
        frame: Option<&Rc<crate::value::Frame>>,
    ) -> Option<Value> {
        let mut scope = from;
        while let Some(id) = scope {
            let function = unit.function(id);
            if let Some(position) = function.type_params.iter().position(|param| param == name) {
                let of = crate::world::FnRef { file: unit.file, id };
                let entered = crate::value::Frame::find(frame, of);
                let given = entered.and_then(|frame| frame.types.iter().find(|(param, _)| param == name));
                if let Some((_, ty)) = given {
                    return Some(ty.clone());
                }
                for (at, param) in function.params.iter().enumerate() {
                    match param.ty.as_ref().and_then(|ty| place_in(ty, name)) {
                        Some(None) => return Some(self.param(unit, id, at, &[], frame)),
                        Some(Some(position)) => {
                            let callback = self.param(unit, id, at, &[], frame);
                            return Some(self.type_of_parameter(&callback, position).unwrap_or(callback));
                        }
                        None => {}
                    }
                }
                // Only the call tells: a parameter behind all others.
                return Some(Value::Param(of, function.params.len() + position, Rc::from([])));
            }
            scope = unit.index.parent[id.0 as usize];
        }
        None
    }

    /// The type that a function declares for one of its parameters.
    fn type_of_parameter(&self, function: &Value, at: usize) -> Option<Value> {
        let Value::Closure(closure) = function else { return None };
        let unit = self.world.unit(closure.function.file)?;
        let ty = unit.function(closure.function.id).params.get(at)?.ty.clone()?;
        Some(self.type_value(&unit, &ty, None))
    }

    /// The type arguments of a call by the parameters of the function it calls.
    pub(crate) fn type_arguments(
        &self,
        unit: &Rc<Unit>,
        call: &Call,
        function: crate::world::FnRef,
        frame: Option<&Rc<crate::value::Frame>>,
    ) -> Vec<(SmolStr, Value)> {
        let Some(callee) = self.world.unit(function.file).filter(|_| !call.type_args.is_empty()) else {
            return Vec::new();
        };
        let params = callee.function(function.id).type_params.iter().cloned();
        let scope = unit.index.scope.get(call.callee.0 as usize).copied().flatten();
        let value = |ty: &TypeRef| {
            let parameter = ty.name().and_then(|name| self.type_parameter(unit, name, scope, frame));
            parameter.unwrap_or_else(|| self.type_value(unit, ty, frame))
        };
        params.zip(call.type_args.iter().map(value)).filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// Where a type says a type parameter: as itself, or as the parameter of a function at a position.
fn place_in(ty: &TypeRef, name: &str) -> Option<Option<usize>> {
    match ty {
        TypeRef::Union(types) => types.iter().find_map(|ty| place_in(ty, name)),
        TypeRef::Function(params, _) => params.iter().position(|param| is_it(param, name)).map(Some),
        ty => is_it(ty, name).then_some(None),
    }
}

/// True for a type that is this type parameter, with or without the trait that bounds it.
fn is_it(ty: &TypeRef, name: &str) -> bool {
    match ty {
        TypeRef::Named { name: own, .. } => own == name,
        TypeRef::Union(types) => types.first().is_some_and(|first| is_it(first, name)),
        _ => false,
    }
}

/// True for a function whose result says the same as what it is given.
fn converts(name: &str) -> bool {
    HANDS_ON.contains(&name) || CONVERTS.contains(&name) || matches!(name, "String" | "Some" | "Ok" | "Arc" | "Box")
}

fn is_pairs(items: &[Value]) -> bool {
    !items.is_empty()
        && items.iter().all(|item| matches!(item, Value::List(pair) if matches!(pair.as_ref(), [Value::Text(_), _])))
}

/// A map from a list of pairs.
fn map_of(list: &Value) -> Value {
    let Value::List(items) = list else { return Value::opaque("a map of pairs that are not known") };
    let mut object = Object::default();
    for item in items.iter() {
        match item {
            Value::List(pair) => match pair.as_ref() {
                [Value::Text(key), value] => object.fields.push((key.clone(), value.clone())),
                _ => object.open = true,
            },
            _ => object.open = true,
        }
    }
    Value::Object(Rc::new(object))
}

/// A variant's name in the style that an attribute asks for.
fn styled(name: &str, style: &str) -> SmolStr {
    let mut words: Vec<String> = Vec::new();
    for c in name.chars() {
        match words.last_mut() {
            Some(word) if !c.is_uppercase() => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let text = match style {
        "snake_case" => lower.join("_"),
        "kebab-case" => lower.join("-"),
        "lowercase" => lower.concat(),
        "UPPERCASE" => lower.concat().to_uppercase(),
        "SCREAMING_SNAKE_CASE" | "shouty_snake_case" => lower.join("_").to_uppercase(),
        "SCREAMING-KEBAB-CASE" => lower.join("-").to_uppercase(),
        "camelCase" => match words.split_first() {
            Some((first, rest)) => format!("{}{}", first.to_lowercase(), rest.concat()),
            None => String::new(),
        },
        _ => name.to_owned(),
    };
    text.into()
}
