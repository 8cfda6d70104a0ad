//! What the texts and functions of templates come to: names as the broker sees them, `{part}` for what a deployment tells.

use super::node::{Data, Node};
use super::stack::Stack;
use std::collections::BTreeMap;

/// Values that lead to values; the bound ends circles.
const MAX_DEPTH: usize = 24;
/// How addresses of channels begin.
const ADDRESSES: &[&str] =
    &["arn:aws:sqs:", "arn:aws:sns:", "https://sqs.", "arn:{AWS.Partition}:sqs:", "arn:{AWS.Partition}:sns:"];
/// No name is longer.
const MAX_TEXT: usize = 2_000;

/// All templates, with what they tell each other.
pub(super) struct Values<'t> {
    pub(super) stacks: &'t [Stack],
    /// What is put into the parameter store, by its name there; `None` where two say different things.
    stored: BTreeMap<String, Option<(usize, &'t Node)>>,
    /// What templates export, by its name.
    exported: BTreeMap<String, (usize, &'t Node)>,
}

impl<'t> Values<'t> {
    pub(super) fn new(stacks: &'t [Stack]) -> Self {
        let mut values = Values { stacks, stored: BTreeMap::new(), exported: BTreeMap::new() };
        let mut stored: BTreeMap<String, Option<(usize, &Node)>> = BTreeMap::new();
        let mut exported = BTreeMap::new();
        for (at, stack) in stacks.iter().enumerate() {
            for resource in stack.resources.values().filter(|resource| resource.ty == "AWS::SSM::Parameter") {
                let name = resource.name().and_then(|name| values.text(at, name));
                let Some((name, value)) = name.zip(resource.properties.get("Value")) else { continue };
                stored.entry(name).and_modify(|known| *known = None).or_insert(Some((at, value)));
            }
            for (_, _, output) in stack.outputs.iter().flat_map(Node::entries) {
                let name = output.at(&["Export", "Name"]).and_then(|name| values.text(at, name));
                if let Some((name, value)) = name.zip(output.get("Value")) {
                    exported.insert(name, (at, value));
                }
            }
        }
        (values.stored, values.exported) = (stored, exported);
        values
    }

    /// What a node of a template comes to; `None` for what is no text or is decided elsewhere.
    pub(super) fn text(&self, stack: usize, node: &Node) -> Option<String> {
        self.text_within(stack, node, 0).filter(|text| text.len() <= MAX_TEXT)
    }

    fn text_within(&self, stack: usize, node: &Node, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH {
            return None;
        }
        let inner = |node: &Node| self.text_within(stack, node, depth + 1);
        match &node.data {
            Data::Text(text) => Some(self.pointed(text, depth)),
            Data::Call(name, given) => match name.as_str() {
                "Ref" => self.reference(stack, given.text()?, depth),
                "GetAtt" => {
                    let path = match &given.data {
                        Data::List(parts) => parts.iter().filter_map(Node::text).collect::<Vec<_>>().join("."),
                        _ => given.text()?.to_owned(),
                    };
                    self.attribute(stack, &path, depth)
                }
                "Sub" => self.substituted(stack, given, depth),
                "Join" => {
                    let [between, parts] = given.items() else { return None };
                    let parts: Option<Vec<String>> = parts.items().iter().map(inner).collect();
                    Some(parts?.join(between.text()?))
                }
                "If" => {
                    let [_, yes, no] = given.items() else { return None };
                    // What the project declares itself is what it means to run with.
                    [yes, no]
                        .into_iter()
                        .find_map(|way| self.declared(stack, way))
                        .or_else(|| inner(yes))
                        .or_else(|| inner(no))
                }
                "FindInMap" => self.mapped(stack, given, depth),
                "Select" => {
                    let [at, list] = given.items() else { return None };
                    let at: usize = at.text()?.parse().ok()?;
                    match &list.data {
                        Data::List(items) => inner(items.get(at)?),
                        Data::Call(name, given) if name == "Split" => {
                            let [between, text] = given.items() else { return None };
                            inner(text)?.split(between.text()?).nth(at).map(str::to_owned)
                        }
                        _ => None,
                    }
                }
                "ImportValue" => {
                    let name = inner(given)?;
                    let (at, value) = self.exported.get(&name)?;
                    self.text_within(*at, value, depth + 1)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A text whose reference to the parameter store, if it is one, is followed.
    fn pointed(&self, text: &str, depth: usize) -> String {
        let name = text.strip_prefix("{{resolve:ssm:").and_then(|rest| rest.strip_suffix("}}"));
        let name = name.map(|name| name.split(':').next().unwrap_or(name));
        let stored = name.and_then(|name| self.stored.get(name).copied().flatten());
        let value = stored.and_then(|(at, value)| self.text_within(at, value, depth + 1));
        value.unwrap_or_else(|| text.to_owned())
    }

    /// What the name of a parameter or a resource stands for.
    fn reference(&self, stack: usize, name: &str, depth: usize) -> Option<String> {
        let here = &self.stacks[stack];
        if let Some(fixed) = name.strip_prefix("AWS::") {
            return (fixed != "NoValue").then(|| format!("{{AWS.{fixed}}}"));
        }
        if let Some((at, given)) = here.given.get(name) {
            let given = self.text_within(*at, given, depth + 1);
            if given.is_some() {
                return given;
            }
        }
        if let Some(parameter) = here.parameters.get(name) {
            let stored = parameter.ty.starts_with("AWS::SSM::Parameter");
            return match &parameter.default {
                Some(default) if stored => {
                    let known = self.stored.get(default.as_str()).copied().flatten();
                    let known = known.and_then(|(at, value)| self.text_within(at, value, depth + 1));
                    Some(known.unwrap_or_else(|| format!("{{{name}}}")))
                }
                // `dev` is one of many that a template is deployed as.
                Some(default) if !default.is_empty() && !is_environment(name) => Some(default.clone()),
                None if stored => Some(self.alike(name, depth).unwrap_or_else(|| format!("{{{name}}}"))),
                _ => Some(format!("{{{name}}}")),
            };
        }
        let resource = here.resources.get(name)?;
        match resource.name() {
            Some(given) => self.text_within(stack, given, depth + 1).or_else(|| Some(name.to_owned())),
            None => Some(name.to_owned()),
        }
    }

    /// The one entry of the parameter store whose path ends in the words of a parameter's name: that another tool hands
    /// it in is all there is to know.
    fn alike(&self, name: &str, depth: usize) -> Option<String> {
        let wanted = letters(name);
        let mut fitting = self.stored.iter().filter(|(path, _)| {
            let mut end = String::new();
            let mut segments = path.rsplit('/').filter(|segment| !letters(segment).is_empty());
            segments.any(|segment| {
                end.insert_str(0, &letters(segment));
                end == wanted
            })
        });
        let (_, stored) = fitting.next()?;
        let (at, value) = (*stored)?;
        fitting.next().is_none().then(|| self.text_within(at, value, depth + 1)).flatten()
    }

    /// `Resource.Attribute`; names of channels stand for their addresses.
    fn attribute(&self, stack: usize, path: &str, depth: usize) -> Option<String> {
        let (id, attribute) = path.split_once('.')?;
        let here = &self.stacks[stack];
        let resource = here.resources.get(id)?;
        if let Some(output) = attribute.strip_prefix("Outputs.").filter(|_| resource.is_stack()) {
            let (at, _) = self.inner(stack, resource)?;
            let value = self.stacks[at].outputs.as_ref()?.at(&[output, "Value"])?;
            return self.text_within(at, value, depth + 1);
        }
        let addresses = ["Arn", "QueueName", "QueueUrl", "TopicName", "TopicArn", "Name"];
        if addresses.contains(&attribute) {
            return self.reference(stack, id, depth + 1);
        }
        Some(format!("{{{id}.{attribute}}}"))
    }

    /// The template that a resource of another one deploys.
    pub(super) fn inner(&self, stack: usize, resource: &super::stack::Resource) -> Option<(usize, String)> {
        let location = resource.properties.get("TemplateURL").or_else(|| resource.properties.get("Location"))?;
        let path = crate::world::join(&self.stacks[stack].folder, location.text()?);
        let at = self.stacks.iter().position(|stack| stack.path == path)?;
        Some((at, path))
    }

    /// `Sub` with its own variables, if it has some.
    fn substituted(&self, stack: usize, given: &Node, depth: usize) -> Option<String> {
        let (text, own) = match given.items() {
            [text, own, ..] => (text.text()?, own.entries()),
            [text] => (text.text()?, &[][..]),
            [] => (given.text()?, &[][..]),
        };
        let mut out = String::new();
        let mut rest = text;
        while let Some(from) = rest.find("${") {
            let Some(length) = rest[from..].find('}') else { break };
            out.push_str(&rest[..from]);
            let name = &rest[from + 2..from + length];
            rest = &rest[from + length + 1..];
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str(&format!("${{{literal}}}"));
                continue;
            }
            let given = own.iter().find(|(key, ..)| key == name);
            let value = match given {
                Some((_, _, value)) => self.text_within(stack, value, depth + 1),
                None if name.contains('.') => self.attribute(stack, name, depth + 1),
                None => self.reference(stack, name, depth + 1),
            };
            out.push_str(&value.unwrap_or_else(|| format!("{{{name}}}")));
        }
        out.push_str(rest);
        Some(self.pointed(&out, depth))
    }

    /// An entry of a mapping, where the keys tell it or all there are say the same.
    fn mapped(&self, stack: usize, given: &Node, depth: usize) -> Option<String> {
        let [map, first, second, ..] = given.items() else { return None };
        let map = self.stacks[stack].mappings.as_ref()?.get(map.text()?)?;
        let key = |node: &Node| self.text_within(stack, node, depth + 1);
        let second = key(second)?;
        let rows: Vec<&Node> = match key(first).and_then(|first| map.get(&first)) {
            Some(row) => vec![row],
            None => map.entries().iter().map(|(_, _, row)| row).collect(),
        };
        let mut found = rows.iter().filter_map(|row| row.get(&second)).filter_map(key);
        let only = found.next()?;
        found.all(|other| other == only).then_some(only)
    }

    /// The name of a channel of the tree, where a node means one.
    fn declared(&self, stack: usize, node: &Node) -> Option<String> {
        let id = self.resource(stack, node, &|resource| resource.channel().is_some())?;
        self.reference(stack, &id, 0)
    }

    /// The first resource of a kind that a node speaks of, however it builds its address.
    pub(super) fn resource(
        &self,
        stack: usize,
        node: &Node,
        wanted: &dyn Fn(&super::stack::Resource) -> bool,
    ) -> Option<String> {
        let here = &self.stacks[stack];
        let is = |id: &str| here.resources.get(id).is_some_and(wanted).then(|| id.to_owned());
        let mut open = vec![(node, 0)];
        while let Some((node, depth)) = open.pop() {
            match &node.data {
                Data::Call(name, given) => {
                    let found = match (name.as_str(), &given.data) {
                        ("Ref", Data::Text(id)) => is(id),
                        ("GetAtt", Data::Text(path)) => is(path.split('.').next().unwrap_or(path)),
                        ("GetAtt", Data::List(parts)) => parts.first().and_then(Node::text).and_then(is),
                        ("Sub", _) => {
                            let text = given.text().or_else(|| given.items().first().and_then(Node::text));
                            let names = text.into_iter().flat_map(|text| text.split("${").skip(1));
                            names.into_iter().find_map(|rest| is(rest.split(['}', '.']).next().unwrap_or(rest)))
                        }
                        _ => None,
                    };
                    if found.is_some() {
                        return found;
                    }
                    if depth < MAX_DEPTH {
                        open.push((given, depth + 1));
                    }
                }
                Data::List(items) if depth < MAX_DEPTH => {
                    open.extend(items.iter().rev().map(|item| (item, depth + 1)));
                }
                // A function may be named by its alias or version.
                Data::Text(_) | Data::Map(_) | Data::List(_) | Data::Nothing => {}
            }
        }
        None
    }

    /// What a variable is set to. Programs take the names of channels off their addresses; here they are names at once.
    pub(super) fn variable(&self, stack: usize, node: &Node) -> Option<String> {
        let text = self.text(stack, node).filter(|text| !text.contains("{{"))?;
        let address = ADDRESSES.iter().any(|begin| text.starts_with(begin));
        Some(if address { last(&text).to_owned() } else { text })
    }

    /// The name of the channel that a node addresses: what stands last in a URL or an ARN.
    pub(super) fn channel(&self, stack: usize, node: &Node) -> Option<String> {
        let text = self.text(stack, node)?;
        let name = last(&text);
        (!name.is_empty() && name.chars().any(char::is_alphanumeric)).then(|| name.to_owned())
    }
}

/// What stands behind the last `/` or `:` outside of braces.
fn last(address: &str) -> &str {
    let mut depth = 0_usize;
    let mut from = 0;
    for (at, letter) in address.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '/' | ':' if depth == 0 => from = at + 1,
            _ => {}
        }
    }
    &address[from..]
}

/// True for parameters that say as which of several a template is deployed.
fn is_environment(name: &str) -> bool {
    let name = letters(name);
    ["env", "environment", "stage", "environmentname", "envname", "stagename", "environmenttype", "deployenv"]
        .contains(&name.as_str())
}

fn letters(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            letter if depth == 0 && letter.is_alphanumeric() => out.extend(letter.to_lowercase()),
            _ => {}
        }
    }
    out
}
