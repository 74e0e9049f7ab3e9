//! A price list of some items as CSV, a SKU a line:
//! `OBX_KEY=… OBX_SECRET=… cargo run -p onebound --example price_list 610947572360 610947572361 …`.
//! Each ID is a call, and is billed.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints")]

use std::env;
use std::error::Error;

use onebound::{Call, CallHandle, Client, Credentials, Exchange, Host, ItemId, Limits};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let ids = env::args().skip(1).map(|text| ItemId::find(&text)).collect::<Result<Vec<_>, _>>()?;
    let client =
        Client::new(Credentials::new(&env::var("OBX_KEY")?, &env::var("OBX_SECRET")?)?, Limits::default());
    let host = env::var("OBX_HOST").map_or_else(|_| Ok(Host::default()), |url| Host::parse(&url))?;
    println!("num_iid,sku_id,properties,price,stock");
    for id in ids {
        let exchange = client.send(&Call::item_get(id), &host, &CallHandle::default()).await;
        print_skus(&exchange);
        // A quota that is used up fails the calls behind it as well.
        if exchange.item().is_none() {
            eprintln!("{:?}", exchange.outcome);
        }
    }
    Ok(())
}

fn print_skus(exchange: &Exchange) {
    let Some(item) = exchange.item() else { return };
    for sku in (0..item.sku_count()).filter_map(|at| item.sku(at)) {
        let mut values = Vec::new();
        item.each_property(sku, |property| values.push(property.value.replace('"', "\"\"")));
        let [id, price, stock] = ["sku_id", "price", "quantity"].map(|name| sku.field(name).to_text());
        println!("{},{id},\"{}\",{price},{stock}", item.field("num_iid").to_text(), values.join(" "));
    }
}
