//! The severity of rules in the provider's validation block: switched off, lowered, raised, refused, and printed.

use acceptance_tests::{Backend, Run, Workdir, backend, normalise};
use expect_test::{Expect, expect};

const BACKUP: &str =
    "resource \"dynamodb_backup\" \"orders\" {\n  table_name = \"orders\"\n  name       = \"before\"\n}\n";
const RECOVERY: &str =
    "resource \"dynamodb_point_in_time_recovery\" \"orders\" {\n  table_name = \"orders\"\n}\n";
const RECOVERY_OFF: &str = "resource \"dynamodb_point_in_time_recovery\" \"orders\" {\n  table_name = \"orders\"\n  \
                            enabled    = false\n}\n";

/// A provider block with these rules.
fn with_rules(rules: &str, resources: &str) -> String {
    format!(
        "provider \"dynamodb\" {{\n  validation = {{\n    rules = {{\n{rules}    }}\n  }}\n}}\n\n{resources}"
    )
}

fn rule(id: &str, severity: &str, reason: &str) -> String {
    format!("      \"{id}\" = {{ severity = \"{severity}\", reason = \"{reason}\" }}\n")
}

/// A table and a configuration that was applied.
fn applied(backend: &Backend, configuration: &str) -> Workdir {
    backend.aws().create_table("orders");
    let config = backend.workdir(configuration);
    config.apply();
    config
}

/// What a command that succeeds warns of.
#[track_caller]
fn check_warnings(run: Run, expected: Expect) {
    let run = run.ok();
    let warnings: Vec<&str> = run
        .stdout
        .split("\nWarning: ")
        .skip(1)
        .map(|it| it.split('─').next().unwrap_or_default())
        .map(|it| it.split("\nApply complete!").next().unwrap_or_default())
        .map(|it| it.split("\nDestroy complete!").next().unwrap_or_default())
        .map(|it| it.split("\nSuccess! ").next().unwrap_or_default())
        .map(str::trim_end)
        .collect();
    expected.assert_eq(&normalise(&warnings.join("\n\n----\n\n")));
}

#[track_caller]
fn check_refused(run: Run, expected: Expect) {
    expected.assert_eq(&normalise(&run.fails().stderr));
}

#[test]
fn a_rule_that_is_switched_off_says_nothing_and_its_reason_is_printed() {
    let backend = backend!(Backups);
    let config = applied(&backend, BACKUP);
    let silent = with_rules(&rule("DBK-BKP-019", "off", "these backups are drills"), BACKUP);
    config.configure(&silent);
    check_warnings(
        config.terraform(&["plan", "-destroy", "-no-color"]),
        expect![[r#"
            Rules are switched off or lowered

              with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
              on main.tf line 3, in provider "dynamodb":
               3:     rules = {

            The provider block changes what a plan says:

            DBK-BKP-019 (Backup will be deleted for good): off instead of warning. The
            reason given: these backups are drills

            To have the severity of a rule back, remove its entry.
        "#]],
    );
    check_warnings(
        config.terraform(&["destroy", "-auto-approve", "-no-color"]),
        expect![[r#"
            Rules are switched off or lowered

              with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
              on main.tf line 3, in provider "dynamodb":
               3:     rules = {

            The provider block changes what a plan says:

            DBK-BKP-019 (Backup will be deleted for good): off instead of warning. The
            reason given: these backups are drills

            To have the severity of a rule back, remove its entry.

            (and one more similar warning elsewhere)
        "#]],
    );
}

#[test]
fn a_rule_that_is_raised_ends_the_plan_with_its_reason() {
    let backend = backend!(Backups, Control);
    backend.simulator().set_clock("2040-11-10T09:00:00Z");
    let config = applied(&backend, BACKUP);
    backend.simulator().freeze("2040-11-20T09:30:00Z");
    config.configure(&with_rules(
        &rule("DBK-BKP-019", "error", "backups are kept for seven years"),
        BACKUP,
    ));
    check_refused(
        config.terraform(&["plan", "-destroy", "-no-color"]),
        expect![[r#"
        Error: Backup will be deleted for good

          with dynamodb_backup.orders,
          on main.tf line 9, in resource "dynamodb_backup" "orders":
           9: resource "dynamodb_backup" "orders" {

        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>,
        taken at <time> (10 days ago), will be deleted at once, and
        nothing brings it back.

        To keep it in AWS, set retain_on_destroy = true and apply that first. To rule
        such plans out, add lifecycle { prevent_destroy = true }.

        Rule DBK-BKP-019 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-019.md

        Raised from warning to error. The reason given: backups are kept for seven
        years
    "#]],
    );
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails();
    assert_eq!(backend.aws().backups("orders").len(), 1);
}

#[test]
fn an_error_of_ours_that_is_lowered_lets_the_apply_pass() {
    let backend = backend!(PitrSwitch, PitrWindow);
    let config = applied(&backend, RECOVERY);
    config.configure(RECOVERY_OFF);
    config
        .plan_fails()
        .says("Restorable history would be lost")
        .says("DBK-PITR-008");
    config.configure(&with_rules(
        &rule("DBK-PITR-008", "warning", "this is a sandbox"),
        RECOVERY_OFF,
    ));
    check_warnings(
        config.terraform(&["plan", "-no-color"]),
        expect![[r#"
        Rules are switched off or lowered

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 3, in provider "dynamodb":
           3:     rules = {

        The provider block changes what a plan says:

        DBK-PITR-008 (Restorable history would be lost by switching recovery off):
        warning instead of error. The reason given: this is a sandbox

        To have the severity of a rule back, remove its entry.

        ----

        Restorable history would be lost by switching recovery off

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 11, in resource "dynamodb_point_in_time_recovery" "orders":
          11:   enabled    = false

        enabled goes from true to false. DynamoDB would drop every restorable moment
        from <time> to <time> (0 seconds of history) at
        once. Switched on again later, recovery starts with an empty window, and a
        table deleted in the meantime leaves no system backup.

        Keep enabled = true. If the history may go, add allow_window_loss = true for
        this apply, and consider a backup before it.

        Rule DBK-PITR-008 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-008.md

        Lowered from error to warning. The reason given: this is a sandbox
    "#]],
    );
    config.apply();
    assert_eq!(
        backend.aws().recovery("orders")["PointInTimeRecoveryStatus"],
        "DISABLED"
    );
}

#[test]
fn what_cannot_be_set_is_refused_at_its_place_all_at_once() {
    let backend = backend!();
    let config = backend.workdir(&with_rules(
        &[
            rule("DBK-ARN-012", "off", "a reason"),
            rule("DBK-BKP-O19", "off", "a reason"),
            rule("DBK-NAME-005", "off", "a reason"),
            rule("DBK-PITR-008", "off", "  "),
            rule("DBK-RST-003", "warning", "a reason"),
        ]
        .concat(),
        RECOVERY,
    ));
    check_refused(
        config.terraform(&["validate", "-no-color"]),
        expect![[r#"
        Error: Rule cannot be lowered or switched off

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 3, in provider "dynamodb":
           3:     rules = {

        Rule DBK-ARN-012 must stand: AWS would delete whatever backup has the same id
        in the other Region, at once and for good.

        Remove this entry.

        Error: No such rule

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 3, in provider "dynamodb":
           3:     rules = {

        There is no rule "DBK-BKP-O19".

        Did you mean "DBK-BKP-019" (Backup will be deleted for good)? Otherwise
        remove the entry.

        Error: Rule is part of another

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 3, in provider "dynamodb":
           3:     rules = {

        Rule DBK-BKP-019 speaks for DBK-NAME-005 as well, and what it finds for the
        one cannot be told from what it finds for the other.

        Write "DBK-BKP-019" instead of "DBK-NAME-005". It then holds for both.

        Error: Reason is blank

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 3, in provider "dynamodb":
           3:     rules = {

        Rule DBK-PITR-008 gets another severity, and the reason is blank. It is
        printed wherever the severity matters, for whoever reads the plan.

        Say why, for example reason = "backups of this account are kept by AWS
        Backup".

        Error: Rule cannot be lowered or switched off

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 3, in provider "dynamodb":
           3:     rules = {

        AWS refuses what rule DBK-RST-003 refuses, whatever a plan says. A plan that
        kept silent would fail in the apply, perhaps with half of the work done. AWS
        would answer: TableAlreadyExistsException: Table already exists:
        orders-restored

        Remove this entry. To make errors of what the rule only warns of, severity =
        "error" is allowed.
    "#]],
    );
    config.configure(&with_rules(
        &rule("DBK-RST-003", "off", "it is in the way"),
        RECOVERY,
    ));
    config
        .plan_fails()
        .says("Rule cannot be lowered or switched off")
        .says("TableAlreadyExistsException");
}

#[test]
fn severity_and_reason_are_required() {
    let backend = backend!();
    let config = backend.workdir(&with_rules(
        "      \"DBK-BKP-019\" = { severity = \"off\" }\n",
        RECOVERY,
    ));
    config
        .terraform(&["validate", "-no-color"])
        .fails()
        .says("attribute \"reason\" is required");
    config.configure(&with_rules(&rule("DBK-BKP-019", "ignore", "a reason"), RECOVERY));
    check_refused(
        config.terraform(&["validate", "-no-color"]),
        expect![[r#"
        Error: Invalid Attribute Value

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 3, in provider "dynamodb":
           3:     rules = {

        The value is "ignore"; it must be one of "off", "warning", "error".
    "#]],
    );
}

/// A fraction of a second in a moment to restore: the lesser case of an error, told from the configuration alone.
const FRACTION: &str = "resource \"dynamodb_restored_table\" \"copy\" {\n  name   = \"copy\"\n  source = { \
                        point_in_time = { table_name = \"orders\", time = \"2040-11-19T09:00:00.5Z\" } }\n}\n";

#[test]
fn validate_says_what_the_block_says() {
    let backend = backend!();
    let config = backend.workdir(FRACTION);
    check_warnings(
        config.terraform(&["validate", "-no-color"]),
        expect![[r#"
        Moment to restore is not a time in whole seconds with a zone

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_name = "orders", time = "<time>" } }

        time is "<time>". DynamoDB restores whole seconds and drops
        the fraction.

        Write time = "<time>".

        Rule DBK-RPT-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-002.md
    "#]],
    );
    config.configure(&with_rules(
        &rule("DBK-RPT-002", "error", "times are whole seconds here"),
        FRACTION,
    ));
    check_refused(
        config.terraform(&["validate", "-no-color"]),
        expect![[r#"
        Error: Moment to restore is not a time in whole seconds with a zone

          with dynamodb_restored_table.copy,
          on main.tf line 11, in resource "dynamodb_restored_table" "copy":
          11:   source = { point_in_time = { table_name = "orders", time = "<time>" } }

        time is "<time>". DynamoDB restores whole seconds and drops
        the fraction.

        Write time = "<time>".

        Rule DBK-RPT-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-002.md

        Raised from warning to error. The reason given: times are whole seconds here
    "#]],
    );
    // It configures no provider, so there is no list of what is switched off.
    config.configure(&with_rules(&rule("DBK-BKP-019", "off", "drills"), RECOVERY));
    let run = config.terraform(&["validate", "-no-color"]).ok();
    assert!(!run.stdout.contains("Warning"), "{run}");
}

#[test]
fn severity_and_reason_from_variables() {
    let backend = backend!(Backups);
    let config = applied(&backend, BACKUP);
    let variables = "variable \"severity\" {\n  default = \"off\"\n}\n\nvariable \"reason\" {\n  default = \"drills\"\n}\n\n";
    let setting = "      \"DBK-BKP-019\" = { severity = var.severity, reason = var.reason }\n";
    config.configure(&format!("{variables}{}", with_rules(setting, BACKUP)));
    config.terraform(&["validate", "-no-color"]).ok();
    check_warnings(
        config.terraform(&["plan", "-destroy", "-no-color"]),
        expect![[r#"
            Rules are switched off or lowered

              with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
              on main.tf line 11, in provider "dynamodb":
              11:     rules = {

            The provider block changes what a plan says:

            DBK-BKP-019 (Backup will be deleted for good): off instead of warning. The
            reason given: drills

            To have the severity of a rule back, remove its entry.
        "#]],
    );
    config
        .terraform(&[
            "plan",
            "-destroy",
            "-no-color",
            "-var=severity=error",
            "-var=reason=kept",
        ])
        .fails()
        .says("Raised from warning to error. The reason given: kept");
    config
        .terraform(&["plan", "-destroy", "-no-color", "-var=reason= "])
        .fails()
        .says("Reason is blank");
    // What is known by then is refused by then.
    let setting = setting
        .replace("DBK-BKP-019", "DBK-RST-003")
        .replace("var.severity", "\"off\"");
    config.configure(&format!("{variables}{}", with_rules(&setting, BACKUP)));
    config
        .terraform(&["validate", "-no-color"])
        .fails()
        .says("Rule cannot be lowered or switched off");
}

/// A plan goes on, and reads AWS, while it is not known what becomes of a rule; the rule then speaks as it does by itself.
/// The apply knows.
#[test]
fn a_reason_that_is_known_only_after_apply() {
    let backend = backend!(PitrSwitch);
    let config = applied(&backend, RECOVERY);
    let later = "resource \"terraform_data\" \"later\" {\n  input = \"a sandbox\"\n}\n\n";
    let setting = "      \"DBK-PITR-009\" = { severity = \"error\", reason = terraform_data.later.output }\n";
    let disabling = RECOVERY.replace("\n}", "\n  on_destroy = \"disable\"\n}");
    config.configure(&format!("{later}{}", with_rules(setting, &disabling)));
    config
        .terraform(&["plan", "-no-color"])
        .ok()
        .says("Warning: Destroying this object switches recovery off");
    let run = config.try_apply().fails();
    run.says("Error: Destroying this object switches recovery off")
        .says("Raised from warning to error. The reason given: a sandbox");
    assert_eq!(
        backend.aws().recovery("orders")["PointInTimeRecoveryStatus"],
        "ENABLED"
    );
}

#[test]
fn each_alias_has_rules_of_its_own() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let both = |rules: &str| {
        format!(
            "provider \"dynamodb\" {{\n  alias = \"drills\"\n  validation = {{ rules = {{\n{rules}  }} }}\n}}\n\n{BACKUP}{}",
            BACKUP
                .replace("\"orders\" {", "\"drill\" {\n  provider = dynamodb.drills")
                .replace("before", "drill")
        )
    };
    let config = backend.workdir(&both(&rule("DBK-BKP-019", "off", "drills")));
    config.apply();
    let run = config.terraform(&["plan", "-destroy", "-no-color"]).ok();
    let run = run.says("with dynamodb_backup.orders");
    assert!(!run.stdout.contains("with dynamodb_backup.drill"), "{run}");
}
