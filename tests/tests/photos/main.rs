//! Photos through the API: what is refused, what is kept, who sees it, what it may be named for, what is swept away.

mod cameras;
mod collected;
mod kept;
mod lost;
mod named;
mod refused;
mod samples;
mod shown;
mod swept;
mod told;
mod visible;
