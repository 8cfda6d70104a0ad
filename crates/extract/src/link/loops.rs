//! Which function works on what a receive without a callback yields: the one around its loop, the one that gets the
//! channel, or the one that a switch picks for the name of the channel.

use crate::eval::{Eval, TypeTarget};
use crate::value::{Closure, Frame, Value};
use crate::world::{Def, FnRef, Unit, last_name};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Expr, ExprId, FunctionId, Pattern, Stmt, StmtId, TypeRef};

/// Members of a message that name the channel it came from, or what it is.
const TELLS: &[&str] = &["Topic", "Subject", "RoutingKey", "Channel", "Stream", "Type", "topic", "subject"];
/// Members of a message that say what it is.
const KINDS: &[&str] = &["Type", "EventType", "MessageType", "Kind", "EventName", "Event", "Name"];
/// Functions that read bytes into their last argument.
const DECODERS: &[&str] =
    &["Unmarshal", "UnmarshalStrict", "Decode", "UnmarshalFromString", "Deserialize", "DeserializeInto"];
/// Functions that read bytes into the type that is asked of them.
const READS_INTO: &[&str] =
    &["from_slice", "from_str", "from_reader", "from_bytes", "from_value", "deserialize", "decode", "parse_from_bytes"];
/// Methods that read bytes into their object, or into one of the class they are called on.
const READS_SELF: &[&str] =
    &["ParseFromString", "MergeFromString", "FromString", "model_validate_json", "model_validate", "parse_raw"];
/// Messages that one reader tells apart.
const MAX_MESSAGES: usize = 16;
/// Functions between the loop and the switch.
const MAX_HANDED: u32 = 2;

/// The function that reads the result of a receive.
pub(super) fn reader(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    receive: ExprId,
    frame: Option<&Rc<Frame>>,
) -> Option<Rc<Closure>> {
    reader_within(eval, unit, receive, frame, 0)
}

fn reader_within(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    receive: ExprId,
    frame: Option<&Rc<Frame>>,
    depth: u32,
) -> Option<Rc<Closure>> {
    let scope = unit.index.scope[receive.0 as usize]?;
    let method = eval.method_of_scope(unit, scope);
    let body = unit.function(scope).body.as_deref().unwrap_or_default();
    let handed = bound_to(unit, receive).filter(|_| !in_loop(unit, body, receive, false)).and_then(|name| {
        let calls = unit
            .index
            .all_calls
            .iter()
            .filter(|site| site.function.is_some_and(|function| eval.method_of_scope(unit, function) == method));
        calls.into_iter().find_map(|site| match unit.expr(site.expr) {
            Expr::Call(call) if gets(unit, call, &name) => function_of(eval, unit, call, frame),
            _ => None,
        })
    });
    handed.or_else(|| reader_behind(eval, unit, scope, receive, depth)).or_else(|| {
        let this = frame.and_then(|frame| frame.this.clone());
        let this = this.or_else(|| eval.world.class_of(unit, scope).map(Value::This));
        let function = FnRef { file: unit.file, id: scope };
        // The values it is called with decide whom it hands the message to.
        Some(Rc::new(Closure { function, this, frame: frame.cloned() }))
    })
}

/// The function that reads what a function only yields: who calls it has the loop.
fn reader_behind(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    scope: FunctionId,
    receive: ExprId,
    depth: u32,
) -> Option<Rc<Closure>> {
    let declared = unit.function(scope);
    let bound = bound_to(unit, receive);
    let it = |value: ExprId| {
        value == receive || matches!((unit.expr(value), &bound), (Expr::Name(name), Some(bound)) if name == bound)
    };
    let yields = unit.index.returns[scope.0 as usize].iter().any(|value| match unit.expr(*value) {
        Expr::List(items) => items.first().is_some_and(|first| it(*first)),
        _ => it(*value),
    });
    if !yields || declared.name.is_empty() || depth >= MAX_HANDED {
        return None;
    }
    let function = FnRef { file: unit.file, id: scope };
    eval.world.call_sites(&declared.name, unit.file).into_iter().take(MAX_MESSAGES).find_map(|(other, site)| {
        let Expr::Call(call) = other.expr(site.expr) else { return None };
        let is_it = !other.test && eval.callees(&other, call, None).iter().any(|closure| closure.function == function);
        if is_it { reader_within(eval, &other, site.expr, None, depth + 1) } else { None }
    })
}

/// The function that a switch over the channel's name picks, in the reader or in a function it hands the message to.
pub(super) fn picked(eval: &Eval<'_, '_>, reader: &Rc<Closure>, channel: &str) -> Option<Rc<Closure>> {
    picked_within(eval, reader, channel, 0)
}

/// The function that a map around a receive holds for a channel, where the receive runs for each of its entries.
pub(super) fn entry(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    receive: ExprId,
    frame: Option<&Rc<Frame>>,
    channel: &str,
) -> Option<Rc<Closure>> {
    let mut scope = unit.index.scope[receive.0 as usize];
    while let Some(function) = scope {
        let defs = unit.index.walked_in(function);
        for over in defs {
            let held = eval.held(&eval.expr(unit, over, frame));
            let fits = |(key, value): &(Value, Value)| match value {
                Value::Closure(closure) => {
                    (eval.one_name(key, &unit.path).as_deref() == Some(channel)).then(|| closure.clone())
                }
                _ => None,
            };
            if let Some(found) = held.iter().find_map(fits) {
                return Some(found);
            }
        }
        scope = unit.index.parent[function.0 as usize];
    }
    None
}

fn picked_within(eval: &Eval<'_, '_>, reader: &Rc<Closure>, channel: &str, depth: u32) -> Option<Rc<Closure>> {
    let unit = eval.world.unit(reader.function.file)?;
    let frame = eval.frame(reader, Vec::new(), false);
    let body = unit.function(reader.function.id).body.clone()?;
    let mut open: Vec<StmtId> = body.into_iter().rev().collect();
    while let Some(stmt) = open.pop() {
        match &unit.tree.stmts[stmt.0 as usize] {
            Stmt::Switch { subject: Some(subject), cases } if tells(&unit, *subject) => {
                let fits = cases.iter().find(|case| {
                    case.tests.iter().any(|test| {
                        let value = eval.expr(&unit, *test, Some(&frame));
                        eval.one_name(&value, &unit.path).as_deref() == Some(channel)
                    })
                });
                if let Some(case) = fits {
                    return first_function(eval, &unit, &case.body, &frame);
                }
            }
            Stmt::Switch { cases, .. } => open.extend(cases.iter().flat_map(|case| case.body.iter().rev())),
            Stmt::If { test, then, .. } if is_channel(eval, &unit, *test, &frame, channel) => {
                return first_function(eval, &unit, then, &frame);
            }
            Stmt::If { then, otherwise, .. } => open.extend(then.iter().chain(otherwise).rev()),
            Stmt::Loop { body, .. } | Stmt::Block(body) => open.extend(body.iter().rev()),
            _ => {}
        }
    }
    if let Some(held) = in_table(eval, &unit, reader, &frame, channel) {
        return Some(held);
    }
    if depth >= MAX_HANDED {
        return None;
    }
    // The switch may stand in a function that the loop calls for each message.
    let calls = unit.index.all_calls.iter().filter(|site| site.function == Some(reader.function.id));
    calls.into_iter().find_map(|site| {
        let Expr::Call(call) = unit.expr(site.expr) else { return None };
        let next = function_of(eval, &unit, call, Some(&frame)).filter(|next| next.function != reader.function)?;
        picked_within(eval, &next, channel, depth + 1)
    })
}

/// The function that a table holds under the channel's name, where the reader calls what it finds there.
fn in_table(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    reader: &Rc<Closure>,
    frame: &Rc<Frame>,
    channel: &str,
) -> Option<Rc<Closure>> {
    let calls = unit.index.all_calls.iter().filter(|site| site.function == Some(reader.function.id));
    calls.into_iter().find_map(|site| {
        let Expr::Call(call) = unit.expr(site.expr) else { return None };
        let Expr::Index { object, index } = unit.expr(call.callee) else { return None };
        let table = eval.expr(unit, *object, Some(frame));
        let held = if tells(unit, *index) { eval.held(&table) } else { Vec::new() };
        held.into_iter().find_map(|(key, value)| match value {
            Value::Closure(closure) if eval.one_name(&key, &unit.path).as_deref() == Some(channel) => Some(closure),
            _ => None,
        })
    })
}

/// The first function of the program that statements call.
fn first_function(eval: &Eval<'_, '_>, unit: &Rc<Unit>, body: &[StmtId], frame: &Rc<Frame>) -> Option<Rc<Closure>> {
    let lines = |stmt: &StmtId| unit.tree.stmt_lines.get(stmt.0 as usize).copied().unwrap_or(0);
    let first = body.iter().map(lines).min()?;
    let last = unit.function(frame.function.id).end_line;
    let calls = unit.index.all_calls.iter().filter(|site| site.function == Some(frame.function.id));
    let mut within: Vec<ExprId> =
        calls.map(|site| site.expr).filter(|expr| (first..=last).contains(&unit.line(*expr))).collect();
    within.sort_by_key(|expr| (unit.line(*expr), *expr));
    within.into_iter().find_map(|expr| match unit.expr(expr) {
        Expr::Call(call) => function_of(eval, unit, call, Some(frame)),
        _ => None,
    })
}

/// True for a comparison of the channel's name with this one.
fn is_channel(eval: &Eval<'_, '_>, unit: &Rc<Unit>, test: ExprId, frame: &Rc<Frame>, channel: &str) -> bool {
    let Expr::Binary { op, left, right } = unit.expr(test) else { return false };
    let is = |told: ExprId, other: ExprId| {
        let name = eval.expr(unit, other, Some(frame));
        tells(unit, told) && eval.one_name(&name, &unit.path).as_deref() == Some(channel)
    };
    op == "==" && (is(*left, *right) || is(*right, *left))
}

fn tells(unit: &Unit, subject: ExprId) -> bool {
    match unit.expr(subject) {
        // A variable that was given what the message says.
        Expr::Name(name) => {
            let scope = unit.index.scope[subject.0 as usize];
            let defs = unit.index.defs.get(&(scope, name.clone())).map(Vec::as_slice);
            matches!(defs, Some([Def::Let { value: Some(value), .. } | Def::Assign { value, .. }])
                if !matches!(unit.expr(*value), Expr::Name(_)) && tells(unit, *value))
        }
        Expr::Member { name, .. } => TELLS.contains(&name.as_str()),
        Expr::Cast { value, .. } => tells(unit, *value),
        Expr::Call(call) => call.args.is_empty() && tells(unit, call.callee),
        _ => false,
    }
}

/// True where a call is asked again and again: the messages come out one by one, and the loop is what works on them.
fn in_loop(unit: &Unit, body: &[StmtId], call: ExprId, looped: bool) -> bool {
    let mut open: Vec<(StmtId, bool)> = body.iter().map(|stmt| (*stmt, looped)).collect();
    while let Some((stmt, looped)) = open.pop() {
        match &unit.tree.stmts[stmt.0 as usize] {
            Stmt::Let { value: Some(value), .. } | Stmt::Expr(value) if *value == call => return looped,
            Stmt::Loop { body, .. } => open.extend(body.iter().map(|stmt| (*stmt, true))),
            Stmt::Block(body) => open.extend(body.iter().map(|stmt| (*stmt, looped))),
            Stmt::If { then, otherwise, .. } => open.extend(then.iter().chain(otherwise).map(|stmt| (*stmt, looped))),
            Stmt::Switch { cases, .. } => {
                open.extend(cases.iter().flat_map(|case| &case.body).map(|stmt| (*stmt, looped)));
            }
            _ => {}
        }
    }
    false
}

/// The messages that a function tells apart or decodes: types of the program that it reads bytes into, else the texts
/// of its switch over the type.
pub(super) fn messages(eval: &Eval<'_, '_>, reader: &Rc<Closure>) -> Vec<String> {
    let mut found = decoded(eval, reader, 0);
    let tells_kinds = |unit: Rc<Unit>| !unit.tree.language.has_keyword_arguments();
    if found.is_empty() && eval.world.unit(reader.function.file).is_some_and(tells_kinds) {
        found = kinds(eval, reader);
    }
    found.truncate(MAX_MESSAGES);
    found
}

/// Types of the program into which a function, or one it hands the message to, reads bytes.
fn decoded(eval: &Eval<'_, '_>, reader: &Rc<Closure>, depth: u32) -> Vec<String> {
    let Some(unit) = eval.world.unit(reader.function.file) else { return Vec::new() };
    let frame = eval.frame(reader, Vec::new(), false);
    let within = |scope: Option<FunctionId>| {
        let mut at = scope;
        while let Some(id) = at {
            if id == reader.function.id {
                return true;
            }
            at = unit.index.parent[id.0 as usize];
        }
        false
    };
    let calls: Vec<(ExprId, &Call)> = unit
        .index
        .all_calls
        .iter()
        .filter(|site| within(site.function))
        .filter_map(|site| match unit.expr(site.expr) {
            Expr::Call(call) => Some((site.expr, call)),
            _ => None,
        })
        .collect();
    let mut found: Vec<String> = Vec::new();
    for (at, call) in &calls {
        let name = last_name(&unit.tree, call.callee).unwrap_or_default();
        let into = call.args.last().filter(|_| DECODERS.contains(&name.as_str()));
        let target = into.and_then(|arg| class_of(eval, &unit, arg.value));
        let target = target.or_else(|| read_into(eval, &unit, call, &name));
        let target = target.or_else(|| made_of_text(eval, &unit, call));
        let target =
            target.or_else(|| READS_INTO.contains(&name.as_str()).then(|| asked_for(eval, &unit, *at, call))?);
        if let Some(class) = target
            && !found.contains(&class)
        {
            found.push(class);
        }
    }
    if found.is_empty() && depth < MAX_HANDED {
        for (_, call) in calls {
            let Some(next) = function_of(eval, &unit, call, Some(&frame)) else { continue };
            if next.function != reader.function && call.args.iter().any(|arg| is_local(&unit, arg.value)) {
                found.extend(decoded(eval, &next, depth + 1));
            }
        }
        found.dedup();
    }
    found
}

/// The class of the program into whose object, or into a new one of which, a method reads.
fn read_into(eval: &Eval<'_, '_>, unit: &Rc<Unit>, call: &Call, name: &str) -> Option<String> {
    let Expr::Member { object, .. } = unit.expr(call.callee) else { return None };
    if !READS_SELF.contains(&name) || !unit.tree.language.has_keyword_arguments() {
        return None;
    }
    match eval.expr(unit, *object, None) {
        Value::Instance(instance) => Some(eval.class_name(instance.class).to_string()),
        Value::Class(class) => Some(eval.class_name(class).to_string()),
        _ => None,
    }
}

/// The class of the program of which an object is made out of what a text says: `Order(**json.loads(text))`.
fn made_of_text(eval: &Eval<'_, '_>, unit: &Rc<Unit>, call: &Call) -> Option<String> {
    let [only] = call.args.as_slice() else { return None };
    let Expr::Spread(spread) = unit.expr(only.value) else { return None };
    let reads = |value: ExprId| match unit.expr(value) {
        Expr::Call(read) => {
            last_name(&unit.tree, read.callee).is_some_and(|name| matches!(name.as_str(), "loads" | "load"))
        }
        _ => false,
    };
    let is_read = match unit.expr(*spread) {
        Expr::Name(name) => {
            let defs = unit.index.defs.get(&(unit.index.scope[spread.0 as usize], name.clone())).map(Vec::as_slice);
            matches!(defs, Some([Def::Let { value: Some(value), .. } | Def::Assign { value, .. }]) if reads(*value))
        }
        _ => reads(*spread),
    };
    match eval.expr(unit, call.callee, None) {
        Value::Class(class) if is_read && unit.tree.language.has_keyword_arguments() => {
            Some(eval.class_name(class).to_string())
        }
        _ => None,
    }
}

/// The type of the program that a call is asked to read into: its type argument, or what its result is declared to be.
fn asked_for(eval: &Eval<'_, '_>, unit: &Rc<Unit>, at: ExprId, call: &Call) -> Option<String> {
    let class = |ty: &TypeRef| match eval.type_name(unit, ty.name()?)? {
        TypeTarget::Class(class) if !eval.is_alias(class) => Some(eval.class_name(class).to_string()),
        _ => None,
    };
    if let Some(ty) = call.type_args.first() {
        return class(ty);
    }
    let is_it = |value: ExprId| {
        let mut value = value;
        // What is done to the result (`?`, `await`, `map_err`) wraps it a few times.
        for _ in 0..8 {
            value = match unit.expr(value) {
                _ if value == at => return true,
                Expr::Cast { value, .. } | Expr::Await(value) => *value,
                Expr::Call(outer) => match unit.expr(outer.callee) {
                    Expr::Member { object, .. } => *object,
                    _ => return false,
                },
                _ => return false,
            };
        }
        false
    };
    unit.tree.stmts.iter().find_map(|stmt| match stmt {
        Stmt::Let { ty: Some(ty), value: Some(value), .. } if is_it(*value) => class(ty),
        _ => None,
    })
}

fn is_local(unit: &Unit, value: ExprId) -> bool {
    match unit.expr(value) {
        Expr::Name(_) => true,
        Expr::Member { object, .. } => is_local(unit, *object),
        Expr::Cast { value, .. } => is_local(unit, *value),
        _ => false,
    }
}

/// The type of the program that a variable is declared with.
fn class_of(eval: &Eval<'_, '_>, unit: &Rc<Unit>, value: ExprId) -> Option<String> {
    let mut value = value;
    while let Expr::Cast { value: inner, .. } = unit.expr(value) {
        value = *inner;
    }
    let Expr::Name(name) = unit.expr(value) else { return None };
    let mut scope = unit.index.scope[value.0 as usize];
    loop {
        if let Some(defs) = unit.index.defs.get(&(scope, name.clone())) {
            let line = unit.line(value);
            let nearest = defs.iter().filter_map(|def| match def {
                Def::Let { stmt, line: at, .. } if *at <= line => Some((*at, *stmt)),
                _ => None,
            });
            let (_, stmt) = nearest.max_by_key(|(at, _)| *at)?;
            let Stmt::Let { ty, value, .. } = &unit.tree.stmts[stmt.0 as usize] else { return None };
            let named = match (ty, value) {
                (Some(ty), _) => eval.type_name(unit, ty.name()?)?,
                (None, Some(value)) => match eval.expr(unit, *value, None) {
                    Value::Instance(instance) => TypeTarget::Class(instance.class),
                    _ => return None,
                },
                _ => return None,
            };
            return match named {
                TypeTarget::Class(class) if !eval.is_alias(class) => Some(eval.class_name(class).to_string()),
                _ => None,
            };
        }
        scope = unit.index.parent[scope?.0 as usize];
    }
}

/// The texts of the cases of a switch over the type of a message.
fn kinds(eval: &Eval<'_, '_>, reader: &Rc<Closure>) -> Vec<String> {
    let Some(unit) = eval.world.unit(reader.function.file) else { return Vec::new() };
    let frame = eval.frame(reader, Vec::new(), false);
    let mut open: Vec<StmtId> = unit.function(reader.function.id).body.clone().unwrap_or_default();
    open.reverse();
    let mut found = Vec::new();
    while let Some(stmt) = open.pop() {
        match &unit.tree.stmts[stmt.0 as usize] {
            Stmt::Switch { subject: Some(subject), cases } if names_kind(&unit, *subject) => {
                for test in cases.iter().flat_map(|case| &case.tests) {
                    let value = eval.expr(&unit, *test, Some(&frame));
                    found.extend(value.as_text().map(str::to_owned));
                }
            }
            Stmt::Switch { cases, .. } => open.extend(cases.iter().flat_map(|case| case.body.iter().rev())),
            Stmt::If { then, otherwise, .. } => open.extend(then.iter().chain(otherwise).rev()),
            Stmt::Loop { body, .. } | Stmt::Block(body) => open.extend(body.iter().rev()),
            _ => {}
        }
    }
    found
}

fn names_kind(unit: &Unit, subject: ExprId) -> bool {
    match unit.expr(subject) {
        Expr::Member { name, .. } => KINDS.contains(&name.as_str()),
        Expr::Cast { value, .. } => names_kind(unit, *value),
        Expr::Call(call) => call.args.is_empty() && names_kind(unit, call.callee),
        _ => false,
    }
}

/// The variable that a call's result goes into.
fn bound_to(unit: &Unit, call: ExprId) -> Option<SmolStr> {
    unit.tree.stmts.iter().find_map(|stmt| match stmt {
        Stmt::Let { pattern, value: Some(value), .. } if *value == call => match pattern {
            Pattern::Name(name) => Some(name.clone()),
            Pattern::List(names) => match names.first()? {
                Pattern::Name(name) => Some(name.clone()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

fn gets(unit: &Unit, call: &Call, variable: &str) -> bool {
    call.args.iter().any(|arg| matches!(unit.expr(arg.value), Expr::Name(name) if name == variable))
}

/// The function of the program that a call runs.
fn function_of(eval: &Eval<'_, '_>, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Option<Rc<Closure>> {
    let closures = eval.callees(unit, call, frame);
    closures.into_iter().find(|closure| {
        let inner = eval.world.unit(closure.function.file);
        inner.is_some_and(|inner| has_body(&inner, closure.function.id))
    })
}

fn has_body(unit: &Unit, function: FunctionId) -> bool {
    unit.function(function).body.is_some()
}
