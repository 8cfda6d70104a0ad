//! Sagas in which one service leads by joining: it tells several services, gathers their answers in one function, and
//! tells them all what was decided. What it decides cannot be seen, so it is likely and never certain.

use super::Shown;
use crate::types::{FlowModel, Operation};
use std::collections::{BTreeMap, BTreeSet};

/// Services that must have answered.
const FEWEST: usize = 2;

pub(super) fn find(model: &FlowModel, shown: &mut Shown) {
    let live = |operation: &&Operation| !operation.test && !operation.is_local();
    // Receives by the function that they share.
    let mut functions: BTreeMap<(&str, &str, &str), Vec<&Operation>> = BTreeMap::new();
    for receive in model.operations.iter().filter(live).filter(|operation| operation.is_receive()) {
        functions.entry((&receive.service, &receive.site.file, function(receive))).or_default().push(receive);
    }
    for ((service, file, symbol), receives) in functions {
        let answered: BTreeSet<&str> = receives.iter().flat_map(|receive| senders(model, receive)).collect();
        let asked: BTreeSet<&str> = answered
            .into_iter()
            .filter(|other| *other != service && tells(model, |send| send.service == service, other))
            .collect();
        if asked.len() < FEWEST || receives.len() < FEWEST {
            continue;
        }
        let decides = |send: &Operation| send.service == service && send.site.file == file && send.symbol == symbol;
        let told: Vec<&str> = asked.into_iter().filter(|other| tells(model, decides, other)).collect();
        if told.len() >= FEWEST {
            let names = told.join(", ");
            for receive in receives {
                let what = format!("{service} gathers the answers of {names} and tells them what is decided");
                shown.likely("saga-orchestration", &receive.site, what);
            }
        }
    }
}

fn function(receive: &Operation) -> &str {
    receive.handler.as_deref().unwrap_or(&receive.symbol)
}

/// The services whose messages a receive hears.
fn senders<'m>(model: &'m FlowModel, receive: &Operation) -> Vec<&'m str> {
    let links = model.links.iter().filter(|link| model.operations[link.receive].id == receive.id);
    links.map(|link| model.operations[link.send].service.as_str()).collect()
}

/// True where one of some sends is heard by a service.
fn tells(model: &FlowModel, is_one: impl Fn(&Operation) -> bool, service: &str) -> bool {
    model.links.iter().any(|link| {
        let (send, receive) = (&model.operations[link.send], &model.operations[link.receive]);
        !send.test && is_one(send) && receive.service == service && !receive.test
    })
}

#[cfg(test)]
mod tests {
    use crate::patterns::sagas::tests::kinds;
    use crate::tests::operation;
    use weir_facts::{Action, OperationFact, Site};

    /// Orders tells two services, hears both in one function, and sends from there to this channel.
    fn gathering(outcome: &str, answers: &[&str]) -> Vec<String> {
        let site = |file: &str, line: u32| Site::new(file, line);
        let mut facts: Vec<OperationFact> =
            vec![operation(Action::Send, Some("orders"), "orders", site("api.java", 1))];
        for (line, service) in answers.iter().enumerate() {
            let line = u32::try_from(line).unwrap_or(0) + 1;
            let answer = format!("{service}-orders");
            facts.push(operation(Action::Receive, Some(service), "orders", site(&format!("{service}.java"), 1)));
            facts.push(operation(Action::Send, Some(service), &answer, site(&format!("{service}.java"), 2)));
            facts.push(operation(Action::Receive, Some("orders"), &answer, site("join.java", line)));
        }
        facts.push(operation(Action::Send, Some("orders"), outcome, site("join.java", 9)));
        kinds(facts)
    }

    #[test]
    fn who_gathers_answers_and_tells_the_outcome_leads() {
        assert_eq!(gathering("orders", &["stock", "payment"]), ["saga-orchestration"]);
        assert_eq!(gathering("orders-done", &["stock", "payment"]), [] as [&str; 0], "nobody is told");
        assert_eq!(gathering("orders", &["stock"]), [] as [&str; 0], "one answer is a reply");
    }
}
