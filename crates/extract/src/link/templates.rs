//! Templates that deploy functions, queues and topics: which code they run on what, under which environment, and how
//! channels feed each other.

mod code;
mod events;
mod node;
mod serverless;
mod stack;
mod values;

pub(crate) use code::{Code, Entry};

use crate::source::{FileId, Source};
use crate::world::{Settings, is_test};
use node::Node;
use stack::Stack;
use std::collections::{BTreeMap, BTreeSet};
use values::Values;
use weir_facts::{BindingFact, ChannelFact, ChannelKind, Fact, Name, Origin, Site, TriggerKind};

/// What marks the format; other files of configuration do not say it.
const MARK: &str = "AWS::";
/// Words in the names of JSON files that may be templates; most JSON is data.
const JSON_NAMES: &[&str] = &["template", "stack", "cloudformation", "cfn", "sam"];

/// All that the templates of a project deploy.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    pub(crate) functions: Vec<Deployed>,
    channels: Vec<ChannelFact>,
    bindings: Vec<BindingFact>,
}

/// A function as a template deploys it.
#[derive(Debug)]
pub(crate) struct Deployed {
    pub(crate) name: String,
    /// Its name inside the template.
    pub(crate) id: String,
    /// The folder of the template.
    pub(crate) folder: String,
    /// What the code is packed from, where the template says so.
    pub(crate) packed: Option<String>,
    pub(crate) code: Option<Code>,
    pub(crate) environment: Vec<(String, String, Site)>,
    pub(crate) events: Vec<Event>,
    pub(crate) site: Site,
}

/// What makes a function run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) what: What,
    pub(crate) site: Site,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    Message(Message),
    Trigger(TriggerKind, String),
}

/// Messages that come in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) broker: &'static str,
    pub(crate) kind: ChannelKind,
    pub(crate) channel: String,
    /// Names of the messages that are let through; all when empty.
    pub(crate) messages: Vec<String>,
    /// Who must have sent them; anybody when empty.
    pub(crate) sources: Vec<String>,
    pub(crate) group: Option<String>,
    pub(crate) dead_letter: Option<String>,
}

impl Templates {
    pub(crate) fn read(source: &dyn Source) -> Templates {
        let mut stacks = Vec::new();
        for (at, path) in source.paths().iter().enumerate() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let lower = name.to_ascii_lowercase();
            let serverless = lower.starts_with("serverless.");
            let yaml = [".yml", ".yaml", ".template"].iter().any(|ending| lower.ends_with(ending));
            let json = lower.ends_with(".json") && (serverless || JSON_NAMES.iter().any(|word| lower.contains(word)));
            if !yaml && !json || is_test(path) {
                continue;
            }
            let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
            let Some(text) = source.text(file).filter(|text| serverless || text.contains(MARK)) else { continue };
            let documents = match crate::yaml::load(&text) {
                Ok(documents) => documents,
                Err(why) => {
                    source.left_out(file, &why);
                    continue;
                }
            };
            let Some(root) = documents.first().map(Node::of) else { continue };
            if serverless && root.get("provider").is_some() {
                stacks.push(serverless::stack(source, path, folder, &root));
            } else if root.get("Resources").is_some_and(|resources| !resources.entries().is_empty()) {
                stacks.push(Stack::new(path, folder, root));
            }
        }
        hand_in(&mut stacks);
        let values = Values::new(&stacks);
        let mut templates = Templates::default();
        for at in 0..stacks.len() {
            templates.add(source, &values, at);
        }
        templates
    }

    /// Adds what one template says.
    fn add(&mut self, source: &dyn Source, values: &Values<'_>, at: usize) {
        let stack = &values.stacks[at];
        for (id, resource) in &stack.resources {
            let Some((broker, kind)) = resource.channel() else { continue };
            let Some(name) = values.text(at, &Node::reference(id, resource.line)) else { continue };
            let target = resource.properties.at(&["RedrivePolicy", "deadLetterTargetArn"]);
            let dead_letter = target.and_then(|target| values.channel(at, target));
            let mut settings = BTreeMap::new();
            let timeout = resource.properties.get("VisibilityTimeout").and_then(Node::text);
            settings.extend(timeout.map(|timeout| ("visibilityTimeout".to_owned(), timeout.to_owned())));
            let site = Site::new(stack.path.clone(), resource.line);
            let (origin, broker, name) = (Origin::Observed, broker.to_owned(), Name::literal(name));
            self.channels.push(ChannelFact { origin, broker, kind, name, dead_letter, settings, site });
        }
        self.bindings.extend(events::bindings(values, at));
        let mut functions = events::functions(source, values, at);
        functions.extend(serverless::functions(source, values, at));
        self.functions.extend(functions);
    }

    /// Gives the code of each function the environment it runs in.
    pub(crate) fn settings(&self, settings: &mut Settings) {
        // What several functions of one file are given counts where they agree; the same for the code around them.
        let mut given: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        let placed = |function: &'_ Deployed| function.code.as_ref().map(|code| code.path.clone());
        let paths: Vec<Option<String>> = self.functions.iter().map(placed).collect();
        for (function, path) in self.functions.iter().zip(&paths) {
            for (name, value, _) in &function.environment {
                for folder in path.as_deref().into_iter().chain([function.folder.as_str()]) {
                    given.entry((folder, name)).or_default().insert(value);
                }
            }
        }
        let mut done = BTreeSet::new();
        for (function, path) in self.functions.iter().zip(&paths) {
            for (name, value, site) in &function.environment {
                for folder in path.as_deref().into_iter().chain([function.folder.as_str()]) {
                    let agreed = given.get(&(folder, name.as_str())).is_some_and(|values| values.len() == 1);
                    if agreed && done.insert((folder.to_owned(), name)) {
                        settings.add(name, folder, value, site.clone(), 2);
                    }
                }
            }
        }
    }

    /// Channels and routes, where code of the project speaks to such a broker at all.
    pub(crate) fn facts(self, facts: &mut Vec<Fact>) {
        let mut used = BTreeSet::new();
        for fact in facts.iter() {
            if let Fact::Operation(operation) = fact {
                used.insert(operation.broker.clone());
            }
        }
        let channels = self.channels.into_iter().filter(|channel| used.contains(&channel.broker));
        let channels: Vec<Fact> = channels.map(Fact::Channel).collect();
        let bindings = self.bindings.into_iter().filter(|binding| used.contains(&binding.broker));
        let bindings: Vec<Fact> = bindings.map(Fact::Binding).collect();
        facts.extend(channels);
        facts.extend(bindings);
    }
}

/// What templates hand to the templates inside them.
fn hand_in(stacks: &mut [Stack]) {
    let mut given = Vec::new();
    {
        let values = Values::new(stacks);
        for (at, stack) in stacks.iter().enumerate() {
            for resource in stack.resources.values().filter(|resource| resource.is_stack()) {
                let Some((inner, _)) = values.inner(at, resource) else { continue };
                for (name, _, value) in resource.properties.get("Parameters").map(Node::entries).unwrap_or_default() {
                    given.push((inner, name.clone(), (at, value.clone())));
                }
            }
        }
    }
    for (inner, name, value) in given {
        stacks[inner].given.entry(name).or_insert(value);
    }
}
