//! Library objects that hand out the constants of a module of the project, found by its name.

use super::Eval;
use crate::source::FileId;
use crate::value::Value;
use crate::world::is_test;
use smol_str::SmolStr;
use weir_facts::Certainty;

/// Modules of one name that are asked.
const MAX_MODULES: usize = 8;

impl Eval<'_, '_> {
    /// The constant of the project behind a member of a library's object.
    pub(super) fn constant_of_project(&self, module: &str, path: &[SmolStr], name: &str) -> Option<Value> {
        let names = self.packs.constants_of(module, path)?;
        let mut values = Vec::new();
        for file in self.modules_named(names).into_iter().filter(|file| self.world.source.says(*file, name)) {
            let Some(unit) = self.world.unit(file) else { continue };
            if unit.index.defs.contains_key(&(None, name.into())) {
                values.push(self.name_in(&unit, name, None, u32::MAX, None));
            }
            if values.len() >= MAX_MODULES {
                break;
            }
        }
        let value = Value::choice(values);
        // Which of several modules is meant is decided where the program is started.
        if matches!(value, Value::Choice(_)) {
            self.doubt(Certainty::Likely);
        }
        (!value.is_empty()).then_some(value)
    }

    /// The files of modules and packages of these names, tests left out.
    fn modules_named(&self, names: &[SmolStr]) -> Vec<FileId> {
        let paths = self.world.source.paths().iter().enumerate();
        let fits = |path: &str| {
            let Some(stem) = path.strip_suffix(".py") else { return false };
            let mut segments = stem.rsplit('/');
            let last = segments.next().unwrap_or_default();
            let folder = segments.next().unwrap_or_default();
            names.iter().any(|name| name == last || name == folder)
        };
        let files = paths.filter(|(_, path)| fits(path) && !is_test(path));
        files.map(|(at, _)| FileId(u32::try_from(at).unwrap_or(u32::MAX))).collect()
    }
}
