//! Datastores by service: tables that effects name, and clients and containers of which no table is known.

use crate::inventory::tidy;
use crate::services::Services;
use crate::types::{Operation, Store};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{BoundaryFact, Effect, Evidence, Program, StoreFact};

/// Service, kind and name.
type Key = (String, String, String);

/// Every store once for each service that uses it.
pub(crate) fn stores(
    facts: &[StoreFact],
    operations: &[Operation],
    triggers: &[BoundaryFact],
    services: &Services,
) -> Vec<Store> {
    let mut found: BTreeMap<Key, Vec<Evidence>> = BTreeMap::new();
    for fact in facts {
        let key = (services.of(&fact.evidence.site).to_owned(), fact.kind.clone(), fact.name.clone());
        found.entry(key).or_default().push(fact.evidence.clone());
    }
    for operation in operations.iter().filter(|operation| !operation.test) {
        if let Some(program) = &operation.program {
            touched(program, &operation.service, &mut found);
        }
    }
    for trigger in triggers.iter().filter(|trigger| !trigger.test) {
        if let Some(program) = &trigger.program {
            touched(program, services.of(&trigger.site), &mut found);
        }
    }
    // A client says nothing beside the tables that are reached through it.
    let known: BTreeSet<(String, String)> = found
        .keys()
        .filter(|(_, kind, name)| name != kind)
        .map(|(service, kind, _)| (service.clone(), kind.clone()))
        .collect();
    found.retain(|(service, kind, name), _| name != kind || !known.contains(&(service.clone(), kind.clone())));
    found
        .into_iter()
        .map(|((service, kind, name), mut evidence)| {
            tidy(&mut evidence);
            Store { name, kind, service, evidence }
        })
        .collect()
}

/// The tables a program reads and writes.
fn touched(program: &Program, service: &str, found: &mut BTreeMap<Key, Vec<Evidence>>) {
    program.walk(&mut |step| {
        let (store, table, what) = match &step.effect {
            Effect::Read { store, table } => (store, table, "read"),
            Effect::Write { store, table, .. } => (store, table, "written"),
            _ => return,
        };
        if let Some(table) = table.as_ref().filter(|table| !table.is_empty()) {
            let key = (service.to_owned(), store.clone(), table.clone());
            found.entry(key).or_default().push(Evidence { site: step.site.clone(), what: what.to_owned() });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_facts::{Action, Site, Step, WriteKind};

    #[test]
    fn tables_stand_for_their_client() {
        let site = |file: &str| Site::new(file, 3);
        let fact = |name: &str, kind: &str, file: &str| StoreFact {
            name: name.to_owned(),
            kind: kind.to_owned(),
            evidence: Evidence { site: site(file), what: "call".to_owned() },
        };
        let write = Effect::Write {
            store: "sql".to_owned(),
            table: Some("orders".to_owned()),
            kind: WriteKind::Insert,
            keyed: false,
        };
        let mut fact_of_send = crate::tests::operation(Action::Send, Some("shop"), "placed", site("a.ts"));
        fact_of_send.program = Some(Program {
            symbol: "place".to_owned(),
            steps: vec![Step { site: site("a.ts"), effect: write, awaited: true }],
            partial: false,
        });
        let model = crate::build(
            crate::Context { root: "shop".to_owned(), ..crate::Context::default() },
            vec![
                weir_facts::Fact::Operation(Box::new(fact_of_send)),
                weir_facts::Fact::Store(fact("sql", "sql", "b.ts")),
                weir_facts::Fact::Store(fact("graph", "graph", "c.ts")),
            ],
        );
        let stores: Vec<(&str, &str)> =
            model.stores.iter().map(|store| (store.kind.as_str(), store.name.as_str())).collect();
        assert_eq!(stores, [("graph", "graph"), ("sql", "orders")]);
    }
}
