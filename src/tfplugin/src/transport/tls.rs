//! go-plugin's mutual TLS: one server certificate of our own, one client certificate that is pinned.
//!
//! Terraform makes a key pair for each process that it starts and hands its certificate over in the
//! environment; we hand ours over in the handshake line. Neither side knows any authority, so the
//! usual checks of a chain are of no use: the certificate must be the very one that was announced,
//! and the client must hold its key.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ServerConfig};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

/// TLS for one process: what the acceptor needs, and the certificate for the handshake line.
#[derive(Debug)]
pub(crate) struct Tls {
    /// For the acceptor of connections.
    pub(crate) config: Arc<ServerConfig>,
    /// The server's certificate, DER.
    pub(crate) certificate: CertificateDer<'static>,
}

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// The caller's certificate is not one.
    #[error("reading the certificate in PLUGIN_CLIENT_CERT")]
    ClientCertificate(#[source] rustls::pki_types::pem::Error),
    /// Our own certificate could not be made.
    #[error("making a certificate for this process")]
    OwnCertificate(#[source] rcgen::Error),
    /// rustls does not accept what we made.
    #[error("setting up TLS")]
    Config(#[source] rustls::Error),
}

impl Tls {
    /// Makes a key and a certificate, kept in memory only, and admits only the client that holds the
    /// key of the certificate `client`, in PEM.
    pub(crate) fn new(client: &[u8], provider: &Arc<CryptoProvider>) -> Result<Self, TlsError> {
        let client = CertificateDer::from_pem_slice(client).map_err(TlsError::ClientCertificate)?;
        // P-256 is the quickest to make. Terraform trusts a leaf that it was told about; it looks for
        // the name "localhost" and for nothing else.
        let key =
            rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(TlsError::OwnCertificate)?;
        let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
            .and_then(|params| params.self_signed(&key))
            .map_err(TlsError::OwnCertificate)?;
        let certificate = certificate.der().clone();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());

        let verifier = PinnedClient {
            certificate: client,
            provider: Arc::clone(provider),
        };
        let mut config = ServerConfig::builder_with_provider(Arc::clone(provider))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(TlsError::Config)?
            .with_client_cert_verifier(Arc::new(verifier))
            .with_single_cert(vec![certificate.clone()], key.into())
            .map_err(TlsError::Config)?;
        // Terraform 1.12 and later refuse a server that does not name the protocol.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // Every connection shows its certificate: nothing is resumed.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self {
            config: Arc::new(config),
            certificate,
        })
    }
}

/// Admits the one certificate that was announced.
///
/// What Terraform presents is an authority's certificate used as a leaf, on P-521, which the usual
/// verifiers refuse.
#[derive(Debug)]
struct PinnedClient {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for PinnedClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        true
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if intermediates.is_empty() && *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            ))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        // Must hold ECDSA_NISTP521_SHA512: without it Terraform finds no way to sign and presents no
        // certificate at all.
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_can_sign_with_p521() {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = PinnedClient {
            certificate: CertificateDer::from(vec![]),
            provider,
        };
        assert!(
            verifier
                .supported_verify_schemes()
                .contains(&SignatureScheme::ECDSA_NISTP521_SHA512)
        );
    }

    #[test]
    fn what_is_no_certificate_is_an_error() {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let err = Tls::new(b"hello", &provider).expect_err("not PEM");
        assert_eq!(err.to_string(), "reading the certificate in PLUGIN_CLIENT_CERT");
    }
}
