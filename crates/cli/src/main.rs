//! The binary `weir`: hands the command line to the library and its answer to the shell.

/// Trees and values are many small pieces; this allocator is a tenth faster with them than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    weir_cli::main()
}
