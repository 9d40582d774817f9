//! Pure building blocks: ids, clock, chance, points, money, text, errors. No I/O below this floor.

pub mod chance;
pub mod changes;
pub mod clock;
pub mod code;
pub mod csv;
pub mod difference;
pub mod error;
pub mod format;
pub mod id;
pub mod json;
pub mod limit;
pub mod locale;
pub mod money;
pub mod page;
pub mod phrases;
pub mod points;
pub mod qr;
pub mod templates;
pub mod text;
pub mod texts;
pub mod version;
pub mod voucher_code;
pub mod web_url;
pub mod whole;
pub mod wire;
pub mod zone;
