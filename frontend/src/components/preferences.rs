//! The person's own settings: language and appearance.

use leptos::prelude::*;

use super::field::{Choice, ChoiceField};
use crate::globals::{Theme, use_globals};
use crate::words::{Lang, use_words};

/// Language and appearance; both take effect at once and are remembered on this device.
#[component]
pub fn Preferences() -> impl IntoView {
    let globals = use_globals();
    let words = &use_words().account;
    let lang = RwSignal::new(globals.lang.get_untracked().tag().to_owned());
    let theme = RwSignal::new(globals.theme.get_untracked().name().to_owned());
    Effect::new(move |_| {
        let chosen = Lang::of_tag(&lang.get());
        if chosen != globals.lang.get_untracked() {
            globals.lang.set(chosen);
        }
    });
    Effect::new(move |_| {
        let chosen = Theme::named(&theme.get());
        if chosen != globals.theme.get_untracked() {
            globals.theme.set(chosen);
        }
    });
    let languages =
        vec![Choice::new(Lang::Zh.tag(), words.chinese), Choice::new(Lang::En.tag(), words.english)];
    let themes = vec![
        Choice::new(Theme::System.name(), words.theme_system),
        Choice::new(Theme::Light.name(), words.theme_light),
        Choice::new(Theme::Dark.name(), words.theme_dark),
    ];
    view! {
        <div class="stack">
            <ChoiceField label=words.language choices=languages value=lang />
            <ChoiceField label=words.theme choices=themes value=theme />
        </div>
    }
}
