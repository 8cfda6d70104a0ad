//! Answers the paths of a pack rule against one match.

mod texts;

pub(super) use texts::map_text;
pub(crate) use texts::separated;

use crate::eval::Eval;
use crate::packs::{FactRule, Path, Root, Step, Term};
use crate::value::{Closure, Frame, Object, TYPE_PARAMS, Value};
use crate::world::{ClassRef, FnRef, Key, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use texts::{basename_of, delimited, map_pieces, part_of, sorted_json};
use weir_syntax::{Annotation, Arg, Call, Expr, Pattern, Stmt, TypeRef};

/// The arguments of another call that a rule joined: its name in the rule, where it stands, its frame.
pub(crate) type Joined = (SmolStr, Rc<Unit>, Vec<Arg>, Option<Rc<Frame>>);

/// The parts of a match that paths can name.
pub(crate) struct Binder<'e, 'w, 's> {
    pub(crate) eval: &'e Eval<'w, 's>,
    pub(crate) unit: Rc<Unit>,
    pub(crate) frame: Option<Rc<Frame>>,
    pub(crate) args: Vec<Arg>,
    pub(crate) type_args: Vec<TypeRef>,
    /// Type arguments that are known as values, in the place of those written.
    pub(crate) type_values: Option<Vec<Value>>,
    /// The file of the service that the match is looked at for.
    pub(crate) home: Option<SmolStr>,
    /// The one construction that is meant where an argument may be any of several objects.
    pub(crate) only: Option<(crate::source::FileId, weir_syntax::ExprId)>,
    pub(crate) this: Option<Value>,
    pub(crate) each: Option<Value>,
    pub(crate) member: Option<SmolStr>,
    /// What the annotated field or parameter is declared as.
    pub(crate) declared: Option<TypeRef>,
    pub(crate) function: Option<FnRef>,
    pub(crate) class: Option<ClassRef>,
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) joined: Vec<Joined>,
}

impl<'e, 'w, 's> Binder<'e, 'w, 's> {
    fn blank(eval: &'e Eval<'w, 's>, unit: &Rc<Unit>) -> Self {
        Binder {
            eval,
            unit: unit.clone(),
            frame: None,
            args: Vec::new(),
            type_args: Vec::new(),
            type_values: None,
            home: None,
            only: None,
            this: None,
            each: None,
            member: None,
            declared: None,
            function: None,
            class: None,
            annotations: Vec::new(),
            joined: Vec::new(),
        }
    }

    /// For a call or a construction.
    pub(crate) fn call(eval: &'e Eval<'w, 's>, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Self {
        let mut binder = Binder::blank(eval, unit);
        binder.args.clone_from(&call.args);
        binder.type_args.clone_from(&call.type_args);
        binder.frame = frame.cloned();
        binder
    }

    /// For a declaration: type arguments and annotations.
    pub(crate) fn declaration(
        eval: &'e Eval<'w, 's>,
        unit: &Rc<Unit>,
        type_args: &[TypeRef],
        annotations: &[Annotation],
    ) -> Self {
        let mut binder = Binder::blank(eval, unit);
        binder.type_args = type_args.to_vec();
        binder.annotations = annotations.to_vec();
        binder
    }

    /// With a receiver.
    pub(crate) fn on(mut self, receiver: Value) -> Self {
        self.this = Some(receiver);
        self
    }

    /// The one value of a path; alternatives that are possible at once become a choice. `None` when absent.
    pub(crate) fn value(&self, path: &Path) -> Option<Value> {
        let values = self.values(path);
        if values.is_empty() { None } else { Some(Value::choice(values)) }
    }

    /// All values of a path, one for each element where it says `[]`.
    pub(crate) fn values(&self, path: &Path) -> Vec<Value> {
        for (term, default) in &path.alternatives {
            let values: Vec<Value> = self.term(term).into_iter().filter(|value| !self.is_unset(value)).collect();
            if !values.is_empty() {
                return values;
            }
            if let Some(default) = default {
                return self.term(default);
            }
        }
        Vec::new()
    }

    /// True for what is not there: null, or a setting that is null unless it is set, and nothing sets it.
    fn is_unset(&self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Env(name, Some(default)) if **default == Value::Null => {
                let unset = self.eval.world.settings.get(name, &self.unit.path).is_none();
                if unset {
                    self.eval.doubt(weir_facts::Certainty::Likely);
                }
                unset
            }
            _ => false,
        }
    }

    /// What a rule is told for one by one: the elements of the path it names, else the match as a whole.
    pub(super) fn elements(&self, rule: &FactRule) -> Vec<Option<Value>> {
        match rule.each.as_deref().and_then(|each| self.eval.packs.path(each)) {
            Some(each) => self.values(&each).into_iter().map(Some).collect(),
            None => vec![None],
        }
    }

    /// True where a path begins with an argument that is written in the call and of which nothing is known.
    pub(crate) fn is_unclear(&self, path: &Path) -> bool {
        path.alternatives.iter().any(|(term, _)| {
            let arg = match term {
                Term::Walk(Root::Arg(at), _) => self.args.iter().filter(|arg| arg.name.is_none()).nth(*at),
                Term::Walk(Root::Joined(name), _) => self.args.iter().find(|arg| arg.name.as_ref() == Some(name)),
                _ => None,
            };
            arg.is_some_and(|arg| {
                !matches!(self.unit.expr(arg.value), Expr::Null | Expr::Lambda(_))
                    && self.eval.expr(&self.unit, arg.value, self.frame.as_ref()).is_empty()
            })
        })
    }

    fn term(&self, term: &Term) -> Vec<Value> {
        match term {
            Term::Text(text) => vec![Value::Text(text.clone())],
            Term::Apply(name, args, steps) => {
                let values = self.apply(name, args);
                self.steps(values, steps)
            }
            Term::Walk(root, steps) => self.walk(root, steps),
        }
    }

    fn walk(&self, root: &Root, steps: &[Step]) -> Vec<Value> {
        match root {
            Root::Arg(at) => {
                let value = self.arg(&self.unit, &self.args, *at, self.frame.as_ref());
                self.steps(value.map(|value| self.meant(value)).into_iter().collect(), steps)
            }
            Root::Named => self.steps(vec![self.named_args()], steps),
            Root::Args => self.steps(vec![Value::List(self.all_args().into())], steps),
            Root::This => {
                let read = match &self.this {
                    Some(Value::Typed(typed)) => self.eval.opened(typed, self.frame.as_ref()),
                    _ => None,
                };
                self.steps(read.or_else(|| self.this.clone()).into_iter().collect(), steps)
            }
            Root::Each => self.steps(self.each.clone().into_iter().collect(), steps),
            Root::Declared => self
                .declared
                .iter()
                .filter_map(TypeRef::name)
                .map(|name| Value::Text(name.rsplit('.').next().unwrap_or(name).into()))
                .collect(),
            Root::Member => self.member.clone().map(Value::Text).into_iter().collect(),
            Root::Function => {
                let closure = self.function.map(|function| {
                    let this = self.class.map(Value::This);
                    Value::Closure(Rc::new(Closure { function, this, frame: None }))
                });
                self.steps(closure.into_iter().collect(), steps)
            }
            Root::Class => match (self.class, steps.first()) {
                (Some(class), Some(Step::Name(name))) => {
                    let member = self.eval.member(&Value::This(class), name);
                    if member.is_empty() { Vec::new() } else { self.steps(vec![member], &steps[1..]) }
                }
                (Some(class), _) => vec![Value::Class(class)],
                _ => Vec::new(),
            },
            Root::TypeArg(at) => {
                let value = match &self.type_values {
                    Some(values) => values.get(*at).filter(|value| !value.is_empty()).cloned(),
                    None => self.type_args.get(*at).map(|ty| self.type_name(ty)),
                };
                self.steps(value.into_iter().collect(), steps)
            }
            Root::Annotation(name) => {
                let Some(annotation) =
                    self.annotations.iter().find(|annotation| annotation.name.rsplit('.').next() == Some(name))
                else {
                    return Vec::new();
                };
                self.among_args(&self.unit, &annotation.args, None, steps)
            }
            Root::Joined(name) => {
                let mut values = Vec::new();
                for (joined, unit, args, frame) in &self.joined {
                    if joined == name {
                        values.extend(self.among_args(unit, args, frame.as_ref(), steps));
                    }
                }
                // Without a join of that name it is a keyword argument.
                if values.is_empty() {
                    return self.steps(self.named_arg(name).into_iter().collect(), steps);
                }
                values
            }
        }
    }

    fn among_args(&self, unit: &Rc<Unit>, args: &[Arg], frame: Option<&Rc<Frame>>, steps: &[Step]) -> Vec<Value> {
        match steps.first() {
            Some(Step::At(at)) => self.steps(self.arg(unit, args, *at, frame).into_iter().collect(), &steps[1..]),
            Some(Step::Name(name)) => {
                let value = args
                    .iter()
                    .find(|arg| arg.name.as_ref() == Some(name))
                    .map(|arg| self.eval.expr(unit, arg.value, frame));
                self.steps(value.into_iter().collect(), &steps[1..])
            }
            _ => vec![Value::Bool(true)],
        }
    }

    fn arg(&self, unit: &Rc<Unit>, args: &[Arg], at: usize, frame: Option<&Rc<Frame>>) -> Option<Value> {
        let mut position = 0;
        for arg in args.iter().filter(|arg| arg.name.is_none()) {
            if matches!(unit.expr(arg.value), Expr::Spread(_)) {
                return match self.eval.expr(unit, arg.value, frame) {
                    Value::List(items) => match items.get(at - position) {
                        Some(item) => Some(item.clone()),
                        None => {
                            position += items.len();
                            continue;
                        }
                    },
                    Value::Object(_) if unit.tree.language.has_keyword_arguments() => continue,
                    other => Some(if other.is_symbolic() {
                        other
                    } else {
                        Value::opaque("arguments are spread from a value that is not known")
                    }),
                };
            }
            if position == at {
                return Some(self.eval.expr(unit, arg.value, frame));
            }
            position += 1;
            if position > at {
                break;
            }
        }
        None
    }

    /// An argument given by name, be it in an object whose fields are spread.
    fn named_arg(&self, name: &str) -> Option<Value> {
        let value = |arg: &Arg| self.eval.expr(&self.unit, arg.value, self.frame.as_ref());
        if let Some(arg) = self.args.iter().find(|arg| arg.name.as_deref() == Some(name)) {
            return Some(value(arg));
        }
        if !self.unit.tree.language.has_keyword_arguments() {
            return None;
        }
        let spread = self.args.iter().filter(|arg| matches!(self.unit.expr(arg.value), Expr::Spread(_)));
        spread.filter_map(|arg| self.field_of_spread(value(arg), name)).next()
    }

    fn field_of_spread(&self, spread: Value, name: &str) -> Option<Value> {
        let Value::Object(object) = spread else { return None };
        object.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())
    }

    /// The fields of what is given by name.
    pub(crate) fn given_by_name(&self) -> Vec<(SmolStr, Value)> {
        match self.named_args() {
            Value::Object(object) => object.fields.clone(),
            _ => Vec::new(),
        }
    }

    /// All arguments given by name.
    fn named_args(&self) -> Value {
        let mut object = Object::default();
        for arg in &self.args {
            let value = self.eval.expr(&self.unit, arg.value, self.frame.as_ref());
            match (&arg.name, self.unit.expr(arg.value), value) {
                (Some(name), _, value) => object.fields.push((name.clone(), value)),
                (None, Expr::Spread(_), Value::Object(spread)) => object.fields.extend(spread.fields.iter().cloned()),
                _ => {}
            }
        }
        Value::Object(Rc::new(object))
    }

    /// The values of all positional arguments, spreads of known lists included.
    fn all_args(&self) -> Vec<Value> {
        let mut values = Vec::new();
        for arg in self.args.iter().filter(|arg| arg.name.is_none()) {
            let value = self.eval.expr(&self.unit, arg.value, self.frame.as_ref());
            match (self.unit.expr(arg.value), value) {
                (Expr::Spread(_), Value::List(items)) => values.extend(items.iter().cloned()),
                // One list or another: whatever is in any of them.
                (Expr::Spread(_), Value::Choice(options)) => {
                    self.eval.doubt(weir_facts::Certainty::Likely);
                    for option in options.iter() {
                        match option {
                            Value::List(items) => values.extend(items.iter().cloned()),
                            other => values.push(other.clone()),
                        }
                    }
                }
                (_, value) => values.push(value),
            }
        }
        values
    }

    fn type_name(&self, ty: &TypeRef) -> Value {
        match ty {
            TypeRef::Named { name, .. } => {
                let scope = self.function.map(|function| function.id);
                match self.eval.type_in(&self.unit, ty, scope, None, self.frame.as_ref()) {
                    value @ (Value::Class(_) | Value::Param(..) | Value::Choice(_)) => value,
                    Value::Library(..) if let Some(told) = self.eval.told_type(&self.unit, ty) => told,
                    _ => Value::Text(name.rsplit('.').next().unwrap_or(name).into()),
                }
            }
            TypeRef::ValueOf(_) => {
                let scope = self.function.map(|function| function.id);
                self.eval.type_in(&self.unit, ty, scope, None, self.frame.as_ref())
            }
            TypeRef::Text(text) => Value::Text(text.clone()),
            // What may be missing is of the type all the same.
            TypeRef::Union(types) if types.len() == 2 && types[1].name() == Some("null") => self.type_name(&types[0]),
            _ => Value::opaque("a type without a name"),
        }
    }

    fn steps(&self, values: Vec<Value>, steps: &[Step]) -> Vec<Value> {
        let mut values = values;
        for step in steps {
            let mut next = Vec::new();
            for value in values {
                match step {
                    Step::Name(name) => {
                        let member = self.eval.member(&value, name);
                        if member.is_empty() && self.eval.surely_without(&value, name) {
                            continue;
                        }
                        let method = matches!(&member, Value::Closure(_));
                        if member != Value::Null
                            && (method || !matches!(&member, Value::Opaque(_)) || may_have_more(&value))
                        {
                            next.push(member);
                        }
                    }
                    Step::At(at) => next.push(self.eval.walk(&value, &[Key::At(*at)])),
                    Step::Every => match &value {
                        Value::List(items) => next.extend(items.iter().cloned()),
                        Value::Choice(options) => {
                            for option in options.iter() {
                                match option {
                                    Value::List(items) => next.extend(items.iter().cloned()),
                                    Value::Text(_) | Value::Concat(_) | Value::Env(..) | Value::Regex(_) => {
                                        next.push(option.clone());
                                    }
                                    other => next.push(self.eval.every(other)),
                                }
                            }
                        }
                        // One text where a list may stand is its only element.
                        Value::Text(_) | Value::Concat(_) | Value::Env(..) | Value::Regex(_) => next.push(value),
                        // So is one object that was put together step by step.
                        Value::Typed(typed) if self.eval.packs.is_fluent(typed) => next.push(value),
                        Value::Object(_) | Value::Number(_) | Value::Bool(_) => {}
                        other => next.push(self.eval.every(other)),
                    },
                }
            }
            values = next;
        }
        values
    }

    fn apply(&self, name: &str, args: &[Path]) -> Vec<Value> {
        let text = |path: &Path| self.values(path);
        match name {
            "part" => match (self.value(&args[1]), self.value(&args[2])) {
                (Some(Value::Text(by)), Some(Value::Text(at))) => {
                    let at: usize = at.parse().unwrap_or(0);
                    // What configuration says is taken apart as well.
                    let said = |value: Value| match &value {
                        Value::Env(name, _) => match self.eval.world.settings.get(name, &self.unit.path) {
                            Some((text, _)) if text.contains(by.as_str()) => Value::Text(text),
                            _ => value,
                        },
                        _ => value,
                    };
                    text(&args[0]).into_iter().map(|value| part_of(said(value), &by, at)).collect()
                }
                _ => Vec::new(),
            },
            "basename" => text(&args[0]).into_iter().map(basename_of).collect(),
            "kebab" => text(&args[0]).into_iter().map(|value| map_text(value, &|text| separated(text, '-'))).collect(),
            "snake" => text(&args[0]).into_iter().map(|value| map_text(value, &|text| separated(text, '_'))).collect(),
            "delimited" => match text(&args[1]).first() {
                Some(Value::Text(by)) => {
                    text(&args[0]).into_iter().map(|value| map_text(value, &|text| delimited(text, by))).collect()
                }
                _ => Vec::new(),
            },
            "class" | "setting" | "method" | "methods" | "fieldtypes" | "librarytype" | "object" | "spacename"
            | "shortened" => self.about_type(name, args),
            "lower" => {
                // A constant of a library says its own name.
                let named = |value: Value| match &value {
                    Value::Library(module, path) if !module.is_empty() => {
                        path.last().cloned().map_or(value, Value::Text)
                    }
                    _ => value,
                };
                text(&args[0]).into_iter().map(|value| map_text(named(value), &str::to_lowercase)).collect()
            }
            "typename" => text(&args[0]).into_iter().map(|value| self.typename(&value)).collect(),
            "result" => text(&args[0])
                .iter()
                .flat_map(|value| value.alternatives().to_vec())
                // What the library hands to the function stays what it is; only it knows.
                .map(|value| match &value {
                    Value::Closure(closure) => self.eval.first_result(&self.eval.inline(closure, Vec::new(), false)),
                    value => self.eval.first_result(&self.eval.apply(value, Vec::new())),
                })
                .collect(),
            // All or nothing: a name of which a part is missing is none.
            "concat" => match args.iter().map(|arg| self.value(arg)).collect() {
                Some(parts) => vec![Value::concat(parts)],
                None => Vec::new(),
            },
            "given" if text(&args[0]).is_empty() => Vec::new(),
            "given" => text(&args[1]),
            "expand" => text(&args[0]).iter().flat_map(|value| self.expanded(value)).collect(),
            "braces" => {
                let single = |text: &str| text.replace("{{?", "{{").replace("{{", "${").replace("}}", "}");
                text(&args[0]).into_iter().flat_map(|value| self.expanded(&map_pieces(value, &single))).collect()
            }
            "pattern" => text(&args[0]).iter().map(|value| self.as_pattern(value)).collect(),
            "split" => text(&args[0]).iter().flat_map(|value| self.listed(value)).collect(),
            "config" => text(&args[0]).iter().filter_map(|key| self.configured(key)).collect(),
            "among" => match (self.value(&args[0]), self.value(&args[1])) {
                (Some(Value::Text(word)), Some(list)) => {
                    let words = self.listed(&list);
                    words.contains(&Value::Text(word.clone())).then_some(Value::Text(word)).into_iter().collect()
                }
                _ => Vec::new(),
            },
            "carried" => text(&args[0]).iter().filter_map(|value| self.carried(value)).collect(),
            "name" => text(&args[0]).iter().filter_map(|value| self.function_name(value)).collect(),
            "only" => {
                let values = text(&args[0]);
                let one = values.iter().map(|value| value.alternatives().len()).sum::<usize>() == 1;
                if one { values } else { Vec::new() }
            }
            "returned" => text(&args[0]).iter().filter_map(|function| self.returned(function)).collect(),
            "member" | "message" | "returnedarg" | "depends" | "basearg" => self.about_signature(name, args),
            // Clients that take all names and then as many positions.
            "firsthalf" => {
                let values = text(&args[0]);
                let items: Vec<Value> = match values.as_slice() {
                    [Value::List(items)] => items.to_vec(),
                    _ => values,
                };
                items[..items.len().div_ceil(2)].to_vec()
            }
            "listed" => vec![Value::List(text(&args[0]).into())],
            "keys" => text(&args[0]).iter().flat_map(keys).collect(),
            "entries" => text(&args[0]).iter().flat_map(entries).collect(),
            "place" => self.place(&args[0]).into_iter().collect(),
            "flag" => super::flags::flag(self.value(&args[0]), self.value(&args[1])).into_iter().collect(),
            "variable" => text(&args[0]).iter().filter_map(|value| self.variable(value)).collect(),
            "qualified" => text(&args[0]).into_iter().map(|value| self.qualified(value)).collect(),
            "fullname" => text(&args[0]).into_iter().map(|value| self.full_name(&value)).collect(),
            "parameter" => match (self.value(&args[0]), self.value(&args[1])) {
                (Some(function), Some(Value::Text(at))) => self.parameter(&function, &at).into_iter().collect(),
                _ => Vec::new(),
            },
            // A function of the program that computes a name from one property of an object.
            "applied" => match (self.value(&args[0]), self.value(&args[1]), self.value(&args[2])) {
                (Some(function), Some(Value::Text(name)), Some(value)) => {
                    let given = if name.is_empty() {
                        value
                    } else {
                        Value::Object(Rc::new(Object { fields: vec![(name, value)], open: true, ..Object::default() }))
                    };
                    let result = self.eval.apply(&function, vec![given]);
                    vec![self.eval.first_result(&result)]
                }
                _ => Vec::new(),
            },
            // A list says several.
            "sortedjson" => text(&args[0])
                .iter()
                .flat_map(|value| match value {
                    Value::List(items) => items.iter().map(sorted_json).collect::<Vec<_>>(),
                    one => vec![sorted_json(one)],
                })
                .collect(),
            "brokerof" => {
                let brokers = text(&args[0]).into_iter().filter_map(|value| self.eval.packs.client_broker(&value));
                brokers.map(Value::Text).collect()
            }
            "after" | "wordsafter" => {
                let Some(Value::Text(word)) = self.value(&args[1]) else {
                    return Vec::new();
                };
                // The words of a command are a list that was put together, or the arguments themselves.
                let values: Vec<Value> = match self.value(&args[0]) {
                    Some(Value::List(items)) => items.to_vec(),
                    _ => (0..self.args.len())
                        .filter_map(|at| self.arg(&self.unit, &self.args, at, self.frame.as_ref()))
                        .collect(),
                };
                let at = values.iter().position(|value| match value {
                    Value::Text(text) => text.eq_ignore_ascii_case(&word),
                    // A constant of a library, by its own name.
                    Value::Library(_, path) => path.last() == Some(&word),
                    _ => false,
                });
                let behind = at.and_then(|at| values.get(at + 1..)).unwrap_or_default();
                let wanted = if name == "wordsafter" { behind.len() } else { 1 };
                behind.iter().take(wanted).cloned().collect()
            }
            "without" => {
                let Some(Value::Text(word)) = self.value(&args[1]) else { return Vec::new() };
                let shorten = |value: Value| match &value {
                    Value::Library(module, path) => match path.split_last() {
                        Some((last, rest)) if *last == word && !rest.is_empty() => {
                            Value::Library(module.clone(), rest.into())
                        }
                        _ => value,
                    },
                    _ => value,
                };
                text(&args[0]).into_iter().map(shorten).collect()
            }
            "lookup" => {
                let (Some(Value::Text(table)), Some(key)) = (self.value(&args[0]), self.value(&args[1])) else {
                    return Vec::new();
                };
                self.eval.packs.registry.lookup(&table, &key, &self.unit.path)
            }
            "ours" => match (self.value(&args[0]), self.value(&args[1])) {
                (Some(Value::Text(table)), Some(key)) => {
                    self.eval.packs.registry.ours(&table, &key, &self.unit.path).into_iter().collect()
                }
                _ => Vec::new(),
            },
            "all" => match self.value(&args[0]) {
                Some(Value::Text(table)) => self.eval.packs.registry.all(&table, &self.unit.path),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn about_signature(&self, name: &str, args: &[Path]) -> Vec<Value> {
        let Some(first) = self.value(&args[0]) else { return Vec::new() };
        let word = args.get(1).and_then(|arg| self.value(arg));
        let word = word.as_ref().and_then(Value::as_text).unwrap_or_default();
        let found = match name {
            "member" => Some(self.eval.member(&first, word)).filter(|member| !member.is_empty()),
            "message" => self.message_parameter(&first, word),
            "basearg" => word.parse().ok().and_then(|at| self.base_argument(&first, at)),
            "returnedarg" => word.parse().ok().and_then(|at| self.returned_argument(&first, at)),
            _ => first.as_text().filter(|artifact| self.depends(artifact)).map(|_| Value::Bool(true)),
        };
        found.into_iter().collect()
    }

    /// The name of a class with its package or namespace before it.
    fn full_name(&self, value: &Value) -> Value {
        let class = match value {
            Value::Class(class) | Value::This(class) => *class,
            Value::Instance(instance) => instance.class,
            Value::Choice(options) => return Value::choice(options.iter().map(|one| self.full_name(one)).collect()),
            other => return other.clone(),
        };
        let name = self.eval.class_name(class);
        let space = self.eval.world.unit(class.file).map(|unit| unit.tree.namespace.clone()).unwrap_or_default();
        Value::Text(if space.is_empty() { name } else { SmolStr::new(format!("{space}.{name}")) })
    }

    /// The name of the variable that an object of the library is put into where it is made.
    fn variable(&self, value: &Value) -> Option<Value> {
        let Value::Typed(typed) = value else { return None };
        let file = self.eval.world.source.find(&typed.origin.file)?;
        let unit = self.eval.world.unit(file)?;
        let mut bound = unit.tree.stmts.iter().filter_map(|stmt| match stmt {
            Stmt::Let { pattern: Pattern::Name(name), value: Some(value), .. } => Some((name, *value)),
            _ => None,
        });
        let (name, _) = bound.find(|(_, value)| unit.line(*value) == typed.origin.line)?;
        Some(Value::Text(name.clone()))
    }

    /// The name of a function with its module before it.
    fn qualified(&self, value: Value) -> Value {
        let Value::Closure(closure) = &value else { return value };
        let Some(unit) = self.eval.world.unit(closure.function.file) else { return value };
        let name = &unit.function(closure.function.id).name;
        Value::Text(match self.eval.world.module_name(&unit) {
            Some(module) => SmolStr::new(format!("{module}.{name}")),
            None => name.clone(),
        })
    }

    /// The class that a function declares a parameter with.
    fn parameter(&self, function: &Value, at: &str) -> Option<Value> {
        let Value::Closure(closure) = function else { return None };
        let unit = self.eval.world.unit(closure.function.file)?;
        let param = unit.function(closure.function.id).params.get(at.parse::<usize>().ok()?)?;
        match self.eval.type_name(&unit, param.ty.as_ref()?.name()?)? {
            crate::eval::TypeTarget::Class(class) => Some(Value::Class(class)),
            crate::eval::TypeTarget::Library(module, path) => Some(Value::Library(module, path.into())),
        }
    }

    /// The name of a class, of the class of an object, or the text itself.
    fn typename(&self, value: &Value) -> Value {
        match value {
            Value::Class(class) | Value::This(class) => Value::Text(self.eval.class_name(*class)),
            Value::Instance(_) if self.by_namespace() => match self.eval.runtime_type(value) {
                Value::Class(class) => Value::Text(self.eval.class_name(class)),
                other => other,
            },
            Value::Instance(instance) => Value::Text(self.eval.class_name(instance.class)),
            Value::Choice(options) => Value::choice(options.iter().map(|option| self.typename(option)).collect()),
            Value::Param(_, at, path) if path.is_empty() && *at < TYPE_PARAMS && self.by_namespace() => {
                match self.eval.runtime_type(value) {
                    Value::Class(class) => Value::Text(self.eval.class_name(class)),
                    other => other,
                }
            }
            Value::Library(_, path) => path.last().cloned().map_or_else(|| value.clone(), Value::Text),
            Value::Param(function, at, path) if path.is_empty() => {
                let unit = self.eval.world.unit(function.file);
                let ty = unit.as_ref().and_then(|unit| {
                    unit.function(function.id).params.get(*at)?.ty.as_ref().and_then(TypeRef::name).map(SmolStr::new)
                });
                match (unit, ty) {
                    (Some(unit), Some(name)) if self.eval.type_name(&unit, &name).is_some() => Value::Text(name),
                    _ => value.clone(),
                }
            }
            _ => value.clone(),
        }
    }
}

/// Values of which an unknown member says something is there; on any other value it is simply absent.
fn may_have_more(value: &Value) -> bool {
    match value {
        // One of several texts has no more members than a text.
        Value::Choice(options) => options.iter().any(may_have_more),
        Value::Opaque(_)
        | Value::Instance(_)
        | Value::This(_)
        | Value::Module(_)
        | Value::Package(_)
        | Value::Library(..) => true,
        _ => false,
    }
}

/// The keys of an object, those that are no literals included.
fn keys(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(object) => {
            let literal = object.fields.iter().map(|(key, _)| Value::Text(key.clone()));
            literal.chain(object.computed.iter().map(|(key, _)| key.clone())).collect()
        }
        Value::Choice(options) => options.iter().flat_map(keys).collect(),
        Value::Null => Vec::new(),
        _ => vec![Value::opaque("the keys of a value that is not known")],
    }
}

/// The entries of an object, each with its `key` and its `value`.
fn entries(value: &Value) -> Vec<Value> {
    let entry = |key: Value, value: &Value| {
        let fields = vec![("key".into(), key), ("value".into(), value.clone())];
        Value::Object(Rc::new(Object { fields, ..Object::default() }))
    };
    match value {
        Value::Object(object) => {
            let literal = object.fields.iter().map(|(key, value)| entry(Value::Text(key.clone()), value));
            literal.chain(object.computed.iter().map(|(key, value)| entry(key.clone(), value))).collect()
        }
        Value::Choice(options) => options.iter().flat_map(entries).collect(),
        _ => Vec::new(),
    }
}
