//! Keys of the server: what it serves, from where, to whom.

use std::time::Duration;

use super::Key;
use crate::config::cors::CorsConfig;
use crate::config::database::DatabaseUrl;
use crate::config::secret::MASK;
use crate::config::values::{self, Accepts};
use crate::config::{LogFormat, Networks};

/// The keys.
pub(super) static KEYS: &[Key] = &[
    Key {
        name: "data",
        env: "COPYDESK_DATA",
        flag: Some("--data"),
        doc: "The folder that holds what must be kept: the SQLite database, media and signing keys. Made when missing. \
              A relative path starts at the working directory.",
        accepts: Accepts::Text("the path of a folder"),
        mask: None,
        set: |c, text, _| values::path(text).map(|path| c.data = path),
        show: |c| c.data.display().to_string(),
    },
    Key {
        name: "listen",
        env: "COPYDESK_LISTEN",
        flag: Some("--listen"),
        doc: "Where HTTP is served. Port 0 takes a free one.",
        accepts: Accepts::Text("an IP address and a port, such as `127.0.0.1:8080` or `[::1]:8080`"),
        mask: None,
        set: |c, text, _| {
            c.listen = text.parse().or(Err("it is not an address and a port"))?;
            Ok(())
        },
        show: |c| c.listen.to_string(),
    },
    Key {
        name: "database.url",
        env: "DATABASE_URL",
        flag: Some("--database-url"),
        doc: "The database. Unless set, the file `copydesk.sqlite` in the data folder. A password in it is never shown.",
        accepts: Accepts::Text(DatabaseUrl::ACCEPTS),
        mask: Some(DatabaseUrl::masked),
        set: |c, text, _| {
            c.database.url = DatabaseUrl::parse(text)?;
            Ok(())
        },
        show: |c| c.database.url.to_string(),
    },
    Key {
        name: "database.connections",
        env: "COPYDESK_DATABASE_CONNECTIONS",
        flag: None,
        doc: "Connections to the database, and as many threads that wait for it: what reads on SQLite, where one writer is added, and the \
              whole pool on PostgreSQL. 0 is two for each core and at least 4 on SQLite, and 8 on PostgreSQL. On SQLite half of them are for \
              readers alone, where there are several.",
        accepts: Accepts::Number(0, 500),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.database.connections = n),
        show: |c| c.database.connections.to_string(),
    },
    Key {
        name: "database.busy_timeout_ms",
        env: "COPYDESK_DATABASE_BUSY_TIMEOUT_MS",
        flag: None,
        doc: "How long a request waits for its turn to ask the database, or for a lock that another holds, in milliseconds; then it is answered 503.",
        accepts: Accepts::Number(1, 600_000),
        mask: None,
        set: |c, text, accepts| {
            accepts
                .number(text)
                .map(|ms| c.database.busy_timeout = Duration::from_millis(ms))
        },
        show: |c| c.database.busy_timeout.as_millis().to_string(),
    },
    Key {
        name: "site.name",
        env: "COPYDESK_SITE_NAME",
        flag: None,
        doc: "The name of the publication, as readers know it.",
        accepts: Accepts::Text("a line of 1 to 200 characters"),
        mask: None,
        set: |c, text, _| values::line(text).map(|name| c.site.name = name),
        show: |c| c.site.name.clone(),
    },
    Key {
        name: "site.url",
        env: "COPYDESK_SITE_URL",
        flag: None,
        doc: "The public address of the site, where the pages of articles are found. Canonical URLs begin with it. `copydesk demo` takes its own address unless told otherwise.",
        accepts: Accepts::Text("an http or https address without a user, `?` or `#`, such as `https://news.example`"),
        mask: Some(values::masked_login),
        set: |c, text, _| values::site_url(text).map(|url| c.site.url = url),
        show: |c| c.site.url.clone(),
    },
    Key {
        name: "site.locale",
        env: "COPYDESK_SITE_LOCALE",
        flag: None,
        doc: "The language of articles that name none.",
        accepts: Accepts::Text("a language tag (BCP 47), such as `en` or `pt-BR`"),
        mask: None,
        set: |c, text, _| values::locale(text).map(|tag| c.site.locale = tag),
        show: |c| c.site.locale.clone(),
    },
    Key {
        name: "site.permalink",
        env: "COPYDESK_SITE_PERMALINK",
        flag: None,
        doc: "The path of an article's page on the site. It ends with the short id, which finds the article whatever became \
              of its slug.",
        accepts: Accepts::Text(
            "a path that begins with `/`, ends with `{short_id}`, and may hold `{year}`, `{month}`, `{day}`, `{slug}`, \
             `{section}` and `{locale}`",
        ),
        mask: None,
        set: |c, text, _| values::permalink(text).map(|path| c.site.permalink = path),
        show: |c| c.site.permalink.clone(),
    },
    Key {
        name: "auth.issuer",
        env: "COPYDESK_AUTH_ISSUER",
        flag: None,
        doc: "The issuer (`iss`) that access tokens carry and must carry.",
        accepts: Accepts::Text("a line of 1 to 200 characters"),
        mask: None,
        set: |c, text, _| values::line(text).map(|issuer| c.auth.issuer = issuer),
        show: |c| c.auth.issuer.clone(),
    },
    Key {
        name: "auth.audience",
        env: "COPYDESK_AUTH_AUDIENCE",
        flag: None,
        doc: "The audience (`aud`) that access tokens carry and must carry.",
        accepts: Accepts::Text("a line of 1 to 200 characters"),
        mask: None,
        set: |c, text, _| values::line(text).map(|audience| c.auth.audience = audience),
        show: |c| c.auth.audience.clone(),
    },
    Key {
        name: "auth.access_token_seconds",
        env: "COPYDESK_AUTH_ACCESS_TOKEN_SECONDS",
        flag: None,
        doc: "How long an access token is good for, in seconds.",
        accepts: Accepts::Number(60, 3600),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.auth.access_token_seconds = n),
        show: |c| c.auth.access_token_seconds.to_string(),
    },
    Key {
        name: "auth.session_idle_seconds",
        env: "COPYDESK_AUTH_SESSION_IDLE_SECONDS",
        flag: None,
        doc: "How long a login lasts that nobody prolongs with its refresh token, in seconds; at most `auth.session_seconds`.",
        accepts: Accepts::Number(300, 2_592_000),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.auth.session_idle_seconds = n),
        show: |c| c.auth.session_idle_seconds.to_string(),
    },
    Key {
        name: "auth.session_seconds",
        env: "COPYDESK_AUTH_SESSION_SECONDS",
        flag: None,
        doc: "How long a login lasts at most, however often it is prolonged, in seconds. Logins that there are keep their end.",
        accepts: Accepts::Number(300, 2_592_000),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.auth.session_seconds = n),
        show: |c| c.auth.session_seconds.to_string(),
    },
    Key {
        name: "auth.signing_key",
        env: "COPYDESK_AUTH_SIGNING_KEY",
        flag: None,
        doc: "The key that signs access tokens. Unless set, keys are made and kept in the data folder; nodes that do not \
              share that folder need the same key here.",
        accepts: Accepts::Text("an Ed25519 private key as PKCS#8 PEM, with its line breaks"),
        mask: Some(|_| MASK.to_owned()),
        set: |c, text, _| values::private_key(text).map(|key| c.auth.signing_key = Some(key)),
        show: |c| c.auth.signing_key.as_ref().map(ToString::to_string).unwrap_or_default(),
    },
    Key {
        name: "http.workers",
        env: "COPYDESK_HTTP_WORKERS",
        flag: None,
        doc: "Threads that serve HTTP; 0 is one for each core.",
        accepts: Accepts::Number(0, 1024),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.http.workers = n),
        show: |c| c.http.workers.to_string(),
    },
    Key {
        name: "http.max_at_work",
        env: "COPYDESK_HTTP_MAX_AT_WORK",
        flag: None,
        doc: "Requests that are worked on at once; more are answered 503. Answers that are kept ready, and what asks after health, are \
              not among them, nor is a request while its body is coming.",
        accepts: Accepts::Number(1, 100_000),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.http.max_at_work = n),
        show: |c| c.http.max_at_work.to_string(),
    },
    Key {
        name: "http.max_json_bytes",
        env: "COPYDESK_HTTP_MAX_JSON_BYTES",
        flag: None,
        doc: "Largest JSON body, in bytes. A larger one is answered 413.",
        accepts: Accepts::Number(1024, 67_108_864),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.http.max_json_bytes = n),
        show: |c| c.http.max_json_bytes.to_string(),
    },
    Key {
        name: "http.shutdown_seconds",
        env: "COPYDESK_HTTP_SHUTDOWN_SECONDS",
        flag: None,
        doc: "How long a stopping server waits for answers on their way, in seconds.",
        accepts: Accepts::Number(0, 3600),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.http.shutdown_seconds = n),
        show: |c| c.http.shutdown_seconds.to_string(),
    },
    Key {
        name: "http.handler_seconds",
        env: "COPYDESK_HTTP_HANDLER_SECONDS",
        flag: None,
        doc: "How long one request may take once it has arrived, in seconds.",
        accepts: Accepts::Number(1, 3600),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.http.handler_seconds = n),
        show: |c| c.http.handler_seconds.to_string(),
    },
    Key {
        name: "http.batch_ms",
        env: "COPYDESK_HTTP_BATCH_MS",
        flag: None,
        doc: "How long, in milliseconds, the operations of an atomic batch may keep others from writing; one that takes longer is undone.",
        accepts: Accepts::Number(100, 10_000),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.http.batch_ms = n),
        show: |c| c.http.batch_ms.to_string(),
    },
    Key {
        name: "http.head_seconds",
        env: "COPYDESK_HTTP_HEAD_SECONDS",
        flag: None,
        doc: "How long a client may take to send the head of a request, in seconds.",
        accepts: Accepts::Number(1, 600),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.http.head_seconds = n),
        show: |c| c.http.head_seconds.to_string(),
    },
    Key {
        name: "http.body_idle_seconds",
        env: "COPYDESK_HTTP_BODY_IDLE_SECONDS",
        flag: None,
        doc: "How long a client may pause while it sends a body, in seconds.",
        accepts: Accepts::Number(1, 600),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.http.body_idle_seconds = n),
        show: |c| c.http.body_idle_seconds.to_string(),
    },
    Key {
        name: "http.answer_idle_seconds",
        env: "COPYDESK_HTTP_ANSWER_IDLE_SECONDS",
        flag: None,
        doc: "How long a client may take nothing of an answer that waits for it, in seconds; one that takes less than 1 KiB a second after \
              that is hung up on, too.",
        accepts: Accepts::Number(1, 600),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.http.answer_idle_seconds = n),
        show: |c| c.http.answer_idle_seconds.to_string(),
    },
    Key {
        name: "http.tls_cert",
        env: "COPYDESK_HTTP_TLS_CERT",
        flag: Some("--tls-cert"),
        doc: "The certificate for https, with those that lead to a known one; unless set, http is served. The file is read anew when it \
              changes: each minute, and on SIGHUP.",
        accepts: Accepts::Text("the path of a PEM file"),
        mask: None,
        set: |c, text, _| values::path(text).map(|path| c.http.tls_cert = Some(path)),
        show: |c| values::shown(c.http.tls_cert.as_ref()),
    },
    Key {
        name: "http.tls_key",
        env: "COPYDESK_HTTP_TLS_KEY",
        flag: Some("--tls-key"),
        doc: "The key of `http.tls_cert`: both are set, or neither. It is read anew with it. Nobody but the server should be able to read it.",
        accepts: Accepts::Text("the path of a PEM file"),
        mask: None,
        set: |c, text, _| values::path(text).map(|path| c.http.tls_key = Some(path)),
        show: |c| values::shown(c.http.tls_key.as_ref()),
    },
    Key {
        name: "http.cors_origins",
        env: "COPYDESK_HTTP_CORS_ORIGINS",
        flag: None,
        doc: "Pages of which other sites a browser lets call the API. An origin that is named may use all of it, with a token. \
              `*` lets pages of any site read what anyone may read, and nothing else; without it only those that are named can. \
              Cookies are never used, and never let in.",
        accepts: Accepts::Text(CorsConfig::ACCEPTS),
        mask: None,
        set: |c, text, _| CorsConfig::parse(text).map(|cors| c.http.cors = cors),
        show: |c| c.http.cors.to_string(),
    },
    Key {
        name: "http.trusted_proxies",
        env: "COPYDESK_HTTP_TRUSTED_PROXIES",
        flag: None,
        doc: "Proxies that stand in front of the server. Of a request that comes from one of them the address and the protocol are those \
              that it tells in `Forwarded`, or in `X-Forwarded-For` and `X-Forwarded-Proto`; of any other, those headers are not \
              read. A proxy that sets the one must remove the other.",
        accepts: Accepts::Text(Networks::ACCEPTS),
        mask: None,
        set: |c, text, _| Networks::parse(text).map(|all| c.http.trusted_proxies = all),
        show: |c| c.http.trusted_proxies.to_string(),
    },
    Key {
        name: "log.format",
        env: "COPYDESK_LOG_FORMAT",
        flag: Some("--log-format"),
        doc: "How log lines look. `auto` is `human` on a terminal and `json`, one object a line, otherwise.",
        accepts: Accepts::Word(LogFormat::WORDS),
        mask: None,
        set: |c, text, _| {
            c.log.format = LogFormat::parse(text).ok_or("it is not one of the formats")?;
            Ok(())
        },
        show: |c| c.log.format.word().to_owned(),
    },
    Key {
        name: "log.level",
        env: "COPYDESK_LOG_LEVEL",
        flag: Some("--log-level"),
        doc: "What is logged: a level, or levels by target.",
        accepts: Accepts::Text(
            "`off`, `error`, `warn`, `info`, `debug` or `trace`, or a list such as `warn,copydesk::http=debug`",
        ),
        mask: None,
        set: |c, text, _| values::log_level(text).map(|level| c.log.level = level),
        show: |c| c.log.level.clone(),
    },
];
