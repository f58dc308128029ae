//! The Unix socket, in a fresh folder that nobody else can enter.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustls::crypto::SecureRandom;

/// The shortest limit to the path of a Unix socket among the systems we run on (macOS: 104 bytes
/// with the final zero; Linux has 108).
const MAX_PATH: usize = 103;

/// A bound socket. Its folder is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Socket {
    folder: PathBuf,
    path: PathBuf,
}

/// Why there is no socket.
#[derive(Debug, thiserror::Error)]
#[error("making a socket for Terraform below {}", folder.display())]
pub(crate) struct SocketError {
    folder: PathBuf,
    source: io::Error,
}

impl Socket {
    /// Binds a socket in a new folder of mode 0700, below `base` or else the system's folder for
    /// temporary files. Where that path would be too long for a socket, the folder is made in `/tmp`.
    pub(crate) fn bind(
        base: Option<&Path>,
        random: &dyn SecureRandom,
    ) -> Result<(Self, UnixListener), SocketError> {
        let base = base.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let base = std::path::absolute(&base).unwrap_or(base);
        let base = if fits(&base) { base } else { PathBuf::from("/tmp") };
        let failed = |source| SocketError {
            folder: base.clone(),
            source,
        };
        let folder = make_folder(&base, random).map_err(failed)?;
        let path = folder.join(NAME);
        // From here on, dropping removes the folder.
        let socket = Self { folder, path };
        let listener = UnixListener::bind(&socket.path).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        Ok((socket, listener))
    }

    /// Where the socket is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Nobody is left to be told when this fails, and a file left in a folder for temporary files
        // does no harm.
        let _ = std::fs::remove_file(&self.path);
        let _ = std::fs::remove_dir(&self.folder);
    }
}

const NAME: &str = "socket";
const PREFIX: &str = "tfplugin-";
const RANDOM_BYTES: usize = 8;

fn fits(base: &Path) -> bool {
    let length = base.as_os_str().as_bytes().len() + 1 + PREFIX.len() + 2 * RANDOM_BYTES + 1 + NAME.len();
    length <= MAX_PATH
}

fn make_folder(base: &Path, random: &dyn SecureRandom) -> io::Result<PathBuf> {
    // Making a folder fails when the name is taken, be it by a link that somebody laid out, so a name
    // that was made is ours alone. A few tries are for the odd collision.
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for _ in 0..8 {
        let mut bytes = [0; RANDOM_BYTES];
        random
            .fill(&mut bytes)
            .map_err(|_| io::Error::other("no random bytes from the system"))?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = base.join(format!("{PREFIX}{name}"));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(err) if err.kind() == io::ErrorKind::AlreadyExists => last = err,
            Err(err) => return Err(err),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn bind(base: &Path) -> Result<(Socket, UnixListener), SocketError> {
        Socket::bind(
            Some(base),
            rustls::crypto::aws_lc_rs::default_provider().secure_random,
        )
    }

    #[test]
    fn the_folder_is_ours_alone_and_goes_with_the_socket() {
        let base = tempfile::tempdir().expect("a folder");
        let (socket, _listener) = bind(base.path()).expect("a socket");
        let folder = socket.path().parent().expect("a folder").to_path_buf();
        assert_eq!(folder.parent(), Some(base.path()));
        assert_eq!(
            std::fs::metadata(&folder)
                .expect("the folder")
                .permissions()
                .mode()
                & 0o777,
            0o700
        );
        assert!(socket.path().exists());
        drop(socket);
        assert!(!folder.exists());
    }

    #[test]
    fn a_long_path_falls_back_to_tmp() {
        let base = tempfile::tempdir().expect("a folder");
        let long = base.path().join("x".repeat(90));
        std::fs::create_dir(&long).expect("a folder");
        let (socket, _listener) = bind(&long).expect("a socket");
        assert!(socket.path().starts_with("/tmp"), "{}", socket.path().display());
        assert!(socket.path().as_os_str().len() <= MAX_PATH);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        let err = bind(Path::new("/nonexistent")).expect_err("no such folder");
        assert_eq!(
            err.to_string(),
            "making a socket for Terraform below /nonexistent"
        );
    }
}
