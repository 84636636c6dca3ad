//! The page of Spotfix: Leptos, rendered in the browser, made for a phone held in one hand.

pub mod app;
pub mod components;
pub mod fmt;
pub mod globals;
pub mod pages;
pub mod words;
