//! Packages that are made of several files: the folders of Go, the packages of the JVM, the namespaces of .NET.

use super::split;
use crate::source::{FileId, Source};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::OnceCell;
use weir_syntax::Language;

/// A package of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PackageId(u32);

/// Languages whose packages see each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Space {
    Go,
    Jvm,
    Dotnet,
}

impl Space {
    fn of(path: &str) -> Option<Space> {
        Some(match Language::of_path(path)? {
            Language::Go => Space::Go,
            Language::Java | Language::Kotlin => Space::Jvm,
            Language::CSharp => Space::Dotnet,
            _ => return None,
        })
    }
}

/// The packages, found when first asked for: programs in other languages never do.
#[derive(Default)]
pub(crate) struct Packages(OnceCell<Table>);

#[derive(Default)]
struct Table {
    ids: FxHashMap<(Space, SmolStr), PackageId>,
    files: Vec<Vec<FileId>>,
    names: Vec<(Space, SmolStr)>,
}

impl Table {
    fn package(&mut self, space: Space, name: SmolStr) -> PackageId {
        let next = PackageId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let id = *self.ids.entry((space, name.clone())).or_insert(next);
        if id == next {
            self.files.push(Vec::new());
            self.names.push((space, name));
        }
        id
    }
}

impl Packages {
    fn table(&self, source: &dyn Source) -> &Table {
        self.0.get_or_init(|| {
            let mut table = Table::default();
            for (at, path) in source.paths().iter().enumerate() {
                let Some(space) = Space::of(path) else { continue };
                let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
                let name = match space {
                    Space::Go => split(path).0.into(),
                    Space::Jvm | Space::Dotnet => SmolStr::new(source.namespace(file).unwrap_or_default()),
                };
                let id = table.package(space, name.clone());
                table.files[id.0 as usize].push(file);
                // What holds nothing but other namespaces can be named as well.
                let mut outer = name.rsplit_once('.').filter(|_| space == Space::Dotnet);
                while let Some((around, _)) = outer {
                    table.package(space, around.into());
                    outer = around.rsplit_once('.');
                }
            }
            table
        })
    }

    /// The package of a name.
    pub(super) fn named(&self, source: &dyn Source, space: Space, name: &str) -> Option<PackageId> {
        self.table(source).ids.get(&(space, name.into())).copied()
    }

    /// The namespace of a name inside another.
    pub(super) fn inside(&self, source: &dyn Source, package: PackageId, name: &str) -> Option<PackageId> {
        let table = self.table(source);
        let (space, outer) = table.names.get(package.0 as usize).filter(|(space, _)| *space == Space::Dotnet)?;
        table.ids.get(&(*space, SmolStr::new(format!("{outer}.{name}")))).copied()
    }

    /// The Go package in a folder.
    pub(super) fn folder(&self, source: &dyn Source, folder: &str) -> Option<PackageId> {
        self.named(source, Space::Go, folder)
    }

    /// The files of a package.
    pub(super) fn files(&self, source: &dyn Source, package: PackageId) -> Vec<FileId> {
        self.table(source).files.get(package.0 as usize).cloned().unwrap_or_default()
    }

    /// The files of a package that may declare a name at their top level.
    pub(super) fn declaring(&self, source: &dyn Source, package: PackageId, name: &str) -> Vec<FileId> {
        let files = self.table(source).files.get(package.0 as usize).into_iter().flatten().copied();
        let may = |file: &FileId| match Language::of_path(&source.paths()[file.0 as usize]) {
            // Only types stand at the top level.
            Some(Language::Java | Language::CSharp) => source.may_declare_type(*file, name),
            _ => source.says(*file, name),
        };
        files.filter(may).collect()
    }
}
