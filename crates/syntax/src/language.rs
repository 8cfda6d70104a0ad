//! The languages weir reads, and how a file name tells which one it is.

use serde::{Deserialize, Serialize};

/// A source language with a grammar and a lowering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// JavaScript, JSX included.
    JavaScript,
    /// Python.
    Python,
    /// Java.
    Java,
    /// Kotlin.
    Kotlin,
    /// Go.
    Go,
    /// C#.
    CSharp,
    /// Rust.
    Rust,
}

impl Language {
    /// All of them, in the order of their declaration.
    pub const ALL: [Language; 9] = [
        Language::TypeScript,
        Language::Tsx,
        Language::JavaScript,
        Language::Python,
        Language::Java,
        Language::Kotlin,
        Language::Go,
        Language::CSharp,
        Language::Rust,
    ];

    /// The language of a file name, by its extension.
    pub fn of_path(path: &str) -> Option<Language> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.ends_with(".d.ts") || name.ends_with(".min.js") {
            return None;
        }
        Some(match name.rsplit_once('.')?.1 {
            "ts" | "mts" | "cts" => Language::TypeScript,
            "tsx" => Language::Tsx,
            "js" | "mjs" | "cjs" | "jsx" => Language::JavaScript,
            "py" => Language::Python,
            "java" => Language::Java,
            "kt" | "kts" => Language::Kotlin,
            // The tools of Go leave out what begins so.
            "go" if name.starts_with('_') => return None,
            "go" => Language::Go,
            "cs" => Language::CSharp,
            "rs" => Language::Rust,
            _ => return None,
        })
    }

    /// The name used in packs, flags and JSON. TSX counts as TypeScript there.
    pub fn name(self) -> &'static str {
        match self {
            Language::TypeScript | Language::Tsx => "typescript",
            Language::JavaScript => "javascript",
            Language::Python => "python",
            Language::Java => "java",
            Language::Kotlin => "kotlin",
            Language::Go => "go",
            Language::CSharp => "csharp",
            Language::Rust => "rust",
        }
    }

    /// True where a file says what it hands out; elsewhere whatever it declares can be imported.
    pub fn has_exports(self) -> bool {
        matches!(self, Language::TypeScript | Language::Tsx | Language::JavaScript)
    }

    /// True for modules that files see without naming them: what the language brings along, and where projects bring
    /// namespaces into all of their files, any.
    pub fn is_seen_unnamed(self, module: &str) -> bool {
        let first = module.split(['.', ':', '/']).next().unwrap_or_default();
        match self {
            Language::CSharp => true,
            Language::Java | Language::Kotlin => matches!(first, "java" | "kotlin"),
            Language::Rust => matches!(first, "std" | "core" | "alloc"),
            _ => false,
        }
    }

    /// The import path of a name below a module, as if it were a module itself; the module where that cannot be.
    pub fn module_of(self, module: &str, name: &str) -> String {
        match self {
            Language::Python if module.ends_with('.') => format!("{module}{name}"),
            Language::Python => format!("{module}.{name}"),
            Language::Rust => format!("{module}::{name}"),
            _ => module.to_owned(),
        }
    }

    /// The import path, seen from a module itself, of a module below it.
    pub fn submodule(self, name: &str) -> String {
        match self {
            Language::Rust => format!("self::{name}"),
            _ => format!(".{name}"),
        }
    }

    /// True where methods stand outside the type they name as their owner, in any file of its package.
    pub fn spreads_members(self) -> bool {
        matches!(self, Language::Go)
    }

    /// True where a function may have several results, the last of which tells of failure, and where a struct literal
    /// is the only way to make an object.
    pub fn has_struct_literals(self) -> bool {
        matches!(self, Language::Go)
    }

    /// True where a type satisfies an interface by having its methods, without saying so.
    pub fn is_structural(self) -> bool {
        matches!(self, Language::Go | Language::Python)
    }

    /// True where objects are made with `new`; elsewhere a call of a type's name makes one.
    pub fn has_new(self) -> bool {
        matches!(self, Language::TypeScript | Language::Tsx | Language::JavaScript | Language::Java | Language::CSharp)
    }

    /// True where functions of a type stand in blocks of their own, and modules declare each other.
    pub fn has_impls(self) -> bool {
        self == Language::Rust
    }

    /// True where a declaration may hide another one of its name in the same scope.
    pub fn has_shadowing(self) -> bool {
        self == Language::Rust
    }

    /// True where a call may yield something that is only done when it is awaited.
    pub fn has_promises(self) -> bool {
        !matches!(self, Language::Java | Language::Kotlin | Language::Go)
    }

    /// True for the languages of the Java virtual machine, which share their standard library.
    pub fn is_jvm(self) -> bool {
        matches!(self, Language::Java | Language::Kotlin)
    }

    /// True where a bare name may be a member of the class around it.
    pub fn has_implicit_receiver(self) -> bool {
        matches!(self, Language::Java | Language::Kotlin | Language::CSharp)
    }

    /// True where several functions of one name differ in their parameters.
    pub fn has_overloads(self) -> bool {
        self.has_implicit_receiver()
    }

    /// True where the members of an enum are objects with constructors and methods.
    pub fn has_enum_objects(self) -> bool {
        self.is_jvm()
    }

    /// True where arguments may be given by name to any function, and where a parameter may collect those left over.
    pub fn has_keyword_arguments(self) -> bool {
        matches!(self, Language::Python)
    }

    /// True where what the body of a class assigns is a member of the class as well as of its objects.
    pub fn has_class_attributes(self) -> bool {
        matches!(self, Language::Python)
    }

    /// True where a file is a module of its own whose names others import one by one (ECMAScript, Python);
    /// false where a scope spans files (packages, namespaces).
    pub fn file_is_module(self) -> bool {
        matches!(self, Language::TypeScript | Language::Tsx | Language::JavaScript | Language::Python)
    }
}
