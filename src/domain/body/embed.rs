//! What another service shows within a story.

use deserr::ValuePointerRef;
use url::Url;

use super::block::{Parts, block};
use super::span::Span;
use crate::domain::invalid::{Flaw, Rule, words};
use crate::domain::text::EmbedTitle;
use crate::domain::web::WebUrl;

words! {
    /// Whose service an embed is of; `other` for one that is not on the list.
    EmbedProvider {
        ApplePodcasts = "apple_podcasts",
        Bluesky = "bluesky",
        Dailymotion = "dailymotion",
        Datawrapper = "datawrapper",
        DocumentCloud = "documentcloud",
        Facebook = "facebook",
        Flourish = "flourish",
        GoogleMaps = "google_maps",
        Instagram = "instagram",
        OpenStreetMap = "openstreetmap",
        SoundCloud = "soundcloud",
        Spotify = "spotify",
        Threads = "threads",
        TikTok = "tiktok",
        Vimeo = "vimeo",
        X = "x",
        YouTube = "youtube",
        Other = "other",
    }
}

block! {
    /// What another service shows, by its address; the front end decides how.
    Embed, EmbedType = "embed" {
        provider: EmbedProvider,
        /// The address at the provider's own host.
        url: WebUrl,
        /// Absent when there is none.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = EmbedTitle, required = false)]
        title: Option<EmbedTitle>,
    }
}

impl EmbedProvider {
    /// The hosts of the service; those below them are its own too.
    fn hosts(self) -> &'static [&'static str] {
        match self {
            Self::ApplePodcasts => &["podcasts.apple.com"],
            Self::Bluesky => &["bsky.app"],
            Self::Dailymotion => &["dailymotion.com", "dai.ly"],
            Self::Datawrapper => &["datawrapper.de", "dwcdn.net"],
            Self::DocumentCloud => &["documentcloud.org"],
            Self::Facebook => &["facebook.com", "fb.watch"],
            Self::Flourish => &["flourish.studio"],
            Self::GoogleMaps => &["maps.google.com", "google.com", "maps.app.goo.gl"],
            Self::Instagram => &["instagram.com"],
            Self::OpenStreetMap => &["openstreetmap.org"],
            Self::SoundCloud => &["soundcloud.com"],
            Self::Spotify => &["spotify.com"],
            Self::Threads => &["threads.net", "threads.com"],
            Self::TikTok => &["tiktok.com"],
            Self::Vimeo => &["vimeo.com"],
            Self::X => &["x.com", "twitter.com"],
            Self::YouTube => &["youtube.com", "youtu.be", "youtube-nocookie.com"],
            Self::Other => &[],
        }
    }

    /// Whether an address is the service's own, at its usual port and with nobody's name in it. Of the one host that serves
    /// everything, only its maps.
    fn has(self, url: &WebUrl) -> bool {
        let url = Url::parse(url.as_str()).ok();
        let plain = |url: &&Url| url.port().is_none() && url.username().is_empty() && url.password().is_none();
        let Some(url) = url.as_ref().filter(plain) else {
            return false;
        };
        let Some(host) = url.host_str() else {
            return false;
        };
        if self == Self::GoogleMaps && host.ends_with("google.com") && !host.starts_with("maps.") {
            return matches!(host, "google.com" | "www.google.com") && url.path().starts_with("/maps");
        }
        self.hosts().iter().any(|own| {
            host.strip_suffix(own)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }

    /// The service at whose host an address is.
    pub fn of(url: &WebUrl) -> Option<Self> {
        Self::ALL.iter().copied().find(|provider| provider.has(url))
    }
}

impl Parts for Embed {
    fn each_text<'a>(&'a self, _: ValuePointerRef<'_>, _: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>)) {}

    fn each_text_mut(&mut self, _: &mut dyn FnMut(&mut Vec<Span>)) {}

    fn each_plain<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
        self.title.iter().for_each(|title| see(title.as_str()));
    }

    fn plain_text(&self) -> String {
        self.title
            .as_ref()
            .map_or_else(|| self.url.as_str().to_owned(), |title| title.as_str().to_owned())
    }

    fn check(&self) -> Result<(), (&'static str, Flaw)> {
        if self.provider == EmbedProvider::Other || self.provider.has(&self.url) {
            return Ok(());
        }
        let message = format!(
            "is not at {}, which is where `{}` is",
            self.provider.hosts().join(" or "),
            self.provider.as_str()
        );
        Err(("url", Flaw::new(Rule::NotAllowed, message)))
    }
}
