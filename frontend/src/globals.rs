//! What the whole page shares: language, theme, announcements and toasts, in one context.

use leptos::prelude::*;

use crate::components::toast::Toast;
use crate::words::Lang;

const LANG_KEY: &str = "spotfix.lang";
const THEME_KEY: &str = "spotfix.theme";

/// What the person wants the page to look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// As the system says, also when it changes.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme` and of the stored choice.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name; the system's for any other.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// What the whole page shares.
#[derive(Clone, Copy)]
pub struct Globals {
    /// The language; setting it rebuilds the page in it.
    pub lang: RwSignal<Lang>,
    /// The person's choice of theme.
    pub theme: RwSignal<Theme>,
    /// What a screen reader hears next; set by [`Globals::announce`].
    pub announcement: RwSignal<String>,
    /// Short confirmations on show; added by [`Globals::toast`].
    pub toasts: RwSignal<Vec<Toast>>,
}

impl Globals {
    /// Reads the stored choices, keeps them up to date, and puts the globals into context.
    pub fn provide() -> Self {
        let lang = stored(LANG_KEY).or_else(browser_language).map_or(Lang::Zh, |tag| Lang::of_tag(&tag));
        let theme = stored(THEME_KEY).map_or(Theme::System, |name| Theme::named(&name));
        let globals = Self {
            lang: RwSignal::new(lang),
            theme: RwSignal::new(theme),
            announcement: RwSignal::new(String::new()),
            toasts: RwSignal::new(Vec::new()),
        };
        provide_context(globals);
        globals.follow_language();
        globals.follow_theme();
        globals
    }

    /// Says something to a screen reader that sighted people see by themselves ("已载入 20 条").
    pub fn announce(&self, text: impl Into<String>) {
        self.announcement.set(text.into());
    }

    fn follow_language(self) {
        Effect::new(move |before: Option<Lang>| {
            let lang = self.lang.get();
            if let Some(root) = document().document_element() {
                // An attribute of our own element cannot be refused.
                let _ = root.set_attribute("lang", lang.tag());
            }
            if before.is_some_and(|before| before != lang) {
                store(LANG_KEY, lang.tag());
            }
            lang
        });
    }

    fn follow_theme(self) {
        let system_is_dark = RwSignal::new(prefers_dark().is_some_and(|query| query.matches()));
        if let Some(query) = prefers_dark() {
            let heard = query.clone();
            let listener = wasm_bindgen::closure::Closure::<dyn FnMut()>::new(move || {
                system_is_dark.set(heard.matches());
            });
            query.set_onchange(Some(wasm_bindgen::JsCast::unchecked_ref(listener.as_ref())));
            // The page listens for as long as it lives.
            listener.forget();
        }
        Effect::new(move |before: Option<Theme>| {
            let theme = self.theme.get();
            let dark = match theme {
                Theme::System => system_is_dark.get(),
                Theme::Light => false,
                Theme::Dark => true,
            };
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-theme", theme.name());
                let _ = root.class_list().toggle_with_force("dark", dark);
            }
            if before.is_some_and(|before| before != theme) {
                store(THEME_KEY, theme.name());
            }
            theme
        });
    }
}

/// The globals of this page.
#[must_use]
pub fn use_globals() -> Globals {
    expect_context::<Globals>()
}

fn prefers_dark() -> Option<web_sys::MediaQueryList> {
    window().match_media("(prefers-color-scheme: dark)").ok().flatten()
}

fn browser_language() -> Option<String> {
    window().navigator().language()
}

/// What is stored under a name; a browser that forbids storage has nothing.
pub(crate) fn stored(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Stores something small under a name.
pub(crate) fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // Full or forbidden: the choice then lasts for this visit only.
        let _ = storage.set_item(key, value);
    }
}

/// Forgets what is stored under a name.
pub(crate) fn remove(key: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // Forbidden: then nothing is there.
        let _ = storage.remove_item(key);
    }
}
