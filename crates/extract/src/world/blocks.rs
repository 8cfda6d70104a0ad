//! How far declarations and assignments hold: the blocks of a file while it is walked.

use rustc_hash::FxHashMap;
use weir_syntax::{ExprId, StmtId};

/// The last line on which something of a block holds.
#[derive(Debug, Default)]
pub(crate) struct Reaches {
    /// Declarations inside a block of a function; all others hold to the function's end.
    declared: FxHashMap<StmtId, u32>,
    /// Values of assignments that are statements of a block: behind them, the block knows no earlier value.
    assigned: FxHashMap<ExprId, u32>,
    /// What loops inside an expression run over, with the expression: their variables are known nowhere else.
    collected: FxHashMap<ExprId, ExprId>,
}

impl Reaches {
    pub(super) fn collect(&mut self, over: ExprId, block: ExprId) {
        self.collected.insert(over, block);
    }

    /// Whether a place lies inside the expression whose loop runs over this; `None` for any other loop.
    pub(crate) fn is_collected(&self, over: ExprId, at: ExprId) -> Option<bool> {
        self.collected.get(&over).map(|block| over < at && at < *block)
    }

    /// True where a declaration may be meant on a line.
    pub(crate) fn is_declared(&self, stmt: StmtId, line: u32) -> bool {
        self.declared.get(&stmt).is_none_or(|last| line <= *last)
    }

    /// True where an assignment has run whenever a use on a line behind it runs.
    pub(crate) fn has_run(&self, value: ExprId, line: u32) -> bool {
        self.assigned.get(&value).is_some_and(|last| line <= *last)
    }
}

/// The blocks around the place where a walk stands.
#[derive(Default)]
pub(super) struct Blocks {
    open: Vec<Open>,
}

/// One block.
#[derive(Default)]
struct Open {
    last_line: u32,
    /// The body of a function, or of the file.
    is_body: bool,
    declared: Vec<StmtId>,
    assigned: Vec<ExprId>,
}

impl Blocks {
    pub(super) fn enter(&mut self, is_body: bool) {
        self.open.push(Open { is_body, ..Open::default() });
    }

    /// What stands on a line belongs to the innermost block.
    pub(super) fn line(&mut self, line: u32) {
        if let Some(block) = self.open.last_mut() {
            block.last_line = block.last_line.max(line);
        }
    }

    pub(super) fn declare(&mut self, stmt: StmtId) {
        if let Some(block) = self.open.last_mut().filter(|block| !block.is_body) {
            block.declared.push(stmt);
        }
    }

    pub(super) fn assign(&mut self, value: ExprId) {
        if let Some(block) = self.open.last_mut() {
            block.assigned.push(value);
        }
    }

    pub(super) fn leave(&mut self, reaches: &mut Reaches) {
        let Some(block) = self.open.pop() else { return };
        let last = if block.is_body { u32::MAX } else { block.last_line };
        reaches.declared.extend(block.declared.into_iter().map(|stmt| (stmt, last)));
        reaches.assigned.extend(block.assigned.into_iter().map(|value| (value, last)));
        self.line(block.last_line);
    }
}
