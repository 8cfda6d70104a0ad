//! What one file declares, calls and assigns, so that names resolve without walking the tree again.

use super::blocks::{Blocks, Reaches};
use super::fallbacks::Holding;
use super::unreached;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use weir_syntax::{
    Arg, Entry, Expr, ExprId, FunctionId, FunctionKind, Language, Part, Pattern, Stmt, StmtId, Tree, TypeId,
};

/// Objects inside the object that a call is given: `{ actions: { place: { handler() {} } } }`.
const MAX_CALLBACK_DEPTH: usize = 2;

/// One step into a destructured value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Name(SmolStr),
    At(usize),
}

/// What a name in a scope stands for.
#[derive(Clone, Debug)]
pub(crate) enum Def {
    /// A parameter and the way into it.
    Param { function: FunctionId, at: usize, path: Vec<Key> },
    /// A declaration with its value and the way into it.
    Let { stmt: StmtId, value: Option<ExprId>, path: Vec<Key>, default: Option<ExprId>, line: u32 },
    /// An assignment.
    Assign { value: ExprId, line: u32 },
    /// A value put behind the one the name has: text behind text, elements behind elements.
    Append { value: ExprId, line: u32, arms: Vec<Arm> },
    /// A loop variable over this value.
    Each { over: ExprId, path: Vec<Key> },
    /// A value put into the list it names, wherever that happens.
    Push { value: ExprId },
    /// A value put under a key into the map it names.
    Entry { key: ExprId, value: ExprId },
    /// A function.
    Function(FunctionId),
    /// A type.
    Type(TypeId),
    /// An import, by its index.
    Import(usize),
    /// Bound by a catch clause or something else weir does not follow.
    Unknown,
}

/// A call or construction and the name it is known by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallSite {
    pub(crate) expr: ExprId,
    pub(crate) function: Option<FunctionId>,
}

/// What may change the object that a variable holds.
#[derive(Clone, Debug)]
pub(crate) enum Use {
    /// `name.field = value`.
    Set { field: SmolStr, value: ExprId },
    /// It is the argument at this position of a call.
    Handed { call: ExprId, at: usize },
    /// A method is called on it.
    Called { call: ExprId },
}

/// A scope: a function, or the file itself.
pub(crate) type Scope = Option<FunctionId>;

/// The index of one file.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Lexically enclosing function of each function.
    pub(crate) parent: Vec<Scope>,
    /// Type whose `this` each function sees.
    pub(crate) class: Vec<Option<TypeId>>,
    /// Function each expression stands in.
    pub(crate) scope: Vec<Scope>,
    /// Type whose field initialiser or body each expression stands in, outside functions.
    pub(crate) field_class: FxHashMap<ExprId, TypeId>,
    /// What names mean, by scope.
    pub(crate) defs: FxHashMap<(Scope, SmolStr), Vec<Def>>,
    /// Calls by the last segment of what they call; constructions by the type's.
    pub(crate) calls: FxHashMap<SmolStr, Vec<CallSite>>,
    /// All calls in source order.
    pub(crate) all_calls: Vec<CallSite>,
    /// `object.name = value` by name: the object, the value. Where `this` is left out the object is the name itself.
    pub(crate) assigned: FxHashMap<SmolStr, Vec<(ExprId, ExprId)>>,
    /// `object.name.push(value)` by name: the object, the value; the name itself where `this` is left out.
    pub(crate) pushed: FxHashMap<SmolStr, Vec<(ExprId, ExprId)>>,
    /// Keys and values put into members that are maps, each with the object of the member.
    pub(crate) put_into: FxHashMap<SmolStr, Vec<(ExprId, ExprId, ExprId)>>,
    /// What loops walk over.
    pub(crate) walked: Vec<ExprId>,
    /// Values sent to channels: the channel, the value.
    pub(crate) sent: Vec<(ExprId, ExprId)>,
    /// What happens to a variable by its name, in source order.
    pub(crate) uses: FxHashMap<SmolStr, Vec<Use>>,
    /// Functions and methods that calls get as a value, by the last segment: the call, the position.
    pub(crate) passed: FxHashMap<SmolStr, Vec<(ExprId, usize)>>,
    /// Fields of literals that get a function or method as a value, by its last segment.
    pub(crate) kept: FxHashMap<SmolStr, Vec<SmolStr>>,
    /// Calls that are an argument of another call.
    pub(crate) nested: FxHashMap<ExprId, ExprId>,
    /// Lambdas handed to a call: the call, the argument's position, the property when it stands in an object.
    pub(crate) argument_of: FxHashMap<FunctionId, (ExprId, usize, Option<SmolStr>)>,
    /// Variables that stand for another name or one of two.
    pub(crate) variables: FxHashSet<SmolStr>,
    /// Names and members that are called; where methods and fields may share a name, these mean methods.
    pub(crate) called: FxHashSet<ExprId>,
    /// Values each function returns.
    pub(crate) returns: Vec<Vec<ExprId>>,
    /// How far declarations and assignments hold.
    pub(crate) reaches: Reaches,
    /// Values of assignments that only run for what their name holds.
    pub(crate) fallbacks: FxHashMap<ExprId, Holding>,
}

fn aliases(tree: &Tree) -> FxHashSet<SmolStr> {
    let alias = |stmt: &Stmt| match stmt {
        Stmt::Let { pattern: Pattern::Name(name), value: Some(value), .. } => {
            let stands_for = matches!(
                tree.exprs[value.0 as usize],
                Expr::Name(_) | Expr::Member { .. } | Expr::Conditional { .. } | Expr::Binary { .. }
            );
            stands_for.then(|| name.clone())
        }
        _ => None,
    };
    tree.stmts.iter().filter_map(alias).collect()
}

impl Index {
    pub(crate) fn of(tree: &Tree) -> Index {
        let mut index = Index {
            parent: vec![None; tree.functions.len()],
            class: vec![None; tree.functions.len()],
            scope: vec![None; tree.exprs.len()],
            returns: vec![Vec::new(); tree.functions.len()],
            fallbacks: super::fallbacks::of(tree),
            variables: aliases(tree),
            ..Index::default()
        };
        let seen = vec![false; tree.functions.len()];
        let blocks = Blocks::default();
        let mut walker = Walker {
            tree,
            arms: Vec::new(),
            index: &mut index,
            scope: None,
            class: None,
            seen,
            blocks,
            dead: false,
            collected: None,
        };
        for (at, import) in tree.imports.iter().enumerate() {
            if !import.local.is_empty() {
                walker.define(import.local.clone(), Def::Import(at));
            }
        }
        walker.block(&tree.body);
        for export in &tree.exports {
            if let weir_syntax::ExportTarget::Value(value) = export.target {
                walker.expr(value);
            }
        }
        // What stands nowhere in the body (anonymous default exports and the like) is still part of the file.
        for at in 0..tree.types.len() {
            walker.type_decl(TypeId(u32::try_from(at).unwrap_or(u32::MAX)), false);
        }
        for at in 0..tree.functions.len() {
            let id = FunctionId(u32::try_from(at).unwrap_or(u32::MAX));
            if !walker.seen[at] && tree.functions[at].kind != FunctionKind::Lambda {
                walker.function(id);
            }
        }
        index.all_calls.sort_by_key(|call| call.expr);
        index
    }
}

impl Index {
    /// The names that a file declares at its top level, types and imports left out, in order.
    pub(crate) fn top_level(&self) -> Vec<SmolStr> {
        let declares = |defs: &[Def]| {
            defs.iter().any(|def| matches!(def, Def::Let { .. } | Def::Assign { .. } | Def::Function(_)))
        };
        let own = self.defs.iter().filter(|((scope, _), defs)| scope.is_none() && declares(defs));
        let mut names: Vec<SmolStr> = own.map(|((_, name), _)| name.clone()).collect();
        names.sort();
        names
    }

    /// Members that are assigned on members of other objects, each with the name of that member, in order.
    pub(crate) fn put(&self, tree: &Tree) -> Vec<(SmolStr, SmolStr)> {
        let holder = |(object, _): &(ExprId, ExprId)| match &tree.exprs[object.0 as usize] {
            Expr::Member { name, .. } => Some(name.clone()),
            _ => None,
        };
        let assigned = self.assigned.iter();
        let mut found: Vec<(SmolStr, SmolStr)> =
            assigned.filter_map(|(name, sites)| Some((name.clone(), sites.iter().find_map(holder)?))).collect();
        found.sort();
        found
    }

    /// What the loops of a function walk over, in order.
    pub(crate) fn walked_in(&self, function: FunctionId) -> Vec<ExprId> {
        let within = |over: &&ExprId| self.scope.get(over.0 as usize).copied().flatten() == Some(function);
        self.walked.iter().filter(within).copied().collect()
    }

    /// The members that the methods of a type assign on its object, in order.
    pub(crate) fn own_fields(&self, tree: &Tree, ty: TypeId) -> Vec<SmolStr> {
        let own = |(object, value): &(ExprId, ExprId)| {
            let scope = self.scope.get(value.0 as usize).copied().flatten();
            matches!(tree.exprs[object.0 as usize], Expr::This)
                && scope.is_some_and(|scope| self.class[scope.0 as usize] == Some(ty))
        };
        let assigned = self.assigned.iter().filter(|(_, sites)| sites.iter().any(own));
        let mut names: Vec<SmolStr> = assigned.map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    }
}

/// One arm of an `if`: the first, or the second, which is there even where nothing is written in it.
pub(crate) type Arm = (StmtId, bool);

struct Walker<'t> {
    tree: &'t Tree,
    /// The arms around the place where the walk stands, from the outside in.
    arms: Vec<Arm>,
    index: &'t mut Index,
    scope: Scope,
    class: Option<TypeId>,
    seen: Vec<bool>,
    blocks: Blocks,
    /// True in code that never runs.
    dead: bool,
    /// The block around that is an expression.
    collected: Option<ExprId>,
}

impl Walker<'_> {
    fn define(&mut self, name: SmolStr, def: Def) {
        self.index.defs.entry((self.scope, name)).or_default().push(def);
    }

    fn block(&mut self, stmts: &[StmtId]) {
        let outer = self.dead;
        let mut left = false;
        for stmt in stmts {
            let what = &self.tree.stmts[stmt.0 as usize];
            self.dead = outer || left && !unreached::is_known_before(what);
            self.stmt(*stmt);
            left |= unreached::leaves(what);
        }
        self.dead = outer;
    }

    /// Statements behind a test.
    fn branch(&mut self, tests: &[ExprId], stmts: &[StmtId]) {
        let outer = self.dead;
        self.dead |= unreached::never(self.tree, tests);
        self.own_block(stmts, false);
        self.dead = outer;
    }

    /// Statements whose declarations are known to them alone.
    fn own_block(&mut self, stmts: &[StmtId], is_body: bool) {
        self.blocks.enter(is_body);
        self.block(stmts);
        self.blocks.leave(&mut self.index.reaches);
    }

    fn stmt(&mut self, id: StmtId) {
        let tree = self.tree;
        let line = tree.stmt_lines.get(id.0 as usize).copied().unwrap_or(1);
        self.blocks.line(line);
        match &tree.stmts[id.0 as usize] {
            Stmt::Let { pattern, value, .. } => {
                self.blocks.declare(id);
                let mut path = Vec::new();
                self.bind(pattern, &mut path, None, &|path, default| Def::Let {
                    stmt: id,
                    value: *value,
                    path: path.to_vec(),
                    default,
                    line,
                });
                self.maybe(*value);
            }
            Stmt::Expr(set) if matches!(tree.exprs[set.0 as usize], Expr::Assign { .. }) => {
                self.expr(*set);
                if let Expr::Assign { value, .. } = &tree.exprs[set.0 as usize] {
                    self.blocks.assign(*value);
                }
            }
            Stmt::Expr(value) | Stmt::Defer(value) | Stmt::Spawn(value) => self.expr(*value),
            Stmt::Return(value) => {
                if let (Some(scope), Some(value)) = (self.scope, value) {
                    self.index.returns[scope.0 as usize].push(*value);
                }
                self.maybe(*value);
            }
            Stmt::Throw(value) => self.maybe(*value),
            Stmt::If { test, then, otherwise } => {
                self.expr(*test);
                self.arms.push((id, true));
                self.branch(std::slice::from_ref(test), then);
                self.arms.pop();
                self.arms.push((id, false));
                self.own_block(otherwise, false);
                self.arms.pop();
            }
            Stmt::Switch { subject, cases } => {
                self.maybe(*subject);
                for case in cases {
                    case.tests.iter().for_each(|test| self.expr(*test));
                    let tests = if subject.is_none() { case.tests.as_slice() } else { &[] };
                    self.branch(tests, &case.body);
                }
            }
            Stmt::Loop { pattern, over, test, body } => {
                self.index.walked.extend(over.filter(|_| !self.dead));
                if let (Some(pattern), Some(over)) = (pattern, over) {
                    let over = *over;
                    if let Some(block) = self.collected {
                        self.index.reaches.collect(over, block);
                    }
                    self.bind(pattern, &mut Vec::new(), None, &|path, _| Def::Each { over, path: path.to_vec() });
                }
                self.maybe(*over);
                self.maybe(*test);
                self.own_block(body, false);
            }
            Stmt::Try { body, catches, finally } => {
                self.own_block(body, false);
                for catch in catches {
                    if let Some(name) = &catch.binding {
                        self.define(name.clone(), Def::Unknown);
                    }
                    self.own_block(&catch.body, false);
                }
                self.own_block(finally, false);
            }
            Stmt::Using { resources, body } => {
                self.block(resources);
                self.block(body);
            }
            Stmt::SendTo { channel, value } => {
                self.expr(*channel);
                self.expr(*value);
                if !self.dead {
                    self.index.sent.push((*channel, *value));
                }
            }
            Stmt::Block(body) => self.own_block(body, false),
            Stmt::Function(function) => {
                let declared = &tree.functions[function.0 as usize];
                // A function that extends a type is found by its name, as others at the top level are.
                if declared.owner.is_none() || tree.language == Language::Kotlin {
                    self.define(declared.name.clone(), Def::Function(*function));
                }
                self.function(*function);
            }
            Stmt::Type(ty) => self.type_decl(*ty, true),
            Stmt::Break | Stmt::Continue => {}
        }
    }

    fn bind(
        &mut self,
        pattern: &Pattern,
        path: &mut Vec<Key>,
        default: Option<ExprId>,
        def: &dyn Fn(&[Key], Option<ExprId>) -> Def,
    ) {
        match pattern {
            Pattern::Name(name) => self.define(name.clone(), def(path, default)),
            Pattern::Object(fields, rest) => {
                for (key, pattern, default) in fields {
                    path.push(Key::Name(key.clone()));
                    self.maybe(*default);
                    self.bind(pattern, path, *default, def);
                    path.pop();
                }
                if let Some(rest) = rest {
                    self.define(rest.clone(), def(path, None));
                }
            }
            Pattern::List(patterns) => {
                for (at, pattern) in patterns.iter().enumerate() {
                    path.push(Key::At(at));
                    self.bind(pattern, path, None, def);
                    path.pop();
                }
            }
            Pattern::Ignore => {}
        }
    }

    fn type_decl(&mut self, id: TypeId, define: bool) {
        let tree = self.tree;
        let ty = &tree.types[id.0 as usize];
        if define && !ty.name.is_empty() {
            self.define(ty.name.clone(), Def::Type(id));
        }
        // A type is walked once: members know whether they were seen, field values whether they have a class.
        let outer = self.class.replace(id);
        for annotation in ty.annotations.iter().chain(ty.fields.iter().flat_map(|field| &field.annotations)) {
            self.args(&annotation.args);
        }
        for field in &ty.fields {
            if let Some(value) = field.value
                && !self.index.field_class.contains_key(&value)
            {
                self.index.field_class.insert(value, id);
                self.expr(value);
            }
        }
        for variant in &ty.variants {
            self.maybe(variant.value);
            self.args(&variant.args);
        }
        self.args(&ty.base_args);
        for member in &ty.members {
            self.function(*member);
        }
        self.class = outer;
    }

    fn function(&mut self, id: FunctionId) {
        let at = id.0 as usize;
        if std::mem::replace(&mut self.seen[at], true) {
            return;
        }
        let tree = self.tree;
        let function = &tree.functions[at];
        self.index.parent[at] = self.scope;
        let mut class = self.class;
        if let Some(owner) = &function.owner
            && class.is_none_or(|class| tree.types[class.0 as usize].name != *owner)
        {
            let position = tree.types.iter().position(|ty| ty.name == *owner);
            // An extension method of C# stands in a static class, whose members it sees, and not in what it extends.
            let lexical = tree.language == weir_syntax::Language::CSharp && function.receiver.is_some();
            if !lexical {
                class = position.and_then(|at| u32::try_from(at).ok()).map(TypeId);
            }
        }
        self.index.class[at] = class;
        for annotation in &function.annotations {
            self.args(&annotation.args);
            self.decorates(annotation);
        }
        let outer = (self.scope.replace(id), std::mem::replace(&mut self.class, class));
        for (position, param) in function.params.iter().enumerate() {
            for annotation in &param.annotations {
                self.args(&annotation.args);
            }
            self.bind(&param.pattern, &mut Vec::new(), None, &|path, _| Def::Param {
                function: id,
                at: position,
                path: path.to_vec(),
            });
            self.maybe(param.default);
        }
        if let Some(body) = &function.body {
            self.own_block(body, true);
        }
        self.index.returns[at].extend(&function.yields);
        (self.scope, self.class) = outer;
    }

    /// The call behind an annotation is one of the function it names, and sends and receives nothing itself.
    fn decorates(&mut self, annotation: &weir_syntax::Annotation) {
        let Some(id) = annotation.call else { return };
        let Expr::Call(call) = &self.tree.exprs[id.0 as usize] else { return };
        self.expr(call.callee);
        self.index.scope[id.0 as usize] = self.scope;
        if let Some(name) = last_name(self.tree, call.callee) {
            self.index.calls.entry(name).or_default().push(CallSite { expr: id, function: self.scope });
        }
    }

    fn maybe(&mut self, expr: Option<ExprId>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn args(&mut self, args: &[Arg]) {
        for arg in args {
            self.expr(arg.value);
        }
    }

    fn expr(&mut self, id: ExprId) {
        let tree = self.tree;
        self.index.scope[id.0 as usize] = self.scope;
        self.blocks.line(tree.expr_lines.get(id.0 as usize).copied().unwrap_or(1));
        if self.scope.is_none()
            && let Some(class) = self.class
        {
            self.index.field_class.insert(id, class);
        }
        match &tree.exprs[id.0 as usize] {
            Expr::Template(parts) => {
                for part in parts {
                    if let Part::Value(value) = part {
                        self.expr(*value);
                    }
                }
            }
            Expr::Member { object, .. } => self.expr(*object),
            Expr::Index { object, index } => {
                self.expr(*object);
                self.expr(*index);
            }
            Expr::Call(call) | Expr::New(call) => {
                if self.tree.language.has_implicit_receiver() {
                    self.index.called.insert(call.callee);
                }
                self.expr(call.callee);
                for (at, arg) in call.args.iter().enumerate() {
                    self.callbacks(id, at, arg.value);
                }
                self.args(&call.args);
                self.pushed(call);
                self.used(id, call);
                if self.dead {
                    return;
                }
                let site = CallSite { expr: id, function: self.scope };
                self.index.all_calls.push(site);
                if let Some(name) = last_name(tree, call.callee) {
                    self.index.calls.entry(name).or_default().push(site);
                }
            }
            Expr::Object(entries) => {
                for entry in entries {
                    match entry {
                        Entry::Field { key, value } => {
                            if let Some(name) = last_name(tree, *value) {
                                self.index.kept.entry(name).or_default().push(key.clone());
                            }
                            self.expr(*value);
                        }
                        Entry::Spread(value) => self.expr(*value),
                        Entry::Computed { key, value } => {
                            self.expr(*key);
                            self.expr(*value);
                        }
                    }
                }
            }
            Expr::List(items) | Expr::Opaque(items) => items.iter().for_each(|item| self.expr(*item)),
            Expr::Spread(value)
            | Expr::Await(value)
            | Expr::ReceiveFrom(value)
            | Expr::Unary { value, .. }
            | Expr::Cast { value, .. } => {
                self.expr(*value);
            }
            Expr::Lambda(function) => self.function(*function),
            Expr::Class(ty) => self.type_decl(*ty, true),
            Expr::Binary { left, right, .. } => {
                self.expr(*left);
                self.expr(*right);
            }
            Expr::Conditional { test, then, otherwise } => {
                self.expr(*test);
                self.expr(*then);
                self.expr(*otherwise);
            }
            Expr::Match { subject, arms } => {
                self.expr(*subject);
                for (tests, value) in arms {
                    tests.iter().for_each(|test| self.expr(*test));
                    self.expr(*value);
                }
            }
            Expr::Assign { op, target, value } => {
                self.expr(*target);
                self.expr(*value);
                self.assign(op, *target, *value);
            }
            Expr::Block(body) => {
                let around = self.collected.replace(id);
                self.own_block(body, false);
                self.collected = around;
            }
            Expr::Name(_)
            | Expr::This
            | Expr::Super
            | Expr::Text(_)
            | Expr::Number(_)
            | Expr::Bool(_)
            | Expr::Null
            | Expr::Regex(_)
            | Expr::TypeLiteral(_)
            | Expr::NameOf(_)
            | Expr::Module(_) => {}
        }
    }

    fn callbacks(&mut self, call: ExprId, at: usize, value: ExprId) {
        let tree = self.tree;
        match &tree.exprs[value.0 as usize] {
            Expr::Lambda(function) => {
                self.index.argument_of.insert(*function, (call, at, None));
            }
            Expr::Object(entries) => self.functions_below(call, at, entries, "", 0),
            _ => {}
        }
    }

    /// The functions that stand in an object, by the path of their keys.
    fn functions_below(&mut self, call: ExprId, at: usize, entries: &[Entry], path: &str, depth: usize) {
        let tree = self.tree;
        for entry in entries {
            let Entry::Field { key, value } = entry else { continue };
            let key = if path.is_empty() { key.clone() } else { SmolStr::new(format!("{path}.{key}")) };
            match &tree.exprs[value.0 as usize] {
                Expr::Lambda(function) => {
                    self.index.argument_of.insert(*function, (call, at, Some(key)));
                }
                Expr::Object(entries) if depth < MAX_CALLBACK_DEPTH => {
                    self.functions_below(call, at, entries, &key, depth + 1);
                }
                _ => {}
            }
        }
    }

    /// What a call may do to variables, and which functions it gets as values.
    fn used(&mut self, id: ExprId, call: &weir_syntax::Call) {
        for (at, arg) in call.args.iter().enumerate() {
            let mut value = arg.value;
            while let Expr::Cast { value: inner, .. } | Expr::Spread(inner) = &self.tree.exprs[value.0 as usize] {
                value = *inner;
            }
            match &self.tree.exprs[value.0 as usize] {
                Expr::Name(name) => {
                    self.index.uses.entry(name.clone()).or_default().push(Use::Handed { call: id, at });
                    self.index.passed.entry(name.clone()).or_default().push((id, at));
                }
                Expr::Member { name, .. } => self.index.passed.entry(name.clone()).or_default().push((id, at)),
                Expr::Call(inner) => {
                    self.index.nested.insert(value, id);
                    // `object.method.bind(object)` hands over the method.
                    if let Some(method) = bound_method(self.tree, inner) {
                        self.index.passed.entry(method).or_default().push((id, at));
                    }
                }
                Expr::List(items) => {
                    for item in items.iter().filter(|item| matches!(self.tree.exprs[item.0 as usize], Expr::Call(_))) {
                        self.index.nested.insert(*item, id);
                    }
                }
                _ => {}
            }
        }
        if let Expr::Member { object, .. } = &self.tree.exprs[call.callee.0 as usize]
            && let Expr::Name(name) = &self.tree.exprs[object.0 as usize]
        {
            self.index.uses.entry(name.clone()).or_default().push(Use::Called { call: id });
        }
    }

    /// `list.push(value)` makes the value one of the list's.
    fn pushed(&mut self, call: &weir_syntax::Call) {
        let Expr::Member { object, name } = &self.tree.exprs[call.callee.0 as usize] else { return };
        if let ("put" | "setProperty", [key, value], true) =
            (name.as_str(), call.args.as_slice(), self.tree.language.is_jvm())
        {
            self.entered(*object, key.value, value.value);
            return;
        }
        if !matches!(name.as_str(), "push" | "unshift" | "append" | "add" | "Add") {
            return;
        }
        match &self.tree.exprs[object.0 as usize] {
            Expr::Name(list) if self.is_implicit(list) => {
                let values = call.args.iter().map(|arg| (*object, arg.value));
                self.index.pushed.entry(list.clone()).or_default().extend(values);
            }
            Expr::Name(list) => {
                let scope = self.declaring(list);
                let values = call.args.iter().map(|arg| Def::Push { value: arg.value });
                self.index.defs.entry((scope, list.clone())).or_default().extend(values);
            }
            Expr::Member { object, name } => {
                let values = call.args.iter().map(|arg| (*object, arg.value));
                self.index.pushed.entry(name.clone()).or_default().extend(values);
            }
            _ => {}
        }
    }

    /// `map.put(key, value)`, `map[key] = value`.
    fn entered(&mut self, map: ExprId, key: ExprId, value: ExprId) {
        if let Expr::Member { object, name } = &self.tree.exprs[map.0 as usize] {
            self.index.put_into.entry(name.clone()).or_default().push((*object, key, value));
        }
        if let Expr::Name(name) = &self.tree.exprs[map.0 as usize] {
            let scope = self.declaring(name);
            self.index.defs.entry((scope, name.clone())).or_default().push(Def::Entry { key, value });
        }
    }

    /// The scope that declares a name.
    fn declaring(&self, name: &SmolStr) -> Scope {
        let mut scope = self.scope;
        while !self.index.defs.contains_key(&(scope, name.clone())) {
            let Some(function) = scope else { break };
            scope = self.index.parent[function.0 as usize];
        }
        scope
    }

    /// True for a name that nothing around declares although it stands in a type: a member, without `this`.
    fn is_implicit(&self, name: &SmolStr) -> bool {
        self.class.is_some() && self.tree.language.has_implicit_receiver() && !self.is_value(self.declaring(name), name)
    }

    /// True where a scope declares a value of this name; a type of the name is no value that could be assigned.
    fn is_value(&self, scope: Option<FunctionId>, name: &SmolStr) -> bool {
        let defs = self.index.defs.get(&(scope, name.clone()));
        defs.is_some_and(|defs| !defs.iter().all(|def| matches!(def, Def::Type(_))))
    }

    /// What `list = append(list, …)` puts behind a list that stays the same.
    fn put_behind(&self, name: &SmolStr, value: ExprId) -> Option<Vec<ExprId>> {
        let Expr::Call(call) = &self.tree.exprs[value.0 as usize] else { return None };
        let is = |expr: ExprId, word: &str| matches!(&self.tree.exprs[expr.0 as usize], Expr::Name(own) if own == word);
        let (first, rest) = call.args.split_first()?;
        let appends = self.tree.language.has_struct_literals() && is(call.callee, "append") && is(first.value, name);
        appends.then(|| rest.iter().map(|arg| arg.value).collect())
    }

    fn assign(&mut self, op: &str, target: ExprId, value: ExprId) {
        let line = self.tree.expr_lines.get(value.0 as usize).copied().unwrap_or(1);
        match &self.tree.exprs[target.0 as usize] {
            Expr::Name(name) if self.is_implicit(name) => {
                self.index.assigned.entry(name.clone()).or_default().push((target, value));
            }
            Expr::Name(name) => {
                let scope = self.declaring(name);
                // Where no function declares the name it is a field of the class around.
                let field = scope.is_none()
                    && self.class.is_some()
                    && self.tree.language.has_implicit_receiver()
                    && !self.is_value(None, name);
                if field {
                    self.index.assigned.entry(name.clone()).or_default().push((target, value));
                } else if let Some(behind) = self.put_behind(name, value) {
                    let values = behind.into_iter().map(|value| Def::Push { value });
                    self.index.defs.entry((scope, name.clone())).or_default().extend(values);
                } else {
                    let def = match op {
                        "+=" => Def::Append { value, line, arms: self.arms.clone() },
                        _ => Def::Assign { value, line },
                    };
                    self.index.defs.entry((scope, name.clone())).or_default().push(def);
                }
            }
            Expr::Member { object, name } => {
                self.index.assigned.entry(name.clone()).or_default().push((*object, value));
                if let Expr::Name(variable) = &self.tree.exprs[object.0 as usize] {
                    let set = Use::Set { field: name.clone(), value };
                    self.index.uses.entry(variable.clone()).or_default().push(set);
                }
            }
            Expr::Index { object, index } => self.entered(*object, *index, value),
            _ => {}
        }
    }
}

/// The last segment of a callee: `b` of `a.b`, `a` of `a`.
pub(crate) fn last_name(tree: &Tree, callee: ExprId) -> Option<SmolStr> {
    match &tree.exprs[callee.0 as usize] {
        Expr::Name(name) => Some(name.clone()),
        Expr::Member { name, .. } => Some(name.clone()),
        Expr::Super => Some(SmolStr::new_static("super")),
        Expr::Cast { value, .. } => last_name(tree, *value),
        _ => None,
    }
}

/// The method that `object.method.bind(…)` binds.
pub(crate) fn bound_method(tree: &Tree, call: &weir_syntax::Call) -> Option<SmolStr> {
    let Expr::Member { object, name } = &tree.exprs[call.callee.0 as usize] else { return None };
    match &tree.exprs[object.0 as usize] {
        Expr::Member { name: method, .. } if name == "bind" && tree.language.has_exports() => Some(method.clone()),
        _ => None,
    }
}
