//! The page of a rule, in Markdown, made from the rule itself: what it says can never differ from what it does. Writing
//! the page to a file is the caller's business.

mod configuration;
mod surroundings;

use crate::facts::Facts;
use crate::finding::Severity;
use crate::registry::check;
use crate::rule::{Rule, When};

impl Rule {
    /// Renders the page that explains the rule: why it is there, an example that breaks it with the message that people
    /// see, and one that does not.
    pub fn page(&self) -> String {
        let (firing, silent) = ((self.firing)(), (self.silent)());
        let severity = match self.severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
        };
        let mut rows = vec![
            ("Name", format!("`{}`", self.name)),
            ("Severity", severity.to_owned()),
        ];
        rows.push(("Decided", self.decided()));
        if let Some(error) = self.aws_error {
            rows.push(("What AWS would say", format!("`{error}`")));
        }
        rows.push(("Known from", self.source.to_owned()));
        if !self.also.is_empty() {
            rows.push(("Also covers", self.also.join(", ")));
        }
        let rows: String = rows
            .iter()
            .map(|(name, value)| format!("| {name} | {value} |\n"))
            .collect();
        let message: String = check(&firing).iter().map(|it| format!("{it}\n")).collect();
        format!(
            "# {}: {}\n\n{}\n\n| | |\n| --- | --- |\n{rows}\n## Breaks the rule\n\n{}\n```text\n{message}```\n\n## Keeps the rule\n\n{}",
            self.id,
            self.title,
            self.why,
            example(&firing, &silent),
            example(&silent, &firing),
        )
    }

    /// When the rule can be decided, in words.
    fn decided(&self) -> String {
        match self.when {
            When::Static => "from the configuration alone".to_owned(),
            When::Identity => "with the account and the Region of the caller".to_owned(),
            When::Observed => {
                let actions: Vec<String> = self.reads.iter().map(|it| format!("`{it}`")).collect();
                format!("with what AWS says; needs {}", actions.join(", "))
            }
            When::Apply => "by AWS, during the work".to_owned(),
        }
    }
}

/// One example as HCL, with those of its surroundings that make the difference to the other.
fn example(facts: &Facts, other: &Facts) -> String {
    let others = surroundings::sentences(other);
    let comments: String = surroundings::sentences(facts)
        .into_iter()
        .filter(|sentence| !others.contains(sentence))
        .map(|sentence| format!("# {sentence}\n"))
        .collect();
    format!("```hcl\n{comments}{}```\n", configuration::render(facts))
}
