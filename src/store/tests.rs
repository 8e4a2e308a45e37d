use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::*;
use crate::config::DatabaseUrl;

type Question = Box<dyn FnOnce(&mut PublicConn) -> Result<Option<String>> + Send>;

/// A new file, and the folder to be removed behind it.
fn store(name: &str, connections: u32) -> (Store, PathBuf) {
    let folder = std::env::temp_dir().join(format!("copydesk-store-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = DatabaseConfig {
        url: DatabaseUrl::Sqlite(folder.join("copydesk.sqlite")),
        connections,
        busy_timeout: Duration::from_secs(5),
        ..DatabaseConfig::default()
    };
    Store::migrate(&config).unwrap();
    (Store::open(&config).unwrap(), folder)
}

#[tokio::test]
async fn a_slow_question_of_the_desk_is_none_of_a_readers_business() {
    let (store, folder) = store("desk", 2);
    let (go, goes) = mpsc::channel::<()>();
    let (begins, has_begun) = oneshot::channel::<()>();
    let desk = store.clone();
    let slow = tokio::spawn(async move {
        let question = move |_: &mut DbConn| {
            let _ = begins.send(());
            let _gone = goes.recv();
            Ok::<_, StoreError>(())
        };
        desk.read(question).await
    });
    has_begun.await.unwrap();
    let reader = store.public().read(|_| Ok::<_, StoreError>(7)).await;
    assert!(matches!(reader, Ok(7)), "{reader:?}");
    // Whoever waits for the desk's one connection waits no longer than is said, by a clock that jumps.
    tokio::time::pause();
    let another = store.read(|_| Ok::<_, StoreError>(7)).await;
    assert!(matches!(another, Err(StoreError::Busy)), "{another:?}");
    drop(go);
    slow.await.unwrap().unwrap();
    store.close();
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A question that tells when it has read, and ends when the sender is dropped.
fn pausing() -> (Question, oneshot::Receiver<()>, mpsc::Sender<()>) {
    let (go, goes) = mpsc::channel::<()>();
    let (begins, has_begun) = oneshot::channel::<()>();
    let question = move |conn: &mut PublicConn| {
        let read = word(conn);
        let _ = begins.send(());
        let _gone = goes.recv();
        read
    };
    (Box::new(question), has_begun, go)
}

/// A reader who has begun to read, and goes on when the sender is dropped.
async fn held(store: &PublicStore) -> (mpsc::Sender<()>, JoinHandle<Result<Option<String>>>) {
    let (question, has_begun, go) = pausing();
    let reader = waiting(store, question).await;
    has_begun.await.unwrap();
    (go, reader)
}

/// One more who waits for the thread.
async fn waiting(
    store: &PublicStore,
    f: impl FnOnce(&mut PublicConn) -> Result<Option<String>> + Send + 'static,
) -> JoinHandle<Result<Option<String>>> {
    let store = store.clone();
    let reader = tokio::spawn(async move { store.read(f).await });
    // It is in the queue when it has been polled.
    tokio::task::yield_now().await;
    reader
}

fn word(conn: &mut PublicConn) -> Result<Option<String>> {
    setting::get(&mut conn.0, "word")
}

async fn write(store: &Store, text: &'static str) {
    store.write(move |conn| setting::set(conn, "word", text)).await.unwrap();
}

async fn read(reader: JoinHandle<Result<Option<String>>>) -> Option<String> {
    reader.await.unwrap().unwrap()
}

#[tokio::test]
async fn one_look_serves_all_who_came_before_it_and_nobody_who_came_behind() {
    let (store, folder) = store("look", 2);
    write(&store, "one").await;
    let readers = store.public();
    let (go, first) = held(&readers).await;
    let (question, has_begun, go_on) = pausing();
    let second = waiting(&readers, question).await;
    let third = waiting(&readers, word).await;
    write(&store, "two").await;
    store.listen();
    drop(go);
    has_begun.await.unwrap();
    write(&store, "three").await;
    let fourth = waiting(&readers, word).await;
    drop(go_on);
    let said = |word: &str| Some(word.to_owned());
    assert_eq!(read(first).await, said("one"));
    assert_eq!((read(second).await, read(third).await), (said("two"), said("two")));
    assert_eq!(read(fourth).await, said("three"));
    let begun = store
        .heard()
        .into_iter()
        .filter(|statement| statement.contains("BEGIN"));
    assert_eq!(begun.count(), 2, "one for two who waited, one for whoever came behind");
    store.close();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn who_fails_in_a_look_costs_the_others_nothing() {
    let (store, folder) = store("fails", 2);
    write(&store, "one").await;
    let readers = store.public();
    let (go, first) = held(&readers).await;
    let before = waiting(&readers, word).await;
    let refused = waiting(&readers, |_| Err(StoreError::Busy)).await;
    let between = waiting(&readers, word).await;
    let panics = waiting(&readers, |conn| {
        assert!(word(conn).unwrap().is_none(), "on purpose");
        Ok(None)
    });
    let panics = panics.await;
    let behind = waiting(&readers, word).await;
    drop(go);
    for good in [first, before, between, behind] {
        assert_eq!(read(good).await.as_deref(), Some("one"));
    }
    assert!(matches!(refused.await.unwrap(), Err(StoreError::Busy)));
    assert!(matches!(panics.await.unwrap(), Err(StoreError::Broken(_))));
    store.close();
    std::fs::remove_dir_all(&folder).unwrap();
}
