//! Command and query separation: handlers of both kinds on one bus, or a read model that messages keep up to date.

use super::Add;
use crate::types::{FlowModel, Operation};
use std::collections::BTreeMap;
use weir_facts::{Effect, Site};

/// How people call what is kept for reading only.
const READ_MODELS: &[&str] = &["projection", "projector", "readmodel"];

pub(super) fn find(model: &FlowModel, add: &mut Add<'_>) {
    let mut commands: BTreeMap<&str, &Operation> = BTreeMap::new();
    let mut queries: BTreeMap<&str, &Operation> = BTreeMap::new();
    for receive in model.operations.iter().filter(|operation| operation.is_receive() && !operation.test) {
        let named = |ending: &str| receive.messages.iter().any(|message| message.name.ends_with(ending));
        if receive.is_local() && named("Command") {
            commands.entry(&receive.service).or_insert(receive);
        } else if receive.is_local() && named("Query") {
            queries.entry(&receive.service).or_insert(receive);
        } else if let Some((site, what)) = kept(receive) {
            add("cqrs", site, what);
        }
    }
    for (service, command) in commands {
        if let Some(query) = queries.get(service) {
            for (operation, kind) in [(command, "commands"), (*query, "queries")] {
                add("cqrs", &operation.site, format!("{} has its own handlers for {kind}", operation.service));
            }
        }
    }
}

/// A handler that by its own name, or by the table it writes, keeps a read model.
fn kept(receive: &Operation) -> Option<(&Site, String)> {
    let channel = receive.channel_name();
    if receive.is_local() {
        return None;
    }
    let mut written = None;
    if let Some(program) = &receive.program {
        program.walk(&mut |step| {
            if let Effect::Write { table: Some(table), .. } = &step.effect
                && written.is_none()
                && is_read_model(table)
            {
                written = Some((&step.site, format!("{table} is kept up to date from {channel}")));
            }
        });
    }
    let by_name = || {
        let handler = receive.handler.as_deref().unwrap_or(&receive.symbol);
        let named = [handler, &receive.symbol].into_iter().find(|symbol| is_read_model(symbol))?;
        Some((&receive.site, format!("{named} keeps a read model from {channel}")))
    };
    written.or_else(by_name)
}

fn is_read_model(name: &str) -> bool {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    READ_MODELS.iter().any(|word| bare.contains(word))
}

#[cfg(test)]
mod tests {
    use crate::tests::operation;
    use weir_facts::{Action, Effect, Fact, MessageRef, OperationFact, Program, Site, Step, WriteKind};

    fn is_cqrs(facts: Vec<OperationFact>) -> bool {
        let facts = facts.into_iter().map(|fact| Fact::Operation(Box::new(fact))).collect();
        let model = crate::build(crate::Context { root: "shop".to_owned(), ..crate::Context::default() }, facts);
        model.patterns.iter().any(|pattern| pattern.kind == "cqrs")
    }

    fn handler(message: &str, line: u32) -> OperationFact {
        let mut fact = operation(Action::Receive, Some("shop"), message, Site::new("a.ts", line));
        fact.broker = "in-process".to_owned();
        fact.messages = vec![MessageRef { name: message.to_owned(), version: None }];
        fact
    }

    #[test]
    fn both_kinds_of_handlers() {
        assert!(is_cqrs(vec![handler("PlaceOrderCommand", 1), handler("FindOrderQuery", 2)]));
        assert!(!is_cqrs(vec![handler("PlaceOrderCommand", 1), handler("OrderPlaced", 2)]));
    }

    #[test]
    fn a_read_model_that_messages_keep() {
        let receive = |symbol: &str, table: &str| {
            let mut fact = operation(Action::Receive, Some("shop"), "orders", Site::new("a.ts", 1));
            fact.symbol = symbol.to_owned();
            let (store, table) = ("db".to_owned(), Some(table.to_owned()));
            let effect = Effect::Write { store, table, kind: WriteKind::Upsert, keyed: true };
            let steps = vec![Step { site: Site::new("a.ts", 2), effect, awaited: true }];
            fact.program = Some(Program { symbol: symbol.to_owned(), steps, partial: false });
            is_cqrs(vec![fact])
        };
        assert!(receive("OrderProjector.on", "orders"));
        assert!(receive("Listener.on", "order_read_model"));
        assert!(!receive("Listener.on", "orders"));
    }
}
