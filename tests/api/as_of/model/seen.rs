//! What readers were answered, and whether it is answered again.

use copydesk::domain::time::{Clock as _, Timestamp};
use serde_json::Value;

use crate::support::{Client, Reply, TestApp};

/// An answer to a reader.
pub(super) struct Seen {
    question: String,
    pub(super) at: Timestamp,
    answer: Answer,
    /// The ids of a list, page by page.
    pages: Vec<Vec<String>>,
}

#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    etag: Option<String>,
    /// But for the cursor of a next page, which is good for its own moment alone.
    body: String,
}

impl Answer {
    fn of(reply: &Reply) -> Self {
        let status = reply.status();
        if status != 200 {
            // A problem names its request.
            let body = reply.code().to_owned();
            return Self {
                status,
                etag: None,
                body,
            };
        }
        let (mut body, mut etag) = (reply.text(), Some(reply.etag().to_owned()));
        if let Value::String(cursor) = &reply["next_cursor"] {
            (body, etag) = (body.replace(cursor.as_str(), "…"), None);
        }
        Self { status, etag, body }
    }
}

/// All pages of a list, by their cursors.
async fn pages(client: &Client<'_>, question: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = question.to_owned();
    loop {
        let page = client.get(&next).await.expect(200);
        pages.push(page.column("id").into_iter().map(str::to_owned).collect());
        let Some(cursor) = page["next_cursor"].as_str() else {
            return pages;
        };
        next = format!("{question}&cursor={cursor}");
    }
}

impl Seen {
    pub(super) async fn ask(app: &TestApp, question: String) -> Self {
        let answer = Answer::of(&app.anon().get(&question).await);
        let pages = if question.contains("limit=") {
            pages(&app.anon(), &question).await
        } else {
            Vec::new()
        };
        Self {
            at: app.clock.now(),
            question,
            answer,
            pages,
        }
    }

    pub(super) fn status(&self) -> u16 {
        self.answer.status
    }

    pub(super) async fn again(&self, app: &TestApp) -> Result<(), String> {
        let question = format!("{}&as_of={}", self.question, self.at);
        let again = Answer::of(&app.contributor().get(&question).await);
        if again != self.answer {
            return Err(format!("{question}\nwas {:#?}\nis  {again:#?}", self.answer));
        }
        if !self.pages.is_empty() {
            let again = pages(&app.editor(), &question).await;
            if again != self.pages {
                return Err(format!("{question}\nwas {:?}\nis  {again:?}", self.pages));
            }
        }
        Ok(())
    }
}
