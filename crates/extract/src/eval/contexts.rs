//! The ways a function is entered: which calls lead into it, and what its parameters are then.

use super::Eval;
use crate::source::FileId;
use crate::value::{Frame, Value};
use crate::world::FnRef;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, ExprId};

/// Calls of one function that are told apart.
pub(super) const MAX_CONTEXTS: usize = 8;
/// Calls of a name that are looked at; a name that is called more often tells nothing of one function.
const MAX_SITES: usize = 64;
/// Functions that hand an argument on before it reaches a literal.
const MAX_HANDED: u32 = 3;

/// One way a function is entered: the values it gets, and the call.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) frame: Rc<Frame>,
    pub(super) call: Option<(FileId, ExprId)>,
}

impl Eval<'_, '_> {
    /// The frames in which a function runs, as its callers enter it.
    pub(crate) fn entered(&self, function: FnRef) -> Vec<Rc<Frame>> {
        self.contexts(function, 0).iter().map(|context| context.frame.clone()).collect()
    }

    /// The frames in which calls enter a function, each with the place of the call.
    pub(crate) fn called(&self, function: FnRef) -> Vec<(Rc<Frame>, Site)> {
        let contexts = self.contexts(function, 0);
        let called = contexts.iter().filter_map(|context| {
            let (file, expr) = context.call?;
            Some((context.frame.clone(), self.world.unit(file)?.site(expr)))
        });
        called.collect()
    }

    /// The ways a function is entered, as far as the searched files show; one without values when nobody calls it.
    pub(super) fn contexts(&self, function: FnRef, depth: u32) -> Rc<[Context]> {
        if let Some(known) = self.objects.contexts.borrow().get(&function) {
            return known.clone().unwrap_or_else(|| {
                self.bounded();
                Rc::from([self.bare(function)])
            });
        }
        self.objects.contexts.borrow_mut().insert(function, None);
        let found: Rc<[Context]> = self.seek_contexts(function, depth).into();
        self.objects.contexts.borrow_mut().insert(function, Some(found.clone()));
        found
    }

    /// A function entered with nothing known but its receiver.
    pub(super) fn bare(&self, function: FnRef) -> Context {
        let class = self.world.unit(function.file).and_then(|unit| self.world.class_of(&unit, function.id));
        let frame = Frame {
            function,
            args: Vec::new(),
            this: class.map(Value::This),
            outer: None,
            complete: false,
            types: Vec::new(),
        };
        Context { frame: self.enter(frame), call: None }
    }

    fn seek_contexts(&self, function: FnRef, depth: u32) -> Vec<Context> {
        let Some(unit) = self.world.unit(function.file) else { return Vec::new() };
        let declared = unit.function(function.id);
        if declared.name.is_empty() || declared.params.is_empty() && declared.owner.is_none() && declared.name == "main"
        {
            return vec![self.bare(function)];
        }
        self.want(&declared.name);
        let mut found: Vec<Context> = Vec::new();
        for (other, site) in self.world.call_sites(&declared.name, function.file).into_iter().take(MAX_SITES) {
            let Expr::Call(call) = other.expr(site.expr) else { continue };
            if other.test || found.len() >= MAX_CONTEXTS {
                continue;
            }
            let caller = site.function.map(|scope| FnRef { file: other.file, id: self.method_of_scope(&other, scope) });
            let bare = caller.map(|caller| self.bare(caller).frame);
            let callees = self.callees(&other, call, bare.as_ref());
            let Some(closure) = callees.iter().find(|closure| closure.function == function) else { continue };
            let (args, complete) = self.args_for(&other, call, bare.as_ref(), function);
            // Only what depends on the caller's own callers is asked for further up.
            let open = caller.filter(|caller| {
                let this = closure.this.as_ref();
                *caller != function && depth < MAX_HANDED && args.iter().chain(this).any(|arg| depends(arg, *caller, 0))
            });
            let mut add = |frame: Rc<Frame>| {
                let context = Context { frame, call: Some((other.file, site.expr)) };
                let known = |known: &Context| Rc::ptr_eq(&known.frame, &context.frame) && known.call == context.call;
                if !found.iter().any(known) && found.len() < MAX_CONTEXTS {
                    found.push(context);
                }
            };
            match open {
                None => add(self.frame(closure, args, complete)),
                Some(caller) => {
                    for context in self.contexts(caller, depth + 1).iter() {
                        let frame = Some(&context.frame);
                        let callees = self.callees(&other, call, frame);
                        let (args, complete) = self.args_for(&other, call, frame, function);
                        let mut fitting = callees.iter().filter(|closure| closure.function == function).peekable();
                        // On an object of which nothing more is known than its type the call runs the same.
                        if fitting.peek().is_none() && other.tree.language.has_keyword_arguments() {
                            add(self.frame(closure, args.clone(), complete));
                        }
                        for closure in fitting {
                            add(self.frame(closure, args.clone(), complete));
                        }
                    }
                }
            }
        }
        if found.is_empty() { vec![self.bare(function)] } else { found }
    }
}

/// True where a value holds something that the callers of a function decide.
fn depends(value: &Value, function: FnRef, depth: u32) -> bool {
    // Objects hold each other in circles; what lies deeper is not asked for.
    if depth > 3 {
        return false;
    }
    match value {
        Value::This(_) | Value::Abstract(..) => true,
        Value::Instance(instance) => {
            instance.source.as_ref().is_some_and(|source| depends(source, function, depth + 1))
                || instance.args.iter().flatten().any(|arg| depends(arg, function, depth + 1))
        }
        Value::Object(object) => object.fields.iter().any(|(_, value)| depends(value, function, depth + 1)),
        Value::List(items) | Value::Choice(items) | Value::Concat(items) => {
            items.iter().any(|item| depends(item, function, depth + 1))
        }
        Value::Closure(closure) => {
            closure.this.as_ref().is_some_and(|this| depends(this, function, depth + 1)) || closure.frame.is_some()
        }
        other => other.depends_on(function),
    }
}
