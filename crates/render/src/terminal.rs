//! The terminal: what a tired engineer reads first. Pure text; colours and links only when asked for.

mod card;
mod explain;
mod findings;
mod overview;
mod style;
mod table;

pub use card::show;
pub use explain::explain;
pub use findings::{findings, gates};
pub use overview::{everything, map};
pub use style::Look;
