//! What kinds of files are taken.

use crate::domain::invalid::words;

words! {
    /// What a media is to a reader.
    MediaKind {
        Image = "image",
        Video = "video",
        Audio = "audio",
        Document = "document",
    }
}

words! {
    /// The media types that are taken, as the bytes show them; what a client declares does not count.
    MediaType {
        Jpeg = "image/jpeg",
        Png = "image/png",
        Webp = "image/webp",
        Avif = "image/avif",
        Gif = "image/gif",
        /// Only where the configuration admits it, and only as a download.
        Svg = "image/svg+xml",
        Mp4 = "video/mp4",
        Webm = "video/webm",
        Mp3 = "audio/mpeg",
        Ogg = "audio/ogg",
        Wav = "audio/wav",
        Pdf = "application/pdf",
    }
}

impl MediaType {
    pub fn kind(self) -> MediaKind {
        match self {
            Self::Jpeg | Self::Png | Self::Webp | Self::Avif | Self::Gif | Self::Svg => MediaKind::Image,
            Self::Mp4 | Self::Webm => MediaKind::Video,
            Self::Mp3 | Self::Ogg | Self::Wav => MediaKind::Audio,
            Self::Pdf => MediaKind::Document,
        }
    }

    /// The ending of file names and addresses, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Gif => "gif",
            Self::Svg => "svg",
            Self::Mp4 => "mp4",
            Self::Webm => "webm",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Wav => "wav",
            Self::Pdf => "pdf",
        }
    }
}
