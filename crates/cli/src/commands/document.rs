//! `weir document`: writes the pages, and only where it was told to.

use crate::args::Document;
use crate::commands::analyse;
use crate::output::note;
use crate::Failure;
use std::path::{Component, Path};
use std::process::ExitCode;
use weir_engine::Analysis;
use weir_render::document::{self, Links};

pub(crate) fn run(args: &Document) -> Result<ExitCode, Failure> {
    let analysis = analyse(&args.input, &args.shared, None)?;
    write(&analysis, &args.input.path, &args.out, args.shared.quiet)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes every page below `out`.
pub(crate) fn write(analysis: &Analysis, root: &Path, out: &Path, quiet: bool) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| Failure::Input(format!("cannot write {}: {error}", path.display()));
    std::fs::create_dir_all(out).map_err(|error| failed(out, error))?;
    let links = Links { source_prefix: prefix(root, out) };
    let pages = document::catalog(&analysis.model, &analysis.report, &links);
    for page in &pages {
        let relative = Path::new(&page.path);
        // Page names are made from names in the project; they must stay below the folder.
        if relative.components().any(|part| !matches!(part, Component::Normal(_))) {
            continue;
        }
        let path = out.join(relative);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        }
        std::fs::write(&path, &page.text).map_err(|error| failed(&path, error))?;
    }
    if !quiet {
        note(&format!("wrote {} pages to {}; begin with {}", pages.len(), out.display(), out.join("README.md").display()));
    }
    Ok(())
}

/// The way from the folder of the pages to the root of the project, with a slash at its end.
fn prefix(root: &Path, out: &Path) -> String {
    let (Ok(root), Ok(out)) = (std::fs::canonicalize(root), std::fs::canonicalize(out)) else { return String::new() };
    let root = if root.is_file() { root.parent().map(Path::to_path_buf).unwrap_or_default() } else { root };
    let common = root.components().zip(out.components()).take_while(|(a, b)| a == b).count();
    let up = out.components().count() - common;
    let mut text = "../".repeat(up);
    for part in root.components().skip(common) {
        text.push_str(&part.as_os_str().to_string_lossy());
        text.push('/');
    }
    text
}
