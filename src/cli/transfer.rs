//! Importing and exporting: the shapes of the commands, and the one place where each is carried out.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::Refusal;
use crate::app::App;
use crate::tables::{Options, Progress, Report, Sheet};
use crate::{canteens, places, suppliers};

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
    /// Errors that readers reported
    Reports,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    Csv,
    Xlsx,
    Geojson,
}

/// Carries out an import beside a running server, which follows the change log. The report goes to standard output,
/// progress to standard error.
pub(super) async fn import(app: &App, import: Import) -> Result<(), Refusal> {
    let (input, draft) = import.input();
    for file in &input.files {
        let (bytes, options, bar) = open(app, file, input.dry_run, draft)?;
        let mut show = |progress: Progress| bar.show(progress.saved, progress.total);
        let report = match &import {
            Import::Suppliers { .. } => suppliers::import::suppliers(app, &bytes, &options, &mut show).await?,
            Import::Offers { .. } => suppliers::import::offers(app, &bytes, &options, &mut show).await?,
            Import::Canteens { .. } => canteens::import_registry(app, &bytes, &options, &mut show).await?,
            Import::OrganicOperators { .. } => {
                suppliers::import::organic_operators(app, &bytes, &options, &mut show).await?
            }
            Import::Communes { .. } => places::import::communes(app, &bytes, &options.file, options.dry_run).await?,
            Import::Outlines { .. } => places::import::outlines(app, &bytes, &options.file, options.dry_run).await?,
        };
        finish(bar, report);
    }
    Ok(())
}

impl Import {
    /// What is to be read, and whether what is new stays a draft.
    fn input(&self) -> (&Input, bool) {
        match self {
            Self::Suppliers { input, draft } => (input, *draft),
            Self::OrganicOperators { input, publish } => (input, !publish),
            Self::Offers { input } | Self::Canteens { input } | Self::Communes { input } | Self::Outlines { input } => {
                (input, false)
            }
        }
    }
}

fn open(app: &App, file: &Path, dry_run: bool, draft: bool) -> Result<(Vec<u8>, Options, Bar), Refusal> {
    let bytes = fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let options = Options { file: name, dry_run, draft, now: app.clock.now(), today: app.today() };
    Ok((bytes, options, Bar::new()))
}

#[expect(clippy::print_stdout, reason = "the report is the result of the command")]
fn finish(bar: Bar, report: Report) {
    bar.0.finish_and_clear();
    println!("{report}");
}

/// Progress on standard error: a bar when somebody looks, else a line for what was saved.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} saved, {eta} left");
        Self(ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    fn show(&self, saved: usize, total: usize) {
        self.0.set_length(total as u64);
        self.0.set_position(saved as u64);
        // In a file or a journal a bar draws nothing, and what was saved must be known when the import is cut.
        if self.0.is_hidden() {
            eprintln!("{saved} of {total} saved");
        }
    }
}

/// Writes an export to a file, or to standard output.
pub(super) async fn export(app: &App, export: Export) -> Result<(), Refusal> {
    let format = match export.format {
        Format::Csv => suppliers::export::Format::Csv,
        Format::Xlsx => suppliers::export::Format::Xlsx,
        Format::Geojson => suppliers::export::Format::GeoJson,
    };
    let bytes = match export.what {
        Exported::Suppliers => suppliers::export::suppliers(&app.db, &app.places, format, app.today()).await?,
        Exported::Offers => suppliers::export::offers(&app.db, format).await?,
        Exported::Canteens => {
            let sheet: Sheet = canteens::registry_sheet(&app.db).await?;
            suppliers::export::written(&sheet, format)?
        }
        Exported::Reports => suppliers::export::reports(&app.db, format, app.config.time_zone).await?,
    };
    match export.output {
        Some(file) => {
            fs::write(&file, bytes).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
        }
        None => io::stdout().lock().write_all(&bytes)?,
    }
    Ok(())
}
