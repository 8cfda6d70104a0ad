//! The value lattice: what an expression can be without running the program.

mod proven;

use crate::world::{ClassRef, FnRef, Key};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;

/// No name is longer; a text that grows beyond it (a constant doubled forty times) is followed no further.
const MAX_TEXT: usize = 64 * 1024;
/// Pieces of a text that are told apart.
const MAX_PARTS: usize = 64;
/// Positions of a parameter from here on mean type parameters: those of the function, then those of its class.
pub(crate) const TYPE_PARAMS: usize = 1 << 16;
/// At most this many alternatives are kept apart.
pub(crate) const MAX_CHOICES: usize = 16;
/// Texts that are put together from the alternatives of their pieces, before it is seen which of them are the same.
const MAX_WAYS: usize = 256;

/// What an expression evaluates to.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(SmolStr),
    Number(SmolStr),
    Bool(bool),
    Null,
    Regex(SmolStr),
    /// Pieces one after the other; at least one is no literal.
    Concat(Rc<[Value]>),
    Object(Rc<Object>),
    List(Rc<[Value]>),
    /// An environment variable or configuration key, with the default the code gives.
    Env(SmolStr, Option<Rc<Value>>),
    /// A parameter nobody has given a value yet, and the way into it.
    Param(FnRef, usize, Rc<[Key]>),
    /// The receiver of a method of this class, instance unknown.
    This(ClassRef),
    /// An abstract member of the receiver's class.
    Abstract(ClassRef, SmolStr),
    Closure(Rc<Closure>),
    Class(ClassRef),
    Instance(Rc<Instance>),
    Module(crate::source::FileId),
    /// A package of several files, as a qualifier.
    Package(crate::world::PackageId),
    /// A name of a module outside the program; the empty module holds the language's globals.
    Library(SmolStr, Rc<[SmolStr]>),
    /// A value of a library type.
    Typed(Rc<Typed>),
    Choice(Rc<[Value]>),
    /// Unknown, with the reason.
    Opaque(SmolStr),
}

/// Fields in order; `open` when more may be there.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Object {
    pub(crate) fields: Vec<(SmolStr, Value)>,
    /// Entries whose keys are no literals.
    pub(crate) computed: Vec<(Value, Value)>,
    pub(crate) open: bool,
}

/// A function together with the values it closes over.
#[derive(Clone, Debug)]
pub(crate) struct Closure {
    pub(crate) function: FnRef,
    pub(crate) this: Option<Value>,
    pub(crate) frame: Option<Rc<Frame>>,
}

/// An object of a project class and what its constructor got; `None` when a container made it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Instance {
    pub(crate) class: ClassRef,
    /// The construction it comes from: objects of two constructions are two, and are told apart before their arguments
    /// are looked at.
    pub(crate) origin: Option<(crate::source::FileId, weir_syntax::ExprId)>,
    /// The parameter it was declared as, when nothing else is known of it.
    pub(crate) source: Option<Value>,
    /// What the type parameters of its class stand for, in order, where that is said.
    pub(crate) types: Vec<Value>,
    /// The name of the enum member it is, in languages whose enum members are objects.
    pub(crate) constant: Option<SmolStr>,
    pub(crate) args: Option<Vec<Value>>,
}

impl Instance {
    /// An object of which only the class is known.
    pub(crate) fn of(class: ClassRef) -> Self {
        Instance { class, args: None, source: None, origin: None, types: Vec::new(), constant: None }
    }
}

/// A value of a library type with its bound properties.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Typed {
    /// Index of the pack.
    pub(crate) pack: usize,
    /// Type inside the pack.
    pub(crate) ty: SmolStr,
    /// Bound properties.
    pub(crate) properties: Vec<(SmolStr, Value)>,
    /// Where it comes about: two values of one origin are the same object.
    pub(crate) origin: Site,
    /// The parameter it was declared as, when nothing else is known of it.
    pub(crate) source: Option<Value>,
}

/// The values of one call: arguments, receiver, and the frame around a closure.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) function: FnRef,
    pub(crate) args: Vec<Value>,
    pub(crate) this: Option<Value>,
    pub(crate) outer: Option<Rc<Frame>>,
    /// The argument list was followed completely; false when a spread hides the rest.
    pub(crate) complete: bool,
    /// What the type parameters of the function stand for.
    pub(crate) types: Vec<(SmolStr, Value)>,
}

/// Equal by content; what is shared is equal without a look, since values are graphs whose trees can be huge.
fn same<T: PartialEq + ?Sized>(a: &Rc<T>, b: &Rc<T>) -> bool {
    Rc::ptr_eq(a, b) || proven::equal((Rc::as_ptr(a).addr(), Rc::as_ptr(b).addr()), || **a == **b)
}

fn same_option<T: PartialEq>(a: Option<&Rc<T>>, b: Option<&Rc<T>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        _ => false,
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Text(a), Value::Text(b))
            | (Value::Number(a), Value::Number(b))
            | (Value::Regex(a), Value::Regex(b))
            | (Value::Opaque(a), Value::Opaque(b)) => a == b,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Null, Value::Null) => true,
            (Value::Concat(a), Value::Concat(b))
            | (Value::List(a), Value::List(b))
            | (Value::Choice(a), Value::Choice(b)) => same(a, b),
            (Value::Object(a), Value::Object(b)) => same(a, b),
            (Value::Env(a, x), Value::Env(b, y)) => a == b && same_option(x.as_ref(), y.as_ref()),
            (Value::Param(a, i, x), Value::Param(b, j, y)) => a == b && i == j && same(x, y),
            (Value::This(a), Value::This(b)) | (Value::Class(a), Value::Class(b)) => a == b,
            (Value::Abstract(a, x), Value::Abstract(b, y)) => a == b && x == y,
            (Value::Closure(a), Value::Closure(b)) => same(a, b),
            (Value::Instance(a), Value::Instance(b)) => same(a, b),
            (Value::Module(a), Value::Module(b)) => a == b,
            (Value::Package(a), Value::Package(b)) => a == b,
            (Value::Library(a, x), Value::Library(b, y)) => a == b && same(x, y),
            (Value::Typed(a), Value::Typed(b)) => same(a, b),
            _ => false,
        }
    }
}

impl PartialEq for Closure {
    fn eq(&self, other: &Closure) -> bool {
        self.function == other.function
            && same_option(self.frame.as_ref(), other.frame.as_ref())
            && self.this == other.this
    }
}

impl PartialEq for Frame {
    fn eq(&self, other: &Frame) -> bool {
        self.function == other.function
            && self.complete == other.complete
            && same_option(self.outer.as_ref(), other.outer.as_ref())
            && self.this == other.this
            && self.args == other.args
            && self.types == other.types
    }
}

impl Frame {
    /// The frame of `function` that gives its parameter at a position a value, else the nearest one of it.
    pub(crate) fn holding(frame: Option<&Rc<Frame>>, function: FnRef, at: usize) -> Option<&Rc<Frame>> {
        let nearest = Frame::find(frame, function)?;
        let mut found = nearest;
        while !found.complete && found.args.len() <= at {
            match Frame::find(found.outer.as_ref(), function) {
                Some(outer) => found = outer,
                None => return Some(nearest),
            }
        }
        Some(found)
    }

    /// The frame of `function` on this stack of closures.
    pub(crate) fn find(frame: Option<&Rc<Frame>>, function: FnRef) -> Option<&Rc<Frame>> {
        let mut at = frame;
        while let Some(frame) = at {
            if frame.function == function {
                return Some(frame);
            }
            at = frame.outer.as_ref();
        }
        None
    }
}

impl Value {
    pub(crate) fn opaque(reason: &'static str) -> Value {
        Value::Opaque(SmolStr::new_static(reason))
    }

    /// The alternatives of a choice, or the value itself.
    pub(crate) fn alternatives(&self) -> &[Value] {
        match self {
            Value::Choice(values) => values,
            single => std::slice::from_ref(single),
        }
    }

    /// One value of several: duplicates go, unknown ones give way to known ones, beyond the bound nothing is known.
    pub(crate) fn choice(values: Vec<Value>) -> Value {
        Value::one_of(values)
    }

    /// The same of values that are only made as far as it takes.
    fn one_of(values: impl IntoIterator<Item = Value>) -> Value {
        let mut kept: Vec<Value> = Vec::new();
        let mut telling = 0;
        for value in values {
            for alternative in value.alternatives() {
                if !kept.contains(alternative) {
                    telling += usize::from(!alternative.is_empty());
                    if telling > MAX_CHOICES {
                        return Value::opaque("more than sixteen values are possible");
                    }
                    kept.push(alternative.clone());
                }
            }
        }
        if kept.iter().any(|value| !value.is_empty()) {
            kept.retain(|value| !value.is_empty());
        }
        if kept.len() > MAX_CHOICES {
            return Value::opaque("more than sixteen values are possible");
        }
        match kept.len() {
            0 => Value::opaque("no value is assigned"),
            1 => kept.remove(0),
            _ => Value::Choice(kept.into()),
        }
    }

    /// True for values that say nothing: unknown or null.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Value::Opaque(_) | Value::Null)
    }

    /// True where the value depends on who calls or which instance it is.
    pub(crate) fn is_symbolic(&self) -> bool {
        match self {
            Value::Param(..) | Value::Abstract(..) => true,
            Value::Concat(parts) => parts.iter().any(Value::is_symbolic),
            Value::Choice(values) => values.iter().any(Value::is_symbolic),
            Value::Env(_, Some(default)) => default.is_symbolic(),
            _ => false,
        }
    }

    /// True where a parameter of this function is part of the value.
    pub(crate) fn depends_on(&self, function: FnRef) -> bool {
        let any = |values: &[Value]| values.iter().any(|value| value.depends_on(function));
        match self {
            Value::Param(of, ..) => *of == function,
            Value::Concat(parts) | Value::Choice(parts) | Value::List(parts) => any(parts),
            Value::Env(_, Some(default)) => default.depends_on(function),
            Value::Object(object) => object.fields.iter().any(|(_, value)| value.depends_on(function)),
            Value::Typed(typed) => {
                typed.properties.iter().any(|(_, value)| value.depends_on(function))
                    || typed.source.as_ref().is_some_and(|source| source.depends_on(function))
            }
            _ => false,
        }
    }

    /// Both texts in one.
    pub(crate) fn concat(parts: Vec<Value>) -> Value {
        let mut out: Vec<Value> = Vec::new();
        for part in parts {
            let flat: Vec<Value> = match part {
                Value::Concat(inner) => inner.to_vec(),
                Value::Number(number) => vec![Value::Text(number)],
                Value::Bool(flag) => vec![Value::Text(if flag { "true" } else { "false" }.into())],
                other => vec![other],
            };
            for part in flat {
                let full = out.len() >= MAX_PARTS;
                match (out.last_mut(), part) {
                    (Some(Value::Text(last)), Value::Text(text)) if last.len() + text.len() > MAX_TEXT => {
                        return Value::opaque("a text longer than any name");
                    }
                    (Some(Value::Text(last)), Value::Text(text)) => *last = SmolStr::new(format!("{last}{text}")),
                    // What is unknown stays so, however often it is repeated.
                    (Some(Value::Opaque(_)), Value::Opaque(_)) => {}
                    (_, part) if !full => out.push(part),
                    _ => return Value::opaque("a text longer than any name"),
                }
            }
        }
        // A choice inside multiplies, as long as that stays small.
        let ways = out.iter().fold(1usize, |ways, part| ways.saturating_mul(part.alternatives().len()));
        if ways > MAX_WAYS {
            return Value::opaque("more than sixteen values are possible");
        }
        if let Some(at) = out.iter().position(|part| matches!(part, Value::Choice(_))) {
            let Value::Choice(options) = out[at].clone() else {
                return Value::opaque("a part is unknown");
            };
            let results = options.iter().map(|option| {
                let mut parts = out.clone();
                parts[at] = option.clone();
                Value::concat(parts)
            });
            return Value::one_of(results);
        }
        match out.len() {
            0 => Value::Text(SmolStr::default()),
            1 => out.remove(0),
            _ => Value::Concat(out.into()),
        }
    }

    /// The text, when it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of many open pieces has more readings than atoms in the universe; that it is open is told at once.
    #[test]
    fn many_open_pieces_are_not_multiplied() {
        let piece = Value::choice((0..8).map(|at| Value::Text(format!("{at}").into())).collect());
        assert!(matches!(Value::concat(vec![piece.clone(); 40]), Value::Opaque(_)));
        assert!(matches!(Value::concat(vec![piece, Value::Text("-created".into())]), Value::Choice(_)));
    }
}
