//! Amounts of each SKU by the user's own formulas: landed cost, margin, whatever `[price]` in the config says.
//!
//! A formula is a jq program. [`PriceSettings::input`] is the text that it runs over, [`PriceSettings::program`] the
//! program around it, which gives one output for each SKU, and [`PriceSettings::column`] reads these. Nothing here runs
//! a program: a formula may never end, so that belongs into a process of its own.

use std::fmt::Write as _;

use crate::i18n::{Describe, Texts};
use crate::jq::{FilterFault, Outputs};
use onebound::{Item, Price, QuantityPrice};

/// Decimals of an amount.
const DECIMALS: u32 = 2;

/// `[price]` in the config file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceSettings {
    /// Names and numbers, which formulas see as `$name`.
    pub variables: Vec<(String, String)>,
    /// In the order of the file.
    pub formulas: Vec<PriceFormula>,
}

/// A column that is calculated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceFormula {
    /// Its name in exports.
    pub name: String,
    /// Its title on the screen.
    pub title: String,
    /// A jq program over `{item, sku, price, quantity}`.
    pub program: String,
}

/// What a formula gave for a SKU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceCell {
    /// Not calculated yet.
    Awaited,
    /// An amount, rounded.
    Amount(String),
    /// Some other text.
    Text(String),
    /// null, or no output: the formula says that it is unknown.
    Unknown,
    /// The formula failed, for this reason.
    Failed(String),
}

/// The amounts of all SKUs by one formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceColumn {
    /// Its name in exports.
    pub name: String,
    /// Its title on the screen.
    pub title: String,
    /// By the SKUs' numbers; empty while they are awaited.
    cells: Vec<PriceCell>,
}

impl PriceCell {
    /// As it is shown. A failure never looks like an amount, nor like nothing.
    pub fn text(&self) -> &str {
        match self {
            Self::Awaited => "…",
            Self::Amount(text) | Self::Text(text) => text,
            Self::Unknown => "—",
            Self::Failed(_) => "!",
        }
    }

    /// The amount, where it is one.
    pub fn amount(&self) -> Option<Price> {
        if let Self::Amount(text) = self { Price::parse(text) } else { None }
    }
}

impl PriceColumn {
    /// The cell of a SKU.
    pub fn cell(&self, sku: usize) -> &PriceCell {
        self.cells.get(sku).unwrap_or(&PriceCell::Awaited)
    }

    /// Whether the cells of so many SKUs aren't all calculated yet.
    pub fn is_awaited(&self, skus: usize) -> bool {
        self.cells.len() < skus
    }

    /// The first failure, with the number of its SKU, and how many SKUs failed.
    pub fn failure(&self) -> Option<(usize, &str, usize)> {
        let mut failures = self.cells.iter().enumerate().filter_map(|(sku, cell)| match cell {
            PriceCell::Failed(why) => Some((sku, why.as_str())),
            _ => None,
        });
        let (sku, why) = failures.next()?;
        Some((sku, why, failures.count() + 1))
    }
}

impl PriceSettings {
    /// Whether nothing is calculated.
    pub fn is_empty(&self) -> bool {
        self.formulas.is_empty()
    }

    /// The columns before anything is calculated.
    pub fn awaited(&self) -> Vec<PriceColumn> {
        self.formulas.iter().map(|formula| formula.column(Vec::new())).collect()
    }

    /// The item and its SKUs as the text that the programs run over. Prices are those at the minimum quantity: that of
    /// all SKUs if they have one in common, or else their own; null where it is no number. If only some SKUs have a
    /// price, it says nothing about the others.
    pub fn input(item: Item<'_>) -> String {
        let quantity = item.field("min_num").pieces().filter(|pieces| *pieces > 0).unwrap_or(1);
        let quote = item.quote(quantity);
        let is_of_all = quote.unpriced_skus == 0 || quote.unpriced_skus == item.sku_count();
        let of_all = match quote.price {
            QuantityPrice::Each(_, price) if is_of_all => price.and_then(Price::exact),
            _ => None,
        };
        let mut text = format!(r#"{{"item":{},"skus":["#, item.raw());
        for (number, sku) in item.skus().enumerate() {
            let price = of_all.or_else(|| sku.price().price().and_then(Price::exact));
            let price = price.map_or_else(|| "null".to_owned(), |price| price.to_string());
            let comma = if number > 0 { "," } else { "" };
            let sku = sku.raw();
            // Writing to a String can't fail.
            let _ = write!(text, r#"{comma}{{"sku":{sku},"price":{price},"quantity":{quantity}}}"#);
        }
        text.push_str("]}");
        text
    }

    /// The program of a formula, which gives for each SKU a list of its outputs, or its failure.
    pub fn program(&self, formula: &PriceFormula) -> String {
        // On lines of its own, so that a comment at the formula's end ends there.
        format!("{}{}\n))] catch {{failed: tostring}}", self.before(), formula.program)
    }

    fn before(&self) -> String {
        let mut before = ".item as $item | .skus[] | . + {item: $item}".to_owned();
        for (name, value) in &self.variables {
            let _ = write!(before, " | ({value}) as ${name}"); // writing to a String can't fail
        }
        // Two outputs are one too many, which is all that has to be known.
        before + " | try [limit(2; (\n"
    }

    /// Reads the outputs of a formula's program over so many SKUs.
    pub fn column(
        &self,
        formula: &PriceFormula,
        outcome: Result<Outputs, FilterFault>,
        skus: usize,
        texts: Texts,
    ) -> PriceColumn {
        let cells = match outcome {
            Ok(outputs) if outputs.count == skus => {
                outputs.text.split(|byte| *byte == b'\n').take(skus).map(|line| cell(line, texts)).collect()
            }
            Ok(_) => vec![PriceCell::Failed(texts.price_not_one().to_owned()); skus],
            Err(fault) => vec![PriceCell::Failed(self.message(formula, &fault, texts)); skus],
        };
        formula.column(cells)
    }

    /// What is wrong, with the place in the formula.
    fn message(&self, formula: &PriceFormula, fault: &FilterFault, texts: Texts) -> String {
        let why = fault.describe(texts);
        let Some(at) = fault.at() else { return why };
        let at = at.saturating_sub(self.before().len()).min(formula.program.len());
        let before = formula.program.get(..at).unwrap_or_default();
        texts.price_fault_at(why, before.chars().count() + 1)
    }
}

impl PriceFormula {
    fn column(&self, cells: Vec<PriceCell>) -> PriceColumn {
        PriceColumn { name: self.name.clone(), title: self.title.clone(), cells }
    }
}

/// A line of the program's outputs.
fn cell(line: &[u8], texts: Texts) -> PriceCell {
    let value: Option<serde_json::Value> = serde_json::from_slice(line).ok();
    match value {
        Some(serde_json::Value::Array(values)) => match values.as_slice() {
            [] | [serde_json::Value::Null] => PriceCell::Unknown,
            [serde_json::Value::Number(number)] => rounded(&number.to_string(), texts),
            [serde_json::Value::String(text)] => PriceCell::Text(text.clone()),
            _ => PriceCell::Failed(texts.price_not_one().to_owned()),
        },
        Some(serde_json::Value::Object(failed)) => {
            let why = failed.get("failed").and_then(serde_json::Value::as_str);
            PriceCell::Failed(why.unwrap_or_default().to_owned())
        }
        _ => PriceCell::Failed(texts.price_not_one().to_owned()),
    }
}

fn rounded(digits: &str, texts: Texts) -> PriceCell {
    let amount =
        Price::from_number(digits).and_then(Price::exact).and_then(|amount| amount.rounded(DECIMALS));
    match amount {
        Some(amount) => PriceCell::Amount(amount.to_string()),
        None => PriceCell::Failed(texts.price_too_large(digits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use crate::jq::{Input, Program};
    use onebound_document::Document;
    use rstest::rstest;

    const INPUT: &str = r#"{"item":{"weight":"0.5"},"skus":[
        {"sku":{"price":"71.00"},"price":71.00,"quantity":2},{"sku":{},"price":null,"quantity":2}]}"#;

    fn column(variables: &[(&str, &str)], program: &str) -> PriceColumn {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let formula = PriceFormula {
            name: "landed".to_owned(),
            title: "Landed".to_owned(),
            program: program.to_owned(),
        };
        let settings = PriceSettings { variables, formulas: vec![formula.clone()] };
        let input = Input::from_document(&Document::parse(INPUT.into()).unwrap());
        let outcome =
            Program::compile(&settings.program(&formula)).and_then(|program| program.run(&input, &|| true));
        settings.column(&formula, outcome, 2, Texts::new(Language::En))
    }

    fn shown(column: &PriceColumn) -> [&str; 2] {
        [column.cell(0).text(), column.cell(1).text()]
    }

    #[test]
    fn a_formula_sees_the_sku_the_item_the_price_and_the_users_numbers() {
        let landed =
            column(&[("rate", "7.1"), ("kg", "4")], ".price / $rate + (.item.weight | tonumber) * $kg");
        assert_eq!(landed.cell(0).text(), "12.00");
        assert_eq!(shown(&column(&[], ".quantity")), ["2.00", "2.00"]);
        assert_eq!(shown(&column(&[("less", "-0.125")], "$less # a comment")), ["-0.13", "-0.13"]);
    }

    #[rstest]
    #[case("1.005", "1.01")]
    #[case("0.125", "0.13")]
    #[case("2", "2.00")]
    #[case("1e3", "1000.00")]
    #[case("100 / 7", "14.29")]
    #[case("null", "—")]
    #[case("empty", "—")]
    #[case("\"n/a\"", "n/a")]
    #[case("[1]", "!")]
    #[case("1, 2", "!")]
    #[case("error(\"no weight\")", "!")]
    #[case("1e300", "!")]
    #[case("def f: 1; f", "1.00")]
    fn a_result_is_rounded_half_up_or_said_to_be_no_amount(#[case] program: &str, #[case] expected: &str) {
        assert_eq!(shown(&column(&[], program)), [expected; 2]);
    }

    #[test]
    fn a_failure_of_one_sku_leaves_the_others_and_says_why() {
        let landed = column(&[], ".price * 2 | if . == null then error(\"no price\") else . end");
        assert_eq!(landed.cell(0).text(), "142.00");
        let (sku, _, count) = landed.failure().unwrap();
        assert_eq!((sku, count, landed.cell(1).text()), (1, 1, "!"));
    }

    #[rstest]
    #[case(".price / $rat", "$rat is not defined, at character 10")]
    #[case(".price +", "at character")]
    #[case("nothing_such", "nothing_such is not defined, at character 1")]
    fn a_mistake_is_found_at_its_place_in_the_formula(#[case] program: &str, #[case] expected: &str) {
        let landed = column(&[("rate", "7.1")], program);
        let (_, why, count) = landed.failure().unwrap();
        assert!(why.contains(expected), "{why}");
        assert_eq!(count, 2);
    }
}
