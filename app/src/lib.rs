//! What Spotfix is: the domain and the API contract, the same code on the server and on the phone.
//!
//! Nothing here reads a clock, a file, a network or a database: every rule is a function of its arguments.

pub mod account;
pub mod bundle;
pub mod calendar;
pub mod clause;
pub mod clock;
pub mod device_time;
pub mod event;
pub mod id;
pub mod issue;
pub mod order;
pub mod page;
pub mod photo;
pub mod problem;
pub mod rate;
pub mod role;
pub mod routing;
pub mod search;
pub mod spot;
pub mod time;
pub mod unit;
pub mod width;
