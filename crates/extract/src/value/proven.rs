//! Pairs of shared values that one comparison found to be equal already, so that a graph is walked once and not as the
//! tree it unfolds into.

use rustc_hash::FxHashSet;
use std::cell::RefCell;

/// Comparisons inside one comparison before it begins to remember; nearly all end long before.
const SMALL: u32 = 64;

/// Two addresses, which stay those of the two values because the outermost comparison borrows them.
type Pair = (usize, usize);

#[derive(Default)]
struct Proven {
    /// Comparisons that are open.
    depth: u32,
    /// Comparisons since the outermost one began.
    made: u32,
    equal: FxHashSet<Pair>,
}

thread_local! {
    static PROVEN: RefCell<Proven> = RefCell::new(Proven::default());
}

/// What `compare` says of a pair, asked at most once inside one outermost comparison where the two are equal. Where they
/// are not, the outermost comparison is decided as well, and nothing is asked again.
pub(super) fn equal(pair: Pair, compare: impl FnOnce() -> bool) -> bool {
    let known = PROVEN.with_borrow_mut(|proven| {
        proven.made += 1;
        let known = proven.made > SMALL && proven.equal.contains(&pair);
        proven.depth += u32::from(!known);
        known
    });
    if known {
        return true;
    }
    let same = compare();
    PROVEN.with_borrow_mut(|proven| {
        proven.depth -= 1;
        if proven.depth == 0 {
            proven.made = 0;
            proven.equal.clear();
        } else if same && proven.made > SMALL {
            proven.equal.insert(pair);
        }
    });
    same
}

#[cfg(test)]
mod tests {
    use crate::value::{Object, Value};
    use std::rc::Rc;

    /// Every level holds the one below twice: a graph of `levels` objects, a tree of two to the power of as many.
    fn doubled(levels: usize) -> Value {
        (0..levels).fold(Value::Text("end".into()), |below, _| {
            let fields = vec![("left".into(), below.clone()), ("right".into(), below)];
            Value::Object(Rc::new(Object { fields, ..Object::default() }))
        })
    }

    #[test]
    fn a_graph_is_compared_as_a_graph() {
        assert!(doubled(200) == doubled(200));
        assert!(doubled(200) != doubled(199));
    }
}
