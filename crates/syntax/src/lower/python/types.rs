//! Type hints.

use super::{Lowering, bare, fields, named};
use crate::TypeRef;
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// A type hint; beyond the depth bound it is [`TypeRef::Other`].
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> TypeRef {
        self.deeper(|inner| inner.type_at(node)).unwrap_or(TypeRef::Other)
    }

    pub(super) fn field_type(&mut self, node: Node<'_>, field: &str) -> Option<TypeRef> {
        node.child_by_field_name(field).map(|ty| self.type_ref(ty))
    }

    /// `[A, B]` behind a name, by name.
    pub(super) fn type_parameters(&mut self, node: Node<'_>) -> Vec<SmolStr> {
        let params = node.child_by_field_name("type_parameters").map(named).unwrap_or_default();
        let mut names = Vec::new();
        for param in params {
            let mut at = param;
            // `T: Bound` has the name first.
            while let Some(inner) = named(at).first().copied() {
                at = inner;
            }
            names.push(self.text(at));
        }
        names
    }

    fn type_at(&mut self, node: Node<'_>) -> TypeRef {
        let node = inside(node);
        match node.kind() {
            "identifier" | "attribute" | "dotted_name" => TypeRef::named(self.dotted(node)),
            "none" => TypeRef::named("null"),
            "member_type" => TypeRef::named(self.dotted(node)),
            "string" | "concatenated_string" => match self.plain_string(node) {
                Some(name) => forward_reference(&name),
                None => TypeRef::Other,
            },
            "generic_type" => {
                let children = named(node);
                let name = children.first().map(|name| self.dotted(*name)).unwrap_or_default();
                let args = children.get(1).map(|list| named(*list)).unwrap_or_default();
                self.generic(name, &args)
            }
            "subscript" => {
                let name = node.child_by_field_name("value").map(|name| self.dotted(name)).unwrap_or_default();
                self.generic(name, &fields(node, "subscript"))
            }
            "union_type" | "binary_operator" => {
                let mut all = Vec::new();
                let mut stack = vec![node];
                while let Some(at) = stack.pop() {
                    let at = inside(at);
                    if matches!(at.kind(), "union_type" | "binary_operator") {
                        stack.extend(named(at).into_iter().rev());
                    } else {
                        all.push(self.type_ref(at));
                    }
                }
                TypeRef::Union(all)
            }
            "constrained_type" => match named(node).first() {
                Some(first) => self.type_ref(*first),
                None => TypeRef::Other,
            },
            _ => TypeRef::Other,
        }
    }

    fn generic(&mut self, name: SmolStr, args: &[Node<'_>]) -> TypeRef {
        let last = name.rsplit('.').next().unwrap_or(&name);
        match (last, args) {
            ("Literal", _) => {
                let mut all = Vec::new();
                for arg in args {
                    let inner = inside(*arg);
                    all.push(match inner.kind() {
                        "string" => self.plain_string(inner).map_or(TypeRef::Other, TypeRef::Text),
                        "none" => TypeRef::named("null"),
                        "attribute" => TypeRef::ValueOf(self.dotted(inner)),
                        _ => TypeRef::Other,
                    });
                }
                if all.len() == 1 { all.pop().unwrap_or(TypeRef::Other) } else { TypeRef::Union(all) }
            }
            // What stands for the first argument alone; the extras of `Annotated` are read where they count.
            ("Annotated" | "ClassVar" | "Final" | "Required" | "NotRequired" | "ReadOnly", [first, ..]) => {
                self.type_ref(*first)
            }
            ("Optional", [only]) => TypeRef::Union(vec![self.type_ref(*only), TypeRef::named("null")]),
            ("Union", _) => TypeRef::Union(args.iter().map(|arg| self.type_ref(*arg)).collect()),
            ("Callable", [params, result]) => {
                let params = inside(*params);
                let params = if params.kind() == "list" { named(params) } else { Vec::new() };
                let params = params.into_iter().map(|param| self.type_ref(param)).collect();
                TypeRef::Function(params, Some(Box::new(self.type_ref(*result))))
            }
            _ => {
                let mut all = Vec::new();
                for arg in args {
                    // `Name[A, B]` with a tuple inside is the same.
                    let arg = inside(*arg);
                    if arg.kind() == "tuple" {
                        all.extend(named(arg).into_iter().map(|item| self.type_ref(item)).collect::<Vec<_>>());
                    } else {
                        all.push(self.type_ref(arg));
                    }
                }
                TypeRef::Named { name, args: all }
            }
        }
    }

    /// The name and the arguments of a hint like `Name[…]`.
    pub(super) fn hint<'t>(&self, node: Node<'t>) -> (SmolStr, Vec<Node<'t>>) {
        let node = inside(node);
        let (name, args) = match node.kind() {
            "generic_type" => {
                let children = named(node);
                let args = children.get(1).map(|list| named(*list)).unwrap_or_default();
                (children.first().copied(), args)
            }
            "subscript" => (node.child_by_field_name("value"), fields(node, "subscript")),
            _ => (Some(node), Vec::new()),
        };
        let name = name.map(|name| self.dotted(name)).unwrap_or_default();
        let last = name.rsplit('.').next().map(SmolStr::new).unwrap_or_default();
        (last, args)
    }
}

/// The type or expression inside wrappers that add nothing.
pub(super) fn inside(node: Node<'_>) -> Node<'_> {
    let mut at = bare(node);
    while at.kind() == "type" {
        match named(at).first() {
            Some(inner) => at = bare(*inner),
            None => break,
        }
    }
    at
}

/// A type in quotes: a name, with arguments or `| None` where they are names as well.
fn forward_reference(text: &str) -> TypeRef {
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    let text = text.trim();
    let options: Vec<&str> = text.split('|').map(str::trim).collect();
    if options.len() > 1 && options.iter().all(|option| is_name(option)) {
        let name = |option: &&str| TypeRef::named(if *option == "None" { "null" } else { *option });
        return TypeRef::Union(options.iter().map(name).collect());
    }
    match text.split_once('[').and_then(|(name, rest)| Some((name.trim(), rest.strip_suffix(']')?))) {
        Some((name, args)) if is_name(name) && args.split(',').all(|arg| is_name(arg.trim())) => {
            let args = args.split(',').map(|arg| TypeRef::named(arg.trim())).collect();
            match name.rsplit('.').next() {
                Some("Optional") => {
                    let mut options: Vec<TypeRef> = args;
                    options.push(TypeRef::named("null"));
                    TypeRef::Union(options)
                }
                _ => TypeRef::Named { name: name.into(), args },
            }
        }
        _ if is_name(text) => TypeRef::named(text),
        _ => TypeRef::Other,
    }
}
