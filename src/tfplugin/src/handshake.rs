//! The one line by which a plugin tells Terraform how to reach it.

use std::fmt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The version of the plugin protocol that this crate speaks. The minor number is never told.
pub(crate) const PROTOCOL_VERSION: u32 = 6;

/// go-plugin's own protocol, beneath Terraform's.
const CORE_VERSION: u32 = 1;

/// `CORE|APP|NETWORK|ADDRESS|TYPE|CERTIFICATE`, and `|false` when the caller asked for multiplexing.
#[derive(Debug)]
pub(crate) struct HandshakeLine<'a> {
    /// Where the plugin listens, already, when the line is printed.
    pub(crate) socket: &'a Path,
    /// The server's certificate, when TLS is spoken.
    pub(crate) certificate: Option<&'a [u8]>,
    /// The caller expects a seventh field.
    pub(crate) asks_for_multiplexing: bool,
}

impl fmt::Display for HandshakeLine<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{CORE_VERSION}|{PROTOCOL_VERSION}|unix|{}|grpc|",
            self.socket.display()
        )?;
        if let Some(der) = self.certificate {
            // Go reads base64 without padding here, and refuses it with.
            out.write_str(&STANDARD_NO_PAD.encode(der))?;
        }
        if self.asks_for_multiplexing {
            out.write_str("|false")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_six_fields_or_seven() {
        let line = HandshakeLine {
            socket: Path::new("/tmp/plugin1/socket"),
            certificate: Some(&[0xff; 4]),
            asks_for_multiplexing: false,
        };
        assert_eq!(line.to_string(), "1|6|unix|/tmp/plugin1/socket|grpc|/////w");
        let line = HandshakeLine {
            certificate: None,
            ..line
        };
        assert_eq!(line.to_string(), "1|6|unix|/tmp/plugin1/socket|grpc|");
        let line = HandshakeLine {
            asks_for_multiplexing: true,
            ..line
        };
        assert_eq!(line.to_string(), "1|6|unix|/tmp/plugin1/socket|grpc||false");
    }
}
