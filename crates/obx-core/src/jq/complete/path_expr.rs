//! Reads a jq program up to the cursor, as far as it is made of paths: the path of `.` there, and of the value before it.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    /// Any element: those of a list are alike.
    Each,
}

/// From the root; `None` where only running the program would tell.
type PathSteps = Option<Vec<Step>>;

pub(super) struct PathReader<'a> {
    rest: &'a str,
    /// The path of `.`.
    input: PathSteps,
    /// The path of the expression before the cursor, where there is one.
    at: Option<PathSteps>,
    /// For each open bracket: the path of `.` outside, and the word before the bracket.
    outer: Vec<(PathSteps, &'a str, char)>,
    word: &'a str,
    at_member: bool,
    in_string: bool,
}

impl<'a> PathReader<'a> {
    pub(super) fn new(program: &'a str) -> Self {
        let mut reader = Self {
            rest: program,
            input: Some(Vec::new()),
            at: None,
            outer: Vec::new(),
            word: "",
            at_member: false,
            in_string: false,
        };
        while let Some(first) = reader.rest.chars().next() {
            reader.advance(first);
        }
        reader
    }

    /// The path of the value at the program's end, or else of its input; `None` where it is not known.
    pub(super) fn steps(&self) -> Option<&[Step]> {
        self.at.as_ref().unwrap_or(&self.input).as_deref()
    }

    /// Whether it ends with a value.
    pub(super) fn is_behind_value(&self) -> bool {
        self.at.is_some()
    }

    /// Whether it ends where an object's next member begins.
    pub(super) fn is_at_member(&self) -> bool {
        self.at_member && self.at.is_none()
    }

    /// Whether it ends within a string.
    pub(super) fn is_in_string(&self) -> bool {
        self.in_string
    }

    fn advance(&mut self, first: char) {
        let word = self.take(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '@'));
        if !word.is_empty() {
            let joins = matches!(
                word,
                "and"
                    | "or"
                    | "if"
                    | "then"
                    | "elif"
                    | "else"
                    | "as"
                    | "reduce"
                    | "foreach"
                    | "try"
                    | "catch"
            );
            self.at = (!joins).then_some(None);
            self.word = word;
            return;
        }
        self.rest = self.rest.get(first.len_utf8()..).unwrap_or_default();
        match first {
            '.' => self.dot(),
            '[' if self.at.is_some() => self.index(),
            '(' | '[' | '{' => self.open(first),
            ')' | ']' | '}' => self.close(),
            '|' => self.input = self.at.take().unwrap_or(None),
            '"' => {
                self.quoted();
                self.at = Some(None);
            }
            '?' => {}
            white if white.is_whitespace() => {}
            _ => {
                self.at = None;
                let in_object = self.outer.last().is_some_and(|(.., bracket)| *bracket == '{');
                self.at_member = in_object && (first == ',' || self.at_member && first != ':');
            }
        }
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let length = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn dot(&mut self) {
        let base = self.at.take().unwrap_or_else(|| self.input.clone());
        let key = match self.rest.strip_prefix('"') {
            Some(rest) => {
                self.rest = rest;
                self.quoted()
            }
            None => self.take(|c| c.is_ascii_alphanumeric() || c == '_').to_owned(),
        };
        self.at = Some(if key.is_empty() { base } else { then(base, Step::Key(key)) });
    }

    fn index(&mut self) {
        let base = self.at.take().unwrap_or(None);
        let step = if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            Some(Step::Key(self.quoted()))
        } else {
            Some(Step::Each)
        };
        let inside = self.take(|c| c != ']');
        self.rest = self.rest.strip_prefix(']').unwrap_or_default();
        // A part of a list is a list.
        let step = step.filter(|_| !inside.contains(':'));
        self.at = Some(step.map_or(base.clone(), |step| then(base, step)));
    }

    /// A string after its opening quote, without decoding: keys with escapes are rare.
    fn quoted(&mut self) -> String {
        let inside = self.take(|c| c != '"').to_owned();
        self.in_string = self.rest.is_empty();
        self.rest = self.rest.strip_prefix('"').unwrap_or_default();
        inside
    }

    fn open(&mut self, bracket: char) {
        let word = if bracket == '(' && self.at.take().is_some() { self.word } else { "" };
        self.outer.push((self.input.clone(), word, bracket));
        self.at_member = bracket == '{';
        let over_each =
            ["map", "map_values", "sort_by", "group_by", "unique_by", "min_by", "max_by", "any", "all"];
        if over_each.contains(&word) {
            self.input = then(self.input.take(), Step::Each);
        }
        self.at = None;
    }

    fn close(&mut self) {
        let Some((input, word, _)) = self.outer.pop() else { return };
        self.at_member = false;
        self.input = input;
        let same = ["select", "sort_by", "unique_by"].contains(&word);
        self.at = Some(if same { self.input.clone() } else { None });
    }
}

fn then(way: PathSteps, step: Step) -> PathSteps {
    way.map(|mut steps| {
        steps.push(step);
        steps
    })
}
