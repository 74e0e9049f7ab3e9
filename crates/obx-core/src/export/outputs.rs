//! The outputs of a jq program as a text: as JSON, or strings without quotes.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::json;
use onebound::Call;

/// The outputs of a jq program over a masked body.
#[derive(Clone, PartialEq, Eq)]
pub struct JqOutputs {
    /// Each on a line of its own, as JSON.
    pub text: Bytes,
    pub count: usize,
}

impl std::fmt::Debug for JqOutputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JqOutputs({} in {} bytes)", self.count, self.text.len())
    }
}

impl JqOutputs {
    /// `obx-610947572360-20261124-jq.ndjson`; of one output `.json`, and of strings without quotes `.txt`.
    pub fn file_name(&self, unquoted: bool, call: &Call, at: Timestamp, zone: &TimeZone) -> String {
        let ending = if unquoted { "txt" } else { self.ending() };
        format!("obx-{}-{}-jq.{ending}", call.subject(), super::day(at, zone))
    }

    /// The extension of a file of them.
    pub fn ending(&self) -> &'static str {
        if self.count == 1 { "json" } else { "ndjson" }
    }

    /// An output a line.
    pub fn lines(&self) -> String {
        self.each(|line| json::on_one_line(line).text + "\n")
    }

    /// Each output pretty-printed.
    pub fn pretty(&self) -> String {
        self.each(|line| json::pretty(line).text)
    }

    /// Strings without quotes and escapes, as by `jq -r`, and other outputs one per line; without control sequences.
    pub fn unquoted(&self) -> String {
        let harmless = |text: String| text.lines().map(|line| json::harmless(line) + "\n").collect();
        self.each(|line| match unquoted(line) {
            Some(text) if text.is_empty() => "\n".to_owned(),
            Some(text) => harmless(text),
            None => json::on_one_line(line).text + "\n",
        })
    }

    fn each(&self, written: impl Fn(&str) -> String) -> String {
        String::from_utf8_lossy(&self.text).split_terminator('\n').map(written).collect()
    }
}

/// The text of an output that is a string.
pub fn unquoted(output: &str) -> Option<String> {
    output.starts_with('"').then(|| serde_json::from_str(output).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(text: &'static str) -> JqOutputs {
        JqOutputs { text: text.into(), count: text.lines().count() }
    }

    #[test]
    fn outputs_are_written_a_line_each_laid_out_or_with_their_strings_as_texts() {
        let outputs = outputs("\"a\\\"b\\n标\\u001b[2J\"\n{\"n\":1.50}\n\"\"\n\"1\"\n");
        assert_eq!(outputs.lines().as_bytes(), outputs.text);
        assert_eq!(outputs.pretty(), "\"a\\\"b\\n标\\u001b[2J\"\n{\n  \"n\": 1.50\n}\n\"\"\n\"1\"\n");
        assert_eq!(outputs.unquoted(), "a\"b\n标␛[2J\n{\"n\":1.50}\n\n1\n");
    }

    #[test]
    fn a_file_of_one_output_is_json_and_of_several_ndjson() {
        assert_eq!(outputs("1\n").ending(), "json");
        assert_eq!(outputs("1\n2\n").ending(), "ndjson");
    }
}
