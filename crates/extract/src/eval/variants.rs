//! Variants of enums that are objects: which one a value is, what it holds, and how it is written as text.

use super::Eval;
use crate::value::{Instance, Value};
use crate::world::ClassRef;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::Expr;

impl Eval<'_, '_> {
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
