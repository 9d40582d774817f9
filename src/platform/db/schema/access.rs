//! Users, sign-in, keys, and what is kept under idempotency keys.

tables! {
    users (id) {
        id -> UuidSql,
        email -> Text,
        email_key -> Text,
        name -> Text,
        role -> Text,
        created_at -> InstantSql,
        version -> BigInt,
    }

    passwords (realm, subject_id) {
        realm -> Text,
        subject_id -> UuidSql,
        hash -> Text,
        set_at -> InstantSql,
    }

    known_devices (realm, subject_id, fingerprint) {
        realm -> Text,
        subject_id -> UuidSql,
        fingerprint -> Binary,
        seen_at -> InstantSql,
    }

    reminder_progress (name) {
        name -> Text,
        at -> InstantSql,
        after_id -> Nullable<UuidSql>,
    }

    sessions (id) {
        id -> UuidSql,
        realm -> Text,
        subject_id -> UuidSql,
        started_at -> InstantSql,
        expires_at -> InstantSql,
        ended_at -> Nullable<InstantSql>,
    }

    refresh_tokens (hash) {
        hash -> Binary,
        session_id -> UuidSql,
        expires_at -> InstantSql,
        used_at -> Nullable<InstantSql>,
    }

    one_time_tokens (hash) {
        hash -> Binary,
        purpose -> Text,
        content -> JsonSql,
        expires_at -> InstantSql,
        used_at -> Nullable<InstantSql>,
    }

    api_keys (id) {
        id -> UuidSql,
        name -> Text,
        hash -> Binary,
        scopes -> Text,
        created_at -> InstantSql,
        expires_at -> Nullable<InstantSql>,
        revoked_at -> Nullable<InstantSql>,
    }

    signing_keys (id) {
        id -> Text,
        private_der -> Binary,
        public_key -> Binary,
        created_at -> InstantSql,
    }

    idempotency_keys (fingerprint) {
        fingerprint -> Binary,
        request_hash -> Binary,
        member_id -> Nullable<UuidSql>,
        status -> SmallInt,
        body -> Binary,
        created_at -> InstantSql,
    }

    idempotency_members (member_id, fingerprint) {
        member_id -> UuidSql,
        fingerprint -> Binary,
    }
}
