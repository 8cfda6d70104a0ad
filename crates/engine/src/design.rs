//! A flow file instead of a folder: the same model and the same rules, from a design.

use crate::{Analysis, EngineError, Options, context};
use std::time::Instant;
use weir_extract::flowfile;
use weir_facts::Coverage;

/// Designs are written by people; beyond this size a file is something else.
const MAX_SIZE: u64 = 4 << 20;

pub(crate) fn analyse(options: &Options, start: Instant) -> Result<Analysis, EngineError> {
    let path = &options.root;
    let unreadable = |why: String| EngineError::Unreadable { path: path.display().to_string(), why };
    let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    if !yaml {
        return Err(unreadable("it is a file, but no flow file (.yaml)".to_owned()));
    }
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > MAX_SIZE {
        return Err(unreadable("it is larger than any flow file".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let facts = flowfile::read(&name, &text).map_err(EngineError::FlowFile)?;
    let model = weir_model::build(context(options, Coverage::default()), facts);
    let report = weir_rules::check(&model, options.rules.as_deref());
    Ok(Analysis { model, report, pack_errors: Vec::new(), files: 1, took: start.elapsed() })
}

#[cfg(test)]
mod tests {
    use weir_extract::flowfile;
    use weir_model::Context;

    /// What stands on a rule's page is true: every example is read and the rule finds what the page says.
    #[test]
    fn the_examples_of_every_rule_page_hold() {
        for rule in weir_rules::rules() {
            for example in rule.page().examples {
                let place = format!("{} line {}", rule.name, example.line);
                let facts =
                    flowfile::read("page.yaml", &example.text).unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
                let model = weir_model::build(Context::default(), facts);
                let findings = rule.check(&model);
                let problems = findings.iter().filter(|finding| finding.severity.is_problem()).count();
                assert_eq!(problems, example.finds, "{place}: {findings:#?}");
                for finding in findings.iter().filter(|finding| finding.severity.is_problem()) {
                    assert_eq!(finding.rule, rule.name, "{place}");
                    assert!(
                        finding.timeline.len() <= 6 && !finding.timeline.is_empty(),
                        "{place}: {:?}",
                        finding.timeline
                    );
                    assert!(!finding.remedy.is_empty() && !finding.fingerprint.is_empty(), "{place}");
                }
            }
        }
    }

    #[test]
    fn errors_name_the_line_and_what_would_be_right() {
        let text = "weir: 1\nsystem: s\nbrokers: { main: { kind: kafka } }\nmessages: { A: {} }\nsends:\n  - { service: a, message: A, channel: nowhere }\n";
        let errors = flowfile::read("f.yaml", text).expect_err("the channel is not declared");
        assert_eq!((errors[0].line, errors[0].column), (6, 40), "{errors:?}");
        assert!(errors[0].message.contains("`nowhere` is not declared"), "{errors:?}");
        let errors = flowfile::read("f.yaml", "weir: 1\nsystem: s\nsend: []\n").expect_err("an unknown key");
        assert_eq!(errors[0].line, 3, "{errors:?}");
        assert!(errors[0].message.contains("send"), "{errors:?}");
        let errors = flowfile::read("f.yaml", "weir: 2\nsystem: s\n").expect_err("another version");
        assert!(errors[0].message.contains("version 2"), "{errors:?}");
        assert!(flowfile::read("f.yaml", "a: [").is_err());
        assert!(flowfile::read("f.yaml", "").is_err());
    }
}
