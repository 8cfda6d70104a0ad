//! The common tree: what weir needs of a source file, the same for every language.
//!
//! Nodes live in flat vectors of the [`Tree`] and name each other by index, so that a tree is small, can be cached
//! as it is, and can be read from many threads. A member names its owner ([`Function::owner`]) instead of standing
//! inside it, so Go receivers, Rust impls, C# partials and Kotlin extensions all join in the same way.

use crate::Language;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub u32);
    )+};
}

ids! {
    /// An expression of one tree.
    ExprId,
    /// A statement of one tree.
    StmtId,
    /// A function, method or lambda of one tree.
    FunctionId,
    /// A declared type of one tree.
    TypeId,
}

/// One lowered source file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// Its language.
    pub language: Language,
    /// Package or namespace it says it belongs to (Java, Kotlin, Go, C#); empty elsewhere.
    pub namespace: SmolStr,
    /// Expressions.
    pub exprs: Vec<Expr>,
    /// Line (from 1) of each expression: where its decisive token stands (for a call the callee's name).
    pub expr_lines: Vec<u32>,
    /// Statements.
    pub stmts: Vec<Stmt>,
    /// Line of each statement.
    pub stmt_lines: Vec<u32>,
    /// Functions, methods, lambdas.
    pub functions: Vec<Function>,
    /// Types.
    pub types: Vec<TypeDecl>,
    /// What the file brings in.
    pub imports: Vec<Import>,
    /// What the file hands out by name (ECMAScript `export`, CommonJS `module.exports`); other languages leave it
    /// empty and use [`Function::exported`] and [`TypeDecl::exported`].
    pub exports: Vec<Export>,
    /// Statements that run when the file is loaded: module level code, constants, top-level programs.
    pub body: Vec<StmtId>,
    /// Bytes of the file that stand inside syntax errors.
    pub broken_bytes: u32,
    /// Bytes of the file.
    pub total_bytes: u32,
}

/// A name in a list of arguments, `None` when positional, with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arg {
    /// Keyword (Python, Kotlin, C#, annotation attributes), else `None`.
    pub name: Option<SmolStr>,
    /// The value; a spread is [`Expr::Spread`].
    pub value: ExprId,
}

/// A call or a construction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// What is called: a name, a member, any expression.
    pub callee: ExprId,
    /// Arguments in order.
    pub args: Vec<Arg>,
    /// Explicit type arguments.
    pub type_args: Vec<TypeRef>,
    /// True for `a?.b()`.
    pub optional: bool,
}

/// A piece of a template string.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// Fixed text.
    Text(SmolStr),
    /// A value.
    Value(ExprId),
}

/// An entry of an object, map, struct literal or dictionary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// `name: value`; shorthand `{a}` has the name as key and [`Expr::Name`] as value; methods have a lambda.
    Field {
        /// Key as text.
        key: SmolStr,
        /// Value.
        value: ExprId,
    },
    /// `[key]: value`.
    Computed {
        /// Key expression.
        key: ExprId,
        /// Value.
        value: ExprId,
    },
    /// `...value`, `**value`.
    Spread(ExprId),
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Expr {
    /// A name in scope.
    Name(SmolStr),
    /// `this`, `self`; a Go receiver is an ordinary name.
    This,
    /// `super`, `base`.
    Super,
    /// A string constant, unescaped.
    Text(SmolStr),
    /// A number as written.
    Number(SmolStr),
    /// `true`, `false`.
    Bool(bool),
    /// `null`, `nil`, `None`, `undefined`.
    Null,
    /// A regular expression literal, as written.
    Regex(SmolStr),
    /// A template, f-string, interpolated string.
    Template(Vec<Part>),
    /// `object.name`, `object::name`, `object?.name`. Qualified paths nest.
    Member {
        /// Left side.
        object: ExprId,
        /// Member.
        name: SmolStr,
    },
    /// `object[index]`.
    Index {
        /// Left side.
        object: ExprId,
        /// Index or key.
        index: ExprId,
    },
    /// `callee(args)`. `foo!(…)` in Rust is a call of `foo!` whose arguments are parsed again where they are code.
    Call(Call),
    /// `new Type(args)`, a struct literal `Type{…}` (fields as one [`Expr::Object`] argument), a Python or Kotlin call of
    /// a name that starts upper-case stays a [`Expr::Call`]: only the language can tell, and resolution does.
    New(Call),
    /// `{a: 1}`, dict, map literal.
    Object(Vec<Entry>),
    /// `[a, b]`, tuple, slice, array, set.
    List(Vec<ExprId>),
    /// `...value` inside a list or an argument list.
    Spread(ExprId),
    /// A lambda, arrow, closure, local function expression.
    Lambda(FunctionId),
    /// A class expression or anonymous object.
    Class(TypeId),
    /// `left op right`. `??`, `||`, `or`, `?:` (Kotlin elvis) are lowered to `??`, `||`.
    Binary {
        /// Operator.
        op: SmolStr,
        /// Left.
        left: ExprId,
        /// Right.
        right: ExprId,
    },
    /// `op value`.
    Unary {
        /// Operator.
        op: SmolStr,
        /// Operand.
        value: ExprId,
    },
    /// `test ? then : otherwise`, `if` used as a value.
    Conditional {
        /// Condition.
        test: ExprId,
        /// Value if true.
        then: ExprId,
        /// Value if false.
        otherwise: ExprId,
    },
    /// `match`, `when`, switch expression used as a value. Arms keep their tests (empty for the default).
    Match {
        /// Subject.
        subject: ExprId,
        /// `(tests, value)` of each arm.
        arms: Vec<(Vec<ExprId>, ExprId)>,
    },
    /// `target = value` (op `=`), `target += value` (op `+=`).
    Assign {
        /// Operator.
        op: SmolStr,
        /// Left side.
        target: ExprId,
        /// Right side.
        value: ExprId,
    },
    /// `await value`, `value.await`, `<-channel` is [`Expr::ReceiveFrom`].
    Await(ExprId),
    /// Go `<-channel`.
    ReceiveFrom(ExprId),
    /// `value as T`, `<T>value`, `(T) value`, `value!`, Rust `&value`, `*value`, `value?`.
    Cast {
        /// The value.
        value: ExprId,
        /// Target type, where there is one.
        ty: Option<TypeRef>,
    },
    /// `typeof(T)`, `T.class`, `T::class`, Java/C# class literals.
    TypeLiteral(TypeRef),
    /// `nameof(x)`: the last segment as text.
    NameOf(SmolStr),
    /// `require("m")`, `import("m")`: the module as a value.
    Module(SmolStr),
    /// Several statements with the last one's value (Rust and Kotlin blocks, `run {}` is a call).
    Block(Vec<StmtId>),
    /// Anything else; its parts stay visible for calls inside.
    Opaque(Vec<ExprId>),
}

/// A pattern on the left of a binding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Pattern {
    /// `name`.
    Name(SmolStr),
    /// `{ key: pattern = default, ...rest }`.
    Object(Vec<(SmolStr, Pattern, Option<ExprId>)>, Option<SmolStr>),
    /// `[a, b]`, Go and Python multiple assignment, tuples.
    List(Vec<Pattern>),
    /// `_` or something else that binds nothing weir follows.
    Ignore,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TypeRef {
    /// `name<args>`; qualified names keep their dots (`a.b.C`); pointers and references are dropped.
    Named {
        /// Name as written, separators normalised to `.`.
        name: SmolStr,
        /// Type arguments.
        args: Vec<TypeRef>,
    },
    /// `A | B`; `T?` is the union of `T` and `null`.
    Union(Vec<TypeRef>),
    /// `T[]`, `[]T`, `List<T>` stays named.
    List(Box<TypeRef>),
    /// `{ a: T, b?: U }`: name, type, optional.
    Record(Vec<(SmolStr, TypeRef, bool)>),
    /// A literal type `'a'`.
    Text(SmolStr),
    /// `(a: A) => B`, `func(A) B`, delegate types: the result.
    Function(Vec<TypeRef>, Option<Box<TypeRef>>),
    /// `typeof value` as a type; the dotted name.
    ValueOf(SmolStr),
    /// Anything else.
    Other,
}

impl TypeRef {
    /// `name` without arguments.
    pub fn named(name: impl Into<SmolStr>) -> Self {
        TypeRef::Named { name: name.into(), args: Vec::new() }
    }

    /// The name, when it is a named type.
    pub fn name(&self) -> Option<&str> {
        match self {
            TypeRef::Named { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// `@Name(args)`, `[Name(args)]`, `#[name(args)]`, a Python decorator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// The name as a callee expression would say it, dotted.
    pub name: SmolStr,
    /// Arguments; `@A` has none.
    pub args: Vec<Arg>,
    /// Type arguments (C# generic attributes).
    pub type_args: Vec<TypeRef>,
    /// The call that makes it, where a program runs one: `@name(args)` in Python.
    pub call: Option<ExprId>,
    /// Line.
    pub line: u32,
}

/// What kind of function it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FunctionKind {
    /// A free function.
    Function,
    /// A member of a type.
    Method,
    /// A constructor; its [`Function::name`] is `constructor` in every language.
    Constructor,
    /// A property read.
    Getter,
    /// A property write.
    Setter,
    /// A lambda, arrow, closure.
    Lambda,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    /// What it binds.
    pub pattern: Pattern,
    /// Declared type.
    pub ty: Option<TypeRef>,
    /// Default value.
    pub default: Option<ExprId>,
    /// Annotations.
    pub annotations: Vec<Annotation>,
    /// `...rest`, `*args`, `**kwargs`, varargs.
    pub rest: bool,
    /// The parameter is a field of the type as well (TypeScript `private x`, Kotlin `val x`, records, C# primary ones).
    pub field: bool,
}

/// A function, method or lambda.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Name; `constructor` for constructors, empty for a lambda.
    pub name: SmolStr,
    /// The type it belongs to, by simple name (receiver, impl, extension, enclosing class).
    pub owner: Option<SmolStr>,
    /// Go: the receiver's variable name, which stands for `this` in the body.
    pub receiver: Option<SmolStr>,
    /// Rust: the trait of the `impl Trait for Type`.
    pub implements: Option<TypeRef>,
    /// Kind.
    pub kind: FunctionKind,
    /// Type parameters by name.
    pub type_params: Vec<SmolStr>,
    /// Parameters without the receiver.
    pub params: Vec<Param>,
    /// Declared result.
    pub returns: Option<TypeRef>,
    /// Values it yields one after the other (generators).
    pub yields: Vec<ExprId>,
    /// Body, `None` when abstract or declared only. An expression body is one [`Stmt::Return`].
    pub body: Option<Vec<StmtId>>,
    /// Annotations.
    pub annotations: Vec<Annotation>,
    /// `async`, `suspend`.
    pub is_async: bool,
    /// `static`, companion members, Rust functions without `self`.
    pub is_static: bool,
    /// Visible outside its file or package.
    pub exported: bool,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
}

impl Function {
    /// A function with nothing in it yet, between two lines.
    pub fn blank(kind: FunctionKind, line: u32, end_line: u32) -> Function {
        Function {
            name: SmolStr::default(),
            owner: None,
            receiver: None,
            implements: None,
            kind,
            type_params: Vec::new(),
            params: Vec::new(),
            returns: None,
            yields: Vec::new(),
            body: None,
            annotations: Vec::new(),
            is_async: false,
            is_static: false,
            exported: false,
            line,
            end_line,
        }
    }
}

/// What kind of type it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypeKind {
    /// Class, struct, record, Kotlin object (static members).
    Class,
    /// Interface, trait, protocol.
    Interface,
    /// Enum.
    Enum,
    /// `type X = …`.
    Alias,
}

/// A field, property or constant of a type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldDecl {
    /// Name.
    pub name: SmolStr,
    /// Declared type.
    pub ty: Option<TypeRef>,
    /// Initial value.
    pub value: Option<ExprId>,
    /// Annotations, Go struct tags (name is the tag key, one text argument).
    pub annotations: Vec<Annotation>,
    /// Static or constant.
    pub is_static: bool,
    /// `name?: T`.
    pub optional: bool,
    /// `abstract`.
    pub is_abstract: bool,
    /// Line.
    pub line: u32,
}

impl FieldDecl {
    /// A field of which nothing but its name is known.
    pub fn blank(name: SmolStr, line: u32) -> FieldDecl {
        FieldDecl {
            name,
            ty: None,
            value: None,
            annotations: Vec::new(),
            is_static: false,
            optional: false,
            is_abstract: false,
            line,
        }
    }
}

/// A member of an enum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Name.
    pub name: SmolStr,
    /// `A = value`.
    pub value: Option<ExprId>,
    /// Java and Kotlin constructor arguments.
    pub args: Vec<Arg>,
    /// Line.
    pub line: u32,
}

/// A declared type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TypeDecl {
    /// Simple name; empty for an anonymous class.
    pub name: SmolStr,
    /// Enclosing type, where nested.
    pub owner: Option<SmolStr>,
    /// Kind.
    pub kind: TypeKind,
    /// Type parameters by name.
    pub type_params: Vec<SmolStr>,
    /// Classes and interfaces it extends or implements, embedded Go structs, Python bases, in order.
    pub bases: Vec<TypeRef>,
    /// Arguments handed to the base's constructor in the declaration itself (Kotlin, C# primary constructors).
    pub base_args: Vec<Arg>,
    /// Fields.
    pub fields: Vec<FieldDecl>,
    /// Functions declared inside it, constructors included.
    pub members: Vec<FunctionId>,
    /// Members of an enum.
    pub variants: Vec<Variant>,
    /// Target of an alias.
    pub alias: Option<TypeRef>,
    /// Annotations.
    pub annotations: Vec<Annotation>,
    /// Abstract.
    pub is_abstract: bool,
    /// One of several declarations of the same type.
    pub is_partial: bool,
    /// Visible outside its file or package.
    pub exported: bool,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
}

impl TypeDecl {
    /// A type with nothing in it yet, between two lines.
    pub fn blank(kind: TypeKind, line: u32, end_line: u32) -> TypeDecl {
        TypeDecl {
            name: SmolStr::default(),
            owner: None,
            kind,
            type_params: Vec::new(),
            bases: Vec::new(),
            base_args: Vec::new(),
            fields: Vec::new(),
            members: Vec::new(),
            variants: Vec::new(),
            alias: None,
            annotations: Vec::new(),
            is_abstract: false,
            is_partial: false,
            exported: false,
            line,
            end_line,
        }
    }
}

/// What one import brings in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Imported {
    /// `import { name }`, `from m import name`, `import a.b.Name`, `use a::Name`.
    Name(SmolStr),
    /// `import X from 'm'`.
    Default,
    /// `import * as x`, `import m`, Go imports, C# aliases: the module itself.
    Module,
    /// `from m import *`, `import a.b.*`, `using N`, `use a::*`: all names.
    All,
    /// `import 'm'`: nothing.
    Nothing,
}

/// One name brought in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// Module, package or namespace as written (`./a`, `pkg`, `a.b`), separators as the language writes them
    /// (Rust `::`), without the imported name.
    pub module: SmolStr,
    /// What of it.
    pub imported: Imported,
    /// Local name; empty for `All` and `Nothing`.
    pub local: SmolStr,
    /// Line.
    pub line: u32,
}

/// One name handed out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Exported name: `default`, `*` for `export * from`, `=` for `module.exports = value`.
    pub name: SmolStr,
    /// What stands behind it.
    pub target: ExportTarget,
}

/// What stands behind an export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExportTarget {
    /// A name of this file.
    Local(SmolStr),
    /// A value.
    Value(ExprId),
    /// A name of another module: `export { imported as name } from module`; `*` for all (`export * [as ns] from`).
    From {
        /// The other module.
        module: SmolStr,
        /// Its name there, `*` for the whole module.
        name: SmolStr,
    },
}

/// One case of a switch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Values or patterns; empty for the default. A type pattern is [`Expr::TypeLiteral`].
    pub tests: Vec<ExprId>,
    /// Body.
    pub body: Vec<StmtId>,
}

/// One catch clause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catch {
    /// Bound name.
    pub binding: Option<SmolStr>,
    /// Caught types; empty for all.
    pub types: Vec<TypeRef>,
    /// Body.
    pub body: Vec<StmtId>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stmt {
    /// A declaration with an optional value. Python's and Ruby's first assignment is one too.
    Let {
        /// What it binds.
        pattern: Pattern,
        /// Declared type.
        ty: Option<TypeRef>,
        /// Value.
        value: Option<ExprId>,
        /// `const`, `final`, `val`.
        constant: bool,
        /// Visible outside (module-level declarations).
        exported: bool,
    },
    /// An expression for its effect.
    Expr(ExprId),
    /// `return value`; the tail value of a Rust or Kotlin block.
    Return(Option<ExprId>),
    /// `throw`, `raise`, Rust `return Err(…)` stays a return.
    Throw(Option<ExprId>),
    /// `if`, `unless`, `guard`.
    If {
        /// Condition.
        test: ExprId,
        /// Then.
        then: Vec<StmtId>,
        /// Else.
        otherwise: Vec<StmtId>,
    },
    /// `switch`, `match`, `when`, Go `select` (subject `None`, each test the communication).
    Switch {
        /// Subject.
        subject: Option<ExprId>,
        /// Cases.
        cases: Vec<Case>,
    },
    /// Any loop. `for x of xs`: pattern and `over`. `while t`, `for (;;)`, Go `for {}`: `test`, `None` when endless.
    Loop {
        /// What each round binds.
        pattern: Option<Pattern>,
        /// What is walked over.
        over: Option<ExprId>,
        /// Condition.
        test: Option<ExprId>,
        /// Body; a C-style initialiser stands before the loop as its own statement, the update at the end of the body.
        body: Vec<StmtId>,
    },
    /// `try`.
    Try {
        /// Body.
        body: Vec<StmtId>,
        /// Catch clauses.
        catches: Vec<Catch>,
        /// `finally`, Python `else` goes to the end of the body.
        finally: Vec<StmtId>,
    },
    /// `with`, `using`, try-with-resources: the bindings ([`Stmt::Let`] or [`Stmt::Expr`]), then the body.
    Using {
        /// Resources.
        resources: Vec<StmtId>,
        /// Body.
        body: Vec<StmtId>,
    },
    /// Go `defer`.
    Defer(ExprId),
    /// Go `go f()`; library spawns are calls.
    Spawn(ExprId),
    /// Go `channel <- value`.
    SendTo {
        /// Channel.
        channel: ExprId,
        /// Value.
        value: ExprId,
    },
    /// `{ … }`.
    Block(Vec<StmtId>),
    /// A function declared here (module level too).
    Function(FunctionId),
    /// A type declared here (module level too).
    Type(TypeId),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
}
