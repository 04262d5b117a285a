//! Figures in sentences. By whole numbers, because the standard library's way of writing `f64`s to
//! a number of places is large.

/// A share as percent with one decimal: `66.4 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", tenths(share))
}

/// A difference of shares in percentage points, without its sign: `3.1 points`.
pub(super) fn points(difference: f64) -> String {
    format!("{} points", tenths(difference.abs()))
}

/// A hundredfold with one decimal.
fn tenths(share: f64) -> String {
    let tenths = (1000.0 * share).round() as i64;
    let sign = if tenths < 0 { "−" } else { "" };
    format!("{sign}{}.{}", (tenths / 10).abs(), (tenths % 10).abs())
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_to_tenths() {
        assert_eq!(percent(0.664), "66.4 %");
        assert_eq!(percent(0.99996), "100.0 %");
        assert_eq!((percent(0.0), percent(-0.0312)), ("0.0 %".into(), "−3.1 %".into()));
        assert_eq!((points(-0.0312), points(0.0005)), ("3.1 points".into(), "0.1 points".into()));
        let items = ["a", "b", "c"].map(String::from);
        assert_eq!((list(&items[..1]), list(&items[..2])), ("a".into(), "a and b".into()));
        assert_eq!((list(&items), list(&[])), ("a, b and c".into(), String::new()));
    }
}
