use std::io::Cursor;

use super::super::{Examined, examine_stream};
use crate::domain::media::MediaType;

fn examined(kind: MediaType, bytes: &[u8]) -> Examined {
    examine_stream(kind, &mut Cursor::new(bytes))
}

fn boxed(name: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
    [&length, name, content].concat()
}

#[test]
fn an_mp4_tells_its_duration_and_size() {
    let numbers = |numbers: &[u32]| {
        numbers
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect::<Vec<u8>>()
    };
    let movie = boxed(b"mvhd", &numbers(&[0, 0, 0, 600, 7500]));
    let track = |matrix: [u32; 9], width: u32, height: u32| {
        let content = [&[0_u32; 10] as &[u32], &matrix, &[width << 16, height << 16]].concat();
        boxed(b"trak", &boxed(b"tkhd", &numbers(&content)))
    };
    let sound = track([0; 9], 0, 0);
    let plain = track([0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0], 1280, 720);
    let turned = track([0, 0x1_0000, 0, 0xffff_0000, 0, 0, 0, 0, 0], 1280, 720);
    for (picture, size) in [(plain, (1280, 720)), (turned, (720, 1280))] {
        let moov = boxed(b"moov", &[movie.clone(), sound.clone(), picture].concat());
        let file = [boxed(b"ftyp", b"isom\0\0\0\0"), boxed(b"mdat", &[0; 100]), moov].concat();
        let examined = examined(MediaType::Mp4, &file);
        assert_eq!(examined.duration_ms, Some(12_500));
        assert_eq!((examined.width, examined.height), (Some(size.0), Some(size.1)));
        assert!(!examined.renders && examined.picture.is_none());
    }
}

#[test]
fn a_webm_tells_its_duration_and_size() {
    let element = |name: &[u8], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap() | 0x1000_0000;
        [name, &length.to_be_bytes(), content].concat()
    };
    let duration = element(&[0x44, 0x89], &4250_f64.to_be_bytes());
    let info = element(&[0x15, 0x49, 0xa9, 0x66], &duration);
    let size = [element(&[0xb0], &[5, 0]), element(&[0xba], &[2, 0xd0])].concat();
    let tracks = element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &element(&[0xe0], &size)));
    let head = element(&[0x1a, 0x45, 0xdf, 0xa3], b"\x42\x82\x84webm");
    let segment = [&[0x18_u8, 0x53, 0x80, 0x67, 0xff] as &[u8], &info, &tracks].concat();
    let examined = examined(MediaType::Webm, &[head, segment].concat());
    assert_eq!(examined.duration_ms, Some(4250));
    assert_eq!((examined.width, examined.height), (Some(1280), Some(720)));
}

#[test]
fn sounds_tell_their_duration() {
    let mut wav =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\x7d\0\0".to_vec();
    wav.resize(wav.len() + 32_000, 0);
    // 128 kbit/s, of one rate throughout, and 100 frames by the count of the encoder.
    let mut constant = b"\xff\xfb\x90\x64".to_vec();
    constant.resize(16_000, 0);
    let mut counted = b"ID3\x04\0\0\0\0\0\x02..\xff\xfb\x90\x64".to_vec();
    counted.resize(40, 0);
    counted.extend(b"Xing\0\0\0\x01\0\0\0\x64");
    counted.resize(5000, 0);
    let mut ogg = b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead\x01\x02\x38\x01".to_vec();
    ogg.resize(600, 0);
    ogg.extend(b"OggS\0\x04");
    ogg.extend((48_000_u64 * 3 + 312).to_le_bytes());
    for (kind, bytes, wanted) in [
        (MediaType::Wav, wav, 2000),
        (MediaType::Mp3, constant, 1000),
        (MediaType::Mp3, counted, 2612),
        (MediaType::Ogg, ogg, 3000),
    ] {
        assert_eq!(examined(kind, &bytes).duration_ms, Some(wanted), "{kind:?}");
        assert_eq!(examined(kind, &bytes[..3]).duration_ms, None, "{kind:?}");
    }
    assert_eq!(examined(MediaType::Pdf, b"%PDF-1.7").duration_ms, None);
}
