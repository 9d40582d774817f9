//! The plain ways to a table's rows.

/// Finds, locks and lists the rows of a table whose key is `id` and whose ids are in the order in
/// which they were made: `rows! { rewards, Reward, RewardId, "reward" }`. The row is `Selectable`.
#[macro_export]
macro_rules! rows {
    ($table:ident, $row:ty, $id:ty, $what:literal) => {
        /// The row with this id.
        ///
        /// # Errors
        /// [`Refusal::NotFound`](crate::kernel::error::Refusal::NotFound).
        pub fn get(tx: &mut $crate::db::Tx<'_>, id: $id) -> $crate::kernel::error::Result<$row> {
            let row: Option<$row> = diesel::OptionalExtension::optional(
                $table::table.find(id).select(<$row>::as_select()).first(tx.conn),
            )?;
            row.ok_or_else(|| $crate::kernel::error::Refusal::not_found($what).into())
        }

        /// The row with this id, locked until the transaction ends.
        ///
        /// # Errors
        /// [`Refusal::NotFound`](crate::kernel::error::Refusal::NotFound).
        pub fn lock(tx: &mut $crate::db::Tx<'_>, id: $id) -> $crate::kernel::error::Result<$row> {
            let row = $table::table.filter($table::id.eq(id)).select(<$row>::as_select());
            let rows: Vec<$row> = $crate::db::lock::for_update(row).load(tx.conn)?;
            let none = || $crate::kernel::error::Refusal::not_found($what).into();
            rows.into_iter().next().ok_or_else(none)
        }

        /// A page of the rows that `narrow` leaves, newest first.
        ///
        /// # Errors
        /// A cursor of another list.
        pub fn list(
            tx: &mut $crate::db::Tx<'_>,
            page: &$crate::kernel::page::Page,
            narrow: impl FnOnce(
                $table::BoxedQuery<'_, $crate::db::connection::MultiBackend>,
            ) -> $table::BoxedQuery<'_, $crate::db::connection::MultiBackend>,
        ) -> $crate::kernel::error::Result<$crate::kernel::page::Listing<$row>> {
            let mut query = narrow($table::table.into_boxed());
            if let Some(before) = page.after::<$id>()? {
                query = query.filter($table::id.lt(before));
            }
            let query = query.order($table::id.desc()).limit(page.rows());
            let rows: Vec<$row> = query.select(<$row>::as_select()).load(tx.conn)?;
            Ok(page.cut(rows, |row| row.id.to_string(), |row| row))
        }
    };
}
