//! What parameters and receivers stand for: what a call gave, what is declared, what a container supplies.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Frame, Value};
use crate::world::{ClassRef, FnRef, Key, Unit};
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, ExprId, FunctionId, Pattern, TypeRef};

impl Eval<'_, '_> {
    /// A parameter: what the frame gives it, or what its declaration says.
    pub(crate) fn param(
        &self,
        unit: &Rc<Unit>,
        function: FunctionId,
        at: usize,
        path: &[Key],
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let fn_ref = FnRef { file: unit.file, id: function };
        let declaration = &unit.function(function).params[at];
        let found = Frame::holding(frame, fn_ref, at).filter(|frame| frame.complete || frame.args.len() > at).cloned();
        if let Some(frame) = &found.or_else(|| self.assumed_for(fn_ref)).or_else(|| Frame::find(frame, fn_ref).cloned())
        {
            let given = if declaration.rest && unit.tree.language.has_keyword_arguments() {
                // What a parameter collects was put into it with the arguments.
                frame.args.get(at).cloned()
            } else if declaration.rest {
                Some(Value::List(frame.args.get(at..).unwrap_or_default().to_vec().into()))
            } else {
                frame.args.get(at).cloned()
            };
            let value = match (given, declaration.default) {
                (Some(Value::Null), Some(default)) | (None, Some(default)) if frame.complete => {
                    Some(self.expr(unit, default, Some(frame)))
                }
                (Some(given), _) => Some(given),
                (None, _) if frame.complete => Some(Value::Null),
                _ => None,
            };
            if let Some(value) = value {
                let part = self.walk(&value, path);
                if !part.is_empty() {
                    return part;
                }
                // The declared type still tells what kind of object it is.
                return self.declared_param(unit, function, at, path).unwrap_or(part);
            }
        }
        if let Some(value) = self.element_param(unit, function, at, frame) {
            if declaration.rest {
                return Value::List(vec![value].into());
            }
            let part = self.walk(&value, path);
            if !part.is_empty() {
                return part;
            }
        }
        if let Some(value) = self.supplied(unit, declaration) {
            return self.walk(&value, path);
        }
        if let Some(value) = self.of_supplier(unit, function, at) {
            return self.walk(&value, path);
        }
        // Where every parameter says its type, what a library calls the function with says more.
        if unit.tree.language.is_structural()
            && let Some(value) = self.packs.callback_param(self, unit, function, at)
        {
            return self.walk(&value, path);
        }
        if let Some(value) = self.declared_param(unit, function, at, path) {
            return value;
        }
        if let Some(value) = self.packs.callback_param(self, unit, function, at) {
            return self.walk(&value, path);
        }
        // Without a type a parameter has that of its default.
        if let (None, Some(default), true) = (&declaration.ty, declaration.default, unit.tree.language.has_exports())
            && matches!(unit.expr(default), Expr::New(_))
            && let value @ Value::Typed(_) = self.expr(unit, default, None)
        {
            return self.walk(&value, path);
        }
        Value::Param(fn_ref, at, path.into())
    }

    /// The object that the framework gives to a parameter: what its default or an annotation of it makes.
    fn supplied(&self, unit: &Rc<Unit>, param: &weir_syntax::Param) -> Option<Value> {
        if !unit.tree.language.has_keyword_arguments() {
            return None;
        }
        let object = |value: &Value| {
            let known = |one: &Value| matches!(one, Value::Typed(_) | Value::Instance(_) | Value::Closure(_));
            value.alternatives().iter().all(known)
        };
        let default = param.default.filter(|default| matches!(unit.expr(*default), Expr::Call(_)));
        let value = default.map(|default| self.expr(unit, default, None)).filter(object);
        value.or_else(|| {
            let annotations = param.annotations.iter();
            annotations.filter_map(|annotation| self.packs.annotated(self, unit, annotation)).find(object)
        })
    }

    pub(super) fn declared_param(
        &self,
        unit: &Rc<Unit>,
        function: FunctionId,
        at: usize,
        path: &[Key],
    ) -> Option<Value> {
        let declaration = &unit.function(function).params[at];
        let ty = declaration.ty.as_ref()?;
        let source = Value::Param(FnRef { file: unit.file, id: function }, at, Rc::from([]));
        let (mut ty, mut home) = (ty.clone(), unit.clone());
        for key in path {
            let Key::Name(name) = key else { return None };
            if !matches!(ty, TypeRef::Record(_)) && !unit.tree.language.has_exports() {
                return None;
            }
            (ty, home) = self.field_type(&home, &ty, name)?;
        }
        let site = Site::new(unit.path.clone(), unit.function(function).line);
        let source = self.walk(&source, path);
        let name = match &declaration.pattern {
            Pattern::Name(name) => Some(name.as_str()),
            _ => None,
        };
        self.declared_with(&home, &ty, site, Some(source), &declaration.annotations, name)
    }

    /// A member of a parameter that its declaration says to be an object of a library, or one of the program's that does
    /// something: what a function is handed with everything it needs.
    pub(super) fn declared_member(&self, function: FnRef, at: usize, path: &[Key], name: &str) -> Option<Value> {
        let own = self.world.unit(function.file).filter(|unit| unit.tree.language.has_exports())?;
        let declared = own.function(function.id);
        let mut ty = declared.params.get(at)?.ty.clone()?;
        let mut unit = own.clone();
        for key in path.iter().cloned().chain([Key::Name(name.into())]) {
            let Key::Name(key) = key else { return None };
            let (found, home) = self.field_type(&unit, &ty, &key)?;
            (ty, unit) = (found, home);
        }
        let mut whole = path.to_vec();
        whole.push(Key::Name(name.into()));
        let source = Value::Param(function, at, whole.into());
        let site = Site::new(own.path.clone(), declared.line);
        let object = self.declared_with(&unit, &ty, site, Some(source), &[], Some(name))?;
        matches!(object, Value::Typed(_) | Value::Instance(_)).then_some(object)
    }

    /// The declared type of a field of a type, with the file that says it.
    fn field_type(&self, unit: &Rc<Unit>, ty: &TypeRef, name: &str) -> Option<(TypeRef, Rc<Unit>)> {
        match ty {
            TypeRef::Record(fields) => {
                let (_, ty, _) = fields.iter().find(|(field, ..)| field == name)?;
                Some((ty.clone(), unit.clone()))
            }
            TypeRef::Named { name: class, .. } => {
                let TypeTarget::Class(class) = self.type_name(unit, class)? else { return None };
                let home = self.world.unit(class.file)?;
                let ty = home.class(class.id).fields.iter().find(|field| field.name == name)?.ty.clone()?;
                Some((ty, home))
            }
            _ => None,
        }
    }

    /// The receiver of a function that names it: a method of Go, an extension method of C#.
    pub(super) fn receiver(&self, unit: &Rc<Unit>, function: FunctionId, frame: Option<&Rc<Frame>>) -> Value {
        let fn_ref = FnRef { file: unit.file, id: function };
        let given = Frame::find(frame, fn_ref).and_then(|frame| frame.this.clone());
        if unit.tree.language != weir_syntax::Language::CSharp {
            return self.this_of(unit, Some(function), None, frame);
        }
        if let Some(given) = given.filter(|given| !given.is_empty()) {
            return given;
        }
        let extended = unit.function(function).owner.clone().unwrap_or_default();
        let site = Site::new(unit.path.clone(), unit.function(function).line);
        let declared = self.declared(unit, &TypeRef::named(extended), site, None);
        declared.unwrap_or_else(|| Value::opaque("the object an extension method is called on"))
    }

    /// `this` at an expression.
    pub(super) fn this(&self, unit: &Rc<Unit>, id: ExprId, frame: Option<&Rc<Frame>>) -> Value {
        let scope = unit.index.scope.get(id.0 as usize).copied().flatten();
        self.this_of(
            unit,
            scope,
            unit.index.field_class.get(&id).map(|class| ClassRef { file: unit.file, id: *class }),
            frame,
        )
    }

    /// `this` inside a function, or in a field of a class.
    pub(crate) fn this_of(
        &self,
        unit: &Rc<Unit>,
        function: Option<FunctionId>,
        class: Option<ClassRef>,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let mut at = function;
        while let Some(function) = at {
            let fn_ref = FnRef { file: unit.file, id: function };
            if let Some(frame) = Frame::find(frame, fn_ref)
                && let Some(this) = &frame.this
            {
                return this.clone();
            }
            at = unit.index.parent[function.0 as usize];
        }
        // A field initialiser runs in the frame of the object that is being made.
        if function.is_none()
            && let Some(this) = frame.and_then(|frame| frame.this.as_ref())
        {
            return this.clone();
        }
        let own = function.and_then(|function| self.world.class_of(unit, function));
        match own.or(class) {
            Some(class) => Value::This(class),
            None => function
                .and_then(|function| self.extended(unit, function))
                .unwrap_or_else(|| Value::opaque("`this` is bound at run time")),
        }
    }
}
