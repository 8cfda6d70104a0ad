//! `weir show NAME`: the card one needs at 3 am about a channel, an event or a handler.

use super::style::{Look, clean, wrap};
use std::collections::BTreeSet;
use weir_model::{FlowModel, Operation, Report, broker_info, broker_name};

/// Everything the model knows of a name; `None` when it knows nothing of it.
pub fn show(name: &str, model: &FlowModel, report: &Report, look: &Look) -> Option<String> {
    let wanted: Vec<&Operation> = model.live().filter(|operation| concerns(operation, name)).collect();
    if wanted.is_empty() {
        return None;
    }
    let ids: BTreeSet<&str> = wanted.iter().map(|operation| operation.id.as_str()).collect();
    let brokers: BTreeSet<&str> = wanted.iter().map(|operation| broker_name(&operation.broker)).collect();
    let mut out = format!("{}  {}\n", look.bold(&clean(name)), brokers.into_iter().collect::<Vec<_>>().join(", "));
    let mut seen = BTreeSet::new();
    for operation in wanted.iter().filter(|operation| operation.is_send()) {
        seen.insert(operation.id.as_str());
        out.push_str(&side(operation, look));
        for receive in model.receivers(operation) {
            seen.insert(receive.id.as_str());
        }
    }
    for operation in &wanted {
        if operation.is_receive() {
            seen.insert(operation.id.as_str());
        }
        for send in model.senders(operation) {
            if seen.insert(send.id.as_str()) {
                out.push_str(&side(send, look));
            }
        }
    }
    for operation in model.live().filter(|operation| operation.is_receive() && seen.contains(operation.id.as_str())) {
        out.push_str(&side(operation, look));
        let dead = match model.dead_letter(operation) {
            Some(found) => match found.channel {
                Some(channel) => format!("{} ({})", clean(&channel), clean(&found.how)),
                None => clean(&found.how),
            },
            None => "none that weir can see".to_owned(),
        };
        out.push_str(&format!("    {}{dead}\n", look.dim("dead letters  ")));
    }
    let problems: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| {
            finding.severity.is_problem()
                && finding.operations.iter().any(|id| ids.contains(id.as_str()) || seen.contains(id.as_str()))
        })
        .collect();
    if !problems.is_empty() {
        out.push_str(&format!("\n{}\n", look.yellow("what is wrong")));
        for finding in problems {
            for (at, line) in wrap(&format!("{}  {}", finding.id, finding.message), look.width.saturating_sub(4))
                .into_iter()
                .enumerate()
            {
                out.push_str(&format!("{}{line}\n", if at == 0 { "  " } else { "    " }));
            }
        }
    }
    out.push_str(&runbook(&wanted, model, look));
    Some(out)
}

fn concerns(operation: &Operation, name: &str) -> bool {
    let same = |text: &Option<String>| text.as_deref() == Some(name);
    same(&operation.channel)
        || same(&operation.queue)
        || same(&operation.exchange)
        || same(&operation.routing_key)
        || same(&operation.handler)
        || same(&operation.consumer_group)
        || operation.channel_aliases.iter().any(|alias| alias == name)
        || operation.messages.iter().any(|message| message.name == name)
        || operation.handler.as_deref().is_some_and(|handler| handler.rsplit('.').next() == Some(name))
}

fn side(operation: &Operation, look: &Look) -> String {
    let verb = if operation.is_send() { "sent by" } else { "received by" };
    let mut out = format!(
        "\n  {}{}  {}\n",
        look.dim(&format!("{verb:<13} ")),
        look.bold(&clean(&operation.service)),
        look.site(&operation.site)
    );
    let mut line = |label: &str, text: &str| {
        if !text.is_empty() {
            for (at, part) in wrap(text, look.width.saturating_sub(18)).into_iter().enumerate() {
                let label = if at == 0 { label } else { "" };
                out.push_str(&format!("    {}{part}\n", look.dim(&format!("{label:<14}"))));
            }
        }
    };
    let messages: Vec<&str> = operation.messages.iter().map(|message| message.name.as_str()).collect();
    line("channel", operation.channel_name());
    line("messages", &messages.join(", "));
    let fields: Vec<String> = operation
        .payload
        .iter()
        .map(|field| if field.ty.is_empty() { field.name.clone() } else { format!("{}: {}", field.name, field.ty) })
        .collect();
    line("payload", &fields.join(", "));
    line("key", operation.key.as_deref().unwrap_or_default());
    line("handler", operation.handler.as_deref().unwrap_or_default());
    line("group", operation.consumer_group.as_deref().unwrap_or_default());
    line("guarantee", &format!("{}: {}", operation.guarantee.value.words(), operation.guarantee.why));
    line("on an error", operation.errors.as_deref().unwrap_or_default());
    let effects: Vec<&str> = operation.effects.iter().map(|effect| effect.what.as_str()).collect();
    line("does", &effects.join(" · "));
    out
}

/// The commands that show whether messages flow, for this broker.
fn runbook(operations: &[&Operation], model: &FlowModel, look: &Look) -> String {
    let Some(operation) = operations.iter().find(|operation| operation.is_receive()).or_else(|| operations.first())
    else {
        return String::new();
    };
    let Some(task) = broker_info(&operation.broker).and_then(|info| info.runbook.first()) else { return String::new() };
    let dead_letter = model.dead_letter(operation).and_then(|found| found.channel).unwrap_or_default();
    let group = operation
        .consumer_group
        .clone()
        .or_else(|| model.receivers(operation).find_map(|receive| receive.consumer_group.clone()));
    let mut out = format!("\n{}\n", look.dim(&task.task));
    out.push_str(&format!("    CHANNEL={}\n", quoted(operation.channel_name())));
    if let Some(group) = group {
        out.push_str(&format!("    GROUP={}\n", quoted(&group)));
    }
    if !dead_letter.is_empty() {
        out.push_str(&format!("    DLQ={}\n", quoted(&dead_letter)));
    }
    for step in &task.steps {
        if let Some(run) = &step.run {
            out.push_str(&format!("    {run}\n"));
        }
    }
    out
}

/// A name as one word of a shell; it comes from a repository nobody here wrote.
fn quoted(name: &str) -> String {
    format!("'{}'", clean(name).replace('\'', "'\\''"))
}
