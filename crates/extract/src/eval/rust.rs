//! What the standard library of Rust hands through: owners of values, results, options, conversions, borrows.
//!
//! Between a value and its use lie `Arc::new`, `clone`, `unwrap`, `?` and their like; to a reader of names they are the
//! value itself. A method of the project's own or one that a pack knows always comes first.

use super::Eval;
use crate::value::{Object, Value};
use crate::world::{Unit, last_name};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Expr};

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
    "take",
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
    "block_on",
    "blocking_recv",
    "enumerate",
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
    "recv",
    "serialize_str",
    "split",
    "then",
    "to_ascii_lowercase",
    "to_ascii_uppercase",
    "to_lowercase",
    "to_uppercase",
    "try_recv",
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
            if owner == "String" && matches!(name.as_str(), "new" | "default") && call.args.is_empty() {
                return Some(Value::Text(SmolStr::default()));
            }
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
            "block_on" if call.args.len() == 1 => arg(0),
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
        // Runtimes wait for what they are given.
        if name == "block_on" && call.args.len() == 1 {
            return arg(0);
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
        if let Value::Library(module, path) = &on
            && !module.is_empty()
        {
            // A constant of a crate outside the tree is a name to start from.
            let constant = |name: &SmolStr| name.len() > 1 && !name.contains(char::is_lowercase);
            if call.args.is_empty() && HANDS_ON.contains(&name) && path.last().is_some_and(constant) {
                return Some(on);
            }
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
            // What comes out of a channel of the process is what somebody puts into it.
            "recv" | "blocking_recv" | "try_recv" => match &on {
                Value::Param(..) | Value::List(_) => self.every(&on),
                _ => return None,
            },
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
            "enumerate" => match &on {
                Value::List(items) => {
                    let pair = |(at, item): (usize, &Value)| {
                        Value::List(Rc::from([Value::Number(at.to_string().into()), item.clone()]))
                    };
                    Value::List(items.iter().enumerate().map(pair).collect())
                }
                // What its elements are is told by the callers; that they decide it must not be lost.
                Value::Param(..) => on,
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
                    Value::Env(name, default) => self.listed_setting(unit, name, default.as_deref(), &by),
                    _ => return None,
                }
            }
            "write_str" | "pad" | "serialize_str" => arg(0)?,
            "iter" | "into_iter" | "iter_mut" if matches!(on, Value::Object(_)) => self.pairs_of(&on),
            "collect" if matches!(&on, Value::List(items) if is_pairs(items)) => map_of(&on),
            "to_string" => self.shown(&on).unwrap_or_else(|| match on {
                // The text that an object makes of itself is not the name of its type.
                Value::Instance(object) if object.constant.is_none() && object.source.is_none() => {
                    Value::opaque("the text of an object")
                }
                on => on,
            }),
            // A derive may give an enum its text by these; else they convert the value as it is.
            "into" | "as_ref" if self.derives(&on, if name == "into" { "IntoStaticStr" } else { "AsRefStr" }) => {
                self.shown(&on).unwrap_or(on)
            }
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
            // What is there on one way is what is meant.
            Value::Choice(options) if options.iter().any(|option| !option.is_symbolic()) => Value::Choice(options),
            Value::Param(..) | Value::Choice(_) => Value::choice(vec![value, other()]),
            value => value,
        }
    }

    /// The pairs of a map, which is what walking over it yields.
    pub(super) fn pairs_of(&self, map: &Value) -> Value {
        let Value::Object(object) = map else { return Value::opaque("the pairs of a map that is not known") };
        let pair = |(key, value): &(SmolStr, Value)| Value::List(Rc::from([Value::Text(key.clone()), value.clone()]));
        Value::List(object.fields.iter().map(pair).collect())
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
