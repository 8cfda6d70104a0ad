//! What the evaluator remembers: whole answers for good, answers out of a circle only while that circle is open.
//!
//! A value that depends on itself is cut where the circle closes. The answers inside the circle then hold only as long
//! as the question that closed it is still open; without remembering them for that long, a program of many circles
//! (objects that know each other, which is every container-built program) would be walked exponentially often.

use crate::source::FileId;
use crate::value::{Frame, Value};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;
use weir_facts::{Certainty, Hop};
use weir_syntax::ExprId;

/// Answers kept at most; beyond it everything is forgotten, which costs time and nothing else.
const MAX_ANSWERS: usize = 400_000;

/// An expression under a frame; frames are interned, so their address tells them apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    file: FileId,
    expr: ExprId,
    frame: usize,
    /// What is assumed beside it.
    assumed: usize,
}

impl Question {
    pub(super) fn new(file: FileId, expr: ExprId, frame: Option<&Rc<Frame>>, assumed: Option<&Rc<Frame>>) -> Self {
        let address = |frame: Option<&Rc<Frame>>| frame.map_or(0, |frame| Rc::as_ptr(frame).addr());
        Question { file, expr, frame: address(frame), assumed: address(assumed) }
    }
}

/// How far an answer holds. Ordered from the narrowest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// A bound cut it short: more room would have given more.
    Bounded,
    /// It holds while the question at this place of the stack is open.
    Open(usize),
    /// It holds.
    Whole,
}

/// The room that was used up when an answer was sought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spent {
    pub(super) depth: u32,
    pub(super) inlined: u32,
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) value: Value,
    pub(super) trail: Rc<[Hop]>,
    pub(super) certainty: Certainty,
    pub(super) reach: Reach,
    pub(super) spent: Spent,
}

/// An answer, and its frame, which must live as long because its address is part of the question.
type Kept = (Known, Option<Rc<Frame>>);

/// The answers so far.
#[derive(Default)]
pub(super) struct Memory {
    answers: RefCell<FxHashMap<Question, Kept>>,
    /// Questions whose answers end with the question at that place of the stack.
    open: RefCell<Vec<Vec<Question>>>,
    /// Questions whose answers a bound cut short.
    bounded: RefCell<Vec<Question>>,
}

impl Memory {
    /// The answer, unless it was cut short with less room left than now.
    pub(super) fn recall(&self, question: &Question, spent: Spent) -> Option<Known> {
        let answers = self.answers.borrow();
        let (known, _) = answers.get(question)?;
        let more_room = spent.depth < known.spent.depth || spent.inlined < known.spent.inlined;
        if known.reach == Reach::Bounded && more_room {
            return None;
        }
        Some(known.clone())
    }

    /// Keeps an answer for as long as it holds; the frame is kept alive with it.
    pub(super) fn remember(&self, question: Question, frame: Option<&Rc<Frame>>, known: Known) {
        match known.reach {
            Reach::Whole => {}
            Reach::Bounded => self.bounded.borrow_mut().push(question.clone()),
            Reach::Open(at) => {
                let mut open = self.open.borrow_mut();
                if open.len() <= at {
                    open.resize_with(at + 1, Vec::new);
                }
                open[at].push(question.clone());
            }
        }
        self.answers.borrow_mut().insert(question, (known, frame.cloned()));
    }

    /// The question at this place of the stack is answered: what held only while it was open is forgotten.
    pub(super) fn close(&self, at: usize) {
        let Some(ended) = self.open.borrow_mut().get_mut(at).map(std::mem::take) else {
            return;
        };
        let mut answers = self.answers.borrow_mut();
        for question in ended {
            answers.remove(&question);
        }
    }

    /// No question is open: what a bound cut short is forgotten, and everything when it is too much.
    pub(super) fn close_all(&self) {
        let ended = self.bounded.take();
        let mut answers = self.answers.borrow_mut();
        for question in ended {
            answers.remove(&question);
        }
        if answers.len() > MAX_ANSWERS {
            answers.clear();
        }
    }

    /// Forgets everything.
    pub(super) fn forget(&self) {
        self.answers.borrow_mut().clear();
        self.open.borrow_mut().clear();
        self.bounded.borrow_mut().clear();
    }
}
