//! C#: what files need not say: the global usings of a project, in its code and its project file, and those of its SDK.

use super::split;
use crate::source::{FileId, Source};
use smol_str::SmolStr;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use weir_syntax::{ExportTarget, Import, Imported, Language};

/// Namespaces that the SDKs of web programs and workers bring in where usings are implicit, as in every new project.
const IMPLICIT: &[&str] = &[
    "System",
    "System.Collections.Generic",
    "System.Net.Http",
    "System.Threading.Tasks",
    "Microsoft.AspNetCore.Builder",
    "Microsoft.AspNetCore.Http",
    "Microsoft.AspNetCore.Routing",
    "Microsoft.Extensions.Configuration",
    "Microsoft.Extensions.DependencyInjection",
    "Microsoft.Extensions.Hosting",
    "Microsoft.Extensions.Logging",
];

/// The namespaces by the folder of the project they hold for, found when first asked for.
#[derive(Default)]
pub(crate) struct Usings {
    table: OnceCell<Table>,
    /// Packages with the namespaces that they bring into the projects that refer to them.
    packages: BTreeMap<SmolStr, BTreeSet<SmolStr>>,
}

#[derive(Default)]
struct Table {
    /// Folders that hold a project file.
    projects: BTreeSet<SmolStr>,
    /// Namespaces for what lies below a folder.
    brought: BTreeMap<SmolStr, BTreeSet<SmolStr>>,
}

impl Usings {
    /// A package brings a namespace into every project that refers to it.
    pub(crate) fn bring(&mut self, package: &SmolStr, namespace: &SmolStr) {
        self.packages.entry(package.clone()).or_default().insert(namespace.clone());
    }

    /// The imports that hold for a file without being said in it.
    pub(crate) fn of(&self, source: &dyn Source, path: &str) -> Vec<Import> {
        let table = self.table.get_or_init(|| Table::read(source, &self.packages));
        let project = table.project(path);
        let mut modules: BTreeSet<SmolStr> = IMPLICIT.iter().map(|module| SmolStr::new_static(module)).collect();
        for (folder, brought) in &table.brought {
            // A folder above the project speaks for it as well: its properties are those of all projects below.
            let above = folder.is_empty()
                || project == folder
                || project.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
            if above {
                modules.extend(brought.iter().cloned());
            }
        }
        let import = |module| Import { module, imported: Imported::All, local: SmolStr::default(), line: 0 };
        modules.into_iter().map(import).collect()
    }
}

impl Table {
    fn read(source: &dyn Source, packages: &BTreeMap<SmolStr, BTreeSet<SmolStr>>) -> Table {
        let mut table = Table::default();
        let file = |at: usize| FileId(u32::try_from(at).unwrap_or(u32::MAX));
        for (at, path) in source.paths().iter().enumerate() {
            let (folder, name) = split(path);
            let is_project = name.ends_with(".csproj");
            if is_project {
                table.projects.insert(folder.into());
            }
            if (is_project || matches!(name, "Directory.Build.props" | "Directory.Build.targets"))
                && let Some(text) = source.text(file(at))
            {
                let brought = table.brought.entry(folder.into()).or_default();
                brought.extend(included(&text, "Using"));
                let referred = included(&text, "PackageReference").filter_map(|package| packages.get(&package));
                brought.extend(referred.flatten().cloned());
            }
        }
        for (at, path) in source.paths().iter().enumerate() {
            let file = file(at);
            if Language::of_path(path) != Some(Language::CSharp) || !source.says(file, "global") {
                continue;
            }
            let Some(tree) = source.tree(file) else { continue };
            let modules =
                tree.exports.iter().filter(|export| export.name == "*").filter_map(|export| match &export.target {
                    ExportTarget::From { module, .. } => Some(module.clone()),
                    _ => None,
                });
            let modules: Vec<SmolStr> = modules.collect();
            let project = SmolStr::new(table.project(path));
            table.brought.entry(project).or_default().extend(modules);
        }
        table
    }

    /// The folder of the project a file belongs to: the nearest that holds a project file.
    fn project<'p>(&self, path: &'p str) -> &'p str {
        let mut folder = split(path).0;
        while !self.projects.contains(folder) {
            if folder.is_empty() {
                break;
            }
            folder = split(folder).0;
        }
        folder
    }
}

/// The values of `Include` on the elements of a name in a project file.
pub(crate) fn included<'t>(text: &'t str, element: &str) -> impl Iterator<Item = SmolStr> + 't {
    let open = format!("<{element} ");
    text.split('<').map(|piece| format!("<{piece}")).filter_map(move |piece| {
        let attributes = piece.strip_prefix(open.as_str())?;
        let value = attributes.split("Include=\"").nth(1)?.split('"').next()?;
        Some(SmolStr::new(value.trim()))
    })
}
