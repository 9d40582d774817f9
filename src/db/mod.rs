//! The database floor: connections, transactions, types, schema, migrations. Only this floor may
//! know which of the two databases it talks to.

pub mod among;
pub mod bulk;
pub mod connection;
pub mod lane;
pub mod lock;
pub mod meta;
pub mod migrate;
mod news;
pub mod prepared;
pub mod schema;
pub mod seen;
pub mod still;
pub mod store;
pub mod tx;
pub mod types;
mod words;
mod writer;
pub mod written;

pub use connection::{DatabaseUrl, DbConnection};
pub use store::Store;
pub use tx::Tx;
