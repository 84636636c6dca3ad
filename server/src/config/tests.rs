//! Every key at both ends of what it may be and beyond, as a flag and in a file.

use super::*;

/// The settings, or the whole line that `spotfix` would say.
fn load(flags: &Flags, file: &str) -> Result<Settings, String> {
    parse(file).and_then(|file| Settings::merge(flags, &file)).map_err(|error| format!("{error:#}"))
}

fn from_file(key: &str, value: &str) -> Result<Settings, String> {
    load(&Flags::default(), &format!("{key} = {value}\n"))
}

/// As from a flag or a variable, both of which arrive as text.
fn from_text(key: &str, value: &str) -> Result<Settings, String> {
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        flags: Flags,
    }
    let flag = format!("--{}={value}", key.replace('_', "-"));
    let line: Line =
        clap::Parser::try_parse_from(["spotfix", flag.as_str()]).map_err(|error| error.to_string())?;
    load(&line.flags, "")
}

/// A number, found by its key.
fn number(settings: &Settings, key: &str) -> u64 {
    let Settings { request_timeout_s, shutdown_timeout_s, connections_max, .. } = *settings;
    match key {
        "request_timeout_s" => request_timeout_s,
        "shutdown_timeout_s" => shutdown_timeout_s,
        "connections_max" => connections_max,
        "photos_per_day" => settings.photos_per_day,
        "photo_bytes_per_day" => settings.photo_bytes_per_day,
        "session_idle_days" => settings.session_idle_days,
        "session_max_days" => settings.session_max_days,
        _ => panic!("{key} is a number without a test"),
    }
}

#[test]
fn a_number_is_taken_to_both_ends_of_its_range_and_no_further() {
    let ranges = ranges();
    assert_eq!(ranges.len(), 7);
    for (key, range) in ranges {
        let (least, most) = (*range.start(), *range.end());
        for value in [least, least + 1, most - 1, most] {
            let text = value.to_string();
            for read in [from_text(key, &text), from_file(key, &text)] {
                assert_eq!(number(&read.expect("in its range"), key), value, "{key}");
            }
        }
        let below = least.checked_sub(1).map(|value| value.to_string());
        let beyond = [(most + 1).to_string(), u64::MAX.to_string(), "99999999999999999999999".to_owned()];
        let no_numbers = ["-1", "1.5", "1e3", "+60", "", "60s", "六十", "0x10"].map(str::to_owned);
        let bounds = format!("{key} must be a whole number from {least} to {most}, not ");
        for value in below.into_iter().chain(beyond).chain(no_numbers) {
            let refused = from_text(key, &value).expect_err(&value);
            assert_eq!(refused, format!("{bounds}\"{value}\""));
        }
        for value in
            [(most + 1).to_string().as_str(), "99999999999999999999999", "-1", "1.5", "true", "[60]", "nan"]
        {
            let refused = from_file(key, value).expect_err(value);
            assert_eq!(refused, format!("{bounds}\"{value}\""));
        }
        assert_eq!(from_file(key, "\"60\"").expect_err("text"), format!("{bounds}\"60\""));
    }
}

#[test]
fn the_description_and_the_readme_tell_every_range() {
    let described = describe();
    let readmes = [include_str!("../../../README.md"), include_str!("../../../README.zh-CN.md")];
    for (key, range) in ranges() {
        let (least, most) = (range.start(), range.end());
        let at = described.find(&format!("\n{key} = ")).expect("described");
        let meaning = described[..at].rsplit("\n\n").next().expect("a meaning");
        assert!(meaning.contains(&format!("{least} to {most}")), "{key}: {meaning}");
        let default = number(&Settings::default(), key);
        for readme in readmes {
            let line = readme.lines().find(|line| line.starts_with(&format!("| `{key}` |"))).expect(key);
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let (range, default) = (format!("{least}–{most}"), default.to_string());
            assert_eq!(cells[3..5], [range.as_str(), default.as_str()], "{line}");
        }
    }
}

/// The value that is used, for the keys that are text.
fn used(settings: &Settings, key: &str) -> String {
    match key {
        "database_url" => settings.database_url.clone(),
        "photos" => settings.photos.clone(),
        "listen" => settings.listen.to_string(),
        "public_url" => settings.public_url.clone(),
        "trusted_proxies" => settings.trusted_proxies.to_texts().join(","),
        "log_format" => settings.log_format.to_toml().to_string(),
        "log_level" => settings.log_level.clone(),
        _ => panic!("{key} is a text without a test"),
    }
}

/// A key, what is given, and what is used for it.
const TAKEN: &[(&str, &str, &str)] = &[
    ("database_url", "sqlite:x.db", "sqlite:x.db"),
    ("database_url", "sqlite:///var/lib/x.db", "sqlite:///var/lib/x.db"),
    ("database_url", "postgres://a:b@localhost/c", "postgres://a:b@localhost/c"),
    ("database_url", "postgresql://localhost", "postgresql://localhost"),
    ("photos", "/var/lib/照片", "/var/lib/照片"),
    ("listen", "0.0.0.0:65535", "0.0.0.0:65535"),
    ("listen", "[::1]:0", "[::1]:0"),
    ("public_url", "", ""),
    ("public_url", "http://localhost:8080", "http://localhost:8080"),
    ("public_url", "https://spotfix.example.cn/", "https://spotfix.example.cn"),
    ("public_url", "HTTPS://Spotfix.Example.CN:443", "https://spotfix.example.cn"),
    ("public_url", "https://[::1]:8443", "https://[::1]:8443"),
    ("trusted_proxies", "", ""),
    ("trusted_proxies", "127.0.0.1, 10.0.0.0/8", "127.0.0.1/32,10.0.0.0/8"),
    ("log_format", "text", "\"text\""),
    ("log_format", "json", "\"json\""),
    ("log_level", "off", "off"),
    ("log_level", "TRACE", "TRACE"),
    ("log_level", "info, sqlx=warn", "info,sqlx=warn"),
    ("log_level", "server::photo=off,debug", "server::photo=off,debug"),
    ("log_level", "info,server[request{route}]=debug", "info,server[request{route}]=debug"),
];

/// A key, what is given, and what the refusal says of it after the key.
const REFUSED: &[(&str, &str, &str)] = &[
    ("database_url", "", "must begin with sqlite: or postgres:"),
    ("database_url", "mysql://root:hunter42@db/x", "must begin with sqlite: or postgres:"),
    ("database_url", "sqlite:", "must be sqlite: and the path of a file"),
    ("database_url", "sqlite:/", "must be sqlite: and the path of a file"),
    ("database_url", "sqlite::memory:", "must name a file: "),
    ("database_url", "postgres://a:hunter42@[::1/x", "must be postgres://USER:PASSWORD@HOST/NAME"),
    ("database_url", "postgres://a:hunter42@localhost:99999/x", "must be postgres://USER:PASSWORD@HOST/NAME"),
    ("photos", "", "must be a path of 1 to 4095 bytes without control characters, not \"\""),
    ("photos", "a\nb", "must be a path of 1 to 4095 bytes without control characters, not \"a\\nb\""),
    ("photos", "/proc/self/stat", "must be a folder, and \"/proc/self/stat\" is a file"),
    ("listen", "8080", "must be an address and a port such as 127.0.0.1:8080, not \"8080\""),
    (
        "listen",
        "127.0.0.1:65536",
        "must be an address and a port such as 127.0.0.1:8080, not \"127.0.0.1:65536\"",
    ),
    (
        "listen",
        "localhost:8080",
        "must be an address and a port such as 127.0.0.1:8080, not \"localhost:8080\"",
    ),
    (
        "public_url",
        "spotfix.example.cn",
        "must be https:// or http:// with a host, not \"spotfix.example.cn\"",
    ),
    ("public_url", "ftp://x.cn", "must be https:// or http:// with a host, not \"ftp://x.cn\""),
    ("public_url", "https://", "must be https:// or http:// with a host, not \"https://\""),
    ("public_url", "https:///x.cn", "must be https:// or http:// with a host, not \"https:///x.cn\""),
    ("public_url", "https://x.cn:0", "must be https:// or http:// with a host, not \"https://x.cn:0\""),
    (
        "public_url",
        "https://x.cn:70000",
        "must be https:// or http:// with a host, not \"https://x.cn:70000\"",
    ),
    ("public_url", "https://x.cn ", "must be https:// or http:// with a host, not \"https://x.cn \""),
    (
        "public_url",
        "https://x.cn\\spotfix",
        "must be https:// or http:// with a host, not \"https://x.cn\\\\spotfix\"",
    ),
    ("public_url", "https://a:hunter42@x.cn/b", "must name a host alone, without a user or a password"),
    ("public_url", "https://x.cn?a=b", "must end after the host, without ? and #, not \"https://x.cn?a=b\""),
    ("public_url", "https://x.cn/#", "must end after the host, without ? and #, not \"https://x.cn/#\""),
    (
        "public_url",
        "https://x.cn/spotfix",
        "must have no path: Spotfix is served at the root of a host, never below a path, not \"https://x.cn/spotfix\"",
    ),
    (
        "trusted_proxies",
        "proxy.example.cn",
        "must list addresses and networks such as [\"127.0.0.1\", \"10.0.0.0/8\"]: ",
    ),
    (
        "trusted_proxies",
        "10.0.0.0/33",
        "must list addresses and networks such as [\"127.0.0.1\", \"10.0.0.0/8\"]: ",
    ),
    ("log_format", "xml", "must be text or json, not \"xml\""),
    ("log_format", "JSON", "must be text or json, not \"JSON\""),
    ("log_level", "", LEVELS),
    ("log_level", "laut", LEVELS),
    ("log_level", "inf", LEVELS),
    ("log_level", "3", LEVELS),
    ("log_level", "info,", LEVELS),
    ("log_level", "info,warn", LEVELS),
    ("log_level", "sqlx=warn", LEVELS),
    ("log_level", "info,sqlx", LEVELS),
    ("log_level", "info,sqlx=laut", LEVELS),
    ("log_level", "info,=warn", LEVELS),
    ("log_level", "info,server[=warn", LEVELS),
];

const LEVELS: &str = "must be one of off, error, warn, info, debug and trace, which others per module may follow as in info,sqlx=warn, not ";

/// The values of TOML for a text, whichever the key asks for.
fn in_toml(key: &str, text: &str) -> String {
    let texts: Vec<&str> = text.split(',').filter(|text| !text.is_empty()).collect();
    let value = if key == "trusted_proxies" { toml::Value::from(texts) } else { toml::Value::from(text) };
    value.to_string()
}

#[test]
fn a_text_is_taken_where_it_says_something_and_refused_in_one_line() {
    for (key, value, meant) in TAKEN {
        for read in [from_text(key, value), from_file(key, &in_toml(key, value))] {
            assert_eq!(used(&read.expect(value), key), *meant, "{key}");
        }
    }
    for (key, value, fault) in REFUSED {
        for read in [from_text(key, value), from_file(key, &in_toml(key, value))] {
            let refused = read.expect_err(value);
            assert!(refused.starts_with(&format!("{key} {fault}")), "{refused}");
            assert!(refused.lines().count() == 1 && !refused.contains("hunter42"), "{refused}");
        }
    }
    // Every key is a number or stands in both tables, and takes nothing of another kind.
    let numbers: Vec<&str> = ranges().into_iter().map(|(key, _)| key).collect();
    for key in KEYS.iter().filter(|key| !numbers.contains(key)) {
        assert!(TAKEN.iter().any(|(it, ..)| it == key) && REFUSED.iter().any(|(it, ..)| it == key), "{key}");
        let refused = from_file(key, "7").expect_err("a number");
        assert!(refused.starts_with(&format!("{key} must ")), "{refused}");
    }
}

#[test]
fn a_long_value_is_shown_cut_off() {
    let refused = from_text("listen", &"长".repeat(5000)).expect_err("no address");
    assert!(refused.chars().count() < 200 && refused.ends_with("长\"…"), "{refused}");
}

#[test]
fn a_session_lasts_no_shorter_than_it_may_lie_idle() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("spotfix.toml");
    let load = |text: &str| {
        std::fs::write(&path, text).expect("written");
        Settings::load(Flags { config: Some(path.clone()), ..Flags::default() })
            .map_err(|error| format!("{error:#}"))
    };
    assert!(load("session_idle_days = 3650\nsession_max_days = 3650").is_ok());
    assert_eq!(
        load("session_max_days = 13").expect_err("shorter"),
        "session_max_days must be at least session_idle_days, which is 14, not 13"
    );
    let named = load("listen = \"here\"").expect_err("no address");
    assert!(
        named.starts_with("configuration file ") && named.contains("spotfix.toml: listen must be "),
        "{named}"
    );
}

#[test]
fn flags_win_over_the_file_and_the_file_over_defaults() {
    let flags = Flags { request_timeout_s: Some("5".to_owned()), ..Flags::default() };
    let settings = load(&flags, "request_timeout_s = 6\nsession_idle_days = 7").expect("sound");
    assert_eq!(
        (settings.request_timeout_s, settings.session_idle_days, settings.session_max_days),
        (5, 7, 90)
    );
}

#[test]
fn the_description_is_a_file_that_says_the_defaults() {
    let settings = load(&Flags::default(), &describe()).expect("what is printed can be read");
    assert_eq!(format!("{settings:?}"), format!("{:?}", Settings::default()));
}

#[test]
fn what_is_no_toml_is_told_by_its_line_without_its_text() {
    let refused = parse("log_level = \"info\"\ndatabase_url = \"postgres://a:hunter42@db\nphotos = 1")
        .expect_err("cut");
    let refused = format!("{refused:#}");
    assert!(refused.starts_with("line 2: ") && !refused.contains("hunter42"), "{refused}");
}

#[test]
fn a_password_in_a_list_or_a_table_is_not_told() {
    for key in ["database_url", "public_url"] {
        for value in ["[\"postgres://a:hunter42@db\"]", "{ url = \"postgres://a:hunter42@db\" }"] {
            let refused = from_file(key, value).expect_err(value);
            assert_eq!(refused, format!("{key} must be text, not a list or a table"));
        }
    }
}
