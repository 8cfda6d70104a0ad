//! Columns that share the width of the terminal.

use super::style::{Look, fit};

/// Draws rows under a dim head. Columns shrink to fit, the widest first; `wants` is the least useful width of each.
pub(super) fn draw(look: &Look, head: &[&str], rows: &[Vec<String>], least: &[usize]) -> String {
    let columns = head.len();
    let mut widths: Vec<usize> = (0..columns)
        .map(|at| rows.iter().map(|row| row[at].chars().count()).chain([head[at].chars().count()]).max().unwrap_or(0))
        .collect();
    let gaps = 2 * (columns.saturating_sub(1));
    while widths.iter().sum::<usize>() + gaps > look.width {
        let shrinkable = (0..columns).filter(|at| widths[*at] > least[*at]).max_by_key(|at| widths[*at]);
        let Some(at) = shrinkable else { break };
        widths[at] -= 1;
    }
    let line = |cells: &[String]| {
        let mut out = String::new();
        for (at, cell) in cells.iter().enumerate() {
            let text = fit(cell, widths[at]);
            let pad = widths[at].saturating_sub(text.chars().count());
            out.push_str(&text);
            if at + 1 < columns {
                out.push_str(&" ".repeat(pad + 2));
            }
        }
        out.trim_end().to_owned()
    };
    let head: Vec<String> = head.iter().map(|text| (*text).to_owned()).collect();
    let mut out = look.dim(&line(&head));
    out.push('\n');
    for row in rows {
        out.push_str(&line(row));
        out.push('\n');
    }
    out
}
