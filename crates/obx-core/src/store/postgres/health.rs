//! Checks a store on a server.

use std::future::Future;
use std::sync::Arc;

use tokio::runtime::Builder;

use super::connection::ServerConnection;
use super::error::away;
use super::pool::{Pool, SEARCH_LIMIT};
use super::schema;
use crate::store::{PostgresPlace, StoreError, StoreHealth};

/// Checks that each answer has a body, and how much is stored; `None` if the database has no tables.
pub(in crate::store) fn inspect(place: &PostgresPlace) -> Result<Option<StoreHealth>, StoreError> {
    look(place, |connection, version| async move {
        if version == 0 { Ok(None) } else { health(&connection, version).await.map(Some) }
    })
}

/// Returns true if the database has tables of a store.
pub(in crate::store) fn exists(place: &PostgresPlace) -> Result<bool, StoreError> {
    look(place, |_, version| async move { Ok(version > 0) })
}

/// Runs a job on a connection for itself, which makes no tables and migrates none.
fn look<T, F, Fut>(place: &PostgresPlace, job: F) -> Result<T, StoreError>
where
    F: FnOnce(Arc<ServerConnection>, i64) -> Fut,
    Fut: Future<Output = Result<T, StoreError>>,
{
    let runtime = Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|error| StoreError::broken(&error))?;
    let pool = Pool::new(place.clone());
    let looking = async {
        let (connection, version) = ServerConnection::open_as_it_is(place, &pool).await?;
        job(Arc::new(connection), version).await
    };
    let late = || Err(away(format!("no answer within {} s", SEARCH_LIMIT.as_secs())));
    let looked = runtime.block_on(async { tokio::time::timeout(SEARCH_LIMIT, looking).await });
    looked.unwrap_or_else(|_| late()).map_err(|error| pool.at_place(error))
}

async fn health(connection: &ServerConnection, version: i64) -> Result<StoreHealth, StoreError> {
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
    let (exchanges, size, bodiless): (i64, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let damage = (bodiless > 0).then(|| format!("answers without a body: {bodiless}"));
    Ok(StoreHealth {
        version,
        newest_version: schema::newest(),
        exchanges: exchanges.unsigned_abs(),
        size: size.unsigned_abs(),
        damage: damage.into_iter().collect(),
    })
}
