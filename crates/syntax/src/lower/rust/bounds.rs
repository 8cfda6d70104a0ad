//! Type parameters: a type that is one says the trait that bounds it as well, which is what its user can count on.

use super::{Lowering, named};
use crate::TypeRef;
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

/// Traits that tell nothing of what an object does for the program.
const MARKERS: &[&str] = &[
    "AsRef",
    "Borrow",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deref",
    "Deserialize",
    "DeserializeOwned",
    "Display",
    "Eq",
    "Error",
    "From",
    "Hash",
    "Into",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Serialize",
    "Sized",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
];

impl Lowering<'_, '_, '_> {
    /// Brings the type parameters of an item into sight; what was in sight before is handed back.
    pub(super) fn bound_by(&mut self, node: Node<'_>) -> Rc<[(SmolStr, TypeRef)]> {
        let mut bounds: Vec<(SmolStr, TypeRef)> = Vec::new();
        for param in node.child_by_field_name("type_parameters").map(named).unwrap_or_default() {
            let name = self.field_text(param, "name");
            self.take_bound(param, name, &mut bounds);
        }
        for clause in named(node).into_iter().filter(|child| child.kind() == "where_clause") {
            for predicate in named(clause) {
                let name = self.field_text(predicate, "left");
                self.take_bound(predicate, name, &mut bounds);
            }
        }
        bounds.extend(self.context.bounds.iter().cloned());
        std::mem::replace(&mut self.context.bounds, bounds.into())
    }

    fn take_bound(&mut self, node: Node<'_>, name: SmolStr, bounds: &mut Vec<(SmolStr, TypeRef)>) {
        let traits = node.child_by_field_name("bounds").map(|_| self.bounds(node)).unwrap_or_default();
        let tells = |ty: &TypeRef| {
            let last = ty.name().and_then(|name| name.rsplit('.').next());
            last.is_some_and(|name| !MARKERS.contains(&name)) || matches!(ty, TypeRef::Function(..))
        };
        if let Some(bound) = traits.into_iter().find(tells)
            && !name.is_empty()
        {
            bounds.push((name, bound));
        }
    }

    /// A type parameter together with the trait that bounds it.
    pub(super) fn bounding(&self, name: &str) -> Option<TypeRef> {
        let (param, bound) = self.context.bounds.iter().find(|(param, _)| param == name)?;
        Some(TypeRef::Union(vec![TypeRef::named(param.clone()), bound.clone()]))
    }
}
