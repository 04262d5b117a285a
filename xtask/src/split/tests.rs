//! A small module is split, and both halves are run by Node.

use walrus::ir::{BinaryOp, LoadKind, MemArg};
use walrus::{DataKind, InstrSeqBuilder, LocalId};

use super::*;
use crate::scratch::Scratch;
use crate::tool::Tool;

/// Adds a function of one whole number to another; its body is given its argument.
fn function(
    module: &mut Module,
    name: &str,
    body: impl FnOnce(&mut InstrSeqBuilder, LocalId),
) -> FunctionId {
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
    builder.name(name.to_owned());
    let argument = module.locals.add(ValType::I32);
    body(&mut builder.func_body(), argument);
    builder.finish(vec![argument], &mut module.funcs)
}

/// Of the first: `near`, which adds the global 7. Of the second: `later::twice`, which doubles what
/// `near` says; `later::read`, which adds the byte of memory 3; and what they alone need.
fn whole() -> Vec<u8> {
    let mut module = Module::default();
    let nothing = module.types.add(&[], &[]);
    module.add_import_func("env", "load_it_1f", nothing);
    let memory = module.memories.add_local(false, false, 1, None, None);
    let active = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(3)) };
    let data = module.data.add(active, vec![40]);
    module.memories.get_mut(memory).data_segments.insert(data);
    let seven = ConstExpr::Value(Value::I32(7));
    let global = module.globals.add_local(ValType::I32, true, false, seven);

    let near = function(&mut module, "near", |body, argument| {
        body.local_get(argument).global_get(global).binop(BinaryOp::I32Add);
    });
    let only_later = function(&mut module, "nobody_else_calls_it", |body, argument| {
        let at = MemArg { align: 1, offset: 3 };
        body.i32_const(0).load(
            memory,
            LoadKind::I32_8 { kind: walrus::ir::ExtendedLoad::ZeroExtend },
            at,
        );
        body.local_get(argument).binop(BinaryOp::I32Add);
    });
    let twice = function(&mut module, "later::twice", |body, argument| {
        body.local_get(argument).call(near).i32_const(2).binop(BinaryOp::I32Mul);
    });
    let read = function(&mut module, "later::read", |body, argument| {
        body.local_get(argument).call(only_later);
    });
    let calls = function(&mut module, "calls", |body, argument| {
        body.local_get(argument).call(twice);
    });
    let table = module.tables.add_local(false, 4, Some(4), RefType::FUNCREF);
    let offset = ConstExpr::Value(Value::I32(1));
    let items = ElementItems::Functions(vec![near, twice, read]);
    let element = module.elements.add(ElementKind::Active { table, offset }, items);
    module.tables.get_mut(table).elem_segments.insert(element);
    let ty = module.types.add(&[ValType::I32], &[ValType::I32]);
    let points = function(&mut module, "points", |body, argument| {
        body.i32_const(10).local_get(argument).call_indirect(ty, table);
    });
    for (name, id) in [("near", near), ("calls", calls), ("points", points), ("read", read)] {
        module.exports.add(name, id);
    }
    module.emit_wasm()
}

/// What a browser does, with a connection that fails the first time.
const SCRIPT: &str = "
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
const [first, second] = ['first', 'second'].map((name) => readFileSync(`${name}.wasm`));
function begin(failures) {
  let loads = 0;
  const load_it_1f = () => {
    loads += 1;
    if (loads <= failures) throw new Error('down');
    new WebAssembly.Instance(new WebAssembly.Module(second), { first: exports });
  };
  const module = new WebAssembly.Module(first);
  const { exports } = new WebAssembly.Instance(module, { env: { load_it_1f } });
  return { ...exports, loads: () => loads };
}
const one = begin(1);
assert.equal(one.near(1), 8);
assert.equal(one.points(1), 17);
assert.equal(one.loads(), 0);
assert.throws(() => one.calls(1), /down/);
assert.equal(one.calls(1), 16);
assert.equal(one.calls(2), 18);
assert.equal(one.points(2), 34);
assert.equal(one.points(3), 50);
assert.equal(one.read(2), 42);
assert.equal(one.loads(), 2);
const other = begin(0);
assert.equal(other.points(3), 50);
assert.equal(other.read(1), 41);
assert.equal(other.loads(), 1);
assert(second.length > 0 && !WebAssembly.Module.exports(new WebAssembly.Module(second)).length);
";

#[test]
fn a_split_module_does_what_the_whole_did() -> Outcome {
    let halves = split(&whole(), |name| name.starts_with("later::"), "load_it")?;
    let scratch = Scratch::new("split-run")?;
    scratch.write("first.wasm", &halves.first)?;
    scratch.write("second.wasm", &halves.second)?;
    scratch.write("run.mjs", SCRIPT.as_bytes())?;
    Tool::new("node").args(["run.mjs"]).within(scratch.path()).named("the split module").run()
}

#[test]
fn what_only_the_second_needs_goes_with_it() -> Outcome {
    let halves = split(&whole(), |name| name.starts_with("later::"), "load_it")?;
    let names = |module: &[u8]| -> Outcome<Vec<String>> {
        let module = parse(module)?;
        let local = module.funcs.iter().filter(|function| is_local(&module, function.id()));
        let mut names: Vec<_> = local.filter_map(|function| function.name.clone()).collect();
        names.sort();
        Ok(names)
    };
    let second = ["later::read", "later::twice", "nobody_else_calls_it"];
    assert_eq!(names(&halves.second)?, second);
    assert!(!names(&halves.first)?.iter().any(|name| name == "nobody_else_calls_it"));
    Ok(())
}

#[test]
fn a_module_that_cannot_ask_for_the_second_is_not_split() {
    let found = split(&whole(), |_| false, "another").err();
    let sentence = "the core's module does not import another";
    assert_eq!(found.map(|found| found.0), Some(sentence.to_owned()));
}
