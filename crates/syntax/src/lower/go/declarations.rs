//! Functions, methods, types, constants and variables.

use super::{Lowering, fields, is_exported, line, named};
use crate::{
    Annotation, Arg, Builder, Expr, ExprId, FieldDecl, FunctionId, FunctionKind, Param, Pattern, Stmt, StmtId,
    TypeDecl, TypeId, TypeKind, TypeRef,
};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// A function, a method with its receiver, or a function literal.
    pub(super) fn function(&mut self, node: Node<'_>, kind: FunctionKind) -> FunctionId {
        let mut function = Builder::blank_function(node, kind);
        if kind != FunctionKind::Lambda {
            function.name = self.field_text(node, "name");
            function.exported = is_exported(&function.name);
        }
        function.type_params = self.type_parameters(node);
        if let Some(receiver) = node.child_by_field_name("receiver").and_then(|list| named(list).first().copied()) {
            function.owner = receiver.child_by_field_name("type").map(|ty| self.simple_name(ty));
            let name = self.field_text(receiver, "name");
            function.receiver = (!name.is_empty() && name != "_").then_some(name);
        }
        function.params = self.parameters(node);
        function.returns = self.result(node);
        if let Some(body) = node.child_by_field_name("body") {
            let mut statements = Vec::new();
            let results = self.named_results(node, &mut statements);
            let outer = std::mem::replace(&mut self.context.results, results.into());
            self.statements(body, &mut statements);
            self.context.results = outer;
            function.body = Some(statements);
        }
        self.b.function(function)
    }

    pub(super) fn parameters(&mut self, node: Node<'_>) -> Vec<Param> {
        let mut params = Vec::new();
        for child in node.child_by_field_name("parameters").map(named).unwrap_or_default() {
            let rest = child.kind() == "variadic_parameter_declaration";
            if !rest && child.kind() != "parameter_declaration" {
                continue;
            }
            let ty = self.field_type(child, "type");
            let ty = if rest { ty.map(|ty| TypeRef::List(Box::new(ty))) } else { ty };
            let mut push = |pattern| {
                params.push(Param {
                    pattern,
                    ty: ty.clone(),
                    default: None,
                    annotations: Vec::new(),
                    rest,
                    field: false,
                });
            };
            let names = fields(child, "name");
            if names.is_empty() {
                push(Pattern::Ignore);
            }
            names.into_iter().map(|name| self.binding(name)).for_each(push);
        }
        params
    }

    /// Named results are variables of the body.
    fn named_results(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) -> Vec<SmolStr> {
        let mut names = Vec::new();
        let Some(list) = node.child_by_field_name("result").filter(|result| result.kind() == "parameter_list") else {
            return names;
        };
        for param in named(list) {
            let ty = self.field_type(param, "type");
            for name in fields(param, "name") {
                let pattern = self.binding(name);
                names.push(self.text(name));
                self.put(
                    param,
                    Stmt::Let { pattern, ty: ty.clone(), value: None, constant: false, exported: false },
                    out,
                );
            }
        }
        names
    }

    pub(super) fn binding(&self, node: Node<'_>) -> Pattern {
        match self.text(node) {
            name if name == "_" => Pattern::Ignore,
            name => Pattern::Name(name),
        }
    }

    /// `type ( … )`: one type for each specification.
    pub(super) fn types(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for spec in named(node) {
            if matches!(spec.kind(), "type_spec" | "type_alias") {
                let ty = self.type_spec(spec, out);
                self.put(spec, Stmt::Type(ty), out);
            }
        }
    }

    fn type_spec(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) -> TypeId {
        let mut ty = Builder::blank_type(node, TypeKind::Alias);
        ty.name = self.field_text(node, "name");
        ty.exported = is_exported(&ty.name);
        ty.type_params = self.type_parameters(node);
        let target = node.child_by_field_name("type");
        match target {
            Some(target) if target.kind() == "struct_type" => self.struct_fields(target, &mut ty, out),
            Some(target) if target.kind() == "interface_type" => {
                ty.kind = TypeKind::Interface;
                let owner = ty.name.clone();
                for element in named(target) {
                    match element.kind() {
                        "method_elem" => ty.members.push(self.interface_method(element, &owner)),
                        "type_elem" => {
                            // One name embeds an interface; a union constrains and is nothing to call.
                            if let [only] = named(element).as_slice() {
                                ty.bases.push(self.type_ref(*only));
                            }
                        }
                        _ => {}
                    }
                }
            }
            Some(target) => ty.alias = Some(self.type_ref(target)),
            None => {}
        }
        self.b.type_decl(ty)
    }

    fn interface_method(&mut self, node: Node<'_>, owner: &SmolStr) -> FunctionId {
        let mut function = Builder::blank_function(node, FunctionKind::Method);
        function.name = self.field_text(node, "name");
        function.exported = is_exported(&function.name);
        function.owner = Some(owner.clone());
        function.params = self.parameters(node);
        function.returns = self.result(node);
        self.b.function(function)
    }

    fn struct_fields(&mut self, node: Node<'_>, ty: &mut TypeDecl, out: &mut Vec<StmtId>) {
        ty.kind = TypeKind::Class;
        for field in named(node).into_iter().flat_map(named) {
            if field.kind() == "field_declaration" {
                self.struct_field(field, ty, out);
            }
        }
    }

    /// The struct that a field or a variable declares where it stands, as a type of its own: no source can say its name,
    /// `Config{}Kafka`, but fields of it are read like those of any other.
    fn unnamed_struct(&mut self, node: Node<'_>, owner: &str, name: &str, out: &mut Vec<StmtId>) -> Option<TypeRef> {
        match node.kind() {
            "struct_type" => {
                let mut ty = Builder::blank_type(node, TypeKind::Class);
                ty.name = SmolStr::new(format!("{owner}{{}}{name}"));
                ty.exported = true;
                self.deeper(|inner| inner.struct_fields(node, &mut ty, out))?;
                let name = ty.name.clone();
                let ty = self.b.type_decl(ty);
                self.put(node, Stmt::Type(ty), out);
                Some(TypeRef::named(name))
            }
            "pointer_type" => {
                let to = named(node).first().copied()?;
                self.deeper(|inner| inner.unnamed_struct(to, owner, name, out))?
            }
            "slice_type" | "array_type" => {
                let element = node.child_by_field_name("element")?;
                let element = self.deeper(|inner| inner.unnamed_struct(element, owner, name, out))??;
                Some(TypeRef::List(Box::new(element)))
            }
            _ => None,
        }
    }

    /// A field; an embedded type is a base and, by its simple name, a field as well.
    fn struct_field(&mut self, node: Node<'_>, owner: &mut TypeDecl, out: &mut Vec<StmtId>) {
        let declared = node.child_by_field_name("type");
        let unnamed = node.child_by_field_name("name").map(|name| self.text(name)).and_then(|name| {
            let outer = owner.name.clone();
            self.unnamed_struct(declared?, &outer, &name, out)
        });
        let ty = unnamed.or_else(|| self.field_type(node, "type"));
        let annotations = self.tag(node);
        let mut names: Vec<(SmolStr, u32)> =
            fields(node, "name").into_iter().map(|name| (self.text(name), line(name))).collect();
        if names.is_empty() {
            owner.bases.extend(ty.clone());
            if let Some(embedded) = declared {
                names.push((self.simple_name(embedded), line(embedded)));
            }
        }
        for (name, line) in names {
            owner.fields.push(FieldDecl {
                name,
                ty: ty.clone(),
                value: None,
                annotations: annotations.clone(),
                is_static: false,
                optional: false,
                is_abstract: false,
                line,
            });
        }
    }

    /// `` `json:"id,omitempty" db:"order_id"` ``: one annotation for each key.
    fn tag(&mut self, node: Node<'_>) -> Vec<Annotation> {
        let Some(tag) = node.child_by_field_name("tag") else { return Vec::new() };
        let at = line(tag);
        let text = self.string(tag);
        let mut annotations = Vec::new();
        let mut rest = text.trim_start();
        while let Some((key, quoted)) = rest.split_once(":\"") {
            // The value ends at the next quote that is not escaped.
            let mut end = None;
            let mut escaped = false;
            for (position, c) in quoted.char_indices() {
                match c {
                    '"' if !escaped => {
                        end = Some(position);
                        break;
                    }
                    _ => escaped = c == '\\' && !escaped,
                }
            }
            let Some(end) = end else { break };
            let value = self.b.expr(at, Expr::Text(super::unescape(&quoted[..end])));
            annotations.push(Annotation {
                name: SmolStr::new(key.trim()),
                args: vec![Arg { name: None, value }],
                type_args: Vec::new(),
                call: None,
                line: at,
            });
            rest = quoted[end + 1..].trim_start();
        }
        annotations
    }

    /// `const ( … )`: a specification without values repeats the one before with the next `iota`.
    pub(super) fn constants(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut values: Vec<Node<'_>> = Vec::new();
        let mut ty = None;
        let specs = named(node).into_iter().filter(|spec| spec.kind() == "const_spec");
        for (at, spec) in specs.enumerate() {
            if let Some(list) = spec.child_by_field_name("value") {
                values = named(list);
                ty = self.field_type(spec, "type");
            }
            let outer = self.context.iota.replace(u32::try_from(at).unwrap_or(u32::MAX));
            // The field also covers the commas between the names.
            for (position, name) in fields(spec, "name").into_iter().filter(|name| name.kind() != ",").enumerate() {
                let value = values.get(position).map(|value| self.expression(*value));
                self.declare(name, ty.clone(), value, true, out);
            }
            self.context.iota = outer;
        }
    }

    /// `var ( … )`.
    pub(super) fn variables(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for child in named(node) {
            match child.kind() {
                "var_spec" => self.variable(child, out),
                "var_spec_list" => named(child).into_iter().for_each(|spec| self.variable(spec, out)),
                _ => {}
            }
        }
    }

    fn variable(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let names = fields(node, "name");
        let of_package = node.parent().and_then(|list| list.parent()).is_some_and(|outer| outer.kind() != "block");
        let unnamed = node.child_by_field_name("type").zip(names.first().copied()).filter(|_| of_package);
        let unnamed = unnamed.and_then(|(ty, name)| {
            let name = self.text(name);
            self.unnamed_struct(ty, "", &name, out)
        });
        let ty = unnamed.or_else(|| self.field_type(node, "type"));
        let values = node.child_by_field_name("value").map(named).unwrap_or_default();
        if names.len() > 1
            && let [only] = values.as_slice()
        {
            let patterns = names.iter().map(|name| self.binding(*name)).collect();
            return self.bind_many(node, patterns, *only, out);
        }
        for (at, name) in names.into_iter().enumerate() {
            let value = values.get(at).map(|value| self.expression(*value));
            self.declare(name, ty.clone(), value, false, out);
        }
    }

    fn declare(
        &mut self,
        name: Node<'_>,
        ty: Option<TypeRef>,
        value: Option<ExprId>,
        constant: bool,
        out: &mut Vec<StmtId>,
    ) {
        let pattern = self.binding(name);
        let exported = matches!(&pattern, Pattern::Name(name) if is_exported(name));
        self.put(name, Stmt::Let { pattern, ty, value, constant, exported }, out);
    }
}
