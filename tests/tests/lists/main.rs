//! Lists of issues: filters against brute force over what the events say, pages that visit everything once, questions
//! that cannot be answered, and what a page costs.

mod filters;
mod paging;
mod questions;
mod words;
