//! Where a reader finds the source: places become links below one prefix.

use crate::markdown::escape::{code, link};
use crate::text::url;
use weir_facts::Site;

/// How pages point at the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// What stands before a path below the root, as it stands in a URL, with a slash at its end; empty when pages lie
    /// in the root itself.
    pub source_prefix: String,
}

impl Links {
    /// Links to files in a folder that is reached by this path; the path is encoded here.
    pub fn folder(path: &str) -> Self {
        let mut source_prefix = url(path);
        if !source_prefix.is_empty() && !source_prefix.ends_with('/') {
            source_prefix.push('/');
        }
        Links { source_prefix }
    }

    /// The address of a place.
    pub(crate) fn target(&self, site: &Site) -> String {
        let file = url(&site.file);
        // `//x` would name another host and `x:y` a scheme; neither is a path below the root.
        let file = file.trim_start_matches('/');
        let line = if site.line > 0 { format!("#L{}", site.line) } else { String::new() };
        format!("{}{file}{line}", self.source_prefix)
    }

    /// A place as a Markdown link.
    pub(crate) fn site(&self, site: &Site) -> String {
        link(&code(&site.to_string()), &self.target(site))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_become_addresses() {
        let links = Links::folder("../../a b");
        assert_eq!(links.site(&Site::new("src/x.ts", 3)), "[`src/x.ts:3`](../../a%20b/src/x.ts#L3)");
        assert_eq!(Links::default().target(&Site::new("//evil.example/x", 1)), "evil.example/x#L1");
        assert_eq!(Links::default().target(&Site::new("javascript:alert(1)", 1)), "javascript%3Aalert%281%29#L1");
    }
}
