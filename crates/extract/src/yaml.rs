//! YAML files as configuration: loaded only when people could have written them.

use saphyr::{LoadableYamlNode, MarkedYaml, YamlData};

/// Larger files hold data.
const MAX_TEXT: usize = 1 << 20;
/// Aliases multiply what is loaded.
const MAX_ALIASES: usize = 5_000;

/// The documents of a text; aliases that multiply and nesting that exhausts the stack are refused before the loader
/// sees them.
pub(crate) fn load(text: &str) -> Result<Vec<MarkedYaml<'_>>, String> {
    if text.len() > MAX_TEXT || text.matches('*').count() > MAX_ALIASES || deep(text) {
        return Err("too large, too deep or with too many aliases for a configuration file".to_owned());
    }
    MarkedYaml::load_from_str(text).map_err(|error| format!("no valid YAML: {error}"))
}

fn deep(text: &str) -> bool {
    let brackets = text.chars().filter(|c| matches!(c, '[' | '{')).count();
    let indent = text.lines().map(|line| line.len() - line.trim_start().len()).max().unwrap_or(0);
    brackets > 2_000 || indent > 400
}

/// The value under a key.
pub(crate) fn get<'y, 'a>(node: &'y MarkedYaml<'a>, key: &str) -> Option<&'y MarkedYaml<'a>> {
    let YamlData::Mapping(mapping) = &node.data else {
        return None;
    };
    mapping.iter().find(|(name, _)| name.data.as_str() == Some(key)).map(|(_, value)| value)
}

/// A scalar as text.
pub(crate) fn text_of(node: &MarkedYaml<'_>) -> Option<String> {
    let data = &node.data;
    if let Some(text) = data.as_str() {
        return Some(text.to_owned());
    }
    if let Some(number) = data.as_integer() {
        return Some(number.to_string());
    }
    data.as_bool().map(|flag| flag.to_string())
}

/// The line on which a node starts.
pub(crate) fn line(node: &MarkedYaml<'_>) -> u32 {
    u32::try_from(node.span.start.line()).unwrap_or(1)
}
