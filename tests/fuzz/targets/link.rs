//! Links: `parse_link`, and that what is read can be written and read again.

use super::values::{group, named, one, property, rarely, text, value, written};
use super::{Watch, masks, refused};
use arbitrary::{Result, Unstructured};
use secateurs::recipe::{Group, format_link, parse_link};

pub fn run(u: &mut Unstructured, watch: Watch) -> Result<()> {
    // As it comes, or made of parts.
    let link = if rarely(u, 4)? {
        String::from_utf8_lossy(u.bytes(u.len())?).into_owned()
    } else {
        made(u)?
    };
    read(&link, watch);
    Ok(())
}

/// Has a link read; what is accepted must come back the same.
pub fn read(link: &str, watch: Watch) {
    let mut parsed = None;
    watch(&mut || parsed = Some(parse_link(link)));
    match parsed {
        Some(Ok(parsed)) => {
            let again = format_link(&parsed.recipe, &parsed.view, parsed.digest.as_deref());
            let read = parse_link(&again).unwrap();
            assert_eq!((read.recipe, read.view), (parsed.recipe, parsed.view), "{again}");
        }
        Some(Err(sentence)) => refused(&sentence),
        None => {}
    }
}

fn made(u: &mut Unstructured) -> Result<String> {
    let mut link = String::new();
    if rarely(u, 8)? {
        link.push_str("https://example.org/?x#");
    }
    link.push_str(if rarely(u, 16)? {
        one(u, &["v=2", "v=", "v=1e0", "V=1", "v=01"])?
    } else {
        "v=1"
    });
    for _ in 0..u.int_in_range(0..=8)? {
        link.push('&');
        part(u, &mut link)?;
    }
    Ok(link)
}

fn part(u: &mut Unstructured, link: &mut String) -> Result<()> {
    match u.int_in_range(0..=9)? {
        // The network and the view stand in the link itself.
        0 | 1 => {
            let group = named(one(u, &["network", "view"])?);
            let property = property(u, &group)?;
            link.push_str(property.key);
            link.push('=');
            let value = value(u, property)?;
            escaped(u, &written(&value), link)?;
        }
        2 => {
            let key = one(u, &["digest", "verdict", "file", "data"])?;
            let digest = if rarely(u, 4)? { text(u)? } else { "0123456789abcdef".into() };
            link.push_str(&format!("{key}={digest}"));
        }
        3 => {
            link.push_str("cut=");
            link.push_str(&masks::packed(u, 2)?);
        }
        4 if rarely(u, 3)? => {
            let (key, value) = (text(u)?, text(u)?);
            escaped(u, &format!("{key}={value}"), link)?;
        }
        _ => {
            let group = group(u)?;
            settings(u, &group, link)?;
        }
    }
    Ok(())
}

fn settings(u: &mut Unstructured, group: &Group, link: &mut String) -> Result<()> {
    link.push_str(group.name);
    for index in 0..u.int_in_range(0..=5)? {
        link.push(if index == 0 { '=' } else { ',' });
        let property = property(u, group)?;
        link.push_str(property.key);
        link.push(':');
        let value = value(u, property)?;
        escaped(u, &written(&value), link)?;
    }
    Ok(())
}

/// Text as it is, or as messengers write it.
fn escaped(u: &mut Unstructured, text: &str, link: &mut String) -> Result<()> {
    if !rarely(u, 8)? {
        link.push_str(text);
        return Ok(());
    }
    for byte in text.bytes() {
        link.push_str(&format!("%{byte:02X}"));
    }
    Ok(())
}
