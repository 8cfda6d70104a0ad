//! The link half: matches packs against the program, lifts what wrappers hide, and says the facts.

mod annotations;
mod bind;
mod boundaries;
mod callers;
mod emit;
mod event_stores;
mod first;
mod frameworks;
mod guard;
mod hits;
mod infra;
mod injection;
mod loops;
mod message_way;
mod names;
mod pack_index;
mod payload;
mod placeholders;
mod program;
mod readers;
mod receivers;
mod registry;
mod run;
mod services;
mod signatures;
mod subscriptions;
mod tables;
mod told_apart;

pub(crate) use bind::separated;
pub(crate) use pack_index::PackIndex;
pub(crate) use run::run;
