//! The plain text search: which lines of a file look like a messaging call.

use super::look::Look;
use std::collections::BTreeSet;
use weir_syntax::Language;

/// Words that make a line an import in one of the languages.
const IMPORT_WORDS: [&str; 6] = ["import", "from", "require", "use", "using", "extern"];
/// Words behind which a name is defined, not called.
const DEFINITIONS: [&str; 8] = ["function", "def", "func", "fn", "fun", "class", "interface", "struct"];

/// True when a line of the file imports one of these modules, or something inside one.
pub(super) fn imports(text: &str, modules: &[String], language: Language) -> bool {
    let imported = |module: &String| text.lines().any(|line| imports_module(line.trim(), module, language));
    modules.iter().any(|module| text.contains(module.as_str()) && imported(module))
}

fn imports_module(line: &str, module: &str, language: Language) -> bool {
    let quoted = matches!(language, Language::TypeScript | Language::Tsx | Language::JavaScript | Language::Go);
    let begins = |char: Option<char>| match char {
        Some('"' | '\'' | '`') => quoted,
        other => !quoted && !other.is_some_and(|char| is_word(char) || "/.-@".contains(char)),
    };
    let ends = |char: Option<char>| !char.is_some_and(|char| is_word(char) || char == '-');
    // In a list of imports a line is just the module in quotes, perhaps with another name before it.
    let listed = language == Language::Go && line.ends_with('"') && line.matches('"').count() == 2;
    let by_word = line.split(|char| !is_word(char)).any(|word| IMPORT_WORDS.contains(&word));
    (listed || by_word)
        && !is_comment(line)
        && around(line, module).any(|(before, after)| begins(before.chars().next_back()) && ends(after.chars().next()))
}

/// The lines (from 1) that look like one of these calls; comments are left out.
pub(super) fn lines(text: &str, looks: &BTreeSet<Look>, language: Language) -> Vec<u32> {
    let mut found = Vec::new();
    let mut number = 0;
    for line in text.lines() {
        number += 1;
        if !is_comment(line.trim_start()) && looks.iter().any(|look| matches(line, look, language)) {
            found.push(number);
        }
    }
    found
}

fn is_comment(trimmed: &str) -> bool {
    // `#` begins an attribute in Rust and a directive in C#; those are followed by `[` and a word.
    let hash = trimmed.starts_with("# ") || trimmed.starts_with("##");
    hash || trimmed.starts_with("//") || trimmed.starts_with("/*") || trimmed.starts_with("* ") || trimmed == "*"
}

fn matches(line: &str, look: &Look, language: Language) -> bool {
    match look {
        Look::Method(name) => words(line, name).any(|(before, after)| {
            let owner = before.trim_end();
            (owner.ends_with('.') || owner.ends_with("->") || owner.ends_with("::")) && is_call(after)
        }),
        Look::Function(name) => words(line, name).any(|(before, after)| !is_defined(before) && is_call(after)),
        Look::Construction(name) => words(line, name).any(|(before, after)| {
            let made = last_word(before) == "new";
            let called = !language.has_new() && !is_defined(before) && (is_call(after) || after.starts_with('{'));
            made || called
        }),
        Look::Annotation(name) => words(line, name).any(|(before, _)| {
            // `@Name`, `@module.Name`, `[Name`, `#[name`
            let before = before.trim_end_matches(|char: char| char.is_alphanumeric() || "_.:".contains(char));
            before.ends_with(['@', '[']) || before.trim_end().ends_with("@field:")
        }),
        Look::Base(name) => words(line, name).any(|(before, _)| {
            let marks = ["extends ", "implements ", "class ", ": ", "(", ", ", "for "];
            let declares = ["class ", "interface ", "impl", "struct ", "record ", "object "];
            marks.iter().any(|mark| before.contains(mark)) && declares.iter().any(|word| before.contains(word))
        }),
        Look::Channel(name) => {
            words(line, name).any(|(_, after)| after.trim_start_matches("()").trim_start().starts_with("<-"))
        }
    }
}

/// What stands before and behind each whole word `name`.
fn words<'l>(line: &'l str, name: &'l str) -> impl Iterator<Item = (&'l str, &'l str)> {
    around(line, name).filter(|(before, after)| {
        !before.chars().next_back().is_some_and(is_word) && !after.chars().next().is_some_and(is_word)
    })
}

/// What stands before and behind each place of a text.
fn around<'l>(line: &'l str, text: &'l str) -> impl Iterator<Item = (&'l str, &'l str)> {
    line.match_indices(text).map(|(start, _)| (&line[..start], &line[start + text.len()..]))
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_' || char == '$'
}

/// An argument list follows, perhaps behind type arguments.
fn is_call(after: &str) -> bool {
    let after = after.trim_start().trim_start_matches("::");
    let typed = after.starts_with(['<', '[']) && (after.contains(">(") || after.contains("]("));
    typed || after.starts_with('(') || after.starts_with("?.(")
}

fn is_defined(before: &str) -> bool {
    DEFINITIONS.contains(&last_word(before))
}

fn last_word(text: &str) -> &str {
    text.split_whitespace().next_back().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(line: &str, look: Look, language: Language) -> bool {
        !lines(line, &BTreeSet::from([look]), language).is_empty()
    }

    #[test]
    fn imports_of_every_language() {
        use Language::{CSharp, Go, Java, Python, Rust, TypeScript};
        let goes = |line: &str, module: &str, language| imports(line, &[module.to_owned()], language);
        for (line, module, language) in [
            ("import { Kafka } from 'kafkajs';", "kafkajs", TypeScript),
            ("const k = require(\"kafkajs\")", "kafkajs", TypeScript),
            ("} from \"@scope/queue/sub\";", "@scope/queue", TypeScript),
            ("\t\"github.com/a/kafka-go\"", "github.com/a/kafka-go", Go),
            ("\tk \"github.com/a/kafka-go/sub\"", "github.com/a/kafka-go", Go),
            ("from celery.app import task", "celery", Python),
            ("import org.a.kafka.core.Template;", "org.a.kafka", Java),
            ("using A.Kafka;", "A.Kafka", CSharp),
            ("use lapin::{Connection};", "lapin", Rust),
        ] {
            assert!(goes(line, module, language), "{line}");
        }
        for (line, module, language) in [
            ("import x from 'kafkajs-extra';", "kafkajs", TypeScript),
            ("import x from '@types/kafkajs';", "kafkajs", TypeScript),
            ("// import x from 'kafkajs'", "kafkajs", TypeScript),
            ("it('takes events from it', f)", "events", TypeScript),
            ("const kafkajs = 1;", "kafkajs", TypeScript),
            ("import org.a.kafkaesque.X;", "org.a.kafka", Java),
            ("import com.org.a.kafka.X;", "org.a.kafka", Java),
        ] {
            assert!(!goes(line, module, language), "{line}");
        }
    }

    #[test]
    fn calls_and_nothing_else() {
        use Language::{CSharp, Go, Java, Python, Rust, TypeScript};
        let method = || Look::Method("send".to_owned());
        for line in ["a.send({})", "  .send<T>(x)", "a?.send(x)", "p -> send(x)", "x.send::<T>(y)", "a. send (x)"] {
            assert!(hit(line, method(), TypeScript), "{line}");
        }
        for line in ["send(x)", "a.sender(x)", "a.send", "// a.send(x)", " * a.send(x)", "a.resend(x)", "# a.send(x)"] {
            assert!(!hit(line, method(), TypeScript), "{line}");
        }
        let function = || Look::Function("run".to_owned());
        assert!(hit("run(x)", function(), Go) && hit("ns.run(x)", function(), Go));
        assert!(!hit("func run(x)", function(), Go) && !hit("def run(x):", function(), Python));
        let made = || Look::Construction("Worker".to_owned());
        assert!(hit("x = new Worker('q')", made(), TypeScript) && hit("Worker{A: 1}", made(), Go));
        assert!(!hit("x: Worker", made(), TypeScript) && !hit("class Worker(x):", made(), Python));
        let annotation = || Look::Annotation("On".to_owned());
        assert!(
            hit("@On('x')", annotation(), Java)
                && hit("[On]", annotation(), CSharp)
                && hit("#[a::On]", annotation(), Rust)
        );
        assert!(!hit("x.On('y')", annotation(), Java));
        let base = || Look::Base("IConsumer".to_owned());
        assert!(hit("class A : IConsumer<B>", base(), CSharp) && hit("class A(IConsumer):", base(), Python));
        assert!(!hit("IConsumer<B> a;", base(), CSharp));
        assert!(hit("p.Input() <- m", Look::Channel("Input".to_owned()), Go));
        assert!(!hit("m := <-p.Input()", Look::Channel("Input".to_owned()), Go));
    }
}
