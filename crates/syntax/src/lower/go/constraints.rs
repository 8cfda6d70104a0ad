//! Build constraints: whether a file is part of a build that sets no tags of its own.

/// Words that hold in a build on a common machine.
const HOLD: &[&str] = &["linux", "unix", "amd64", "arm64", "cgo", "gc"];

/// True where a `//go:build` line before the package clause leaves the file out.
pub(super) fn excludes(source: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(source) else { return false };
    let head = text.lines().take_while(|line| !line.starts_with("package ")).take(200);
    let constraint = head.filter_map(|line| line.strip_prefix("//go:build ")).next();
    constraint.is_some_and(|words| !Constraint { rest: words.trim(), depth: 0 }.any())
}

struct Constraint<'t> {
    rest: &'t str,
    depth: u32,
}

impl Constraint<'_> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn any(&mut self) -> bool {
        let mut holds = self.all();
        while self.eat("||") {
            holds |= self.all();
        }
        holds
    }

    fn all(&mut self) -> bool {
        let mut holds = self.one();
        while self.eat("&&") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        self.depth += 1;
        // Nobody nests deeper; what lies beyond keeps the file.
        if self.depth > 64 {
            self.rest = "";
            return true;
        }
        let holds = if self.eat("!") {
            !self.one()
        } else if self.eat("(") {
            let holds = self.any();
            self.eat(")");
            holds
        } else {
            self.rest = self.rest.trim_start();
            let end =
                self.rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(self.rest.len());
            let word = &self.rest[..end];
            self.rest = &self.rest[end..];
            word.is_empty() || HOLD.contains(&word) || word.starts_with("go1")
        };
        self.depth -= 1;
        holds
    }
}

#[cfg(test)]
mod tests {
    use super::excludes;

    #[test]
    fn only_what_a_plain_build_leaves_out() {
        for (constraint, out) in [
            ("ignore", true),
            ("inject", true),
            ("!inject", false),
            ("linux && !cgo", true),
            ("(linux || darwin) && go1.21", false),
            ("integration || unix", false),
            ("windows", true),
        ] {
            let text = format!("// Copyright\n\n//go:build {constraint}\n\npackage a\n");
            assert_eq!(excludes(text.as_bytes()), out, "{constraint}");
        }
        assert!(!excludes(b"package a\n//go:build ignore\n"));
        assert!(!excludes("// nesting\n//go:build ".to_owned().as_bytes()));
        assert!(!excludes(format!("//go:build {}linux\npackage a", "(".repeat(9000)).as_bytes()));
    }
}
