//! The whole program from the outside: what it prints, how it exits, and that no input brings it down.

mod bad_input;
mod determinism;
mod examples;
mod exit_codes;
mod fixtures;
mod nesting;
mod patterns;
mod payloads;
mod project;
mod runner;
mod stores;
mod stranger;
