use std::fmt;

/// One thing wrong in a file: enough to find the cell and to know what to write instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Line of the text or row of the sheet.
    pub line: u64,
    /// Heading of the column; empty when the whole line is meant.
    pub column: String,
    /// What the cell holds, shortened.
    pub value: String,
    /// What was expected, in French.
    pub expected: String,
    /// Whether the line was left out because of it; otherwise only the cell was.
    pub refused: bool,
}

/// What became of a file. Its [`Display`](fmt::Display) is the report in French, every wrong cell on one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Name of the file.
    pub file: String,
    /// Whether nothing was written, on purpose.
    pub dry_run: bool,
    /// What the lines are: `fournisseurs`, `offres`…
    pub subject: &'static str,
    /// What one of them is called: `ligne`, `fiche`: a feminine word.
    pub entry: &'static str,
    /// Lines under the headings.
    pub read: usize,
    /// Lines that made something new.
    pub created: usize,
    /// Lines that changed something.
    pub updated: usize,
    /// Lines that said what was known.
    pub unchanged: usize,
    /// Lines left out.
    pub refused: usize,
    /// Everything wrong, in the order of the file.
    pub problems: Vec<Problem>,
    /// Headings that were not understood.
    pub ignored_columns: Vec<String>,
    /// What else the reader should know.
    pub notes: Vec<String>,
}

impl Report {
    /// An empty report on a file.
    #[must_use]
    pub fn new(file: &str, subject: &'static str) -> Self {
        Self { file: file.to_owned(), subject, entry: "ligne", ..Self::default() }
    }

    /// Whether every line was taken as it stood.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.refused == 0 && self.problems.is_empty()
    }
}

impl Problem {
    /// `ligne 12, colonne « Prix HT » : « 1,20 € » ; attendu : un prix sans unité [ligne refusée]`
    fn write(&self, f: &mut fmt::Formatter<'_>, entry: &str) -> fmt::Result {
        write!(f, "{entry} {}", self.line)?;
        if !self.column.is_empty() {
            write!(f, ", colonne « {} »", self.column)?;
        }
        if self.value.is_empty() {
            write!(f, " : case vide")?;
        } else {
            write!(f, " : « {} »", self.value)?;
        }
        write!(f, " ; attendu : {}", self.expected)?;
        if self.refused { write!(f, " [{entry} refusée]") } else { f.write_str(" [case ignorée]") }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            write!(f, "{} : ", self.file)?;
            problem.write(f, self.entry)?;
            writeln!(f)?;
        }
        if !self.ignored_columns.is_empty() {
            writeln!(f, "{} : colonnes ignorées : {}", self.file, self.ignored_columns.join(", "))?;
        }
        for note in &self.notes {
            writeln!(f, "{} : {note}", self.file)?;
        }
        write!(
            f,
            "{} ({}) : {}s lues : {}, nouvelles : {}, modifiées : {}, inchangées : {}, refusées : {}",
            self.file, self.subject, self.entry, self.read, self.created, self.updated, self.unchanged, self.refused,
        )?;
        if self.dry_run { f.write_str(". Essai : rien n’a été enregistré") } else { Ok(()) }
    }
}
