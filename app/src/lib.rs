//! What Spotfix is: the domain and the API contract, the same code on the server and on the phone.
//!
//! Nothing here reads a clock, a file, a network or a database: every rule is a function of its arguments.

pub mod id;
pub mod role;
pub mod time;
