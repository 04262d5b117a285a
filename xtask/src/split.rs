//! Splits the core's module in two, so that a visitor waits for the first only.
//!
//! As Binaryen's `wasm-split` does: the second module imports the functions of the first that it
//! calls, and memory, tables and globals; when it is instantiated, it puts its own functions into a
//! table of the first, and the data that it alone needs into memory. Each of them that the first refers to has a stand-in
//! there, which calls by way of that table, after asking for the second module if that is not there
//! yet. Neither Rust nor wasm-bindgen's JavaScript knows anything of it.

mod data;

use std::collections::{BTreeMap, BTreeSet};

use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, Element, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId,
    FunctionKind, GlobalKind, ImportKind, ImportedFunction, Module, ModuleConfig, RefType, TableId,
    ValType,
};

use crate::problem::{Explain, Outcome, problem};

/// What the second module imports from is called this.
pub const FIRST: &str = "first";

/// The table of the first module that the second one's functions take their places in.
const PLACES: &str = "places";

/// Both modules.
pub struct Halves {
    /// What is loaded first.
    pub first: Vec<u8>,
    /// What is loaded later.
    pub second: Vec<u8>,
}

/// Splits a module that still has its functions' names.
///
/// `is_later` says by its name that a function belongs to the second; what only such functions
/// reach goes with them. `load` is a part of the name of the imported function that fetches the
/// second module at once.
pub fn split(module: &[u8], is_later: impl Fn(&str) -> bool, load: &str) -> Outcome<Halves> {
    let (mut first, mut second) = (parse(module)?, parse(module)?);
    let plan = Plan::of(&first, is_later)?;
    plan.reduce_to_second(&mut second)?;
    let places = plan.reduce_to_first(&mut first, load)?;
    export(&mut first, &mut second, places)?;
    walrus::passes::gc::run(&mut first);
    Ok(Halves { first: first.emit_wasm(), second: second.emit_wasm() })
}

fn parse(module: &[u8]) -> Outcome<Module> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false);
    let parsed = config.parse(module).map_err(|error| format!("{error:#}"));
    parsed.explain("the core's module cannot be split")
}

/// Which function goes where. Functions are counted as the module lists them.
struct Plan {
    /// Those of the second module.
    later: BTreeSet<usize>,
    /// Those of them that the first refers to, in the order of their places.
    boundary: Vec<usize>,
    /// Segments of data of the second module, counted likewise.
    data: BTreeSet<usize>,
}

impl Plan {
    fn of(module: &Module, is_later: impl Fn(&str) -> bool) -> Outcome<Self> {
        let functions = functions(module);
        let at: BTreeMap<_, _> = functions.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let chosen = |id: FunctionId| {
            let name = module.funcs.get(id).name.as_deref();
            is_local(module, id) && name.is_some_and(&is_later)
        };
        let (mut boundary, mut kept) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting = roots(module)?;
        while let Some(id) = waiting.pop() {
            if chosen(id) {
                boundary.insert(at[&id]);
            } else if kept.insert(at[&id]) {
                waiting.append(&mut called_by(module, id));
            }
        }
        let of_first = kept.iter().map(|at| functions[*at]).collect::<Vec<_>>();
        let local = functions.into_iter().filter(|id| is_local(module, *id));
        let later = local.map(|id| at[&id]).filter(|at| !kept.contains(at)).collect();
        let data = data::later(module, &of_first)?;
        Ok(Self { later, boundary: boundary.into_iter().collect(), data })
    }

    /// Leaves only the second module's code and data: everything else is imported, under names that
    /// [`export`] knows.
    fn reduce_to_second(&self, module: &mut Module) -> Outcome {
        let functions = functions(module);
        for id in module.exports.iter().map(|export| export.id()).collect::<Vec<_>>() {
            module.exports.delete(id);
        }
        data::keep(module, |at| self.data.contains(&at))?;
        for id in module.imports.iter().map(|import| import.id()).collect::<Vec<_>>() {
            module.imports.delete(id);
        }
        module.start = None;
        let Module { funcs, memories, tables, globals, imports, .. } = module;
        for (at, id) in functions.iter().enumerate().filter(|(at, _)| !self.later.contains(at)) {
            let function = funcs.get_mut(*id);
            let (import, ty) = (imports.add(FIRST, &name("function", at), *id), function.ty());
            function.kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
        for (at, memory) in memories.iter_mut().enumerate() {
            memory.import = Some(imports.add(FIRST, &name("memory", at), memory.id()));
        }
        for (at, table) in tables.iter_mut().enumerate() {
            table.init = None;
            table.import = Some(imports.add(FIRST, &name("table", at), table.id()));
        }
        let ids: Vec<_> = globals.iter().map(|global| global.id()).collect();
        for (at, id) in ids.into_iter().enumerate() {
            let import = imports.add(FIRST, &name("global", at), id);
            globals.get_mut(id).kind = GlobalKind::Import(import);
        }
        self.fill(module, &functions)?;
        walrus::passes::gc::run(module);
        Ok(())
    }

    /// The second module's functions take their places; and those that are called by pointer also
    /// the places of their stand-ins in the table of pointers, so that such calls go straight.
    fn fill(&self, module: &mut Module, functions: &[FunctionId]) -> Outcome {
        let later: BTreeSet<_> = self.later.iter().map(|at| functions[*at]).collect();
        let mut runs = Vec::new();
        for element in module.elements.iter() {
            let (table, from, items) = pointers(element)?;
            for (at, id) in (from..).zip(items).filter(|(_, id)| later.contains(id)) {
                runs.push((table, at, vec![*id]));
            }
        }
        runs.dedup_by(|next, run| {
            let follows = next.0 == run.0 && usize::try_from(next.1 - run.1) == Ok(run.2.len());
            if follows {
                run.2.append(&mut next.2);
            }
            follows
        });
        for id in module.elements.iter().map(|element| element.id()).collect::<Vec<_>>() {
            module.elements.delete(id);
        }
        module.tables.iter_mut().for_each(|table| table.elem_segments.clear());
        let own: Vec<_> = self.boundary.iter().map(|at| functions[*at]).collect();
        let size = own.len() as u64;
        let kind = RefType::FUNCREF;
        let (places, _) = module.add_import_table(FIRST, PLACES, false, size, Some(size), kind);
        runs.push((places, 0, own));
        for (table, from, items) in runs {
            let offset = ConstExpr::Value(Value::I32(from));
            let kind = ElementKind::Active { table, offset };
            let element = module.elements.add(kind, ElementItems::Functions(items));
            module.tables.get_mut(table).elem_segments.insert(element);
        }
        Ok(())
    }

    /// Puts stand-ins for the second module's functions, and returns the table of their places.
    fn reduce_to_first(&self, module: &mut Module, load: &str) -> Outcome<TableId> {
        data::keep(module, |at| !self.data.contains(&at))?;
        let functions = functions(module);
        let loads = module.imports.iter().find_map(|import| match import.kind {
            ImportKind::Function(id) if import.name.contains(load) => Some(id),
            _ => None,
        });
        let Some(loads) = loads else {
            return problem(format!("the core's module does not import {load}"));
        };
        let size = self.boundary.len() as u64;
        let places = module.tables.add_local(false, size, Some(size), RefType::FUNCREF);

        let mut ensure = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
        let place = module.locals.add(ValType::I32);
        let mut body = ensure.func_body();
        body.local_get(place).table_get(places).ref_is_null();
        body.if_else(
            None,
            |then| {
                then.call(loads);
            },
            |_| {},
        );
        let ensure = ensure.finish(vec![place], &mut module.funcs);

        for (place, at) in (0..).zip(&self.boundary) {
            let ty = module.funcs.get(functions[*at]).ty();
            let of = module.types.get(ty);
            let (params, results) = (of.params().to_vec(), of.results().to_vec());
            let args: Vec<_> = params.iter().map(|ty| module.locals.add(*ty)).collect();
            let mut stand_in = FunctionBuilder::new(&mut module.types, &params, &results);
            let mut body = stand_in.func_body();
            body.i32_const(place).call(ensure);
            for arg in &args {
                body.local_get(*arg);
            }
            body.i32_const(place).call_indirect(ty, places);
            let stand_in = FunctionKind::Local(stand_in.local_func(args));
            module.funcs.get_mut(functions[*at]).kind = stand_in;
        }
        Ok(places)
    }
}

/// The first module exports whatever the second imports, under names as short as possible.
fn export(first: &mut Module, second: &mut Module, places: TableId) -> Outcome {
    let mut things: BTreeMap<String, ExportItem> = BTreeMap::new();
    things.insert(PLACES.to_owned(), places.into());
    let functions = functions(first).into_iter().enumerate();
    things.extend(functions.map(|(at, id)| (name("function", at), id.into())));
    let memories = first.memories.iter().enumerate();
    things.extend(memories.map(|(at, memory)| (name("memory", at), memory.id().into())));
    let tables = first.tables.iter().enumerate();
    things.extend(tables.map(|(at, table)| (name("table", at), table.id().into())));
    let globals = first.globals.iter().enumerate();
    things.extend(globals.map(|(at, global)| (name("global", at), global.id().into())));
    for (at, import) in second.imports.iter_mut().enumerate() {
        let Some(item) = things.get(&import.name) else {
            return problem(format!("the first module has no {}", import.name));
        };
        // No name of Rust's begins with a digit.
        import.name = at.to_string();
        first.exports.add(&import.name, *item);
    }
    Ok(())
}

/// How a thing is called between the modules until they are finished.
fn name(kind: &str, at: usize) -> String {
    format!("{kind} {at}")
}

fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|function| function.id()).collect()
}

fn is_local(module: &Module, id: FunctionId) -> bool {
    matches!(module.funcs.get(id).kind, FunctionKind::Local(_))
}

/// What is called from outside, or by pointer.
fn roots(module: &Module) -> Outcome<Vec<FunctionId>> {
    let mut roots: Vec<_> = module.start.into_iter().collect();
    roots.extend(module.exports.iter().filter_map(|export| match export.item {
        ExportItem::Function(id) => Some(id),
        _ => None,
    }));
    for element in module.elements.iter() {
        roots.extend(pointers(element)?.2);
    }
    Ok(roots)
}

/// The table that a segment fills, from where on, and with what.
fn pointers(element: &Element) -> Outcome<(TableId, i32, &[FunctionId])> {
    match (&element.kind, &element.items) {
        (
            ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(from)) },
            ElementItems::Functions(items),
        ) => Ok((*table, *from, items)),
        _ => {
            problem("the core's module fills its tables in a way that the splitting does not know")
        }
    }
}

fn called_by(module: &Module, id: FunctionId) -> Vec<FunctionId> {
    struct Calls(Vec<FunctionId>);
    impl Visitor<'_> for Calls {
        fn visit_function_id(&mut self, id: &FunctionId) {
            self.0.push(*id);
        }
    }
    let mut calls = Calls(Vec::new());
    if let FunctionKind::Local(function) = &module.funcs.get(id).kind {
        dfs_in_order(&mut calls, function, function.entry_block());
    }
    calls.0
}

#[cfg(test)]
mod tests;
