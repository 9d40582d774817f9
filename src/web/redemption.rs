//! A redemption's page: the voucher to show, and the way back while there is one.

use actix_web::http::StatusCode;

use super::{
    cards,
    mailbox::on_disk,
    pages::{VoucherCard, VoucherPage},
    posted::{Nothing, Posted},
    visit::{Visit, html, see_other},
};
use platform::{
    db::Tx,
    http::Answer,
    kernel::{
        error::{Error, Refusal, Result},
        id::{LetterId, RedemptionId},
        qr,
    },
    messaging::{self, mailbox},
};
use program::{
    redemptions::{self, Redemption, RedemptionState, Voucher},
    rewards,
};

/// `GET /redemptions/{id}`; another member's does not exist.
pub async fn show(visit: Visit) -> Answer {
    let (id, member) = (id(&visit)?, visit.member()?);
    let whole = move |tx: &mut Tx<'_>, placed: Redemption| {
        if placed.member_id != member {
            return Err(Refusal::not_found("redemption").into());
        }
        let reward = rewards::service::get(tx, placed.reward_id)?;
        let letter = messaging::outbox::sent(tx, &format!("redeemed:{id}"))?;
        Ok((placed, reward, letter, tx.now))
    };
    let (placed, reward, letter, now) =
        redemptions::service::read(visit.store(), id, whole).await?;
    let reader = visit.reader();
    let page = VoucherPage {
        shell: visit.shell(),
        redemption: cards::redemption(&placed, reward.name(&reader), &reward, now),
        quantity: placed.quantity,
        description: reward.description(&reader),
        fresh: visit.query().split('&').any(|part| part == "fresh"),
        voucher: placed.voucher.as_ref().map(voucher).transpose()?,
        used_at: placed.used_at,
        letter_id: file_of(&visit, letter).await?,
        cancellable: placed.state_at(now) == RedemptionState::Placed,
    };
    html(StatusCode::OK, visit.pages.render_voucher(&page))
}

/// `POST /redemptions/{id}/cancel`
pub async fn cancel(Posted { visit, .. }: Posted<Nothing>) -> Answer {
    let (id, by) = (id(&visit)?, visit.caller()?);
    visit.store().write(move |tx| redemptions::service::cancel(tx, id, None, &by)).await?;
    Ok(see_other(&format!("/redemptions/{id}?notice=redemption_cancelled")))
}

fn id(visit: &Visit) -> Result<RedemptionId, Refusal> {
    visit.path("id").parse().map_err(|_| Refusal::not_found("redemption"))
}

fn voucher(voucher: &Voucher) -> Result<VoucherCard> {
    let code = voucher.shown();
    let qr_svg = qr::svg(&code).ok_or_else(|| Error::internal("a code without a QR"))?;
    Ok(VoucherCard { qr_svg, code, expires_at: voucher.expires_at })
}

/// The letter's file in the mailbox of the demo, once it is there.
async fn file_of(visit: &Visit, letter: Option<LetterId>) -> Result<Option<String>> {
    let Some(letter) = letter else { return Ok(None) };
    on_disk(visit, move |folder| mailbox::file_of(folder, letter)).await
}
