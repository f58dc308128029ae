//! The front door: settings put together once, one client per service and Region, one identity.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::IdentityCache;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::autoscaling::{self, AutoScaling};
use crate::aws_backup::{self, AwsBackup};
use crate::call::{Call, Caller, Line};
use crate::clock::Clock;
use crate::config::{AssumeRole, Config, IgnoreTags, RetryMode};
use crate::credentials::{self, RoleProvider, WebIdentityProvider};
use crate::cx::Cx;
use crate::dynamodb::{self, DynamoDb};
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::headers::Headers;
use crate::http;
use crate::identity::CallerIdentity;
use crate::kms::{self, Kms};
use crate::names::Region;
use crate::operation::Operation;
use crate::organizations::{self, Organizations};
use crate::pacing::Pacer;
use crate::remembered::Remembered;
use crate::server_time::{SdkTime, ServerTime};
use crate::settings::{Settings, invalid};

/// Loading credentials may start a program or a browser login.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(60);

/// Attempts of the calls that fetch credentials; our own calls count theirs by `max_retries`.
const CREDENTIALS_ATTEMPTS: u32 = 3;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// All clients of one provider configuration. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct Clients {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    region: Region,
    http: SharedHttpClient,
    sts_caller: Caller,
    user_agent: Option<Arc<str>>,
    sdk_config: OnceCell<SdkConfig>,
    identity: OnceCell<CallerIdentity>,
    identity_failure: Remembered,
    server_times: Mutex<HashMap<Region, Arc<ServerTime>>>,
    dynamodb: Mutex<HashMap<Region, Arc<dynamodb::Regional>>>,
    kms: Mutex<HashMap<Region, Arc<kms::Regional>>>,
    autoscaling: Mutex<HashMap<Region, Arc<autoscaling::Regional>>>,
    aws_backup: Mutex<HashMap<Region, Arc<aws_backup::Regional>>>,
    organizations: Mutex<HashMap<Region, Arc<organizations::Regional>>>,
    /// The same with one more role, each made once.
    assumed: Mutex<Vec<(AssumeRole, Clients)>>,
}

impl Clients {
    /// Puts the configuration together. Asks nobody over the network, unless no Region is
    /// configured anywhere and the metadata service of EC2 may be asked for it.
    ///
    /// Credentials are looked for, and the account is checked, at the first call that needs them.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] where something in it cannot be used.
    pub async fn connect(
        config: Config,
        environment: &Environment,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let settings = Settings::resolve(config, environment)?;
        let http = http::client(&settings)?;
        Self::with_http(settings, http, clock).await
    }

    pub(crate) async fn with_http(
        settings: Settings,
        http: SharedHttpClient,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let region = match &settings.region {
            Some(region) => region.clone(),
            None => Box::pin(find_region(&settings, &http)).await?,
        };
        if !settings.skip_region_validation {
            check_region(&region)?;
        }
        let sts_caller = Caller {
            pacer: Arc::new(Pacer::new(
                Arc::clone(&clock),
                settings.retry_mode == RetryMode::Adaptive,
            )),
            clock: Arc::clone(&clock),
            region: region.clone(),
            max_attempts: settings.max_attempts,
            credentials_tried: credentials::tried(&settings).into(),
            refused_credentials: Remembered::default(),
            accepted_in: Arc::default(),
            line: Line::to(settings.endpoints.sts.as_deref()),
        };
        Ok(Self {
            shared: Arc::new(Shared::new(settings, clock, region, http, sts_caller)),
        })
    }

    /// The same clients with one more role at the end of the chain: what they do, they do as that role. HTTP, endpoints,
    /// pace and clock are shared; the credentials that assume the role are those of these clients, and it is assumed at
    /// the first call. Asked again for the same role, they are the same clients.
    ///
    /// `allowed_account_ids` does not bind them: the role's ARN names its account, which is the caller's to judge.
    /// `forbidden_account_ids` does.
    pub async fn assuming(&self, role: &AssumeRole) -> Self {
        let config = self.shared.sdk_config().await;
        let mut assumed = self.shared.assumed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, clients)) = assumed.iter().find(|(other, _)| other == role) {
            return clients.clone();
        }
        let mut settings = self.shared.settings.clone();
        let provider = RoleProvider::new(config, settings.endpoints.sts.as_deref(), role.clone());
        settings.roles.push(role.clone());
        settings.accounts.allowed.clear();
        let sts_caller = Caller {
            credentials_tried: credentials::tried(&settings).into(),
            refused_credentials: Remembered::default(),
            accepted_in: Arc::default(),
            ..self.shared.sts_caller.clone()
        };
        let shared = Shared {
            sdk_config: OnceCell::new_with(Some(with_credentials(
                config,
                SharedCredentialsProvider::new(provider),
            ))),
            ..Shared::new(
                settings,
                Arc::clone(&self.shared.clock),
                self.shared.region.clone(),
                self.shared.http.clone(),
                sts_caller,
            )
        };
        let clients = Self {
            shared: Arc::new(shared),
        };
        assumed.push((role.clone(), clients.clone()));
        clients
    }

    /// The Region of objects that do not name their own.
    pub fn region(&self) -> &Region {
        &self.shared.region
    }

    /// Tags that every object gets.
    pub fn default_tags(&self) -> &BTreeMap<String, String> {
        &self.shared.settings.default_tags
    }

    /// Tags that are left alone.
    pub fn ignore_tags(&self) -> &IgnoreTags {
        &self.shared.settings.ignore_tags
    }

    /// The clock that was passed in, for deadlines.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// AWS's time in a Region: this machine's clock, corrected by AWS's last answer from there.
    pub fn now(&self, region: &Region) -> Timestamp {
        self.shared.server_time(region).now()
    }

    /// DynamoDB in a Region; its client is made once.
    pub fn dynamodb(&self, region: &Region) -> DynamoDb {
        let mut regions = self
            .shared
            .dynamodb
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let endpoint = self.shared.settings.endpoints.dynamodb.as_deref();
        let regional = regions
            .entry(region.clone())
            .or_insert_with(|| Arc::new(dynamodb::Regional::new(self.shared.caller(region, endpoint))));
        DynamoDb::new(Arc::clone(&self.shared), Arc::clone(regional))
    }

    /// KMS in a Region; its client is made once.
    pub fn kms(&self, region: &Region) -> Kms {
        let mut regions = self.shared.kms.lock().unwrap_or_else(PoisonError::into_inner);
        let endpoint = self.shared.settings.endpoints.kms.as_deref();
        let regional = regions
            .entry(region.clone())
            .or_insert_with(|| Arc::new(kms::Regional::new(self.shared.caller(region, endpoint))));
        Kms::new(Arc::clone(&self.shared), Arc::clone(regional))
    }

    /// Application Auto Scaling in a Region; its client is made once.
    pub fn autoscaling(&self, region: &Region) -> AutoScaling {
        let mut regions = self
            .shared
            .autoscaling
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let endpoint = self.shared.settings.endpoints.appautoscaling.as_deref();
        let regional = regions
            .entry(region.clone())
            .or_insert_with(|| Arc::new(autoscaling::Regional::new(self.shared.caller(region, endpoint))));
        AutoScaling::new(Arc::clone(&self.shared), Arc::clone(regional))
    }

    /// AWS Backup in a Region; its client is made once.
    pub fn aws_backup(&self, region: &Region) -> AwsBackup {
        let mut regions = self
            .shared
            .aws_backup
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let endpoint = self.shared.settings.endpoints.backup.as_deref();
        let regional = regions
            .entry(region.clone())
            .or_insert_with(|| Arc::new(aws_backup::Regional::new(self.shared.caller(region, endpoint))));
        AwsBackup::new(Arc::clone(&self.shared), Arc::clone(regional))
    }

    /// AWS Organizations of the partition of a Region; its client is made once.
    pub fn organizations(&self, region: &Region) -> Organizations {
        let mut regions = self
            .shared
            .organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let endpoint = self.shared.settings.endpoints.organizations.as_deref();
        let regional = regions
            .entry(region.clone())
            .or_insert_with(|| Arc::new(organizations::Regional::new(self.shared.caller(region, endpoint))));
        Organizations::new(Arc::clone(&self.shared), Arc::clone(regional))
    }

    /// Who we are to AWS; `None` with `skip_requesting_account_id`.
    ///
    /// Asked once per process, however many callers there are; after a failure, once in twenty seconds.
    ///
    /// # Errors
    /// [`ErrorKind::Credentials`] when there are none or AWS does not accept them;
    /// [`ErrorKind::Account`] when the provider block rules the account out.
    pub async fn find_identity(&self, cx: &Cx) -> Result<Option<CallerIdentity>, Error> {
        if self.shared.settings.skip_requesting_account_id {
            return Ok(None);
        }
        self.shared
            .identity(cx)
            .await
            .map(|identity| Some(identity.clone()))
    }
}

impl Shared {
    /// Nothing has been asked of AWS yet.
    fn new(
        settings: Settings,
        clock: Arc<dyn Clock>,
        region: Region,
        http: SharedHttpClient,
        sts_caller: Caller,
    ) -> Self {
        Self {
            user_agent: settings.user_agent.as_deref().map(Arc::from),
            settings,
            clock,
            region,
            http,
            sts_caller,
            sdk_config: OnceCell::new(),
            identity: OnceCell::new(),
            identity_failure: Remembered::default(),
            server_times: Mutex::default(),
            dynamodb: Mutex::default(),
            kms: Mutex::default(),
            autoscaling: Mutex::default(),
            aws_backup: Mutex::default(),
            organizations: Mutex::default(),
            assumed: Mutex::default(),
        }
    }

    /// Refuses to go on in an account that the provider block rules out.
    pub(crate) async fn check_account(&self, cx: &Cx) -> Result<(), Error> {
        if self.settings.accounts.is_restricted() {
            self.identity(cx).await?;
        }
        Ok(())
    }

    /// Refuses the name of a Region that none has: AWS has no address for it, and an endpoint of one's own may take it
    /// for a Region where nothing is.
    pub(crate) fn check_region(&self, region: &Region) -> Result<(), Error> {
        if self.settings.skip_region_validation || is_region_name(region.as_str()) {
            return Ok(());
        }
        Err(
            Error::new(ErrorKind::Configuration, "choosing the Region of an object")
                .because(no_region(region)),
        )
    }

    async fn identity(&self, cx: &Cx) -> Result<&CallerIdentity, Error> {
        let ask = || async {
            if let Some(failure) = self.identity_failure.find(self.clock.elapsed()) {
                return Err(failure);
            }
            let asked = Box::pin(self.ask_identity(cx)).await;
            match &asked {
                Err(error) if !matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::TimedOut) => {
                    self.identity_failure.set(self.clock.elapsed(), error);
                }
                _ => {}
            }
            asked
        };
        let identity = self.identity.get_or_try_init(ask).await?;
        identity.check(&self.settings.accounts)?;
        Ok(identity)
    }

    async fn ask_identity(&self, cx: &Cx) -> Result<CallerIdentity, Error> {
        let config = self.sdk_config().await;
        let mut builder = aws_sdk_sts::config::Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .interceptor(self.headers(&self.region));
        if let Some(url) = &self.settings.endpoints.sts {
            builder = builder.endpoint_url(url);
        }
        let sts = aws_sdk_sts::Client::from_conf(builder.build());
        let call = Call::new(
            Operation::GetCallerIdentity,
            "asking STS for the caller's account",
            "sts",
        );
        let answer = self
            .sts_caller
            .call(cx, &call, || sts.get_caller_identity().send())
            .await?;
        let identity = CallerIdentity::new(answer.account, answer.arn).ok_or_else(|| {
            Error::new(ErrorKind::Other, call.doing).because("STS answered without an account or an ARN")
        })?;
        tracing::debug!(account = identity.account, arn = identity.arn, "caller identity");
        Ok(identity)
    }

    /// The caller of one service in one Region; all share their pace.
    fn caller(&self, region: &Region, endpoint: Option<&str>) -> Caller {
        Caller {
            region: region.clone(),
            refused_credentials: Remembered::default(),
            line: Line::to(endpoint),
            ..self.sts_caller.clone()
        }
    }

    pub(crate) fn server_time(&self, region: &Region) -> Arc<ServerTime> {
        let mut times = self.server_times.lock().unwrap_or_else(PoisonError::into_inner);
        let time = times
            .entry(region.clone())
            .or_insert_with(|| Arc::new(ServerTime::new(Arc::clone(&self.clock))));
        Arc::clone(time)
    }

    pub(crate) fn headers(&self, region: &Region) -> Headers {
        Headers {
            server_time: self.server_time(region),
            user_agent: self.user_agent.clone(),
        }
    }

    /// What all SDK clients have in common. Made at the first call.
    pub(crate) async fn sdk_config(&self) -> &SdkConfig {
        // On the heap: it would make the future of every call larger, and is awaited once.
        self.sdk_config
            .get_or_init(|| Box::pin(self.load_sdk_config()))
            .await
    }

    async fn load_sdk_config(&self) -> SdkConfig {
        let settings = &self.settings;
        let region = aws_types::region::Region::new(self.region.as_str().to_owned());
        let provider_config = provider_config(&self.http).with_region(Some(region.clone()));
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(region)
            .http_client(self.http.clone())
            .time_source(SdkTime(Arc::clone(&self.clock)))
            .credentials_provider(credentials::base(settings, &provider_config))
            .identity_cache(IdentityCache::lazy().load_timeout(CREDENTIALS_TIMEOUT).build())
            .retry_config(RetryConfig::standard().with_max_attempts(CREDENTIALS_ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT.min(settings.attempt_timeout))
                    .operation_attempt_timeout(settings.attempt_timeout)
                    .build(),
            )
            // Answers are small and the attempt has a time limit of its own.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        if let Some(name) = settings.profile.name() {
            loader = loader.profile_name(name);
        }
        if let Some(files) = credentials::shared_files(settings) {
            loader = loader.profile_files(files);
        }
        if let Some(use_fips) = settings.use_fips {
            loader = loader.use_fips(use_fips);
        }
        if let Some(use_dualstack) = settings.use_dualstack {
            loader = loader.use_dual_stack(use_dualstack);
        }
        let mut config = loader.load().await;
        let sts_url = settings.endpoints.sts.as_deref();
        if let Some(identity) = settings.web_identity.clone() {
            let provider = WebIdentityProvider::new(&config, sts_url, identity);
            config = with_credentials(&config, SharedCredentialsProvider::new(provider));
        }
        for role in settings.roles.clone() {
            let provider = RoleProvider::new(&config, sts_url, role);
            config = with_credentials(&config, SharedCredentialsProvider::new(provider));
        }
        config
    }
}

fn with_credentials(config: &SdkConfig, provider: SharedCredentialsProvider) -> SdkConfig {
    config.to_builder().credentials_provider(provider).build()
}

fn provider_config(http: &SharedHttpClient) -> ProviderConfig {
    ProviderConfig::without_region().with_http_client(http.clone())
}

/// The Region of the profile, or of the machine.
async fn find_region(settings: &Settings, http: &SharedHttpClient) -> Result<Region, Error> {
    let provider_config = provider_config(http);
    let mut profile = ProfileFileRegionProvider::builder().configure(&provider_config);
    if let Some(name) = settings.profile.name() {
        profile = profile.profile_name(name);
    }
    if let Some(files) = credentials::shared_files(settings) {
        profile = profile.profile_files(files);
    }
    if let Some(region) = profile.build().region().await {
        return Ok(Region::new(region.as_ref()));
    }
    if !settings.skip_metadata_api {
        let metadata = ImdsRegionProvider::builder().configure(&provider_config).build();
        if let Some(region) = metadata.region().await {
            return Ok(Region::new(region.as_ref()));
        }
    }
    Err(invalid(
        "no AWS Region is configured: give `region = \"eu-west-1\"` in the provider block, or set AWS_REGION, \
         or a region in the profile",
    ))
}

/// The form of Region names in all partitions, by botocore's `partitions.json`.
fn check_region(region: &Region) -> Result<(), Error> {
    is_region_name(region.as_str())
        .then_some(())
        .ok_or_else(|| invalid(no_region(region)))
}

fn no_region(region: &Region) -> String {
    format!(
        "{:?} is not the name of an AWS Region, such as \"eu-west-1\"; for one that this provider does not know, give \
         skip_region_validation = true in the provider block",
        region.as_str()
    )
}

/// Whether a name has the form of a Region's: new ones come every year.
fn is_region_name(name: &str) -> bool {
    const AREAS: [&str; 12] = [
        "af", "ap", "ca", "cn", "eu", "eusc", "il", "me", "mx", "sa", "us", "nz",
    ];
    let mut parts = name.split('-');
    let area = parts.next().unwrap_or_default();
    let number = name.rsplit('-').next().unwrap_or_default();
    let lowercase = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let enough = name.split('-').count() >= 3;
    lowercase && enough && AREAS.contains(&area) && number.parse::<u8>().is_ok()
}
