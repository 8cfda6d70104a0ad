//! The two ends of an outbox: what is sent is kept as a row, and nothing else happens where it is sent; rows that wait
//! are read, sent, and marked or removed, in that order.

use super::Shown;
use crate::types::FlowModel;
use weir_facts::{Effect, Program, Site, Step, WriteKind};

/// Words in the name of a table whose rows are messages. A job that sends what it reads from other tables tells of
/// them, it does not hand on what waits.
const MESSAGES: &[&str] = &["outbox", "event", "message", "publication", "outgoing"];

pub(super) fn find(model: &FlowModel, shown: &mut Shown) {
    let sending = model.operations.iter().filter(|operation| operation.is_send() && !operation.test);
    let programs = model.triggers.iter().filter(|trigger| !trigger.test).filter_map(|trigger| trigger.program.as_ref());
    for send in sending.clone().filter(|send| !send.is_local()) {
        if let Some(table) = send.program.as_ref().and_then(|program| kept(program, &send.site)) {
            shown.add("outbox", &send.site, format!("keeps it in {table} for {}", send.channel_name()));
        }
    }
    for program in sending.filter_map(|operation| operation.program.as_ref()).chain(programs) {
        if let Some((table, site)) = relayed(program) {
            shown.add("outbox", &site, format!("sends what waits in {table}, then marks it"));
        }
    }
}

/// The table of messages that a program writes at the very place of a send, where it does not publish.
fn kept(program: &Program, site: &Site) -> Option<String> {
    let mut table = None;
    let mut publishes = false;
    program.walk(&mut |step| match &step.effect {
        _ if step.site != *site => {}
        Effect::Publish { .. } => publishes = true,
        Effect::Write { table: Some(name), kind: WriteKind::Insert | WriteKind::Save | WriteKind::Upsert, .. }
            if holds_messages(name) =>
        {
            table = Some(name.clone());
        }
        _ => {}
    });
    table.filter(|_| !publishes)
}

/// The table whose rows a program relays, and where it reads them.
fn relayed(program: &Program) -> Option<(String, Site)> {
    let mut reads: Vec<(&str, &Site)> = Vec::new();
    let mut sent = false;
    let mut found = None;
    walk(&program.steps, &mut |step| match &step.effect {
        Effect::Read { table: Some(table), .. } if holds_messages(table) => reads.push((table, &step.site)),
        Effect::Publish { outbox: false, .. } => sent |= !reads.is_empty(),
        Effect::Write { table: Some(table), kind: WriteKind::Update | WriteKind::Save | WriteKind::Delete, .. }
            if sent && found.is_none() =>
        {
            found =
                reads.iter().find(|(read, _)| read == table).map(|(read, site)| ((*read).to_owned(), (*site).clone()));
        }
        _ => {}
    });
    found
}

fn holds_messages(table: &str) -> bool {
    let table = table.to_ascii_lowercase();
    MESSAGES.iter().any(|word| table.contains(word))
}

/// Steps in order; what only an error leads to is left out.
fn walk<'p>(steps: &'p [Step], visit: &mut dyn FnMut(&'p Step)) {
    for step in steps {
        visit(step);
        match &step.effect {
            Effect::Transaction { body, .. } | Effect::Loop { body, .. } | Effect::Spawn { body } => walk(body, visit),
            Effect::Branch { arms } => arms.iter().for_each(|arm| walk(&arm.steps, visit)),
            Effect::Try { body, finally, .. } => {
                walk(body, visit);
                walk(finally, visit);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(line: u32, effect: Effect) -> Step {
        Step { site: Site::new("relay.ts", line), effect, awaited: true }
    }

    fn read(table: &str) -> Step {
        step(1, Effect::Read { store: "db".to_owned(), table: Some(table.to_owned()) })
    }

    fn publish() -> Step {
        let (channel, message) = (Some("orders".to_owned()), None);
        step(2, Effect::Publish { broker: "bus".to_owned(), channel, message, confirmed: true, outbox: false })
    }

    fn write(table: &str, kind: WriteKind) -> Step {
        step(3, Effect::Write { store: "db".to_owned(), table: Some(table.to_owned()), kind, keyed: true })
    }

    fn relays(steps: Vec<Step>) -> Option<String> {
        relayed(&Program { symbol: "flush".to_owned(), steps, partial: false }).map(|(table, _)| table)
    }

    #[test]
    fn kept_where_it_is_sent() {
        let at = |steps: Vec<Step>, line: u32| {
            kept(&Program { symbol: "place".to_owned(), steps, partial: false }, &Site::new("relay.ts", line))
        };
        let row = || write("outbox_message", WriteKind::Insert);
        assert_eq!(at(vec![row()], 3).as_deref(), Some("outbox_message"));
        assert_eq!(at(vec![row()], 9), None, "it is sent elsewhere");
        assert_eq!(at(vec![write("orders", WriteKind::Insert)], 3), None, "no table of messages");
        let published = step(
            3,
            Effect::Publish { broker: "bus".to_owned(), channel: None, message: None, confirmed: true, outbox: false },
        );
        assert_eq!(at(vec![row(), published], 3), None, "it is logged, and sent at once");
    }

    #[test]
    fn read_sent_and_marked() {
        let each = Effect::Loop { body: vec![publish(), write("outbox", WriteKind::Update)], retry: false };
        assert_eq!(relays(vec![read("outbox"), step(2, each)]).as_deref(), Some("outbox"));
        let gone = vec![read("order_events"), publish(), write("order_events", WriteKind::Delete)];
        assert_eq!(relays(gone).as_deref(), Some("order_events"));
    }

    #[test]
    fn other_orders_and_other_tables_are_no_relay() {
        assert_eq!(relays(vec![read("outbox"), write("outbox", WriteKind::Update), publish()]), None);
        assert_eq!(relays(vec![read("outbox"), publish(), write("outbox", WriteKind::Insert)]), None);
        assert_eq!(relays(vec![read("orders"), publish(), write("orders", WriteKind::Update)]), None);
        let caught = weir_facts::Arm { when: String::new(), steps: vec![publish()] };
        let failed = Effect::Try { body: Vec::new(), catches: vec![caught], finally: Vec::new() };
        assert_eq!(relays(vec![read("events"), step(2, failed), write("events", WriteKind::Update)]), None);
    }
}
