//! The first page of a search, an item a line: `OBX_KEY=… OBX_SECRET=… cargo run -p onebound --example search_items 围巾`.
//! It is one call, and is billed.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints")]

use std::env;
use std::error::Error;

use onebound::{CallHandle, CallSettings, Client, Credentials, Host, Limits, SearchQuery, SearchSort};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let query = SearchQuery::by_words(&words.join(" "))?.sorted(SearchSort::Sales);
    let client =
        Client::new(Credentials::new(&env::var("OBX_KEY")?, &env::var("OBX_SECRET")?)?, Limits::default());
    let host = env::var("OBX_HOST").map_or_else(|_| Ok(Host::default()), |url| Host::parse(&url))?;
    let call = CallSettings::default().search(&query)?;
    let exchange = client.send(&call, &host, &CallHandle::default()).await;
    let Some(page) = exchange.search_page() else {
        eprintln!("{:?}", exchange.outcome);
        return Ok(());
    };
    for item in page.items() {
        let id = item.item_id().map(|id| id.to_string()).unwrap_or_default();
        println!("{id}\t{}\t{}", item.price().to_text(), item.title().to_text());
    }
    eprintln!("{} of {:?} items", page.len(), page.total());
    Ok(())
}
