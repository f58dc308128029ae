//! Writes the checked-in protobuf bindings anew: `cargo run -p tfplugin --example generate_bindings`.
//!
//! Building needs neither this nor protoc; a test compares what is checked in.

#[path = "../tests/it/support/bindings.rs"]
mod bindings;

fn main() {
    for binding in bindings::generate() {
        let path = bindings::crate_folder().join(binding.path);
        std::fs::write(&path, binding.text).expect("the crate's folder is writable");
    }
}
