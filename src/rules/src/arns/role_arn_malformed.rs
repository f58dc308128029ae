//! DBK-ARN-019: a text where the ARN of an IAM role belongs that is none.

use crate::examples::aws_backup::{ROLE_ARN, recovery_point};
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnError, RoleArn};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-019"),
    name: "role_arn_malformed",
    also: &[],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Role ARN is not valid",
    why: "AWS Backup works in the name of an IAM role, which it assumes. It takes the role's ARN and nothing \
          else: no user, no policy, no session of an assumed role. IAM is global, so that the ARN has no \
          Region.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, StartBackupJob; IAM user guide, identifiers",
    firing: || {
        recovery_point(|it| it.role_arn = "arn:aws:sts::111122223333:assumed-role/backup/session".into())
    },
    silent: || recovery_point(|it| it.role_arn = "arn:aws:iam::111122223333:role/backup".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::RoleArn)
    {
        let error = match RoleArn::parse(place.text) {
            Ok(_) => continue,
            Err(error) => error,
        };
        let (reason, fix) = match Arn::parse(place.text) {
            Ok(arn) => (
                format!("it is the ARN of {}", what(&arn)),
                role_behind(&arn).map(|role| format!("Write the role itself: {role:?}.")),
            ),
            Err(_) => (error.explain(), without_region(place.text, &error)),
        };
        report.add(
            place.subject,
            format!(
                "{:?} is not the ARN of an IAM role: {reason}. AWS Backup can assume only roles.",
                place.text
            ),
            fix.unwrap_or_else(|| {
                format!("Give the ARN of a role that AWS Backup may assume, like {ROLE_ARN:?}.")
            }),
        );
    }
}

/// What an ARN names that names no role.
fn what(arn: &Arn) -> String {
    let resource = arn.resource.to_string();
    let kind = resource.split('/').next().unwrap_or_default();
    match (arn.service.as_str(), kind) {
        ("sts", "assumed-role") => "the session of an assumed role".to_owned(),
        ("iam", "user") => "a user".to_owned(),
        ("iam", "group") => "a group".to_owned(),
        ("iam", "policy") => "a policy".to_owned(),
        ("iam", "instance-profile") => "an instance profile".to_owned(),
        ("iam", "root") => "a whole account".to_owned(),
        (service, _) => match arn.kind() {
            crate::syntax::ArnKind::Other => format!("something of the service {service:?}"),
            kind => kind.to_string(),
        },
    }
}

/// The role of which a session was given. A role with a path cannot be told from its session.
fn role_behind(arn: &Arn) -> Option<String> {
    let resource = arn.resource.to_string();
    let mut parts = resource.split('/');
    let (Some("assumed-role"), Some(role), "sts") = (parts.next(), parts.next(), arn.service.as_str()) else {
        return None;
    };
    let role = format!("arn:{}:iam::{}:role/{role}", arn.partition, arn.account.as_ref()?);
    RoleArn::parse(&role).ok().map(|it| it.to_string())
}

/// The same ARN without the Region that it must not have.
fn without_region(text: &str, error: &ArnError) -> Option<String> {
    let ArnError::UnwantedRegion { region } = error else {
        return None;
    };
    let corrected = text.replacen(&format!(":{region}:"), "::", 1);
    let role = RoleArn::parse(&corrected).ok()?;
    Some(format!("Write it without the Region: {:?}.", role.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{ROLE_ARN, RULE, recovery_point};
    use crate::examples::aws_backup::{copy, named, plan, restore_recovery_point, selection};
    use crate::facts::{Facts, Selection, Source};
    use crate::finding::{Finding, Subject};

    fn finding(role: &str) -> Option<Finding> {
        RULE.findings(&recovery_point(|it| it.role_arn = role.into()))
            .pop()
    }

    #[test]
    fn a_message_says_what_was_given_instead() {
        for (role, words) in [
            ("arn:aws:iam::111122223333:user/somebody", "the ARN of a user."),
            ("arn:aws:iam::111122223333:group/people", "the ARN of a group."),
            ("arn:aws:iam::111122223333:policy/backup", "the ARN of a policy."),
            (
                "arn:aws:iam::111122223333:instance-profile/x",
                "the ARN of an instance profile.",
            ),
            ("arn:aws:iam::111122223333:root", "the ARN of a whole account."),
            (
                "arn:aws:sqs:us-east-1:111122223333:q",
                "the ARN of something of the service \"sqs\".",
            ),
            (crate::examples::TABLE_ARN, "the ARN of a table."),
            ("backup", "it does not begin with \"arn:\"."),
        ] {
            let finding = finding(role).expect("a finding");
            assert!(finding.detail.contains(words), "{}", finding.detail);
            assert!(finding.fix.contains(ROLE_ARN), "{}", finding.fix);
        }
    }

    #[test]
    fn the_role_behind_a_session_and_the_arn_without_a_region_are_found() {
        for role in [
            "arn:aws:sts::111122223333:assumed-role/backup/session",
            "arn:aws:iam:us-east-1:111122223333:role/backup",
        ] {
            let fix = finding(role).expect("a finding").fix;
            assert!(
                fix.ends_with("\"arn:aws:iam::111122223333:role/backup\"."),
                "{fix}"
            );
        }
        // A role of IAM of that name is no session.
        let other =
            finding("arn:aws:sqs:us-east-1:111122223333:assumed-role/backup/session").expect("a finding");
        assert!(other.fix.contains(ROLE_ARN), "{}", other.fix);
        assert_eq!(finding("arn:aws:iam::111122223333:role/backup"), None);
    }

    #[test]
    fn every_role_is_judged() {
        let subjects = |facts: &Facts| -> Vec<Subject> {
            RULE.findings(facts).into_iter().map(|it| it.subject).collect()
        };
        assert_eq!(subjects(&copy(|it| it.role_arn = "x".into())), [Subject::RoleArn]);
        let source = Source {
            role_arn: "x".into(),
            ..Source::unset()
        };
        assert_eq!(
            subjects(&restore_recovery_point(
                |it| it.source = crate::Fact::Known(source)
            )),
            [Subject::SourceRoleArn]
        );
        let selection = Selection {
            role_arn: "x".into(),
            ..selection()
        };
        assert_eq!(
            subjects(&plan(|it| it.selections = named([("orders", selection)]))),
            [Subject::SelectionRoleArn("orders".to_owned())]
        );
    }
}
