//! Columns that share the width of the terminal; what does not fit goes on in the next line, nothing is lost. Where the
//! terminal is too narrow for columns, each row becomes a paragraph.

use super::style::{Look, clean, split, wrap};

/// What stands where there is nothing.
const NOTHING: &str = "—";

/// Tallest cell that still reads as one.
const TALLEST: usize = 6;

/// Draws rows under a dim head. `least` is the width below which a column does not shrink; the widest shrinks first.
pub(super) fn draw(look: &Look, head: &[&str], rows: &[Vec<String>], least: &[usize]) -> String {
    let cell = |text: &String| if text.is_empty() { NOTHING.to_owned() } else { clean_words(text) };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let Some(widths) = widths(look.width, head, &rows, least) else { return paragraphs(look, head, &rows) };
    let mut out = look.dim(line(&head.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), &widths).as_str());
    out.push('\n');
    for row in &rows {
        let cells: Vec<Vec<String>> = row.iter().zip(&widths).map(|(cell, width)| broken(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let texts: Vec<String> = cells.iter().map(|lines| lines.get(at).cloned().unwrap_or_default()).collect();
            out.push_str(&line(&texts, &widths));
            out.push('\n');
        }
    }
    out
}

/// A cell holds several names; each is shortened for itself.
fn clean_words(text: &str) -> String {
    text.split(' ').take(MOST_WORDS).map(clean).collect::<Vec<_>>().join(" ")
}

/// Most words of one cell.
const MOST_WORDS: usize = 200;

/// The widths of the columns; `None` where they do not fit side by side. Space between words goes first, then words
/// are split, the widest column's first.
fn widths(room: usize, head: &[&str], rows: &[Vec<String>], least: &[usize]) -> Option<Vec<usize>> {
    let columns = head.len();
    let widest = |at: usize, of: &dyn Fn(&str) -> usize| {
        rows.iter().map(|row| of(&row[at])).chain([head[at].chars().count()]).max().unwrap_or(0)
    };
    let word = |text: &str| text.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..columns).map(|at| widest(at, &|text| text.chars().count())).collect();
    let words: Vec<usize> = (0..columns).map(|at| widest(at, &word).max(least[at])).collect();
    let gaps = 2 * columns.saturating_sub(1);
    for floor in [words.as_slice(), least] {
        while widths.iter().sum::<usize>() + gaps > room {
            let shrinkable =
                (0..columns).filter(|at| widths[*at] > floor[*at]).max_by_key(|at| widths[*at] - floor[*at]);
            let Some(at) = shrinkable else { break };
            widths[at] -= 1;
        }
    }
    let tall = |row: &Vec<String>| row.iter().zip(&widths).any(|(cell, width)| broken(cell, *width).len() > TALLEST);
    let fits = widths.iter().sum::<usize>() + gaps <= room && !rows.iter().any(tall);
    fits.then_some(widths)
}

/// Rows one under the other: the first cell as a heading, the others under it by the names of their columns.
fn paragraphs(look: &Look, head: &[&str], rows: &[Vec<String>]) -> String {
    let indent = head.iter().skip(1).map(|name| name.chars().count()).max().unwrap_or(0) + 4;
    let mut out = String::new();
    for row in rows {
        for line in row.first().into_iter().flat_map(|first| broken(first, look.width)) {
            out.push_str(&format!("{}\n", look.bold(&line)));
        }
        // A column without a name only draws.
        for (name, cell) in head.iter().zip(row).skip(1).filter(|(name, cell)| !name.is_empty() && *cell != NOTHING) {
            for (at, line) in wrap(cell, look.width.saturating_sub(indent)).into_iter().enumerate() {
                let label = if at == 0 { *name } else { "" };
                let width = indent - 2;
                out.push_str(&format!("  {}{line}\n", look.dim(&format!("{label:<width$}"))));
            }
        }
    }
    out
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut out = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        out.push_str(cell);
        out.push_str(&" ".repeat(width.saturating_sub(cell.chars().count()) + 2));
    }
    out.trim_end().to_owned()
}

/// A cell as lines of at most `width` columns: broken between words, else behind a separator, else anywhere.
fn broken(cell: &str, width: usize) -> Vec<String> {
    let width = width.max(4);
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in cell.split(' ') {
        let room = width.saturating_sub(current.chars().count() + usize::from(!current.is_empty()));
        if word.chars().count() <= room {
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
            continue;
        }
        if !current.is_empty() {
            lines.push(std::mem::take(&mut current));
        }
        let mut parts = split(word, width);
        current = parts.pop().unwrap_or_default();
        lines.append(&mut parts);
    }
    if !current.is_empty() || lines.is_empty() {
        lines.push(current);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_cut_off() {
        assert_eq!(broken("jobs-email-notification", 12), ["jobs-email-", "notification"]);
        assert_eq!(broken("a, b, c", 5), ["a, b,", "c"]);
        assert_eq!(broken("", 5), [""]);
        let rows = vec![vec!["a-long-channel-name".to_owned(), "one, two, three".to_owned()]];
        let text = draw(&Look::plain(24), &["channel", "messages"], &rows, &[10, 6]);
        for part in ["a-long-", "channel-", "one,", "three"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 24), "{text}");
    }

    #[test]
    fn words_are_split_only_when_spaces_do_not_make_room() {
        let rows = vec![vec!["user-events".to_owned(), "UserCreated, UserUpdated, UserRemoved".to_owned()]];
        let text = draw(&Look::plain(28), &["channel", "messages"], &rows, &[4, 4]);
        for whole in ["user-events", "UserCreated,", "UserUpdated,", "UserRemoved"] {
            assert!(text.contains(whole), "{text}");
        }
    }

    #[test]
    fn nothing_is_a_dash() {
        let rows = vec![vec!["a".to_owned(), String::new()]];
        assert_eq!(draw(&Look::plain(40), &["channel", "messages"], &rows, &[4, 4]), "channel  messages\na        —\n");
    }

    #[test]
    fn without_room_for_columns_rows_are_paragraphs() {
        let rows = vec![vec!["orders".to_owned(), "OrderPlaced".to_owned(), String::new(), "order-service".to_owned()]];
        let text = draw(&Look::plain(30), &["channel", "messages", "", "from"], &rows, &[12, 10, 1, 12]);
        assert_eq!(text, "orders\n  messages  OrderPlaced\n  from      order-service\n");
    }
}
