//! What fuzzers found, or begin with, asked again.

use copydesk::domain::page::{ByNumber, ByTime, ByWord, read_cursor};

use crate::checks::ALL;

#[test]
fn seeds_of_cursors_are_cursors() {
    let seed = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus/cursor");
        std::fs::read_to_string(path.join(name)).unwrap()
    };
    let list = "articles?section=transport";
    assert!(read_cursor::<ByTime>(list, &seed("time")).is_ok());
    assert!(read_cursor::<ByNumber>(list, &seed("number")).is_ok());
    assert!(read_cursor::<ByWord>(list, &seed("word")).is_ok());
}

#[test]
fn what_is_kept_of_fuzzing_holds() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    for (name, check) in ALL {
        let mut asked = 0;
        for entry in std::fs::read_dir(corpus.join(name)).expect("a folder of seeds") {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            check(&std::fs::read(&path).unwrap());
            asked += 1;
        }
        assert!(asked > 0, "{name} has no seeds");
    }
}
