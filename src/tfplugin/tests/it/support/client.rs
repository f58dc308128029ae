//! The client that plays Terraform: certificates as Terraform makes them, and the connection.

use std::io;
use std::path::Path;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::transport::{Channel, Endpoint, Uri};

/// A certificate and its key.
pub(crate) struct Identity {
    pub(crate) certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
    pub(crate) pem: String,
}

impl Identity {
    /// As Terraform makes it for each process: P-521, self-signed, an authority used as a leaf.
    pub(crate) fn of_terraform() -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).expect("a key");
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("params");
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::OrganizationName, "HashiCorp");
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ClientAuth,
            ExtendedKeyUsagePurpose::ServerAuth,
        ];
        let certificate = params.self_signed(&key).expect("a certificate");
        Self {
            certificate: certificate.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()),
            pem: certificate.pem(),
        }
    }

    /// This certificate with somebody else's key.
    pub(crate) fn with_key_of(&self, other: &Identity) -> Self {
        Self {
            certificate: self.certificate.clone(),
            key: other.key.clone_key(),
            pem: self.pem.clone(),
        }
    }
}

/// What a client brings to a TLS connection.
pub(crate) struct Hello<'a> {
    pub(crate) server_certificate: &'a [u8],
    pub(crate) identity: Option<&'a Identity>,
    pub(crate) versions: &'a [&'static SupportedProtocolVersion],
    pub(crate) protocols: &'a [&'a str],
}

impl<'a> Hello<'a> {
    /// As Terraform connects.
    pub(crate) fn of_terraform(server_certificate: &'a [u8], identity: &'a Identity) -> Self {
        Self {
            server_certificate,
            identity: Some(identity),
            versions: rustls::ALL_VERSIONS,
            protocols: &["h2"],
        }
    }

    /// Does the TLS handshake. With TLS 1.3 a refusal of the client's certificate shows only when
    /// something is read.
    pub(crate) async fn connect(&self, socket: &Path) -> io::Result<TlsStream<UnixStream>> {
        let stream = UnixStream::connect(socket).await?;
        let config = self.config().map_err(io::Error::other)?;
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    fn config(&self) -> Result<ClientConfig, rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.server_certificate.to_vec()))?;
        let builder =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
                .with_protocol_versions(self.versions)?
                .with_root_certificates(roots);
        let mut config = match self.identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                let key = PrivateKeyDer::Pkcs8(identity.key.clone_key());
                let chain = vec![identity.certificate.clone()];
                // Not the checked way, so that a test can bring a key that does not fit.
                let signing = rustls::crypto::aws_lc_rs::sign::any_supported_type(&key)?;
                let certified = rustls::sign::CertifiedKey::new(chain, signing);
                builder.with_client_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(certified)))
            }
        };
        config.alpn_protocols = self
            .protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        Ok(config)
    }
}

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A gRPC channel to the socket: with TLS as `hello` says, or in the clear.
pub(crate) async fn channel(socket: &Path, hello: Option<Hello<'_>>) -> Channel {
    let stream: Box<dyn Io> = match hello {
        Some(hello) => Box::new(hello.connect(socket).await.expect("a TLS connection")),
        None => Box::new(UnixStream::connect(socket).await.expect("a connection")),
    };
    // One connection is all there is; Terraform too makes only one.
    let mut stream = Some(TokioIo::new(stream));
    let connector = tower::service_fn(move |_: Uri| {
        let stream = stream
            .take()
            .ok_or_else(|| io::Error::other("connected once already"));
        async move { stream }
    });
    Endpoint::from_static("http://localhost")
        .connect_with_connector(connector)
        .await
        .expect("HTTP/2")
}
