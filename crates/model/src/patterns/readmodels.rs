//! Command and query separation: handlers of both kinds on one bus, or a read model that messages keep up to date: one
//! that says so, or the same table in a store of another kind than the one that is written first.

use super::{Shown, words};
use crate::types::{FlowModel, Operation};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Effect, Program, Site};

/// First words of messages that ask for something.
const ASKS: &[&str] = &["get", "find", "list", "search", "fetch", "query", "lookup", "browse"];

/// First words of messages that want something changed.
const CHANGES: &[&str] = &[
    "create",
    "add",
    "register",
    "update",
    "change",
    "edit",
    "set",
    "delete",
    "remove",
    "place",
    "submit",
    "cancel",
    "confirm",
    "approve",
    "reject",
    "reserve",
    "book",
    "complete",
    "activate",
    "deactivate",
    "assign",
    "pay",
];

/// How people call what is kept for reading only.
const READ_MODELS: &[&str] = &["projection", "projector", "readmodel"];

pub(super) fn find(model: &FlowModel, shown: &mut Shown) {
    let mut commands: BTreeMap<&str, &Operation> = BTreeMap::new();
    let mut queries: BTreeMap<&str, &Operation> = BTreeMap::new();
    for receive in model.operations.iter().filter(|operation| operation.is_receive() && !operation.test) {
        if receive.is_local() && commands_something(receive) {
            commands.entry(&receive.service).or_insert(receive);
        } else if receive.is_local() && asks_something(receive) {
            queries.entry(&receive.service).or_insert(receive);
        } else if let Some((site, what)) = kept(receive) {
            shown.add("cqrs", site, what);
        }
    }
    copies(model, shown);
    for (service, command) in commands {
        if let Some(query) = queries.get(service) {
            for (operation, kind) in [(command, "commands"), (*query, "queries")] {
                shown.add("cqrs", &operation.site, format!("{} has its own handlers for {kind}", operation.service));
            }
        }
    }
}

/// A handler of a command: named so, or named by what is to be done, which it does.
fn commands_something(receive: &Operation) -> bool {
    let changes = |program: &Program| !written(program).is_empty();
    receive.messages.iter().any(|message| {
        let words = words(&message.name);
        let does = words.first().is_some_and(|word| CHANGES.contains(&word.as_str()));
        message.name.ends_with("Command") || does && receive.program.as_ref().is_some_and(changes)
    })
}

/// A handler of a query: named so, or named by what is asked, and it changes nothing.
fn asks_something(receive: &Operation) -> bool {
    let looks = |program: &Program| !program.partial && !changes(program);
    receive.messages.iter().any(|message| {
        let words = words(&message.name);
        let asks = words.len() > 1 && words.first().is_some_and(|word| ASKS.contains(&word.as_str()));
        message.name.ends_with("Query") || asks && receive.program.as_ref().is_some_and(looks)
    })
}

/// True where a program leaves something behind.
fn changes(program: &Program) -> bool {
    let mut changes = false;
    program.walk(&mut |step| changes |= matches!(step.effect, Effect::Write { .. } | Effect::Publish { .. }));
    changes
}

/// The tables that a program writes, each with its store.
fn written(program: &Program) -> BTreeMap<String, (&str, &Site)> {
    let mut tables = BTreeMap::new();
    program.walk(&mut |step| {
        if let Effect::Write { store, table: Some(table), .. } = &step.effect {
            tables.entry(singular(table)).or_insert((store.as_str(), &step.site));
        }
    });
    tables
}

/// `products`, `Product`: product.
fn singular(table: &str) -> String {
    let bare: String = table.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    bare.strip_suffix('s').map_or(bare.clone(), str::to_owned)
}

/// What one service writes and announces, another keeps in a store of another kind.
fn copies(model: &FlowModel, shown: &mut Shown) {
    let mut seen: BTreeSet<(&str, String)> = BTreeSet::new();
    for link in &model.links {
        let (send, receive) = (&model.operations[link.send], &model.operations[link.receive]);
        if send.is_local() || send.test || receive.test {
            continue;
        }
        let (Some(first), Some(second)) = (&send.program, &receive.program) else { continue };
        let first = written(first);
        for (table, (store, site)) in written(second) {
            if let Some((source, _)) = first.get(&table)
                && *source != store
                && seen.insert((&receive.service, table.clone()))
            {
                let channel = send.channel_name();
                shown.add("cqrs", site, format!("{table} of {source} is kept in {store} as well, from {channel}"));
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
        let folders = receive.site.file.rsplit('/').skip(1).any(is_for_reading);
        let named = [handler, &receive.symbol].into_iter().find(|symbol| is_read_model(symbol));
        let named = named.or(folders.then_some(handler))?;
        Some((&receive.site, format!("{named} keeps a read model from {channel}")))
    };
    written.or_else(by_name)
}

fn is_read_model(name: &str) -> bool {
    let bare = letters(name);
    READ_MODELS.iter().any(|word| bare.contains(word))
}

/// True for a folder that is called after what it holds: `readmodel`, `projections`.
fn is_for_reading(folder: &str) -> bool {
    let bare = letters(folder);
    READ_MODELS.contains(&bare.strip_suffix('s').unwrap_or(&bare))
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::is_for_reading;
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
        assert!(is_for_reading("read-models") && is_for_reading("Projections") && !is_for_reading("models"));
        assert!(receive("OrderProjector.on", "orders"));
        assert!(receive("Listener.on", "order_read_model"));
        assert!(!receive("Listener.on", "orders"));
    }

    fn local(message: &str, effect: Effect) -> OperationFact {
        let mut fact = handler(message, 1);
        let steps = vec![Step { site: Site::new("a.cs", 2), effect, awaited: true }];
        fact.program = Some(Program { symbol: message.to_owned(), steps, partial: false });
        fact
    }

    fn write(store: &str, table: &str) -> Effect {
        let (store, table) = (store.to_owned(), Some(table.to_owned()));
        Effect::Write { store, table, kind: WriteKind::Insert, keyed: true }
    }

    #[test]
    fn what_is_done_and_what_is_asked() {
        let read = Effect::Read { store: "db".to_owned(), table: Some("seats".to_owned()) };
        assert!(is_cqrs(vec![local("CreateSeat", write("db", "seats")), local("GetSeats", read.clone())]));
        assert!(!is_cqrs(vec![local("SeatCreated", write("db", "seats")), local("GetSeats", read)]));
        assert!(!is_cqrs(vec![local("CreateSeat", write("db", "seats")), local("GetSeats", write("db", "seen"))]));
    }

    #[test]
    fn one_table_in_two_kinds_of_stores() {
        let kept = |store: &str, table: &str| {
            let program = |symbol: &str, effect: Effect| {
                let steps = vec![Step { site: Site::new(symbol, 2), effect, awaited: true }];
                Some(Program { symbol: symbol.to_owned(), steps, partial: false })
            };
            let mut send = operation(Action::Send, Some("writer"), "made", Site::new("w.go", 1));
            send.program = program("create", write("postgres", "products"));
            let mut receive = operation(Action::Receive, Some("reader"), "made", Site::new("r.go", 1));
            receive.program = program("on", write(store, table));
            is_cqrs(vec![send, receive])
        };
        assert!(kept("mongodb", "Product"));
        assert!(!kept("postgres", "products"));
        assert!(!kept("mongodb", "mails"));
    }
}
