//! One frame for one set of values, so that a question asked twice is recognised by the address of its frame.

use crate::value::{Frame, Value};
use rustc_hash::{FxHashMap, FxHasher};
use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Frames that look alike at first sight; beyond it they are not compared any more.
const MAX_ALIKE: usize = 48;

/// The frames made so far.
#[derive(Default)]
pub(super) struct Frames(RefCell<FxHashMap<u64, Vec<Rc<Frame>>>>);

impl Frames {
    /// The frame with these values.
    pub(super) fn intern(&self, frame: Frame) -> Rc<Frame> {
        let mut hasher = FxHasher::default();
        frame.function.hash(&mut hasher);
        frame.complete.hash(&mut hasher);
        frame.outer.as_ref().map_or(0, |outer| Rc::as_ptr(outer).addr()).hash(&mut hasher);
        frame.this.iter().chain(&frame.args).for_each(|value| at_sight(value, &mut hasher));
        let mut frames = self.0.borrow_mut();
        let alike = frames.entry(hasher.finish()).or_default();
        if let Some(known) = alike.iter().find(|known| ***known == frame) {
            return known.clone();
        }
        let frame = Rc::new(frame);
        if alike.len() < MAX_ALIKE {
            alike.push(frame.clone());
        }
        frame
    }

    /// Lets every frame go that nobody else holds.
    pub(super) fn forget(&self) {
        self.0.borrow_mut().clear();
    }
}

/// Hashes what tells most values apart without walking into them.
fn at_sight(value: &Value, hasher: &mut FxHasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Value::Text(text) | Value::Number(text) | Value::Regex(text) | Value::Opaque(text) => text.hash(hasher),
        Value::Bool(flag) => flag.hash(hasher),
        Value::Env(name, _) => name.hash(hasher),
        Value::Param(function, at, _) => (function, at).hash(hasher),
        Value::This(class) | Value::Class(class) | Value::Abstract(class, _) => class.hash(hasher),
        Value::Closure(closure) => closure.function.hash(hasher),
        Value::Instance(instance) => instance.class.hash(hasher),
        Value::Module(file) => file.hash(hasher),
        Value::Package(package) => package.hash(hasher),
        Value::Library(module, path) => (module, path.last()).hash(hasher),
        Value::Typed(typed) => (typed.pack, &typed.ty).hash(hasher),
        Value::Object(object) => object.fields.len().hash(hasher),
        Value::Concat(parts) | Value::List(parts) | Value::Choice(parts) => parts.len().hash(hasher),
        Value::Null => {}
    }
}
