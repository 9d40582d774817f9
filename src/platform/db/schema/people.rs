//! Members, and what hangs on a person.

tables! {
    members (id) {
        id -> UuidSql,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        locale -> Text,
        time_zone -> Text,
        country -> Nullable<Text>,
        birthday -> Nullable<Text>,
        birthday_set_at -> Nullable<InstantSql>,
        external_id -> Nullable<Text>,
        tier -> Text,
        status -> Text,
        referral_code -> Text,
        marketing_consent -> Bool,
        enrolled_at -> InstantSql,
        version -> BigInt,
        email_alike -> Nullable<Text>,
    }

    member_hints (kind, hash, member_id) {
        member_id -> UuidSql,
        kind -> Text,
        hash -> Binary,
        seen_at -> InstantSql,
    }

    status_changes (member_id, version) {
        member_id -> UuidSql,
        version -> BigInt,
        old_status -> Text,
        new_status -> Text,
        actor -> Text,
        changed_at -> InstantSql,
    }

    status_notes (member_id, version) {
        member_id -> UuidSql,
        version -> BigInt,
        reason -> Text,
    }

    member_tags (member_id, tag) {
        member_id -> UuidSql,
        tag -> Text,
    }

    member_words (word, member_id) {
        word -> Text,
        member_id -> UuidSql,
    }

    consents (id) {
        id -> UuidSql,
        member_id -> UuidSql,
        given -> Bool,
        wording -> Nullable<Text>,
        place -> Text,
        actor -> Text,
        recorded_at -> InstantSql,
    }

    suppressions (id) {
        id -> UuidSql,
        email_key -> Text,
        reason -> Text,
        detail -> Nullable<Text>,
        created_at -> InstantSql,
    }

    preferences (member_id, name) {
        member_id -> UuidSql,
        name -> Text,
        enabled -> Bool,
    }
}
