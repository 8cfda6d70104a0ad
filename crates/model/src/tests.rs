//! From facts to a model: what no module shows alone.

use crate::{Context, FlowModel, build};
use weir_facts::{
    Action, BoundaryFact, BrokerFact, Certainty, Evidence, Fact, Name, OperationFact, Origin, ServiceFact, Site,
    TriggerKind,
};

pub(crate) fn model(facts: Vec<Fact>) -> FlowModel {
    build(Context { root: "project".to_owned(), certainty: Certainty::Likely, ..Context::default() }, facts)
}

fn evidence(file: &str, line: u32, what: &str) -> Evidence {
    Evidence { site: Site::new(file, line), what: what.to_owned() }
}

/// An operation in a file; its service follows from the file unless it is said.
pub(crate) fn operation(action: Action, service: Option<&str>, channel: &str, site: Site) -> OperationFact {
    OperationFact {
        origin: Origin::Observed,
        action,
        broker: "kafka".to_owned(),
        connection: None,
        channel: Some(Name::literal(channel)),
        channel_kind: None,
        exchange: None,
        routing_key: None,
        queue: None,
        subject: None,
        messages: Vec::new(),
        other_messages: false,
        key: None,
        payload: Vec::new(),
        group: None,
        handler: None,
        symbol: "f".to_owned(),
        service: service.map(str::to_owned),
        library: "client".to_owned(),
        settings: std::collections::BTreeMap::new(),
        request: false,
        dead_letter: None,
        site,
        via: Vec::new(),
        certainty: Certainty::Certain,
        trail: Vec::new(),
        program: None,
        test: false,
    }
}

fn trigger(what: &str, site: Site, sends: Vec<Site>) -> Fact {
    Fact::Boundary(BoundaryFact {
        trigger: TriggerKind::Http,
        what: what.to_owned(),
        symbol: "f".to_owned(),
        sends,
        program: None,
        site,
        test: false,
    })
}

fn service(name: &str, path: &str) -> Fact {
    Fact::Service(ServiceFact {
        name: name.to_owned(),
        path: path.to_owned(),
        frameworks: Vec::new(),
        aliases: Vec::new(),
        library: false,
        evidence: evidence("package.json", 1, "package"),
    })
}

#[test]
fn a_design_says_whose_trigger_it_is() {
    let at = Site::new("flow.yaml", 9);
    let send = operation(Action::Send, Some("order-service"), "orders", at.clone());
    let model = model(vec![
        service("order-service", "apps/orders"),
        Fact::Operation(Box::new(send)),
        trigger("POST /orders", at.clone(), vec![at]),
    ]);
    let services: Vec<&str> = model.boundaries.iter().map(|boundary| boundary.service.as_str()).collect();
    assert_eq!(services, ["order-service"]);
}

#[test]
fn in_code_a_trigger_is_of_the_service_it_stands_in() {
    let (route, send) = (Site::new("apps/api/routes.ts", 3), Site::new("libs/bus/send.ts", 5));
    let model = model(vec![
        service("api", "apps/api"),
        service("worker", "apps/worker"),
        Fact::Operation(Box::new(operation(Action::Send, None, "jobs", send.clone()))),
        trigger("POST /jobs", route, vec![send]),
    ]);
    assert_eq!(model.boundaries[0].service, "api");
}

#[test]
fn a_container_is_a_broker_and_a_dependency_is_none() {
    let broker = |kind: &str, what: &str, version: Option<&str>, proves: bool| {
        Fact::Broker(BrokerFact {
            kind: kind.to_owned(),
            version: version.map(str::to_owned),
            evidence: evidence("compose.yml", 2, what),
            proves,
        })
    };
    let model = model(vec![
        broker("rabbitmq", "compose: rabbitmq:3-management", Some("3"), true),
        broker("kafka", "client 2.2.4", None, false),
    ]);
    let found: Vec<(&str, Option<&str>)> =
        model.brokers.iter().map(|broker| (broker.kind.as_str(), broker.version.as_deref())).collect();
    assert_eq!(found, [("rabbitmq", Some("3"))]);
    assert_eq!(model.brokers[0].evidence[0].what, "compose: rabbitmq:3-management");
    assert!(!model.is_used(&model.brokers[0]), "no code speaks to it");
}
