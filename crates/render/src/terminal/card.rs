//! `weir show NAME`: the card one needs at 3 am about a channel, an event or a handler.

use super::style::{Item, Look, clean, flow, placed, wrap, wrap_after};
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
    let title = clean(name);
    let mut items = vec![Item { width: title.chars().count(), shown: look.bold(&title) }];
    items.extend(brokers.into_iter().map(Item::plain));
    let mut out = flow(look, "", &items, "  ");
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
        for (at, line) in wrap(&dead, look.width.saturating_sub(18)).into_iter().enumerate() {
            let label = if at == 0 { "dead letters  " } else { "              " };
            out.push_str(&format!("    {}{line}\n", look.dim(label)));
        }
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
            let id = clean(&finding.id);
            let lines = wrap_after(id.chars().count() + 2, &finding.message, look.width.saturating_sub(4));
            for (at, line) in lines.into_iter().enumerate() {
                let start = if at == 0 { format!("  {id}  ") } else { "    ".to_owned() };
                out.push_str(format!("{start}{line}").trim_end());
                out.push('\n');
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
    let mut names = wrap(&operation.service, look.width.saturating_sub(16)).into_iter();
    let mut last = names.next().unwrap_or_default();
    let mut out = format!("\n  {}{}", look.dim(&format!("{verb:<14}")), look.bold(&last));
    for name in names {
        out.push_str(&format!("\n{}{}", " ".repeat(16), look.bold(&name)));
        last = name;
    }
    // Beside the name where there is room, else under it.
    let taken = 16 + last.chars().count() + 2 + operation.site.to_string().chars().count();
    if taken <= look.width {
        out.push_str(&format!("  {}\n", look.site(&operation.site)));
    } else {
        out.push_str(&format!("\n{}", placed(look, 16, &operation.site, "")));
    }
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
    let mut names = vec![("CHANNEL", operation.channel.clone())];
    let receives = model.receivers(operation).chain(operations.iter().copied().filter(|other| other.is_receive()));
    let groups: BTreeSet<String> = receives.filter_map(|receive| receive.consumer_group.clone()).collect();
    let own = operation.consumer_group.clone();
    names.push(("GROUP", own.or_else(|| groups.iter().next().cloned())));
    names.push(("DLQ", model.dead_letter(operation).and_then(|found| found.channel)));
    names.retain(|(_, name)| name.as_ref().is_none_or(|name| name.chars().count() <= LONGEST_IN_COMMAND));
    // A command that needs a name nobody knows would only fail.
    let runs = |run: &str| {
        ["CHANNEL", "GROUP", "DLQ"].iter().all(|variable| {
            !uses(run, variable) || names.iter().any(|(known, name)| known == variable && name.is_some())
        })
    };
    let commands: Vec<&str> =
        task.steps.iter().filter_map(|step| step.run.as_deref()).filter(|run| runs(run)).collect();
    if commands.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", look.dim(&task.task));
    for (variable, name) in &names {
        if let Some(name) = name.as_ref().filter(|_| commands.iter().any(|run| uses(run, variable))) {
            out.push_str(&format!("    {variable}={}\n", quoted(name)));
        }
        if *variable == "GROUP" && groups.len() > 1 {
            let all: Vec<String> = groups.iter().map(|group| clean(group)).collect();
            for line in wrap(&format!("groups: {}", all.join(", ")), look.width.saturating_sub(6)) {
                out.push_str(&format!("    {}\n", look.dim(&format!("# {line}"))));
            }
        }
    }
    for line in commands.iter().flat_map(|run| run.lines()) {
        out.push_str(&format!("    {line}\n"));
    }
    out
}

/// A longer name belongs to no broker, and to no command.
const LONGEST_IN_COMMAND: usize = 160;

/// Whether a command needs a variable; `$DLQ` is none of `$DLQ_URL`.
fn uses(run: &str, variable: &str) -> bool {
    run.match_indices('$').any(|(at, _)| {
        let rest = run[at + 1..].trim_start_matches('{');
        rest.strip_prefix(variable)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    })
}

/// A name as one word of a shell; it comes from a repository nobody here wrote.
fn quoted(name: &str) -> String {
    format!("'{}'", clean(name).replace('\'', "'\\''"))
}
