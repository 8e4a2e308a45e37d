//! The application under test, and what tests ask of it.

mod client;
mod clock;
pub(crate) mod contract;
pub(crate) mod database;
mod dice;
pub(crate) mod document;
mod ids;
mod plan;
mod snap;
mod token;

use std::rc::Rc;
use std::sync::Arc;

use actix_service::{Service as _, ServiceFactory as _};
use actix_web::HttpMessage as _;
use actix_web::body::to_bytes;
use actix_web::dev::AppConfig;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use actix_web::test::TestRequest;
use copydesk::config::{Config, LimitsConfig};
use copydesk::services::App;
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

pub(crate) use client::{Call, Client, Reply};
pub(crate) use clock::TestClock;
pub(crate) use database::{PASSWORD, Person};
pub(crate) use dice::Dice;
pub(crate) use snap::snap;
pub(crate) use token::{Signer, claims, encode};

use client::Answer;
use database::{Database, Template};
use ids::CountingIds;

/// When the clock of a test starts.
pub(crate) const START: &str = "2026-02-16T09:30:00.000Z";

type Handler = Rc<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answer>>;

/// One application over a database of its own.
pub(crate) struct TestApp {
    handler: Handler,
    /// For a test that mounts a handler of its own beside the real ones.
    pub(crate) services: Arc<App>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) signer: Signer,
    // Dropped last: what holds connections goes before what they lead to.
    pub(crate) database: Database,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// With a configuration that differs from the usual one.
    pub(crate) async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        let template = Template::get();
        Self::open(Database::fresh(template), &template.key, configure).await
    }

    /// Over a database that something else has filled.
    pub(crate) async fn over(database: Database) -> Self {
        let key = std::fs::read_to_string(database.folder().join("keys/signing.pem")).expect("a key");
        Self::open(database, &key, |_| {}).await
    }

    async fn open(database: Database, key: &str, configure: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::for_testing(database.folder());
        config.database.url = database.url();
        // A test asks faster than anybody.
        config.limits = LimitsConfig::off();
        configure(&mut config);
        let clock = Arc::new(TestClock::at(START));
        let ids = Arc::new(CountingIds::default());
        let app = App::open_migrated(config, Arc::clone(&clock) as _, ids).expect("the application opens");
        app.date_pages().await.expect("the database answers");
        let signer = Signer::new(key, &app.jwks());
        let services = Arc::new(app);
        let handler = in_process(Arc::clone(&services)).await;
        Self {
            handler,
            services,
            clock,
            signer,
            database,
        }
    }

    /// A reader without a token.
    pub(crate) fn anon(&self) -> Client<'_> {
        Client::new(self, None)
    }

    pub(crate) fn editor(&self) -> Client<'_> {
        self.person(Person::Editor)
    }

    pub(crate) fn contributor(&self) -> Client<'_> {
        self.person(Person::Contributor)
    }

    pub(crate) fn admin(&self) -> Client<'_> {
        self.person(Person::Admin)
    }

    /// Somebody with a token that was made this moment, as a login would make it.
    pub(crate) fn person(&self, person: Person) -> Client<'_> {
        let claims = claims(person, self.clock.seconds());
        self.bearer(&self.signer.sign(&self.signer.header(), &claims))
    }

    /// The one user, an editor, of a database that something else has filled.
    pub(crate) fn first_user(&self) -> Client<'_> {
        let id = if self.database.is_postgres() {
            "select cast(id as text) as what from users"
        } else {
            "select lower(hex(id)) as what from users"
        };
        self.database.damage(&database::sessions(self.database.is_postgres()));
        let mut claims = claims(Person::Editor, self.clock.seconds());
        let id = Uuid::try_parse(&self.database.texts(id)[0]).expect("an id").to_string();
        claims["sid"] = id.clone().into();
        claims["sub"] = id.into();
        self.bearer(&self.signer.sign(&self.signer.header(), &claims))
    }

    /// Whoever sends this as a token.
    pub(crate) fn bearer(&self, token: &str) -> Client<'_> {
        Client::new(self, Some(format!("Bearer {token}")))
    }

    /// Another process over the same database, with a configuration that differs from the usual one.
    pub(crate) async fn beside(&self, configure: impl FnOnce(&mut Config)) -> Beside {
        let mut config = Config::for_testing(self.database.folder());
        config.database.url = self.database.url();
        config.limits = LimitsConfig::off();
        configure(&mut config);
        let ids = Arc::new(CountingIds::default());
        let app = App::open_migrated(config, Arc::clone(&self.clock) as _, ids).expect("the application opens");
        app.date_pages().await.expect("the database answers");
        Beside(in_process(Arc::new(app)).await)
    }

    async fn answer(&self, request: TestRequest) -> Answer {
        (self.handler)(request).await
    }
}

/// Another process, as its readers know it.
pub(crate) struct Beside(Handler);

impl Beside {
    /// What a reader is answered: status, headers, bytes.
    pub(crate) async fn get(&self, path: &str) -> (u16, HeaderMap, Vec<u8>) {
        let answer = (self.0)(TestRequest::with_uri(path)).await;
        (answer.status, answer.headers, answer.body)
    }

    /// What who sends this token is answered.
    pub(crate) async fn get_as(&self, token: &str, path: &str) -> u16 {
        let request = TestRequest::with_uri(path).append_header(("Authorization", format!("Bearer {token}")));
        (self.0)(request).await.status
    }
}

/// The routes as a function from request to answer; errors are answers too, as the server sees them.
async fn in_process(app: Arc<App>) -> Handler {
    let service = copydesk::http::service(app).new_service(AppConfig::default()).await;
    let service = Rc::new(service.expect("the routes"));
    Rc::new(move |request| {
        let service = Rc::clone(&service);
        Box::pin(async move {
            let mut request = request.to_request();
            // As the server reads it: what says of no body has none.
            if !request.headers().contains_key(CONTENT_LENGTH) && !request.headers().contains_key(TRANSFER_ENCODING) {
                request.take_payload();
            }
            let response = match service.call(request).await {
                Ok(response) => response,
                Err(error) => error.error_response().into(),
            };
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let body = to_bytes(response.into_body()).await.expect("a whole body");
            Answer {
                status,
                headers,
                body: body.to_vec(),
            }
        })
    })
}
