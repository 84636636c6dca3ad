//! The one dictionary: every word a person reads, in Chinese and in English.
//!
//! A group per screen lives in its own file under `words/`; each line names a word once and gives it in both languages,
//! so a missing translation does not compile. A phrase with values in it is a function: `left: fn(u32) -> String = …`.
//! Local offices rename things (销号, 交办单 …): this is where.

/// Declares a group of words: a struct with one complete instance per language.
macro_rules! words {
    ($(#[$doc:meta])* $group:ident { $($(#[$note:meta])* $word:ident $(: $kind:ty)? = $zh:expr, $en:expr;)+ }) => {
        $(#[$doc])*
        pub struct $group { $($(#[$note])* pub $word: $crate::words::text!($($kind)?),)+ }

        impl $crate::words::Group for $group {
            // Not inlined: choosing the language wherever a word is read weighs more than the words.
            #[inline(never)]
            fn of(lang: $crate::words::Lang) -> &'static Self {
                static ZH: $group = $group { $($word: $zh,)+ };
                static EN: $group = $group { $($word: $en,)+ };
                match lang {
                    $crate::words::Lang::Zh => &ZH,
                    $crate::words::Lang::En => &EN,
                }
            }
        }
    };
}

/// The type of a word: plain text unless it says otherwise.
macro_rules! text {
    () => { &'static str };
    ($kind:ty) => { $kind };
}

pub(crate) use text;
pub(crate) use words;

mod account;
mod camera;
mod common;
mod errors;
mod gallery;
mod inspector;
mod issue;
mod manager;
mod outbox;
mod shell;
mod states;
mod time;
mod unit;

use std::marker::PhantomData;
use std::ops::Deref;

use crate::globals::{Globals, use_globals};

/// A language of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    /// Simplified Chinese, the first language.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The BCP 47 tag for `<html lang>` and for `Intl`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en-GB",
        }
    }

    /// The language a tag asks for; Chinese unless it is plainly English.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        if tag.starts_with("en") { Self::En } else { Self::Zh }
    }
}

/// A group of words in both languages.
pub trait Group: 'static {
    /// The words of a language.
    fn of(lang: Lang) -> &'static Self;
}

/// A group of words in one language.
///
/// It knows its language and finds the words when one is read. A table of all groups would put every screen's words into
/// the main module.
pub struct Of<G> {
    lang: Lang,
    group: PhantomData<G>,
}

impl<G> Of<G> {
    const fn new(lang: Lang) -> Self {
        Self { lang, group: PhantomData }
    }
}

impl<G: Group> Deref for Of<G> {
    type Target = G;

    fn deref(&self) -> &G {
        G::of(self.lang)
    }
}

/// All words of one language, by the screen they belong to.
pub struct Words {
    /// Which language this is.
    pub lang: Lang,
    /// Words of every screen: buttons, loading, empty, photos.
    pub common: Of<common::Common>,
    /// The page as a program on a phone.
    pub shell: Of<shell::Shell>,
    /// States of issues and orders, severities, kinds of limit, kinds of closing.
    pub states: Of<states::States>,
    /// Moments and durations.
    pub time: Of<time::Time>,
    /// What went wrong, and what to do now.
    pub errors: Of<errors::Errors>,
    /// Signing in, and the person's own settings.
    pub account: Of<account::Account>,
    /// The camera, and drawing on a photo.
    pub camera: Of<camera::Camera>,
    /// One issue, whoever looks at it.
    pub issue: Of<issue::Issue>,
    /// The inspector's first screen.
    pub home: Of<inspector::Home>,
    /// The inspector's other screens.
    pub inspector: Of<inspector::Inspector>,
    /// The unit's screens.
    pub unit: Of<unit::Unit>,
    /// The manager's screens.
    pub manager: Of<manager::Manager>,
    /// What every screen says of what is on this phone.
    pub glance: Of<outbox::Glance>,
    /// What is on this phone and not yet sent.
    pub outbox: Of<outbox::Outbox>,
    /// The gallery of components.
    pub gallery: Of<gallery::Gallery>,
}

impl Words {
    const fn new(lang: Lang) -> Self {
        Self {
            lang,
            common: Of::new(lang),
            shell: Of::new(lang),
            states: Of::new(lang),
            time: Of::new(lang),
            errors: Of::new(lang),
            account: Of::new(lang),
            camera: Of::new(lang),
            issue: Of::new(lang),
            home: Of::new(lang),
            inspector: Of::new(lang),
            unit: Of::new(lang),
            manager: Of::new(lang),
            glance: Of::new(lang),
            outbox: Of::new(lang),
            gallery: Of::new(lang),
        }
    }

    /// The words of a language.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
        static ZH: Words = Words::new(Lang::Zh);
        static EN: Words = Words::new(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// The words of the language the page is in.
///
/// Plain text, not a signal: when the language changes the whole tree is built again (see `app::App`), so a view may
/// read a word once and forget about it.
#[must_use]
pub fn use_words() -> &'static Words {
    let Globals { lang, .. } = use_globals();
    Words::of(leptos::prelude::GetUntracked::get_untracked(&lang))
}
