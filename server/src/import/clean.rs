//! Cleaning of cells: what nobody sees is left out, what has two widths or two spellings becomes one.

use super::tables::Kind;
use app::width::half_width;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// What cleaning has changed, beyond spaces at the ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Changed {
    /// Characters that nobody sees were left out.
    pub(super) invisible: bool,
    /// Full-width letters, digits or marks became half-width, and look-alikes the usual character.
    pub(super) width: bool,
    /// Small letters of a code became capitals.
    pub(super) case: bool,
}

/// Characters that take no room: a byte order mark, zero-width spaces and joiners, soft hyphens, marks of direction.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether nobody would see anything there.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Whether people write this between two codes. Full-width forms are half-width by then.
pub(super) fn is_between(c: char) -> bool {
    matches!(c, ';' | ',' | '/') || c.is_whitespace()
}

/// A cell as its column wants it.
pub(super) fn cell(text: &str, kind: Kind) -> (String, Changed) {
    let mut changed = Changed::default();
    let seen = visible(text, &mut changed);
    let text = match kind {
        Kind::Text | Kind::Hours => narrow(&seen, is_letter_or_digit, &mut changed),
        Kind::Code | Kind::Codes => {
            let half = narrow(&seen, |_| true, &mut changed);
            let is_code = |c: char| c.is_ascii_alphanumeric() || c == '-';
            // What is no code is shown as it was typed.
            let is_sound = half.chars().all(|c| is_code(c) || (kind == Kind::Codes && is_between(c)));
            let upper = if is_sound { half.to_ascii_uppercase() } else { half.clone() };
            changed.case |= upper != half;
            upper
        }
        Kind::Account | Kind::Number | Kind::Word(_) => narrow(&seen, |_| true, &mut changed),
    };
    (text, changed)
}

/// A name of a table as names are compared: in small letters, without spaces.
pub(super) fn name(text: &str) -> String {
    let mut changed = Changed::default();
    let seen = visible(text, &mut changed);
    let half = narrow(&seen, |_| true, &mut changed).to_lowercase();
    half.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A head as heads are compared: a name without remarks in brackets and the star of a required column.
pub(super) fn head(text: &str) -> String {
    name(text).split('(').next().unwrap_or_default().replace('*', "")
}

/// Without what nobody sees, with plain line ends and spaces, in Unicode's composed form, trimmed.
fn visible(text: &str, changed: &mut Changed) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            c if is_invisible(c) => changed.invisible = true,
            '\r' | '\u{2028}' | '\u{2029}' => seen.push('\n'),
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => seen.push(' '),
            c => seen.push(c),
        }
    }
    if is_nfc_quick(seen.chars()) != IsNormalized::Yes {
        let composed: String = seen.nfc().collect();
        changed.width |= composed != seen;
        seen = composed;
    }
    seen.trim().to_owned()
}

fn is_letter_or_digit(c: char) -> bool {
    c.is_alphanumeric()
}

/// Full-width characters become half-width, and look-alikes of ASCII the usual mark, where `which` wants it.
fn narrow(text: &str, which: fn(char) -> bool, changed: &mut Changed) -> String {
    let half = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '、' => ',',
        '。' => '.',
        c => half_width(c),
    };
    let one = |c| match half(c) {
        half if half != c && which(c) => {
            changed.width = true;
            half
        }
        _ => c,
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str, kind: Kind) -> String {
        cell(text, kind).0
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        assert_eq!(clean("\u{feff}城东\u{200b}农贸\u{ad}市场\u{a0} ", Kind::Text), "城东农贸市场");
        assert_eq!(clean(" NMSC-001\u{3000}", Kind::Code), "NMSC-001");
        assert!(cell("a\u{200d}", Kind::Text).1.invisible);
        assert!(!cell("a\u{a0}", Kind::Text).1.invisible);
        assert!(is_blank("\u{feff} \u{3000}\u{200b}") && !is_blank("\u{200b}x"));
    }

    #[test]
    fn widths_become_one_where_they_mean_nothing() {
        assert_eq!(clean("ｎｍｓｃ－００１", Kind::Code), "NMSC-001");
        assert_eq!(clean("１１３．７３", Kind::Number), "113.73");
        assert_eq!(clean("JYJ；ZFJ、GAJ", Kind::Codes), "JYJ;ZFJ,GAJ");
        // Between codes stands whatever people take for a semicolon; within one code, none of it.
        assert_eq!(clean("jyj／zfj\ngaj", Kind::Codes), "JYJ/ZFJ\nGAJ");
        assert_eq!(clean("jyj/zfj", Kind::Code), "jyj/zfj");
        // Marks of a Chinese text are its own.
        assert_eq!(clean("ＫＴＶ（Ａ区），３号。", Kind::Text), "KTV（A区），3号。");
        // A compatibility ideograph is the character it looks like.
        assert_eq!(clean("城东市场\u{f9e4}", Kind::Text), "城东市场理");
        assert_eq!(cell("城东农贸市场", Kind::Text).1, Changed::default());
    }

    #[test]
    fn heads_are_compared_without_their_remarks() {
        assert_eq!(head("\u{feff}Code*"), "code");
        assert_eq!(head("经度（WGS-84）"), "经度");
        assert_eq!(head(" 编 码\u{200b}"), "编码");
    }
}
