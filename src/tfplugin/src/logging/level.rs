//! Which events are written.

use tracing::Metadata;
use tracing::level_filters::LevelFilter;

/// The crates of which everything up to the asked level is written, beside those of the program.
const OWN: [&str; 2] = ["tfplugin", "tfsdk"];

/// The asked level for our own crates, and never more than warnings of anybody else: the libraries
/// below log whole requests, secrets among them.
#[derive(Debug, Clone)]
pub(crate) struct Levels {
    asked: LevelFilter,
    targets: Vec<&'static str>,
}

impl Levels {
    /// Takes the first of Terraform's log variables that is set, as `variables` lists them, the most
    /// specific first. `targets` are the crates that belong to the program.
    pub(crate) fn new(variables: &[String], targets: &[&'static str]) -> Self {
        let asked = variables.first().map_or(LevelFilter::OFF, |word| parse(word));
        Self {
            asked,
            targets: OWN.iter().chain(targets).copied().collect(),
        }
    }

    /// Whether nothing is written.
    pub(crate) fn is_off(&self) -> bool {
        self.asked == LevelFilter::OFF
    }

    /// The most that any crate may write.
    pub(crate) fn most(&self) -> LevelFilter {
        self.asked
    }

    /// Whether events of this kind are written.
    pub(crate) fn admit(&self, metadata: &Metadata<'_>) -> bool {
        let limit = if self.is_own(metadata.target()) {
            self.asked
        } else {
            self.asked.min(LevelFilter::WARN)
        };
        *metadata.level() <= limit
    }

    fn is_own(&self, target: &str) -> bool {
        self.targets.iter().any(|own| {
            target
                .strip_prefix(own)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    }
}

/// Reads a level as Terraform does: in any case, `JSON` for everything, and everything too for a word
/// that is none.
fn parse(word: &str) -> LevelFilter {
    match word.to_ascii_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_variable_counts() {
        let most = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            Levels::new(&words, &[]).most()
        };
        assert_eq!(most(&[]), LevelFilter::OFF);
        assert_eq!(most(&["debug", "TRACE"]), LevelFilter::DEBUG);
        assert_eq!(most(&["off", "TRACE"]), LevelFilter::OFF);
        assert_eq!(most(&["JSON"]), LevelFilter::TRACE);
        assert_eq!(most(&["yes please"]), LevelFilter::TRACE);
    }

    #[test]
    fn a_target_is_a_crate_and_not_a_prefix() {
        let levels = Levels::new(&["TRACE".to_owned()], &["aws_clients"]);
        assert!(levels.is_own("aws_clients"));
        assert!(levels.is_own("aws_clients::pacing"));
        assert!(levels.is_own("tfplugin::rpc"));
        assert!(!levels.is_own("aws_clients_extra"));
        assert!(!levels.is_own("aws_smithy_runtime"));
    }
}
