//! What a message carries: fields with their types, from the value that is sent and from the type it is declared with.

use crate::eval::Eval;
use crate::value::Value;
use crate::world::{ClassRef, Def, Key, Target, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Field;
use weir_syntax::{Call, Entry, Expr, ExprId, FunctionKind, Pattern, Stmt, TypeKind, TypeRef};

/// Types and objects are followed this deep.
const DEEPEST: usize = 8;
/// Most fields of one type.
const MOST_FIELDS: usize = 100;
/// A nested shape with more characters is only an object.
const LONGEST: usize = 400;
/// Most expressions of a call in which the declaration of its payload is looked for.
const MOST_EXPRESSIONS: usize = 200;

/// Types that only wrap the one that counts.
const WRAPPERS: &[&str] = &["Readonly", "Partial", "Required", "NonNullable", "Awaited", "Promise"];

/// Fields that say which message an object is.
const TELLS: &[&str] = &["type", "eventType", "event_type", "event", "eventName", "messageType", "kind"];

/// The fields of a payload and the names of the messages that it may be, as far as it carries them itself.
#[derive(Default)]
pub(crate) struct Payload {
    pub(crate) fields: Vec<Field>,
    pub(crate) names: Vec<String>,
}

/// What says in the objects that are sent which message each of them is, where whoever calls decides it.
pub(super) fn kinds(values: &[Value]) -> Vec<Value> {
    let objects = values.iter().flat_map(|value| value.alternatives()).filter_map(|value| match value {
        Value::Object(object) => Some(object),
        _ => None,
    });
    let told = objects.filter_map(|object| object.fields.iter().find(|(key, _)| TELLS.contains(&key.as_str())));
    // What is a part of something larger is data, be it called a type.
    let is_kind = |kind: &Value| match kind {
        Value::Param(_, _, path) => path.is_empty(),
        kind => matches!(kind, Value::Text(_)),
    };
    told.map(|(_, kind)| kind.clone()).filter(is_kind).collect()
}

/// What values say that are sent by a call; the call's own arguments tell what they are declared as.
pub(crate) fn of(eval: &Eval<'_, '_>, values: &[Value], unit: &Rc<Unit>, call: Option<ExprId>) -> Payload {
    let reader = Reader { eval };
    let values: Vec<&Value> = values.iter().flat_map(|value| value.alternatives()).collect();
    let mut payload = Payload::default();
    let mut declared = None;
    if let Some((unit, ty)) = call.and_then(|call| reader.declaration(unit, call, &values)) {
        payload.take(reader.shape(&unit, &ty, &[], 2, DEEPEST));
        declared = reader.declared_name(&unit, &ty);
    }
    for value in values {
        payload.take(reader.value(value, 1, DEEPEST));
        if let Some(name) = reader.name(value).filter(|name| !payload.names.contains(name)) {
            payload.names.push(name);
        }
    }
    // What the message says of itself counts before what the code calls its type.
    if payload.names.is_empty() {
        payload.names.extend(declared);
    }
    payload
}

impl Payload {
    /// Adds what a shape says; what is known already stays.
    fn take(&mut self, shape: Shape) {
        let Shape::Record(entries) = shape else { return };
        for Member { name, shape, optional } in entries {
            let ty = shape.text();
            let room = self.fields.len() < MOST_FIELDS;
            match self.fields.iter_mut().find(|field| field.name == *name) {
                Some(known) if known.ty.is_empty() => known.ty = ty,
                Some(_) => {}
                None if room => {
                    self.fields.push(Field { name: name.to_string(), ty, optional });
                }
                None => {}
            }
        }
    }
}

/// A type as it goes over the wire.
#[derive(Clone)]
enum Shape {
    /// Fields.
    Record(Vec<Member>),
    /// A name or anything else that is written as it is; empty when unknown.
    Text(String),
}

#[derive(Clone)]
struct Member {
    name: SmolStr,
    shape: Shape,
    optional: bool,
}

impl Shape {
    fn unknown() -> Shape {
        Shape::Text(String::new())
    }

    fn text(&self) -> String {
        let entries = match self {
            Shape::Text(text) => return text.clone(),
            Shape::Record(entries) => entries,
        };
        let mut parts = Vec::new();
        let mut length = 0;
        for Member { name, shape, optional } in entries {
            let (ty, mark) = (shape.text(), if *optional { "?" } else { "" });
            let part = if ty.is_empty() { format!("{name}{mark}") } else { format!("{name}{mark}: {ty}") };
            length += part.len() + 2;
            parts.push(part);
            if length > LONGEST {
                return "object".to_owned();
            }
        }
        format!("{{{}}}", parts.join(", "))
    }
}

struct Reader<'e, 'w, 's> {
    eval: &'e Eval<'w, 's>,
}

impl Reader<'_, '_, '_> {
    /// The message name a value carries itself.
    fn name(&self, value: &Value) -> Option<String> {
        match value {
            Value::Object(object) => object.fields.iter().find_map(|(key, value)| match value {
                Value::Text(text) if TELLS.contains(&key.as_str()) => Some(text.to_string()),
                _ => None,
            }),
            Value::Instance(instance) if instance.constant.is_some() => {
                instance.constant.as_ref().map(SmolStr::to_string)
            }
            // Of an element only the type of the list is known, which may be a base of what is in it.
            Value::Instance(instance) if self.is_any_below(instance) => None,
            Value::Instance(instance) if !self.eval.is_enum(instance.class) => {
                Some(self.eval.class_name(instance.class).to_string())
            }
            Value::Param(function, at, path) => {
                let unit = self.eval.world.unit(function.file)?;
                let ty = unit.function(function.id).params.get(*at)?.ty.as_ref()?;
                let ty = match path.as_ref() {
                    [] => ty,
                    [Key::Name(each)] if each == "[]" => crate::eval::element_type(unit.tree.language, ty)?,
                    _ => return None,
                };
                let name = ty.name()?;
                self.eval
                    .type_name(&unit, name)
                    .filter(|target| matches!(target, crate::eval::TypeTarget::Class(_)))?;
                Some(name.to_owned())
            }
            _ => None,
        }
    }

    /// The name of a type of the program as which an object is written down without a class: `const placed: Placed = {…}`.
    fn declared_name(&self, unit: &Rc<Unit>, ty: &TypeRef) -> Option<String> {
        let TypeRef::Named { name, args } = ty else { return None };
        let of_class = args.is_empty() && unit.tree.language.has_exports() && self.declared(unit, name).is_some();
        of_class.then(|| name.to_string())
    }

    /// True for an element of a list whose declared type has others below it.
    fn is_any_below(&self, instance: &crate::value::Instance) -> bool {
        let element = |path: &[Key]| matches!(path.last(), Some(Key::Name(each)) if each == "[]");
        matches!(&instance.source, Some(Value::Param(_, _, path)) if element(path))
            && !self.eval.subclasses(instance.class).is_empty()
    }

    /// The shape of a value; named types are opened `named` levels deep.
    fn value(&self, value: &Value, named: usize, left: usize) -> Shape {
        if left == 0 {
            return Shape::unknown();
        }
        let text = |text: &str| Shape::Text(text.to_owned());
        match value {
            Value::Text(_) | Value::Concat(_) => text("string"),
            Value::Number(_) => text("number"),
            Value::Bool(_) => text("boolean"),
            Value::List(items) => match items.first().map(|first| self.value(first, 0, left - 1).text()) {
                Some(item) if !item.is_empty() && items.len() == 1 => Shape::Text(format!("{item}[]")),
                _ => text("array"),
            },
            Value::Object(object) if object.fields.is_empty() => text("object"),
            Value::Object(object) => {
                let entry = |(name, value): &(SmolStr, Value)| Member {
                    name: name.clone(),
                    shape: self.value(value, 0, left - 1),
                    optional: false,
                };
                Shape::Record(object.fields.iter().take(MOST_FIELDS).map(entry).collect())
            }
            Value::Instance(instance) if named > 0 => self.class(instance.class, &[], named - 1, left - 1),
            Value::Instance(instance) => Shape::Text(self.eval.class_name(instance.class).to_string()),
            Value::Param(function, at, path) => {
                let Some(unit) = self.eval.world.unit(function.file) else { return Shape::unknown() };
                let Some(ty) = unit.function(function.id).params.get(*at).and_then(|param| param.ty.clone()) else {
                    return Shape::unknown();
                };
                let mut shape = self.shape(&unit, &ty, &[], named + path.len(), left - 1);
                for key in path.iter() {
                    shape = match (shape, key) {
                        (Shape::Record(entries), Key::Name(name)) => entries
                            .into_iter()
                            .find(|entry| entry.name == *name)
                            .map_or_else(Shape::unknown, |entry| entry.shape),
                        _ => Shape::unknown(),
                    };
                }
                shape
            }
            _ => Shape::unknown(),
        }
    }

    /// The shape of a type as written in a file, with what type parameters stand for.
    fn shape(&self, unit: &Rc<Unit>, ty: &TypeRef, known: &[(SmolStr, Shape)], named: usize, left: usize) -> Shape {
        if left == 0 {
            return Shape::unknown();
        }
        match ty {
            TypeRef::Named { name, args } => {
                if let Some((_, shape)) = known.iter().find(|(parameter, _)| parameter == name) {
                    return shape.clone();
                }
                if let ([inner], true) = (args.as_slice(), WRAPPERS.contains(&name.as_str())) {
                    return self.shape(unit, inner, known, named, left - 1);
                }
                let opened = if named > 0 { self.declared(unit, name) } else { None };
                match opened {
                    Some(class) => {
                        let args: Vec<Shape> =
                            args.iter().map(|arg| self.shape(unit, arg, known, named - 1, left - 1)).collect();
                        self.class(class, &args, named - 1, left - 1)
                    }
                    // A struct without a name has one that no source can say.
                    None if name.contains("{}") => Shape::unknown(),
                    None => Shape::Text(name.to_string()),
                }
            }
            TypeRef::List(inner) => {
                let inner = self.shape(unit, inner, known, 0, left - 1).text();
                Shape::Text(if inner.is_empty() { "array".to_owned() } else { format!("{inner}[]") })
            }
            TypeRef::Union(types) => {
                let texts: Vec<String> =
                    types.iter().take(8).map(|ty| self.shape(unit, ty, known, 0, left - 1).text()).collect();
                let known = !texts.iter().any(String::is_empty);
                if known { Shape::Text(texts.join(" | ")) } else { Shape::unknown() }
            }
            TypeRef::Record(fields) => Shape::Record(
                fields
                    .iter()
                    .take(MOST_FIELDS)
                    .map(|(name, ty, optional)| Member {
                        name: name.clone(),
                        shape: self.shape(unit, ty, known, named.saturating_sub(1), left - 1),
                        optional: *optional,
                    })
                    .collect(),
            ),
            TypeRef::Text(text) => Shape::Text(format!("'{text}'")),
            _ => Shape::unknown(),
        }
    }

    /// The fields of a class, its bases' first; its name when it has none.
    fn class(&self, class: ClassRef, args: &[Shape], named: usize, left: usize) -> Shape {
        let Some(unit) = self.eval.world.unit(class.file) else { return Shape::unknown() };
        let decl = unit.class(class.id);
        if left == 0 || decl.kind == TypeKind::Enum {
            return Shape::Text(decl.name.to_string());
        }
        let known: Vec<(SmolStr, Shape)> = decl.type_params.iter().cloned().zip(args.iter().cloned()).collect();
        if let (TypeKind::Alias, Some(ty)) = (decl.kind, &decl.alias) {
            // An alias is the type it stands for, not a level of its own.
            return self.shape(&unit, ty, &known, named + 1, left - 1);
        }
        let mut entries: Vec<Member> = Vec::new();
        for base in decl.bases.iter().take(DEEPEST) {
            if let Shape::Record(inherited) = self.shape(&unit, base, &known, named + 1, left - 1) {
                entries.extend(inherited);
            }
        }
        let fields = decl
            .fields
            .iter()
            .filter(|field| !field.is_static && !matches!(field.ty, Some(TypeRef::Function(..))))
            .filter_map(|field| {
                let (name, optional) = on_the_wire(&unit, field)?;
                Some((name, field.ty.as_ref(), optional))
            });
        let constructors = decl.members.iter().map(|id| unit.function(*id));
        let params = constructors
            .filter(|function| function.kind == FunctionKind::Constructor)
            .flat_map(|function| &function.params)
            .filter(|param| param.field)
            .filter_map(|param| match &param.pattern {
                Pattern::Name(name) => Some((name.clone(), param.ty.as_ref(), param.default.is_some())),
                _ => None,
            });
        for (name, ty, optional) in fields.chain(params).take(MOST_FIELDS) {
            let shape = ty.map_or_else(Shape::unknown, |ty| self.shape(&unit, ty, &known, named, left - 1));
            entries.retain(|entry| entry.name != name);
            entries.push(Member { name, shape, optional });
        }
        if entries.is_empty() { Shape::Text(decl.name.to_string()) } else { Shape::Record(entries) }
    }

    /// The declaration a type name stands for; other than elsewhere an alias is not followed, it may bind parameters.
    fn declared(&self, unit: &Rc<Unit>, name: &str) -> Option<ClassRef> {
        let at = |unit: &Unit, name: &str| {
            let at = unit.tree.types.iter().position(|ty| ty.name == name)?;
            Some(ClassRef { file: unit.file, id: weir_syntax::TypeId(u32::try_from(at).ok()?) })
        };
        match unit.index.defs.get(&(None, name.into())).and_then(|defs| defs.first()) {
            Some(Def::Import(import)) => match self.eval.world.import(unit, *import, 0)? {
                Target::Named(file, name) => at(&*self.eval.world.unit(file)?, &name),
                _ => None,
            },
            _ => at(unit, name).or_else(|| match self.eval.type_name(unit, name)? {
                crate::eval::TypeTarget::Class(class) if unit.tree.language.spreads_members() => Some(class),
                _ => None,
            }),
        }
    }

    /// The type that the payload of a call is declared with where the call hands it over, and the file that says so.
    fn declaration(&self, unit: &Rc<Unit>, call: ExprId, values: &[&Value]) -> Option<(Rc<Unit>, TypeRef)> {
        let (Expr::Call(call) | Expr::New(call)) = unit.expr(call) else { return None };
        let sent = |id: ExprId| {
            let value = self.eval.expr(unit, id, None);
            matches!(value, Value::Object(_) | Value::Instance(_)) && values.contains(&&value)
        };
        let mut next: Vec<ExprId> = call.args.iter().rev().map(|arg| arg.value).collect();
        for _ in 0..MOST_EXPRESSIONS {
            let Some(id) = next.pop() else { break };
            match unit.expr(id) {
                Expr::Name(name) => {
                    if let Some(ty) = self.type_of(unit, id, name)
                        && sent(id)
                    {
                        return Some((unit.clone(), ty));
                    }
                }
                Expr::Cast { value, ty: Some(ty) } if ty.name().is_some() && sent(*value) => {
                    return Some((unit.clone(), ty.clone()));
                }
                Expr::Cast { value, .. } | Expr::Await(value) | Expr::Spread(value) => next.push(*value),
                Expr::Call(call) => next.extend(call.args.iter().rev().map(|arg| arg.value)),
                Expr::List(items) => next.extend(items.iter().rev()),
                Expr::Object(entries) => next.extend(entries.iter().rev().map(|entry| match entry {
                    Entry::Field { value, .. } | Entry::Spread(value) | Entry::Computed { value, .. } => *value,
                })),
                _ => {}
            }
        }
        let at = call.args.iter().position(|arg| sent(arg.value))?;
        self.parameter(unit, call, at)
    }

    /// The type a project function declares for the argument at a position, or that the call gives its type parameter.
    fn parameter(&self, unit: &Rc<Unit>, call: &Call, at: usize) -> Option<(Rc<Unit>, TypeRef)> {
        let callees = self.eval.callees(unit, call, None);
        let [callee] = callees.as_slice() else { return None };
        let other = self.eval.world.unit(callee.function.file)?;
        let function = other.function(callee.function.id);
        let ty = function.params.get(at)?.ty.clone()?;
        let parameter = function.type_params.iter().position(|parameter| ty.name() == Some(parameter));
        match parameter {
            Some(parameter) => Some((unit.clone(), call.type_args.get(parameter)?.clone())),
            None => Some((other.clone(), ty)),
        }
    }

    /// The declared type of a variable, seen from an expression.
    fn type_of(&self, unit: &Rc<Unit>, at: ExprId, name: &SmolStr) -> Option<TypeRef> {
        let mut scope = unit.index.scope[at.0 as usize];
        loop {
            if let Some(defs) = unit.index.defs.get(&(scope, name.clone())) {
                let [Def::Let { stmt, path, .. }] = defs.as_slice() else { return None };
                return match &unit.tree.stmts[stmt.0 as usize] {
                    Stmt::Let { ty, .. } if path.is_empty() => ty.clone(),
                    _ => None,
                };
            }
            scope = unit.index.parent[scope?.0 as usize];
        }
    }
}

/// What a field is called in a message and whether it may be left out; `None` for fields that no message has.
fn on_the_wire(unit: &Unit, field: &weir_syntax::FieldDecl) -> Option<(SmolStr, bool)> {
    if !unit.tree.language.spreads_members() {
        return Some((field.name.clone(), field.optional));
    }
    let tag = field.annotations.iter().find(|annotation| annotation.name == "json");
    let tag = tag.and_then(|tag| match unit.expr(tag.args.first()?.value) {
        Expr::Text(text) => Some(text.clone()),
        _ => None,
    });
    match tag {
        Some(tag) => {
            let (name, options) = tag.split_once(',').unwrap_or((&tag, ""));
            let name = if name.is_empty() { field.name.as_str() } else { name };
            (name != "-").then(|| (name.into(), options.contains("omitempty")))
        }
        // Only fields that other packages see are written.
        None => field.name.starts_with(char::is_uppercase).then(|| (field.name.clone(), false)),
    }
}
