//! The OpenAPI document: what `utoipa` collects from the routes, and what all of them share.
