//! A transaction of several steps: all of it lasts, or none.

use copydesk::store::{Store, StoreError, setting};

use crate::support::TestApp;

async fn store() -> (TestApp, Store) {
    let app = TestApp::start().await;
    let store = Store::open(&app.services.config().database).expect("the database opens");
    (app, store)
}

async fn said(store: &Store) -> Option<String> {
    store.read(|conn| setting::get(conn, "said")).await.unwrap()
}

#[actix_web::test]
async fn each_step_sees_what_was_written_and_others_when_it_lasts() {
    let (_app, store) = store().await;
    let transaction = store.begin().await.unwrap();
    transaction.step(|tx| setting::set(tx, "said", "once")).await.unwrap();
    let seen = transaction.step(|tx| setting::get(tx, "said")).await.unwrap();
    assert_eq!((seen.as_deref(), said(&store).await), (Some("once"), None));
    transaction.commit().await.unwrap();
    assert_eq!(said(&store).await.as_deref(), Some("once"));
}

#[actix_web::test]
async fn nothing_lasts_of_one_that_is_given_up() {
    let (_app, store) = store().await;
    let transaction = store.begin().await.unwrap();
    transaction
        .step(|tx| setting::set(tx, "said", "dropped"))
        .await
        .unwrap();
    drop(transaction);
    let transaction = store.begin().await.unwrap();
    transaction.step(|tx| setting::set(tx, "said", "undone")).await.unwrap();
    transaction.rollback().await;
    assert_eq!(said(&store).await, None);
    // The way is free.
    store.write(|tx| setting::set(tx, "said", "after")).await.unwrap();
    assert_eq!(said(&store).await.as_deref(), Some("after"));
}

#[actix_web::test]
async fn a_step_that_fails_or_panics_undoes_the_rest() {
    let (_app, store) = store().await;
    let transaction = store.begin().await.unwrap();
    transaction.step(|tx| setting::set(tx, "said", "first")).await.unwrap();
    let failed: Result<(), _> = transaction.step(|_| Err(StoreError::Referenced)).await;
    assert!(matches!(failed, Err(StoreError::Referenced)));
    assert!(matches!(transaction.commit().await, Err(StoreError::Broken(_))));

    let transaction = store.begin().await.unwrap();
    transaction.step(|tx| setting::set(tx, "said", "first")).await.unwrap();
    let panicked: Result<(), _> = transaction.step::<(), StoreError>(|_| panic!("planned")).await;
    assert!(matches!(panicked, Err(StoreError::Broken(_))));
    assert!(transaction.commit().await.is_err());
    assert_eq!(said(&store).await, None);
    store.write(|tx| setting::set(tx, "said", "after")).await.unwrap();
    assert_eq!(said(&store).await.as_deref(), Some("after"));
}

/// As it is while a standby takes the place of a server of PostgreSQL.
#[actix_web::test]
async fn a_connection_that_breaks_is_a_reason_to_come_again() {
    let (app, store) = store().await;
    if !app.database.is_postgres() {
        return;
    }
    for _ in 0..3 {
        let transaction = store.begin().await.unwrap();
        app.database.damage(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
        );
        let step = transaction.step(|tx| setting::set(tx, "said", "lost")).await;
        assert!(matches!(step, Err(StoreError::Busy)), "{step:?}");
        drop(transaction);
        assert_eq!(said(&store).await, None);
    }
    store.write(|tx| setting::set(tx, "said", "after")).await.unwrap();
    assert_eq!(said(&store).await.as_deref(), Some("after"));
}
