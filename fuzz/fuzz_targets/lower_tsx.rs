//! Any bytes as a TSX file: lowering gives a tree, and the tree prints.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| weir_fuzz::lower(weir_syntax::Language::Tsx, bytes));
