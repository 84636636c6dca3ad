//! What the suites stand on: a whole application on a database of its own, on either engine.

pub mod app;
pub mod busy;
pub mod contract;
pub mod county;
pub mod engines;
pub mod proxy;
pub mod scene;
pub mod work;

pub use app::{Client, Reply, TestApp};
pub use engines::Engine;

use std::future::Future;

/// Makes `sqlite::name` and `postgres::name` of every `async fn name(app: TestApp)` listed.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::run($crate::Engine::Sqlite, super::$name); })*
        }
        mod postgres {
            $(#[test] fn $name() { $crate::run($crate::Engine::Postgres, super::$name); })*
        }
    };
}

/// A text as it stands in an address.
#[must_use]
pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Runs one test on one engine, on a database that nobody else uses and that is gone afterwards.
pub fn run<T>(engine: Engine, test: impl FnOnce(TestApp) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    if !engine.is_there() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts");
    runtime.block_on(async {
        let app = TestApp::start(engine).await;
        // In a task of its own, so that a failed test still has its database taken away.
        let outcome = tokio::spawn(test(app.clone())).await;
        app.close().await;
        if let Err(failed) = outcome {
            std::panic::resume_unwind(failed.into_panic());
        }
    });
}
