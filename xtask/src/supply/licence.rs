//! Licences: the expressions that name them, and the files that hold their texts.

/// Whether what an SPDX expression asks for can be had with these licences alone.
///
/// `OR` is a choice of whoever uses it, `AND` asks for both; old manifests write `/` for `OR`.
pub fn allows(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = &words[..];
    let verdict = any(&mut rest, allowed);
    verdict == Some(true) && rest.is_empty()
}

/// Terms between `OR`; none where the expression is wrong.
fn any(rest: &mut &[&str], allowed: &[String]) -> Option<bool> {
    let mut verdict = all(rest, allowed)?;
    while let [word, tail @ ..] = *rest
        && *word == "OR"
    {
        *rest = tail;
        verdict |= all(rest, allowed)?;
    }
    Some(verdict)
}

/// Terms between `AND`.
fn all(rest: &mut &[&str], allowed: &[String]) -> Option<bool> {
    let mut verdict = term(rest, allowed)?;
    while let [word, tail @ ..] = *rest
        && *word == "AND"
    {
        *rest = tail;
        verdict &= term(rest, allowed)?;
    }
    Some(verdict)
}

/// A licence, perhaps with an exception, or an expression in parentheses.
fn term(rest: &mut &[&str], allowed: &[String]) -> Option<bool> {
    let [word, tail @ ..] = *rest else { return None };
    *rest = tail;
    if *word == "(" {
        let verdict = any(rest, allowed);
        let [")", tail @ ..] = *rest else { return None };
        *rest = tail;
        return verdict;
    }
    let mut name = (*word).to_owned();
    if let ["WITH", exception, tail @ ..] = *rest {
        name = format!("{name} WITH {exception}");
        *rest = tail;
    }
    Some(allowed.contains(&name))
}

/// An expression as SPDX has it now.
pub fn modern(expression: &str) -> String {
    expression.replace('/', " OR ")
}

/// Whether a file of this name holds the text of a licence.
pub fn is_text(name: &str) -> bool {
    let name = name.to_lowercase();
    ["licen", "copying", "copyright", "notice", "unlicense"].iter().any(|at| name.starts_with(at))
}

/// Of these files, those that say under which licence the page takes it: MIT's where that is one of
/// several to choose from, and else all.
pub fn chosen(names: &[String], licence: &str) -> Vec<String> {
    let mit = |name: &&String| name.to_uppercase().contains("MIT");
    let can_choose = !licence.contains("AND") && licence.contains("MIT");
    let own: Vec<String> = names.iter().filter(mit).cloned().collect();
    if can_choose && !own.is_empty() { own } else { names.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(expression: &str) -> bool {
        super::allows(expression, &["MIT".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()])
    }

    #[test]
    fn one_of_several_is_enough_and_both_of_two_are_needed() {
        assert!(allows("MIT") && allows("GPL-3.0 OR MIT") && allows("MIT/Apache-2.0"));
        assert!(!allows("GPL-3.0") && !allows("MIT AND GPL-3.0"));
        assert!(!allows("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(allows("(MIT OR Apache-2.0) AND (MIT OR ISC)"));
        assert!(allows("Apache-2.0 WITH LLVM-exception") && !allows("Apache-2.0"));
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        for wrong in ["", "(MIT", "MIT)", "MIT OR", "MIT ISC", "OR MIT"] {
            assert!(!allows(wrong), "{wrong}");
        }
    }

    #[test]
    fn where_there_is_a_choice_the_page_takes_mit() {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let both = names(&["LICENSE-APACHE", "LICENSE-MIT"]);
        assert_eq!(chosen(&both, "MIT OR Apache-2.0"), names(&["LICENSE-MIT"]));
        assert_eq!(chosen(&both, "(MIT OR Apache-2.0) AND Unicode-3.0"), both);
        assert_eq!(chosen(&names(&["LICENSE"]), "MIT"), names(&["LICENSE"]));
        assert!(is_text("LICENCE.md") && is_text("COPYING") && !is_text("src"));
    }
}
