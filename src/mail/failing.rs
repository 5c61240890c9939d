use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

/// An address that the last mail did not reach.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FailingAddress {
    /// Which.
    pub recipient: String,
    /// Key of that mail.
    pub mail_id: i64,
    /// The other server's words.
    pub answer: String,
}

/// Addresses whose last mail was refused or came back, the latest first. What was given up by staff, or came too late, says
/// nothing of an address.
///
/// # Errors
/// What the database said.
pub async fn failing_addresses(db: &impl ConnectionTrait, most: u64) -> Result<Vec<FailingAddress>, DbErr> {
    let sql = "SELECT mail.recipient, mail.id AS mail_id, attempt.answer
        FROM outgoing_mails mail
        JOIN mail_attempts attempt ON attempt.id =
            (SELECT MAX(last.id) FROM mail_attempts last
             WHERE last.mail_id = mail.id AND last.outcome IN ('refused', 'bounced'))
        WHERE mail.state IN ('failed', 'bounced')
          AND NOT EXISTS (SELECT 1 FROM outgoing_mails later
                          WHERE later.recipient = mail.recipient AND later.id > mail.id
                            AND later.state IN ('sent', 'failed', 'bounced'))
        ORDER BY mail.id DESC LIMIT $1";
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let asked = Statement::from_sql_and_values(db.get_database_backend(), sql, [most.into()]);
    FailingAddress::find_by_statement(asked).all(db).await
}
