use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use super::*;
use crate::config::DatabaseUrl;

/// A new file, and the folder to be removed behind it.
fn store(connections: u32) -> (Store, PathBuf) {
    let folder = std::env::temp_dir().join(format!("copydesk-store-{}-{connections}", std::process::id()));
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
    let (store, folder) = store(2);
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
