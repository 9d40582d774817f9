//! Asking, answering, thanking, and telling what changed.

tables! {
    segments (id) {
        id -> UuidSql,
        name -> Text,
        definition -> JsonSql,
        created_at -> InstantSql,
        version -> BigInt,
    }

    surveys (id) {
        id -> UuidSql,
        kind -> Text,
        fields -> JsonSql,
        state -> Text,
        created_at -> InstantSql,
        published_at -> Nullable<InstantSql>,
        planned_on -> Nullable<Text>,
        planned_after -> Nullable<UuidSql>,
        version -> BigInt,
        live_since -> Nullable<InstantSql>,
        asked_on -> Nullable<Text>,
        asked_after -> Nullable<UuidSql>,
    }

    asks (id) {
        id -> UuidSql,
        member_id -> UuidSql,
        kind -> Text,
        reference -> Text,
        survey_id -> Nullable<UuidSql>,
        occurrence -> Text,
        rank -> BigInt,
        channel -> Text,
        state -> Text,
        reasons -> JsonSql,
        order_id -> Nullable<UuidSql>,
        points -> Nullable<BigInt>,
        planned_at -> InstantSql,
        due_at -> InstantSql,
        send_at -> Nullable<InstantSql>,
        sent_at -> Nullable<InstantSql>,
        answered_at -> Nullable<InstantSql>,
        answer_until -> Nullable<InstantSql>,
        remind_at -> Nullable<InstantSql>,
        letter_id -> Nullable<UuidSql>,
    }

    answers (id) {
        id -> UuidSql,
        survey_id -> UuidSql,
        member_id -> UuidSql,
        ask_id -> Nullable<UuidSql>,
        external_id -> Nullable<Text>,
        kind -> Text,
        score -> BigInt,
        category -> Text,
        channel -> Text,
        order_id -> Nullable<UuidSql>,
        tier -> Text,
        country -> Nullable<Text>,
        locale -> Text,
        state -> Text,
        versions -> BigInt,
        recorded_by -> Text,
        answered_at -> InstantSql,
        edited_at -> Nullable<InstantSql>,
        void_reason -> Nullable<Text>,
        voided_by -> Nullable<Text>,
    }

    answer_versions (answer_id, version) {
        answer_id -> UuidSql,
        version -> BigInt,
        score -> BigInt,
        comment -> Nullable<Text>,
        said_at -> InstantSql,
    }

    thanks (id) {
        id -> UuidSql,
        member_id -> UuidSql,
        for_type -> Text,
        for_id -> UuidSql,
        category -> Text,
        state -> Text,
        way -> Text,
        owner_id -> Nullable<UuidSql>,
        owed_at -> InstantSql,
        due_at -> InstantSql,
        given_at -> Nullable<InstantSql>,
        given_by -> Nullable<Text>,
        perk_id -> Nullable<UuidSql>,
        message -> Nullable<Text>,
        waived_at -> Nullable<InstantSql>,
        waived_by -> Nullable<Text>,
        waive_reason -> Nullable<Text>,
        digested_at -> Nullable<InstantSql>,
    }

    topics (id) {
        id -> UuidSql,
        name -> Text,
        parent_id -> Nullable<UuidSql>,
        words -> JsonSql,
        owner_id -> Nullable<UuidSql>,
        state -> Text,
        merged_into -> Nullable<UuidSql>,
        created_at -> InstantSql,
        version -> BigInt,
    }

    topic_links (subject_id, topic_id) {
        subject_id -> UuidSql,
        topic_id -> UuidSql,
        subject -> Text,
        member_id -> UuidSql,
        raised_at -> InstantSql,
        suggested -> Bool,
        confirmed_by -> Nullable<Text>,
    }

    announcements (id) {
        id -> UuidSql,
        fields -> JsonSql,
        state -> Text,
        written_by -> Text,
        approved_by -> Nullable<Text>,
        created_at -> InstantSql,
        approved_at -> Nullable<InstantSql>,
        sent_at -> Nullable<InstantSql>,
        version -> BigInt,
    }

    announcement_topics (announcement_id, topic_id) {
        announcement_id -> UuidSql,
        topic_id -> UuidSql,
        topic_state -> Nullable<Text>,
    }

    announcement_letters (announcement_id, member_id) {
        announcement_id -> UuidSql,
        member_id -> UuidSql,
        left_out -> Nullable<Text>,
        decided_at -> InstantSql,
    }

    topic_told (topic_id, topic_state, member_id) {
        topic_id -> UuidSql,
        topic_state -> Text,
        member_id -> UuidSql,
        announcement_id -> UuidSql,
    }
}
