//! The types that a program of .NET finds in its own assembly: `assembly.GetTypes().Where(t => typeof(IEvent).
//! IsAssignableFrom(t))` are those below `IEvent`.

use super::Eval;
use super::types::TypeTarget;
use crate::value::Value;
use crate::world::{ClassRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Expr, ExprId, TypeKind, TypeRef};

/// Members that list the types of an assembly.
const LISTS: &[&str] = &["GetTypes", "GetExportedTypes", "DefinedTypes", "ExportedTypes"];
/// Links between the assembly and what is asked of its types.
const MAX_LINKS: usize = 12;
/// Types found by one search; beyond it lies something else than events or handlers.
const MAX_FOUND: usize = 64;

impl Eval<'_, '_> {
    /// The types of the service's own assembly that a test lets pass, as a list; `None` for any other `Where`.
    pub(super) fn scanned(&self, unit: &Rc<Unit>, call: &Call) -> Option<Value> {
        let Expr::Member { object, .. } = unit.expr(call.callee) else { return None };
        let home = self.assembly(unit, *object)?;
        let base = self.tested(unit, call)?;
        let Some(TypeTarget::Class(base)) = self.type_name(unit, &base) else { return None };
        self.want(&self.class_name(base));
        let services = &self.packs.registry.services;
        let fits = |class: &ClassRef| {
            self.world.unit(class.file).is_some_and(|other| {
                let decl = other.class(class.id);
                decl.kind == TypeKind::Class && !decl.is_abstract && !other.test && services.same(&other.path, &home)
            })
        };
        let found: Vec<Value> =
            self.subclasses(base).into_iter().filter(fits).take(MAX_FOUND).map(Value::Class).collect();
        (!found.is_empty()).then(|| Value::List(found.into()))
    }

    /// A file of the assembly whose types are listed, where it is the program's own or that of a type.
    fn assembly(&self, unit: &Rc<Unit>, listed: ExprId) -> Option<SmolStr> {
        let mut at = listed;
        let mut lists = false;
        for _ in 0..MAX_LINKS {
            at = match unit.expr(at) {
                Expr::Call(call) => match unit.expr(call.callee) {
                    Expr::Member { object, name } if name == "GetExecutingAssembly" || name == "GetEntryAssembly" => {
                        let is_it = matches!(unit.expr(*object), Expr::Name(name) if name == "Assembly")
                            || matches!(unit.expr(*object), Expr::Member { name, .. } if name == "Assembly");
                        return (lists && is_it).then(|| unit.path.clone());
                    }
                    _ => call.callee,
                },
                Expr::Member { object, name } if name == "Assembly" => {
                    let Expr::TypeLiteral(TypeRef::Named { name, .. }) = unit.expr(*object) else { return None };
                    let home = match self.type_name(unit, name) {
                        Some(TypeTarget::Class(class)) => self.world.unit(class.file)?.path.clone(),
                        // The class of a program without one: `typeof(Program)`.
                        _ if name == "Program" => unit.path.clone(),
                        _ => return None,
                    };
                    return lists.then_some(home);
                }
                Expr::Member { object, name } => {
                    lists |= LISTS.contains(&name.as_str());
                    *object
                }
                _ => return None,
            };
        }
        None
    }

    /// The type that a test asks others to be below.
    fn tested(&self, unit: &Rc<Unit>, call: &Call) -> Option<SmolStr> {
        let Expr::Lambda(test) = unit.expr(call.args.first()?.value) else { return None };
        let named = |id: ExprId| match unit.expr(id) {
            Expr::TypeLiteral(TypeRef::Named { name, .. }) => Some(name.clone()),
            _ => None,
        };
        unit.tree.exprs.iter().enumerate().find_map(|(at, expr)| {
            let scope = unit.index.scope.get(at).copied().flatten();
            let Expr::Call(asked) = expr else { return None };
            let Expr::Member { object, name } = unit.expr(asked.callee) else { return None };
            let inside = scope == Some(*test);
            match name.as_str() {
                "IsAssignableFrom" if inside => named(*object),
                "IsAssignableTo" | "IsSubclassOf" | "Contains" if inside => named(asked.args.first()?.value),
                _ => None,
            }
        })
    }
}
