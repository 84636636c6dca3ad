//! Searching: words in any order, full-width and half-width alike, and pinyin by initials or in full.
//!
//! The same code decides on the server and on the phone. Pinyin is written by the server: the phone has no table.

use crate::width::half_width;

/// The most words that are told apart. What follows the ninth is one word, with its spaces.
pub const MOST_WORDS: usize = 10;

/// The longest word that is looked for in pinyin, in bytes.
const LONGEST_SPELT: usize = 127;

/// Stands between names in a pinyin text: no word runs across it.
pub const BETWEEN_NAMES: &str = "/";

/// A text as texts are compared. Full-width forms become half-width, capitals small, dashes hyphens, blanks spaces.
/// Characters that nobody sees are left out.
#[must_use]
pub fn fold(text: &str) -> String {
    let half = text.chars().filter_map(|c| match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        c if c.is_whitespace() => Some(' '),
        c => Some(half_width(c)),
    });
    half.collect::<String>().to_lowercase()
}

/// What somebody searches for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    words: Vec<String>,
}

impl Asked {
    /// The words of a text. Blanks, commas, semicolons and full stops of Chinese part them.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let is_between = |c: char| matches!(c, ' ' | ',' | ';' | '、' | '。');
        let folded = fold(text);
        let mut words: Vec<String> =
            folded.split(is_between).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if words.len() > MOST_WORDS {
            let rest = words.split_off(MOST_WORDS - 1);
            words.push(rest.join(" "));
        }
        Self { words }
    }

    /// The words, folded; none where nothing is searched for, which finds everything.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether every word is in one of the texts, or is how a run of the pinyin is typed.
    #[must_use]
    pub fn finds(&self, texts: &[&str], pinyin: &[&str]) -> bool {
        // Most questions are empty, and then nothing is folded.
        self.words.is_empty() || {
            let texts: Vec<String> = texts.iter().map(|text| fold(text)).collect();
            self.words.iter().all(|word| {
                texts.iter().any(|text| text.contains(word)) || pinyin.iter().any(|it| is_typed(word, it))
            })
        }
    }
}

/// Whether a word is how consecutive syllables of `pinyin` are typed: of each a beginning, down to its initial. So `yh`,
/// `yinhang`, `yinh` and `yhang` are all `yin hang`. A word begins where a syllable does. An apostrophe in it is not
/// counted, and `u` is as good as the `v` that is typed for ü.
///
/// `pinyin` has syllables in small letters, with single spaces between them.
#[must_use]
pub fn is_typed(word: &str, pinyin: &str) -> bool {
    let word: Vec<u8> = word.bytes().filter(|byte| *byte != b'\'').collect();
    if word.is_empty() || word.len() > LONGEST_SPELT || !word.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    // Bit n is set where the syllables up to here may have taken n bytes of the word.
    let mut taken = 1_u128;
    for syllable in pinyin.split(' ') {
        let mut next = 1_u128;
        for (start, _) in word.iter().enumerate().filter(|(start, _)| taken >> start & 1 == 1) {
            let typed = word[start..].iter().zip(syllable.bytes());
            let count = typed.take_while(|(typed, spelt)| is_key(**typed, *spelt)).count();
            // Any beginning will do, so every length up to this one.
            next |= ((1 << count) - 1) << (start + 1);
        }
        if next >> word.len() & 1 == 1 {
            return true;
        }
        taken = next;
    }
    false
}

const fn is_key(typed: u8, spelt: u8) -> bool {
    typed == spelt || (typed == b'u' && spelt == b'v')
}
