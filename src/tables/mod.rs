//! The tables that people keep: CSV as spreadsheets save it, in whatever encoding and with whatever separator, and
//! XLSX.
//! `read` turns a file into rows, `columns` ties headings to what a table is asked for, `cell` reads values,
//! `report` says everything that is wrong at once, in French;
//! `write` makes a table that a spreadsheet opens and that `read` reads back;
//! `run` is what every import is asked and answers. No room's rules are known here.

mod cell;
mod columns;
mod decode;
mod fold;
mod read;
mod report;
mod run;
mod write;

pub use self::{
    cell::{Line, Severity, parse_date, parse_list, parse_number, parse_time},
    columns::{Column, Columns, MissingColumns},
    decode::decode,
    fold::fold,
    read::{Row, Table, Unreadable},
    report::{Problem, Report},
    run::{ImportError, OnProgress, Options, Progress},
    write::{Cell, Sheet, workbook},
};

pub(crate) use self::write::CsvFile;
