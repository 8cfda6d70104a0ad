//! What the type arguments of a subscription say: `Subscribe<OrderPlaced, OrderPlacedHandler>()` names the message and
//! the class that handles it. With the message alone the consumer hands it on inside the process, to whoever is declared
//! to handle it there.

use crate::eval::{Eval, TypeTarget};
use crate::packs::PackKind;
use crate::value::{Closure, Frame, Value};
use crate::world::{ClassRef, Unit, last_name};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Expr, Language, TypeId, TypeRef};

/// Methods by which handlers of a project's own bus take a message.
const METHODS: &[&str] =
    &["Handle", "HandleAsync", "Consume", "ConsumeAsync", "Process", "ProcessAsync", "Execute", "ExecuteAsync"];

/// Methods that ask a container for an object.
const ASKING: &[&str] = &["GetRequiredService", "GetService", "GetServices", "Resolve", "ResolveAll"];

/// The message of a subscription and the method that handles it, as far as they can be told.
pub(crate) struct Subscription {
    pub(crate) message: SmolStr,
    pub(crate) handler: Option<Rc<Closure>>,
}

/// What the frame of the function that subscribes says of one of its channels.
pub(crate) fn of(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    frame: Option<&Rc<Frame>>,
    channel: &str,
    home: &str,
) -> Option<Subscription> {
    if unit.tree.language != Language::CSharp {
        return None;
    }
    let mut classes: Vec<ClassRef> = Vec::new();
    let mut at = frame;
    while let Some(frame) = at {
        for (_, value) in &frame.types {
            classes.extend(value.alternatives().iter().filter_map(|value| match value {
                Value::Class(class) => Some(*class),
                _ => None,
            }));
        }
        at = frame.outer.as_ref();
    }
    for handler in &classes {
        for message in classes.iter().filter(|message| *message != handler) {
            if let Some(method) = METHODS.iter().find_map(|name| eval.method_for(*handler, name, *message)) {
                return Some(Subscription { message: eval.class_name(*message), handler: Some(method) });
            }
        }
    }
    // Of several messages the one that the channel is named after.
    let channel = channel.to_lowercase();
    let named = |class: &&ClassRef| channel.contains(&eval.class_name(**class).to_lowercase());
    let message = match classes.as_slice() {
        [only] => *only,
        several => *several.iter().filter(named).max_by_key(|class| eval.class_name(**class).len())?,
    };
    let asked = asked_for(eval, unit);
    let handler = (hands_on(eval, unit) || !asked.is_empty()).then(|| handled_inside(eval, message, home, &asked));
    let handler = handler.flatten();
    Some(Subscription { message: eval.class_name(message), handler })
}

/// The project's own interfaces that a file asks a container for with a type argument: `GetRequiredService<IHandle<T>>()`.
fn asked_for(eval: &Eval<'_, '_>, unit: &Rc<Unit>) -> Vec<ClassRef> {
    let mut found: Vec<ClassRef> = Vec::new();
    for expr in &unit.tree.exprs {
        let Expr::Call(call) = expr else { continue };
        let asks = last_name(&unit.tree, call.callee).is_some_and(|name| ASKING.contains(&name.as_str()));
        let Some(TypeRef::Named { name, args }) = call.type_args.first().filter(|_| asks) else { continue };
        if let Some(TypeTarget::Class(class)) = eval.type_name(unit, name)
            && !args.is_empty()
            && !found.contains(&class)
        {
            found.push(class);
        }
    }
    found
}

/// True for files that know a library which brings messages to handlers inside the process.
fn hands_on(eval: &Eval<'_, '_>, unit: &Unit) -> bool {
    inside(eval).any(|pack| eval.packs.imported(pack, unit))
}

fn inside<'e>(eval: &'e Eval<'_, '_>) -> impl Iterator<Item = usize> + 'e {
    let packs = eval.packs.packs.iter().enumerate();
    let local =
        packs.filter(|(_, pack)| pack.kind == PackKind::Messaging && pack.broker.as_deref() == Some("in-process"));
    local.map(|(at, _)| at)
}

/// The method of the service's own class that takes a message inside the process.
fn handled_inside(eval: &Eval<'_, '_>, message: ClassRef, home: &str, asked: &[ClassRef]) -> Option<Rc<Closure>> {
    let services = &eval.packs.registry.services;
    for unit in eval.world.loaded().iter().filter(|unit| !unit.test && services.same(&unit.path, home)) {
        for at in 0..unit.tree.types.len() {
            let class = ClassRef { file: unit.file, id: TypeId(u32::try_from(at).ok()?) };
            if unit.class(class.id).bases.is_empty() || unit.class(class.id).is_abstract {
                continue;
            }
            let takes = eval.bases_with_args(class, Vec::new()).into_iter().any(|(base, args)| {
                let known = match &base {
                    TypeTarget::Library(module, _) => inside(eval).any(|pack| eval.packs.speaks(pack, module, unit)),
                    TypeTarget::Class(class) => asked.contains(class),
                };
                known && args.first() == Some(&Value::Class(message))
            });
            if takes && let Some(method) = METHODS.iter().find_map(|name| eval.method_for(class, name, message)) {
                return Some(method);
            }
        }
    }
    None
}
