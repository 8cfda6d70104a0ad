//! For tests: what a Markdown parser sees in a text, so that escaping is judged by a reader of the format and not by us.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// All text, code included, blocks and cells separated by spaces.
    pub(crate) text: String,
    /// Targets of links.
    pub(crate) links: Vec<String>,
    /// HTML of any kind.
    pub(crate) html: Vec<String>,
    /// Images, footnotes, raw blocks and what else the pages never hold.
    pub(crate) other: Vec<String>,
    /// Number of cells in each table row.
    pub(crate) cells: Vec<usize>,
    /// Headings.
    pub(crate) headings: Vec<String>,
    /// Fenced blocks: language and content.
    pub(crate) fences: Vec<(String, String)>,
}

/// Parses with every extension hosts switch on.
pub(crate) fn parse(markdown: &str) -> Seen {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options);
    let mut seen = Seen::default();
    visit(root, &mut seen);
    seen
}

fn visit<'a>(node: &'a AstNode<'a>, seen: &mut Seen) {
    let start = seen.text.len();
    let value = node.data.borrow().value.clone();
    match &value {
        NodeValue::Text(text) => seen.text.push_str(text),
        NodeValue::Code(code) => seen.text.push_str(&code.literal),
        NodeValue::CodeBlock(block) => seen.fences.push((block.info.clone(), block.literal.clone())),
        NodeValue::SoftBreak | NodeValue::LineBreak => seen.text.push(' '),
        NodeValue::Link(link) => seen.links.push(link.url.clone()),
        NodeValue::HtmlInline(html) => seen.html.push(html.clone()),
        NodeValue::HtmlBlock(block) => seen.html.push(block.literal.clone()),
        NodeValue::TableRow(_) => seen.cells.push(node.children().count()),
        NodeValue::Document
        | NodeValue::Paragraph
        | NodeValue::Heading(_)
        | NodeValue::List(_)
        | NodeValue::Item(_)
        | NodeValue::Table(_)
        | NodeValue::TableCell
        | NodeValue::Strong
        | NodeValue::Emph => {}
        other => seen.other.push(format!("{other:?}")),
    }
    for child in node.children() {
        visit(child, seen);
    }
    if let NodeValue::Heading(_) = value {
        seen.headings.push(seen.text[start..].to_owned());
    }
    if value.block() {
        seen.text.push(' ');
    }
}
