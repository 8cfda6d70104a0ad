//! The page of a service: what starts it, what it sends and receives, what it keeps, what can go wrong in it.

use super::book::View;
use super::flow::starts_in;
use super::parts::{Known, chart, compact, findings, left_out, receivers, section, senders, trigger_words};
use crate::markdown::escape::{code, fence, table, text};
use weir_model::{Operation, Service};

pub(super) fn page(view: &View<'_, '_>, service: &Service) -> String {
    let (sends, receives): (Vec<&Operation>, Vec<&Operation>) = view
        .model
        .live()
        .filter(|operation| operation.service == service.name)
        .partition(|operation| operation.is_send());
    let mut out =
        format!("# {}\n\n{}[All services]({})\n", code(&service.name), about(service), view.page("README.md#services"));
    if sends.is_empty() && receives.is_empty() {
        out.push_str("\nIt neither sends nor receives a message that weir can see.\n");
    }
    let diagram = chart(view, &sends, &receives);
    let drawn = diagram.draw().map(|text| fence("mermaid", &text)).unwrap_or_default();
    out.push_str(&section("Around it", &format!("{drawn}{}", left_out(diagram.left_out(), "arrow"))));
    out.push_str(&section("What starts it", &triggers(view, service)));
    out.push_str(&section("Sends", &senders(view, &sends, Known::Service)));
    out.push_str(&section("Receives", &receivers(view, &receives, Known::Service)));
    out.push_str(&section("Stores", &stores(view, service)));
    let both: Vec<&Operation> = sends.iter().chain(&receives).copied().collect();
    out.push_str(&section("What can go wrong", &findings(view, &both)));
    out
}

fn about(service: &Service) -> String {
    let mut parts = Vec::new();
    if !service.path.is_empty() {
        parts.push(format!("Lies in {}", code(&service.path)));
    }
    let words = |list: &[String]| list.iter().map(|word| text(word)).collect::<Vec<_>>().join(", ");
    if !service.languages.is_empty() {
        parts.push(format!("written in {}", words(&service.languages)));
    }
    if !service.frameworks.is_empty() {
        parts.push(format!("with {}", words(&service.frameworks)));
    }
    if !service.owners.is_empty() {
        parts.push(format!(
            "owned by {}",
            service.owners.iter().map(|owner| code(owner)).collect::<Vec<_>>().join(", ")
        ));
    }
    if parts.is_empty() { String::new() } else { format!("{}. ", parts.join(", ")) }
}

fn triggers(view: &View<'_, '_>, service: &Service) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for boundary in &view.model.boundaries {
        let Some(send) = view.model.operation(&boundary.operation) else { continue };
        if starts_in(view.model, boundary, send) != service.name {
            continue;
        }
        let row = vec![
            code(&trigger_words(&boundary.trigger)),
            view.channel(send),
            view.messages(&send.messages),
            view.site(&boundary.site),
        ];
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    compact(&["Trigger", "Sends to", "Message", "Where"], &rows)
}

fn stores(view: &View<'_, '_>, service: &Service) -> String {
    let rows: Vec<Vec<String>> = view
        .model
        .stores
        .iter()
        .filter(|store| store.service == service.name)
        .map(|store| {
            let places: Vec<String> = store.evidence.iter().take(3).map(|evidence| view.site(&evidence.site)).collect();
            vec![code(&store.name), text(&store.kind), places.join(", ")]
        })
        .collect();
    table(&["Store", "Kind", "Where"], &rows)
}
