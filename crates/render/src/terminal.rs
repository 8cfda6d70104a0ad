//! The terminal: what a tired engineer reads first. Pure text; colours and links only when asked for.

mod card;
mod explain;
mod findings;
mod overview;
mod style;
mod table;

pub use card::show;
pub use explain::explain;
pub use findings::{findings, gates};
pub use overview::{everything, map};
pub use style::Look;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_first_screen() {
        let (model, report) = sample::shop();
        insta::assert_snapshot!(everything(&model, &report, 12, "9 ms", &Look::plain(80)));
    }

    #[test]
    fn the_whole_map() {
        let (model, _) = sample::shop();
        insta::assert_snapshot!(map(&model, 12, "9 ms", &Look::plain(100)));
    }

    #[test]
    fn the_findings() {
        let (_, report) = sample::shop();
        insta::assert_snapshot!(findings(&report, &Look::plain(80)));
    }

    #[test]
    fn the_card_of_an_event() {
        let (model, report) = sample::shop();
        insta::assert_snapshot!(show("OrderPlaced", &model, &report, &Look::plain(80)).expect("a card"));
        assert_eq!(show("Nothing", &model, &report, &Look::plain(80)), None);
    }

    #[test]
    fn how_a_finding_came_about() {
        let (model, report) = sample::shop();
        insta::assert_snapshot!(explain("dual-write-1", &model, &report, &Look::plain(80)).expect("a trail"));
    }

    #[test]
    fn no_name_steers_the_terminal() {
        let (model, report) = sample::hostile("\u{1b}[2J\u{7}\r\u{202e}x");
        let look = Look { color: true, links: Some("/src".to_owned()), ..Look::plain(80) };
        let screens = [
            everything(&model, &report, 12, "9 ms", &look),
            map(&model, 12, "9 ms", &look),
            findings(&report, &look),
            show(&model.operations[0].messages[0].name, &model, &report, &look).expect("a card"),
            explain("dual-write-1", &model, &report, &look).expect("a trail"),
        ];
        for screen in screens {
            assert!(!screen.contains("\u{1b}[2J") && !screen.contains(['\u{7}', '\r', '\u{202e}']), "{screen:?}");
        }
    }

    /// Every screen of a project in which every name goes on like this.
    fn screens(thorn: &str, width: usize) -> Vec<String> {
        let (model, report) = if thorn.is_empty() { sample::shop() } else { sample::hostile(thorn) };
        let look = Look::plain(width);
        vec![
            everything(&model, &report, 12, "9 ms", &look),
            map(&model, 12, "9 ms", &look),
            findings(&report, &look),
            show(&model.operations[0].messages[0].name, &model, &report, &look).expect("a card"),
            explain("dual-write-1", &model, &report, &look).expect("a trail"),
        ]
    }

    #[test]
    fn lines_fit_the_terminal() {
        let long = "-and-so-on".repeat(14);
        for thorn in ["", long.as_str(), " with many words that have to go somewhere"] {
            for width in [60, 80, 100, 140] {
                for screen in screens(thorn, width) {
                    // What is there to be followed or copied stays in one piece.
                    let copied = |line: &str| {
                        [".ts", "weir ", "CHANNEL=", "GROUP=", "other:"].iter().any(|word| line.contains(word))
                    };
                    for line in screen.lines().filter(|line| !copied(line)) {
                        assert!(line.chars().count() <= width, "{width}: {line}");
                        assert_eq!(line, line.trim_end(), "{width}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_name_without_end_is_no_text_without_end() {
        let thorn = "x".repeat(1 << 19);
        for screen in screens(&thorn, 80) {
            assert!(screen.len() < 60_000, "{} bytes", screen.len());
            assert!(screen.contains("characters)"), "{screen}");
        }
    }
}
