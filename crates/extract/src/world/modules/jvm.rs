//! Java and Kotlin: imports name packages, types, and static members of types.

use super::Place;
use super::packages::{PackageId, Packages, Space};
use crate::source::Source;
use smol_str::SmolStr;

/// Types inside types that an import names.
const MAX_NESTED: usize = 4;

/// What the part of an import before its last name leads to: a package, or a type whose member is meant.
pub(super) fn resolve(source: &dyn Source, packages: &Packages, module: &str) -> Option<Place> {
    if let Some(package) = packages.named(source, Space::Jvm, module) {
        return Some(Place::Package(package));
    }
    // Types nest: the package ends where one of that name exists.
    let mut end = module.rfind('.')?;
    for _ in 0..MAX_NESTED {
        if let Some(package) = packages.named(source, Space::Jvm, &module[..end]) {
            return Some(Place::Type(package, SmolStr::new(&module[end + 1..])));
        }
        end = module[..end].rfind('.')?;
    }
    None
}

/// A file sees its own package.
pub(super) fn around(source: &dyn Source, packages: &Packages, namespace: &str) -> Vec<PackageId> {
    packages.named(source, Space::Jvm, namespace).into_iter().collect()
}
