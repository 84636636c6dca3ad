//! How the field's words are read.

use super::*;

/// Words and how they are read, one a line.
const WORDS: &str = include_str!("words.txt");

fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.lines().filter_map(|line| line.split_once(' '))
}

#[test]
fn the_words_of_the_field_are_read_as_people_say_them() {
    let wrong: Vec<String> = words()
        .filter(|(word, reading)| syllables(word) != *reading)
        .map(|(word, reading)| format!("{word}: {reading}, not {}", syllables(word)))
        .collect();
    assert!(words().count() > 600);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn names_become_their_initials() {
    for (name, expected) in [
        ("城东农贸市场3号", "cdnmsc3h"),
        ("人民路（府前街至解放路段）", "rmlfqjzjfld"),
        ("ＫＴＶ·星光 B座", "ktvxgbz"),
        ("——", ""),
        ("建设银行青岚支行", "jsyhqlzh"),
        ("重庆路农贸市场", "cqlnmsc"),
        ("长途汽车站", "ctqcz"),
        ("会计学校", "kjxx"),
        ("音乐广场", "yygc"),
    ] {
        assert_eq!(initials(name), expected, "{name}");
    }
}

#[test]
fn letters_and_digits_stay_and_marks_go() {
    assert_eq!(syllables("银行3号楼B座"), "yin hang 3 hao lou b zuo");
    assert_eq!(syllables("新世纪ＫＴＶ旁Ａ区（绿地）"), "xin shi ji ktv pang a qu lv di");
    assert_eq!(syllables(" 、（）"), "");
    assert_eq!(syllables("é〇"), "ling");
}

#[test]
fn names_of_one_thing_are_told_once_and_apart() {
    assert_eq!(names(["公安局", "公安局"]), "gong an ju");
    assert_eq!(names(["教育和体育局", "教体局", ""]), "jiao yu he ti yu ju / jiao ti ju");
}

#[test]
fn every_entry_has_a_syllable_for_each_character() {
    for file in FILES {
        let mut seen = HashSet::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let (word, reading) = line.split_once(' ').unwrap_or((line, ""));
            assert!(seen.insert(word), "{word} stands there twice");
            let word = word.trim_start_matches('+').trim_end_matches('$');
            let count = word.chars().count();
            assert!((1..=LONGEST).contains(&count), "{line}");
            assert!(word.chars().all(is_chinese), "{line}");
            let is_spelt = reading.split(' ').all(|it| it.bytes().all(|b| b.is_ascii_lowercase()));
            assert!(is_spelt && (reading.is_empty() || reading.split(' ').count() == count), "{line}");
        }
    }
}

#[test]
fn any_text_is_read_without_a_panic() {
    for text in ["\u{20000}长", "a长b行", "😀行", "长\u{301}", "行", "", "\u{f9e4}", "𠮷野家", "欸呒嗯"]
    {
        let _ = (syllables(text), initials(text));
    }
}
