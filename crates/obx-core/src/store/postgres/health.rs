//! Checks a store on a server.

use tokio::runtime::Builder;

use super::pool::{Lent, Pool, SEARCH_LIMIT};
use super::schema;
use crate::store::{PostgresPlace, StoreError, StoreHealth};

/// Checks the store: that each answer has a body, and how much is stored. It makes the tables if there are none.
pub(in crate::store) fn inspect(place: &PostgresPlace) -> Result<StoreHealth, StoreError> {
    let runtime = Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|error| StoreError::broken(&error))?;
    let pool = Pool::new(place.clone());
    let read = |connection: Lent| async move {
        let row = connection
            .row(
                "SELECT (SELECT count(*) FROM exchanges),
                     (SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
                      WHERE relnamespace = $1::text::regnamespace AND relkind = 'r'),
                     (SELECT count(*) FROM exchanges e WHERE answers > 0
                      AND NOT EXISTS (SELECT FROM bodies b WHERE b.id = e.id))",
                &[&schema::quoted(connection.schema())],
            )
            .await?;
        let row = row.ok_or_else(|| StoreError::broken(&"the server counts nothing"))?;
        let (exchanges, size, bodiless): (i64, i64, i64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let damage = (bodiless > 0).then(|| format!("answers without a body: {bodiless}"));
        Ok(StoreHealth {
            version: schema::newest(),
            newest_version: schema::newest(),
            exchanges: exchanges.unsigned_abs(),
            size: size.unsigned_abs(),
            damage: damage.into_iter().collect(),
        })
    };
    runtime.block_on(pool.with(SEARCH_LIMIT, read))
}
