//! Filesystem mirrors: where `terraform init` finds our provider and, if it is there, `hashicorp/aws`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::{Binaries, environment};

/// The version of `hashicorp/aws` that the tests and the bench run beside ours.
pub const HASHICORP_AWS_VERSION: &str = "5.100.0";

const OURS: &str = "registry.terraform.io/dynamodb-backup/dynamodb";
/// Any version will do, but Terraform takes the workspace's 0.0.0 for no version at all.
const OUR_VERSION: &str = "0.0.1";
const HASHICORP_AWS: &str = "registry.terraform.io/hashicorp/aws";

/// Where Terraform may take providers from; nothing is ever fetched from a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirrors {
    ours: Option<PathBuf>,
    hashicorp_aws: Option<PathBuf>,
}

impl Mirrors {
    /// A mirror with the provider under test, kept beside its binary.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn ours() -> Self {
        let binary = &Binaries::get().provider;
        let folder = binary
            .parent()
            .expect("a binary lies in a folder")
            .join("acceptance-mirrors");
        let ours = make(binary, &folder)
            .unwrap_or_else(|err| panic!("making a mirror of {}: {err}", binary.display()));
        Self {
            ours: Some(ours),
            hashicorp_aws: None,
        }
    }

    /// No provider at all.
    pub fn none() -> Self {
        Self {
            ours: None,
            hashicorp_aws: None,
        }
    }

    /// `hashicorp/aws` alone.
    pub fn only_hashicorp_aws(mirror: PathBuf) -> Self {
        Self::none().with_hashicorp_aws(mirror)
    }

    /// A mirror with `binary` below `folder`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn at(folder: &Path, binary: &Path) -> io::Result<Self> {
        Ok(Self {
            ours: Some(make(binary, folder)?),
            hashicorp_aws: None,
        })
    }

    /// The same, with a mirror that holds `hashicorp/aws` beside it.
    #[must_use]
    pub fn with_hashicorp_aws(mut self, mirror: PathBuf) -> Self {
        self.hashicorp_aws = Some(mirror);
        self
    }

    /// A Terraform CLI configuration that takes providers from here and from nowhere else.
    pub fn cli_config(&self) -> String {
        let mut text = String::from("disable_checkpoint = true\n\nprovider_installation {\n");
        let sources = [
            (self.ours.as_ref(), OURS),
            (self.hashicorp_aws.as_ref(), HASHICORP_AWS),
        ];
        for (path, source) in sources
            .into_iter()
            .filter_map(|(path, source)| Some((path?, source)))
        {
            text.push_str(&format!(
                "  filesystem_mirror {{\n    path    = {:?}\n    include = [{source:?}]\n  }}\n",
                path.display().to_string()
            ));
        }
        text.push_str("}\n");
        text
    }
}

/// Finds a filesystem mirror that holds the version of `hashicorp/aws` that we compare with.
///
/// # Errors
/// A fragment that says where it was looked for.
pub fn hashicorp_aws_mirror() -> Result<PathBuf, String> {
    let mut places: Vec<PathBuf> = environment::path(environment::PLUGIN_MIRROR)
        .into_iter()
        .collect();
    // Terraform's implied local mirrors.
    places.extend(environment::path("HOME").map(|home| home.join(".terraform.d/plugins")));
    places.extend(
        [
            "/usr/local/share/terraform/plugins",
            "/usr/share/terraform/plugins",
        ]
        .map(PathBuf::from),
    );
    let package = |place: &PathBuf| {
        place
            .join(HASHICORP_AWS)
            .join(HASHICORP_AWS_VERSION)
            .join(platform())
    };
    places.into_iter().find(|place| package(place).is_dir()).ok_or_else(|| {
        format!(
            "hashicorp/aws {HASHICORP_AWS_VERSION} mirror not found (set {} to a filesystem mirror that holds it)",
            environment::PLUGIN_MIRROR
        )
    })
}

/// The platform as Terraform writes it: `linux_amd64`.
pub fn platform() -> String {
    let os = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{os}_{arch}")
}

/// Makes a mirror of `binary` below `folder`, once per content: tests that run side by side share it, and a rebuilt
/// binary gets another one.
fn make(binary: &Path, folder: &Path) -> io::Result<PathBuf> {
    let metadata = fs::metadata(binary)?;
    let modified = metadata
        .modified()?
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_nanos());
    let mirror = folder.join(format!("{modified:x}-{:x}", metadata.len()));
    if mirror.is_dir() {
        return Ok(mirror);
    }
    fs::create_dir_all(folder)?;
    let draft = tempfile::tempdir_in(folder)?;
    let version = OUR_VERSION;
    let package = draft.path().join(OURS).join(version).join(platform());
    fs::create_dir_all(&package)?;
    let entry = package.join(format!("terraform-provider-dynamodb_v{version}"));
    // A hard link costs nothing and keeps its content when cargo replaces the binary.
    fs::hard_link(binary, &entry).or_else(|_| fs::copy(binary, &entry).map(|_| ()))?;
    match fs::rename(draft.path(), &mirror) {
        // Another process may have been quicker; its mirror is the same.
        Err(_) if mirror.is_dir() => Ok(mirror),
        outcome => outcome.map(|()| mirror),
    }
}
