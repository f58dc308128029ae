//! `validation.rules`: what is refused and where, what is printed, and what it does to plans in each walk.

use expect_test::{Expect, expect};
use serde_json::{Value as Json, json};
use tfsdk::{Diagnostic, Diagnostics, Server, Walk};

use super::{block, config, said};
use crate::testing::{Action, Aws, Terraform, UnderTest, summaries, value};

fn with_rules(rules: Json) -> Json {
    json!({"validation": {"rules": rules}})
}

fn set(id: &str, severity: &str) -> Json {
    with_rules(json!({id: {"severity": severity, "reason": "a test"}}))
}

/// What is refused, whole.
fn check_refused(given: Json, expected: Expect) {
    let found = Server::<UnderTest>::new().validate_provider(&block(given));
    let texts: Vec<String> = found
        .iter()
        .map(|it| {
            let path = it.path.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{path}: {}\n\n{}\n", it.summary, it.detail)
        })
        .collect();
    expected.assert_eq(&texts.join("\n"));
}

#[test]
fn what_may_be_set_passes() {
    for (id, severity) in [
        ("DBK-BKP-019", "off"),
        ("DBK-BKP-019", "error"),
        ("DBK-PITR-004", "off"),
        ("DBK-PITR-004", "warning"),
        ("DBK-RST-003", "error"),
        ("DBK-XRG-003", "off"),
    ] {
        assert_eq!(said(set(id, severity)), [""; 0], "{id} {severity}");
    }
    assert_eq!(said(with_rules(json!({}))), [""; 0]);
}

#[test]
fn what_aws_enforces_is_refused_at_its_severity() {
    check_refused(
        set("DBK-RST-003", "off"),
        expect![[r#"
            validation.rules["DBK-RST-003"].severity: Rule cannot be lowered or switched off

            AWS refuses what rule DBK-RST-003 refuses, whatever a plan says. A plan that kept silent would fail in the apply, perhaps with half of the work done. AWS would answer: TableAlreadyExistsException: Table already exists: orders-restored

            Remove this entry. To make errors of what the rule only warns of, severity = "error" is allowed.
        "#]],
    );
    check_refused(
        set("DBK-ARN-012", "warning"),
        expect![[r#"
            validation.rules["DBK-ARN-012"].severity: Rule cannot be lowered or switched off

            Rule DBK-ARN-012 must stand: AWS would delete whatever backup has the same id in the other Region, at once and for good.

            Remove this entry.
        "#]],
    );
}

#[test]
fn ids_are_those_of_rules() {
    check_refused(
        set("DBK-BKP-O19", "off"),
        expect![[r#"
            validation.rules["DBK-BKP-O19"]: No such rule

            There is no rule "DBK-BKP-O19".

            Did you mean "DBK-BKP-019" (Backup will be deleted for good)? Otherwise remove the entry.
        "#]],
    );
    check_refused(
        set("backups", "off"),
        expect![[r#"
            validation.rules["backups"]: No such rule

            There is no rule "backups".

            Write the id that a message shows in its line "Rule", for example "DBK-BKP-019".
        "#]],
    );
    check_refused(
        set("DBK-NAME-005", "off"),
        expect![[r#"
            validation.rules["DBK-NAME-005"]: Rule is part of another

            Rule DBK-BKP-019 speaks for DBK-NAME-005 as well, and what it finds for the one cannot be told from what it finds for the other.

            Write "DBK-BKP-019" instead of "DBK-NAME-005". It then holds for both.
        "#]],
    );
}

#[test]
fn a_reason_says_something_and_a_severity_is_one_of_three() {
    check_refused(
        with_rules(json!({"DBK-BKP-019": {"severity": "off", "reason": " \t"}})),
        expect![[r#"
            validation.rules["DBK-BKP-019"].reason: Reason is blank

            Rule DBK-BKP-019 gets another severity, and the reason is blank. It is printed wherever the severity matters, for whoever reads the plan.

            Say why, for example reason = "backups of this account are kept by AWS Backup".
        "#]],
    );
    assert_eq!(
        said(with_rules(json!({"DBK-BKP-019": {"severity": "off"}}))),
        ["error at validation.rules[\"DBK-BKP-019\"].reason: Missing Configuration for Required Attribute"]
    );
    assert_eq!(
        said(set("DBK-BKP-019", "ignore")),
        ["error at validation.rules[\"DBK-BKP-019\"].severity: Invalid Attribute Value"]
    );
}

#[test]
fn all_faults_are_said_at_once() {
    let given = with_rules(json!({
        "DBK-BKP-091": {"severity": "off", "reason": "a test"},
        "DBK-BKP-019": {"severity": "off", "reason": ""},
        "DBK-RST-003": {"severity": "warning", "reason": " "},
    }));
    assert_eq!(
        said(given),
        [
            "error at validation.rules[\"DBK-BKP-019\"].reason: Reason is blank",
            "error at validation.rules[\"DBK-BKP-091\"]: No such rule",
            "error at validation.rules[\"DBK-RST-003\"].severity: Rule cannot be lowered or switched off",
            "error at validation.rules[\"DBK-RST-003\"].reason: Reason is blank",
        ]
    );
}

#[test]
fn what_is_not_known_yet_is_no_fault_but_what_is_known_is() {
    let unknown = "(unknown)";
    for given in [
        json!(unknown),
        json!({"DBK-BKP-019": unknown}),
        json!({"DBK-BKP-019": {"severity": unknown, "reason": "a test"}}),
        json!({"DBK-RST-003": {"severity": unknown, "reason": "a test"}}),
        json!({"DBK-BKP-019": {"severity": "off", "reason": unknown}}),
    ] {
        assert_eq!(said(with_rules(given.clone())), [""; 0], "{given}");
        // It takes no client from anybody.
        assert!(config(with_rules(given.clone())).is_known(), "{given}");
        assert_eq!(config(with_rules(given)).policy(), rules::Policy::default());
    }
    assert_eq!(said(json!({"validation": unknown})), [""; 0]);
    assert!(!config(json!({"validation": {"observe": unknown}})).is_known());
    assert_eq!(
        said(with_rules(json!({"DBK-BKP-091": unknown}))),
        ["error at validation.rules[\"DBK-BKP-091\"]: No such rule"]
    );
    assert_eq!(
        said(with_rules(
            json!({"DBK-RST-003": {"severity": "off", "reason": unknown}})
        )),
        ["error at validation.rules[\"DBK-RST-003\"].severity: Rule cannot be lowered or switched off"]
    );
    assert_eq!(
        said(with_rules(
            json!({"DBK-BKP-019": {"severity": unknown, "reason": " "}})
        )),
        ["error at validation.rules[\"DBK-BKP-019\"].reason: Reason is blank"]
    );
}

#[test]
fn what_is_switched_off_or_lowered_is_printed_with_its_reason() {
    let given = with_rules(json!({
        "DBK-BKP-019": {"severity": "off", "reason": "drills"},
        "DBK-PITR-004": {"severity": "warning", "reason": "sandbox"},
        "DBK-PITR-009": {"severity": "error", "reason": "raised"},
        "DBK-CAR-004": {"severity": "warning", "reason": "as it is"},
        "DBK-PITR-008": {"severity": "(unknown)", "reason": "later"},
    }));
    let warning = config(given).lowered_rules().expect("a warning");
    assert!(!warning.is_error());
    expect![[r#"
        validation.rules: Rules are switched off or lowered

        The provider block changes what a plan says:

        DBK-BKP-019 (Backup will be deleted for good): off instead of warning. The reason given: drills

        DBK-PITR-004 (Restorable history would be lost by a shorter recovery period): warning instead of error. The reason given: sandbox

        To have the severity of a rule back, remove its entry."#]]
    .assert_eq(&format!(
        "{}: {}\n\n{}",
        warning.path.as_ref().expect("a path"),
        warning.summary,
        warning.detail
    ));
    for given in [
        json!({}),
        json!({"validation": {"observe": false}}),
        set("DBK-BKP-019", "error"),
    ] {
        assert_eq!(config(given).lowered_rules(), None);
    }
}

/// What becomes of a finding of this rule in the walk of `terraform validate`, and when the provider is configured.
fn reviewed(validation: Json, rule: &'static str) -> [Vec<String>; 2] {
    let config = config(json!({"validation": validation}));
    let severity = rules::find_rule(rule).expect("a rule").severity;
    [Walk::Validate, Walk::Plan].map(|walk| {
        let found = match severity {
            rules::Severity::Error => Diagnostic::error("Fault", "Mend it."),
            rules::Severity::Warning => Diagnostic::warning("Fault", "Mend it."),
        };
        let found = Diagnostics::from(found.coded(rule));
        summaries(&config.review(walk).of(found))
    })
}

#[test]
fn findings_are_reviewed_in_every_walk() {
    let said = |severity: &str| vec![format!("{severity}: Fault")];
    let check = |validation: Json, rule, expected: [Vec<String>; 2]| {
        assert_eq!(reviewed(validation.clone(), rule), expected, "{validation}");
    };
    let deleted = |setting: Json| json!({"rules": {"DBK-BKP-019": setting}});
    let set = |severity: &str| deleted(json!({"severity": severity, "reason": "a test"}));
    for nothing in [
        Json::Null,
        json!({}),
        json!({"rules": {}}),
        json!({"observe": "(unknown)"}),
    ] {
        check(nothing, "DBK-BKP-019", [said("warning"), said("warning")]);
    }
    check(set("off"), "DBK-BKP-019", [vec![], vec![]]);
    check(set("error"), "DBK-BKP-019", [said("error"), said("error")]);
    check(set("off"), "DBK-RST-012", [said("warning"), said("warning")]);
    // Where variables have no value, the rule may yet be switched off. When the plan does not know either, it speaks.
    for unknown in [
        json!("(unknown)"),
        json!({"rules": "(unknown)"}),
        deleted(json!("(unknown)")),
        deleted(json!({"severity": "(unknown)", "reason": "a test"})),
        deleted(json!({"severity": "off", "reason": "(unknown)"})),
    ] {
        check(unknown, "DBK-BKP-019", [vec![], said("warning")]);
    }
    check(
        deleted(json!("(unknown)")),
        "DBK-RST-012",
        [said("warning"), said("warning")],
    );
    // What cannot be switched off is said whatever is not known.
    for unknown in [json!("(unknown)"), json!({"rules": {"DBK-RST-003": "(unknown)"}})] {
        check(unknown.clone(), "DBK-RST-003", [said("error"), said("error")]);
    }
    check(json!("(unknown)"), "DBK-ARN-012", [said("error"), said("error")]);
    check(json!("(unknown)"), "DBK-XRG-003", [vec![], said("error")]);
}

#[test]
fn a_configuration_is_checked_as_the_block_before_it_says() {
    let server = Server::<UnderTest>::new();
    let schema = &server.schemas().resources["dynamodb_restored_table"].schema;
    let point = json!({"table_name": "orders", "time": "2026-11-20T09:00:00.5Z"});
    let table = json!({"name": "copy", "source": {"point_in_time": point}});
    let table = value(&schema.ty(), &table);
    let said = |given: Json| {
        server.validate_provider(&block(given));
        summaries(&server.validate_resource("dynamodb_restored_table", &table, true))
    };
    let fraction =
        "at source.point_in_time.time: Moment to restore is not a time in whole seconds with a zone";
    assert_eq!(said(json!({})), [format!("warning {fraction}")]);
    assert_eq!(said(set("DBK-RPT-002", "error")), [format!("error {fraction}")]);
}

/// A backup that is there, and the provider block of the commands that follow.
async fn backup(aws: &Aws, validation: Json) -> Terraform {
    aws.create_table("orders").await;
    let mut terraform = Terraform::with(aws, "dynamodb_backup");
    terraform
        .apply(&json!({"table_name": "orders", "name": "before"}))
        .await;
    terraform.provider = json!({"validation": validation});
    terraform
}

#[tokio::test]
async fn a_rule_that_is_switched_off_says_nothing_in_plan_and_apply() {
    let aws = Aws::start().await;
    let off = json!({"rules": {"DBK-BKP-019": {"severity": "off", "reason": "drills"}}});
    let mut terraform = backup(&aws, off).await;
    let replaced = terraform
        .plan(&json!({"table_name": "orders", "name": "after"}))
        .await;
    assert_eq!((replaced.action, replaced.said()), (Action::Replace, vec![]));
    let destroyed = terraform.destroy().await;
    assert_eq!(destroyed.said(), [""; 0]);
    assert_eq!(aws.backups("orders").await, [""; 0]);
}

#[tokio::test]
async fn a_rule_that_is_raised_ends_the_plan_with_the_reason() {
    let aws = Aws::start().await;
    let raised = json!({"rules": {"DBK-BKP-019": {"severity": "error", "reason": "seven years"}}});
    let mut terraform = backup(&aws, raised).await;
    let destroyed = terraform.destroy().await;
    assert_eq!(
        destroyed.said(),
        ["error at retain_on_destroy: Backup will be deleted for good"]
    );
    assert!(
        destroyed
            .details()
            .ends_with("Raised from warning to error. The reason given: seven years"),
        "{}",
        destroyed.details()
    );
    assert_eq!(aws.backups("orders").await.len(), 1);
}

#[tokio::test]
async fn an_error_that_is_lowered_lets_the_change_pass_with_the_reason() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let mut terraform = Terraform::with(&aws, "dynamodb_point_in_time_recovery");
    terraform.apply(&json!({"table_name": "orders"})).await;
    let off = json!({"table_name": "orders", "enabled": false});
    assert!(terraform.plan(&off).await.diagnostics.has_error());
    terraform.provider = set("DBK-PITR-008", "warning");
    let applied = terraform.plan(&off).await;
    assert_eq!(
        applied.said(),
        ["warning at enabled: Restorable history would be lost by switching recovery off"]
    );
    assert!(
        applied
            .details()
            .contains("Lowered from error to warning. The reason given: a test"),
        "{}",
        applied.details()
    );
    terraform.apply(&off).await;
    assert_eq!(terraform.state()["enabled"], false);
}
