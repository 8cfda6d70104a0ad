//! Columns that share the width of the terminal; what does not fit goes on in the next line, nothing is lost.

use super::style::{Look, clean};

/// Draws rows under a dim head. `least` is the width below which a column does not shrink; the widest shrinks first.
pub(super) fn draw(look: &Look, head: &[&str], rows: &[Vec<String>], least: &[usize]) -> String {
    let columns = head.len();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
    let mut widths: Vec<usize> = (0..columns)
        .map(|at| rows.iter().map(|row| row[at].chars().count()).chain([head[at].chars().count()]).max().unwrap_or(0))
        .collect();
    let gaps = 2 * columns.saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > look.width {
        let shrinkable = (0..columns).filter(|at| widths[*at] > least[*at]).max_by_key(|at| widths[*at] - least[*at]);
        let Some(at) = shrinkable else { break };
        widths[at] -= 1;
    }
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
        let mut rest: Vec<char> = word.chars().collect();
        while rest.len() > width {
            let cut =
                rest[..width].iter().rposition(|c| matches!(c, '-' | '.' | '_' | '/' | ':')).map_or(width, |at| at + 1);
            let cut = if cut < width / 3 { width } else { cut };
            lines.push(rest.drain(..cut).collect());
        }
        current = rest.into_iter().collect();
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
}
