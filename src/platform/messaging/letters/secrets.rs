//! What in a letter gives power to whoever reads it.

use super::{Greeting, Letter, SurveyLetter, Voucher};

impl Letter {
    /// What gives power to whoever reads it: voucher codes and links with tokens.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        match self {
            Self::SignUpConfirmation { url, .. }
            | Self::EmailChange { url, .. }
            | Self::PasswordReset { url, .. }
            | Self::StaffInvitation { url, .. }
            | Self::Survey(SurveyLetter { url, .. }) => vec![url.clone()],
            _ => self.voucher().map(|voucher| voucher.code.clone()).into_iter().collect(),
        }
    }

    /// The code that it brings.
    #[must_use]
    pub const fn voucher(&self) -> Option<&Voucher> {
        match self {
            Self::RewardRedeemed { voucher, .. }
            | Self::PerkGranted { voucher, .. }
            | Self::Birthday(Greeting { voucher, .. })
            | Self::Anniversary(Greeting { voucher, .. })
            | Self::Holiday(Greeting { voucher, .. })
            | Self::Date(Greeting { voucher, .. }) => voucher.as_ref(),
            Self::VoucherEnding { voucher, .. } => Some(voucher),
            _ => None,
        }
    }

    /// Whether its [`secrets`](Self::secrets) can be asked for anew: then it need not keep them
    /// once it failed. A voucher's code is in its letter alone, which may be tried again.
    #[must_use]
    pub const fn can_be_asked_for_anew(&self) -> bool {
        matches!(
            self,
            Self::SignUpConfirmation { .. }
                | Self::EmailChange { .. }
                | Self::PasswordReset { .. }
                | Self::StaffInvitation { .. }
        )
    }

    /// The same letter with its [`secrets`](Self::secrets) blotted out, QR code included: for
    /// previews that people other than the reader may see.
    #[must_use]
    pub fn masked(mut self) -> Self {
        const BLOT: &str = "••••••••";
        match &mut self {
            Self::SignUpConfirmation { url, .. }
            | Self::EmailChange { url, .. }
            | Self::PasswordReset { url, .. }
            | Self::StaffInvitation { url, .. }
            | Self::Survey(SurveyLetter { url, .. }) => BLOT.clone_into(url),
            Self::VoucherEnding { voucher, .. } => BLOT.clone_into(&mut voucher.code),
            Self::RewardRedeemed { voucher, .. }
            | Self::PerkGranted { voucher, .. }
            | Self::Birthday(Greeting { voucher, .. })
            | Self::Anniversary(Greeting { voucher, .. })
            | Self::Holiday(Greeting { voucher, .. })
            | Self::Date(Greeting { voucher, .. }) => {
                if let Some(voucher) = voucher {
                    BLOT.clone_into(&mut voucher.code);
                }
            }
            _ => {}
        }
        self
    }
}
