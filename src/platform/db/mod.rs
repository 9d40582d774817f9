//! The database floor: connections, transactions, types, schema, migrations. Only this floor may
//! know which of the two databases it talks to.

pub mod among;
pub mod backup;
pub mod bulk;
pub mod clause;
pub mod columns;
mod condition;
pub mod connection;
pub mod failure;
pub mod lane;
pub mod lock;
pub mod meta;
pub mod migrate;
mod news;
pub mod personal;
mod pool;
pub mod prepared;
mod reads;
pub mod rows;
pub mod schema;
mod scrub;
pub mod seen;
mod steps;
pub mod still;
pub mod store;
pub mod stride;
pub mod tx;
pub mod types;
mod url;
pub mod word_list;
mod words;
mod writer;
pub mod written;

pub use connection::DbConnection;
pub use reads::Reads;
pub use store::Store;
pub use tx::Tx;
pub use url::DatabaseUrl;
