//! Logins, sessions, API keys and previews.

use serde_json::{Value, json};

use super::{AGENCY_STORY, ARTICLE, EDITOR, PUBLISHED, WRITTEN, page};

const REFRESH_TOKEN: &str =
    "cdr_AZxj8FoZc6qlLnyNngsaL2tleSBvZiB0aGUgaGFyYm91ciBtYXN0ZXIncyBsb2dib29rcytTZWFsZWQgYnkgdXM";

const API_KEY: &str = "cdk_AZxj8FoQfD6LHworPE1eb0tlcHQgYnkgdGhlIGhhcmJvdXIgbWFzdGVyOiBub2IhMjK8";

pub(super) fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "LoginIn" => json!({"email": "editor@newsroom.example", "password": "correct horse battery staple"}),
        "RefreshIn" => json!({ "refresh_token": REFRESH_TOKEN }),
        "TokenPair" => json!({
            "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl",
            "token_type": "Bearer",
            "expires_in": 900,
            "refresh_token": REFRESH_TOKEN,
            "refresh_expires_in": 28800,
        }),
        "PasswordIn" => json!({
            "current_password": "correct horse battery staple",
            "new_password": "kestrels over the strait",
        }),
        "ResetCodeIn" => json!({"email": "editor@newsroom.example"}),
        "ResetCode" => json!({"code": "7GK2M-9QX0T-4BVN8-R3HCE", "expires_at": "2026-02-16T10:12:00.000Z"}),
        "ResetIn" => json!({
            "email": "editor@newsroom.example",
            "code": "7GK2M-9QX0T-4BVN8-R3HCE",
            "new_password": "kestrels over the strait",
        }),
        "CurrentPasswordIn" => json!({"current_password": "correct horse battery staple"}),
        "Totp" => json!({"enabled": true, "enabled_at": WRITTEN, "recovery_codes_left": 9}),
        "NewTotp" => json!({
            "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            "uri": "otpauth://totp/Strait%20Post:editor%40newsroom.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Strait%20Post",
        }),
        "TotpCodeIn" => json!({"code": "287082"}),
        "RecoveryCodes" => json!({"recovery_codes": vec!["7GK2M-9QX0T-4BVN8-R3HCE"; 10]}),
        "SessionPage" => page(&session()),
        _ => return None,
    })
}

fn session() -> Value {
    json!({
        "id": AGENCY_STORY,
        "created_at": WRITTEN,
        "last_used_at": PUBLISHED,
        "expires_at": "2026-02-16T21:12:00.000Z",
        "address": "192.0.2.7",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "current": true,
    })
}

pub(super) fn api_key(schema: &str) -> Option<Value> {
    let key = |last_used_at: Option<&str>| {
        json!({
            "id": AGENCY_STORY,
            "user_id": EDITOR,
            "name": "Election results desk",
            "scopes": ["articles:read", "articles:write"],
            "created_at": WRITTEN,
            "expires_at": "2027-02-16T00:00:00.000Z",
            "last_used_at": last_used_at,
            "revoked_at": null,
        })
    };
    Some(match schema {
        "ApiKeyIn" => json!({
            "name": "Election results desk",
            "scopes": ["articles:write"],
            "expires_at": "2027-02-16T00:00:00.000Z",
        }),
        "ApiKey" => key(Some(PUBLISHED)),
        "NewApiKey" => {
            let mut new = key(None);
            let about = new.as_object_mut()?;
            about.insert("key".to_owned(), json!(API_KEY));
            new
        }
        "ApiKeyPage" => page(&key(Some(PUBLISHED))),
        _ => return None,
    })
}

pub(super) fn preview(schema: &str) -> Option<Value> {
    let preview = json!({
        "id": ARTICLE,
        "token": "cdp_AZxj8FoQfD6LHworPE1eb1NlZW4gYnkgdGhlIGhhcmJvdXIgbWFzdGVyIGFsb25l",
        "revision": null,
        "created_at": WRITTEN,
        "created_by": EDITOR,
        "expires_at": "2026-02-23T09:12:00.000Z",
    });
    Some(match schema {
        "PreviewTokenIn" => json!({"revision": null, "expires_in": 86400}),
        "PreviewToken" => preview,
        "PreviewTokenPage" => page(&preview),
        _ => return None,
    })
}
