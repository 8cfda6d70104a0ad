//! Any bytes as a Kotlin file: lowering gives a tree, and the tree prints.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| weir_fuzz::lower(weir_syntax::Language::Kotlin, bytes));
