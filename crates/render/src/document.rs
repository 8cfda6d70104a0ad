//! The catalog: every event, channel, service and flow as a page of Markdown with diagrams, linked with each other and
//! with the source.
//!
//! Pages hold no date and no machine's path, so that the same project gives the same pages and a change in them is a
//! change in the flows.

mod book;
mod channel;
mod event;
mod flow;
mod flow_page;
mod index;
mod names;
mod parts;
mod service;

use crate::Links;
use crate::markdown;
use book::{Book, View};
use weir_model::{FlowModel, Report};

/// First line of every page; hosts show nothing of it. Pages that bear it may be replaced or removed.
pub const MARK: &str = "[//]: # (Written by weir from the source. Changes made here are lost.)";

/// Folders of the catalog; README.md and the other single pages lie beside them.
pub const FOLDERS: &[&str] = &["channels", "events", "flows", "services"];

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Where it lies below the folder of the catalog, with `/` between the parts.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// Every page, `README.md` first. `links` says where the source lies, seen from the folder of the catalog.
pub fn catalog(model: &FlowModel, report: &Report, links: &Links) -> Vec<Document> {
    let book = Book::new(model, report, links);
    let top = View::new(&book, 0);
    let below = View::new(&book, 1);
    let mut pages = vec![
        page("README.md".to_owned(), index::page(&top)),
        page("findings.md".to_owned(), markdown::page(report, model, top.links(), usize::MAX)),
    ];
    for event in &book.events {
        pages.push(page(event.path.clone(), event::page(&below, event)));
    }
    for (channel, path) in &book.channels {
        pages.push(page(path.clone(), channel::page(&below, channel)));
    }
    for (service, path) in &book.services {
        pages.push(page(path.clone(), service::page(&below, service)));
    }
    for (flow, path) in &book.flows {
        pages.push(page(path.clone(), flow_page::page(&below, flow)));
    }
    pages
}

fn page(path: String, text: String) -> Document {
    Document { path, text: format!("{MARK}\n\n{}\n", text.trim_end()) }
}

#[cfg(test)]
mod tests;
