//! What fuzzers found, or begin with, asked again.

use crate::checks::ALL;

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
