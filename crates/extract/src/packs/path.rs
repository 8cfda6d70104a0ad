//! The path language of packs: how a rule points at a part of what it matched.
//!
//! ```text
//! paths   = alternative { "|" alternative }             first alternative that is present
//! altern. = term [ "??" term ]                          with a default
//! term    = "'text'" | function "(" paths { "," paths } ")" | root { step }
//! root    = "$0" … argument | "$args" all of them | "$named" those with names | "$this" receiver | "$each" | "$fn" decorated or enclosing function | "$class" enclosing type
//!         | "$type0" type argument | "$member" matched wildcard | "$declared" type of the annotated field or parameter | "$result" | "$name" a joined call | "@Name" annotation
//! step    = ".name" | ".0" argument or element | "[]" every element
//! ```

use smol_str::SmolStr;

/// A parsed path expression: alternatives in order of preference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// First present one wins; the second part is the default.
    pub alternatives: Vec<(Term, Option<Term>)>,
}

/// One term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Fixed text.
    Text(SmolStr),
    /// A function of the path language applied to paths, and a walk into its result.
    Apply(SmolStr, Vec<Path>, Vec<Step>),
    /// A part of the match.
    Walk(Root, Vec<Step>),
}

/// Where a walk starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// Positional argument.
    Arg(usize),
    /// All positional arguments as a list.
    Args,
    /// The arguments given by name, as an object.
    Named,
    /// The receiver with its bound properties.
    This,
    /// The element of `each`.
    Each,
    /// The decorated or enclosing function.
    Function,
    /// The enclosing type.
    Class,
    /// A type argument.
    TypeArg(usize),
    /// The name that a `*` in the match stood for.
    Member,
    /// The declared type of the annotated field or parameter.
    Declared,
    /// An annotation on the matched function, parameter or its type.
    Annotation(SmolStr),
    /// The arguments of a joined call, by the join's name.
    Joined(SmolStr),
}

/// One step of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A property, a keyword argument, a bound `let`.
    Name(SmolStr),
    /// An element or argument by position.
    At(usize),
    /// Every element.
    Every,
}

/// Why a path could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// Byte offset into the path.
    pub at: usize,
    /// What was expected there.
    pub expected: &'static str,
}

/// Functions of the path language with the number of arguments they take.
pub(crate) const FUNCTIONS: &[(&str, usize)] = &[
    ("all", 1),
    ("among", 2),
    ("applied", 3),
    ("basearg", 2),
    ("basename", 1),
    ("braces", 1),
    ("carried", 1),
    ("config", 1),
    ("depends", 1),
    ("entries", 1),
    ("expand", 1),
    ("given", 2),
    ("kebab", 1),
    ("librarytype", 1),
    ("keys", 1),
    ("listed", 1),
    ("lookup", 2),
    ("lower", 1),
    ("member", 2),
    ("message", 2),
    ("name", 1),
    ("only", 1),
    ("result", 1),
    ("returned", 1),
    ("returnedarg", 2),
    ("split", 1),
    ("concat", 2),
    ("firsthalf", 1),
    ("fullname", 1),
    ("parameter", 2),
    ("part", 3),
    ("pattern", 1),
    ("place", 1),
    ("flag", 2),
    ("qualified", 1),
    ("snake", 1),
    ("delimited", 2),
    ("brokerof", 1),
    ("sortedjson", 1),
    ("typename", 1),
    ("object", 1),
    ("ours", 2),
    ("class", 1),
    ("setting", 1),
    ("method", 3),
    ("methods", 1),
    ("fieldtypes", 2),
    ("spacename", 2),
    ("shortened", 2),
    ("variable", 1),
    ("after", 2),
    ("wordsafter", 2),
    ("behind", 2),
    ("without", 2),
];

impl Path {
    /// Reads a path expression.
    pub fn parse(text: &str) -> Result<Path, PathError> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let path = parser.paths()?;
        parser.space();
        if parser.at < text.len() {
            return Err(parser.error("the end of the path or `|`"));
        }
        Ok(path)
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
}

impl Parser<'_> {
    fn error(&self, expected: &'static str) -> PathError {
        PathError { at: self.at, expected }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn word(&mut self) -> &str {
        let start = self.at;
        let length =
            self.rest().find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(self.rest().len());
        self.at += length;
        &self.text[start..start + length]
    }

    fn paths(&mut self) -> Result<Path, PathError> {
        self.depth += 1;
        if self.depth > 16 {
            return Err(self.error("less nesting"));
        }
        let mut alternatives = Vec::new();
        loop {
            let term = self.term()?;
            self.space();
            let default = if self.eat("??") { Some(self.term()?) } else { None };
            alternatives.push((term, default));
            self.space();
            if !self.eat("|") {
                break;
            }
        }
        self.depth -= 1;
        Ok(Path { alternatives })
    }

    fn term(&mut self) -> Result<Term, PathError> {
        self.space();
        if self.eat("'") {
            let end = self.rest().find('\'').ok_or(self.error("a closing quote"))?;
            let text = SmolStr::new(&self.rest()[..end]);
            self.at += end + 1;
            return Ok(Term::Text(text));
        }
        let root = if self.eat("$") {
            let word = self.word();
            match word {
                "" => return Err(self.error("a root after `$`")),
                "this" => Root::This,
                "args" => Root::Args,
                "named" => Root::Named,
                "each" => Root::Each,
                "fn" => Root::Function,
                "class" => Root::Class,
                "member" => Root::Member,
                "declared" => Root::Declared,
                _ => match (word.parse::<usize>(), word.strip_prefix("type").map(str::parse::<usize>)) {
                    (Ok(index), _) => Root::Arg(index),
                    (_, Some(Ok(index))) => Root::TypeArg(index),
                    _ => Root::Joined(word.into()),
                },
            }
        } else if self.eat("@") {
            // `@A.B` would read as a step, so annotations are named by their last segment.
            let name = SmolStr::new(self.word());
            if name.is_empty() {
                return Err(self.error("an annotation's name after `@`"));
            }
            Root::Annotation(name)
        } else {
            let name = SmolStr::new(self.word());
            let Some(&(_, arity)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
                return Err(self.error("`$`, `@`, a quoted text or a function"));
            };
            if !self.eat("(") {
                return Err(self.error("`(`"));
            }
            let mut args = vec![self.paths()?];
            while args.len() < arity {
                self.space();
                if !self.eat(",") {
                    return Err(self.error("`,` and another argument"));
                }
                args.push(self.paths()?);
            }
            self.space();
            while name == "concat" && self.eat(",") {
                args.push(self.paths()?);
                self.space();
            }
            if !self.eat(")") {
                return Err(self.error("`)`"));
            }
            return Ok(Term::Apply(name, args, self.steps()?));
        };
        Ok(Term::Walk(root, self.steps()?))
    }

    fn steps(&mut self) -> Result<Vec<Step>, PathError> {
        let mut steps = Vec::new();
        loop {
            if self.eat("[]") {
                steps.push(Step::Every);
            } else if self.eat(".") {
                let word = if self.eat("'") {
                    let end = self.rest().find('\'').ok_or(self.error("a closing quote"))?;
                    let text = self.rest()[..end].to_owned();
                    self.at += end + 1;
                    text
                } else {
                    self.word().to_owned()
                };
                if word.is_empty() {
                    return Err(self.error("a name after `.`"));
                }
                steps.push(word.parse::<usize>().map_or_else(|_| Step::Name(word.as_str().into()), Step::At));
            } else {
                return Ok(steps);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_walks_alternatives_defaults_and_functions() {
        let path =
            Path::parse("basename($0.QueueUrl) | lookup('clients', $this.token).options.queue ?? 'x'").expect("valid");
        assert_eq!(path.alternatives.len(), 2);
        assert!(
            matches!(&path.alternatives[1], (Term::Apply(f, a, s), Some(Term::Text(_))) if f == "lookup" && a.len() == 2 && s.len() == 2)
        );
        let path = Path::parse("$run.0.eachMessage").expect("valid");
        assert_eq!(
            path.alternatives[0].0,
            Term::Walk(Root::Joined("run".into()), vec![Step::At(0), Step::Name("eachMessage".into())])
        );
        let path = Path::parse("$0.messages[].key").expect("valid");
        assert!(matches!(&path.alternatives[0].0, Term::Walk(Root::Arg(0), steps) if steps[1] == Step::Every));
    }

    #[test]
    fn says_where_a_path_is_wrong() {
        assert_eq!(Path::parse("$0.").expect_err("a name is missing").at, 3);
        assert_eq!(Path::parse("topic").expect_err("no root").expected, "`$`, `@`, a quoted text or a function");
        assert!(Path::parse("$0 $1").is_err());
    }
}
