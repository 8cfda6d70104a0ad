//! Which fields a message has: those of its declared type, those of the value, and their types however they are said.

use crate::project::Project;
use crate::runner::{list, text};

const TYPES: &str = "
interface Line { sku: string; quantity: number }
interface Envelope<Type extends string, Body> { type: Type; at: string; body: Body }
interface Placed { orderId: string; lines: Line[]; note?: string }
type OrderPlaced = Envelope<'OrderPlaced', Placed>;
interface Base { eventId: string }
interface Paid extends Base { amount: number; card: { last4: string } }
class Shipped { constructor(public readonly orderId: string, readonly weight: number) {} toJSON() { return this; } }
declare const order: any;
async function publish<Event extends object>(topic: string, event: Event) {
  await producer.send({ topic, messages: [{ value: JSON.stringify(event) }] });
}
async function pay(topic: string, event: Paid) { await producer.send({ topic, messages: [{ value: JSON.stringify(event) }] }); }
";

/// The fields of what this statement sends.
fn fields(statement: &str) -> String {
    let project = Project::empty();
    project.file("package.json", r#"{ "name": "shop", "scripts": { "start": "node ." } }"#).file(
        "src/send.ts",
        format!(
            "import {{ Kafka }} from 'kafkajs';\nconst producer = new Kafka({{ brokers: [] }}).producer();\n{TYPES}\n\
             export async function run() {{\n{statement}\n}}\n"
        ),
    );
    let map = project.map();
    // What stands further up are the functions that hand it on.
    let operation = list(&map.0, "operations").iter().max_by_key(|operation| operation["line"].as_u64());
    let operation = operation.expect("a send");
    let field = |field: &serde_json::Value| {
        let mark = if field["optional"] == true { "?" } else { "" };
        format!("{}{mark}: {}", text(field, "name"), text(field, "type")).trim_end_matches([':', ' ']).to_owned()
    };
    let fields = operation["payload"].as_array().map(Vec::as_slice).unwrap_or_default();
    fields.iter().map(field).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_declared_type_gives_fields_and_types() {
    let placed = "type: 'OrderPlaced'; at: string; body: {orderId: string, lines: Line[], note?: string}";
    for (statement, expected) in [
        (
            "const event: OrderPlaced = { type: 'OrderPlaced', at: order.at, body: order.body }; await publish('t', event);",
            placed,
        ),
        ("await publish<OrderPlaced>('t', { type: 'OrderPlaced', at: order.at, body: order.body });", placed),
        ("await publish('t', { type: 'OrderPlaced', at: order.at, body: order.body } as OrderPlaced);", placed),
        (
            "const event: Paid = { eventId: order.id, amount: order.sum, card: order.card };\n\
             await producer.send({ topic: 'typed', messages: [{ value: JSON.stringify(event) }] });",
            "eventId: string; amount: number; card: {last4: string}",
        ),
        (
            "await pay('t', { eventId: order.id, amount: order.sum, card: order.card });",
            "eventId: string; amount: number; card: {last4: string}",
        ),
        ("await publish('t', new Shipped(order.id, 3));", "orderId: string; weight: number"),
    ] {
        assert_eq!(fields(statement), expected, "{statement}");
    }
}

#[test]
fn without_a_declaration_the_value_tells() {
    for (statement, expected) in [
        (
            "await publish('t', { id: 'a', count: 3, open: true, owner: { name: 'x', age: order.age } });",
            "id: string; count: number; open: boolean; owner: {name: string, age}",
        ),
        ("const event: Unknown = { id: 'a' }; await publish('t', event);", "id: string"),
        ("await publish('t', { id: order.id, tags: ['a'] });", "id; tags: string[]"),
    ] {
        assert_eq!(fields(statement), expected, "{statement}");
    }
}

#[test]
fn types_without_end_end() {
    let endless = "interface Tree { left: Tree; right: Tree } type Loop = Loop; const a: Tree = { left: order.l, right: order.r };";
    assert_eq!(
        fields(&format!("{endless} await publish('t', a);")),
        "left: {left: Tree, right: Tree}; right: {left: Tree, right: Tree}"
    );
    assert_eq!(fields("type Loop = Loop; const a: Loop = { id: 'x' }; await publish('t', a);"), "id: string");
}
