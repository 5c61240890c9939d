//! The command line of Manger local.

fn main() -> std::process::ExitCode {
    manger_local::cli::run()
}
