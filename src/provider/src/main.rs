//! The program that Terraform starts. It knows its command line and nothing else.

use std::io;
use std::process::ExitCode;

use provider::DynamoDb;
use tfplugin::Options;

const OPTIONS: Options = Options {
    address: provider::ADDRESS,
    log_targets: &["provider", "tfsdk", "tfplugin", "rules", "aws_clients"],
};

const USAGE: &str = "\
terraform-provider-dynamodb: DynamoDB backup, point-in-time recovery and restore for Terraform.

Terraform starts this program by itself. By hand:
  --version  print the version
  --debug    serve any Terraform that is pointed at this process, until Ctrl-C
  --help     print this text
";

fn main() -> ExitCode {
    // Terraform passes no arguments.
    let mut arguments = std::env::args_os().skip(1);
    let argument = arguments
        .next()
        .map(|argument| argument.to_string_lossy().trim_start_matches('-').to_owned());
    match (argument.as_deref(), arguments.next()) {
        (None, _) => tfplugin::serve::<DynamoDb>(&OPTIONS),
        (Some("debug"), None) => tfplugin::serve_debug::<DynamoDb>(&OPTIONS),
        (Some("version"), None) => print(
            &mut io::stdout(),
            &format!("terraform-provider-dynamodb {}\n", provider::VERSION),
        ),
        (Some("help" | "h"), None) => print(&mut io::stdout(), USAGE),
        _ => {
            print(&mut io::stderr(), USAGE);
            ExitCode::FAILURE
        }
    }
}

fn print(out: &mut impl io::Write, text: &str) -> ExitCode {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
