//! Pictures that the shop uploads, for its rewards. What is kept is not what came: a picture is
//! decoded within bounds and drawn anew, so that nothing but its pixels is left of it, neither where
//! it was taken nor what else a file may carry.

pub mod api;
mod drawing;
pub mod personal;
pub mod service;

use serde::Serialize;
use utoipa::ToSchema;

use platform::{http::Reply, kernel::id::MemberId};

pub use drawing::{Drawn, draw};

/// A picture that was kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Picture {
    /// For the `image_url` of a reward; the same picture again has the same.
    #[schema(example = "/pictures/5f0c8e1b7a3d4e29a1b2c3d4e5f60718.jpg")]
    pub image_url: String,
    /// In pixels.
    #[schema(example = 1200)]
    pub width: u32,
    #[schema(example = 800)]
    pub height: u32,
}

impl Reply for Picture {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}
