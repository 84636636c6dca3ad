//! Work without a network: what a phone takes along, and what is rescued from one that cannot send.

mod rescue;
mod work;
