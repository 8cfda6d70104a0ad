//! `weir document`: writes the pages, and only where it was told to.

use crate::Failure;
use crate::args::Document;
use crate::commands::analyse;
use crate::hosting;
use crate::output::note;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use weir_engine::Analysis;
use weir_render::Links;
use weir_render::document::{self, FOLDERS, MARK};

pub(crate) fn run(args: &Document) -> Result<ExitCode, Failure> {
    let analysis = analyse(&args.input, &args.shared, None)?;
    write(&analysis, &args.input.path, &args.out, args.shared.quiet)?;
    Ok(ExitCode::SUCCESS)
}

fn failed(path: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::Input(format!("cannot write {}: {why}", path.display()))
}

/// Writes every page below `out`, and removes pages of an earlier run whose subject is gone.
pub(crate) fn write(analysis: &Analysis, root: &Path, out: &Path, quiet: bool) -> Result<(), Failure> {
    std::fs::create_dir_all(out).map_err(|error| failed(out, error))?;
    let links = Links::folder(&way(root, out));
    let pages = document::catalog(&analysis.model, &analysis.report, &links);
    let mut places = Vec::new();
    for page in &pages {
        let place = out.join(relative(&page.path)?);
        may_write(out, &place)?;
        places.push(place);
    }
    // Nothing is written before it is certain that all of it may be.
    for (page, place) in pages.iter().zip(&places) {
        let folder = place.parent().unwrap_or(out);
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        std::fs::write(place, &page.text).map_err(|error| failed(place, error))?;
    }
    let removed = sweep(out, &places.into_iter().collect())?;
    if !quiet {
        let gone =
            if removed > 0 { format!(" and removed {removed} that describe nothing any more") } else { String::new() };
        note(&format!(
            "wrote {} pages to {}{gone}; begin with {}",
            pages.len(),
            out.display(),
            out.join("README.md").display()
        ));
    }
    Ok(())
}

/// The path of a page. Page names are made from names in the project; they must stay below the folder.
fn relative(path: &str) -> Result<&Path, Failure> {
    let relative = Path::new(path);
    if relative.components().all(|part| matches!(part, Component::Normal(_))) {
        Ok(relative)
    } else {
        Err(failed(relative, "its name leaves the folder; this is a bug in weir"))
    }
}

/// Refuses to write through a link, which may point at any file of its reader, and over a file that weir did not write.
fn may_write(out: &Path, place: &Path) -> Result<(), Failure> {
    let link = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    if let Some(found) = place.ancestors().take_while(|path| *path != out).find(|path| link(path)) {
        return Err(failed(found, "it is a symbolic link; remove it or choose another --out"));
    }
    if place.exists() && !is_page(place) {
        return Err(failed(place, "it is there and weir did not write it; choose another --out"));
    }
    Ok(())
}

/// True for a file that bears weir's mark.
fn is_page(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| text.starts_with(MARK))
}

/// Removes pages that bear weir's mark and were not written now. Everything else in the folders stays.
fn sweep(out: &Path, written: &BTreeSet<PathBuf>) -> Result<usize, Failure> {
    let mut removed = 0;
    for folder in FOLDERS.iter().map(|folder| out.join(folder)) {
        let real = std::fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_dir());
        let Some(entries) = real.then(|| std::fs::read_dir(&folder).ok()).flatten() else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let page = path.extension().is_some_and(|ending| ending == "md") && !written.contains(&path);
            let file = std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
            if page && file && is_page(&path) {
                std::fs::remove_file(&path).map_err(|error| failed(&path, error))?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

/// The way from the folder of the pages to the root of the project.
fn way(root: &Path, out: &Path) -> String {
    let (Ok(root), Ok(out)) = (std::fs::canonicalize(root), std::fs::canonicalize(out)) else { return String::new() };
    let root = hosting::folder(&root);
    let common = root.components().zip(out.components()).take_while(|(a, b)| a == b).count();
    let mut parts: Vec<String> = vec!["..".to_owned(); out.components().count() - common];
    parts.extend(root.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned()));
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use weir_model::{FlowModel, Report};

    fn analysis() -> Analysis {
        let (model, report) = (FlowModel::default(), Report::default());
        Analysis { model, report, pack_errors: Vec::new(), files: 0, took: Duration::ZERO }
    }

    /// A folder of this test alone, empty.
    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("weir-document-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        path
    }

    #[test]
    fn old_pages_go_and_the_rest_stays() {
        let root = folder("sweep");
        let out = root.join("docs");
        std::fs::create_dir_all(out.join("events")).expect("a folder");
        std::fs::write(out.join("events/Gone.md"), format!("{MARK}\n\n# Gone\n")).expect("a page");
        std::fs::write(out.join("events/mine.md"), "# Mine\n").expect("a page");
        write(&analysis(), &root, &out, true).unwrap_or_else(|failure| panic!("{failure:?}"));
        assert!(out.join("README.md").is_file() && out.join("events/mine.md").is_file());
        assert!(!out.join("events/Gone.md").exists());
        let _ = std::fs::remove_dir_all(&root);
    }

    #[test]
    fn what_people_wrote_is_not_replaced() {
        let root = folder("foreign");
        std::fs::write(root.join("README.md"), "# Our project\n").expect("a file");
        assert!(write(&analysis(), &root, &root, true).is_err());
        assert_eq!(std::fs::read_to_string(root.join("README.md")).ok().as_deref(), Some("# Our project\n"));
        assert!(!root.join("findings.md").exists(), "nothing is written when not all can be");
        let _ = std::fs::remove_dir_all(&root);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let root = folder("link");
        let out = root.join("docs");
        std::fs::create_dir_all(&out).expect("a folder");
        let precious = root.join("precious");
        std::fs::write(&precious, "keep").expect("a file");
        std::os::unix::fs::symlink(&precious, out.join("README.md")).expect("a link");
        assert!(write(&analysis(), &root, &out, true).is_err());
        assert_eq!(std::fs::read_to_string(&precious).ok().as_deref(), Some("keep"));
        let _ = std::fs::remove_dir_all(&root);
    }

    #[test]
    fn the_way_back_to_the_source() {
        let root = folder("way");
        let out = root.join("docs/events");
        std::fs::create_dir_all(&out).expect("a folder");
        assert_eq!(way(&root, &out), "../..");
        assert_eq!(way(&out, &root), "docs/events");
        assert_eq!(way(&root, &root), "");
        let _ = std::fs::remove_dir_all(&root);
    }
}
