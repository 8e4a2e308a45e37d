//! What a large file costs in memory, measured in a process of its own.

use actix_web::web::Bytes;
use copydesk::storage::Key;
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};

use super::{Place, alone, is_alone, pattern, places};

/// The most memory that this process ever had, in bytes.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

#[actix_web::test]
async fn a_large_file_passes_through_little_memory() {
    const LENGTH: u64 = 40_000_000;
    if !is_alone() {
        let output = alone("storage::memory::a_large_file_passes_through_little_memory")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        return;
    }
    for Place {
        name,
        blobs,
        folder: _folder,
    } in places()
    {
        let Some(before) = peak() else {
            eprintln!("skipped: this system does not tell how much memory a process had");
            return;
        };
        let chunk = Bytes::from(pattern(64_000));
        let mut spool = blobs.spool().await.unwrap();
        for _ in 0..LENGTH / 64_000 {
            spool.write(chunk.clone()).await.unwrap();
        }
        let (length, hash) = spool.finish().await.unwrap();
        let key = Key::original(&hash);
        blobs.keep(&key, &spool).await.unwrap();
        let mut pieces = blobs.read(&key, 0..length).await.unwrap();
        let (mut digest, mut read, mut largest) = (Sha256::new(), 0, 0);
        while let Some(piece) = pieces.next().await {
            let piece = piece.unwrap();
            digest.update(&piece);
            read += piece.len() as u64;
            largest = largest.max(piece.len());
        }
        let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((length, read, digest), (LENGTH, LENGTH, hash), "{name}");
        assert!(largest <= 1024 * 1024, "{name}: a piece of {largest} bytes");
        let grown = peak().unwrap() - before;
        eprintln!("{name}: {LENGTH} bytes in and out with {grown} bytes more of memory");
        assert!(grown < 32 * 1024 * 1024, "{name}: {grown}");
    }
}
