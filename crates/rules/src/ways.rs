//! The ways through an effect program: what can happen one after the other.
//!
//! A branch gives one way for each arm, a loop runs once, a failing `try` goes on in its handler. Only what rules ask
//! about is kept, and ways that look the same are one, so that a few dozen cover real handlers.

use std::ptr;
use weir_facts::{Arm, Effect, Program, Step};

/// Most ways kept for one program; beyond it the rest is dropped and [`Ways::cut`] says so.
const MOST: usize = 96;
/// Most events on one way.
const LONGEST: usize = 400;

/// One thing on a way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event<'p> {
    /// The step.
    pub(crate) step: &'p Step,
    /// The innermost transaction around it.
    pub(crate) tx: Option<usize>,
    /// True inside the handler of an error.
    pub(crate) caught: bool,
}

impl PartialEq for Event<'_> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.step, other.step) && self.tx == other.tx && self.caught == other.caught
    }
}

/// One way.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Way<'p> {
    /// What happens, in order.
    pub(crate) events: Vec<Event<'p>>,
    /// True when it ended before the end of the steps at hand.
    ended: bool,
    /// True when it ends in an error.
    thrown: bool,
}

/// All ways.
#[derive(Debug, Default)]
pub(crate) struct Ways<'p> {
    /// The ways.
    pub(crate) ways: Vec<Way<'p>>,
    /// True when there were too many.
    pub(crate) cut: bool,
}

/// The ways through a program.
pub(crate) fn ways(program: &Program) -> Ways<'_> {
    let mut walk = Walk { cut: false, transactions: 0 };
    let ways = walk.steps(&program.steps, vec![Way::default()], Here { tx: None, caught: false });
    Ways { ways, cut: walk.cut }
}

#[derive(Clone, Copy)]
struct Here {
    tx: Option<usize>,
    caught: bool,
}

struct Walk {
    cut: bool,
    transactions: usize,
}

impl Walk {
    fn steps<'p>(&mut self, steps: &'p [Step], mut ways: Vec<Way<'p>>, here: Here) -> Vec<Way<'p>> {
        for step in steps {
            ways = self.step(step, ways, here);
        }
        ways
    }

    fn step<'p>(&mut self, step: &'p Step, mut ways: Vec<Way<'p>>, here: Here) -> Vec<Way<'p>> {
        match &step.effect {
            Effect::Transaction { body, .. } => {
                self.transactions += 1;
                let tx = Some(self.transactions);
                self.steps(body, ways, Here { tx, ..here })
            }
            Effect::Branch { arms } => self.arms(arms, ways, here),
            Effect::Loop { body, .. } | Effect::Spawn { body } => self.steps(body, ways, here),
            Effect::Try { body, catches, finally } => {
                let (ended, open): (Vec<Way<'p>>, Vec<Way<'p>>) = ways.into_iter().partition(|way| way.ended);
                let mut after = self.steps(body, open.clone(), here);
                // An error inside is caught here; one that nobody catches stays one.
                if !catches.is_empty() {
                    after.retain(|way| !way.thrown);
                    after.extend(self.arms(catches, open, Here { caught: true, ..here }));
                }
                let mut after = self.steps(finally, after, here);
                after.extend(ended);
                self.tidy(after)
            }
            Effect::Throw | Effect::Return => {
                for way in ways.iter_mut().filter(|way| !way.ended) {
                    way.ended = true;
                    way.thrown = matches!(step.effect, Effect::Throw);
                }
                ways
            }
            Effect::Log | Effect::Backoff => ways,
            _ => {
                for way in ways.iter_mut().filter(|way| !way.ended) {
                    if way.events.len() < LONGEST {
                        way.events.push(Event { step, tx: here.tx, caught: here.caught });
                    } else {
                        self.cut = true;
                    }
                }
                ways
            }
        }
    }

    fn arms<'p>(&mut self, arms: &'p [Arm], ways: Vec<Way<'p>>, here: Here) -> Vec<Way<'p>> {
        let (mut after, open): (Vec<Way<'p>>, Vec<Way<'p>>) = ways.into_iter().partition(|way| way.ended);
        for arm in arms {
            after.extend(self.steps(&arm.steps, open.clone(), here));
        }
        if arms.is_empty() {
            after.extend(open);
        }
        self.tidy(after)
    }

    fn tidy<'p>(&mut self, ways: Vec<Way<'p>>) -> Vec<Way<'p>> {
        let mut kept: Vec<Way<'p>> = Vec::new();
        for way in ways {
            if kept.contains(&way) {
                continue;
            }
            if kept.len() == MOST {
                self.cut = true;
                break;
            }
            kept.push(way);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_facts::Site;

    fn step(effect: Effect) -> Step {
        Step { site: Site::new("a", 1), effect, awaited: true }
    }

    fn names(program: &Program) -> Vec<String> {
        let word = |event: &Event<'_>| match &event.step.effect {
            Effect::Ack => "ack".to_owned(),
            Effect::Unknown { call } => call.clone(),
            _ => "?".to_owned(),
        };
        ways(program).ways.iter().map(|way| way.events.iter().map(word).collect::<Vec<_>>().join(" ")).collect()
    }

    fn call(name: &str) -> Step {
        step(Effect::Unknown { call: name.into() })
    }

    #[test]
    fn branches_and_failures_are_ways_of_their_own() {
        let early = Effect::Branch {
            arms: vec![Arm { when: String::new(), steps: vec![call("skip"), step(Effect::Return)] }, Arm::default()],
        };
        let guarded = Effect::Try {
            body: vec![call("work")],
            catches: vec![Arm { when: String::new(), steps: vec![call("rescue")] }],
            finally: vec![call("end")],
        };
        let program =
            Program { symbol: "f".into(), steps: vec![step(early), step(guarded), step(Effect::Ack)], partial: false };
        assert_eq!(names(&program), ["work end ack", "rescue end ack", "skip"]);
    }

    #[test]
    fn many_branches_stay_bounded() {
        let branch = || {
            step(Effect::Branch {
                arms: vec![
                    Arm { when: String::new(), steps: vec![call("a")] },
                    Arm { when: String::new(), steps: vec![call("b")] },
                ],
            })
        };
        let program = Program { symbol: "f".into(), steps: (0..40).map(|_| branch()).collect(), partial: false };
        let all = ways(&program);
        assert!(all.cut && all.ways.len() <= MOST);
    }
}
