//! Which definitions of a name a use means: those of its block, the nearest of several that hide each other, and what an
//! assignment on the way takes back.

use crate::world::{Def, Unit};
use std::borrow::Cow;
use weir_syntax::{ExprId, FunctionId, Language};

/// The definitions without those of other blocks, and without those that an assignment on the way to the use takes back.
pub(super) fn meant<'d>(
    unit: &Unit,
    defs: &'d [Def],
    scope: Option<FunctionId>,
    same: bool,
    (line, at): (u32, Option<ExprId>),
) -> Cow<'d, [Def]> {
    if scope.is_none() || defs.len() < 2 {
        return Cow::Borrowed(defs);
    }
    let reaches = &unit.index.reaches;
    let mut defs = Cow::Borrowed(defs);
    if let Some(at) = at.filter(|_| unit.tree.language == Language::Python) {
        let here = |def: &Def| match def {
            Def::Each { over, .. } => reaches.is_collected(*over, at),
            _ => None,
        };
        if defs.iter().any(|def| here(def).is_some()) {
            let inner = defs.iter().filter(|def| here(def) == Some(true)).filter_map(|def| match def {
                Def::Each { over, .. } => Some(*over),
                _ => None,
            });
            match inner.max() {
                Some(inner) => defs.to_mut().retain(|def| matches!(def, Def::Each { over, .. } if *over == inner)),
                None => defs.to_mut().retain(|def| here(def).is_none()),
            }
        }
    }
    if unit.tree.language != Language::Python {
        // What is declared in a block is not there behind it.
        let other = |def: &Def| matches!(def, Def::Let { stmt, .. } if !reaches.is_declared(*stmt, line));
        let own = |def: &Def| matches!(def, Def::Let { line: at, .. } if !other(def) && *at <= line);
        if defs.iter().any(other) && defs.iter().any(|def| own(def) || matches!(def, Def::Param { .. })) {
            defs.to_mut().retain(|def| !other(def));
        }
        // What is assigned before the declaration is another variable of that name.
        let declared = defs.iter().filter(|def| own(def)).filter_map(|def| match def {
            Def::Let { line, .. } => Some(*line),
            _ => None,
        });
        if let Some(declared) = declared.max() {
            let earlier =
                |def: &Def| matches!(def, Def::Assign { line, .. } | Def::Append { line, .. } if *line < declared);
            if defs.iter().any(earlier) {
                defs.to_mut().retain(|def| !earlier(def));
            }
        }
    }
    let Some(at) = at.filter(|_| same) else { return defs };
    let last = defs.iter().filter_map(|def| match def {
        Def::Assign { value, .. } if value.0 < at.0 && reaches.has_run(*value, line) => Some(*value),
        _ => None,
    });
    if let Some(last) = last.max() {
        defs.to_mut().retain(|def| match def {
            Def::Assign { value, .. }
            | Def::Append { value, .. }
            | Def::Push { value }
            | Def::Entry { value, .. }
            | Def::Each { over: value, .. } => *value >= last,
            Def::Param { .. } | Def::Unknown => false,
            Def::Let { .. } | Def::Function(_) | Def::Type(_) | Def::Import(_) => true,
        });
        // The type is still that of the declaration.
        for def in defs.to_mut() {
            if let Def::Let { value, .. } = def
                && value.is_some_and(|value| value < last)
            {
                *value = None;
            }
        }
    }
    defs
}

/// The definitions that a use means; `None` when all of them come later. Where a declaration hides the one before it, that
/// is the nearest, and a declaration is not in sight in its own value: `let topic = topic.trim()`.
pub(super) fn in_sight<'d>(unit: &Unit, defs: &'d [Def], at: Option<ExprId>) -> Option<Cow<'d, [Def]>> {
    let Some(at) = at.filter(|_| unit.tree.language.has_shadowing()) else { return Some(Cow::Borrowed(defs)) };
    let position = |def: &Def| match def {
        Def::Let { value: Some(value), .. } | Def::Each { over: value, .. } => Some(value.0 + 1),
        Def::Let { .. } | Def::Param { .. } | Def::Function(_) | Def::Type(_) | Def::Import(_) | Def::Unknown => {
            Some(0)
        }
        Def::Assign { .. } | Def::Append { .. } | Def::Push { .. } | Def::Entry { .. } => None,
    };
    let nearest = defs.iter().filter_map(position).filter(|position| *position <= at.0).max()?;
    let seen = |def: &&Def| position(def).is_none_or(|position| position == nearest);
    Some(Cow::Owned(defs.iter().filter(seen).cloned().collect()))
}
