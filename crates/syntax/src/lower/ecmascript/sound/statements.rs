//! Statements: one kind of the parser's tree to one of the common tree.

use super::super::{MAX_ELSE_IFS, common_js_name};
use super::Lowering;
use crate::{Case, Catch, Export, ExportTarget, Expr, FunctionKind, Pattern, Stmt, StmtId};
use oxc_ast::ast::{
    AssignmentOperator, BindingPattern, Expression, ExpressionStatement, ForStatement, ForStatementInit,
    ForStatementLeft, IfStatement, Statement, SwitchStatement, TryStatement, VariableDeclaration,
    VariableDeclarationKind,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

impl<'a> Lowering<'a> {
    /// The statements of a block or a file.
    pub(super) fn statements(&mut self, statements: &[Statement<'a>], out: &mut Vec<StmtId>) {
        for statement in statements {
            self.statement(statement, out);
        }
    }

    /// Lowers a statement; beyond the depth bound it is left out.
    pub(super) fn statement(&mut self, node: &Statement<'a>, out: &mut Vec<StmtId>) {
        self.within(|lowering| lowering.statement_at(node, out));
    }

    fn body(&mut self, node: &Statement<'a>) -> Vec<StmtId> {
        let mut out = Vec::new();
        match node {
            Statement::BlockStatement(block) => self.statements(&block.body, &mut out),
            _ => self.statement(node, &mut out),
        }
        out
    }

    pub(super) fn put_stmt(&mut self, at: u32, stmt: Stmt, out: &mut Vec<StmtId>) {
        let line = self.line(at);
        let stmt = self.b.stmt(line, stmt);
        out.push(stmt);
    }

    fn statement_at(&mut self, node: &Statement<'a>, out: &mut Vec<StmtId>) {
        let start = node.span().start;
        match node {
            Statement::ImportDeclaration(import) => self.import(import),
            Statement::ExportAllDeclaration(export) => self.export_all(export),
            Statement::ExportDefaultDeclaration(export) => self.export_default(export, out),
            Statement::ExportDeclaration(export) => self.export_declaration(export, out),
            Statement::ExportNamedDeclaration(export) => self.export_names(&export.specifiers, None),
            Statement::ExportFromDeclaration(export) => {
                let module = self.string(export.source.span);
                self.export_names(&export.specifiers, Some(&module));
            }
            Statement::TSExportAssignment(export) => {
                let value = self.expression(&export.expression);
                self.b.export(Export { name: "=".into(), target: ExportTarget::Value(value) });
            }
            Statement::VariableDeclaration(_)
            | Statement::FunctionDeclaration(_)
            | Statement::ClassDeclaration(_)
            | Statement::TSTypeAliasDeclaration(_)
            | Statement::TSInterfaceDeclaration(_)
            | Statement::TSEnumDeclaration(_)
            | Statement::TSExternalModuleDeclaration(_)
            | Statement::TSNamespaceDeclaration(_)
            | Statement::TSGlobalDeclaration(_)
            | Statement::TSImportEqualsDeclaration(_) => self.declaration(node.to_declaration(), start, out),
            Statement::ExpressionStatement(statement) => self.expression_statement(statement, out),
            Statement::ReturnStatement(statement) => {
                let value = statement.argument.as_ref().map(|value| self.expression(value));
                self.put_stmt(start, Stmt::Return(value), out);
            }
            Statement::ThrowStatement(statement) => {
                let value = self.expression(&statement.argument);
                self.put_stmt(start, Stmt::Throw(Some(value)), out);
            }
            Statement::IfStatement(statement) => self.conditional(statement, out),
            Statement::ForStatement(statement) => self.counted_loop(statement, out),
            Statement::ForInStatement(statement) => {
                self.walk_loop(start, &statement.left, &statement.right, &statement.body, out);
            }
            Statement::ForOfStatement(statement) => {
                self.walk_loop(start, &statement.left, &statement.right, &statement.body, out);
            }
            Statement::WhileStatement(statement) => {
                let test = Some(self.condition(&statement.test));
                let body = self.body(&statement.body);
                self.put_stmt(start, Stmt::Loop { pattern: None, over: None, test, body }, out);
            }
            Statement::DoWhileStatement(statement) => {
                let test = Some(self.condition(&statement.test));
                let body = self.body(&statement.body);
                self.put_stmt(start, Stmt::Loop { pattern: None, over: None, test, body }, out);
            }
            Statement::SwitchStatement(statement) => self.switch(statement, out),
            Statement::TryStatement(statement) => self.attempt(statement, out),
            Statement::LabeledStatement(statement) => self.statement(&statement.body, out),
            Statement::BlockStatement(block) => {
                let mut body = Vec::with_capacity(block.body.len());
                self.statements(&block.body, &mut body);
                self.put_stmt(start, Stmt::Block(body), out);
            }
            Statement::BreakStatement(_) => self.put_stmt(start, Stmt::Break, out),
            Statement::ContinueStatement(_) => self.put_stmt(start, Stmt::Continue, out),
            Statement::EmptyStatement(_) | Statement::DebuggerStatement(_) => {}
            Statement::WithStatement(_) | Statement::TSNamespaceExportDeclaration(_) => self.give_up(),
        }
    }

    fn expression_statement(&mut self, node: &ExpressionStatement<'a>, out: &mut Vec<StmtId>) {
        if self.common_js(&node.expression) {
            return;
        }
        let value = self.expression(&node.expression);
        self.put_stmt(node.span.start, Stmt::Expr(value), out);
    }

    /// `module.exports = value`, `exports.name = value`; false for anything else.
    fn common_js(&mut self, node: &Expression<'a>) -> bool {
        let Expression::AssignmentExpression(assignment) = node else {
            return false;
        };
        let left = self.raw(assignment.left.span());
        if assignment.operator != AssignmentOperator::Assign
            || !(left.starts_with("module") || left.starts_with("exports"))
        {
            return false;
        }
        let path = self.dotted(assignment.left.span());
        let Some(name) = common_js_name(&path).map(SmolStr::new) else {
            return false;
        };
        // `module.exports = exports = value` hands out the innermost value.
        let mut value = &assignment.right;
        while let Expression::AssignmentExpression(inner) = value
            && inner.operator == AssignmentOperator::Assign
        {
            value = &inner.right;
        }
        let value = self.expression(value);
        self.b.export(Export { name, target: ExportTarget::Value(value) });
        true
    }

    fn counted_loop(&mut self, node: &ForStatement<'a>, out: &mut Vec<StmtId>) {
        match &node.init {
            None => {}
            Some(ForStatementInit::VariableDeclaration(variables)) => {
                self.within(|lowering| lowering.variables(variables, out));
            }
            Some(init) => {
                let init = init.to_expression();
                self.within(|lowering| {
                    let value = lowering.expression(init);
                    lowering.put_stmt(init.span().start, Stmt::Expr(value), out);
                });
            }
        }
        let test = node.test.as_ref().map(|test| self.expression(test));
        let mut body = self.body(&node.body);
        if let Some(step) = &node.update {
            let value = self.expression(step);
            self.put_stmt(step.span().start, Stmt::Expr(value), &mut body);
        }
        self.put_stmt(node.span.start, Stmt::Loop { pattern: None, over: None, test, body }, out);
    }

    fn walk_loop(
        &mut self,
        start: u32,
        left: &ForStatementLeft<'a>,
        right: &Expression<'a>,
        body: &Statement<'a>,
        out: &mut Vec<StmtId>,
    ) {
        let over = Some(self.expression(right));
        let pattern = Some(self.loop_pattern(left));
        let body = self.body(body);
        self.put_stmt(start, Stmt::Loop { pattern, over, test: None, body }, out);
    }

    /// `if … else if …` chains are walked, not recursed into: generated code has hundreds of them.
    fn conditional(&mut self, node: &IfStatement<'a>, out: &mut Vec<StmtId>) {
        let mut arms = Vec::new();
        let mut at = node;
        let mut last = loop {
            let test = self.condition(&at.test);
            let then = self.body(&at.consequent);
            arms.push((self.line(at.span.start), test, then));
            match &at.alternate {
                Some(Statement::IfStatement(next)) => at = next,
                Some(other) => break self.body(other),
                None => break Vec::new(),
            }
        };
        if arms.len() > MAX_ELSE_IFS {
            let mut cases: Vec<Case> =
                arms.into_iter().map(|(_, test, body)| Case { tests: vec![test], body }).collect();
            cases.push(Case { tests: Vec::new(), body: last });
            return self.put_stmt(node.span.start, Stmt::Switch { subject: None, cases }, out);
        }
        while let Some((line, test, then)) = arms.pop() {
            let stmt = self.b.stmt(line, Stmt::If { test, then, otherwise: std::mem::take(&mut last) });
            last = vec![stmt];
        }
        out.append(&mut last);
    }

    fn switch(&mut self, node: &SwitchStatement<'a>, out: &mut Vec<StmtId>) {
        let subject = Some(self.condition(&node.discriminant));
        let mut cases = Vec::with_capacity(node.cases.len());
        let mut pending = Vec::new();
        for case in &node.cases {
            if let Some(test) = &case.test {
                pending.push(self.expression(test));
            }
            let mut body = Vec::with_capacity(case.consequent.len());
            self.statements(&case.consequent, &mut body);
            // Labels that fall through belong to the case that has a body.
            if body.is_empty() && case.test.is_some() {
                continue;
            }
            let tests = if case.test.is_none() { Vec::new() } else { std::mem::take(&mut pending) };
            cases.push(Case { tests, body });
        }
        self.put_stmt(node.span.start, Stmt::Switch { subject, cases }, out);
    }

    fn attempt(&mut self, node: &TryStatement<'a>, out: &mut Vec<StmtId>) {
        let mut body = Vec::with_capacity(node.block.body.len());
        self.statements(&node.block.body, &mut body);
        let mut catches = Vec::new();
        if let Some(handler) = &node.handler {
            let binding = handler.param.as_ref().and_then(|param| match &param.pattern {
                BindingPattern::BindingIdentifier(name) => Some(self.name(name.span)),
                _ => None,
            });
            let mut body = Vec::with_capacity(handler.body.body.len());
            self.statements(&handler.body.body, &mut body);
            catches.push(Catch { binding, types: Vec::new(), body });
        }
        let mut finally = Vec::new();
        if let Some(finalizer) = &node.finalizer {
            self.statements(&finalizer.body, &mut finally);
        }
        self.put_stmt(node.span.start, Stmt::Try { body, catches, finally }, out);
    }

    /// `let`, `const`, `var`: one statement for each declarator.
    pub(super) fn variables(&mut self, node: &VariableDeclaration<'a>, out: &mut Vec<StmtId>) {
        let constant = match node.kind {
            VariableDeclarationKind::Const => true,
            VariableDeclarationKind::Var | VariableDeclarationKind::Let => false,
            VariableDeclarationKind::Using | VariableDeclarationKind::AwaitUsing => return self.give_up(),
        };
        for variable in &node.declarations {
            let pattern = match &variable.id {
                BindingPattern::BindingIdentifier(name) => Pattern::Name(self.name(name.span)),
                id => self.pattern(id),
            };
            let ty = variable.type_annotation.as_ref().map(|ty| self.type_ref(&ty.type_annotation));
            let value = variable.init.as_ref().map(|value| self.expression(value));
            let stmt = Stmt::Let { pattern, ty, value, constant, exported: false };
            self.put_stmt(variable.span.start, stmt, out);
        }
    }

    /// A function that is declared, from its first word on.
    pub(super) fn function_declaration(
        &mut self,
        node: &oxc_ast::ast::Function<'a>,
        start: u32,
        out: &mut Vec<StmtId>,
    ) {
        let name = self.id_name(node.id.as_ref());
        let span = Span::new(start, node.span.end);
        let function = self.function(node, FunctionKind::Function, name, None, span);
        self.put_stmt(start, Stmt::Function(function), out);
    }

    /// The block of a statement as a value.
    pub(super) fn block(&mut self, start: u32, statements: &[Statement<'a>]) -> crate::ExprId {
        let mut body = Vec::with_capacity(statements.len());
        self.statements(statements, &mut body);
        self.put(start, Expr::Block(body))
    }
}
