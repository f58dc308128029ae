//! The checked-in bindings are what the generator makes of the proto files.

use crate::support::bindings;

#[test]
fn bindings_are_current() {
    for binding in bindings::generate() {
        let path = bindings::crate_folder().join(binding.path);
        let checked_in = std::fs::read_to_string(&path).expect("a checked-in file");
        assert!(
            checked_in == binding.text,
            "{} is not current: run cargo run -p tfplugin --example generate_bindings",
            path.display()
        );
    }
}
