//! The one HTTP client of the process: plain for `http` endpoints, TLS for `https` ones, each with
//! its proxy.
//!
//! The TLS side, and with it the system's certificates, is loaded at the first `https` request.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore};
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::Error;
use crate::settings::{Settings, invalid};
use crate::unverified::Unverified;

/// Idle connections that are kept per host. More would only hold memory: a plan sends its calls at
/// ten per second.
const IDLE_PER_HOST: usize = 8;

/// The largest answer that is read, in bytes. A page of a list takes some hundred kilobytes; what sends more is not AWS,
/// and may never end.
const LARGEST_ANSWER: usize = 8 << 20;

/// Makes the client from the settings. Reads the file of `custom_ca_bundle`, if there is one.
///
/// # Errors
/// [`crate::ErrorKind::Configuration`] for a proxy or a certificate file that cannot be used.
pub(crate) fn client(settings: &Settings) -> Result<SharedHttpClient, Error> {
    if settings.insecure && settings.proxies.https.is_some() {
        return Err(invalid(
            "insecure = true does not go together with a proxy for https: name the authority that signed the \
             server's certificate instead, custom_ca_bundle = \"/path/to/authority.pem\", or give https_proxy = \"\"",
        ));
    }
    let proxy = |url: &Option<String>, kind: fn(String) -> Result<ProxyConfig, _>, name: &str| {
        let Some(url) = url else { return Ok(None) };
        let config = kind(url.clone()).map_err(|error: aws_smithy_http_client::proxy::ProxyError| {
            // The URL may hold a password, so it is not shown.
            invalid(format!(
                "{name} is not the URL of a proxy, such as http://proxy.example.com:3128: {error}"
            ))
        })?;
        Ok(Some(match &settings.proxies.no_proxy {
            Some(hosts) => config.no_proxy(hosts),
            None => config,
        }))
    };
    Ok(SharedHttpClient::new(Client {
        how: Arc::new(How {
            http_proxy: proxy(&settings.proxies.http, ProxyConfig::http, "http_proxy")?,
            https_proxy: proxy(&settings.proxies.https, ProxyConfig::https, "https_proxy")?,
            ca_bundle: settings.ca_bundle.as_deref().map(ca_bundle).transpose()?,
            insecure: settings.insecure,
        }),
        connectors: Mutex::default(),
    }))
}

/// Reads and checks the file, since the TLS library would panic on a broken one.
fn ca_bundle(path: &Path) -> Result<Vec<u8>, Error> {
    let unusable = |why: String| invalid(format!("custom_ca_bundle {path:?} cannot be used: {why}"));
    let pem = std::fs::read(path).map_err(|error: io::Error| unusable(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| unusable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unusable("it holds no certificate in PEM form".to_owned()));
    }
    Ok(pem)
}

struct How {
    http_proxy: Option<ProxyConfig>,
    https_proxy: Option<ProxyConfig>,
    ca_bundle: Option<Vec<u8>>,
    insecure: bool,
}

struct Client {
    how: Arc<How>,
    /// Each has a pool of connections.
    connectors: Mutex<HashMap<Timeouts, SharedHttpConnector>>,
}

#[derive(PartialEq, Eq, Hash)]
struct Timeouts {
    connect: Option<Duration>,
    read: Option<Duration>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl HttpClient for Client {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let timeouts = Timeouts {
            connect: settings.connect_timeout(),
            read: settings.read_timeout(),
        };
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let connector = connectors.entry(timeouts).or_insert_with(|| {
            SharedHttpConnector::new(ByScheme {
                how: Arc::clone(&self.how),
                settings: settings.clone(),
                plain: OnceLock::new(),
                encrypted: OnceLock::new(),
            })
        });
        connector.clone()
    }
}

/// Two connectors, each made when first needed.
struct ByScheme {
    how: Arc<How>,
    settings: HttpConnectorSettings,
    plain: OnceLock<Connector>,
    encrypted: OnceLock<SharedHttpConnector>,
}

impl fmt::Debug for ByScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByScheme")
    }
}

impl HttpConnector for ByScheme {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = if request.uri().starts_with("http://") {
            self.plain.get_or_init(|| self.plain()).call(request)
        } else {
            self.encrypted.get_or_init(|| self.encrypted()).call(request)
        };
        HttpConnectorFuture::new(async move {
            let bounded = |body| SdkBody::from_body_1_x(Limited::new(body, LARGEST_ANSWER));
            Ok(answer.await?.map(bounded))
        })
    }
}

impl ByScheme {
    fn plain(&self) -> Connector {
        let mut builder = self.builder();
        builder.set_proxy_config(Some(
            self.how.http_proxy.clone().unwrap_or_else(ProxyConfig::disabled),
        ));
        builder.build_http()
    }

    fn encrypted(&self) -> SharedHttpConnector {
        if self.how.insecure {
            return SharedHttpConnector::new(Unverified::new(IDLE_PER_HOST));
        }
        let mut roots = TrustStore::default();
        if let Some(pem) = &self.how.ca_bundle {
            roots = roots.with_pem_certificate(pem.clone());
        }
        let context = TlsContext::builder()
            .with_trust_store(roots)
            .build()
            .expect("a context is made of the trust store alone, which was checked");
        let mut builder = self.builder();
        builder.set_proxy_config(Some(
            self.how.https_proxy.clone().unwrap_or_else(ProxyConfig::disabled),
        ));
        let connector = builder
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc))
            .tls_context(context)
            .build();
        SharedHttpConnector::new(connector)
    }

    fn builder(&self) -> ConnectorBuilder {
        Connector::builder()
            .connector_settings(self.settings.clone())
            .pool_max_idle_per_host(IDLE_PER_HOST)
    }
}
