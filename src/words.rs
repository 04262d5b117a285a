//! Numbers in sentences, and sentences that only the page's table needs.

/// Whether a letter of a stranger's text may stand in a sentence: those that control, or turn the
/// direction of what follows, could make it read otherwise than it was meant.
pub fn is_plain(letter: char) -> bool {
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !letter.is_control() && !turns
}

/// Text short enough for a sentence, of letters that only stand for themselves.
pub fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut letters = text.chars().filter(|letter| is_plain(*letter));
    let mut short: String = letters.by_ref().take(LONGEST).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// A number as the standard library writes it, in digits without an exponent: `0.1`, `1000000`.
///
/// By way of the writer that JSON has anyway: the standard library's own takes some twenty
/// kilobytes of the module.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        let sign = if value < 0.0 { "-" } else { "" };
        return if value.is_nan() { "NaN".into() } else { format!("{sign}inf") };
    }
    let mut buffer = zmij::Buffer::new();
    let (sign, text) = match buffer.format_finite(value) {
        text if text.starts_with('-') => ("-", &text[1..]),
        text => ("", text),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    // Where the point stands among the digits.
    let point = whole.len() as i32 + exponent.parse().unwrap_or(0);
    let digits = format!("{whole}{part}");
    let leading = digits.bytes().take_while(|digit| *digit == b'0').count();
    let digits = digits[leading..].trim_end_matches('0');
    let point = point - leading as i32;
    let (before, after) = digits.split_at(digits.len().min(point.max(0) as usize));
    let mut written = format!("{sign}{before}");
    for _ in before.len() as i32..point {
        written.push('0');
    }
    if point <= 0 || digits.is_empty() {
        written.push('0');
    }
    if !after.is_empty() {
        written.push('.');
        for _ in point..0 {
            written.push('0');
        }
        written.push_str(after);
    }
    written
}

/// Numbers in square brackets: `[0, 0.1]`.
pub fn list(values: &[f64]) -> String {
    let values: Vec<_> = values.iter().map(|value| number(*value)).collect();
    format!("[{}]", values.join(", "))
}

/// Text that only the page's table of properties holds: the page has that table from the build, so
/// the module goes without it.
pub const fn on_page(text: &'static str) -> &'static str {
    if cfg!(target_arch = "wasm32") { "" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_numbers_are_written_plainly() {
        for (value, text) in [(0.0, "0"), (-0.0, "-0"), (0.3, "0.3"), (1.0, "1"), (40.0, "40")] {
            assert_eq!(number(value), text);
        }
        assert_eq!(number(1e-6), "0.000001");
        assert_eq!(number(1e20), "100000000000000000000");
        assert_eq!(list(&[0.0, 0.05]), "[0, 0.05]");
        assert_eq!(on_page("a"), "a");
    }

    /// Whether a text is what the standard library writes, or as good: of two shortest texts that
    /// are equally near to the number, either may be chosen.
    fn is_as_the_standard_librarys(text: &str, value: f64) -> bool {
        let usual = value.to_string();
        text == usual
            || text.len() == usual.len() && text.parse().is_ok_and(|read: f64| read == value)
    }

    #[test]
    fn half_way_between_two_texts_either_is_right() {
        // …286.125, which no shorter text tells from its neighbours.
        let value = f64::from_bits(14_046_027_584_345_301_188);
        assert!(is_as_the_standard_librarys(&number(value), value));
        assert!(!is_as_the_standard_librarys("-259610807233286.5", value));
    }

    proptest! {
        #[test]
        fn any_number_is_written_as_the_standard_library_writes_it(bits: u64, short in -1e6..1e6) {
            let any = f64::from_bits(bits);
            for value in [any, short, f64::round(short), f64::round(short) / 1000.0] {
                let text = number(value);
                let nan = value.is_nan() && text == "NaN";
                prop_assert!(nan || is_as_the_standard_librarys(&text, value), "{}", text);
            }
        }
    }
}
