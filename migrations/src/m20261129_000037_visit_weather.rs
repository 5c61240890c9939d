//! What the weather changes of a visit, and the number of its latest question.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000037_visit_weather",
    up: &[
        "ALTER TABLE farm_visits ADD COLUMN weather TEXT NOT NULL DEFAULT '' CHECK (length(weather) <= 1000)",
        "ALTER TABLE farm_visits ADD COLUMN last_question INTEGER NOT NULL DEFAULT 0 CHECK (last_question >= 0)",
    ],
    tables: &[],
    columns: &[("farm_visits", "weather"), ("farm_visits", "last_question")],
};
