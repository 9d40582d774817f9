//! What shows that a member's points are as of now.

use std::marker::PhantomData;

use platform::kernel::id::MemberId;

/// A member to whom nothing is due in the transaction at hand. Whoever reads points names the
/// member by this, so that nobody reads them before what is due is done: it comes from
/// [`crate::due`], and lasts no longer than the transaction.
#[derive(Clone, Copy, Debug)]
pub struct Settled<'t> {
    member: MemberId,
    transaction: PhantomData<&'t ()>,
}

impl Settled<'_> {
    /// A member whose points are to be read as they are kept. Clippy refuses it (`clippy.toml`)
    /// but where a reason is given.
    #[must_use]
    pub const fn as_kept(member: MemberId) -> Self {
        Self { member, transaction: PhantomData }
    }

    #[must_use]
    pub const fn member(self) -> MemberId {
        self.member
    }
}
