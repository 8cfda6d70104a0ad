//! Classes: plain, data classes, enums, protocols.

use super::{Lowering, bare, line, named};
use crate::{Annotation, Builder, Expr, FieldDecl, StmtId, TypeDecl, TypeId, TypeKind, TypeRef, Variant};
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    pub(super) fn class(&mut self, node: Node<'_>, annotations: Vec<Annotation>) -> TypeId {
        let mut ty = Builder::blank_type(node, TypeKind::Class);
        ty.name = self.field_text(node, "name");
        ty.exported = !ty.name.starts_with('_');
        ty.owner.clone_from(&self.context.class);
        ty.annotations = annotations;
        ty.type_params = self.type_parameters(node);
        if let Some(list) = node.child_by_field_name("superclasses") {
            self.bases(list, &mut ty);
        }
        let outer = self.context.clone();
        self.context.class = Some(ty.name.clone());
        self.context.scope = Rc::default();
        self.context.this = None;
        let mut rest = Vec::new();
        if let Some(body) = node.child_by_field_name("body") {
            self.class_body(body, &mut ty, &mut rest);
        }
        if !rest.is_empty() {
            // Code that runs in the class body belongs to the class, as a static block does elsewhere.
            let block = self.b.expr(ty.line, Expr::Block(rest));
            ty.fields.push(FieldDecl {
                value: Some(block),
                is_static: true,
                ..FieldDecl::blank(SmolStr::default(), ty.line)
            });
        }
        self.context = outer;
        if ty.kind == TypeKind::Interface {
            for member in &ty.members {
                let function = &mut self.b.tree.functions[member.0 as usize];
                if function.body.as_deref().is_some_and(<[StmtId]>::is_empty) {
                    function.body = None;
                }
            }
        }
        self.b.type_decl(ty)
    }

    /// Bases tell the kind; keywords are arguments of the declaration.
    fn bases(&mut self, list: Node<'_>, ty: &mut TypeDecl) {
        for child in named(list) {
            match child.kind() {
                "keyword_argument" => {
                    let name = self.field_text(child, "name");
                    let value = self.required(child, "value");
                    if name == "metaclass" && self.field_text(child, "value").ends_with("ABCMeta") {
                        ty.is_abstract = true;
                    } else {
                        ty.base_args.push(crate::Arg { name: Some(name), value });
                    }
                    continue;
                }
                "list_splat" | "dictionary_splat" => continue,
                _ => {}
            }
            let (name, args) = self.hint(child);
            match name.as_str() {
                "Protocol" => ty.kind = TypeKind::Interface,
                "ABC" => ty.is_abstract = true,
                "Enum" | "IntEnum" | "StrEnum" | "Flag" | "IntFlag" => ty.kind = TypeKind::Enum,
                _ => {}
            }
            if matches!(name.as_str(), "Generic" | "Protocol") {
                let names = args.into_iter().map(|arg| self.dotted(arg)).collect::<Vec<_>>();
                ty.type_params.extend(names);
            }
            // A base computed by a call (`declarative_base()`, `namedtuple(…)`) is known by what is called.
            let base = match bare(child) {
                call if call.kind() == "call" => {
                    let name = call.child_by_field_name("function").map(|name| self.dotted(name)).unwrap_or_default();
                    TypeRef::named(name)
                }
                _ => self.type_ref(child),
            };
            ty.bases.push(base);
        }
    }

    fn class_body(&mut self, body: Node<'_>, ty: &mut TypeDecl, rest: &mut Vec<StmtId>) {
        for child in named(body) {
            let (definition, annotations) = match child.kind() {
                "decorated_definition" => {
                    let annotations = self.decorators(child);
                    (child.child_by_field_name("definition").unwrap_or(child), annotations)
                }
                _ => (child, Vec::new()),
            };
            match definition.kind() {
                "function_definition" => {
                    let method = self.deeper(|inner| inner.function(definition, annotations));
                    if let Some(method) = method {
                        // A property's setter has the name of its getter, which stands for the field.
                        ty.members.push(method);
                    }
                }
                "class_definition" => {
                    self.deeper(|inner| inner.class(definition, annotations));
                }
                "pass_statement" => {}
                "expression_statement" => {
                    let inner = named(definition).first().copied();
                    match inner.map(|inner| inner.kind()) {
                        Some("assignment") => self.class_assignment(inner.unwrap_or(definition), ty, rest),
                        Some("string" | "concatenated_string" | "ellipsis") | None => {}
                        _ => self.statement(definition, rest),
                    }
                }
                _ => {
                    let outer = std::mem::take(&mut self.context.class);
                    self.statement(definition, rest);
                    self.context.class = outer;
                }
            }
        }
    }

    /// `name: T = value`: a field, or a member of an enum.
    fn class_assignment(&mut self, node: Node<'_>, ty: &mut TypeDecl, rest: &mut Vec<StmtId>) {
        let Some(left) = node.child_by_field_name("left") else { return };
        if left.kind() != "identifier" {
            return self.assignment(node, rest);
        }
        let name = self.text(left);
        self.declare(&name);
        let hint = node.child_by_field_name("type");
        let annotations = hint.map(|hint| self.extras(hint)).unwrap_or_default();
        let constant = hint.is_some_and(|hint| matches!(self.hint(hint).0.as_str(), "ClassVar" | "Final"));
        let declared = hint.map(|hint| self.type_ref(hint));
        let value = node.child_by_field_name("right").map(|value| self.expression(value));
        let is_variant = ty.kind == TypeKind::Enum && hint.is_none() && !name.starts_with('_');
        if is_variant {
            ty.variants.push(Variant { name, value, args: Vec::new(), line: line(node) });
            return;
        }
        // A hint makes a field of every object where something reads the hints: a decorator or a base. Elsewhere,
        // and in capitals, it is a constant of the class.
        let is_capital = name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
        let is_plain = ty.annotations.is_empty() && ty.bases.is_empty();
        let is_static = constant || (value.is_some() && (hint.is_none() || is_capital || is_plain));
        let optional = matches!(&declared, Some(TypeRef::Union(all)) if all.contains(&TypeRef::named("null")));
        ty.fields.push(FieldDecl {
            ty: declared,
            value,
            annotations,
            is_static,
            optional,
            ..FieldDecl::blank(name, line(node))
        });
    }

    /// Methods a class statement declares are members of it; nothing else is a method.
    pub(super) fn definition(&mut self, node: Node<'_>, annotations: Vec<Annotation>) -> crate::FunctionId {
        let outer = self.context.class.take();
        let function = self.function(node, annotations);
        self.context.class = outer;
        function
    }
}
