//! C#: `using` names namespaces, or types whose static members are meant.

use super::Place;
use super::packages::{PackageId, Packages, Space};
use crate::source::Source;
use smol_str::SmolStr;

/// What a `using` leads to.
pub(super) fn resolve(source: &dyn Source, packages: &Packages, module: &str) -> Option<Place> {
    if let Some(package) = packages.named(source, Space::Dotnet, module) {
        return Some(Place::Package(package));
    }
    let (namespace, ty) = module.rsplit_once('.')?;
    let package = packages.named(source, Space::Dotnet, namespace)?;
    (!packages.declaring(source, package, ty).is_empty()).then(|| Place::Type(package, SmolStr::new(ty)))
}

/// A file sees its namespace and those around it, up to the global one.
pub(super) fn around(source: &dyn Source, packages: &Packages, namespace: &str) -> Vec<PackageId> {
    let mut around = Vec::new();
    let mut at = Some(namespace);
    while let Some(name) = at {
        around.extend(packages.named(source, Space::Dotnet, name));
        at = match name.rsplit_once('.') {
            Some((outer, _)) => Some(outer),
            None if name.is_empty() => None,
            None => Some(""),
        };
    }
    around
}

/// The namespace that a name means in a file: one of that name below a namespace around it, or a first one.
pub(super) fn namespace(source: &dyn Source, packages: &Packages, around: &str, name: &str) -> Option<PackageId> {
    let mut at = around;
    loop {
        let full = if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        if let Some(package) = packages.named(source, Space::Dotnet, &full) {
            return Some(package);
        }
        if at.is_empty() {
            return None;
        }
        at = at.rsplit_once('.').map_or("", |(outer, _)| outer);
    }
}
