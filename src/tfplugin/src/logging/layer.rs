//! Turns tracing's events, with the fields of the spans around them, into lines.

use std::fmt;

use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::level::Levels;
use super::line::{self, FieldValue, Fields};

/// A layer that hands each finished line to a function.
#[derive(Debug)]
pub(crate) struct HclogLayer<W> {
    levels: Levels,
    write: W,
}

impl<W: Fn(&[u8])> HclogLayer<W> {
    pub(crate) fn new(levels: Levels, write: W) -> Self {
        Self { levels, write }
    }
}

impl<S, W> Layer<S> for HclogLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&[u8]) + 'static,
{
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.levels.admit(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _cx: Context<'_, S>) -> bool {
        self.levels.admit(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.levels.most())
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        if let Some(span) = cx.span(id) {
            let mut visitor = Visitor::default();
            attributes.record(&mut visitor);
            span.extensions_mut().insert(visitor.fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, cx: Context<'_, S>) {
        if let Some(span) = cx.span(id) {
            let mut visitor = Visitor::default();
            values.record(&mut visitor);
            if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
                for (name, value) in visitor.fields.0 {
                    fields.set(name, value);
                }
            }
        }
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in cx
            .event_scope(event)
            .into_iter()
            .flat_map(|scope| scope.from_root())
        {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                for (name, value) in &of_span.0 {
                    fields.set(name, value.clone());
                }
            }
        }
        let mut visitor = Visitor {
            message: String::new(),
            fields,
        };
        event.record(&mut visitor);
        let metadata = event.metadata();
        // Exactly six digits, or Terraform takes the line for plain text.
        let timestamp = now().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
        let line = line::write(
            *metadata.level(),
            &timestamp,
            metadata.target(),
            &visitor.message,
            &visitor.fields,
        );
        (self.write)(&line);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a line of the log says when it was written; nothing depends on it"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

#[derive(Default)]
struct Visitor {
    message: String,
    fields: Fields,
}

impl Visitor {
    fn text(&mut self, field: &Field, text: String) {
        if field.name() == "message" {
            self.message = text;
        } else {
            self.fields.set(field.name(), FieldValue::Text(text));
        }
    }

    fn bare(&mut self, field: &Field, value: impl fmt::Display) {
        if field.name() == "message" {
            self.message = value.to_string();
        } else {
            self.fields.set(field.name(), FieldValue::Bare(value.to_string()));
        }
    }
}

impl Visit for Visitor {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value.to_owned());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.bare(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.bare(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.bare(field, value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.bare(field, value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.bare(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no way to write NaN or an infinity.
        if value.is_finite() {
            self.bare(field, value)
        } else {
            self.text(field, value.to_string())
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.text(field, crate::error_chain(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value as Json;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// What `work` logs at this level, line by line.
    fn logged(level: &str, work: impl FnOnce()) -> Vec<Json> {
        let lines: Arc<Mutex<Vec<Json>>> = Arc::default();
        let sink = Arc::clone(&lines);
        let levels = Levels::new(&[level.to_owned()], &[]);
        let layer = HclogLayer::new(levels, move |line: &[u8]| {
            sink.lock()
                .expect("one thread")
                .push(serde_json::from_slice(line).expect("JSON"));
        });
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
        let lines = lines.lock().expect("one thread");
        lines.clone()
    }

    #[test]
    fn events_carry_the_fields_of_their_spans() {
        let lines = logged("TRACE", || {
            let outer = tracing::info_span!("rpc", tf_rpc = "ReadResource", late = tracing::field::Empty);
            let _outer = outer.enter();
            outer.record("late", 5);
            let inner = tracing::info_span!("inner", depth = 2.5, tf_rpc = "Other");
            let _inner = inner.enter();
            tracing::warn!(count = 7_u64, ok = true, bad = f64::NAN, what = ?Some("x"), "it {}", "happened");
        });
        let [line] = lines.as_slice() else {
            panic!("one line: {lines:?}")
        };
        assert_eq!(line["@level"], "warn");
        assert_eq!(line["@message"], "it happened");
        assert_eq!(line["@module"], "tfplugin.logging.layer.tests");
        assert_eq!(line["tf_rpc"], "Other");
        assert_eq!(line["late"].to_string(), "5");
        assert_eq!(line["depth"].to_string(), "2.5");
        assert_eq!(line["count"].to_string(), "7");
        assert_eq!(line["ok"], true);
        assert_eq!(line["bad"], "NaN");
        assert_eq!(line["what"], "Some(\"x\")");
        let time = line["@timestamp"].as_str().expect("text");
        let (_, fraction) = time.split_once('.').expect("a fraction");
        assert_eq!(fraction.len(), "123456Z".len(), "{time}");
        assert!(fraction.ends_with('Z'), "{time}");
    }

    #[test]
    fn an_event_without_a_message_still_has_one() {
        let lines = logged("TRACE", || tracing::info!(message = 5));
        assert_eq!(lines[0]["@message"], "5");
        let lines = logged("TRACE", || tracing::info!(alone = 5));
        assert_eq!(lines[0]["@message"], "");
    }

    #[test]
    fn the_level_and_the_crate_decide() {
        let lines = logged("INFO", || {
            tracing::debug!("ours, too fine");
            tracing::info!("ours");
            tracing::info!(target: "aws_smithy_runtime", "theirs, with a secret");
            tracing::warn!(target: "aws_smithy_runtime", "theirs");
        });
        let messages: Vec<&str> = lines
            .iter()
            .filter_map(|line| line["@message"].as_str())
            .collect();
        assert_eq!(messages, ["ours", "theirs"]);
    }
}
