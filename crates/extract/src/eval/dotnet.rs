//! What .NET brings along: the methods of texts, types and sequences, and the functions of its base library.
//!
//! What is asked of a value that only a caller knows stays a question to the caller: the name of the runtime type of
//! `message` in `Publish(object message)` is decided where `Publish` is called.

use super::Eval;
use crate::value::{Frame, Value};
use crate::world::Unit;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, TypeRef};

/// Methods that change how a text is written and nothing else.
const CASES: &[&str] = &["ToLower", "ToLowerInvariant", "ToUpper", "ToUpperInvariant"];

/// Methods of sequences that keep their elements.
const KEEPING: &[&str] = &[
    "ToList",
    "ToArray",
    "ToListAsync",
    "ToArrayAsync",
    "AsEnumerable",
    "AsReadOnly",
    "AsQueryable",
    "AsNoTracking",
    "Where",
    "OrderBy",
    "OrderByDescending",
    "ThenBy",
    "Take",
    "Skip",
    "Distinct",
    "Reverse",
    "OfType",
    "Cast",
    "ToHashSet",
    "Concat",
    "Append",
    "Include",
    "WithCancellation",
];

/// Methods of sequences that yield one element.
const PICKING: &[&str] = &[
    "First",
    "FirstOrDefault",
    "Single",
    "SingleOrDefault",
    "Last",
    "LastOrDefault",
    "ElementAt",
    "Find",
    "FirstAsync",
    "FirstOrDefaultAsync",
    "SingleAsync",
    "SingleOrDefaultAsync",
    "FindAsync",
    "Dequeue",
    "Peek",
    "Pop",
];

/// Types of which a value is a sequence of what they are given.
const SEQUENCES: &[&str] = &[
    "IEnumerable",
    "IList",
    "List",
    "ICollection",
    "IReadOnlyList",
    "IReadOnlyCollection",
    "Collection",
    "HashSet",
    "ISet",
    "Queue",
    "Stack",
    "IAsyncEnumerable",
    "ConcurrentQueue",
    "ConcurrentBag",
    "IQueryable",
    "ImmutableList",
];

/// True for a type of .NET whose values hold several of another type.
pub(super) fn is_sequence(name: &str) -> bool {
    SEQUENCES.contains(&name.rsplit('.').next().unwrap_or(name))
}

impl Eval<'_, '_> {
    /// `value.name`, where a type is asked for its name.
    pub(super) fn dotnet_member(&self, value: &Value, name: &str) -> Value {
        match (value, name) {
            (Value::Choice(options), _) => {
                Value::choice(options.iter().map(|option| self.dotnet_member(option, name)).collect())
            }
            (Value::Library(_, path), "Name" | "FullName")
                if !path.is_empty() && is_type_name(&path[path.len() - 1]) =>
            {
                Value::Text(path[path.len() - 1].clone())
            }
            (Value::Library(module, path), "Empty")
                if module.is_empty() && matches!(path.last().map(SmolStr::as_str), Some("string" | "String")) =>
            {
                Value::Text(SmolStr::default())
            }
            (Value::List(items), "Count" | "Length") => Value::Number(items.len().to_string().into()),
            // The result of a task, the value of options, of something lazy or nullable.
            (Value::Text(_) | Value::Object(_) | Value::Instance(_) | Value::List(_) | Value::Closure(_), "Result") => {
                let own = self.member(value, name);
                if own.is_empty() { value.clone() } else { own }
            }
            // Options are what they hold.
            (Value::Instance(instance), "Value" | "CurrentValue") if !self.has_member(instance.class, name) => {
                value.clone()
            }
            _ => self.member(value, name),
        }
    }

    /// A method of a value; `None` when it is none of those that .NET brings along.
    pub(super) fn dotnet_method(
        &self,
        unit: &Rc<Unit>,
        on: &Value,
        name: &str,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let arg = |at: usize| call.args.get(at).map(|arg| self.expr(unit, arg.value, frame));
        let text = |value: Option<Value>| value.and_then(|value| value.as_text().map(SmolStr::new));
        Some(match (on, name) {
            (_, "GetRequiredService" | "GetService" | "GetRequiredKeyedService" | "Resolve") => {
                self.resolved(unit, call, frame)?
            }
            (_, "GetType") if call.args.is_empty() => self.runtime_type(on),
            (Value::Opaque(_) | Value::Library(..), "Where") => self.scanned(unit, call)?,
            (_, "ConfigureAwait" | "AsTask" | "WaitAsync") => on.clone(),
            // A dictionary that is filled when it is asked holds what this call would put into it.
            (Value::Object(_) | Value::Opaque(_), "GetOrAdd") if call.args.len() == 2 => {
                let made = match arg(1)? {
                    Value::Closure(make) => self.apply(&Value::Closure(make), vec![arg(0)?]),
                    value => value,
                };
                Some(made).filter(|made| !made.is_empty())?
            }
            (Value::Text(own), _) if CASES.contains(&name) => {
                let lower = name.starts_with("ToLower");
                Value::Text(if lower { own.to_lowercase() } else { own.to_uppercase() }.into())
            }
            (Value::Text(own), "Trim") => Value::Text(own.trim().into()),
            (Value::Text(own), "Replace") => match (text(arg(0)), text(arg(1))) {
                (Some(from), Some(to)) if !from.is_empty() => Value::Text(own.replace(from.as_str(), &to).into()),
                _ => Value::opaque("computed at run time"),
            },
            (Value::Text(own), "TrimEnd" | "TrimStart") => {
                let by = text(arg(0)).and_then(|by| by.chars().next());
                let space = |c: char| by.map_or(c.is_whitespace(), |by| c == by);
                let cut = if name == "TrimEnd" { own.trim_end_matches(space) } else { own.trim_start_matches(space) };
                Value::Text(cut.into())
            }
            (Value::Text(own), "Split") => {
                let by = text(arg(0)).unwrap_or_else(|| ",".into());
                if by.is_empty() {
                    return None;
                }
                Value::List(own.split(by.as_str()).take(64).map(|part| Value::Text(part.into())).collect())
            }
            (Value::Env(name, default), "Split") => {
                let by = arg(0).and_then(|by| match by {
                    Value::Text(by) => Some(by),
                    Value::Number(by) => Some(SmolStr::new(by.trim_matches('\''))),
                    _ => None,
                });
                self.listed_setting(unit, name, default.as_deref(), &by.unwrap_or_else(|| ",".into()))
            }
            (Value::Text(_) | Value::Concat(_) | Value::Number(_) | Value::Env(..), "ToString" | "Trim") => on.clone(),
            // What was written to a text is still that object to whoever reads it.
            (Value::Instance(instance), "ToString") if self.method(instance.class, name).is_none() => on.clone(),
            (Value::Env(..) | Value::Concat(_), _) if CASES.contains(&name) => on.clone(),
            (Value::Class(_) | Value::Library(..), "ToString") => self.dotnet_member(on, "FullName"),
            // Humanizers of names, which programs use to make channels of types.
            (Value::Text(own), "Underscore" | "Kebaberize" | "Hyphenate" | "Dasherize") => {
                let by = if name == "Underscore" { '_' } else { '-' };
                Value::Text(crate::link::separated(own, by).into())
            }
            (Value::Param(..), _)
                if CASES.contains(&name)
                    || matches!(name, "Trim" | "Replace" | "Underscore" | "Kebaberize" | "ToString" | "Humanize") =>
            {
                self.asked(on, &format!("{name}()"))
            }
            (Value::List(_), _) if KEEPING.contains(&name) => on.clone(),
            (Value::List(_), _) if PICKING.contains(&name) => self.every(on),
            (Value::List(items), "Select" | "SelectMany" | "ConvertAll") => {
                let mapper = arg(0)?;
                let all: Vec<Value> =
                    items.iter().take(64).map(|item| self.apply(&mapper, vec![item.clone()])).collect();
                Value::List(all.into())
            }
            // What is made of every element of a list that callers bring is made of each alike.
            (Value::Param(..), "Select" | "ConvertAll") => {
                let mapper = arg(0)?;
                let made = self.apply(&mapper, vec![self.every(on)]);
                if made.is_empty() || made.is_symbolic() {
                    return None;
                }
                Value::List(Rc::from([made]))
            }
            (Value::Choice(options), _)
                if KEEPING.contains(&name) || PICKING.contains(&name) || CASES.contains(&name) =>
            {
                let results = options.iter().filter_map(|option| self.dotnet_method(unit, option, name, call, frame));
                Value::choice(results.collect())
            }
            _ => return None,
        })
    }

    /// A function of the base library or of a serialiser; `None` when it is none weir knows.
    pub(super) fn dotnet_call(
        &self,
        unit: &Rc<Unit>,
        path: &[SmolStr],
        args: &[Value],
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let words: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        let first = args.first().cloned();
        Some(match words.as_slice() {
            [.., "Environment", "GetEnvironmentVariable"] => match first? {
                Value::Text(name) => Value::Env(name, None),
                _ => return None,
            },
            ["Task" | "ValueTask", "FromResult"]
            | [.., "Encoding", _, "GetBytes" | "GetString"]
            | [.., "JsonConvert", "SerializeObject"]
            | [.., "JsonSerializer", "Serialize" | "SerializeToUtf8Bytes" | "SerializeToElement"]
            | ["Convert", _]
            | [.., "Options", "Create"]
            | [.., "RedisChannel", "Literal" | "Pattern"] => first?,
            [.., "JsonConvert", "DeserializeObject"] | [.., "JsonSerializer", "Deserialize" | "DeserializeAsync"] => {
                self.read_back(unit, first?, args.get(1), call, frame)
            }
            [.., "Type", "GetType"] => first?,
            [.., "Activator", "CreateInstance"] => {
                let ty = match call.type_args.first() {
                    Some(ty) => self.type_at(unit, ty, call.callee, frame),
                    None => first?,
                };
                self.object_of(&ty)?
            }
            [.., "Regex", "Replace"] => match (first?, args.get(1)?, args.get(2)?) {
                (Value::Text(text), Value::Text(pattern), Value::Text(by)) => {
                    Value::Text(super::builtins::replacing::by_expression(&text, pattern, by, false)?.into())
                }
                // Who calls decides what is replaced.
                (text @ Value::Param(..), _, _) => self.asked(&text, "Replace()"),
                _ => return None,
            },
            ["string" | "String", "Concat"] => Value::concat(args.to_vec()),
            ["string" | "String", "Join"] => {
                let items = match (args.get(1)?, args.len()) {
                    (Value::List(items), 2) => items.to_vec(),
                    _ => args[1..].to_vec(),
                };
                let mut parts = Vec::new();
                for (at, item) in items.into_iter().enumerate() {
                    if at > 0 {
                        parts.push(first.clone()?);
                    }
                    parts.push(item);
                }
                Value::concat(parts)
            }
            ["string" | "String", "Format"] => formatted(first?.as_text()?, &args[1..]),
            _ => return None,
        })
    }

    /// What a container hands out for a type: the object that is registered, or one of the type.
    fn resolved(&self, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Option<Value> {
        let ty = match call.type_args.first() {
            Some(ty) => self.type_at(unit, ty, call.callee, frame),
            None => self.expr(unit, call.args.first()?.value, frame),
        };
        match &ty {
            Value::Class(_) => {
                let registered = self.packs.registry.lookup(super::container::IMPLEMENTATIONS, &ty, &unit.path);
                match registered.into_iter().next() {
                    Some(object @ Value::Instance(_)) => Some(object),
                    _ => self.object_of(&ty),
                }
            }
            Value::Library(module, path) => {
                let args = match call.type_args.first() {
                    Some(TypeRef::Named { args, .. }) => args.as_slice(),
                    _ => &[],
                };
                self.packs.declared(self, unit, module, path, args, &[], unit.site(call.callee), None, None)
            }
            _ => None,
        }
    }

    /// An object of a class of the base library: collections are what they are made of.
    pub(super) fn dotnet_construct(
        &self,
        unit: &Rc<Unit>,
        path: &[SmolStr],
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let name = path.last().map_or("", SmolStr::as_str);
        let (args, _) = self.args(unit, call, frame);
        match (name, args.last()) {
            ("Uri", _) => args.into_iter().next().unwrap_or_else(|| Value::opaque("an address without a text")),
            (_, Some(items @ Value::List(_))) if is_sequence(name) => items.clone(),
            (_, _) if is_sequence(name) => Value::List(Rc::from([])),
            ("Dictionary" | "ConcurrentDictionary" | "SortedDictionary", Some(entries @ Value::Object(_))) => {
                entries.clone()
            }
            ("Dictionary" | "ConcurrentDictionary" | "SortedDictionary", _) => {
                Value::Object(Rc::new(crate::value::Object { open: true, ..crate::value::Object::default() }))
            }
            ("ReadOnlyMemory" | "ArraySegment" | "StringContent", Some(_)) => {
                args.into_iter().next().unwrap_or(Value::Null)
            }
            _ => Value::opaque("an object of a library no pack knows"),
        }
    }

    /// What is read from a text: the object that was written into it, else one of the type that is asked for.
    fn read_back(
        &self,
        unit: &Rc<Unit>,
        written: Value,
        given: Option<&Value>,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        if let Value::Instance(_) = &written {
            return written;
        }
        let asked = call.type_args.first().map(|ty| self.type_at(unit, ty, call.callee, frame));
        let ty = asked.or_else(|| given.filter(|given| matches!(given, Value::Class(_))).cloned());
        match ty.and_then(|ty| self.object_of(&ty)) {
            // Who wrote the text knows more of it than its type.
            Some(Value::Instance(object)) if matches!(written, Value::Param(..)) => {
                let object = crate::value::Instance { source: Some(written), ..object.as_ref().clone() };
                Value::Instance(Rc::new(object))
            }
            Some(object) => object,
            None => written,
        }
    }

    /// A value of a type that holds several: a list of one of them, of which only the type is known.
    pub(super) fn sequence_of(
        &self,
        unit: &Rc<Unit>,
        ty: &TypeRef,
        site: weir_facts::Site,
        source: Option<Value>,
    ) -> Option<Value> {
        let of = match ty {
            TypeRef::Named { name, args } if is_sequence(name) => args.first()?,
            TypeRef::List(inner) => inner,
            _ => return None,
        };
        // What callers hand in is theirs to tell.
        if source.is_some() {
            return None;
        }
        let element = self.declared(unit, of, site, None)?;
        Some(Value::List(Rc::from([element])))
    }
}

fn is_type_name(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// `{0}` and the like give way to the values.
fn formatted(pattern: &str, args: &[Value]) -> Value {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((hole, after)) = behind.split_once('}') else { break };
        parts.push(Value::Text(before.into()));
        let at = hole.split([':', ',']).next().and_then(|at| at.parse::<usize>().ok());
        parts.push(at.and_then(|at| args.get(at)).cloned().unwrap_or_else(|| Value::opaque("computed at run time")));
        rest = after;
    }
    parts.push(Value::Text(rest.into()));
    Value::concat(parts)
}
