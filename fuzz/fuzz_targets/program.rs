//! Any bytes as a TypeScript program: the packs, the name resolution and the effect programs.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| weir_fuzz::program(bytes));
