//! For tests: a small shop, made from facts through the real model, once with decent names and once with hostile ones.

use std::collections::BTreeMap;
use weir_facts::{
    Action, BindingFact, BoundaryFact, BrokerFact, Certainty, ChannelFact, ChannelKind, Coverage, Effect, Evidence,
    Fact, Field, Handler, LanguageCoverage, MessageFact, MessageRef, Name, OperationFact, Origin, PatternFact, Program,
    SagaFact, SagaStepFact, ServiceFact, Site, Step, StoreFact, TriggerKind, UnresolvedFact, WriteKind,
};
use weir_model::{Context, Finding, FlowModel, Gate, GateStatus, Related, Report, Severity, TimelineEntry, build};

/// A broker of which nothing is known, so that what is told here does not change with what is learnt of real ones.
const BROKER: &str = "other:bus";

/// The shop as a decent project has it.
pub(crate) fn shop() -> (FlowModel, Report) {
    let same = |name: &str| name.to_owned();
    (build(context("shop"), facts(&same)), report(&same))
}

/// The same shop with something hostile in every name that a project chooses.
pub(crate) fn hostile(thorn: &str) -> (FlowModel, Report) {
    let named = |name: &str| format!("{name}{thorn}");
    (build(context(&named("shop")), facts(&named)), report(&named))
}

/// Two services that answer each other for ever.
pub(crate) fn circle() -> (FlowModel, Report) {
    let same = |name: &str| name.to_owned();
    let mut facts = Vec::new();
    for (service, hears, sends, file) in [("a", "pong", "ping", "a/main.ts"), ("b", "ping", "pong", "b/main.ts")] {
        let end = |channel, line, steps| End { service, channel, message: "Ball", symbol: "on", file, line, steps };
        let answer = vec![publish(&same, file, 5, sends, "Ball")];
        facts.push(operation(&same, Action::Receive, end(hears, 3, answer)));
        facts.push(operation(&same, Action::Send, end(sends, 5, Vec::new())));
    }
    (build(context("circle"), facts), Report::finish(Vec::new(), Vec::new(), Vec::new()))
}

/// Services in a row, each of which passes on what it hears.
pub(crate) fn chain(length: u32) -> FlowModel {
    let same = |name: &str| name.to_owned();
    let mut facts = Vec::new();
    for at in 0..length {
        let (service, file) = (format!("s{at}"), format!("s{at}/main.ts"));
        let (hears, sends) = (format!("c{}", at.saturating_sub(1)), format!("c{at}"));
        let end = |channel, line, steps| End {
            service: &service,
            channel,
            message: "Baton",
            symbol: "on",
            file: &file,
            line,
            steps,
        };
        if at > 0 {
            facts.push(operation(
                &same,
                Action::Receive,
                end(&hears, 3, vec![publish(&same, &file, 5, &sends, "Baton")]),
            ));
        }
        facts.push(operation(&same, Action::Send, end(&sends, 5, Vec::new())));
    }
    build(context("chain"), facts)
}

/// A design: everything stands in one file that is no part of a service, and triggers are written by name.
pub(crate) fn design() -> (FlowModel, Report) {
    let same = |name: &str| name.to_owned();
    let end = |service, channel, message, line| End {
        service,
        channel,
        message,
        symbol: "declared",
        file: "flow.yaml",
        line,
        steps: Vec::new(),
    };
    let trigger = |trigger: TriggerKind, what: &str, line: u32| {
        Fact::Boundary(BoundaryFact {
            trigger,
            what: what.to_owned(),
            symbol: "declared".to_owned(),
            sends: vec![Site::new("flow.yaml", line)],
            program: None,
            site: Site::new("flow.yaml", line),
            test: false,
        })
    };
    let service = |name: &str| {
        Fact::Service(ServiceFact {
            name: name.to_owned(),
            path: format!("apps/{name}"),
            frameworks: Vec::new(),
            aliases: Vec::new(),
            library: false,
            evidence: evidence(&same, "flow.yaml", 2, "declared in the design"),
        })
    };
    let facts = vec![
        service("shop"),
        service("bank"),
        operation(&same, Action::Send, end("shop", "orders", "OrderPlaced", 4)),
        trigger(TriggerKind::Http, "POST /orders", 4),
        operation(&same, Action::Send, end("bank", "payments", "Paid", 5)),
        trigger(TriggerKind::Queue, "OrderPlaced", 5),
        operation(&same, Action::Receive, end("bank", "orders", "OrderPlaced", 6)),
    ];
    (build(context("flow.yaml"), facts), Report::finish(Vec::new(), Vec::new(), Vec::new()))
}

type Naming<'a> = &'a dyn Fn(&str) -> String;

fn context(root: &str) -> Context {
    let typescript = LanguageCoverage { seen: 12, parsed: 7, clean_permille: 1000 };
    let coverage = Coverage {
        languages: BTreeMap::from([("typescript".to_owned(), typescript)]),
        skipped: Vec::new(),
        messaging_calls: 8,
        resolved_calls: 7,
    };
    Context { root: root.to_owned(), coverage, certainty: Certainty::Likely, broker: None }
}

/// A place whose folders and file are named one by one, so that files lie in the folders of their services.
fn place(name: Naming, file: &str, line: u32) -> Site {
    Site::new(file.split('/').map(name).collect::<Vec<_>>().join("/"), line)
}

fn evidence(name: Naming, file: &str, line: u32, what: &str) -> Evidence {
    Evidence { site: place(name, file, line), what: name(what) }
}

fn step(site: Site, effect: Effect) -> Step {
    Step { site, effect, awaited: true }
}

fn write(name: Naming, file: &str, line: u32, table: &str) -> Step {
    let effect =
        Effect::Write { store: "postgres".to_owned(), table: Some(name(table)), kind: WriteKind::Insert, keyed: false };
    step(place(name, file, line), effect)
}

fn publish(name: Naming, file: &str, line: u32, channel: &str, message: &str) -> Step {
    let effect = Effect::Publish {
        broker: BROKER.to_owned(),
        channel: Some(name(channel)),
        message: Some(name(message)),
        confirmed: true,
        outbox: false,
    };
    step(place(name, file, line), effect)
}

/// What one end of a channel is told by.
struct End<'a> {
    service: &'a str,
    channel: &'a str,
    message: &'a str,
    symbol: &'a str,
    file: &'a str,
    line: u32,
    steps: Vec<Step>,
}

fn operation(name: Naming, action: Action, end: End<'_>) -> Fact {
    let site = place(name, end.file, end.line);
    let send = action == Action::Send;
    let program = Program { symbol: name(end.symbol), steps: end.steps, partial: false };
    Fact::Operation(Box::new(OperationFact {
        origin: Origin::Observed,
        action,
        broker: BROKER.to_owned(),
        connection: None,
        channel: Some(Name::literal(name(end.channel))),
        channel_kind: Some(ChannelKind::Topic),
        exchange: None,
        routing_key: None,
        queue: None,
        subject: None,
        messages: vec![MessageRef { name: name(end.message), version: (end.message == "OrderPlaced").then_some(1) }],
        other_messages: false,
        key: send.then(|| name("order.id")),
        payload: Vec::new(),
        group: (!send).then(|| name("group")),
        handler: (!send).then(|| Handler { symbol: name(end.symbol), site: site.clone() }),
        symbol: name(end.symbol),
        service: Some(name(end.service)),
        library: "a-client".to_owned(),
        settings: BTreeMap::new(),
        request: false,
        dead_letter: None,
        site,
        via: Vec::new(),
        certainty: Certainty::Certain,
        trail: Vec::new(),
        program: Some(program),
        test: false,
    }))
}

fn facts(name: Naming) -> Vec<Fact> {
    let mut facts = inventory(name);
    facts.push(operation(
        name,
        Action::Send,
        End {
            service: "orders",
            channel: "order-events",
            message: "OrderPlaced",
            symbol: "OrderService.place",
            file: "orders/service.ts",
            line: 31,
            steps: vec![
                write(name, "orders/service.ts", 28, "orders"),
                publish(name, "orders/service.ts", 31, "order-events", "OrderPlaced"),
            ],
        },
    ));
    facts.push(operation(
        name,
        Action::Receive,
        End {
            service: "payments",
            channel: "order-events",
            message: "OrderPlaced",
            symbol: "PaymentHandler.handle",
            file: "payments/handler.ts",
            line: 9,
            steps: vec![
                write(name, "payments/handler.ts", 11, "payments"),
                publish(name, "payments/handler.ts", 14, "payment-events", "PaymentProcessed"),
            ],
        },
    ));
    facts.push(operation(
        name,
        Action::Send,
        End {
            service: "payments",
            channel: "payment-events",
            message: "PaymentProcessed",
            symbol: "PaymentHandler.handle",
            file: "payments/handler.ts",
            line: 14,
            steps: Vec::new(),
        },
    ));
    facts.push(operation(
        name,
        Action::Receive,
        End {
            service: "orders",
            channel: "payment-events",
            message: "PaymentProcessed",
            symbol: "onPayment",
            file: "orders/saga.ts",
            line: 5,
            steps: vec![write(name, "orders/saga.ts", 7, "orders")],
        },
    ));
    facts.push(operation(
        name,
        Action::Receive,
        End {
            service: "orders",
            channel: "user-events",
            message: "UserDeleted",
            symbol: "onUserDeleted",
            file: "orders/users.ts",
            line: 3,
            steps: Vec::new(),
        },
    ));
    facts.push(operation(
        name,
        Action::Send,
        End {
            service: "payments",
            channel: "audit",
            message: "PaymentAudited",
            symbol: "audit",
            file: "payments/audit.ts",
            line: 4,
            steps: Vec::new(),
        },
    ));
    let boundary = |kind: TriggerKind, what: &str, file: &str, line: u32, sends: Vec<Site>| {
        Fact::Boundary(BoundaryFact {
            trigger: kind,
            what: name(what),
            symbol: name("place"),
            sends,
            program: None,
            site: place(name, file, line),
            test: false,
        })
    };
    let placed = vec![place(name, "orders/service.ts", 31)];
    facts.push(boundary(TriggerKind::Http, "POST /orders", "orders/routes.ts", 12, placed));
    let processed = vec![place(name, "payments/handler.ts", 14)];
    facts.push(boundary(TriggerKind::Queue, "order-events", "payments/handler.ts", 9, processed));
    facts
}

fn inventory(name: Naming) -> Vec<Fact> {
    let service = |folder: &str| {
        Fact::Service(ServiceFact {
            name: name(folder),
            path: name(folder),
            frameworks: vec!["express".to_owned()],
            aliases: Vec::new(),
            library: false,
            evidence: evidence(name, "package.json", 1, "a package"),
        })
    };
    let field = |field: &str, ty: &str, optional: bool| Field { name: name(field), ty: ty.to_owned(), optional };
    vec![
        service("orders"),
        service("payments"),
        Fact::Broker(BrokerFact {
            kind: BROKER.to_owned(),
            version: Some("7.6".to_owned()),
            evidence: evidence(name, "compose.yaml", 4, "compose: broker 7.6"),
            proves: true,
        }),
        Fact::Channel(ChannelFact {
            origin: Origin::Observed,
            broker: BROKER.to_owned(),
            kind: ChannelKind::Topic,
            name: Name::literal(name("order-events")),
            dead_letter: Some(name("order-events.DLQ")),
            settings: BTreeMap::from([(name("partitions"), name("6"))]),
            site: place(name, "topics.tf", 2),
        }),
        Fact::Message(MessageFact {
            name: name("OrderPlaced"),
            version: Some(1),
            fields: vec![field("orderId", "string", false), field("items", "Array<Item | null>", true)],
            evidence: evidence(name, "orders/events.ts", 3, "a class"),
        }),
        Fact::Binding(BindingFact {
            broker: BROKER.to_owned(),
            source: name("order-events"),
            destination: name("copy"),
            key: Some(name("placed")),
            site: place(name, "topics.tf", 9),
        }),
        Fact::Store(StoreFact {
            name: name("orders-db"),
            kind: "postgres".to_owned(),
            evidence: evidence(name, "orders/db.ts", 1, "a pool"),
        }),
        Fact::Pattern(PatternFact {
            kind: "pub-sub".to_owned(),
            evidence: evidence(name, "payments/handler.ts", 9, "payments hears orders"),
        }),
        Fact::Saga(SagaFact {
            name: name("OrderSaga"),
            orchestrated: true,
            correlation: Some(name("orderId")),
            timeout: Some("2m".to_owned()),
            steps: vec![SagaStepFact {
                name: name("pay"),
                ok: Some(name("PaymentProcessed")),
                failed: Some(name("PaymentFailed")),
                compensate: None,
                timeout: Some("30s".to_owned()),
            }],
            evidence: vec![evidence(name, "orders/saga.ts", 1, "a class")],
        }),
        Fact::Unresolved(UnresolvedFact {
            what: name("producer.send"),
            site: place(name, "orders/dynamic.ts", 8),
            via: Vec::new(),
            why: name("the topic is a parameter"),
            hint: name("call it with a constant"),
            broker: BROKER.to_owned(),
        }),
    ]
}

/// Findings as rules would write them, one of each level.
fn report(name: Naming) -> Report {
    let site = |file: &str, line: u32| place(name, file, line);
    let entry = |site: Option<Site>, what: &str| TimelineEntry { site, what: name(what) };
    let lost = Finding {
        rule: "dual-write".to_owned(),
        severity: Severity::Critical,
        title: "Written, then sent".to_owned(),
        message: name("orders inserts into orders, then sends OrderPlaced"),
        site: Some(site("orders/service.ts", 31)),
        here: name("sends OrderPlaced → order-events"),
        service: name("orders"),
        handler: Some(name("OrderService.place")),
        channel: Some(name("order-events")),
        related: vec![Related { site: site("orders/service.ts", 28), message: name("inserts into orders") }],
        timeline: vec![
            entry(Some(site("orders/service.ts", 28)), "the order is stored"),
            entry(None, "the process dies"),
            entry(Some(site("orders/service.ts", 31)), "OrderPlaced is never sent"),
        ],
        remedy: name("Store OrderPlaced in an outbox table."),
        fingerprint: name("dual-write/orders/OrderService.place/order-events"),
        operations: vec![format!("{}/send/{}/{}#1", name("orders"), name("order-events"), name("OrderService.place"))],
        ..Finding::default()
    };
    let of = |rule: &str, severity: Severity, message: &str, site: Option<Site>| Finding {
        rule: rule.to_owned(),
        severity,
        title: "A sentence".to_owned(),
        message: name(message),
        site,
        fingerprint: name(rule),
        ..Finding::default()
    };
    let findings = vec![
        lost,
        of("no-dlq", Severity::Warn, "onPayment has no dead-letter channel", Some(site("orders/saga.ts", 5))),
        of("orphan-producer", Severity::Info, "nobody hears audit", Some(site("payments/audit.ts", 4))),
        of("no-idempotency", Severity::Unknown, "the handler calls something", Some(site("payments/handler.ts", 9))),
        of("publish-before-write", Severity::Pass, "every write comes first", None),
    ];
    let gate = |gate: &str, title: &str, status: GateStatus, findings: &[&str]| Gate {
        gate: gate.to_owned(),
        title: title.to_owned(),
        status,
        findings: findings.iter().map(|id| (*id).to_owned()).collect(),
    };
    let gates = vec![
        gate("G1", "dead letters", GateStatus::Fail, &["no-dlq-1"]),
        gate("G2", "idempotency", GateStatus::Unknown, &["no-idempotency-1"]),
        gate("G3", "lost events", GateStatus::Fail, &["dual-write-1"]),
        gate("G4", "sagas", GateStatus::NotApplicable, &[]),
    ];
    Report::finish(findings, gates, vec!["This result rests on code alone.".to_owned()])
}
