//! Any bytes as every configuration file a project may have: the readers of compose, environment and manifests.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| weir_fuzz::settings(bytes));
