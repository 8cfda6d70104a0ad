//! The binary `weir`.

fn main() -> std::process::ExitCode {
    let path = std::env::args().nth(2).unwrap_or_else(|| ".".to_owned());
    match weir_engine::analyse(&weir_engine::Options::new(path)) {
        Ok(analysis) => {
            for error in &analysis.pack_errors {
                eprintln!("{error}");
            }
            let json = serde_json::to_string_pretty(&analysis.model).unwrap_or_default();
            println!("{json}");
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::from(3)
        }
    }
}
