//! One line of the log: a JSON object with the keys of hclog.
//!
//! Terraform itself crashes on a line whose `@message` or `@level` is not a string, takes a line whose
//! time has not exactly six fractional digits for plain text, and cuts a line at 64 KiB. So the line is
//! put together by hand, and it is bounded.

use std::fmt::Write as _;

use tracing::Level;

/// Room for fields; the message and the fixed keys come on top and still stay far below 64 KiB.
const MAX_FIELDS: usize = 40 * 1024;

/// The longest single text, in bytes as written.
const MAX_TEXT: usize = 8 * 1024;

/// A field's value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FieldValue {
    Text(String),
    /// A JSON number or bool, as text.
    Bare(String),
}

/// The fields of an event or span, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(pub(super) Vec<(&'static str, FieldValue)>);

impl Fields {
    /// Sets a field, once per name: the later value counts.
    pub(super) fn set(&mut self, name: &'static str, value: FieldValue) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }
}

/// Writes a line, with its line end.
pub(super) fn write(level: Level, timestamp: &str, target: &str, message: &str, fields: &Fields) -> Vec<u8> {
    let level = match level {
        Level::TRACE => "trace",
        Level::DEBUG => "debug",
        Level::INFO => "info",
        Level::WARN => "warn",
        Level::ERROR => "error",
    };
    let mut line = String::with_capacity(256);
    line.push_str("{\"@level\":\"");
    line.push_str(level);
    line.push_str("\",\"@message\":");
    push_text(&mut line, message);
    line.push_str(",\"@module\":");
    push_text(&mut line, &target.replace("::", "."));
    line.push_str(",\"@timestamp\":");
    push_text(&mut line, timestamp);
    let mut left_out = 0;
    for (name, value) in &fields.0 {
        // Fields never take the place of the fixed keys.
        let name = name.trim_start_matches('@');
        let before = line.len();
        line.push(',');
        push_text(&mut line, name);
        line.push(':');
        match value {
            FieldValue::Text(text) => push_text(&mut line, text),
            FieldValue::Bare(json) => line.push_str(json),
        }
        if line.len() > MAX_FIELDS {
            line.truncate(before);
            left_out += 1;
        }
    }
    if left_out > 0 {
        let _ = write!(line, ",\"fields_left_out\":{left_out}");
    }
    line.push_str("}\n");
    line.into_bytes()
}

fn push_text(line: &mut String, text: &str) {
    line.push('"');
    let start = line.len();
    for (at, character) in text.char_indices() {
        if line.len() - start > MAX_TEXT {
            let _ = write!(line, "... ({} bytes more)", text.len() - at);
            break;
        }
        match character {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(line, "\\u{:04x}", u32::from(control));
            }
            other => line.push(other),
        }
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    const TIME: &str = "2026-08-21T10:00:00.123456Z";

    fn parse(line: &[u8]) -> Json {
        assert!(line.len() < 64 * 1024, "{} bytes", line.len());
        assert_eq!(
            line.iter().position(|byte| *byte == b'\n'),
            Some(line.len() - 1),
            "one line"
        );
        serde_json::from_slice(line).expect("a JSON line")
    }

    #[test]
    fn a_line_reads_as_hclog() {
        let mut fields = Fields::default();
        fields.set("tf_rpc", FieldValue::Text("ReadResource".to_owned()));
        fields.set("count", FieldValue::Bare("3".to_owned()));
        fields.set("count", FieldValue::Bare("4".to_owned()));
        let line = write(
            Level::WARN,
            TIME,
            "tfplugin::rpc",
            "say \"hi\"\n\u{1}\u{7f}",
            &fields,
        );
        assert_eq!(
            String::from_utf8(line.clone()).expect("UTF-8"),
            "{\"@level\":\"warn\",\"@message\":\"say \\\"hi\\\"\\n\\u0001\\u007f\",\"@module\":\"tfplugin.rpc\",\
             \"@timestamp\":\"2026-08-21T10:00:00.123456Z\",\"tf_rpc\":\"ReadResource\",\"count\":4}\n"
        );
        parse(&line);
    }

    #[test]
    fn no_line_is_too_long() {
        let mut fields = Fields::default();
        let names: [&'static str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
        for name in names {
            // Control characters grow sixfold when they are escaped.
            fields.set(name, FieldValue::Text("\u{1}".repeat(100_000)));
        }
        let json = parse(&write(Level::TRACE, TIME, "t", &"x".repeat(1_000_000), &fields));
        assert!(json["@message"].as_str().expect("text").ends_with(" bytes more)"));
        assert!(json["fields_left_out"].as_u64().expect("a count") > 0);
    }

    #[test]
    fn fields_cannot_replace_what_terraform_relies_on() {
        let mut fields = Fields::default();
        fields.set("@message", FieldValue::Bare("5".to_owned()));
        let json = parse(&write(Level::INFO, TIME, "t", "real", &fields));
        assert_eq!(json["@message"], "real");
        assert_eq!(json["message"].to_string(), "5");
    }
}
