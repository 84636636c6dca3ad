//! Pinyin initials: a spot is found by the first letters of its name.

use app::width::half_width;
use pinyin::ToPinyin;

/// The first letter of every character's pinyin, in its most common reading; letters and digits stay, in lower case;
/// everything else is left out. `城东农贸市场3号` becomes `cdnmsc3h`.
#[must_use]
pub fn initials(name: &str) -> String {
    name.chars().filter_map(initial).collect()
}

fn initial(c: char) -> Option<char> {
    let c = half_width(c);
    if c.is_ascii_alphanumeric() {
        return Some(c.to_ascii_lowercase());
    }
    c.to_pinyin()?.plain().chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_their_initials() {
        assert_eq!(initials("城东农贸市场3号"), "cdnmsc3h");
        assert_eq!(initials("人民路（府前街至解放路段）"), "rmlfqjzjfld");
        assert_eq!(initials("ＫＴＶ·星光 B座"), "ktvxgbz");
        assert_eq!(initials("——"), "");
    }
}
