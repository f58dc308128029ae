//! Generates the Rust bindings from `proto/`: the server half for the crate, the client half for
//! its tests. Shared by the example that writes them and the test that compares them.

use std::path::{Path, PathBuf};

/// One generated file: where it belongs, below the crate, and what it should say.
pub(crate) struct Binding {
    /// Path relative to the crate's folder.
    pub(crate) path: &'static str,
    /// The whole text of the file.
    pub(crate) text: String,
}

/// The file descriptors that the proto files compile to.
pub(crate) fn descriptors() -> prost_types::FileDescriptorSet {
    let folder = crate_folder().join("../../proto");
    let files = [
        "tfplugin6.proto",
        "grpc_broker.proto",
        "grpc_controller.proto",
        "grpc_stdio.proto",
    ];
    protox::compile(files, [folder]).expect("the proto files compile")
}

/// Generates all bindings in memory, by way of a temporary folder.
pub(crate) fn generate() -> Vec<Binding> {
    let server = Half { build_server: true };
    let client = Half { build_server: false };
    let mut bindings = Vec::new();
    bindings.extend(server.generate([
        ("tfplugin6.rs", "src/generated/tfplugin6.rs"),
        ("plugin.rs", "src/generated/plugin.rs"),
    ]));
    bindings.extend(client.generate([
        ("tfplugin6.rs", "tests/it/support/generated/tfplugin6.rs"),
        ("plugin.rs", "tests/it/support/generated/plugin.rs"),
    ]));
    bindings
}

/// The folder of this crate, which the paths of the bindings are relative to.
pub(crate) fn crate_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

struct Half {
    build_server: bool,
}

impl Half {
    fn generate(&self, files: [(&str, &'static str); 2]) -> Vec<Binding> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        tonic_prost_build::configure()
            .build_server(self.build_server)
            .build_client(!self.build_server)
            // Maps in name order make every answer the same, byte for byte.
            .btree_map(".")
            .emit_rerun_if_changed(false)
            .out_dir(folder.path())
            .compile_fds(descriptors())
            .expect("bindings are generated");
        files
            .into_iter()
            .map(|(name, path)| Binding {
                path,
                text: quiet_holders(
                    &std::fs::read_to_string(folder.path().join(name)).expect("a generated file"),
                ),
            })
            .collect()
    }
}

/// Marks the messages that only hold others: nobody ever makes one, which the compiler remarks upon.
fn quiet_holders(text: &str) -> String {
    let descriptors = descriptors();
    let holders: Vec<String> = descriptors
        .file
        .iter()
        .flat_map(|file| &file.message_type)
        .filter(|message| message.field.is_empty() && !message.nested_type.is_empty())
        .map(|message| format!("pub struct {} {{}}", message.name()))
        .collect();
    let mut quiet = String::with_capacity(text.len());
    for line in text.lines() {
        if holders.iter().any(|holder| holder == line) {
            quiet.push_str("#[expect(dead_code, reason = \"only holds other messages\")]\n");
        }
        quiet.push_str(line);
        quiet.push('\n');
    }
    quiet
}
