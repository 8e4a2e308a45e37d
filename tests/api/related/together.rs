//! Many editors at the links of one article in the same moment.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Reply, TestApp};

const EDITORS: usize = 50;

/// What an editor does, as the list that it was read from has it.
#[derive(Debug, Clone)]
enum Deed {
    Add { id: String, place: Value },
    Move { id: String, place: Value },
    Remove { id: String },
}

/// A write that was accepted: the revision before, the one that it made, and the list that it answered.
#[derive(Debug)]
struct Done {
    from: i64,
    revision: i64,
    deed: Deed,
    order: Vec<String>,
}

fn ids(reply: &Reply) -> Vec<String> {
    reply.column("id").iter().map(|id| (*id).to_owned()).collect()
}

fn page(number: usize) -> Value {
    json!({"url": format!("https://harbour.example/{number}"), "title": format!("Notice {number}")})
}

/// One try of one editor; `None` where another was first.
async fn try_once(app: &TestApp, story: &Made, number: usize, attempt: usize) -> Option<Done> {
    let path = format!("{}/related", story.path());
    let seen = app.editor().get(&path).await.expect(200);
    let (links, from) = (ids(&seen), seen["revision"].as_i64().unwrap());
    let link = links[(number * 7 + attempt) % links.len()].clone();
    let beside = links[(number * 7 + attempt + 1) % links.len()].clone();
    let place = match number / 3 % 4 {
        0 => json!("start"),
        1 => json!("end"),
        2 => json!({"before": beside}),
        _ => json!({"after": beside}),
    };
    let one = format!("{path}/{link}");
    let (call, accepted) = match number % 3 {
        0 => {
            let mut new = page(number);
            new["position"] = place.clone();
            (app.editor().post(&path).json(&new), 201)
        }
        1 => {
            let change = json!({"position": place});
            (app.editor().patch(&one).json(&change), 200)
        }
        _ => (app.editor().delete(&one), 200),
    };
    let reply = call.header("If-Match", seen.etag()).await;
    if reply.status() == 412 {
        assert_eq!(reply.code(), "stale_revision");
        return None;
    }
    let reply = reply.expect(accepted);
    let deed = match number % 3 {
        0 => {
            let location = reply.header("Location").unwrap();
            let id = location.rsplit('/').next().unwrap().to_owned();
            Deed::Add { id, place }
        }
        1 => Deed::Move { id: link, place },
        _ => Deed::Remove { id: link },
    };
    Some(Done {
        from,
        revision: reply["revision"].as_i64().unwrap(),
        deed,
        order: ids(&reply),
    })
}

/// A refusal says that another was accepted since the list was read, and each other is accepted once. So nobody is refused
/// more often than there are others.
async fn editor(app: &TestApp, story: &Made, number: usize) -> Done {
    for attempt in 0..EDITORS {
        if let Some(done) = try_once(app, story, number, attempt).await {
            return done;
        }
    }
    panic!("editor {number} was refused {EDITORS} times, by fewer others");
}

fn replay(order: &mut Vec<String>, deed: &Deed) {
    let (id, place) = match deed {
        Deed::Remove { id } => return order.retain(|one| one != id),
        Deed::Add { id, place } => (id, place),
        Deed::Move { id, place } => {
            order.retain(|one| one != id);
            (id, place)
        }
    };
    let find = |beside: &Value| order.iter().position(|one| *one == *beside).unwrap();
    let at = match place {
        Value::String(word) if word == "start" => 0,
        Value::String(_) => order.len(),
        place if place["before"].is_string() => find(&place["before"]),
        place => find(&place["after"]) + 1,
    };
    order.insert(at, id.clone());
}

#[actix_web::test]
async fn what_fifty_editors_do_at_once_is_what_they_did_one_after_the_other() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let first: Vec<Value> = (100..120).map(page).collect();
    let story = make::draft(&app, "Contested")
        .set("related", json!(first))
        .ready()
        .await;
    let links = story.json["related"].as_array().unwrap();
    let mut order: Vec<String> = links
        .iter()
        .map(|link| link["id"].as_str().unwrap().to_owned())
        .collect();

    let mut done = join_all((0..EDITORS).map(|number| editor(&app, &story, number))).await;
    // What changed nothing left the revision, and comes behind what made it.
    done.sort_by_key(|one| (one.revision, one.from == one.revision));
    let mut revision = story.revision();
    for one in &done {
        assert_eq!(one.from, revision, "it was based on what was there: {one:?}");
        let before = order.clone();
        replay(&mut order, &one.deed);
        assert_eq!(one.order, order, "{:?}", one.deed);
        assert_eq!(one.revision - one.from, i64::from(before != order), "{one:?}");
        revision = one.revision;
    }
    let path = format!("{}/related", story.path());
    let after = app.editor().get(path).await.expect(200);
    assert_eq!((ids(&after), after["revision"].as_i64()), (order, Some(revision)));
    let there = ids(&after);
    for one in &done {
        let Deed::Add { id, .. } = &one.deed else { continue };
        let is_removed = done
            .iter()
            .any(|other| matches!(&other.deed, Deed::Remove { id: gone } if gone == id));
        assert_eq!(there.contains(id), !is_removed, "{one:?}");
    }
}
