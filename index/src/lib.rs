//! The search engine of the directory.
