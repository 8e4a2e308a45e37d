//! The Dockerfile, as far as it can be checked without an engine.

use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Instructions, with continued lines joined and comments left out.
fn instructions() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("Dockerfile")).unwrap();
    let bare: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect();
    bare.join("\n")
        .replace("\\\n", " ")
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn every_path_that_is_copied_is_there() {
    let mut copied = 0;
    for instruction in instructions()
        .iter()
        .filter(|line| line.starts_with("COPY ") && !line.contains("--from="))
    {
        let words: Vec<&str> = instruction
            .split_whitespace()
            .skip(1)
            .filter(|word| !word.starts_with("--"))
            .collect();
        for path in &words[..words.len() - 1] {
            assert!(root().join(path).exists(), "{instruction}: {path}");
            copied += 1;
        }
    }
    assert!(copied > 0);
}

/// What the build reads at compile time has to be copied too.
#[test]
fn every_folder_that_the_source_includes_is_copied() {
    let copied = instructions().join("\n");
    for name in ["src", "migrations", ".cargo", "Cargo.toml", "Cargo.lock"] {
        assert!(copied.contains(name), "{name}");
    }
}

/// Cargo reads a manifest whose targets are missing only where it says by which paths they would be.
#[test]
fn what_is_not_copied_has_its_path_in_the_manifest() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let targets = ["test", "bench"]
        .iter()
        .filter_map(|kind| manifest.get(*kind)?.as_array());
    let paths: Vec<_> = targets
        .flatten()
        .map(|target| target.get("path").and_then(toml::Value::as_str))
        .collect();
    assert!(paths.len() > 1 && paths.iter().all(Option::is_some), "{paths:?}");
}

#[test]
fn every_command_that_is_run_is_one_the_binary_has() {
    let mut run = Vec::new();
    let all = instructions();
    let entry: Vec<String> = all
        .iter()
        .find_map(|line| line.strip_prefix("ENTRYPOINT "))
        .map(list)
        .expect("an entry point");
    for line in &all {
        let words = match line.split_once("CMD ") {
            Some(("", words)) => [entry.clone(), list(words)].concat(),
            Some((before, words)) if before.starts_with("HEALTHCHECK") => list(words),
            _ => continue,
        };
        assert_eq!(
            words
                .first()
                .map(String::as_str)
                .and_then(|path| path.rsplit('/').next()),
            Some("copydesk"),
            "{line}"
        );
        run.push(words[1..].to_vec());
    }
    assert!(
        run.contains(&vec!["health".to_owned()]),
        "the image checks its own health"
    );
    for arguments in run {
        let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(&arguments)
            .arg("--help")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "copydesk {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn what_is_set_is_what_the_configuration_knows() {
    let known = copydesk::config::reference();
    for instruction in instructions().iter().filter(|line| line.starts_with("ENV ")) {
        for word in instruction
            .split_whitespace()
            .filter(|word| word.starts_with("COPYDESK_"))
        {
            let name = word.split('=').next().unwrap();
            assert!(known.contains(name), "{name}");
        }
    }
}

#[test]
fn the_image_runs_as_nobody_in_particular() {
    let all = instructions();
    let user = all
        .iter()
        .rev()
        .find_map(|line| line.strip_prefix("USER "))
        .expect("a user");
    assert!(!user.starts_with('0') && !user.starts_with("root"), "{user}");
    let release = all
        .iter()
        .find_map(|line| line.strip_prefix("FROM rust:"))
        .expect("a Rust image");
    let toolchain = std::fs::read_to_string(root().join("rust-toolchain.toml")).unwrap();
    let version = release.split('-').next().unwrap();
    assert!(
        toolchain.contains(version),
        "rust-toolchain.toml names another version than {version}"
    );
}

fn list(words: &str) -> Vec<String> {
    serde_json::from_str(words).unwrap_or_else(|_| panic!("{words} is not in the form of a list"))
}
