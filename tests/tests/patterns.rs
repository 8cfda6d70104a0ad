//! Patterns that the configuration of a library shows, and the statements a program creates its tables with.

use crate::project::Project;
use crate::runner::{list, text};
use std::collections::BTreeSet;

fn kinds(file: &str, code: &str) -> BTreeSet<String> {
    let project = Project::healthy();
    project.file(file, code);
    list(&project.map().0, "patterns").iter().map(|pattern| text(pattern, "kind").to_owned()).collect()
}

#[test]
fn a_library_that_is_told_to_keep_messages() {
    let code = "using MassTransit;\nservices.AddMassTransit(x =>\n{\n    x.AddEntityFrameworkOutbox<OrdersContext>(o => \
                o.UseBusOutbox());\n    x.AddConfigureEndpointsCallback((context, name, cfg) => \
                cfg.UseEntityFrameworkOutbox<OrdersContext>(context));\n});\n";
    let found = kinds("src/Program.cs", code);
    assert!(found.contains("outbox") && found.contains("inbox-dedup"), "{found:?}");
    let plain = "using MassTransit;\nservices.AddMassTransit(x => x.AddConsumers(typeof(Program).Assembly));\n";
    assert!(!kinds("src/Program.cs", plain).contains("outbox"));
}

#[test]
fn topics_to_try_again_from() {
    let listener = |annotation: &str| {
        format!(
            "import org.springframework.kafka.annotation.*;\nclass Orders {{\n    {annotation}\n    \
             @KafkaListener(topics = \"orders\", groupId = \"shop\")\n    void on(String text) {{}}\n}}\n"
        )
    };
    assert!(kinds("src/main/java/Orders.java", &listener("@RetryableTopic(attempts = \"4\")")).contains("retry-topic"));
    assert!(!kinds("src/main/java/Orders.java", &listener("")).contains("retry-topic"));
}

#[test]
fn events_that_a_library_or_a_table_keeps() {
    let axon = "import org.axonframework.eventsourcing.EventSourcingHandler;\nclass Order {\n    @EventSourcingHandler\n    \
                void on(OrderPlaced placed) {}\n}\nrecord OrderPlaced(String id) {}\n";
    assert!(kinds("src/main/java/Order.java", axon).contains("event-sourcing"));
    let table = |key: &str| {
        format!(
            "using RabbitMQ.Client;\npublic class Store\n{{\n    const string Sql = @\"CREATE TABLE OrderEvent ([Id] \
             varchar(50), [Version] int, [EventType] varchar(75), [EventData] text, PRIMARY KEY({key}));\";\n}}\n"
        )
    };
    assert!(kinds("src/Store.cs", &table("[Id], [Version]")).contains("event-sourcing"));
    assert!(!kinds("src/Store.cs", &table("[Id]")).contains("event-sourcing"));
}

#[test]
fn state_machines_and_steps_of_libraries_are_sagas() {
    let machine = "using MassTransit;\npublic class State : SagaStateMachineInstance { public Guid CorrelationId { get; set; } }\n\
                   public class Machine : MassTransitStateMachine<State>\n{\n    public Machine() { Event(() => Placed); }\n    \
                   public Event<OrderPlaced> Placed { get; private set; }\n}\npublic record OrderPlaced(Guid Id);\n";
    assert!(kinds("src/Machine.cs", machine).contains("saga-orchestration"));
    let plain =
        "using MassTransit;\npublic class Placed : IConsumer<OrderPlaced> { }\npublic record OrderPlaced(Guid Id);\n";
    assert!(!kinds("src/Placed.cs", plain).contains("saga-orchestration"));
    let steps = "import io.eventuate.tram.sagas.simpledsl.SimpleSaga;\nclass Place implements SimpleSaga<String> {\n    \
                 Object definition() { return step().invokeLocal(this::make).build(); }\n    void make(String data) {}\n}\n";
    assert!(kinds("src/main/java/Place.java", steps).contains("saga-orchestration"));
}

#[test]
fn what_is_only_kept_where_it_is_sent_is_an_outbox() {
    let folder = crate::runner::repository().join("tests/fixtures/java/outbox-relay");
    let analysis = weir_engine::analyse(&weir_engine::Options::new(&folder)).expect("the fixture is analysed");
    assert!(analysis.model.patterns.iter().any(|pattern| pattern.kind == "outbox"), "{:?}", analysis.model.patterns);
}
