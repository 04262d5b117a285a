//! Values of JSON become types.
//!
//! `serde_json` does this too, but what it says of a value that does not fit can hold anything,
//! down to the standard library's way of writing `f64`s: a tenth of the module.

use crate::words::shorten;
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess};
use serde::de::{Unexpected, Visitor};
use serde_json::{Map, Value};
use std::fmt::{Display, Formatter};

/// Why a value does not become what it should.
#[derive(Debug, PartialEq, Eq)]
pub struct Unread(String);

impl Unread {
    fn because(reason: &str) -> Self {
        Unread(reason.into())
    }
}

impl Display for Unread {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unread {}

impl Error for Unread {
    fn custom<T: Display>(reason: T) -> Self {
        Unread(reason.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Unread::because("a value is of the wrong type")
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Unread::because("a value is out of range")
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Unread::because("a list has the wrong length")
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        Unread(["“", &shorten(variant), "” is none of ", &known.join(", ")].concat())
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Unread::unknown_variant(field, known)
    }

    fn missing_field(field: &'static str) -> Self {
        Unread(["“", field, "” is missing"].concat())
    }

    fn duplicate_field(field: &'static str) -> Self {
        Unread(["“", field, "” is given twice"].concat())
    }
}

/// A value as what it should be.
///
/// # Errors
/// A few words when it is not.
pub fn read<'a, T: Deserialize<'a>>(value: &'a Value) -> Result<T, Unread> {
    T::deserialize(Reader(value))
}

#[derive(Clone, Copy)]
struct Reader<'a>(&'a Value);

fn fitting<T>(value: Option<T>) -> Result<T, Unread> {
    value.ok_or_else(|| Unread::because("a value is of the wrong type"))
}

/// Methods that read a value as something simple.
macro_rules! simple {
    ($a:lifetime: $($method:ident: $as:ident, $visit:ident;)*) => {$(
        fn $method<V: Visitor<$a>>(self, visitor: V) -> Result<V::Value, Unread> {
            visitor.$visit(fitting(self.0.$as())?)
        }
    )*};
}

impl<'a> Deserializer<'a> for Reader<'a> {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => visitor.visit_u64(whole),
                (_, Some(whole)) => visitor.visit_i64(whole),
                _ => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => visitor.visit_seq(Items(items)),
            Value::Object(entries) => visitor.visit_map(Entries::of(entries)),
        }
    }

    simple! { 'a:
        deserialize_bool: as_bool, visit_bool;
        deserialize_i8: as_i64, visit_i64;
        deserialize_i16: as_i64, visit_i64;
        deserialize_i32: as_i64, visit_i64;
        deserialize_i64: as_i64, visit_i64;
        deserialize_u8: as_u64, visit_u64;
        deserialize_u16: as_u64, visit_u64;
        deserialize_u32: as_u64, visit_u64;
        deserialize_u64: as_u64, visit_u64;
        deserialize_f32: as_f64, visit_f64;
        deserialize_f64: as_f64, visit_f64;
        deserialize_str: as_str, visit_borrowed_str;
        deserialize_string: as_str, visit_borrowed_str;
        deserialize_identifier: as_str, visit_borrowed_str;
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_seq(Items(fitting(self.0.as_array())?))
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, of: usize, visitor: V) -> Result<V::Value, Unread> {
        let items = self.0.as_array().filter(|items| items.len() == of);
        visitor.visit_seq(Items(fitting(items)?))
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_map(Entries::of(fitting(self.0.as_object())?))
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        // Enums in recipes and outcomes have no fields: their names are all there is.
        visitor.visit_enum(StrDeserializer::new(fitting(self.0.as_str())?))
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'a>> char bytes byte_buf unit unit_struct tuple_struct
    }
}

/// The items of a list that are still to be read.
struct Items<'a>(&'a [Value]);

impl<'a> SeqAccess<'a> for Items<'a> {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unread> {
        let Some((item, others)) = self.0.split_first() else { return Ok(None) };
        self.0 = others;
        seed.deserialize(Reader(item)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The entries of an object that are still to be read.
struct Entries<'a> {
    entries: serde_json::map::Iter<'a>,
    value: &'a Value,
}

impl<'a> Entries<'a> {
    fn of(object: &'a Map<String, Value>) -> Self {
        Entries { entries: object.iter(), value: &Value::Null }
    }
}

impl<'a> MapAccess<'a> for Entries<'a> {
    type Error = Unread;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unread> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(StrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Unread> {
        seed.deserialize(Reader(self.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{AttackParams, Method};
    use crate::recipe::{Recipe, check_recipe};
    use crate::trial::Asked;
    use serde_json::json;

    /// What is read, and what `serde_json` reads of the same; of errors only that there is one.
    fn both<T: serde::de::DeserializeOwned>(value: &Value) -> [Option<T>; 2] {
        [read(value).ok(), serde_json::from_value(value.clone()).ok()]
    }

    #[test]
    fn reads_as_serde_json_does() {
        let attack = json!(AttackParams::usual(Method::Pgd, 0.1, 40));
        let [read, expected] = both::<AttackParams>(&attack);
        assert!(read.is_some() && read == expected);
        let values = [
            json!(null),
            json!(true),
            json!(-1),
            json!(0),
            json!(300),
            json!(5_000_000_000_u64),
            json!(0.5),
            json!("pgd"),
            json!([]),
            json!([1, 2]),
            json!([[1], []]),
            json!([0.1, 3]),
            json!({"adaptive": [0.1], "robust": 3}),
            json!({"certified": [1, null]}),
            attack,
        ];
        for value in &values {
            let pair = both::<u8>(value);
            assert_eq!(pair[0], pair[1], "{value}");
            let pair = both::<u32>(value);
            assert_eq!(pair[0], pair[1], "{value}");
            let pair = both::<i64>(value);
            assert_eq!(pair[0], pair[1], "{value}");
            let pair = both::<f64>(value);
            assert_eq!(pair[0], pair[1], "{value}");
            let pair = both::<Option<bool>>(value);
            assert_eq!(pair[0], pair[1], "{value}");
            let pair = both::<Option<Vec<Vec<usize>>>>(value);
            assert_eq!(pair[0], pair[1], "{value}");
            let pair = both::<String>(value);
            assert_eq!(pair[0], pair[1], "{value}");
            let pair = both::<Method>(value);
            assert_eq!(pair[0], pair[1], "{value}");
            let pair = both::<(f64, u8)>(value);
            assert_eq!(pair[0], pair[1], "{value}");
            if !value.is_array() {
                // A struct as a list of its fields, which nobody writes, is refused.
                let pair = both::<Asked>(value);
                assert_eq!(pair[0], pair[1], "{value}");
            }
            let pair = both::<Value>(value);
            assert_eq!(pair[0], pair[1], "{value}");
        }
    }

    #[test]
    fn says_in_a_few_words_what_does_not_fit() {
        let said = |value: Value| read::<AttackParams>(&value).unwrap_err().to_string();
        assert_eq!(said(json!([])), "a value is of the wrong type");
        assert_eq!(said(json!({})), "“method” is missing");
        let unknown = said(json!({"method": "no"}));
        assert!(unknown.starts_with("“no” is none of pgd, fgsm, "), "{unknown}");
        let whole: Recipe = check_recipe(&json!({})).unwrap();
        assert_eq!(whole.steps.len(), 1);
    }
}
