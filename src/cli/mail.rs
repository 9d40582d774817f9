//! What `serve` and `demo` are told of mail.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, letters};
use platform::{
    http::signed::SharedSecret,
    messaging::{
        dkim::Signer,
        transport::{CONNECTIONS, Transport},
    },
};

#[derive(Args)]
pub struct MailOptions {
    /// Where mail goes: smtp://…, smtps://….
    #[arg(long, env = "VILDAR_SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// How many letters are handed to the mail server at once.
    #[arg(long, env = "VILDAR_SMTP_CONNECTIONS", default_value_t = CONNECTIONS, value_parser = clap::value_parser!(u32).range(1..=200))]
    smtp_connections: u32,
    /// A file with an RSA private key in PEM that signs letters (DKIM).
    #[arg(long, env = "VILDAR_DKIM_KEY")]
    dkim_key: Option<PathBuf>,
    /// Where its public key stands: `<selector>._domainkey.<domain of mail_from>`.
    #[arg(long, env = "VILDAR_DKIM_SELECTOR", default_value = "vildar")]
    dkim_selector: String,
    /// A folder with your own templates and texts of letters; `vildar letters check` checks it.
    #[arg(long, env = "VILDAR_TEMPLATES")]
    templates: Option<PathBuf>,
    /// A secret shared with who reports mail that comes back, to /v1/mail-reports.
    #[arg(long, env = "VILDAR_REPORT_SECRET", hide_env_values = true)]
    report_secret: Option<String>,
}

impl MailOptions {
    /// Where letters go; `None` where that was not said. Call it inside the async runtime.
    pub fn transport(&self) -> Result<Option<Transport>, Failure> {
        let read = |url: &String| {
            Transport::smtp(url, self.smtp_connections)
                .map_err(|error| Failure::Usage(format!("VILDAR_SMTP_URL: {error}")))
        };
        self.smtp_url.as_ref().map(read).transpose()
    }

    /// Writes letters on the shop's own templates; `None` where there are none.
    pub fn use_templates(&self) -> Result<Option<()>, Failure> {
        self.templates.as_deref().map(letters::use_templates).transpose()
    }

    /// By which reports of mail are believed.
    pub fn report_secret(&self) -> Result<Option<SharedSecret>, Failure> {
        let read = |text: &String| {
            SharedSecret::new(text)
                .map_err(|why| Failure::Usage(format!("VILDAR_REPORT_SECRET {why}")))
        };
        self.report_secret.as_ref().map(read).transpose()
    }

    /// What signs letters.
    pub fn signer(&self) -> Result<Option<Signer>, Failure> {
        let Some(file) = &self.dkim_key else { return Ok(None) };
        let said = |why: &dyn std::fmt::Display| {
            Failure::Usage(format!("the DKIM key {}: {why}", file.display()))
        };
        let pem = std::fs::read_to_string(file).map_err(|why| said(&why))?;
        Signer::new(&pem, &self.dkim_selector).map(Some).map_err(|why| said(&why))
    }
}
