//! One template: its parameters, mappings and resources, and what each resource is called when it runs.

use super::node::{Data, Node};
use std::collections::BTreeMap;
use weir_facts::ChannelKind;

/// A template of the project.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) path: String,
    /// The folder it stands in.
    pub(super) folder: String,
    pub(super) parameters: BTreeMap<String, Parameter>,
    pub(super) mappings: Option<Node>,
    pub(super) resources: BTreeMap<String, Resource>,
    pub(super) outputs: Option<Node>,
    /// What all functions have unless they say otherwise.
    pub(super) globals: Option<Node>,
    /// The whole file, for languages whose texts point into it.
    pub(super) root: Node,
    /// Values that the template around hands in: by its place in the list of all.
    pub(super) given: BTreeMap<String, (usize, Node)>,
}

/// A parameter of a template.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) ty: String,
    pub(super) default: Option<String>,
}

/// A resource of a template.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) ty: String,
    pub(super) properties: Node,
    pub(super) metadata: Option<Node>,
    pub(super) line: u32,
}

/// Resources that are channels: type, kind of broker, kind of channel, and the property that names one.
const CHANNELS: &[(&str, &str, ChannelKind, &str)] = &[
    ("AWS::SQS::Queue", "sqs", ChannelKind::Queue, "QueueName"),
    ("AWS::SNS::Topic", "sns", ChannelKind::Topic, "TopicName"),
    ("AWS::Events::EventBus", "eventbridge", ChannelKind::Bus, "Name"),
];

/// Other resources whose names programs use, with the property that gives one.
const NAMED: &[(&str, &str)] = &[
    ("AWS::Serverless::Function", "FunctionName"),
    ("AWS::Lambda::Function", "FunctionName"),
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::Serverless::SimpleTable", "TableName"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::SSM::Parameter", "Name"),
    ("AWS::Kinesis::Stream", "Name"),
];

impl Resource {
    /// Broker and kind of a channel.
    pub(super) fn channel(&self) -> Option<(&'static str, ChannelKind)> {
        let (_, broker, kind, _) = CHANNELS.iter().find(|(ty, ..)| *ty == self.ty)?;
        Some((broker, *kind))
    }

    pub(super) fn is_function(&self) -> bool {
        matches!(self.ty.as_str(), "AWS::Serverless::Function" | "AWS::Lambda::Function")
    }

    /// A template inside this one.
    pub(super) fn is_stack(&self) -> bool {
        matches!(self.ty.as_str(), "AWS::CloudFormation::Stack" | "AWS::Serverless::Application")
    }

    /// The property that names it.
    pub(super) fn name(&self) -> Option<&Node> {
        let channel = CHANNELS.iter().find(|(ty, ..)| *ty == self.ty).map(|(.., property)| *property);
        let named = || NAMED.iter().find(|(ty, _)| *ty == self.ty).map(|(_, property)| *property);
        self.properties.get(channel.or_else(named)?)
    }
}

impl Stack {
    pub(super) fn new(path: &str, folder: &str, root: Node) -> Stack {
        let parameter = |(name, _, node): &(String, u32, Node)| {
            let text = |key| node.get(key).and_then(Node::text).map(str::to_owned);
            (name.clone(), Parameter { ty: text("Type").unwrap_or_default(), default: text("Default") })
        };
        let parameters = root.get("Parameters").map(Node::entries).unwrap_or_default().iter().map(parameter).collect();
        let mut stack = Stack {
            path: path.to_owned(),
            folder: folder.to_owned(),
            parameters,
            mappings: root.get("Mappings").cloned(),
            resources: BTreeMap::new(),
            outputs: root.get("Outputs").cloned(),
            globals: root.at(&["Globals", "Function"]).cloned(),
            given: BTreeMap::new(),
            root: Node { line: 1, data: Data::Nothing },
        };
        if let Some(resources) = root.get("Resources") {
            stack.add(resources);
        }
        stack.root = root;
        stack
    }

    /// Adds the resources of a section.
    pub(super) fn add(&mut self, resources: &Node) {
        for (id, line, node) in resources.entries() {
            let Some(ty) = node.get("Type").and_then(Node::text) else { continue };
            let nothing = || Node { line: *line, data: Data::Nothing };
            let resource = Resource {
                ty: ty.to_owned(),
                properties: node.get("Properties").cloned().unwrap_or_else(nothing),
                metadata: node.get("Metadata").cloned(),
                line: *line,
            };
            self.resources.insert(id.clone(), resource);
        }
    }
}
