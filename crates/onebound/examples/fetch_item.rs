//! Fetches one item: `OBX_KEY=… OBX_SECRET=… cargo run -p onebound --example fetch_item 610947572360`. One call is billed.
#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use onebound::{Call, CallHandle, Client, Credentials, Host, ItemId, Limits};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = ItemId::find(&env::args().nth(1).ok_or("give an item ID, or the address of an offer")?)?;
    let client =
        Client::new(Credentials::new(&env::var("OBX_KEY")?, &env::var("OBX_SECRET")?)?, Limits::default());
    let host = env::var("OBX_HOST").map_or_else(|_| Ok(Host::default()), |url| Host::parse(&url))?;
    let exchange = client.send(&Call::item_get(id), &host, &CallHandle::default()).await;
    let Some(item) = exchange.item() else { return Err(format!("no item: {:?}", exchange.outcome).into()) };
    println!("{}", item.field("title").to_text());
    println!("price {}, {} SKUs", item.field("price").to_text(), item.sku_count());
    Ok(())
}
