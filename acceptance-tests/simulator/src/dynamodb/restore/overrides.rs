//! The override arguments of a restore: which combinations AWS takes, and how they change the recorded design.

use serde::Deserialize;

use super::super::design::{
    BillingMode, Design, GlobalIndex, IndexStatus, KeyElement, OnDemandThroughput, Projection, Throughput,
};
use super::super::encryption::Specification;
use super::super::schema::{self, IndexInput, invalid};
use crate::failure::Failure;

/// Absent index lists restore every index, empty ones none.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Overrides {
    #[serde(rename = "BillingModeOverride")]
    billing_mode: Option<BillingMode>,
    #[serde(rename = "GlobalSecondaryIndexOverride")]
    global_indexes: Option<Vec<IndexInput>>,
    #[serde(rename = "LocalSecondaryIndexOverride")]
    local_indexes: Option<Vec<IndexInput>>,
    #[serde(rename = "ProvisionedThroughputOverride")]
    throughput: Option<Throughput>,
    #[serde(rename = "OnDemandThroughputOverride")]
    on_demand: Option<OnDemandThroughput>,
    #[serde(rename = "SSESpecificationOverride")]
    pub(super) encryption: Option<Specification>,
}

impl Overrides {
    /// What the arguments alone tell.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match (self.billing_mode, self.throughput) {
            (Some(BillingMode::Provisioned), None) => {
                return Err(Failure::validation(
                    "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED",
                ));
            }
            (Some(BillingMode::PayPerRequest), Some(_)) => {
                return Err(Failure::validation(
                    "Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST",
                ));
            }
            _ => {}
        }
        if self.billing_mode == Some(BillingMode::Provisioned) {
            self.refuse_on_demand()?;
        }
        self.check_on_demand_range()?;
        let global = self.global_indexes.iter().flatten();
        let mut seen = Vec::new();
        for index in global.chain(self.local_indexes.iter().flatten()) {
            if seen.contains(&&index.index_name) {
                return Err(invalid(format_args!(
                    "Duplicate index name: {}",
                    index.index_name
                )));
            }
            seen.push(&index.index_name);
            schema::check_projection(&index.projection)?;
        }
        self.encryption.as_ref().map_or(Ok(()), Specification::check)
    }

    /// Without a member the on-demand override makes AWS start the restore and answer an error.
    pub(super) fn is_on_demand_trap(&self) -> bool {
        self.on_demand == Some(OnDemandThroughput::default())
    }

    fn on_demand_members(&self) -> impl Iterator<Item = (&'static str, i64)> {
        let limits = self.on_demand.unwrap_or_default();
        [
            ("MaxReadRequestUnits", limits.max_read_request_units),
            ("MaxWriteRequestUnits", limits.max_write_request_units),
        ]
        .into_iter()
        .filter_map(|(name, units)| units.map(|units| (name, units)))
    }

    fn refuse_on_demand(&self) -> Result<(), Failure> {
        match self.on_demand_members().next() {
            None => Ok(()),
            Some((name, _)) => Err(Failure::validation(format!(
                "Cannot override {name} for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST"
            ))),
        }
    }

    fn check_on_demand_range(&self) -> Result<(), Failure> {
        match self.on_demand_members().find(|(_, units)| *units < 1) {
            None => Ok(()),
            Some((name, units)) => Err(invalid(format_args!(
                "{name} value {units} is outside of valid range [1, 2147483647]"
            ))),
        }
    }

    /// Changes the recorded design, or says why it cannot be done with this source.
    pub(super) fn apply(&self, design: &mut Design) -> Result<(), Failure> {
        let mode = self.billing_mode.unwrap_or(design.billing_mode);
        if mode == BillingMode::PayPerRequest && self.throughput.is_some() {
            return Err(Failure::validation(
                "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED",
            ));
        }
        if mode == BillingMode::Provisioned {
            self.refuse_on_demand()?;
        }
        design.billing_mode = mode;
        if let Some(indexes) = &self.local_indexes {
            for index in indexes {
                let known = design.local_indexes.iter();
                check_match(index, known.map(|known| (&known.key_schema, &known.projection)))?;
            }
            design.local_indexes = indexes.iter().map(IndexInput::to_local).collect();
        }
        if let Some(indexes) = &self.global_indexes {
            for index in indexes {
                let known = design.global_indexes.iter();
                check_match(index, known.map(|known| (&known.key_schema, &known.projection)))?;
                check_index_capacity(mode, index)?;
            }
            design.global_indexes = indexes
                .iter()
                .map(|index| index.to_global(IndexStatus::Creating))
                .collect();
        }
        if let Some(throughput) = self.throughput {
            design.throughput = throughput;
        }
        if let Some(on_demand) = self.on_demand.filter(|_| !self.is_on_demand_trap()) {
            design.on_demand = on_demand;
        }
        settle_capacity(design)
    }
}

/// An index of the override must be one of the source's by keys and projection. Its name is not compared.
fn check_match<'a>(
    index: &IndexInput,
    known: impl Iterator<Item = (&'a Vec<KeyElement>, &'a Projection)>,
) -> Result<(), Failure> {
    let mut known = known;
    if known.any(|(keys, projection)| *keys == index.key_schema && projection.is_same(&index.projection)) {
        return Ok(());
    }
    Err(Failure::validation(format!(
        "Index {} does not match a secondary index that existed in the source table and cannot be created during the \
         restore operation",
        index.index_name
    )))
}

fn check_index_capacity(mode: BillingMode, index: &IndexInput) -> Result<(), Failure> {
    let name = &index.index_name;
    match (mode, index.provisioned_throughput) {
        (BillingMode::Provisioned, None) => Err(Failure::validation(format!(
            "Must specify provisioned throughput for index {name}"
        ))),
        (BillingMode::PayPerRequest, Some(_)) => Err(Failure::validation(format!(
            "Cannot override ProvisionedThroughput with BillingMode PAY_PER_REQUEST for index {name}"
        ))),
        _ => schema::check_on_demand(mode, index.on_demand_throughput),
    }
}

/// On-demand takes the capacity from the table and its indexes; provisioned takes their maxima, and needs capacity.
fn settle_capacity(design: &mut Design) -> Result<(), Failure> {
    match design.billing_mode {
        BillingMode::PayPerRequest => {
            design.throughput = Throughput::default();
            design
                .global_indexes
                .iter_mut()
                .for_each(|index| index.throughput = Throughput::default());
            Ok(())
        }
        BillingMode::Provisioned => {
            design.on_demand = OnDemandThroughput::default();
            let bare = |index: &&GlobalIndex| index.throughput == Throughput::default();
            match design.global_indexes.iter().find(bare) {
                None => Ok(()),
                Some(index) => Err(Failure::validation(format!(
                    "Must specify provisioned throughput for index {}",
                    index.name
                ))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::super::design::{AttributeDefinition, Encryption, LocalIndex};
    use super::*;

    fn keys(names: &[&str]) -> Vec<KeyElement> {
        let element = |(position, name): (usize, &&str)| json!({"AttributeName": name, "KeyType": if position == 0 { "HASH" } else { "RANGE" }});
        names
            .iter()
            .enumerate()
            .map(element)
            .map(|value| serde_json::from_value(value).unwrap())
            .collect()
    }

    /// A table with the global index `by_a`, provisioned at 7, and the local index `by_b`.
    fn source(mode: BillingMode) -> Design {
        let capacity = |units: i64| match mode {
            BillingMode::Provisioned => Throughput {
                read_capacity_units: units,
                write_capacity_units: units,
            },
            BillingMode::PayPerRequest => Throughput::default(),
        };
        let attribute = |name: &str| AttributeDefinition {
            attribute_name: name.to_owned(),
            attribute_type: "S".to_owned(),
        };
        let all = Projection {
            projection_type: Some("ALL".to_owned()),
            non_key_attributes: None,
        };
        Design {
            attributes: ["pk", "sk", "a", "b"].map(attribute).to_vec(),
            key_schema: keys(&["pk", "sk"]),
            global_indexes: vec![GlobalIndex {
                name: "by_a".to_owned(),
                key_schema: keys(&["a"]),
                projection: all.clone(),
                throughput: capacity(7),
                on_demand: OnDemandThroughput::default(),
                status: IndexStatus::Active,
            }],
            local_indexes: vec![LocalIndex {
                name: "by_b".to_owned(),
                key_schema: keys(&["pk", "b"]),
                projection: all,
            }],
            billing_mode: mode,
            throughput: capacity(5),
            on_demand: OnDemandThroughput::default(),
            encryption: Encryption::AwsOwned,
        }
    }

    /// The design after the overrides, or the refusal.
    fn restored(mode: BillingMode, overrides: Value) -> Result<Design, String> {
        let overrides: Overrides = serde_json::from_value(overrides).unwrap();
        let mut design = source(mode);
        overrides
            .check()
            .and_then(|()| overrides.apply(&mut design))
            .map_err(|failure| failure.message)?;
        design.prune_attributes();
        Ok(design)
    }

    fn index(name: &str, key: &str) -> Value {
        json!({"IndexName": name, "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}})
    }

    use BillingMode::{PayPerRequest, Provisioned};

    #[test]
    fn without_overrides_the_design_is_carried() {
        for mode in [Provisioned, PayPerRequest] {
            assert_eq!(restored(mode, json!({})), Ok(source(mode)));
        }
    }

    #[test]
    fn empty_lists_restore_no_index_and_forget_their_attributes() {
        let overrides = json!({"GlobalSecondaryIndexOverride": [], "LocalSecondaryIndexOverride": []});
        let design = restored(Provisioned, overrides).unwrap();
        assert!(design.global_indexes.is_empty() && design.local_indexes.is_empty());
        let names: Vec<&str> = design
            .attributes
            .iter()
            .map(|attribute| &*attribute.attribute_name)
            .collect();
        assert_eq!(names, ["pk", "sk"]);
    }

    #[test]
    fn an_index_may_be_renamed_but_not_invented() {
        let overrides = json!({"GlobalSecondaryIndexOverride": [index("renamed", "a")]});
        assert_eq!(
            restored(PayPerRequest, overrides).unwrap().global_indexes[0].name,
            "renamed"
        );
        let overrides = json!({"GlobalSecondaryIndexOverride": [index("by_z", "z")]});
        let refused = restored(PayPerRequest, overrides).unwrap_err();
        assert!(
            refused.starts_with("Index by_z does not match a secondary index"),
            "{refused}"
        );
    }

    #[test]
    fn combinations_that_are_refused() {
        let units = json!({"ReadCapacityUnits": 1, "WriteCapacityUnits": 1});
        let mut provisioned_index = index("by_a", "a");
        provisioned_index["ProvisionedThroughput"] = units.clone();
        for (mode, overrides, expected) in [
            (
                PayPerRequest,
                json!({"BillingModeOverride": "PROVISIONED"}),
                "Must override ProvisionedThroughput",
            ),
            (
                Provisioned,
                json!({"BillingModeOverride": "PAY_PER_REQUEST", "ProvisionedThroughputOverride": units}),
                "if BillingMode is overridden to PAY_PER_REQUEST",
            ),
            (
                PayPerRequest,
                json!({"ProvisionedThroughputOverride": units}),
                "unless BillingMode is PROVISIONED",
            ),
            (
                Provisioned,
                json!({"OnDemandThroughputOverride": {"MaxReadRequestUnits": 5}}),
                "Cannot override MaxReadRequestUnits for OnDemandThroughput",
            ),
            (
                PayPerRequest,
                json!({"OnDemandThroughputOverride": {"MaxWriteRequestUnits": -1}}),
                "outside of valid range",
            ),
            (
                Provisioned,
                json!({"GlobalSecondaryIndexOverride": [index("by_a", "a")]}),
                "Must specify provisioned throughput for index by_a",
            ),
            (
                PayPerRequest,
                json!({"GlobalSecondaryIndexOverride": [provisioned_index]}),
                "for index by_a",
            ),
            (
                PayPerRequest,
                json!({"BillingModeOverride": "PROVISIONED", "ProvisionedThroughputOverride": units}),
                "Must specify provisioned throughput for index by_a",
            ),
            (
                PayPerRequest,
                json!({"GlobalSecondaryIndexOverride": [index("by_a", "a"), index("by_a", "a")]}),
                "Duplicate index name: by_a",
            ),
        ] {
            let refused = restored(mode, overrides.clone()).expect_err("the combination is refused");
            assert!(refused.contains(expected), "{overrides}: {refused}");
        }
    }

    #[test]
    fn a_capacity_override_leaves_the_indexes_alone() {
        let overrides =
            json!({"ProvisionedThroughputOverride": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}});
        let design = restored(Provisioned, overrides).unwrap();
        assert_eq!(design.throughput.write_capacity_units, 2);
        assert_eq!(design.global_indexes[0].throughput.read_capacity_units, 7);
    }

    #[test]
    fn on_demand_takes_the_indexes_along() {
        let design = restored(Provisioned, json!({"BillingModeOverride": "PAY_PER_REQUEST"})).unwrap();
        assert_eq!(design.throughput, Throughput::default());
        assert_eq!(design.global_indexes[0].throughput, Throughput::default());
    }

    #[test]
    fn an_empty_on_demand_override_is_the_trap() {
        let overrides: Overrides = serde_json::from_value(json!({"OnDemandThroughputOverride": {}})).unwrap();
        assert!(overrides.check().is_ok() && overrides.is_on_demand_trap());
    }
}
