//! As which class of the program a message is read, where nothing else says what it is: `read(text, Order.class)`,
//! `Deserialize<Order>(text)`, `val order: Order = read(text)`.

use super::message_way::{Reader, Stop};
use crate::eval::{Eval, TypeTarget};
use crate::value::Value;
use crate::world::Def;
use weir_syntax::{Call, Expr, ExprId, Stmt, TypeRef};

/// How the names of functions begin that make an object of a text, lower case. Others that are given a class and the
/// message (a log, a check) say nothing about what the message is.
const READS: &[&str] =
    &["read", "from", "parse", "deserial", "decode", "convert", "unmarshal", "map", "toobject", "treetovalue", "bind"];
/// What a message does with itself when it is asked for the object in it.
const GETS: &[&str] = &["get", "as", "to", "body", "payload", "content"];
/// Parts of the names of classes that hold whatever was sent.
const HOLDS: &[&str] = &["json", "node", "jobject", "jtoken", "map", "string", "object", "dictionary", "list", "array"];
/// Words with which the names of packages of one company begin alike.
const OWN_WORDS: usize = 2;
/// Steps from a name back to the message.
const MAX_STEPS: usize = 16;
/// Classes told apart by one receive.
const MAX_CLASSES: usize = 16;

/// What the message of a receive is read as.
#[derive(Default)]
pub(super) struct ReadAs {
    /// Classes, in source order.
    pub(super) names: Vec<String>,
    /// True where others may be read in other ways.
    pub(super) open: bool,
}

/// What one call reads the message as.
enum Class {
    Known(String),
    /// A class of which no more is known than that it is none of the program's.
    Foreign,
}

/// The classes that the nearest functions on the way of a message read it as.
pub(super) fn classes(eval: &Eval<'_, '_>, way: &[Stop]) -> ReadAs {
    let farthest = way.iter().map(|stop| stop.hops).max().unwrap_or_default();
    for hops in 0..=farthest {
        let nearest = way.iter().filter(|stop| stop.hops == hops && !stop.piece);
        let read: Vec<Class> =
            nearest.filter_map(|stop| Reader::new(eval, stop)).flat_map(|reader| reader.read_as()).collect();
        if read.is_empty() {
            continue;
        }
        // What is read farther on is a part of this.
        let mut names = Vec::new();
        for class in read {
            match class {
                Class::Known(name) if names.len() < MAX_CLASSES && !names.contains(&name) => names.push(name),
                _ => {}
            }
        }
        let open = hops > 0 || names.len() > 1;
        return ReadAs { names, open };
    }
    ReadAs::default()
}

impl Reader<'_, '_, '_> {
    fn read_as(&self) -> Vec<Class> {
        let calls = self.unit.index.all_calls.iter().map(|site| site.expr);
        let mut sites: Vec<ExprId> = calls.filter(|expr| self.inside(self.scope(*expr))).collect();
        sites.sort_by_key(|expr| (self.unit.line(*expr), *expr));
        sites.into_iter().filter_map(|expr| self.class_of(expr)).collect()
    }

    /// What a call reads the message as, if it reads it.
    fn class_of(&self, expr: ExprId) -> Option<Class> {
        let Expr::Call(call) = self.unit.expr(expr) else { return None };
        let part = |arg: ExprId| self.is_piece(arg, 0);
        let object = match self.unit.expr(call.callee) {
            Expr::Member { object, .. } => Some(*object),
            _ => None,
        };
        if !self.reads(call) || call.args.iter().any(|arg| part(arg.value)) || object.is_some_and(part) {
            return None;
        }
        self.class_read(call, expr)
    }

    /// True for the message itself and for other forms of it, but not for what was found in it.
    pub(super) fn is_whole(&self, expr: ExprId) -> bool {
        !self.is_piece(expr, 0) && !self.is_read(expr)
    }

    /// True for something that lies under a key of the message, or in what it was read as.
    fn is_piece(&self, expr: ExprId, steps: usize) -> bool {
        if steps > MAX_STEPS {
            return true;
        }
        let keyed = |id: ExprId| matches!(self.eval.expr(&self.unit, id, None), Value::Text(_));
        match self.unit.expr(expr) {
            Expr::Index { object, index } => keyed(*index) || self.is_piece(*object, steps + 1),
            Expr::Member { object, .. } => self.is_read(*object) || self.is_piece(*object, steps + 1),
            // What a function of the program makes of the message may be anything.
            Expr::Call(call) if !self.eval.callees(&self.unit, call, self.frame()).is_empty() => true,
            Expr::Call(call) => match self.unit.expr(call.callee) {
                Expr::Member { object, .. } if self.is_of_message(*object, 0) => {
                    call.args.iter().any(|arg| keyed(arg.value))
                        || self.is_read(*object)
                        || self.is_piece(*object, steps + 1)
                }
                _ => call.args.iter().any(|arg| self.is_piece(arg.value, steps + 1)),
            },
            Expr::Await(value) | Expr::Cast { value, .. } => self.is_piece(*value, steps + 1),
            Expr::Name(name) => self.defs(expr, name).iter().any(|def| match def {
                Def::Let { value: Some(value), .. } | Def::Assign { value, .. } => self.is_piece(*value, steps + 1),
                Def::Each { over, .. } => self.is_read(*over) || self.is_piece(*over, steps + 1),
                _ => false,
            }),
            _ => false,
        }
    }

    /// True for what the message was read as, or a name of it.
    fn is_read(&self, expr: ExprId) -> bool {
        let read = |expr: ExprId| match self.unit.expr(self.bare(expr)) {
            Expr::Call(call) => self.reads(call) && self.class_read(call, expr).is_some(),
            _ => false,
        };
        match self.unit.expr(expr) {
            Expr::Name(name) => self.defs(expr, name).iter().any(|def| match def {
                Def::Let { value: Some(value), .. } | Def::Assign { value, .. } => read(*value),
                _ => false,
            }),
            _ => read(expr),
        }
    }

    /// True for a call that makes an object of the message.
    fn reads(&self, call: &Call) -> bool {
        let (object, name) = match self.unit.expr(call.callee) {
            Expr::Member { object, name } => (Some(*object), name),
            Expr::Name(name) => (None, name),
            _ => return false,
        };
        let name = name.to_lowercase();
        let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
        if begins(READS) && call.args.iter().any(|arg| self.is_of_message(arg.value, 0)) {
            return true;
        }
        (begins(READS) || begins(GETS)) && object.is_some_and(|object| self.is_of_message(object, 0))
    }

    /// The class that is asked for: by a type argument, as a value, or by what the result is declared as.
    fn class_read(&self, call: &Call, expr: ExprId) -> Option<Class> {
        let frame = self.frame();
        let asked = match call.type_args.as_slice() {
            [ty] => Some(self.eval.type_at(&self.unit, item(ty), call.callee, frame)),
            _ => None,
        };
        let given = || {
            let mut classes = call.args.iter().filter_map(|arg| match self.unit.expr(arg.value) {
                Expr::TypeLiteral(ty) => Some(self.eval.type_at(&self.unit, item(ty), arg.value, frame)),
                _ => {
                    Some(self.eval.expr(&self.unit, arg.value, frame)).filter(|value| matches!(value, Value::Class(_)))
                }
            });
            classes.next().filter(|_| classes.next().is_none())
        };
        match asked.or_else(given) {
            Some(Value::Class(class)) => Some(Class::Known(self.eval.class_name(class).to_string())),
            Some(Value::Library(module, path)) => self.foreign(&module, path.last()?),
            Some(_) => None,
            None => self.insisted(expr).or_else(|| self.declared(call, expr)),
        }
    }

    /// A class that no source declares: one of the program's own packages, or nobody knows whose.
    fn foreign(&self, module: &str, name: &str) -> Option<Class> {
        let own = self.unit.tree.namespace.split('.').zip(module.split('.'));
        if self.unit.tree.language.is_jvm() && own.take_while(|(a, b)| a == b).count() >= OWN_WORDS {
            return Some(Class::Known(name.to_owned()));
        }
        // What only holds any message still has to be read.
        let holds = |word: &str| name.to_lowercase().contains(word);
        (!HOLDS.iter().any(|word| holds(word))).then_some(Class::Foreign)
    }

    /// The class that the code says the result is: `JSON.parse(text) as Order`.
    fn insisted(&self, value: ExprId) -> Option<Class> {
        let ty = self.unit.tree.exprs.iter().find_map(|expr| match expr {
            Expr::Cast { value: inner, ty: Some(ty) } if self.bare(*inner) == value => Some(ty),
            _ => None,
        })?;
        let TypeRef::Named { name, args } = ty else { return None };
        let known = args.is_empty().then(|| self.eval.type_name(&self.unit, name)).flatten();
        // A word of the message is often one of an enum, which no message is.
        let message = |class| !self.eval.is_enum(class) && !self.eval.is_alias(class);
        matches!(known, Some(TypeTarget::Class(class)) if message(class)).then(|| Class::Known(name.to_string()))
    }

    /// The class that the variable is declared with which takes what a library reads.
    fn declared(&self, call: &Call, value: ExprId) -> Option<Class> {
        let lets = self.unit.tree.stmts.iter().filter_map(|stmt| match stmt {
            Stmt::Let { ty: Some(ty), value: Some(given), .. } => Some((ty, *given)),
            _ => None,
        });
        let (ty, _) = lets.into_iter().find(|(_, given)| self.bare(*given) == value)?;
        let TypeRef::Named { name, args } = ty else { return None };
        let known = args.is_empty().then(|| self.eval.type_name(&self.unit, name)).flatten();
        let own = matches!(known, Some(TypeTarget::Class(_)));
        (own && self.eval.callees(&self.unit, call, self.frame()).is_empty()).then(|| Class::Known(name.to_string()))
    }

    /// An expression without what only waits for it or insists on it.
    fn bare(&self, expr: ExprId) -> ExprId {
        match self.unit.expr(expr) {
            Expr::Await(value) | Expr::Cast { value, .. } => self.bare(*value),
            _ => expr,
        }
    }
}

/// The type of the items of a list.
fn item(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::List(inner) => inner,
        _ => ty,
    }
}
