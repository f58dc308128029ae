//! What the user reads: broken rules and failed calls, whole.

use expect_test::{Expect, expect};
use rules::facts::PointInTimeRecovery;
use rules::policy::Level;
use rules::{Fact, Facts, Policy, Subject};
use serde_json::{Value as Json, json};
use tfsdk::{Diagnostic, Path};

use super::{aws, aws_after, from_findings, path_of_subject, refuse, unreadable};
use crate::config::Validation;
use crate::testing::{Aws, summaries};

fn check(diagnostic: &Diagnostic, expected: Expect) {
    let severity = if diagnostic.is_error() { "Error" } else { "Warning" };
    let path = diagnostic
        .path
        .as_ref()
        .map(|path| format!(" at {path}"))
        .unwrap_or_default();
    // Request ids are made up for each request.
    let detail = diagnostic.detail.split("request id").next().unwrap_or_default();
    expected.assert_eq(&format!("{severity}{path}: {}\n\n{detail}", diagnostic.summary));
}

/// A call that fails as this fault says.
async fn failed(fault: Json) -> aws_clients::Error {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let mut whole = json!({"service": "dynamodb", "operation": "DescribeTable", "times": null, "kind": "error", "status": 400});
    whole
        .as_object_mut()
        .expect("an object")
        .extend(fault.as_object().cloned().expect("an object"));
    aws.fault(whole).await;
    let clients = aws.clients(0).await;
    let table = "orders".parse().expect("a table");
    let found = clients
        .dynamodb(clients.region())
        .find_table(&aws_clients::Cx::default(), &table)
        .await;
    found.expect_err("the fault strikes")
}

#[test]
fn a_broken_rule_points_at_its_attribute_and_names_rule_and_page() {
    let mut object = PointInTimeRecovery::unset();
    object.table_name = "orders".into();
    object.recovery_period_in_days = Fact::Known(40);
    let found = rules::check(&Facts::about(object));
    let diagnostics: Vec<_> = from_findings(found, path_of_subject).collect();
    let [diagnostic] = diagnostics.as_slice() else {
        panic!("{diagnostics:?}")
    };
    check(
        diagnostic,
        expect![[r#"
        Error at recovery_period_in_days: Recovery period is out of range

        recovery_period_in_days is 40, and must be between 1 and 35. DynamoDB keeps the history of a table for 35 days at most and refuses any other period.

        Set recovery_period_in_days = 35, or leave it out: that is the default. To keep data for longer, take on-demand backups beside it.

        Rule DBK-PITR-001 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-001.md"#]],
    );
}

/// What the first step of an apply says about a table that is still being created, of which the plan only warns.
#[test]
fn what_is_refused_right_before_the_work_is_what_the_policy_says() {
    let mut object = rules::facts::Backup::unset();
    object.table_name = "orders".into();
    object.table = Fact::Known(rules::facts::ObservedTable {
        status: Fact::Known(rules::facts::TableStatus::Creating),
        ..rules::facts::ObservedTable::default()
    });
    let facts = Facts {
        action: Fact::Known(rules::facts::Action::Create),
        ..Facts::about(object)
    };
    let mut policy = Policy::default();
    assert_eq!(refuse(&policy, &facts, path_of_subject), Ok(()));
    policy
        .set("DBK-BKP-001", Level::Error, "a test")
        .expect("every rule can be raised");
    let refused = refuse(&policy, &facts, path_of_subject).expect_err("the warning was raised");
    assert_eq!(summaries(&refused).len(), 1);
    assert!(
        format!("{refused:?}").contains("Raised from warning to error"),
        "{refused:?}"
    );

    let lowered = (rules::find_rule("DBK-PITR-008").expect("a rule").firing)();
    let refused = refuse(&Policy::default(), &lowered, path_of_subject);
    assert!(refused.is_err_and(|it| it.iter().count() == 1));
    for level in [Level::Off, Level::Warning] {
        policy.set("DBK-PITR-008", level, "a test").expect("it is ours");
        assert_eq!(refuse(&policy, &lowered, path_of_subject), Ok(()));
    }
}

#[test]
fn subjects_have_paths() {
    assert_eq!(path_of_subject(&Subject::Object), Path::root());
    assert_eq!(path_of_subject(&Subject::TableName), Path::of("table_name"));
    assert_eq!(
        path_of_subject(&Subject::CreateTimeout),
        Path::of("timeouts").attribute("create")
    );
    // Terraform shows the line of an entry, and of nothing inside of it.
    let rule = || "daily.1".to_owned();
    let entry = Path::of("rules").key("daily.1");
    for subject in [
        Subject::PlanRule(rule()),
        Subject::PlanRuleSchedule(rule()),
        Subject::CopyDeleteAfter(rule(), 2),
    ] {
        assert_eq!(path_of_subject(&subject), entry);
    }
}

#[tokio::test]
async fn a_denied_call_says_what_to_allow() {
    let err = failed(json!({
        "code": "AccessDeniedException",
        "message": "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: dynamodb:DescribeTable on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/orders because no identity-based policy allows the dynamodb:DescribeTable action",
    }))
    .await;
    check(
        &aws("Table cannot be read", &err),
        expect![[r#"
        Error: Table cannot be read

        Describing table orders in eu-west-1: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: dynamodb:DescribeTable on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/orders because no identity-based policy allows the dynamodb:DescribeTable action.

        Allow dynamodb:DescribeTable on arn:aws:dynamodb:eu-west-1:111122223333:table/orders for the identity that Terraform runs as. Service control policies, permission boundaries and session policies must allow it too.

        AWS error AccessDeniedException, "#]],
    );
    let checked = "the table can be backed up";
    check(
        &unreadable(Validation::default(), checked, &err),
        expect![[r#"
            Warning: Check was not made: dynamodb:DescribeTable is denied

            It was not checked whether the table can be backed up.

            Describing table orders in eu-west-1: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: dynamodb:DescribeTable on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/orders because no identity-based policy allows the dynamodb:DescribeTable action.

            Allow dynamodb:DescribeTable for the identity that Terraform runs as, and the check is made; or set validation = { observe = false } in the provider block to plan without reading AWS.

            AWS error AccessDeniedException, "#]],
    );
    let strict = Validation {
        unreadable_is_error: true,
        ..Validation::default()
    };
    assert!(unreadable(strict, checked, &err).is_error());
}

#[tokio::test]
async fn advice_gives_way_to_what_the_object_itself_says() {
    let err = failed(json!({"code": "ThrottlingException", "message": "Rate exceeded"})).await;
    check(
        &aws("Table cannot be read", &err),
        expect![[r#"
        Error: Table cannot be read

        Describing table orders in eu-west-1: Rate exceeded.

        The limit is shared by all who use the account. Run terraform apply again; where it happens often, lower -parallelism.

        AWS error ThrottlingException, "#]],
    );
    check(
        &aws_after(
            "Backup is not finished",
            &err,
            "AWS goes on making it. Run terraform apply again.",
        ),
        expect![[r#"
        Error: Backup is not finished

        Describing table orders in eu-west-1: Rate exceeded.

        AWS goes on making it. Run terraform apply again.

        AWS error ThrottlingException, "#]],
    );
}

#[tokio::test]
async fn credentials_that_aws_refuses_say_where_to_get_others() {
    let err = failed(json!({"code": "ExpiredTokenException", "message": "The security token included in the request is expired"})).await;
    let diagnostic = aws("Table cannot be read", &err);
    for part in ["expired", "AWS_PROFILE", "aws sso login", "ExpiredTokenException"] {
        assert!(diagnostic.detail.contains(part), "{part}: {}", diagnostic.detail);
    }
}
