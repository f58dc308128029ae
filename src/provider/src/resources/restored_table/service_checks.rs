//! Checks of what other services are to do with the table: what the arguments lack, and what cannot be copied. Pure.

use rules::facts::{RestoreObserved, Setting};
use tfsdk::{Attr, Diagnostic, Path};

use super::checks::is_on;
use super::facts::carried;
use super::model::{Autoscaling, Model};
use super::settings::is_spelled_out;

/// Faults of the arguments alone.
pub(super) fn arguments(config: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Attr::Known(it) = &config.kinesis_stream
        && is_on(&it.enabled)
        && it.stream_arn.is_null()
    {
        found.push(
            Diagnostic::error(
                "Kinesis stream is not named",
                "kinesis_stream switches streaming on, and does not say which Kinesis data stream gets the changes.\n\n\
                 Give its ARN, for example stream_arn = aws_kinesis_stream.orders.arn; or set enabled = false.",
            )
            .at(Path::of("kinesis_stream").attribute("stream_arn")),
        );
    }
    if let Attr::Known(it) = &config.autoscaling {
        found.extend(scaling_without_bounds(it));
    }
    found
}

/// Auto scaling needs both bounds of each capacity.
fn scaling_without_bounds(it: &Autoscaling) -> Vec<Diagnostic> {
    let whole = Path::of("autoscaling");
    let mut places = vec![
        (whole.clone().attribute("read"), &it.read),
        (whole.clone().attribute("write"), &it.write),
    ];
    for (name, index) in it.indexes.known().into_iter().flatten() {
        if let Attr::Known(index) = index {
            let path = whole.clone().attribute("indexes").key(name);
            places.push((path.clone().attribute("read"), &index.read));
            places.push((path.attribute("write"), &index.write));
        }
    }
    let mut found = Vec::new();
    for (path, scaled) in places {
        let Attr::Known(scaled) = scaled else { continue };
        for (bound, units) in [
            ("min_capacity", &scaled.min_capacity),
            ("max_capacity", &scaled.max_capacity),
        ] {
            if units.is_null() {
                found.push(
                    Diagnostic::error(
                        "Auto scaling without its bounds",
                        format!(
                            "{path} does not give {bound}. Auto scaling moves the capacity between a minimum and a \
                             maximum, and AWS has no default for either.\n\nGive both, for example {{ min_capacity = 5, \
                             max_capacity = 100 }}.",
                        ),
                    )
                    .at(path.clone().attribute(bound)),
                );
            }
        }
    }
    found
}

/// A Kinesis stream gets the changes of tables of its own Region only, so a copy of the setting would be refused.
pub(super) fn kinesis_stream_of_another_region(
    config: &Model,
    observed: &RestoreObserved,
    region: Option<&str>,
) -> Option<Diagnostic> {
    let is_carried =
        carried(config).contains(&Setting::KinesisStream) && !is_spelled_out(config, Setting::KinesisStream);
    let region = region.filter(|_| is_carried)?;
    let source = observed.source_table.known()?.settings.kinesis_stream.known()?;
    let of_source = source.split(':').nth(3).filter(|there| *there != region)?;
    Some(
        Diagnostic::error(
            "Setting cannot be carried over",
            format!(
                "carry_over names \"kinesis_stream\". The source streams to {source} in {of_source}, and the new table \
                 will be in {region}; DynamoDB streams only to a Kinesis data stream of the table's own Region.\n\nRemove \
                 \"kinesis_stream\" from carry_over, and give kinesis_stream = {{ stream_arn = \"arn:…\" }} with a stream \
                 in {region} where the new table shall have one.",
            ),
        )
        .at(Path::of("carry_over")),
    )
}
