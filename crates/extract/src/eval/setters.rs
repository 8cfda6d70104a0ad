//! What a method was called with on one particular object, for fields that methods fill: `open(name) { this.q = q(name) }`.
//!
//! A field set outside the constructor holds what the caller of that method gave. The callers are known by name; which
//! of them mean this object is told by the construction their receiver comes from.

use super::Eval;
use crate::source::FileId;
use crate::value::{Frame, Value};
use crate::world::{ClassRef, FnRef, Unit};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, FunctionKind};

/// Methods that hand a parameter on to the method that sets the field.
const MAX_HANDED: u32 = 2;
/// Calls of one method on one object that are told apart.
const MAX_CALLS: usize = 8;

/// Calls of the name that are looked at; what is called more often tells nothing of one object.
const MAX_SITES: usize = 256;

/// An object: its class, the construction it comes from, and whether one is spoken of at all.
type Object = (ClassRef, Option<(FileId, ExprId)>, bool);

/// The frames of the calls of one method on one object.
type Frames = Rc<[Rc<Frame>]>;

/// What is known of the calls of methods on objects; `None` while it is being sought.
#[derive(Default)]
pub(super) struct Setters(RefCell<FxHashMap<(FnRef, Object), Option<Frames>>>);

impl Setters {
    pub(super) fn forget(&self) {
        self.0.borrow_mut().clear();
    }
}

impl Eval<'_, '_> {
    /// The frames in which `method` runs on `this`, as far as the searched files show.
    pub(super) fn called_on(&self, method: FnRef, this: &Value, depth: u32) -> Frames {
        let object = match this {
            Value::This(class) => (*class, None, false),
            Value::Instance(instance) => (instance.class, instance.origin, true),
            _ => return Rc::from([]),
        };
        let key = (method, object);
        if let Some(known) = self.setters.0.borrow().get(&key) {
            // A method that leads back to itself tells nothing of the value; the answer under way will.
            return known.clone().unwrap_or_else(|| {
                self.bounded();
                Rc::from([])
            });
        }
        self.setters.0.borrow_mut().insert(key, None);
        let frames: Frames = self.seek_calls(method, this, depth).into();
        self.setters.0.borrow_mut().insert(key, Some(frames.clone()));
        frames
    }

    fn seek_calls(&self, method: FnRef, this: &Value, depth: u32) -> Vec<Rc<Frame>> {
        let Some(declared) = self.world.unit(method.file) else {
            return Vec::new();
        };
        let name = declared.function(method.id).name.clone();
        let home = self.world.class_of(&declared, method.id);
        let mut frames: Vec<Rc<Frame>> = Vec::new();
        let mut sites = self.world.call_sites(&name, method.file);
        // Whoever makes an object fills it, too, be the file searched for anything else or not.
        if let Some((file, _)) = own_origin(this)
            && !sites.iter().any(|(unit, _)| unit.file == file)
            && let Some(unit) = self.world.unit(file)
        {
            let own = unit.index.calls.get(&name).cloned().unwrap_or_default();
            sites.extend(own.into_iter().map(|site| (unit.clone(), site)));
        }
        let mut asked = 0;
        for (unit, site) in sites {
            let (Expr::Call(call), Some(scope)) = (unit.expr(site.expr), site.function) else {
                continue;
            };
            let object = match unit.expr(call.callee) {
                Expr::Member { object, .. } => Some(*object),
                // A sister is called without saying on what.
                Expr::Name(_) if unit.tree.language.has_implicit_receiver() => None,
                _ => continue,
            };
            let caller = FnRef { file: unit.file, id: self.method_of_scope(&unit, scope) };
            // Without a receiver only the class itself and those below it can mean the method.
            let related = || {
                let class = self.world.class_of(&unit, caller.id);
                class.zip(home).is_some_and(|(class, home)| self.is_a(class, home))
            };
            if object.is_none() && !related() {
                continue;
            }
            asked += 1;
            if asked > MAX_SITES {
                self.bounded();
                return Vec::new();
            }
            for outer in self.frames_of(&unit, caller, this, depth) {
                let receiver = match object {
                    Some(object) => self.expr(&unit, object, Some(&outer)),
                    None => self.receiver_of_bare(&unit, site.expr, Some(&outer)),
                };
                if !receiver.alternatives().iter().any(|receiver| same_object(receiver, this)) {
                    continue;
                }
                let (args, complete) = self.args_for(&unit, call, Some(&outer), method);
                let closure = crate::value::Closure { function: method, this: Some(this.clone()), frame: None };
                let frame = self.frame(&closure, args, complete);
                if !frames.iter().any(|known| Rc::ptr_eq(known, &frame)) {
                    frames.push(frame);
                }
                if frames.len() >= MAX_CALLS {
                    return frames;
                }
            }
        }
        frames
    }

    /// The frames a caller may run in: its class or any below it as `this`, with what is known of its own arguments.
    fn frames_of(&self, unit: &Rc<Unit>, caller: FnRef, target: &Value, depth: u32) -> Vec<Rc<Frame>> {
        let class = self.world.class_of(unit, caller.id);
        let Some(class) = class else {
            return vec![self.bare_frame(caller, None)];
        };
        let mut objects: Vec<Value> = Vec::new();
        // A method that calls a sister runs on the very object.
        if own_class(target).is_some_and(|own| self.is_a(own, class)) {
            objects.push(target.clone());
        }
        let classes = std::iter::once(class).chain(self.subclasses(class));
        objects.extend(classes.filter(|class| !self.is_abstract(*class)).map(Value::This));
        let mut frames = Vec::new();
        for this in objects {
            if unit.function(caller.id).kind == FunctionKind::Constructor
                && let Some(frame) = self.constructor_frame(&this, class)
            {
                frames.push(frame);
                continue;
            }
            let known = if depth < MAX_HANDED && !unit.function(caller.id).params.is_empty() {
                self.called_on(caller, &this, depth + 1)
            } else {
                Rc::from([])
            };
            if known.is_empty() {
                frames.push(self.bare_frame(caller, Some(this)));
            } else {
                frames.extend(known.iter().cloned());
            }
        }
        frames
    }

    fn bare_frame(&self, function: FnRef, this: Option<Value>) -> Rc<Frame> {
        self.enter(Frame { function, args: Vec::new(), this, outer: None, complete: false, types: Vec::new() })
    }

    fn is_abstract(&self, class: ClassRef) -> bool {
        self.world.unit(class.file).is_some_and(|unit| unit.class(class.id).is_abstract)
    }
}

fn own_class(value: &Value) -> Option<ClassRef> {
    match value {
        Value::This(class) => Some(*class),
        Value::Instance(instance) => Some(instance.class),
        _ => None,
    }
}

fn own_origin(value: &Value) -> Option<(FileId, ExprId)> {
    match value {
        Value::Instance(instance) => instance.origin,
        _ => None,
    }
}

/// True when both are one object: made by one construction, or each the only object of its class that is spoken of.
fn same_object(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Instance(a), Value::Instance(b)) => a.class == b.class && a.origin == b.origin,
        (Value::This(a), Value::This(b)) => a == b,
        (Value::This(class), Value::Instance(instance)) | (Value::Instance(instance), Value::This(class)) => {
            instance.class == *class && instance.origin.is_none()
        }
        _ => false,
    }
}

/// True for objects of two constructions.
pub(super) fn are_two(a: &Value, b: &Value) -> bool {
    matches!((own_origin(a), own_origin(b)), (Some(a), Some(b)) if a != b)
}
