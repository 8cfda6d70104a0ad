//! The binary `weir`: hands the command line to the library and its answer to the shell.

fn main() -> std::process::ExitCode {
    weir_cli::main()
}
