//! Where readers find the source when weir runs in a pipeline of a hosting service, told by the service's own variables.

use std::path::{Path, PathBuf};
use weir_render::Links;

/// What the environment says of the repository.
#[derive(Debug, Default)]
pub(crate) struct Hosting {
    /// The way from the root of the repository to the root of the project, with a slash at its end, or empty.
    pub(crate) base: String,
    /// Links to the source of this revision; relative where the host is not known.
    pub(crate) links: Links,
}

impl Hosting {
    /// Reads the environment of a workflow; outside of one everything is relative to the project.
    pub(crate) fn of(project: &Path) -> Self {
        Self::read(project, &|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn read(project: &Path, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let Some(base) = variable("GITHUB_WORKSPACE").and_then(|workspace| below(Path::new(&workspace), project))
        else {
            return Hosting::default();
        };
        let parts = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA"].map(variable);
        let links = match parts {
            [Some(server), Some(repository), Some(revision)] => {
                let folder = Links::folder(&base).source_prefix;
                Links {
                    source_prefix: format!("{}/{repository}/blob/{revision}/{folder}", server.trim_end_matches('/')),
                }
            }
            _ => Links::default(),
        };
        Hosting { base, links }
    }
}

/// The way from one folder to another below it, or to the folder of a file below it.
fn below(workspace: &Path, project: &Path) -> Option<String> {
    let workspace = std::fs::canonicalize(workspace).ok()?;
    let project = folder(&std::fs::canonicalize(project).ok()?);
    let mut base = String::new();
    for part in project.strip_prefix(workspace).ok()?.components() {
        base.push_str(&part.as_os_str().to_string_lossy());
        base.push('/');
    }
    Some(base)
}

/// The folder itself, or the one that holds a flow file.
pub(crate) fn folder(path: &Path) -> PathBuf {
    if path.is_file() { path.parent().map(Path::to_path_buf).unwrap_or_default() } else { path.to_path_buf() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_tells_where_the_source_is() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let above = here.parent().expect("a folder above").to_string_lossy().into_owned();
        let variable = |name: &str| match name {
            "GITHUB_WORKSPACE" => Some(above.clone()),
            "GITHUB_SERVER_URL" => Some("https://host.example".to_owned()),
            "GITHUB_REPOSITORY" => Some("o/r".to_owned()),
            "GITHUB_SHA" => Some("abc".to_owned()),
            _ => None,
        };
        let hosting = Hosting::read(here, &variable);
        assert_eq!(hosting.base, "cli/");
        assert_eq!(hosting.links.source_prefix, "https://host.example/o/r/blob/abc/cli/");
        let elsewhere = Hosting::read(Path::new("/"), &variable);
        assert_eq!(elsewhere.base, "", "what lies outside the workspace has no place in the repository");
        assert_eq!(Hosting::read(here, &|_| None).links, Links::default());
    }
}
