//! The page that lists every key, made from the table.

use std::fmt::Write as _;

use super::Config;
use super::keys::{KEYS, Key};

const HEAD: &str = "\
# Configuration

<!-- Made by `copydesk docs config`; change src/config/keys.rs and make it again. -->

Copydesk starts without any configuration. What is set is read from four places, and what comes later wins:

1. the defaults below;
2. a TOML file: the one that `--config` or `COPYDESK_CONFIG` names, or else `copydesk.toml` in the working directory if
   it is there;
3. environment variables; an empty one counts as not set;
4. flags.

A key or a `COPYDESK_…` variable that is not listed here is refused, and so is every value that is not accepted, even one
that a later source replaces. All problems are reported at once. Three kinds of variables are left alone: `COPYDESK_SAMPLES`,
those that begin with `COPYDESK_TEST_`, and those that Kubernetes and Docker set for a service whose name begins with
`copydesk` (such as `COPYDESK_SERVICE_HOST` and `COPYDESK_PORT`).

`copydesk config` prints what is in force and where each value came from, secrets masked.

```toml
listen = \"0.0.0.0:8080\"

[site]
name = \"The Daily Example\"
url = \"https://news.example\"
```
";

/// The reference of all keys in Markdown, for `docs/CONFIG.md`.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    let defaults = Config::default();
    let mut section = None;
    for key in KEYS.iter() {
        let of_key = key.name.split_once('.').map_or("general", |(section, _)| section);
        if section != Some(of_key) {
            section = Some(of_key);
            page.extend(["\n## ", of_key, "\n"]);
        }
        describe(&mut page, key, &defaults);
    }
    page
}

fn describe(page: &mut String, key: &Key, defaults: &Config) {
    let default = (key.show)(defaults);
    let default = if default.is_empty() {
        "none".to_owned()
    } else {
        format!("`{default}`")
    };
    let flag = key.flag.map(|flag| format!(", flag `{flag}`")).unwrap_or_default();
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "\n### `{}`\n\n{}\n\n- Set by: `{}`{flag}\n- Default: {default}\n- Accepted: {}\n",
        key.name, key.doc, key.env, key.accepts,
    );
}
