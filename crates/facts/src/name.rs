//! Names as weir resolves them: the text, how sure it is, and the way that led there.

use crate::Site;
use serde::{Deserialize, Serialize};

/// Which of the three sources of facts a fact came from. Nothing after the model asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Read in source code or configuration.
    #[default]
    Observed,
    /// Written down in a flow file or a contract.
    Declared,
    /// Seen on a running broker.
    Live,
}

/// How sure weir is of a statement. Ordered from the surest to the least sure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Every hop was resolved the way the program resolves it.
    #[default]
    Certain,
    /// One hop had a single plausible answer that the program could override (an environment default, one implementation).
    Likely,
    /// More than one answer fits; shown only with `--certainty possible`.
    Possible,
}

/// One step on the way from a call to the name it uses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hop {
    /// Where the step was read.
    #[serde(flatten)]
    pub site: Site,
    /// What was found there, as a short phrase.
    pub what: String,
}

/// A resolved name. `text` may hold placeholders such as `stream:{id}` where a part varies at run time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name {
    /// The name as the broker would see it, with `{part}` for what varies.
    pub text: String,
    /// How sure the resolution is.
    pub certainty: Certainty,
    /// The hops that led to the text.
    pub trail: Vec<Hop>,
}

impl Name {
    /// A name that needed no resolution.
    pub fn literal(text: impl Into<String>) -> Self {
        Name { text: text.into(), ..Name::default() }
    }
}
