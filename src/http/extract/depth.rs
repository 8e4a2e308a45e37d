//! How deep a JSON text goes, told before it is parsed: a parser that recurses would be led down first.

/// Where a text goes deeper than `most`: line and column, both from 1. What is no JSON may pass; the parser finds it.
pub(super) fn too_deep(text: &str, most: usize) -> Option<(usize, usize)> {
    let (mut line, mut column, mut depth) = (1, 0, 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        if byte == b'\n' {
            (line, column) = (line + 1, 0);
            continue;
        }
        column += 1;
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            return Some((line, column));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_strings_only() {
        assert_eq!(too_deep("[[1],[2],[3]]", 2), None);
        assert_eq!(too_deep("[\n [[1]]]", 2), Some((2, 3)));
        assert_eq!(too_deep(r#"{"a\"[[[[": "[[[[", "b": [1]}"#, 2), None);
        assert_eq!(too_deep(&"[".repeat(100_000), 32), Some((1, 33)));
        assert_eq!(too_deep("]]]][[[", 2), Some((1, 7)));
    }
}
