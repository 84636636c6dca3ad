//! Searching issues: each word in what was written, or in what their spot, clause and unit are called now.

use crate::db::Query;
use app::bundle::Catalogue;
use app::id::{SpotId, UnitId};
use app::search::Asked;

/// The most spots, clauses and units a word may mean. A word that means more is looked for in what was written alone.
const MOST_MEANT: usize = 1_000;

/// Appends ` and …` for every word of a question.
pub(super) fn in_words(sql: &mut Query, question: &str, catalogue: &Catalogue) {
    for word in Asked::new(question).words() {
        sql.push(" and (i.search like ").push_bind(format!("%{}%", escape_like(word))).push(" escape '!'");
        if let Some(meant) = Meant::by(word, catalogue) {
            meant.push(sql);
        }
        sql.push(")");
    }
}

/// What a word means besides the text of an issue.
struct Meant<'a> {
    spots: Vec<SpotId>,
    clauses: Vec<&'a str>,
    units: Vec<UnitId>,
}

impl<'a> Meant<'a> {
    /// Spots by name, address and pinyin, clauses by pinyin, units by every name and pinyin; `None` beyond [`MOST_MEANT`].
    fn by(word: &str, catalogue: &'a Catalogue) -> Option<Self> {
        let asked = Asked::new(word);
        let spots = catalogue.spots.iter().filter(|it| asked.finds(&[&it.name, &it.address], &[&it.pinyin]));
        let clauses = catalogue.clauses.iter().filter(|it| asked.finds(&[], &[&it.pinyin]));
        let units = catalogue.units.iter().filter(|it| {
            let names = [&it.name, &it.short_name].into_iter().chain(&it.aliases);
            asked.finds(&names.map(String::as_str).collect::<Vec<_>>(), &[&it.pinyin])
        });
        let meant = Self {
            spots: spots.map(|it| it.id).collect(),
            clauses: clauses.map(|it| it.code.as_str()).collect(),
            units: units.map(|it| it.id).collect(),
        };
        (meant.spots.len() + meant.clauses.len() + meant.units.len() <= MOST_MEANT).then_some(meant)
    }

    fn push(self, sql: &mut Query) {
        if !self.spots.is_empty() {
            sql.push(" or i.spot_id in ").push_list(self.spots);
        }
        if !self.clauses.is_empty() {
            sql.push(" or i.clause_code in ").push_list(self.clauses);
        }
        if !self.units.is_empty() {
            sql.push(" or i.unit_id in ").push_list(self.units);
        }
    }
}

fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::unit::Unit;
    use uuid::Uuid;

    #[test]
    fn wildcards_are_letters() {
        assert_eq!(escape_like("100%_!"), "100!%!_!!");
    }

    fn catalogue(units: usize) -> Catalogue {
        let unit = |number: u128| Unit {
            id: UnitId(Uuid::from_u128(number)),
            code: format!("U{number}"),
            name: "执法局".to_owned(),
            short_name: "执法局".to_owned(),
            aliases: vec!["城管".to_owned()],
            pinyin: "zhi fa ju / cheng guan".to_owned(),
            group: "部门".to_owned(),
            parent_id: None,
            active: true,
        };
        Catalogue {
            units: (1..).take(units).map(unit).collect(),
            areas: Vec::new(),
            spot_types: Vec::new(),
            clauses: Vec::new(),
            spots: Vec::new(),
            rules: Vec::new(),
        }
    }

    #[test]
    fn a_word_that_means_too_much_is_text_alone() {
        for word in ["cg", "城管", "chengguan"] {
            let meant = Meant::by(word, &catalogue(MOST_MEANT)).map(|it| it.units.len());
            assert_eq!(meant, Some(MOST_MEANT), "{word}");
            assert!(Meant::by(word, &catalogue(MOST_MEANT + 1)).is_none(), "{word}");
        }
        // What it does not mean is no more than text either.
        assert_eq!(Meant::by("u1", &catalogue(3)).map(|it| it.units.len()), Some(0));
    }
}
