//! What the standard libraries of Java and Kotlin bring along: texts, lists, maps, classes, the environment.

use super::super::Eval;
use crate::value::{Object, Value};
use smol_str::SmolStr;
use std::rc::Rc;

/// Elements of a list that are followed.
const MAX_ITEMS: usize = 64;

/// Functions that are known, by their last name.
const FUNCTIONS: &[&str] = &[
    "getenv",
    "getProperty",
    "of",
    "asList",
    "stream",
    "singletonList",
    "singleton",
    "listOf",
    "setOf",
    "arrayOf",
    "mutableListOf",
    "mutableSetOf",
    "arrayListOf",
    "sequenceOf",
    "unmodifiableList",
    "unmodifiableSet",
    "unmodifiableMap",
    "entry",
    "ofEntries",
    "mapOf",
    "mutableMapOf",
    "hashMapOf",
    "format",
    "valueOf",
    "requireNonNull",
    "toString",
    "ofNullable",
    "completedFuture",
    "compile",
    "Regex",
];
/// Methods that are known.
const METHODS: &[&str] = &[
    "formatted",
    "format",
    "lowercase",
    "uppercase",
    "intern",
    "getBytes",
    "toByteArray",
    "encodeToByteArray",
    "toString",
    "toRegex",
    "orEmpty",
    "to",
    "get",
    "getFirst",
    "first",
    "elementAt",
    "stream",
    "toList",
    "collect",
    "iterator",
    "toTypedArray",
    "toArray",
    "asList",
    "toSet",
    "asSequence",
    "sorted",
    "distinct",
    "mapToObj",
    "map",
    "getOrDefault",
    "getValue",
    "getSimpleName",
    "getName",
    "getCanonicalName",
    "getTypeName",
    "getPackageName",
    "getClass",
    "removePrefix",
    "removeSuffix",
    "replace",
    "replaceAll",
    "replaceFirst",
    "toLowerCase",
    "toUpperCase",
    "trim",
];

impl Eval<'_, '_> {
    /// A call of a function of the standard library; `None` when it is none weir knows.
    pub(in super::super) fn jvm_call(&self, path: &[SmolStr], args: &dyn Fn() -> Vec<Value>) -> Option<Value> {
        // Arguments are followed only for what may be meant.
        if !path.last().is_some_and(|last| FUNCTIONS.contains(&last.as_str())) {
            return None;
        }
        let args = args();
        let args = args.as_slice();
        let words: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        let first = args.first().cloned();
        let list = || Value::List(spread(args).into_iter().take(MAX_ITEMS).collect());
        Some(match words.as_slice() {
            ["System", "getenv" | "getProperty"] => match first? {
                Value::Text(name) => Value::Env(name, args.get(1).cloned().map(Rc::new)),
                _ => return None,
            },
            [.., "List" | "Set" | "Stream" | "ImmutableList" | "ImmutableSet", "of"]
            | [.., "Arrays", "asList" | "stream"]
            | [.., "Collections", "singletonList" | "singleton"]
            | ["singletonList" | "asList"] => list(),
            [.., "listOf" | "setOf" | "arrayOf" | "mutableListOf" | "mutableSetOf" | "arrayListOf" | "sequenceOf"] => {
                list()
            }
            [.., "Collections", "unmodifiableList" | "unmodifiableSet" | "unmodifiableMap"] => first?,
            [.., "Map", "of"] => object(args.chunks(2).filter_map(|pair| Some((pair.first()?, pair.get(1)?)))),
            [.., "Map", "entry"] => Value::List(args.to_vec().into()),
            [.., "Map", "ofEntries"] | [.., "mapOf" | "mutableMapOf" | "hashMapOf"] => {
                object(args.iter().filter_map(|pair| match pair {
                    Value::List(pair) => Some((pair.first()?, pair.get(1)?)),
                    _ => None,
                }))
            }
            [.., "String", "format"] => format(args)?,
            [.., "String", "valueOf"]
            | [.., "Objects", "requireNonNull" | "toString"]
            | [.., "Optional", "of" | "ofNullable"]
            | [.., "CompletableFuture", "completedFuture"] => first?,
            ["Regex"] => first?,
            [.., "Pattern", "compile"] => match first? {
                Value::Text(text) => Value::Regex(crate::link::whole_names(&text)),
                other => other,
            },
            _ => return None,
        })
    }

    /// A method of a text, a list, a class or an object that everything has.
    pub(in super::super) fn jvm_method(&self, on: &Value, name: &str, args: &dyn Fn() -> Vec<Value>) -> Option<Value> {
        if !METHODS.contains(&name) {
            return None;
        }
        let args = args();
        let args = args.as_slice();
        Some(match (on, name) {
            (Value::Text(_), "formatted" | "format") => {
                let all: Vec<Value> = std::iter::once(on.clone()).chain(args.iter().cloned()).collect();
                format(&all)?
            }
            // What becomes of a text is asked of whoever brings it.
            (
                Value::Param(..),
                "lowercase" | "uppercase" | "toLowerCase" | "toUpperCase" | "trim" | "removePrefix" | "removeSuffix"
                | "replace" | "replaceAll" | "replaceFirst",
            ) => self.asked(on, &format!("{name}()")),
            (Value::Text(text), "lowercase") => Value::Text(text.to_lowercase().into()),
            (Value::Text(text), "uppercase") => Value::Text(text.to_uppercase().into()),
            (
                Value::Text(_) | Value::Concat(_) | Value::Env(..),
                "intern" | "getBytes" | "toByteArray" | "encodeToByteArray" | "toString" | "toRegex" | "orEmpty",
            ) => on.clone(),
            (Value::Text(_) | Value::Library(..) | Value::Instance(_) | Value::Env(..), "to") if args.len() == 1 => {
                Value::List(vec![on.clone(), args[0].clone()].into())
            }
            (Value::List(_), "get" | "getFirst" | "first" | "elementAt") => match args.first() {
                Some(Value::Number(at)) => self.element(on, at.parse().ok()?),
                None => self.element(on, 0),
                _ => self.every(on),
            },
            (
                Value::List(_),
                "stream" | "toList" | "collect" | "iterator" | "toTypedArray" | "toArray" | "asList" | "toSet"
                | "asSequence" | "sorted" | "distinct",
            ) => on.clone(),
            // A stream of which nothing is known but how its elements are made.
            (Value::Opaque(_) | Value::Param(..), "mapToObj" | "map") => match args {
                [mapper @ Value::Closure(_)] => match self.apply(mapper, vec![self.every(on)]) {
                    made if made.is_empty() => return None,
                    made => Value::List(vec![made].into()),
                },
                _ => return None,
            },
            (Value::Object(_), "get" | "getOrDefault" | "getValue") => match args.first()? {
                Value::Text(key) => self.member(on, key),
                Value::Instance(instance) => self.member(on, instance.constant.as_deref()?),
                _ => return None,
            },
            (Value::Text(text), "removePrefix") => cut(text, |own| own.strip_prefix(args.first()?.as_text()?)),
            (Value::Text(text), "removeSuffix") => cut(text, |own| own.strip_suffix(args.first()?.as_text()?)),
            (Value::Class(class), "getPackageName") => Value::Text(self.world.unit(class.file)?.tree.namespace.clone()),
            (Value::Class(class), "getSimpleName") => Value::Text(self.class_name(*class)),
            (Value::Class(class), "getName" | "getCanonicalName" | "getTypeName") => self.qualified(*class, '$')?,
            (Value::Instance(instance), "getClass") => Value::Class(instance.class),
            (Value::This(class), "getClass") => Value::Class(*class),
            _ => return None,
        })
    }

    /// What Kotlin reads as a property where Java calls a method.
    pub(in super::super) fn jvm_member(&self, on: &Value, name: &str) -> Option<Value> {
        Some(match (on, name) {
            (Value::Choice(options), _) => {
                let read: Option<Vec<Value>> = options.iter().map(|option| self.jvm_member(option, name)).collect();
                Value::choice(read?)
            }
            (Value::Class(class), "simpleName") => Value::Text(self.class_name(*class)),
            (Value::Class(class), "qualifiedName") => self.qualified(*class, '.')?,
            (Value::Class(class), "name" | "canonicalName") => self.qualified(*class, '$')?,
            (Value::Class(_), "java" | "javaObjectType") => on.clone(),
            (Value::Instance(_) | Value::This(_), "javaClass") => self.jvm_method(on, "getClass", &Vec::new)?,
            _ => return None,
        })
    }

    /// The name of a class with its package; nested classes are set apart by `nested`.
    pub(crate) fn qualified(&self, class: crate::world::ClassRef, nested: char) -> Option<Value> {
        let unit = self.world.unit(class.file)?;
        let decl = unit.class(class.id);
        let mut name = decl.name.to_string();
        if let Some(owner) = &decl.owner {
            name = format!("{owner}{nested}{name}");
        }
        let package = &unit.tree.namespace;
        Some(Value::Text(if package.is_empty() { name.into() } else { format!("{package}.{name}").into() }))
    }
}

/// A text without one of its ends, or as it is.
fn cut(text: &SmolStr, without: impl Fn(&str) -> Option<&str>) -> Value {
    Value::Text(without(text).map_or_else(|| text.clone(), SmolStr::new))
}

/// A single list stands for its elements: `Arrays.asList(array)`.
fn spread(args: &[Value]) -> Vec<Value> {
    match args {
        [Value::List(items)] => items.to_vec(),
        args => args.to_vec(),
    }
}

fn object<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Value {
    let mut object = Object::default();
    for (key, value) in pairs {
        match entry_key(key) {
            Some(key) => object.fields.push((key, value.clone())),
            None => object.open = true,
        }
    }
    Value::Object(Rc::new(object))
}

/// The name under which a map keeps a value: a text, a constant of an enum or of a library.
pub(in super::super) fn entry_key(key: &Value) -> Option<SmolStr> {
    match key {
        Value::Text(key) => Some(key.clone()),
        Value::Instance(instance) => instance.constant.clone(),
        Value::Library(_, path) => path.last().cloned(),
        _ => None,
    }
}

/// `%s` and its like filled with the values that follow.
fn format(args: &[Value]) -> Option<Value> {
    let Value::Text(pattern) = args.first()? else { return None };
    let mut values = args[1..].iter();
    let mut parts = Vec::new();
    let mut rest = pattern.as_str();
    while let Some(at) = rest.find('%') {
        parts.push(Value::Text(rest[..at].into()));
        let spec = &rest[at + 1..];
        let end = spec.find(|c: char| c.is_alphabetic() || c == '%')?;
        let letter = spec[end..].chars().next()?;
        match letter {
            '%' => parts.push(Value::Text("%".into())),
            'n' => parts.push(Value::Text("\n".into())),
            _ => parts.push(values.next().cloned().unwrap_or_else(|| Value::opaque("a value that is missing"))),
        }
        rest = &spec[end + letter.len_utf8()..];
    }
    parts.push(Value::Text(rest.into()));
    Some(Value::concat(parts))
}
