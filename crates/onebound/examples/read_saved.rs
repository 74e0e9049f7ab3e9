//! Reads a body that was saved, and says what is odd about it: `cargo run -p onebound --example read_saved answer.json`.
//! Nothing is sent.
#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;
use std::fs;

use jiff::Timestamp;
use onebound::Exchange;

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("give the file of a saved body")?;
    let exchange = Exchange::from_body(fs::read(path)?.into(), None, Timestamp::now(), None);
    println!("{:?}", exchange.outcome);
    if let Some(item) = exchange.item() {
        println!("{}: {} SKUs", item.field("title").to_text(), item.sku_count());
    }
    exchange.analyze();
    for fact in exchange.facts() {
        println!("{:?} at {}: {:?}", fact.rule, fact.finding.path, fact.finding.values);
    }
    Ok(())
}
