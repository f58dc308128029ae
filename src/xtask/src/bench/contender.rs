//! A provider that is measured: its binary, its mirror, and how its configuration is written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use acceptance_tests::{HASHICORP_AWS_VERSION, Mirrors, platform};

/// A provider that is measured.
pub(super) struct Contender {
    /// The local name in the configuration.
    pub(super) name: &'static str,
    /// The address.
    source: &'static str,
    /// The program.
    pub(super) binary: PathBuf,
    /// Where `terraform init` finds it.
    pub(super) mirrors: Mirrors,
    /// The resource that has point-in-time recovery, and its body.
    pub(super) recovery: (&'static str, &'static str),
}

impl Contender {
    /// Our provider.
    pub(super) fn ours(folder: &Path, binary: &Path) -> io::Result<Self> {
        Ok(Self {
            name: "dynamodb",
            source: "dynamodb-backup/dynamodb",
            binary: binary.to_owned(),
            mirrors: Mirrors::at(&folder.join("plugins"), binary)?,
            recovery: (
                "dynamodb_point_in_time_recovery",
                "  table_name = \"t-${count.index}\"\n",
            ),
        })
    }

    /// hashicorp/aws from a mirror.
    pub(super) fn hashicorp_aws(mirror: PathBuf) -> io::Result<Self> {
        let package = mirror
            .join("registry.terraform.io/hashicorp/aws")
            .join(HASHICORP_AWS_VERSION)
            .join(platform());
        let binary = fs::read_dir(&package)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| {
                path.file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("terraform-provider-"))
            })
            .ok_or_else(|| io::Error::other(format!("{} holds no provider", package.display())))?;
        Ok(Self {
            name: "aws",
            source: "hashicorp/aws",
            binary,
            mirrors: Mirrors::only_hashicorp_aws(mirror),
            recovery: (
                "aws_dynamodb_table",
                "  name         = \"t-${count.index}\"\n  billing_mode = \"PAY_PER_REQUEST\"\n  hash_key     = \"pk\"\n  \
                 attribute {\n    name = \"pk\"\n    type = \"S\"\n  }\n  point_in_time_recovery {\n    enabled = true\n  }\n",
            ),
        })
    }

    /// The blocks that every configuration begins with.
    pub(super) fn header(&self) -> String {
        format!(
            "terraform {{\n  required_providers {{\n    {name} = {{\n      source = \"{source}\"\n    }}\n  }}\n}}\n\n\
             provider \"{name}\" {{\n  region = \"us-east-1\"\n}}\n\n",
            name = self.name,
            source = self.source
        )
    }

    /// Bytes of the program.
    pub(super) fn size(&self) -> u64 {
        fs::metadata(&self.binary).map_or(0, |metadata| metadata.len())
    }
}
