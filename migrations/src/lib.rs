//! Changes of the database.
