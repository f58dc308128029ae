//! DBK-SSE-010: a key given by an alias, which counts only at the moment when it is set.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedKey};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-010"),
    name: "key_given_by_alias",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "KMS key is given by an alias",
    why: "AWS looks an alias up once, when the key of the table is set, and keeps the key that it found. When the alias is \
          pointed to another key later, the table stays under the old one, and the configuration no longer says which.",
    aws_error: None,
    source: "DynamoDB developer guide, encryption at rest; measured on AWS",
    firing: || {
        examples::restore(|it| {
            it.server_side_encryption = super::with_key("alias/orders");
            it.observed.kms_key = Fact::Known(examples::key());
        })
    },
    silent: || {
        examples::restore(|it| {
            it.server_side_encryption = super::with_key(examples::KEY_ARN);
            it.observed.kms_key = Fact::Known(examples::key());
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Some(text) = super::key(facts) else { return };
    // The aliases of AWS stay where they are, and one that is not there has rules of its own.
    let is_own = super::alias(text).is_some_and(|it| !it.starts_with("alias/aws/"));
    if !is_own || table.observed.kms_key.is_absent() {
        return;
    }
    let fix = match &table.observed.kms_key {
        Fact::Known(ObservedKey {
            arn: Fact::Known(arn),
            ..
        }) => format!("Give the key that it stands for now: kms_key_arn = {arn:?}."),
        _ => {
            let region = facts
                .region()
                .into_known()
                .map_or(String::new(), |it| format!(" --region {it}"));
            format!(
                "Give the ARN of the key that it stands for: aws kms describe-key{region} --key-id {text} --query \
                 KeyMetadata.Arn"
            )
        }
    };
    report.add(
        Subject::EncryptionKey,
        format!(
            "kms_key_arn is the alias {text:?}. AWS looks it up once, when the table is made: pointing the alias to another \
             key later does not change the key of the table."
        ),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::encryption::with_key;
    use crate::examples::{KEY_ARN, key, restore, restored_changed};
    use crate::fact::Fact;
    use crate::facts::{Facts, ObservedKey};

    fn fixes(text: &str, observed: Fact<ObservedKey>) -> Vec<String> {
        let facts = restore(|it| {
            it.server_side_encryption = with_key(text);
            it.observed.kms_key = observed;
        });
        RULE.findings(&facts).into_iter().map(|it| it.fix).collect()
    }

    #[test]
    fn it_says_which_key_the_alias_stands_for() {
        let known = fixes("alias/orders", Fact::Known(key())).join("");
        assert!(known.ends_with(&format!("kms_key_arn = {KEY_ARN:?}.")), "{known}");
        let not_read = fixes("alias/orders", Fact::Unknown).join("");
        assert!(
            not_read.contains(": aws kms describe-key --region us-east-1 --key-id alias/orders --query"),
            "{not_read}"
        );
        let without_arn = ObservedKey::default();
        assert!(
            fixes("alias/orders", Fact::Known(without_arn))
                .join("")
                .contains("describe-key")
        );
        let mut nowhere: Facts = (RULE.firing)();
        nowhere.caller.region = Fact::Unknown;
        if let crate::facts::Object::RestoredTable(it) = &mut nowhere.object {
            it.observed.kms_key = Fact::Unknown;
        }
        assert!(RULE.findings(&nowhere)[0].fix.contains("describe-key --key-id"));
    }

    #[test]
    fn only_aliases_of_ones_own_move() {
        let count = |text| fixes(text, Fact::Unknown).len();
        assert_eq!(count("alias/orders"), 1);
        assert_eq!(count("arn:aws:kms:us-east-1:111122223333:alias/orders"), 1);
        assert_eq!(count("alias/aws/dynamodb"), 0);
        assert_eq!(count("arn:aws:kms:us-east-1:111122223333:alias/aws/dynamodb"), 0);
        assert_eq!(count("alias/aws/s3"), 0);
        assert_eq!(count("alias/awstats"), 1);
        assert_eq!(count(KEY_ARN), 0);
        assert_eq!(count("1234abcd-12ab-34cd-56ef-1234567890ab"), 0);
    }

    #[test]
    fn only_when_the_table_is_made_and_the_alias_is_there() {
        assert_eq!(fixes("alias/orders", Fact::Absent), [""; 0]);
        let exists = restored_changed(|it| it.server_side_encryption = with_key("alias/orders"));
        assert_eq!(RULE.findings(&exists), []);
    }
}
