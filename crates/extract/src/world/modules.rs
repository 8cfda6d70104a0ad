//! Which files an import names, language by language, and which names a file sees without importing them.

mod dotnet;
mod ecmascript;
mod go;
mod jvm;
mod packages;
mod python;
mod rust;
mod usings;

pub(crate) use ecmascript::{join, relaxed_json, split};
pub(crate) use go::{Modules as GoModules, imports as go_imports};
pub(crate) use packages::{PackageId, Packages};
pub(crate) use usings::{Usings, included};

use crate::source::{FileId, Source};
use smol_str::SmolStr;
use weir_syntax::{Language, Tree};

/// What the module part of an import leads to inside the program.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// One file.
    File(FileId),
    /// The files of a package or namespace.
    Package(PackageId),
    /// A type by its package and name: what is imported is a member of it.
    Type(PackageId, SmolStr),
}

/// The module systems of the program.
pub(crate) struct Modules {
    ecmascript: ecmascript::Modules,
    go: go::Modules,
    python: python::Modules,
    rust: rust::Modules,
    packages: Packages,
}

impl Modules {
    pub(crate) fn read(source: &dyn Source) -> Modules {
        Modules {
            ecmascript: ecmascript::Modules::read(source),
            go: go::Modules::read(source),
            python: python::Modules::read(source),
            rust: rust::Modules::read(source),
            packages: Packages::default(),
        }
    }

    /// What `module`, imported in the file at `path`, names; `None` for what lies outside the program.
    pub(crate) fn resolve(&self, source: &dyn Source, tree: &Tree, path: &str, module: &str) -> Option<Place> {
        match tree.language {
            Language::TypeScript | Language::Tsx | Language::JavaScript => {
                self.ecmascript.resolve(source, path, module).map(Place::File)
            }
            Language::Python => self.python.resolve(source, path, module).map(Place::File),
            Language::Rust => self.rust.resolve(source, path, module).map(Place::File),
            Language::Go => self.packages.folder(source, &self.go.folder(module)?).map(Place::Package),
            Language::Java | Language::Kotlin => jvm::resolve(source, &self.packages, module),
            Language::CSharp => dotnet::resolve(source, &self.packages, module),
        }
    }

    /// The files of which one must declare the module of a file, in languages where modules declare each other; `None`
    /// for a file that needs no declaration.
    pub(crate) fn parents(&self, source: &dyn Source, tree: &Tree, path: &str) -> Option<Vec<FileId>> {
        (tree.language == Language::Rust).then(|| self.rust.parents(source, path)).flatten()
    }

    /// The full name of the module that a file is, where files are modules with names of their own.
    pub(crate) fn name(&self, source: &dyn Source, tree: &Tree, path: &str) -> Option<String> {
        match tree.language {
            Language::Python => python::name(source, path),
            _ => None,
        }
    }

    /// The packages whose names a file sees without an import, the nearest first.
    pub(crate) fn around(&self, source: &dyn Source, tree: &Tree, path: &str) -> Vec<PackageId> {
        match tree.language {
            Language::Go => self.packages.folder(source, split(path).0).into_iter().collect(),
            Language::Java | Language::Kotlin => jvm::around(source, &self.packages, &tree.namespace),
            Language::CSharp => dotnet::around(source, &self.packages, &tree.namespace),
            _ => Vec::new(),
        }
    }

    /// The namespace that a name means in a file.
    pub(crate) fn namespace(&self, source: &dyn Source, tree: &Tree, name: &str) -> Option<PackageId> {
        match tree.language {
            Language::CSharp => dotnet::namespace(source, &self.packages, &tree.namespace, name),
            _ => None,
        }
    }

    /// The namespace of a name inside another.
    pub(crate) fn inside(&self, source: &dyn Source, package: PackageId, name: &str) -> Option<PackageId> {
        self.packages.inside(source, package, name)
    }

    /// The files of a package.
    pub(crate) fn files(&self, source: &dyn Source, package: PackageId) -> Vec<FileId> {
        self.packages.files(source, package)
    }

    /// The files of a package that may declare a name at their top level.
    pub(crate) fn declaring(&self, source: &dyn Source, package: PackageId, name: &str) -> Vec<FileId> {
        self.packages.declaring(source, package, name)
    }
}
