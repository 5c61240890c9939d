//! The commands. Standard output is for results, standard error for messages; 0 done, 1 refused, 2 wrong usage.

mod explain;
mod log;
mod serve;
mod timetable;
mod transfer;

use std::{error::Error, iter, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};

use self::timetable::Timetable;
use self::transfer::{Export, Import};
use crate::{
    accounts::{self, Scope},
    app::App,
    config::Config,
    directory,
    mail::EmailAddress,
};

/// Directory of local suppliers for public canteens.
#[derive(Debug, Parser)]
#[command(name = "manger-local", version, max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the site
    Serve {
        /// Fictional data in a throw-away folder; listens on loopback only
        #[arg(long)]
        demo: bool,
    },
    /// Bring in suppliers, offers and what else comes in files
    #[command(subcommand)]
    Import(Import),
    /// Write what the directory holds to a file
    Export(Export),
    /// Look after the search index
    #[command(subcommand)]
    Index(Index),
    /// Let people in
    #[command(subcommand)]
    Person(Person),
    /// Let programs in
    #[command(subcommand)]
    Token(Token),
    /// Plan a speed meeting
    #[command(subcommand)]
    Timetable(Timetable),
    /// Commands of the contract that a later version brings
    #[command(hide = true, aliases = ["restore", "doctor"])]
    Backup {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        rest: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
enum Index {
    /// Have every server build its index anew
    Rebuild,
}

#[derive(Debug, Subcommand)]
enum Person {
    /// Give somebody a role; prints and mails the link with which they come in
    Invite {
        /// Their e-mail address
        email: String,
        /// What they may do
        #[arg(long, value_enum)]
        role: Role,
    },
    /// Take off the second factor of somebody who lost telephone and codes; a mail tells them
    ResetSecondFactor {
        /// Their e-mail address
        email: String,
    },
}

#[derive(Debug, Subcommand)]
enum Token {
    /// Make a token for a program that acts for somebody; prints it, once
    Create {
        /// Their e-mail address
        email: String,
        /// What the token may do: identity, delivery-status, meetings
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<Scope>,
        /// What its person calls it
        #[arg(long, default_value = "ligne de commande")]
        name: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Role {
    /// Runs the territory
    Organiser,
}

/// Why a command ended without doing its work: what to change, and beneath it what went wrong.
type Refusal = Box<dyn Error + Send + Sync>;

/// Reads the command line, does what it says and gives the exit code.
#[must_use]
pub fn run() -> ExitCode {
    // Prints help and version, and leaves with code 2 on wrong usage.
    let line = CommandLine::parse();
    log::start(&line.config);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&error),
    };
    match runtime.block_on(obey(line)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => refuse(refusal.as_ref()),
    }
}

async fn obey(line: CommandLine) -> Result<(), Refusal> {
    match line.command {
        Command::Serve { demo: true } => serve::demo(line.config).await,
        Command::Serve { demo: false } => serve::serve(line.config).await,
        Command::Import(what) => transfer::import(&App::open(line.config).await?, what).await,
        Command::Export(what) => transfer::export(&App::open(line.config).await?, what).await,
        Command::Index(Index::Rebuild) => rebuild(&App::open(line.config).await?).await,
        Command::Person(Person::Invite { email, role: Role::Organiser }) => {
            invite(&App::open(line.config).await?, &email).await
        }
        Command::Person(Person::ResetSecondFactor { email }) => {
            reset_second_factor(&App::open(line.config).await?, &email).await
        }
        Command::Token(Token::Create { email, scopes, name }) => {
            create_token(&App::open(line.config).await?, &email, &name, &scopes).await
        }
        Command::Timetable(Timetable::Solve(what)) => timetable::solve(what).await,
        Command::Timetable(Timetable::Explain(what)) => timetable::explain(&what),
        Command::Backup { .. } => Err("this command comes with a later version".into()),
    }
}

async fn rebuild(app: &App) -> Result<(), Refusal> {
    directory::order_rebuild(app).await?;
    eprintln!("every running server builds its index anew within a second; a server that starts builds its own");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the link is the result")]
async fn invite(app: &App, email: &str) -> Result<(), Refusal> {
    let address = address(email)?;
    let link = accounts::invite_organiser(app, &address).await?;
    println!("{link}");
    eprintln!("{address} becomes an organiser with the link above; it works for two weeks and is on its way by mail");
    Ok(())
}

async fn reset_second_factor(app: &App, email: &str) -> Result<(), Refusal> {
    let address = address(email)?;
    if !accounts::reset_second_factor(app, &address).await? {
        return Err(format!("nobody with the address {address} has a second factor").into());
    }
    eprintln!("{address} comes in by mail alone until another second factor is set; a mail says so");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the token is the result")]
async fn create_token(app: &App, email: &str, name: &str, scopes: &[Scope]) -> Result<(), Refusal> {
    let address = address(email)?;
    if name.trim().is_empty() || name.chars().count() > 80 {
        return Err("--name takes 1 to 80 characters".into());
    }
    let Some(token) = accounts::create_token(app, &address, name.trim(), scopes).await? else {
        return Err(format!("nobody has the address {address}: invite them first").into());
    };
    println!("{token}");
    eprintln!("keep this token: it is shown once; {address} can take it back under « Mes clés d’accès »");
    Ok(())
}

fn address(email: &str) -> Result<EmailAddress, Refusal> {
    EmailAddress::parse(email).map_err(|_| format!("{email} is no e-mail address").into())
}

fn refuse(error: &(dyn Error + 'static)) -> ExitCode {
    let causes: Vec<String> = iter::successors(Some(error), |&error| error.source()).map(ToString::to_string).collect();
    eprintln!("manger-local: {}", causes.join(": "));
    ExitCode::FAILURE
}
