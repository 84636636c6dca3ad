//! Signing out while something is unsent: it is sent or exported first.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Leave, Leaving};
use crate::components::{Banner, BannerKind, Button, Icon, Kind, Sheet};
use crate::globals::use_globals;
use crate::outbox::{self, Trouble, use_outbox};
use crate::pages::outbox::export;
use crate::words::use_words;

/// The sheet; open while `leaving` says how somebody wants to leave.
pub(super) fn sheet(leaving: RwSignal<Option<Leaving>>, leave: Callback<Leave>) -> AnyView {
    let all = use_words();
    let words = &all.outbox;
    let globals = use_globals();
    let status = use_outbox().status;
    let is_open = RwSignal::new(false);
    let is_exported = RwSignal::new(false);
    let is_counted = Signal::derive(move || leaving.get().is_none_or(|it| it.is_counted));
    let trouble = RwSignal::new(None::<Trouble>);
    Effect::new(move |_| {
        let asks = leaving.get().is_some();
        is_exported.set(false);
        is_open.set(asks);
    });
    Effect::new(move |_| {
        if !is_open.get() && leaving.with_untracked(Option::is_some) {
            leaving.set(None);
        }
    });
    // All sent in the meantime, or the browser keeps nothing that could be sent: then nothing stands in the way.
    let may = Signal::derive(move || {
        !is_counted.get() || is_exported.get() || status.with(|status| status.unsent == 0)
    });
    let send = Callback::new(move |()| {
        spawn_local(async move {
            // What could not be begun is shown as unsent still.
            let _ = outbox::send_now().await;
        });
    });
    let export = Callback::new(move |()| {
        trouble.set(None);
        spawn_local(async move {
            match export(None).await {
                Ok(name) => {
                    globals.toast((words.exported)(&name));
                    is_exported.try_set(true);
                }
                Err(it) => drop(trouble.try_set(Some(it))),
            }
        });
    });
    let go = Callback::new(move |()| {
        if let (Some(Leaving { how, .. }), true) = (leaving.get_untracked(), may.get_untracked()) {
            is_open.set(false);
            leave.run(how);
        }
    });
    let actions = move || {
        view! {
            <Button kind=Kind::Quiet on_press=move |()| is_open.set(false)>{all.common.cancel}</Button>
            {move || {
                let name = if is_exported.get() { words.sign_out_now } else { all.account.sign_out };
                may.get().then(|| view! { <Button icon=Icon::LogOut on_press=go>{name}</Button> })
            }}
        }
    };
    let title = move || {
        if is_counted.get() {
            (words.sign_out_unsent)(status.with(|it| it.unsent))
        } else {
            words.sign_out_uncounted.to_owned()
        }
    };
    let help = move || if is_counted.get() { words.sign_out_help } else { words.sign_out_uncounted_help };
    view! {
        <Sheet open=is_open title=title actions=actions>
            <div class="stack">
                <p>{help}</p>
                {move || {
                    trouble.get().map(|it| view! { <Banner kind=BannerKind::Error>{(words.trouble)(&it)}</Banner> })
                }}
                // A storage that does not open has nothing to send or export from.
                {move || {
                    is_counted.get().then(|| {
                        view! {
                            <div class="stack-tight">
                                <Button kind=Kind::Quiet full=true icon=Icon::Send on_press=send>{words.send_now}</Button>
                                <Button kind=Kind::Quiet full=true icon=Icon::Upload on_press=export>{words.export_all}</Button>
                            </div>
                        }
                    })
                }}
            </div>
        </Sheet>
    }
    .into_any()
}
