//! Asks many addresses without being a burden on anybody.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::client::{Answer, Client};
use super::error::ProbeError;

/// Addresses on one host, asked one after the other.
type Queue = VecDeque<Url>;

/// Asks at most `at_once` hosts at a time, each for one address at a time and with a pause before the next. Ends when all
/// were asked; dropped, it stops at once.
///
/// The host is that of the given address: what one address needs, a redirect elsewhere or a second request because the
/// first was refused, is asked without a pause.
pub async fn probe_all(
    client: &Client,
    urls: Vec<Url>,
    at_once: usize,
    pause: Duration,
    seen: impl FnMut(Url, Result<Answer, ProbeError>),
) {
    let probe = async |url: Url| {
        let told = client.probe(&url).await;
        (url, told)
    };
    each(urls, at_once, pause, probe, seen).await;
}

async fn each<T, F: Future<Output = (Url, T)>>(
    urls: Vec<Url>,
    at_once: usize,
    pause: Duration,
    probe: impl Fn(Url) -> F,
    mut seen: impl FnMut(Url, T),
) {
    let mut ready = by_host(urls);
    // In the order in which they may be asked again, since the pause is the same for all.
    let mut resting: VecDeque<(Instant, Queue)> = VecDeque::new();
    let mut asked = FuturesUnordered::new();
    loop {
        while let Some((_, queue)) = resting.pop_front_if(|(until, _)| *until <= Instant::now()) {
            ready.push_back(queue);
        }
        while asked.len() < at_once.max(1)
            && let Some(mut queue) = ready.pop_front()
        {
            if let Some(url) = queue.pop_front() {
                let answer = probe(url);
                asked.push(async { (queue, answer.await) });
            }
        }
        let rested = resting.front().map(|(until, _)| *until);
        tokio::select! {
            biased;
            Some((queue, (url, told))) = asked.next() => {
                if !queue.is_empty() {
                    resting.push_back((Instant::now() + pause, queue));
                }
                seen(url, told);
            }
            () = sleep_until(rested.unwrap_or_else(Instant::now)), if rested.is_some() => {}
            else => break,
        }
    }
}

/// In the order in which the hosts come first.
fn by_host(urls: Vec<Url>) -> VecDeque<Queue> {
    let mut queues: Vec<Queue> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for url in urls {
        let host = url.host_str().map(|host| host.trim_end_matches('.').to_owned());
        // Without a host there is nobody to be polite to.
        let place = host.map_or(queues.len(), |host| *places.entry(host).or_insert(queues.len()));
        match queues.get_mut(place) {
            Some(queue) => queue.push_back(url),
            None => queues.push(Queue::from([url])),
        }
    }
    queues.into()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::super::client::Limits;
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[derive(Debug)]
    struct Asked {
        url: Url,
        from: Duration,
        to: Duration,
    }

    /// What is asked when, if every answer takes a second and the pause is two.
    async fn schedule(urls: &[&str], at_once: usize) -> Vec<Asked> {
        let start = Instant::now();
        let urls = urls.iter().map(|url| url.parse().expect("a URL")).collect();
        let log = RefCell::new(Vec::new());
        let probe = async |url| {
            let from = start.elapsed();
            tokio::time::sleep(SECOND).await;
            (url, (from, start.elapsed()))
        };
        each(urls, at_once, 2 * SECOND, probe, |url, (from, to)| {
            log.borrow_mut().push(Asked { url, from, to });
        })
        .await;
        log.into_inner()
    }

    fn starts(log: &[Asked]) -> Vec<(&str, u64)> {
        let mut starts: Vec<_> = log.iter().map(|one| (one.url.as_str(), one.from.as_secs())).collect();
        starts.sort_by_key(|(url, from)| (*from, *url));
        starts
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_rests_between_two_addresses_while_others_are_asked() {
        let urls = [
            "http://a/1",
            "https://a:8443/2",
            "http://a./3",
            "http://b/1",
            "http://c/1",
            "http://c/2",
        ];
        assert_eq!(
            starts(&schedule(&urls, 2).await),
            [
                ("http://a/1", 0),
                ("http://b/1", 0),
                ("http://c/1", 1),
                ("https://a:8443/2", 3),
                ("http://c/2", 4),
                ("http://a./3", 6),
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_hosts_than_allowed_are_asked_at_a_time() {
        let urls: Vec<String> = (0..60).map(|n| format!("http://host{}/{n}", n % 20)).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let log = schedule(&urls, 8).await;
        assert_eq!(log.len(), urls.len());
        for one in &log {
            let others = log.iter().filter(|other| other.from < one.to && one.from < other.to);
            assert!(others.count() <= 8, "{one:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn none_at_once_is_taken_for_one() {
        let log = schedule(&["http://a/", "http://b/"], 0).await;
        assert_eq!(starts(&log), [("http://a/", 0), ("http://b/", 1)]);
        assert!(schedule(&[], 0).await.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_without_a_host_do_not_wait_for_each_other() {
        let log = schedule(&["mailto:a@b", "mailto:c@d"], 8).await;
        assert_eq!(starts(&log), [("mailto:a@b", 0), ("mailto:c@d", 0)]);
    }

    #[tokio::test]
    async fn every_address_is_told_of_from_another_task_too() {
        let urls = [
            "http://127.0.0.1/a",
            "http://[::1]/",
            "http://127.0.0.1/b",
            "mailto:a@b",
        ];
        let urls: Vec<Url> = urls.iter().map(|url| url.parse().expect("a URL")).collect();
        let asked = urls.len();
        let task = tokio::spawn(async move {
            let client = Client::new(Limits::default(), "test").expect("a client");
            let mut told = Vec::new();
            probe_all(&client, urls, 8, Duration::ZERO, |_, answer| {
                told.push(answer.map_err(|why| why.code()).expect_err("an error"));
            })
            .await;
            told
        });
        let mut told = task.await.expect("no panic");
        told.sort_unstable();
        assert_eq!(told.len(), asked);
        assert_eq!(told, ["forbidden", "forbidden", "forbidden", "malformed"]);
    }
}
