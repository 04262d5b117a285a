//! Which data goes with the second module: what nothing in the first can point to.
//!
//! The linker keeps every constant in a segment of its own (`--no-merge-data-segments`), so a
//! number in the code that lies in a segment may be its address, and one that lies in none is not.
//! What may be an address counts as one: then data stays in the first for nothing at worst.

use std::collections::BTreeSet;

use walrus::ir::{Load, LoadSimd, Store, Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, Data, DataId, DataKind, FunctionId, FunctionKind, GlobalKind, MemoryId, Module,
};

use crate::problem::{Outcome, problem};

/// Compilers may write `table - 4` for a table that is counted from one, or begin behind its end:
/// addresses so near point to a segment too.
const NEAR: u64 = 64;

/// Gaps up to this long, which alignment leaves, cost less than a segment of its own.
const GAP: usize = 8;

/// The segments that only the second module needs, counted as the module lists them. `kept` are
/// the functions of the first.
pub fn later(module: &Module, kept: &[FunctionId]) -> Outcome<BTreeSet<usize>> {
    let mut segments = Vec::new();
    for data in module.data.iter() {
        let (_, from) = place(data)?;
        segments.push((u64::from(from), data.value.as_slice()));
    }
    let mut numbers = Numbers(Vec::new());
    for id in kept {
        if let FunctionKind::Local(function) = &module.funcs.get(*id).kind {
            dfs_in_order(&mut numbers, function, function.entry_block());
        }
    }
    for global in module.globals.iter() {
        if let GlobalKind::Local(ConstExpr::Value(value)) = &global.kind {
            numbers.visit_value(value);
        }
    }
    let mut later: BTreeSet<usize> = (0..segments.len()).collect();
    let mut waiting = numbers.0;
    while let Some(number) = waiting.pop() {
        let found = later.iter().copied().filter(|at| {
            let (from, bytes) = segments[*at];
            number + NEAR >= from && number <= from + bytes.len() as u64 + NEAR
        });
        for at in found.collect::<Vec<_>>() {
            later.remove(&at);
            let (from, bytes) = segments[at];
            // Pointers lie at multiples of four.
            let aligned = bytes.get((from.next_multiple_of(4) - from) as usize..);
            let words = aligned.unwrap_or_default().as_chunks::<4>().0;
            waiting.extend(words.iter().map(|word| u64::from(u32::from_le_bytes(*word))));
        }
    }
    Ok(later)
}

/// Leaves these segments, counted as the module lists them, and makes one of those that follow
/// each other closely.
pub fn keep(module: &mut Module, kept: impl Fn(usize) -> bool) -> Outcome {
    let ids: Vec<_> = module.data.iter().map(Data::id).collect();
    // The one that grows, and where it ends.
    let mut last: Option<(DataId, usize)> = None;
    for (at, id) in ids.into_iter().enumerate() {
        let (memory, from) = place(module.data.get(id))?;
        if kept(at) {
            let (from, bytes) = (from as usize, module.data.get(id).value.clone());
            let end = from + bytes.len();
            let near = last.filter(|(_, end)| (*end..=*end + GAP).contains(&from));
            last = Some((near.map_or(id, |(before, _)| before), end));
            let Some((before, gap)) = near.map(|(before, end)| (before, from - end)) else {
                continue;
            };
            let joined = &mut module.data.get_mut(before).value;
            joined.resize(joined.len() + gap, 0);
            joined.extend(bytes);
        } else {
            // Nothing may be written over it.
            last = None;
        }
        module.memories.get_mut(memory).data_segments.remove(&id);
        module.data.delete(id);
    }
    Ok(())
}

/// The memory that a segment fills, and from where on.
fn place(data: &Data) -> Outcome<(MemoryId, u32)> {
    match &data.kind {
        DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(from)) } => {
            Ok((*memory, from.cast_unsigned()))
        }
        _ => problem("the core's module has data in a way that the splitting does not know"),
    }
}

/// All numbers of a function that may be addresses.
struct Numbers(Vec<u64>);

impl Visitor<'_> for Numbers {
    fn visit_value(&mut self, value: &Value) {
        if let Value::I32(number) = value {
            self.0.push(u64::from(number.cast_unsigned()));
        }
    }

    fn visit_load(&mut self, load: &Load) {
        self.0.push(load.arg.offset);
    }

    fn visit_load_simd(&mut self, load: &LoadSimd) {
        self.0.push(load.arg.offset);
    }

    fn visit_store(&mut self, store: &Store) {
        self.0.push(store.arg.offset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{FunctionBuilder, ValType};

    /// With a function that returns a number.
    fn module(segments: &[(i32, &[u8])], number: i32) -> (Module, FunctionId) {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        for (from, bytes) in segments {
            let offset = ConstExpr::Value(Value::I32(*from));
            let data = module.data.add(DataKind::Active { memory, offset }, bytes.to_vec());
            module.memories.get_mut(memory).data_segments.insert(data);
        }
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        builder.func_body().i32_const(number);
        let function = builder.finish(vec![], &mut module.funcs);
        (module, function)
    }

    fn segments(module: &Module) -> Outcome<Vec<(u32, Vec<u8>)>> {
        module.data.iter().map(|data| Ok((place(data)?.1, data.value.clone()))).collect()
    }

    #[test]
    fn what_the_first_points_to_stays_with_all_that_it_points_to() -> Outcome {
        let pointer = [&[0, 0], &3000_u32.to_le_bytes()[..]].concat();
        let far = [(1002, &pointer[..]), (2000, b"later"), (3000, b"pointed to"), (4000, b"later")];
        let (module, function) = module(&far, 1003);
        assert_eq!(later(&module, &[function])?, BTreeSet::from([1, 3]));
        assert_eq!(later(&module, &[])?, BTreeSet::from([0, 1, 2, 3]));
        Ok(())
    }

    #[test]
    fn an_address_close_by_points_to_a_segment_too() -> Outcome {
        for (number, there) in [(1000 - 64, true), (1000 - 65, false), (1069, true), (1070, false)]
        {
            let (module, function) = module(&[(1000, b"table")], number);
            assert_eq!(later(&module, &[function])?.is_empty(), there, "{number}");
        }
        Ok(())
    }

    #[test]
    fn segments_become_one_unless_another_is_between_them() -> Outcome {
        let (mut module, _) =
            module(&[(16, b"ab"), (20, b"cd"), (22, b"x"), (23, b"ef"), (40, b"gh")], 0);
        keep(&mut module, |at| at != 2)?;
        let joined = vec![(16, b"ab\0\0cd".to_vec()), (23, b"ef".to_vec()), (40, b"gh".to_vec())];
        assert_eq!(segments(&module)?, joined);
        Ok(())
    }
}
