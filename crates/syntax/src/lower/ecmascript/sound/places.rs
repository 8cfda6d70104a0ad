//! Where things stand: the lines of a file, and the first byte behind white space and comments.

use super::Lowering;

/// The begins of all lines, with the line that was asked for last: questions come mostly in the order of the file.
pub(super) struct Lines {
    starts: Vec<u32>,
    near: usize,
}

/// So many lines are walked before the line is searched.
const NEAR: usize = 8;

impl Lines {
    pub(super) fn of(text: &str) -> Lines {
        let mut starts = Vec::with_capacity(text.len() / 32 + 1);
        starts.push(0);
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        starts.extend(ends.map(|end| u32::try_from(end + 1).unwrap_or(u32::MAX)));
        Lines { starts, near: 0 }
    }

    /// The line of an offset, from 1.
    pub(super) fn line(&mut self, offset: u32) -> u32 {
        let begins_before = |at: usize| self.starts.get(at).is_some_and(|start| *start <= offset);
        let mut at = self.near;
        let mut steps = 0;
        while steps < NEAR && at > 0 && !begins_before(at) {
            at -= 1;
            steps += 1;
        }
        while steps < NEAR && begins_before(at + 1) {
            at += 1;
            steps += 1;
        }
        if steps == NEAR {
            at = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        }
        self.near = at;
        u32::try_from(at).unwrap_or(u32::MAX - 1) + 1
    }
}

impl Lowering<'_> {
    /// The first place from `at` on that is neither white space nor comment.
    pub(super) fn skip_blank(&self, at: u32) -> u32 {
        let mut at = at as usize;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let bare = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            at += rest.len() - bare.len();
            let comment = if bare.starts_with("//") {
                bare.find(['\n', '\r', '\u{2028}', '\u{2029}'])
            } else if bare.starts_with("/*") {
                bare.find("*/").map(|end| end + 2)
            } else {
                Some(0)
            };
            match comment {
                Some(0) => return u32::try_from(at).unwrap_or(u32::MAX),
                Some(length) => at += length,
                None => return u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            }
        }
    }

    /// Behind a word that may stand at `at`, and behind what is blank after it.
    pub(super) fn skip_word(&self, at: u32, word: &str) -> u32 {
        let rest = self.text.get(at as usize..).unwrap_or_default();
        match rest.strip_prefix(word) {
            Some(behind) if !behind.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') => {
                self.skip_blank(at + u32::try_from(word.len()).unwrap_or(0))
            }
            _ => at,
        }
    }
}
