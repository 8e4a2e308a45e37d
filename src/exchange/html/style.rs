//! What `style` attributes say of how words look. Editors that paste from word processors send bold as a weight.

use crate::domain::body::Mark;

use super::run::Style;

/// Reads the declarations that have a mark; all others are for a style sheet to say.
pub(super) fn apply(declarations: &str, style: &mut Style) {
    for declaration in declarations.split(';') {
        let Some((property, value)) = declaration.split_once(':') else {
            continue;
        };
        let (property, value) = (property.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
        match property.as_str() {
            "font-weight" => weight(&value, style),
            "font-style" => slant(&value, style),
            "text-decoration" | "text-decoration-line" => decoration(&value, style),
            "vertical-align" => match value.as_str() {
                "super" => style.set(Mark::Sup, true),
                "sub" => style.set(Mark::Sub, true),
                _ => {}
            },
            _ => {}
        }
    }
}

fn weight(value: &str, style: &mut Style) {
    match (value, value.parse::<u16>()) {
        ("bold" | "bolder", _) => style.set(Mark::Strong, true),
        ("normal" | "lighter", _) => style.set(Mark::Strong, false),
        (_, Ok(weight)) => style.set(Mark::Strong, weight >= 600),
        _ => {}
    }
}

fn slant(value: &str, style: &mut Style) {
    if value.starts_with("italic") || value.starts_with("oblique") {
        style.set(Mark::Em, true);
    } else if value == "normal" {
        style.set(Mark::Em, false);
    }
}

fn decoration(value: &str, style: &mut Style) {
    let mut words = value.split_ascii_whitespace();
    // A link is underlined by the page that shows it.
    if words.clone().any(|word| word == "underline") && style.link.is_none() {
        style.set(Mark::Underline, true);
    }
    if words.any(|word| word == "line-through") {
        style.set(Mark::Strike, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_processors_say_marks_as_styles() {
        for (declarations, marks) in [
            ("font-weight:700; color: red", vec![Mark::Strong]),
            ("FONT-STYLE: Italic", vec![Mark::Em]),
            ("font-weight:400;font-style:normal", vec![]),
            (
                "text-decoration: underline line-through",
                vec![Mark::Strike, Mark::Underline],
            ),
            ("vertical-align:super", vec![Mark::Sup]),
            ("font-weight", vec![]),
        ] {
            let mut style = Style::default();
            apply(declarations, &mut style);
            assert_eq!(style.marks, marks, "{declarations}");
        }
    }
}
