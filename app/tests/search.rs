//! What a search finds: words in any order, both widths, and pinyin as people type it.

use app::search::{Asked, MOST_WORDS, fold, is_typed};
use proptest::prelude::*;

fn finds(asked: &str, texts: &[&str]) -> bool {
    Asked::new(asked).finds(texts, &[])
}

#[test]
fn both_widths_and_both_cases_are_alike() {
    assert_eq!(fold("新世纪ＫＴＶ旁Ａ区（３号）"), "新世纪ktv旁a区(3号)");
    assert_eq!(fold("NMSC－００１　NMSC–002\u{200b}"), "nmsc-001 nmsc-002");
    for asked in ["ktv", "KTV", "ｋｔｖ", "ＫＴＶ　Ａ区", "a区 Ktv", "旁Ａ区市场"] {
        assert!(finds(asked, &["新世纪ＫＴＶ旁Ａ区市场"]), "{asked}");
        assert!(finds(asked, &["新世纪KTV旁A区市场"]), "{asked}");
    }
    assert!(finds("（文明办）", &["县委宣传部(文明办)"]) && finds("(文明办)", &["县委宣传部（文明办）"]));
}

#[test]
fn words_are_found_in_any_order_and_in_any_of_the_texts() {
    let market = ["城东农贸市场", "NMSC-001", "青年路423号"];
    for asked in ["市场 城东", "城东　市场", "423号，市场", "青年路、农贸；nmsc", " 市场 ", ""]
    {
        assert!(finds(asked, &market), "{asked}");
    }
    for asked in ["东城市场", "市场 城西", "市场城东", "场农"] {
        assert!(!finds(asked, &market), "{asked}");
    }
}

#[test]
fn beyond_the_most_words_the_rest_is_one() {
    let text = "一 二 三 四 五 六 七 八 九 十 百";
    let asked = Asked::new(text);
    assert_eq!(asked.words().len(), MOST_WORDS);
    assert_eq!(asked.words().last().map(String::as_str), Some("十 百"));
    assert!(asked.finds(&[text], &[]) && !asked.finds(&["一二三四五六七八九百十"], &[]));
}

#[test]
fn pinyin_is_found_by_initials_in_full_and_mixed() {
    let bank = "jian she yin hang";
    for asked in [
        "jsyh",
        "yh",
        "yinhang",
        "yinh",
        "yhang",
        "yha",
        "jiansheyinhang",
        "jsyinhang",
        "syh",
        "YH",
        "ｙｈ",
        "yin'hang",
        "j",
        "hang",
    ] {
        assert!(Asked::new(asked).finds(&["建设银行"], &[bank]), "{asked}");
    }
    // A word begins with a syllable, leaves none out and goes no farther than the text.
    for asked in ["an", "in", "nh", "ang", "jy", "yinang", "yinhangh", "hy", "y'", "yh%"] {
        let is_meant = asked == "y'";
        assert_eq!(Asked::new(asked).finds(&["建设银行"], &[bank]), is_meant, "{asked}");
    }
    assert!(!is_typed("'", bank) && !is_typed("", bank));
}

#[test]
fn words_may_be_of_both_kinds() {
    let asked =
        |text: &str| Asked::new(text).finds(&["建设银行青岚支行", "府前街8号"], &["jian she yin hang"]);
    assert!(asked("yh 府前街") && asked("8号 js") && asked("青岚 yinhang"));
    assert!(!asked("yh 府后街") && !asked("青岚 gs"));
}

#[test]
fn letters_and_digits_of_a_name_are_typed_with_its_initials() {
    let name = "cheng dong nong mao shi chang 3 hao ktv";
    for asked in ["cdnmsc3h", "sc3hao", "3h", "3hktv", "hktv"] {
        assert!(is_typed(asked, name), "{asked}");
    }
}

#[test]
fn the_letter_for_u_umlaut_may_be_either() {
    for asked in ["lv", "lu", "lh", "lvhua", "luhua", "lhua"] {
        assert!(is_typed(asked, "lv hua dai"), "{asked}");
    }
    assert!(!is_typed("lvdeng", "lu deng"));
}

#[test]
fn names_are_kept_apart() {
    let unit = "jiao yu ju / jiao ti ju";
    assert!(is_typed("jtj", unit) && is_typed("jyj", unit));
    assert!(!is_typed("jj", unit) && !is_typed("jujiao", unit));
}

#[test]
fn a_hostile_name_takes_no_longer() {
    let name = vec!["a".repeat(100); 500].join(" ");
    let word = format!("{}b", "a".repeat(120));
    assert!(!is_typed(&word, &name));
    assert!(!is_typed(&"a".repeat(128), &name));
}

fn syllables() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-z]{1,6}", 1..8)
}

proptest! {
    #[test]
    fn beginnings_of_consecutive_syllables_are_found(
        syllables in syllables(), from in 0_usize..8, count in 1_usize..8, lengths in prop::collection::vec(1_usize..7, 8),
    ) {
        let run = syllables.iter().zip(&lengths).skip(from % syllables.len()).take(count);
        let typed: String = run.map(|(syllable, length)| &syllable[..(*length).min(syllable.len())]).collect();
        prop_assert!(is_typed(&typed, &syllables.join(" ")), "{typed}");
    }

    #[test]
    fn what_is_found_begins_with_a_syllable(syllables in syllables(), typed in "[a-z]{1,12}") {
        if is_typed(&typed, &syllables.join(" ")) {
            prop_assert!(syllables.iter().any(|it| it.starts_with(&typed[..1]) || (&typed[..1] == "u" && it.starts_with('v'))));
        }
    }

    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
    }

    #[test]
    fn the_order_of_words_does_not_matter(words in prop::collection::vec("[a-z一-龥]{1,4}", 1..6), text in "[a-z一-龥]{0,12}") {
        let mut turned = words.clone();
        turned.reverse();
        prop_assert_eq!(finds(&words.join(" "), &[&text]), finds(&turned.join("　"), &[&text]));
    }

    #[test]
    fn a_part_of_a_text_finds_it(text in "[A-Za-zＡ-Ｚ０-９一-龥]{1,20}", from in 0_usize..20, count in 1_usize..20) {
        let chars: Vec<char> = text.chars().collect();
        let part: String = chars.iter().skip(from % chars.len()).take(count).collect();
        prop_assert!(finds(&part, &[&text]));
    }
}
