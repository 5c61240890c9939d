//! The highest number that a question of an edition ever had, so that none is given twice: answers stay with their question.
//! Answers to questions that were taken out go.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261129_000033_last_question", up: UP, tables: &[], columns: &[("editions", "last_question")] };

const UP: &[&str] = &[
    "ALTER TABLE editions ADD COLUMN last_question INTEGER NOT NULL DEFAULT 0",
    "UPDATE editions SET last_question = COALESCE(
        (SELECT MAX(one.number) FROM edition_questions AS one WHERE one.edition_id = editions.id), 0)",
    "DELETE FROM participant_answers WHERE NOT EXISTS (
        SELECT 1 FROM participants AS own JOIN edition_questions AS one ON one.edition_id = own.edition_id
        WHERE own.id = participant_answers.participant_id AND one.number = participant_answers.number)",
];
