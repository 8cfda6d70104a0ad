//! What walking over a list yields where only its type is told: one of the objects it may hold.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Frame, Instance, Value};
use crate::world::{Def, Unit};
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, Stmt, TypeKind, TypeRef};

/// Names for one list that are followed to where its type is said.
const MAX_STEPS: usize = 12;
/// Types that hold many of their first argument.
const MANY: &[&str] = &["Vec", "VecDeque", "HashSet", "BTreeSet", "IndexSet", "LinkedList", "BinaryHeap"];

impl Eval<'_, '_> {
    /// Any object of a list whose declaration says what it holds, in languages that declare it. What is known of the
    /// element otherwise, a parameter that somebody hands in, stays known.
    pub(super) fn declared_one(
        &self,
        unit: &Rc<Unit>,
        list: ExprId,
        known: &Value,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        if !unit.tree.language.has_impls() {
            return None;
        }
        let (home, ty) = self.declared_type(unit, list, frame, 0)?;
        let element = element(&ty)?;
        match self.type_name(&home, element.name()?)? {
            TypeTarget::Class(class) => {
                let kind = self.world.unit(class.file)?.class(class.id).kind;
                let object = matches!(kind, TypeKind::Class | TypeKind::Enum) && self.has_methods(class);
                let source = (!known.is_empty()).then(|| known.clone());
                object.then(|| Value::Instance(Rc::new(Instance { source, ..Instance::of(class) })))
            }
            TypeTarget::Library(..) => None,
        }
    }

    /// The type of an expression as the nearest declaration says it, with the file in which it is said.
    fn declared_type(
        &self,
        unit: &Rc<Unit>,
        expr: ExprId,
        frame: Option<&Rc<Frame>>,
        steps: usize,
    ) -> Option<(Rc<Unit>, TypeRef)> {
        if steps > MAX_STEPS {
            return None;
        }
        match unit.expr(expr) {
            Expr::Await(value) | Expr::Spread(value) => self.declared_type(unit, *value, frame, steps + 1),
            Expr::Call(call) => {
                if let Some(closure) = self.callees(unit, call, frame).first() {
                    let home = self.world.unit(closure.function.file)?;
                    let ty = home.function(closure.function.id).returns.clone()?;
                    return Some((home, ty));
                }
                // Iterators, copies and what is left of a list hold what the list holds.
                match unit.expr(call.callee) {
                    Expr::Member { object, name } if hands_on(name) => {
                        self.declared_type(unit, *object, frame, steps + 1)
                    }
                    _ => None,
                }
            }
            Expr::Member { object, name } => {
                let class = match self.expr(unit, *object, frame) {
                    Value::Instance(instance) => instance.class,
                    Value::This(class) => class,
                    _ => return None,
                };
                let home = self.world.unit(class.file)?;
                let field = home.class(class.id).fields.iter().find(|field| field.name == *name)?;
                let ty = field.ty.clone()?;
                Some((home, ty))
            }
            Expr::Name(name) => {
                let mut scope = unit.index.scope.get(expr.0 as usize).copied().flatten();
                loop {
                    if let Some(defs) = unit.index.defs.get(&(scope, name.clone())) {
                        // The last declaration before the use is meant.
                        let before = |def: &&Def| match def {
                            Def::Let { value, .. } => value.is_none_or(|value| value < expr),
                            _ => true,
                        };
                        return match defs.iter().rfind(before)? {
                            Def::Let { stmt, value, path, .. } if path.is_empty() => {
                                match (&unit.tree.stmts[stmt.0 as usize], value) {
                                    (Stmt::Let { ty: Some(ty), .. }, _) => Some((unit.clone(), ty.clone())),
                                    (_, Some(value)) => self.declared_type(unit, *value, frame, steps + 1),
                                    _ => None,
                                }
                            }
                            Def::Param { function, at, path } if path.is_empty() => {
                                let ty = unit.function(*function).params.get(*at)?.ty.clone()?;
                                Some((unit.clone(), ty))
                            }
                            _ => None,
                        };
                    }
                    scope = unit.index.parent[scope?.0 as usize];
                }
            }
            _ => None,
        }
    }
}

fn hands_on(method: &str) -> bool {
    matches!(
        method,
        "as_slice"
            | "clone"
            | "cloned"
            | "collect"
            | "copied"
            | "drain"
            | "expect"
            | "filter"
            | "into_iter"
            | "iter"
            | "iter_mut"
            | "rev"
            | "skip"
            | "take"
            | "to_vec"
            | "unwrap"
            | "unwrap_or_default"
    )
}

/// The type of what a type holds many of, through what holds one.
fn element(ty: &TypeRef) -> Option<&TypeRef> {
    let mut at = ty;
    // Types nest as deep as lowering lets them.
    loop {
        match at {
            TypeRef::List(inner) => return Some(inner),
            TypeRef::Named { name, args } => {
                let name = name.rsplit('.').next().unwrap_or(name);
                let first = args.first()?;
                if MANY.contains(&name) {
                    return Some(first);
                }
                if !super::rust::holds_one(name) {
                    return None;
                }
                at = first;
            }
            _ => return None,
        }
    }
}
