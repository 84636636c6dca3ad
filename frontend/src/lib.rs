//! The page of Spotfix: Leptos, rendered in the browser, made for a phone held in one hand.

#![expect(
    clippy::needless_pass_by_value,
    reason = "a component takes its properties by value, whatever it does with them"
)]

pub mod api;
pub mod app;
pub mod catalogue;
pub mod components;
pub mod device;
pub mod fmt;
pub mod frame;
pub mod globals;
pub mod keeping;
pub mod load;
pub mod outbox;
pub mod pages;
pub mod session;
pub mod shots;
mod update;
mod usual;
pub mod waiting;
pub mod words;
