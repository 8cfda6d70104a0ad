//! Any bytes as a pack: a pack or an error that says what is wrong.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| weir_fuzz::pack(bytes));
