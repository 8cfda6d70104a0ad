//! The part of regular expressions that topic subscriptions use, widened where it is richer.
//!
//! A subscription's expression only decides which known channels it may hear, so what is not understood (a character
//! class, a look-ahead) becomes "any character": weir then joins a channel too many and never one too few.

/// One position of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// This character.
    Is(char),
    /// Any one character.
    One,
    /// Any characters, none included.
    Many,
}

/// Most alternatives one expression is unfolded into.
const MOST: usize = 64;
/// Deepest nesting of groups that is followed.
const DEEPEST: usize = 8;

/// The alternatives of an expression, each as a flat list. An expression without anchors may stand anywhere in a name.
pub(crate) fn alternatives(expression: &str) -> Vec<Vec<Part>> {
    let chars: Vec<char> = expression.chars().collect();
    let start = chars.first() == Some(&'^');
    let end = chars.last() == Some(&'$') && chars.len() >= 2 && chars[chars.len() - 2] != '\\';
    let body = &chars[usize::from(start)..chars.len() - usize::from(end && chars.len() > usize::from(start))];
    let mut at = 0;
    let mut found = choice(body, &mut at, 0);
    found.truncate(MOST);
    for parts in &mut found {
        if !start {
            parts.insert(0, Part::Many);
        }
        if !end {
            parts.push(Part::Many);
        }
    }
    found
}

/// `a|b|c` up to a closing bracket or the end.
fn choice(chars: &[char], at: &mut usize, depth: usize) -> Vec<Vec<Part>> {
    let mut found = Vec::new();
    loop {
        found.extend(sequence(chars, at, depth));
        found.truncate(MOST);
        if chars.get(*at) != Some(&'|') {
            return found;
        }
        *at += 1;
    }
}

fn sequence(chars: &[char], at: &mut usize, depth: usize) -> Vec<Vec<Part>> {
    let mut found: Vec<Vec<Part>> = vec![Vec::new()];
    while let Some(&c) = chars.get(*at) {
        if matches!(c, '|' | ')') {
            break;
        }
        *at += 1;
        let piece: Vec<Vec<Part>> = match c {
            '(' if depth < DEEPEST => {
                skip_group_flags(chars, at);
                let inner = choice(chars, at, depth + 1);
                if chars.get(*at) == Some(&')') {
                    *at += 1;
                }
                inner
            }
            '(' => vec![vec![Part::Many]],
            '[' => {
                while let Some(&c) = chars.get(*at) {
                    *at += 1;
                    match c {
                        '\\' => *at += 1,
                        ']' => break,
                        _ => {}
                    }
                }
                vec![vec![Part::One]]
            }
            '.' => vec![vec![Part::One]],
            '\\' => {
                let escaped = chars.get(*at).copied();
                *at += 1;
                match escaped {
                    Some(c) if c.is_alphanumeric() => {
                        vec![vec![if matches!(c, 'b' | 'B') { Part::Many } else { Part::One }]]
                    }
                    Some(c) => vec![vec![Part::Is(c)]],
                    None => vec![vec![]],
                }
            }
            '^' | '$' => vec![vec![]],
            '{' if chars[*at..].contains(&'}') => {
                *at += chars[*at..].iter().take_while(|&&c| c != '}').count() + 1;
                vec![vec![Part::One, Part::Many]]
            }
            c => vec![vec![Part::Is(c)]],
        };
        let piece = repeated(chars, at, piece);
        let mut next = Vec::new();
        for left in &found {
            for right in &piece {
                if next.len() < MOST {
                    next.push(left.iter().chain(right).copied().collect());
                }
            }
        }
        found = next;
    }
    // A stray closing bracket at the top would otherwise stop the walk before the end.
    if depth == 0 && chars.get(*at) == Some(&')') {
        *at = chars.len();
        found.iter_mut().for_each(|parts| parts.push(Part::Many));
    }
    found
}

/// `(?:`, `(?i)`, `(?<name>`: what stands before the group's own text.
fn skip_group_flags(chars: &[char], at: &mut usize) {
    if chars.get(*at) == Some(&'?') {
        while let Some(&c) = chars.get(*at) {
            if c == ')' {
                return;
            }
            *at += 1;
            if matches!(c, ':' | '>' | '=' | '!') {
                return;
            }
        }
    }
}

/// True for what stands between the braces of a quantifier; other braces hold the name of something unknown.
pub(crate) fn is_quantifier(inside: &str) -> bool {
    inside.starts_with(|c: char| c.is_ascii_digit()) && inside.chars().all(|c| c.is_ascii_digit() || c == ',')
}

/// The least and the most of a quantifier in braces, and how long it is; `None` where the braces are none.
fn counted(chars: &[char]) -> Option<(u32, Option<u32>, usize)> {
    let end = chars.iter().position(|&c| c == '}')?;
    let inside: String = chars[1..end].iter().collect();
    if !is_quantifier(&inside) {
        return None;
    }
    let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
    Some((least.parse().ok()?, most.parse().ok(), end))
}

/// A quantifier after a piece widens it: `+` and `{n,m}` to one or more, `*` to any number, `?` to both. `{1}` and `{0,1}`
/// are kept as they are.
fn repeated(chars: &[char], at: &mut usize, piece: Vec<Vec<Part>>) -> Vec<Vec<Part>> {
    let Some(&c) = chars.get(*at) else { return piece };
    let more = |piece: Vec<Vec<Part>>| {
        piece
            .into_iter()
            .map(|mut parts| {
                parts.push(Part::Many);
                parts
            })
            .collect()
    };
    let piece = match c {
        '*' => vec![vec![Part::Many]],
        '+' => more(piece),
        '?' => piece.into_iter().chain([Vec::new()]).collect(),
        '{' => {
            let Some((least, most, length)) = counted(&chars[*at..]) else { return piece };
            *at += length;
            match (least, most) {
                (0, Some(0)) => vec![Vec::new()],
                (0, Some(1)) => piece.into_iter().chain([Vec::new()]).collect(),
                (0, _) => vec![vec![Part::Many]],
                (1, Some(1)) => piece,
                _ => more(piece),
            }
        }
        _ => return piece,
    };
    *at += 1;
    // Lazy and possessive marks change nothing here.
    if chars.get(*at).is_some_and(|&c| matches!(c, '?' | '+')) {
        *at += 1;
    }
    piece
}
