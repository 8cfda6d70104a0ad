//! Texts and lists that branches put more behind: which of them run together.

use crate::value::Value;
use crate::world::Arm;

/// Ways through branches that are told apart.
const MAX_WAYS: usize = 16;

/// A value with the arms that were taken on the way to it.
type Way = (Vec<Arm>, Value);

/// The values of one name, by the branches that led to them.
pub(super) struct Appended(Vec<Way>);

impl Appended {
    /// A value before anything was put behind it.
    pub(super) fn onto(value: Value) -> Appended {
        Appended(vec![(Vec::new(), value)])
    }

    /// Puts a value behind where these arms are taken; the other arms keep what there is.
    pub(super) fn put(self, behind: &Value, arms: &[Arm]) -> Appended {
        // A list that holds more than is put into it on some way is no harm.
        if self.0.len() >= MAX_WAYS || matches!(behind, Value::List(_)) {
            return Appended(self.0.into_iter().map(|(taken, value)| (taken, appended(value, behind))).collect());
        }
        let mut ways: Vec<Way> = Vec::new();
        for (taken, value) in self.0 {
            let mut on = taken;
            let mut reached = true;
            let mut beside: Vec<Way> = Vec::new();
            for arm in arms {
                if on.contains(arm) {
                    continue;
                }
                let other = (arm.0, !arm.1);
                if on.contains(&other) {
                    reached = false;
                    break;
                }
                beside.push((on.iter().copied().chain([other]).collect(), value.clone()));
                on.push(*arm);
            }
            let value = if reached { appended(value, behind) } else { value };
            ways.push((on, value));
            ways.extend(beside);
        }
        Appended(ways)
    }

    /// Whatever the name may hold.
    pub(super) fn value(&self) -> Value {
        Value::choice(self.0.iter().map(|(_, value)| value.clone()).collect())
    }
}

/// A value with what was put behind it.
fn appended(value: Value, behind: &Value) -> Value {
    match (&value, behind) {
        (Value::List(items), Value::List(more)) => Value::List(items.iter().chain(more.iter()).cloned().collect()),
        _ => Value::concat(vec![value, behind.clone()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_syntax::StmtId;

    fn texts(appended: &Appended) -> Vec<String> {
        let value = appended.value();
        value.alternatives().iter().filter_map(|one| one.as_text().map(str::to_owned)).collect()
    }

    fn text(of: &str) -> Value {
        Value::Text(of.into())
    }

    #[test]
    fn two_arms_never_run_together() {
        let (first, second) = ((StmtId(1), true), (StmtId(1), false));
        let both = Appended::onto(text("orders")).put(&text("-a"), &[first]).put(&text("-b"), &[second]);
        assert_eq!(texts(&both), ["orders-a", "orders-b"]);
    }

    #[test]
    fn an_arm_alone_may_not_run() {
        let one = Appended::onto(text("orders")).put(&text("-a"), &[(StmtId(1), true)]).put(&text("!"), &[]);
        assert_eq!(texts(&one), ["orders-a!", "orders!"]);
    }

    #[test]
    fn arms_inside_arms_are_told_apart() {
        let inner = [(StmtId(1), false), (StmtId(2), true)];
        let all = Appended::onto(text("x")).put(&text("a"), &[(StmtId(1), true)]).put(&text("b"), &inner);
        let all = all.put(&text("c"), &[(StmtId(1), false), (StmtId(2), false)]);
        assert_eq!(texts(&all), ["xa", "xb", "xc"]);
    }
}
