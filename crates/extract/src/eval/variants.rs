//! Variants of enums that are objects: which one a value is, what it holds, and how it is written as text.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Instance, Value};
use crate::world::{ClassRef, FnRef, Key, last_name};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Expr, TypeRef};

impl Eval<'_, '_> {
    /// True for an object whose class derives a trait.
    pub(super) fn derives(&self, on: &Value, derived: &str) -> bool {
        let Value::Instance(instance) = on else { return false };
        self.world.unit(instance.class.file).is_some_and(|unit| {
            let annotations = unit.class(instance.class.id).annotations.iter();
            let args = annotations.filter(|annotation| annotation.name == "derive").flat_map(|derive| &derive.args);
            args.filter_map(|arg| last_name(&unit.tree, arg.value)).any(|name| name == derived)
        })
    }

    /// True for a parameter declared as an enum that has this method: which variant it is decides what the method yields,
    /// and whoever calls decides that.
    pub(super) fn is_enum_with(&self, function: FnRef, at: usize, path: &[Key], method: &str) -> bool {
        let Some(unit) = self.world.unit(function.file).filter(|unit| unit.tree.language.has_impls()) else {
            return false;
        };
        let ty = unit.function(function.id).params.get(at).and_then(|param| param.ty.as_ref());
        let ty = match path {
            [] => ty,
            [Key::Name(item)] if item == "[]" => ty.and_then(item_of),
            _ => None,
        };
        match ty.and_then(TypeRef::name).and_then(|name| self.type_name(&unit, name)) {
            Some(TypeTarget::Class(class)) => self.is_enum(class) && self.method(class, method).is_some(),
            _ => false,
        }
    }

    /// A variant of an enum as a value: an object that knows its name.
    pub(super) fn variant(&self, class: ClassRef, name: &SmolStr) -> Value {
        let constant = Some(name.clone());
        Value::Instance(Rc::new(Instance { constant, ..Instance::of(class) }))
    }

    /// A variant with what it holds.
    pub(super) fn variant_with(&self, variant: &Instance, args: Vec<Value>) -> Value {
        Value::Instance(Rc::new(Instance { args: Some(args), ..variant.clone() }))
    }

    /// The text of an object that says how it is shown: its `Display`, or the name of an enum's variant.
    pub(super) fn shown(&self, on: &Value) -> Option<Value> {
        match on {
            Value::Instance(instance) => {
                if self.method(instance.class, "fmt").is_some() {
                    let formatted = self.member(on, "fmt");
                    let text = self.apply(&formatted, vec![Value::opaque("a formatter")]);
                    return (!text.is_empty()).then_some(text);
                }
                let variant = instance.constant.as_ref()?;
                Some(Value::Text(self.variant_text(instance.class, variant)))
            }
            Value::Choice(options) => {
                let texts: Vec<Value> =
                    options.iter().map(|option| self.shown(option).unwrap_or_else(|| option.clone())).collect();
                Some(Value::choice(texts))
            }
            _ => None,
        }
    }

    /// How a variant is written: as its own attribute says, or as the attribute of the enum changes all of them.
    fn variant_text(&self, class: ClassRef, variant: &SmolStr) -> SmolStr {
        let Some(unit) = self.world.unit(class.file) else { return variant.clone() };
        let decl = unit.class(class.id);
        let own = decl.variants.iter().find(|other| other.name == *variant).and_then(|other| other.value);
        if let Some(Expr::Text(text)) = own.map(|value| unit.expr(value)) {
            return text.clone();
        }
        let styles = decl.annotations.iter().flat_map(|annotation| &annotation.args);
        let style = styles.filter(|arg| matches!(arg.name.as_deref(), Some("serialize_all" | "rename_all")));
        let style = style.map(|arg| unit.expr(arg.value)).find_map(|expr| match expr {
            Expr::Text(text) => Some(text.clone()),
            _ => None,
        });
        style.map_or_else(|| variant.clone(), |style| styled(variant, &style))
    }
}

/// What comes out of the end of a channel of the process that a type is.
pub(crate) fn item_of(ty: &TypeRef) -> Option<&TypeRef> {
    match ty {
        TypeRef::Named { name, args } => match (name.rsplit('.').next(), args.as_slice()) {
            (Some("Receiver" | "UnboundedReceiver"), [item]) => Some(item),
            _ => None,
        },
        _ => None,
    }
}

/// A variant's name in the style that an attribute asks for.
fn styled(name: &str, style: &str) -> SmolStr {
    let mut words: Vec<String> = Vec::new();
    for c in name.chars() {
        match words.last_mut() {
            Some(word) if !c.is_uppercase() => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let text = match style {
        "snake_case" => lower.join("_"),
        "kebab-case" => lower.join("-"),
        "lowercase" => lower.concat(),
        "UPPERCASE" => lower.concat().to_uppercase(),
        "SCREAMING_SNAKE_CASE" | "shouty_snake_case" => lower.join("_").to_uppercase(),
        "SCREAMING-KEBAB-CASE" => lower.join("-").to_uppercase(),
        "camelCase" => match words.split_first() {
            Some((first, rest)) => format!("{}{}", first.to_lowercase(), rest.concat()),
            None => String::new(),
        },
        _ => name.to_owned(),
    };
    text.into()
}
