//! Words of many languages, and the forms in which they are typed.

use super::{found, found_with, publish, search, shown, story};
use crate::support::TestApp;

#[actix_web::test]
async fn a_word_is_found_in_any_of_its_forms() {
    let app = TestApp::start().await;
    publish(&app, story(&app, "Elections", "The ferries were late.")).await;
    publish(
        &app,
        story(&app, "Élections régionales", "Les bateaux partaient.").set("locale", "fr-CA"),
    )
    .await;
    publish(
        &app,
        story(&app, "Die Wahlen", "In den Häusern wurde gewählt.").set("locale", "de"),
    )
    .await;
    for typed in ["election", "ELECTIONS", "ferry", "Ferries", "late"] {
        assert_eq!(found_with(&app, typed, "&locale=en").await, ["Elections"], "{typed}");
    }
    for typed in ["élection", "election", "régional", "bateau", "partir parti*"] {
        let expected: &[&str] = if typed.starts_with("partir") {
            &[]
        } else {
            &["Élections régionales"]
        };
        assert_eq!(found_with(&app, typed, "&locale=fr-CA").await, expected, "{typed}");
    }
    for typed in ["Haus Wahl", "häuser", "HAUSER"] {
        assert_eq!(found_with(&app, typed, "&locale=de").await, ["Die Wahlen"], "{typed}");
    }
    // Without a language it is that of the site, and words as they are written.
    assert_eq!(found(&app, "elections").await, ["Élections régionales", "Elections"]);
    assert_eq!(found(&app, "häusern").await, ["Die Wahlen"]);
    assert_eq!(found_with(&app, "häuser", "&locale=de&locale=en").await, ["Die Wahlen"]);
}

#[actix_web::test]
async fn case_and_accents_do_not_hide_a_word() {
    let app = TestApp::start().await;
    publish(
        &app,
        story(
            &app,
            "Über den Straßen: ÉTÉ à Łódź",
            "L\u{2019}été d'Aurélie, smørrebrød. U.S. and 3.5 %.",
        ),
    )
    .await;
    for typed in [
        "über",
        "UBER",
        "strassen",
        "Straßen",
        "été",
        "ete",
        "lodz",
        "Łódź",
        "aurelie",
        "d'aurélie",
        "smorrebrod",
        "us",
        "U.S.",
        "3.5",
        "e\u{301}te\u{301}",
        "Ｅｔｅ",
    ] {
        assert_eq!(found(&app, typed).await.len(), 1, "{typed}");
    }
}

#[actix_web::test]
async fn scripts_without_blanks_are_found_by_any_stretch() {
    let app = TestApp::start().await;
    publish(
        &app,
        story(&app, "東京五輪が開幕", "大洪水のあと、フェリーは再開した。").set("locale", "ja"),
    )
    .await;
    publish(&app, story(&app, "渡轮恢复航行", "港口重新开放。").set("locale", "zh")).await;
    publish(
        &app,
        story(&app, "부산항의 선거가 끝났다", "KBS뉴스는 전했다.").set("locale", "ko"),
    )
    .await;
    publish(&app, story(&app, "เรือข้ามฟากกลับมา", "ท่าเรือเปิดแล้ว").set("locale", "th")).await;
    publish(
        &app,
        story(&app, "عادت العبّارة إلى الخدمة", "قرأ الطلاب الكتاب.").set("locale", "ar"),
    )
    .await;
    for (typed, locale, headline) in [
        ("五輪", "ja", "東京五輪が開幕"),
        ("東京五輪", "ja", "東京五輪が開幕"),
        ("水", "ja", "東京五輪が開幕"),
        ("フェリー", "ja", "東京五輪が開幕"),
        ("ﾌｪﾘｰ", "ja", "東京五輪が開幕"),
        ("轮", "zh", "渡轮恢复航行"),
        ("恢复 港口", "zh", "渡轮恢复航行"),
        ("선거", "ko", "부산항의 선거가 끝났다"),
        ("부산 kbs", "ko", "부산항의 선거가 끝났다"),
        ("뉴스", "ko", "부산항의 선거가 끝났다"),
        ("ท่าเรือ", "th", "เรือข้ามฟากกลับมา"),
        ("العبارة", "ar", "عادت العبّارة إلى الخدمة"),
        ("كتاب", "ar", "عادت العبّارة إلى الخدمة"),
    ] {
        assert_eq!(
            found_with(&app, typed, &format!("&locale={locale}")).await,
            [headline],
            "{typed}"
        );
    }
    for typed in ["京東", "五東", "輪東京", "산부"] {
        assert_eq!(
            found(&app, typed).await,
            Vec::<String>::new(),
            "{typed} is not there in this order"
        );
    }
}

#[actix_web::test]
async fn phrases_beginnings_and_what_is_not_wanted() {
    let app = TestApp::start().await;
    publish(
        &app,
        story(
            &app,
            "First ferry sails",
            "The election of a harbour master. Happy crews.",
        ),
    )
    .await;
    publish(&app, story(&app, "Ferry first to sail", "Electric engines in a storm.")).await;
    for (typed, expected) in [
        ("first ferry", vec!["First ferry sails", "Ferry first to sail"]),
        ("\"first ferry\"", vec!["First ferry sails"]),
        ("\u{201c}first ferry\u{201d} harbour", vec!["First ferry sails"]),
        ("\"ferry sail\"", vec![]),
        ("\"sail\"", vec!["Ferry first to sail"]),
        ("sail", vec!["Ferry first to sail", "First ferry sails"]),
        ("elect*", vec!["Ferry first to sail", "First ferry sails"]),
        ("electi*", vec!["First ferry sails"]),
        ("ferry -storm", vec!["First ferry sails"]),
        ("ferry -elect*", vec![]),
        ("ferry -\"first to\"", vec!["First ferry sails"]),
        ("ferry -storms", vec!["First ferry sails"]),
        // The end of the headline and the beginning of the text are no neighbours, nor do stems begin a word.
        ("\"sails the\"", vec![]),
        ("happi*", vec![]),
        ("\"happi\"", vec![]),
    ] {
        let mut found = found(&app, typed).await;
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{typed}");
    }
}

#[actix_web::test]
async fn what_was_found_is_marked_in_the_text() {
    let app = TestApp::start().await;
    let long = "Nothing happened on the quay that day. ".repeat(30);
    let text = format!("{long}Two <b>ferries</b> & a tug left the harbour. {long}");
    publish(
        &app,
        story(&app, "The ferry's return", &text).set("deck", "Boats are back."),
    )
    .await;
    let reply = search(&app, "ferry boat", "").await;
    let told = &reply.items()[0]["highlights"];
    assert_eq!(shown(&told["headline"]), "The [ferry]'s return");
    assert_eq!(shown(&told["deck"]), "[Boats] are back.");
    let body = shown(&told["body"]);
    assert!(body.contains("Two <b>[ferries]</b> & a tug left"), "{body}");
    let pieces = told["body"].as_array().unwrap().iter();
    let plain: String = pieces.map(|piece| piece["text"].as_str().unwrap()).collect();
    assert!(text.contains(&plain) && plain.chars().count() <= 240, "{plain}");
    // Found by the headline alone.
    let reply = search(&app, "return", "").await;
    assert_eq!(reply.items()[0]["highlights"]["body"], serde_json::json!([]));
}
