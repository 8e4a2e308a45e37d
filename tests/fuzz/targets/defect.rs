//! A defect for the fuzzer to find, as a check of the fuzzer: it is asked for by name only.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let is_found = data.first() == Some(&b'd')
        && data.get(1) == Some(&b'e')
        && data.get(2) == Some(&b's')
        && data.get(3) == Some(&b'k');
    assert!(!is_found, "the defect is found");
});
