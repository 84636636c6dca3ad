//! Full-width characters, as Chinese keyboards write them, and the half-width ones they stand for.

/// The ASCII character of which this is the full-width form; any other character is itself.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_become_ascii() {
        let half: String = "！Ａｚ０９～：；，／－．\u{3000}".chars().map(half_width).collect();
        assert_eq!(half, "!Az09~:;,/-. ");
        // What has no half-width form stays: Chinese marks, and the neighbours of the range.
        let other = "、。《市｟aZ~ \u{ff00}\u{ff5f}";
        assert_eq!(other.chars().map(half_width).collect::<String>(), other);
    }
}
