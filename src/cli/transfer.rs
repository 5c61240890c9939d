//! Importing and exporting: the shapes of the commands, and the one place where each is carried out.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Refusal;
use crate::app::App;

#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// Suppliers, one a row, in CSV or XLSX
    Suppliers {
        #[command(flatten)]
        input: Input,
        /// Keep the suppliers as drafts instead of publishing them
        #[arg(long)]
        draft: bool,
    },
    /// Offers, one a row, of suppliers known by their reference
    Offers {
        #[command(flatten)]
        input: Input,
    },
    /// Canteens of the ma-cantine registry
    Canteens {
        #[command(flatten)]
        input: Input,
    },
    /// Organic operators of the Agence Bio, in their JSON
    OrganicOperators {
        #[command(flatten)]
        input: Input,
        /// Show them at once with what the register says, instead of keeping them as drafts
        #[arg(long)]
        publish: bool,
    },
    /// Better points of communes, in GeoJSON
    Communes {
        #[command(flatten)]
        input: Input,
    },
    /// Outlines of départements and intercommunalities, in GeoJSON
    Outlines {
        #[command(flatten)]
        input: Input,
    },
}

#[derive(Args, Debug)]
pub(super) struct Input {
    /// The file to read; several are read one after the other
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Report what would be imported and what is wrong, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Args, Debug)]
pub(super) struct Export {
    /// What to write
    pub(super) what: Exported,
    /// Format of the file
    #[arg(long, value_enum, default_value = "csv")]
    pub(super) format: Format,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Exported {
    Suppliers,
    Offers,
    Canteens,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    Csv,
    Xlsx,
    Geojson,
}

/// Carries out an import beside a running server, which follows the change log.
pub(super) fn import(app: &App, import: Import) -> Result<(), Refusal> {
    let _ = app;
    Err(format!("this version cannot carry out {import:?}").into())
}

/// Writes an export.
pub(super) fn export(app: &App, export: Export) -> Result<(), Refusal> {
    let _ = app;
    Err(format!("this version cannot carry out {export:?}").into())
}
