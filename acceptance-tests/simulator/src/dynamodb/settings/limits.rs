//! DescribeLimits and DescribeEndpoints.

use serde_json::{Value, json};

use crate::world::Context;

/// The default quotas of every Region.
pub(crate) fn limits() -> Value {
    json!({
        "AccountMaxReadCapacityUnits": 80_000,
        "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000,
        "TableMaxWriteCapacityUnits": 40_000,
    })
}

/// The endpoint that the client already uses: discovery must not lead it away from here.
pub(crate) fn endpoints(cx: &Context<'_>) -> Value {
    json!({"Endpoints": [{"Address": cx.host, "CachePeriodInMinutes": 1440}]})
}
