//! Times as Terraform's own functions read them.

use jiff::Timestamp;
use tfsdk::Attr;

/// A time in UTC. Whole seconds: AWS's answers to different calls about one object differ in the fraction.
pub(crate) fn rfc3339(time: Option<Timestamp>) -> Attr<String> {
    time.map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .into()
}
