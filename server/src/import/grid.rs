//! Rows of cells, as every kind of table file gives them.

/// Cells that a file has at most, with the empty ones between the others.
pub(super) const MAX_PLACES: usize = 4_000_000;
/// Columns of a table; ours have at most fourteen.
pub(super) const MAX_COLUMNS: usize = 256;

/// A table as it stands in a file or on a sheet; rows without any cell are left out.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) lines: Vec<Line>,
}

/// A row with the number that a spreadsheet shows beside it.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) cells: Vec<Cell>,
}

/// What stands in a cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text as it was typed, or what a number looks like.
    Text(String),
    /// What is no value: the words say what stands there, why it is none, and what to do.
    Unreadable(String),
}

impl Cell {
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => super::clean::is_blank(text),
            Self::Unreadable(_) => false,
        }
    }

    /// The text; empty where there is none.
    pub(super) fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }
}
