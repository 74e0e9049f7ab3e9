//! One connection to the server, with its prepared statements.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, try_join_all};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::{ChannelBinding, SslMode};
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Notification, Row, Statement};

use super::error::{away, refused};
use super::pool::{OwnProcess, Pool};
use super::schema::{self, AboutConnection};
use super::tls::ServerTls;
use crate::store::{PostgresPlace, StoreError, TlsMode};

/// How long each address of the server may take to accept a connection: two of them within [`ANSWER_TIMEOUT`].
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// How long it may take until the server answers at all; a system can accept connections for one that has stalled.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// How long it may take until the connection can be used: TLS, password, settings.
const OPEN_TIMEOUT: Duration = Duration::from_secs(3);

/// How long data may stay unconfirmed until the system gives a connection up.
const UNCONFIRMED: Duration = Duration::from_secs(15);

/// An idle connection is checked this often, by the system.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// No lock is waited for longer than this, and no transaction of a client that stalls holds one for longer: so others get
/// on. A row of the ledger must survive a power failure of the server.
const SETTINGS: &str = "SET lock_timeout = '3s'; SET statement_timeout = '30s';
    SET idle_in_transaction_session_timeout = '5s'; SET client_min_messages = 'warning';
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local')";

/// Begins a transaction. What is sent behind it is in it.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// The parameters of a statement.
pub(super) type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection that is ready: its tables are of this version.
pub(super) struct ServerConnection {
    client: Client,
    statements: Mutex<HashMap<String, Statement>>,
    schema: String,
    _process: OwnProcess,
}

impl fmt::Debug for ServerConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerConnection")
    }
}

impl ServerConnection {
    /// Connects, and makes or migrates the tables. What other sessions report comes to `on_report`, once it is asked for.
    pub(super) async fn open(
        place: &PostgresPlace,
        pool: &Pool,
        on_report: impl Fn(Notification) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let opening = async {
            let client = connect(place, on_report).await?;
            client.batch_execute(SETTINGS).await?;
            let about = schema::prepare(&client, &place.schema).await?;
            Ok(Self::new(client, place, pool, &about))
        };
        in_time(opening).await
    }

    /// Connects and leaves the tables as they are. Returns their version, too; 0 if there are none.
    pub(super) async fn open_as_it_is(place: &PostgresPlace, pool: &Pool) -> Result<(Self, i64), StoreError> {
        let opening = async {
            let client = connect(place, |_| {}).await?;
            client.batch_execute(SETTINGS).await?;
            let version = schema::select(&client, &place.schema).await?;
            let about = schema::about(&client).await?;
            Ok((Self::new(client, place, pool, &about), version))
        };
        in_time(opening).await
    }

    fn new(client: Client, place: &PostgresPlace, pool: &Pool, about: &AboutConnection) -> Self {
        pool.clock.set(about.server_time);
        let process = pool.own_process(about.process);
        Self { client, statements: Mutex::default(), schema: place.schema.clone(), _process: process }
    }

    /// The schema of the tables.
    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub(super) async fn rows(&self, sql: &str, parameters: Parameters<'_>) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql).await?;
        Ok(self.client.query(&statement, parameters).await?)
    }

    pub(super) async fn row(&self, sql: &str, parameters: Parameters<'_>) -> Result<Option<Row>, StoreError> {
        let statement = self.prepared(sql).await?;
        Ok(self.client.query_opt(&statement, parameters).await?)
    }

    /// Returns how many rows were changed.
    pub(super) async fn execute(&self, sql: &str, parameters: Parameters<'_>) -> Result<u64, StoreError> {
        let statement = self.prepared(sql).await?;
        Ok(self.client.execute(&statement, parameters).await?)
    }

    /// Prepares these statements, so that they can be sent one behind the other without waiting for their results, and arrive
    /// in that order.
    pub(super) async fn prepare(&self, all: &[&str]) -> Result<(), StoreError> {
        try_join_all(all.iter().map(|sql| self.prepared(sql))).await.map(drop)
    }

    /// Runs SQL without parameters.
    pub(super) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// Commits what was done since `BEGIN`, or takes all of it back after an error.
    pub(super) async fn end<T>(&self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        match done {
            Ok(done) => self.batch("COMMIT").await.map(|()| done),
            Err(error) => {
                // If this fails the connection is of no more use, and the server takes everything back itself.
                let _ = self.batch("ROLLBACK").await;
                Err(error)
            }
        }
    }

    async fn prepared(&self, sql: &str) -> Result<Statement, StoreError> {
        let known = || self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(statement) = known().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await?;
        let _ = known().insert(sql.to_owned(), statement.clone()); // None, or the same prepared twice
        Ok(statement)
    }
}

/// A server that accepts a connection can still say nothing further.
fn in_time<'a, T: 'a>(
    opening: impl Future<Output = Result<T, StoreError>> + Send + 'a,
) -> BoxFuture<'a, Result<T, StoreError>> {
    let late = || away(format!("no answer within {} s", OPEN_TIMEOUT.as_secs()));
    Box::pin(async move { tokio::time::timeout(OPEN_TIMEOUT, opening).await.unwrap_or_else(|_| Err(late())) })
}

async fn connect(
    place: &PostgresPlace,
    on_report: impl Fn(Notification) + Send + 'static,
) -> Result<Client, StoreError> {
    let mut config = Config::new();
    config
        .host(&place.host)
        .port(place.port)
        .dbname(&place.database)
        .user(&place.user)
        .application_name("obx")
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_user_timeout(UNCONFIRMED)
        .keepalives_idle(KEEPALIVE)
        .channel_binding(ChannelBinding::Disable);
    if let Some(password) = &place.password {
        config.password(password.expose());
    }
    if place.tls == TlsMode::Disable || place.is_socket() {
        // Few answers are needed until then, mostly of this machine.
        let connecting = config.ssl_mode(SslMode::Disable).connect(NoTls);
        let connected = tokio::time::timeout(ANSWER_TIMEOUT, connecting).await.map_err(|_| no_answer())?;
        let (client, connection) = connected.map_err(|error| refused(error, place))?;
        drop(tokio::spawn(drive(connection, on_report)));
        return Ok(client);
    }
    let tls = ServerTls::new(place)?;
    let mut connecting = pin!(config.ssl_mode(SslMode::Require).connect(tls.clone()));
    let connected = match tokio::time::timeout(ANSWER_TIMEOUT, &mut connecting).await {
        Ok(connected) => connected,
        Err(_) if tls.has_answered() => connecting.await,
        Err(_) => return Err(no_answer()),
    };
    let (client, connection) = connected.map_err(|error| refused(error, place))?;
    drop(tokio::spawn(drive(connection, on_report)));
    Ok(client)
}

fn no_answer() -> StoreError {
    away(format!("no answer within {} s", ANSWER_TIMEOUT.as_secs()))
}

/// Moves data until the client is dropped or the connection ends.
fn drive<S, T>(
    mut connection: Connection<S, T>,
    on_report: impl Fn(Notification) + Send + 'static,
) -> BoxFuture<'static, ()>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    Box::pin(async move {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                Some(Ok(AsyncMessage::Notification(report))) => on_report(report),
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    tracing::warn!(%error, "a connection to the store has ended");
                    return;
                }
                None => return,
            }
        }
    })
}
