//! Any bytes as a flow file: facts or errors with a place, nothing else.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| weir_fuzz::flow_file(bytes));
