//! What Terraform's own environment variables say. The only place of the crate that asks the environment.

use std::path::PathBuf;

use aws_clients::Environment;

/// The folder for the records of attempts, relative to the working directory, which is that of the root module.
pub(crate) fn attempts_folder(environment: &Environment) -> PathBuf {
    let data_folder = environment.find("TF_DATA_DIR").unwrap_or(".terraform");
    PathBuf::from(data_folder).join("dynamodb").join("attempts")
}
