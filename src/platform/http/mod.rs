//! The HTTP floor: who is calling, what they sent, what they get; errors as problem+json,
//! idempotency, cursors, limits. It knows no domain.

pub mod accept;
pub mod body;
pub mod call;
pub mod cors;
pub mod health;
pub mod idempotency;
pub mod lane;
pub mod limits;
pub mod loopback;
pub mod observe;
pub mod openapi;
pub mod operations;
pub mod outline;
pub mod packing;
pub mod problem;
pub mod query;
pub mod reply;
pub mod request_id;
pub mod resource;
pub mod server;
pub mod signed;
pub mod state;
pub mod streams;

pub use call::{Call, SignedCall};
pub use problem::Problem;
pub use reply::Reply;
pub use state::AppState;

/// What every handler answers.
pub type Answer = Result<actix_web::HttpResponse, Problem>;
