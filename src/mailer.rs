//! The courier, with what the program says of itself.

use std::sync::Arc;

use tokio::sync::OnceCell;

use platform::{
    db::{DbConnection, Store, meta},
    kernel::error::Result,
    messaging::{
        courier::{Courier, Delivered},
        dkim::Signer,
        letters::Sender,
        transport::Transport,
    },
    settings,
};

/// The courier, made when the database is first reached.
pub struct Mailer {
    store: Store,
    transport: Transport,
    signer: Option<Arc<Signer>>,
    courier: OnceCell<Courier>,
}

impl Mailer {
    #[must_use]
    pub fn new(store: Store, transport: Transport, signer: Option<Signer>) -> Self {
        Self { store, transport, signer: signer.map(Arc::new), courier: OnceCell::new() }
    }

    pub async fn courier(&self) -> Result<&Courier> {
        self.courier
            .get_or_try_init(|| async {
                let key = self.store.write(meta::key).await?;
                let (sender, signer) = (Arc::new(sender), self.signer.clone());
                let (store, transport) = (self.store.clone(), self.transport.clone());
                Ok(Courier::new(store, transport, signer, sender, key))
            })
            .await
    }

    /// Delivers every letter that is due.
    pub async fn deliver_due(&self) -> Result<Delivered> {
        self.courier().await?.deliver_due().await
    }
}

/// What the program says of itself in letters; `None` until it knows its address and its sender.
fn sender(conn: &mut DbConnection) -> Result<Option<Sender>> {
    let settings = settings::service::of(conn)?;
    let can_write = settings.public_url.is_some() && settings.mail_from.is_some();
    Ok(can_write.then(|| settings.sender()))
}
