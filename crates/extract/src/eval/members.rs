//! Members and elements of values.

use super::Eval;
use crate::value::{Closure, Frame, Value};
use crate::world::{FnRef, Key, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, ExprId};

impl Eval<'_, '_> {
    /// Walks into a value.
    pub(crate) fn walk(&self, value: &Value, path: &[Key]) -> Value {
        let mut at = value.clone();
        for key in path {
            at = match key {
                Key::Name(name) if name == "[]" => self.every(&at),
                Key::Name(name) => self.member(&at, name),
                Key::At(index) => self.element(&at, *index),
            };
        }
        at
    }

    /// An element by position.
    pub(crate) fn element(&self, value: &Value, index: usize) -> Value {
        match value {
            Value::List(items) => items.get(index).cloned().unwrap_or(Value::Null),
            // Where all elements are alike, the position tells nothing.
            Value::Typed(typed) => {
                let any = self.packs.member(self, typed, value, "[]");
                any.unwrap_or_else(|| self.member(value, &index.to_string()))
            }
            Value::Choice(options) => Value::choice(options.iter().map(|option| self.element(option, index)).collect()),
            Value::Param(function, at, path) => {
                let mut path = path.to_vec();
                path.push(Key::At(index));
                Value::Param(*function, *at, path.into())
            }
            _ => Value::opaque("an element of a value that is not known"),
        }
    }

    /// Any element.
    pub(crate) fn every(&self, value: &Value) -> Value {
        match value {
            Value::List(items) => Value::choice(items.to_vec()),
            Value::Choice(options) => Value::choice(options.iter().map(|option| self.every(option)).collect()),
            Value::Typed(typed) => self
                .packs
                .member(self, typed, value, "[]")
                .unwrap_or_else(|| Value::opaque("an element of a library object")),
            Value::Param(function, at, path) => {
                if let Some(element) = self.declared_element(*function, *at, path) {
                    return element;
                }
                let mut path = path.to_vec();
                path.push(Key::Name("[]".into()));
                Value::Param(*function, *at, path.into())
            }
            _ => Value::opaque("an element of a value that is not known"),
        }
    }

    /// `object[index]` as it is written.
    pub(super) fn indexed(
        &self,
        unit: &Rc<Unit>,
        id: ExprId,
        (object, index): (ExprId, ExprId),
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let on = self.expr(unit, object, frame);
        if matches!(on, Value::Typed(_)) && unit.tree.language == weir_syntax::Language::CSharp {
            // A look-up in an object is a read of its property `Item`, as in metadata.
            let args = vec![weir_syntax::Arg { name: None, value: index }];
            let call = weir_syntax::Call { callee: object, args, type_args: Vec::new(), optional: false };
            if let Some(found) = self.packs.result(self, unit, id, &on, "Item", &call, frame) {
                return found;
            }
        }
        let on = self.read_out(on, frame);
        // A part of a list has its elements; a part of a text is another text.
        if let Expr::Spread(_) = unit.expr(index) {
            return match on {
                Value::List(_) | Value::Param(..) => on,
                _ => Value::opaque("a part of a value"),
            };
        }
        let index = self.expr(unit, index, frame);
        if let (Value::Env(key, _), true) = (&on, unit.tree.language.is_jvm())
            && let Some(part) = self.filled_part(key, "get", std::slice::from_ref(&index))
        {
            return part;
        }
        self.index(&on, &index)
    }

    /// `value[index]`.
    pub(super) fn index(&self, value: &Value, index: &Value) -> Value {
        match index {
            Value::Text(name) => self.member(value, name),
            Value::Number(number) => match number.parse() {
                Ok(at) => self.element(value, at),
                Err(_) => Value::opaque("an element of a value that is not known"),
            },
            Value::Choice(options) => Value::choice(options.iter().map(|option| self.index(value, option)).collect()),
            // A look-up with an unknown key yields any of the values.
            _ => match value {
                Value::Object(object) if !object.open && !object.fields.is_empty() => {
                    self.doubt(weir_facts::Certainty::Likely);
                    Value::choice(object.fields.iter().map(|(_, value)| value.clone()).collect())
                }
                Value::List(_) => self.every(value),
                Value::Param(..) => Value::opaque("an element of a parameter"),
                _ => Value::opaque("an element of a value that is not known"),
            },
        }
    }

    /// `value.name`.
    pub(crate) fn member(&self, value: &Value, name: &str) -> Value {
        match value {
            Value::Object(object) => match object.fields.iter().find(|(field, _)| field == name) {
                Some((_, value)) => value.clone(),
                None if object.open => Value::opaque("the object has more members than are visible"),
                None => Value::Null,
            },
            Value::Module(file) => match self.world.export(*file, name) {
                Some(target) => self.target(&target),
                None => match self
                    .world
                    .export(*file, "=")
                    .or_else(|| self.world.export(*file, "default").filter(|_| name != "default"))
                {
                    Some(_) if name == "default" => {
                        self.world.export(*file, "=").map_or(Value::Null, |target| self.target(&target))
                    }
                    Some(target) => {
                        let whole = self.target(&target);
                        if matches!(whole, Value::Module(_)) {
                            Value::opaque("the module does not export it")
                        } else {
                            self.member(&whole, name)
                        }
                    }
                    None => self.in_package(*file, name),
                },
            },
            Value::Package(package) => match self.world.in_package(*package, name, "") {
                Some(target) => self.target(&target),
                None => Value::opaque("the package does not declare it"),
            },
            Value::Library(module, path) => self.library_member(module, path, name),
            Value::Typed(typed) => self.typed_member(typed, value, name),
            Value::Instance(_) | Value::This(_) if name == "__class__" => self.class_behind(value),
            Value::Class(class) => self.inherited_member(*class, value, name, self.static_member(*class, name)),
            Value::This(class) => self.inherited_member(*class, value, name, self.instance_member(*class, value, name)),
            Value::Instance(instance) if name == "constructor" && self.has_constructor_member(instance.class) => {
                match &instance.source {
                    Some(source @ Value::Param(..)) => self.member(source, name),
                    _ => Value::Class(instance.class),
                }
            }
            Value::Instance(instance) => {
                let own = self.instance_member(instance.class, value, name);
                self.inherited_member(instance.class, value, name, own)
            }
            Value::Choice(options) => Value::choice(options.iter().map(|option| self.member(option, name)).collect()),
            Value::Param(function, at, path) => {
                if let Some(object) = self.declared_member(*function, *at, path, name) {
                    return object;
                }
                let mut path = path.to_vec();
                path.push(Key::Name(name.into()));
                Value::Param(*function, *at, path.into())
            }
            // A path below the configuration as a whole starts with a dot.
            Value::Env(key, default) if key.is_empty() || key.starts_with('.') => {
                // What the whole is where nothing configures it has the same members.
                let default = default.as_ref().map(|default| self.member(default, name));
                let known = default.filter(|value| {
                    matches!(value, Value::Text(_) | Value::Number(_) | Value::Concat(_) | Value::Env(..))
                        || matches!(value, Value::Instance(_) | Value::Object(_) | Value::List(_))
                });
                Value::Env(format!("{key}.{name}").into(), known.map(Rc::new))
            }
            Value::List(items) if name == "length" => Value::Number(items.len().to_string().into()),
            Value::Closure(closure) if matches!(name, "name" | "__name__") => self.function_name(closure),
            Value::Closure(closure) => match self.packs.decorated(self, closure) {
                Some(Value::Typed(typed)) => self.typed_member(&typed, &Value::Typed(typed.clone()), name),
                _ => Value::opaque("a member of a function"),
            },
            // The value behind a member of an enum.
            Value::Text(_) | Value::Number(_) if name == "value" => value.clone(),
            Value::Null => Value::Null,
            _ => Value::opaque("a member of a value that is not known"),
        }
    }

    /// True where every object knows its class under this name.
    fn has_constructor_member(&self, class: crate::world::ClassRef) -> bool {
        self.world.unit(class.file).is_some_and(|unit| unit.tree.language.has_exports())
    }

    fn function_name(&self, closure: &Closure) -> Value {
        let FnRef { file, id } = closure.function;
        match self.world.unit(file) {
            Some(unit) => Value::Text(unit.function(id).name.clone()),
            None => Value::opaque("the file cannot be read"),
        }
    }

    fn in_package(&self, file: crate::source::FileId, name: &str) -> Value {
        let Some(unit) = self.world.unit(file) else {
            return Value::opaque("the file cannot be read");
        };
        // Python modules and the like hand out their top-level names without saying so.
        let implicit = unit.tree.exports.is_empty() && unit.index.defs.contains_key(&(None, name.into()));
        if implicit {
            self.name_in(&unit, name, None, u32::MAX, None)
        } else {
            Value::opaque("the module does not export it")
        }
    }

    fn library_member(&self, module: &SmolStr, path: &Rc<[SmolStr]>, name: &str) -> Value {
        if module.is_empty() {
            return super::builtins::global_member(path, name);
        }
        if let Some(value) = super::standard::member(module, path, name) {
            return value;
        }
        if let Some(text) = self.packs.text_of(module, path, name) {
            return Value::Text(text);
        }
        if let Some(value) = self.constant_of_project(module, path, name) {
            return value;
        }
        // A default import and the module itself are the same thing to a reader of packs.
        if name == "default" && path.is_empty() {
            return Value::Library(module.clone(), path.clone());
        }
        let mut path = path.to_vec();
        path.push(name.into());
        Value::Library(module.clone(), path.into())
    }

    /// A member that a class has from a library's class it extends, where its own says nothing.
    fn inherited_member(&self, class: crate::world::ClassRef, whole: &Value, name: &str, own: Value) -> Value {
        if !own.is_empty() || !self.packs.holds(name) {
            return own;
        }
        self.packs.inherited_member(self, class, whole, name).unwrap_or(own)
    }

    fn typed_member(&self, typed: &Rc<crate::value::Typed>, whole: &Value, name: &str) -> Value {
        if let Some((_, value)) = typed.properties.iter().find(|(property, _)| property == name)
            && !value.is_empty()
        {
            return value.clone();
        }
        if let Some(value) = self.packs.member(self, typed, whole, name) {
            return value;
        }
        if self.packs.packs[typed.pack].types.get(&typed.ty).is_some_and(|rule| rule.bag) {
            return self.put_into(typed, name);
        }
        if let Some(value) = self.packs.entry(self, typed, whole, name) {
            return value;
        }
        if let Some(value) = self.packs.method_value(typed, whole, name) {
            return value;
        }
        match &typed.source {
            Some(Value::Param(function, at, path)) => {
                let mut path = path.to_vec();
                path.push(Key::Name(name.into()));
                Value::Param(*function, *at, path.into())
            }
            _ => Value::opaque("a member of a library object"),
        }
    }

    /// A value declared with this type and nothing else known of it.
    pub(super) fn declared(
        &self,
        unit: &Rc<crate::world::Unit>,
        ty: &weir_syntax::TypeRef,
        site: Site,
        source: Option<Value>,
    ) -> Option<Value> {
        self.declared_with(unit, ty, site, source, &[], None)
    }
}
