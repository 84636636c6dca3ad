//! Looking things up in the catalogue held in memory: filtered, a page at a time.

use crate::error::{Error, Result};
use app::page::{PAGE_ITEMS, PAGE_ITEMS_MAX, Page};
use app::problem::{Code, FieldCode, Problem};
use app::search::Asked;
use serde::Deserialize;
use utoipa::IntoParams;

/// Characters a search has at most.
const Q_CHARS: usize = 100;

/// What every list of the catalogue can be asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LookUp {
    /// Only what has every word of this in its code, its names or its text, in any order, or in their pinyin.
    pub q: Option<String>,
    /// Items on a page, 1 to 200; 50 where it is not given.
    pub limit: Option<u32>,
    /// Where the page before said the next one begins.
    pub cursor: Option<String>,
}

impl LookUp {
    /// The page of `items`, which stand in the order of `key`, among those whose texts the search is found in.
    ///
    /// # Errors
    /// When the search, the limit or the cursor cannot be one.
    pub fn page<T: Clone>(
        &self,
        items: &[T],
        key: impl Fn(&T) -> String,
        is_found: impl Fn(&T, &Asked) -> bool,
    ) -> Result<Page<T>> {
        let q = self.q.as_deref().unwrap_or_default().trim();
        if q.chars().count() > Q_CHARS {
            return Err(invalid("q", FieldCode::TooLong));
        }
        let asked = Asked::new(q);
        let limit = self.limit.unwrap_or(PAGE_ITEMS);
        if !(1..=PAGE_ITEMS_MAX).contains(&limit) {
            return Err(invalid("limit", FieldCode::OutOfRange));
        }
        let after = self.cursor.as_deref().map(read_cursor).transpose()?;
        let start = after.map_or(0, |after| items.partition_point(|item| key(item) <= after));
        let mut found = items[start..].iter().filter(|item| is_found(item, &asked));
        let page: Vec<T> = found.by_ref().take(limit as usize).cloned().collect();
        let next_cursor = page.last().filter(|_| found.next().is_some()).map(|last| hex::encode(key(last)));
        Ok(Page { items: page, next_cursor })
    }
}

fn read_cursor(cursor: &str) -> Result<String> {
    let bytes = hex::decode(cursor).map_err(|_| Code::InvalidCursor)?;
    String::from_utf8(bytes).map_err(|_| Code::InvalidCursor.into())
}

fn invalid(parameter: &str, code: FieldCode) -> Error {
    Problem::new(Code::InvalidParameter).with_field(parameter, code).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(look_up: &LookUp) -> Result<Page<String>> {
        let items: Vec<String> = (0..120).map(|n| format!("S-{n:03}")).collect();
        look_up.page(&items, Clone::clone, |item, asked| asked.finds(&[item], &[]))
    }

    #[test]
    fn pages_follow_one_another_without_gap_or_overlap() {
        let mut look_up = LookUp { limit: Some(50), ..LookUp::default() };
        let mut seen = Vec::new();
        loop {
            let page = codes(&look_up).expect("a page");
            seen.extend(page.items);
            look_up.cursor = page.next_cursor;
            if look_up.cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 120);
        seen.dedup();
        assert_eq!((seen.len(), seen[119].as_str()), (120, "S-119"));
    }

    #[test]
    fn a_search_ignores_case_and_a_full_last_page_has_no_next() {
        let page = codes(&LookUp { q: Some(" s-00".into()), limit: Some(10), cursor: None }).expect("a page");
        assert_eq!((page.items.len(), page.next_cursor), (10, None));
    }

    #[test]
    fn what_cannot_be_asked_for_is_named() {
        let code = |look_up: &LookUp| codes(look_up).expect_err("refused").into_problem().code;
        assert_eq!(code(&LookUp { limit: Some(0), ..LookUp::default() }), Code::InvalidParameter);
        assert_eq!(code(&LookUp { limit: Some(201), ..LookUp::default() }), Code::InvalidParameter);
        assert_eq!(code(&LookUp { q: Some("长".repeat(101)), ..LookUp::default() }), Code::InvalidParameter);
        for cursor in ["zz", "ff", "1"] {
            assert_eq!(
                code(&LookUp { cursor: Some(cursor.into()), ..LookUp::default() }),
                Code::InvalidCursor
            );
        }
    }
}
