//! What the path of a file says of it: whether it holds tests, and how near it lies to another.

/// Folders that two paths go through together.
pub(super) fn common_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

/// True for files that hold tests by the conventions of all languages weir reads.
pub(crate) fn is_test(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let mut parts: Vec<&str> = lower.split('/').collect();
    let file = parts.pop().unwrap_or_default();
    let folder = parts.iter().any(|part| {
        matches!(
            *part,
            "test"
                | "tests"
                | "__tests__"
                | "__mocks__"
                | "spec"
                | "e2e"
                | "testing"
                | "mocks"
                | "cypress"
                | "testdata"
                | "test-utils"
                | "testutils"
                | "e2e_test"
                | "e2e_tests"
                | "integration_test"
                | "integration_tests"
                | "integration-test"
                | "integration-tests"
                | ".semgrep"
        ) || part.ends_with("-e2e")
            || part.ends_with("-test-utils")
            || part.ends_with("-testutils")
            || part.ends_with("-test-support")
            || part.ends_with("-tests")
            || part.ends_with("_tests")
            || part.ends_with(".tests")
            || part.ends_with(".test")
    });
    // Source sets of builds: `src/integrationTest`, `src/component-test`.
    let folder = folder || parts.windows(2).any(|pair| pair[0] == "src" && pair[1].contains("test"));
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    folder
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || stem.ends_with("-spec")
        || stem.ends_with(".e2e-spec")
        || stem.ends_with(".e2e")
        || stem.ends_with(".it")
        || stem.ends_with("_test")
        || stem.starts_with("test_")
        || stem.ends_with("tests")
        || (stem.ends_with("test") && stem.len() > 4)
        || stem.ends_with(".mock")
}

#[cfg(test)]
mod tests {
    use super::is_test;

    #[test]
    fn tests_are_told_by_their_path() {
        for path in [
            "src/mail/mail.e2e.ts",
            "src/mail/mail.it.ts",
            "src/mail/mail.spec.ts",
            "e2e_test/source/feed.py",
            "crates/feed/integration_tests/feed.rs",
            "feed/integration-tests/Feed.java",
            "smoke-tests/feed.py",
            "post_deploy_tests/feed.py",
            ".semgrep/rules/feed.go",
            "src/integrationTest/java/Feed.java",
        ] {
            assert!(is_test(path), "{path}");
        }
        for path in ["src/it/mail.ts", "src/it.ts", "src/e2e.ts", "semgrep/run.py"] {
            assert!(!is_test(path), "{path}");
        }
    }
}
