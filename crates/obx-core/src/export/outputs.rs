//! What a jq program gave, as a text for elsewhere: as JSON, or strings as the texts that they are.

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
    /// How many.
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

    /// How a file of them ends.
    pub fn ending(&self) -> &'static str {
        if self.count == 1 { "json" } else { "ndjson" }
    }

    /// An output a line.
    pub fn lines(&self) -> String {
        self.each(|line| json::on_one_line(line).text + "\n")
    }

    /// Each output laid out by itself, for people to read.
    pub fn laid_out(&self) -> String {
        self.each(|line| json::laid_out(line).text)
    }

    /// Strings without quotes and escapes, as by `jq -r`, and all else an output a line. Nothing in it is obeyed by a
    /// terminal.
    pub fn unquoted(&self) -> String {
        let harmless = |text: String| text.lines().map(|line| json::harmless(line) + "\n").collect();
        self.each(|line| match unquoted(line) {
            Some(text) if text.is_empty() => "\n".to_owned(),
            Some(text) => harmless(text),
            None => json::on_one_line(line).text + "\n",
        })
    }

    fn each(&self, told: impl Fn(&str) -> String) -> String {
        String::from_utf8_lossy(&self.text).split_terminator('\n').map(told).collect()
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
        assert_eq!(outputs.laid_out(), "\"a\\\"b\\n标\\u001b[2J\"\n{\n  \"n\": 1.50\n}\n\"\"\n\"1\"\n");
        assert_eq!(outputs.unquoted(), "a\"b\n标␛[2J\n{\"n\":1.50}\n\n1\n");
    }

    #[test]
    fn a_file_of_one_output_is_json_and_of_several_ndjson() {
        assert_eq!(outputs("1\n").ending(), "json");
        assert_eq!(outputs("1\n2\n").ending(), "ndjson");
    }
}
