//! The hand that every lowering uses to put nodes into a tree, with the depth bound that keeps hostile nesting harmless.

use crate::{
    Arg, Call, Export, Expr, ExprId, Function, FunctionId, FunctionKind, Import, Language, Param, Pattern, Stmt,
    StmtId, Tree, TypeDecl, TypeId, TypeKind,
};
use smol_str::SmolStr;

/// Nesting beyond this is lowered to [`Expr::Opaque`]; real code stays far below.
pub(crate) const MAX_DEPTH: u32 = 150;

/// Collects the nodes of one file.
pub struct Builder<'s> {
    /// The source.
    pub source: &'s [u8],
    /// The tree so far.
    pub tree: Tree,
    depth: u32,
}

impl<'s> Builder<'s> {
    /// An empty tree for `source`.
    pub fn new(language: Language, source: &'s [u8]) -> Self {
        let tree = Tree {
            language,
            namespace: SmolStr::default(),
            exprs: Vec::new(),
            expr_lines: Vec::new(),
            stmts: Vec::new(),
            stmt_lines: Vec::new(),
            functions: Vec::new(),
            types: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
            body: Vec::new(),
            broken_bytes: 0,
            total_bytes: u32::try_from(source.len()).unwrap_or(u32::MAX),
        };
        Builder { source, tree, depth: 0 }
    }

    /// The source text of a node; broken UTF-8 becomes replacement characters.
    pub fn text(&self, node: tree_sitter::Node<'_>) -> SmolStr {
        let range = node.byte_range();
        let bytes = self.source.get(range).unwrap_or_default();
        SmolStr::new(String::from_utf8_lossy(bytes))
    }

    /// The line of a node, from 1.
    pub fn line(node: tree_sitter::Node<'_>) -> u32 {
        u32::try_from(node.start_position().row).unwrap_or(u32::MAX - 1) + 1
    }

    /// The last line of a node, from 1.
    pub fn end_line(node: tree_sitter::Node<'_>) -> u32 {
        u32::try_from(node.end_position().row).unwrap_or(u32::MAX - 1) + 1
    }

    /// Adds an expression.
    pub fn expr(&mut self, line: u32, expr: Expr) -> ExprId {
        self.tree.exprs.push(expr);
        self.tree.expr_lines.push(line);
        ExprId(u32::try_from(self.tree.exprs.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds a statement.
    pub fn stmt(&mut self, line: u32, stmt: Stmt) -> StmtId {
        self.tree.stmts.push(stmt);
        self.tree.stmt_lines.push(line);
        StmtId(u32::try_from(self.tree.stmts.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds a function.
    pub fn function(&mut self, function: Function) -> FunctionId {
        self.tree.functions.push(function);
        FunctionId(u32::try_from(self.tree.functions.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds a lambda that hands whatever it is given to a function: what a reference to the function is.
    pub fn handing_on(&mut self, node: tree_sitter::Node<'_>, line: u32, callee: ExprId) -> ExprId {
        let name = SmolStr::new_static("$arguments");
        let given = self.expr(line, Expr::Name(name.clone()));
        let value = self.expr(line, Expr::Spread(given));
        let args = vec![Arg { name: None, value }];
        let value = self.expr(line, Expr::Call(Call { callee, args, type_args: Vec::new(), optional: false }));
        let mut function = Builder::blank_function(node, FunctionKind::Lambda);
        let pattern = Pattern::Name(name);
        function.params =
            vec![Param { pattern, ty: None, default: None, annotations: Vec::new(), rest: true, field: false }];
        function.body = Some(vec![self.stmt(line, Stmt::Return(Some(value)))]);
        let function = self.function(function);
        self.expr(line, Expr::Lambda(function))
    }

    /// Adds a type.
    pub fn type_decl(&mut self, ty: TypeDecl) -> TypeId {
        self.tree.types.push(ty);
        TypeId(u32::try_from(self.tree.types.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds an import.
    pub fn import(&mut self, import: Import) {
        self.tree.imports.push(import);
    }

    /// Adds an export.
    pub fn export(&mut self, export: Export) {
        self.tree.exports.push(export);
    }

    /// Adds a call without type arguments.
    pub fn call(&mut self, line: u32, callee: ExprId, args: Vec<crate::Arg>) -> ExprId {
        self.expr(line, Expr::Call(Call { callee, args, type_args: Vec::new(), optional: false }))
    }

    /// Runs `lower` one level deeper, or returns `None` where the nesting is beyond [`MAX_DEPTH`].
    pub fn deeper<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if !self.enter() {
            return None;
        }
        let result = lower(self);
        self.leave();
        Some(result)
    }

    /// Goes one level deeper, or says that the nesting is beyond [`MAX_DEPTH`]; whoever entered leaves again.
    pub(crate) fn enter(&mut self) -> bool {
        let room = self.depth < MAX_DEPTH;
        self.depth += u32::from(room);
        room
    }

    /// Comes back from [`Builder::enter`].
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// A function with nothing in it yet.
    pub fn blank_function(node: tree_sitter::Node<'_>, kind: FunctionKind) -> Function {
        Function::blank(kind, Self::line(node), Self::end_line(node))
    }

    /// A type with nothing in it yet.
    pub fn blank_type(node: tree_sitter::Node<'_>, kind: TypeKind) -> TypeDecl {
        TypeDecl::blank(kind, Self::line(node), Self::end_line(node))
    }

    /// Counts the bytes inside syntax errors, each byte once, without recursion.
    pub fn count_errors(&mut self, root: tree_sitter::Node<'_>) {
        if !root.has_error() {
            return;
        }
        let mut broken = 0usize;
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            if node.is_error() || node.is_missing() {
                broken += node.byte_range().len().max(1);
                continue;
            }
            if node.has_error() {
                let mut cursor = node.walk();
                stack.extend(node.children(&mut cursor));
            }
        }
        self.tree.broken_bytes = u32::try_from(broken).unwrap_or(u32::MAX);
    }
}
