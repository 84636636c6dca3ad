//! Unsent work as a file: out of this phone, and into it.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::{HtmlAnchorElement, Url};

use crate::components::{Banner, BannerKind, Button, Card, Icon, Kind, icon};
use crate::globals::use_globals;
use crate::outbox::{Trouble, rescue};
use crate::words::use_words;

/// Exports these, or all; the name of the file is what comes of it.
pub(in crate::pages) async fn export(ids: Option<Vec<Uuid>>) -> Result<String, Trouble> {
    let (blob, name) = rescue::export(ids.as_deref()).await?;
    let failed = |error: wasm_bindgen::JsValue| Trouble::Failed(format!("{error:?}"));
    let address = Url::create_object_url_with_blob(&blob).map_err(failed)?;
    let link: HtmlAnchorElement = document().create_element("a").map_err(failed)?.unchecked_into();
    link.set_href(&address);
    link.set_download(&name);
    link.click();
    // The browser has taken the file over by the next turn of its loop, not before.
    let release = move || drop(Url::revoke_object_url(&address));
    set_timeout(release, std::time::Duration::from_secs(60));
    Ok(name)
}

/// Exporting and importing.
pub(super) fn card() -> AnyView {
    let words = &use_words().outbox;
    let globals = use_globals();
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    let export_all = Callback::new(move |()| {
        busy.set(true);
        refusal.set(None);
        spawn_local(async move {
            match export(None).await {
                Ok(name) => globals.toast((words.exported)(&name)),
                Err(trouble) => drop(refusal.try_set(Some((words.trouble)(&trouble)))),
            }
            busy.try_set(false);
        });
    });
    let input = NodeRef::<Input>::new();
    let chosen = move |_| {
        let Some(element) = input.get_untracked() else { return };
        let file = element.files().and_then(|files| files.get(0));
        // So that the same file can be chosen again.
        element.set_value("");
        let Some(file) = file else { return };
        refusal.set(None);
        spawn_local(async move {
            let text = match rescue::import(&file).await {
                Ok(done) => match done.refused.first() {
                    None => {
                        globals.toast((words.imported)(done.added, done.known, done.drafts));
                        return;
                    }
                    Some(refused) => (words.import_refused)(&refused.code, &refused.name),
                },
                Err(trouble) => (words.trouble)(&trouble),
            };
            refusal.try_set(Some(text));
        });
    };
    let refused = move || refusal.get().map(|text| view! { <Banner kind=BannerKind::Error>{text}</Banner> });
    view! {
        <Card title=words.rescue>
            <p class="muted small">{words.export_help}</p>
            {refused}
            <div class="stack-tight">
                <Button kind=Kind::Quiet full=true icon=Icon::Upload busy=busy on_press=export_all>
                    {words.export_all}
                </Button>
                <label class="button button-quiet button-full camera">
                    <input node_ref=input class="photo-input" type="file" on:change=chosen />
                    {icon(Icon::Inbox)}
                    <span class="button-label">{words.import}</span>
                </label>
            </div>
        </Card>
    }
    .into_any()
}
