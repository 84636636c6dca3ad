//! The one dictionary: every word a person reads, in Chinese and in English.
//!
//! A group per screen lives in its own file under `words/`; each line names a word once and gives it in both languages,
//! so a missing translation does not compile. A phrase with values in it is a function: `left: fn(u32) -> String = …`.
//! Local offices rename things (销号, 交办单 …): this is where.

/// Declares a group of words: a struct and its two complete instances.
macro_rules! words {
    ($(#[$doc:meta])* $group:ident { $($(#[$note:meta])* $word:ident $(: $kind:ty)? = $zh:expr, $en:expr;)+ }) => {
        $(#[$doc])*
        pub struct $group { $($(#[$note])* pub $word: $crate::words::text!($($kind)?),)+ }

        impl $group {
            pub(super) const ZH: Self = Self { $($word: $zh,)+ };
            pub(super) const EN: Self = Self { $($word: $en,)+ };
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

/// All words of one language, by the screen they belong to.
pub struct Words {
    /// Which language this is.
    pub lang: Lang,
    /// Words of every screen: buttons, loading, empty, photos.
    pub common: common::Common,
    /// The page as a program on a phone.
    pub shell: shell::Shell,
    /// States of issues and orders, severities, kinds of limit, kinds of closing.
    pub states: states::States,
    /// Moments and durations.
    pub time: time::Time,
    /// What went wrong, and what to do now.
    pub errors: errors::Errors,
    /// Signing in, and the person's own settings.
    pub account: account::Account,
    /// The camera, and drawing on a photo.
    pub camera: camera::Camera,
    /// One issue, whoever looks at it.
    pub issue: issue::Issue,
    /// The inspector's screens.
    pub inspector: inspector::Inspector,
    /// The unit's screens.
    pub unit: unit::Unit,
    /// The manager's screens.
    pub manager: manager::Manager,
    /// What is on this phone and not yet sent.
    pub outbox: outbox::Outbox,
    /// The gallery of components.
    pub gallery: gallery::Gallery,
}

static ZH: Words = Words {
    lang: Lang::Zh,
    common: common::Common::ZH,
    shell: shell::Shell::ZH,
    states: states::States::ZH,
    time: time::Time::ZH,
    errors: errors::Errors::ZH,
    account: account::Account::ZH,
    camera: camera::Camera::ZH,
    issue: issue::Issue::ZH,
    inspector: inspector::Inspector::ZH,
    unit: unit::Unit::ZH,
    manager: manager::Manager::ZH,
    outbox: outbox::Outbox::ZH,
    gallery: gallery::Gallery::ZH,
};

static EN: Words = Words {
    lang: Lang::En,
    common: common::Common::EN,
    shell: shell::Shell::EN,
    states: states::States::EN,
    time: time::Time::EN,
    errors: errors::Errors::EN,
    account: account::Account::EN,
    camera: camera::Camera::EN,
    issue: issue::Issue::EN,
    inspector: inspector::Inspector::EN,
    unit: unit::Unit::EN,
    manager: manager::Manager::EN,
    outbox: outbox::Outbox::EN,
    gallery: gallery::Gallery::EN,
};

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
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
