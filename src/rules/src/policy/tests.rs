//! What may be set, what a setting does, and what the lists of exceptions name.

use expect_test::{Expect, expect};

use super::{AGEING, INDISPENSABLE, Level, Policy, PolicyError, Reviewed, Verdict};
use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Regraded, Severity};
use crate::registry::{RULES, check, find_rule};
use crate::rule::Rule;

const DELETED: &str = "DBK-BKP-019";
const SHORTENED: &str = "DBK-PITR-004";

fn with(id: &str, level: Level) -> Policy {
    let mut policy = Policy::default();
    policy.set(id, level, "a test").expect("it may be set");
    policy
}

fn rule(id: &str) -> &'static Rule {
    find_rule(id).expect("a rule")
}

fn firing(id: &str) -> Facts {
    (rule(id).firing)()
}

fn severities(reviewed: &Reviewed) -> Vec<(&'static str, Severity)> {
    let pair = |it: &crate::Finding| (it.rule.as_str(), it.severity);
    reviewed.findings.iter().map(pair).collect()
}

fn check_refused(id: &str, level: Level, reason: &str, expected: Expect) {
    let mut policy = Policy::default();
    let error = policy.set(id, level, reason).expect_err("it is refused");
    assert_eq!(policy, Policy::default(), "nothing is set");
    expected.assert_eq(&error.to_string());
}

#[test]
fn the_lists_of_exceptions_are_sorted_and_name_rules_that_need_them() {
    assert!(AGEING.is_sorted_by(|a, b| a < b), "{AGEING:?}");
    assert!(
        INDISPENSABLE.is_sorted_by(|(a, _), (b, _)| a < b),
        "{INDISPENSABLE:?}"
    );
    for id in AGEING {
        let rule = rule(id);
        assert_eq!(rule.id.as_str(), *id);
        assert!(
            rule.severity == Severity::Error && rule.aws_error.is_some(),
            "{id}"
        );
    }
    for (id, why) in INDISPENSABLE {
        let rule = rule(id);
        assert_eq!(rule.id.as_str(), *id);
        assert!(
            rule.severity == Severity::Error && rule.aws_error.is_none(),
            "{id}"
        );
        assert!(!why.ends_with('.') && why.len() > 20, "{id}: {why}");
    }
}

#[test]
fn errors_that_aws_enforces_can_only_be_raised_and_all_others_be_set_to_anything() {
    for rule in RULES {
        let id = rule.id.as_str();
        let enforced = rule.severity == Severity::Error && rule.aws_error.is_some() && !AGEING.contains(&id);
        let stands = enforced || INDISPENSABLE.iter().any(|(it, _)| *it == id);
        for level in [Level::Off, Level::Warning] {
            assert_eq!(Policy::permits(rule, level).is_err(), stands, "{id} {level}");
        }
        assert_eq!(Policy::permits(rule, Level::Error), Ok(()), "{id}");
    }
}

/// A new error without an answer of AWS is to be put on one side or the other on purpose.
#[test]
fn these_errors_can_be_switched_off() {
    let errors = RULES.iter().filter(|it| it.severity == Severity::Error);
    let ids: Vec<&str> = errors
        .filter(|it| Policy::permits(it, Level::Off).is_ok())
        .map(|it| it.id.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "DBK-ABS-005",
            "DBK-PITR-004",
            "DBK-PITR-008",
            "DBK-SEL-013",
            "DBK-XRG-003"
        ]
    );
}

#[test]
fn what_aws_enforces_is_refused_with_what_aws_says() {
    check_refused(
        "DBK-RST-003",
        Level::Off,
        "a test",
        expect![
            "AWS refuses what rule DBK-RST-003 refuses, with TableAlreadyExistsException: Table already exists: orders-restored"
        ],
    );
    check_refused(
        "DBK-ARN-012",
        Level::Warning,
        "a test",
        expect![
            "rule DBK-ARN-012 cannot be done without, because AWS would delete whatever backup has the same id in the other Region, at once and for good"
        ],
    );
}

#[test]
fn a_rule_is_set_by_its_own_id_with_a_reason() {
    check_refused(
        "DBK-BKP-091",
        Level::Off,
        "a test",
        expect![[r#"there is no rule "DBK-BKP-091""#]],
    );
    check_refused(
        "DBK-NAME-005",
        Level::Off,
        "a test",
        expect!["DBK-NAME-005 is part of rule DBK-BKP-019"],
    );
    for blank in ["", "  ", "\n\t"] {
        check_refused(
            DELETED,
            Level::Off,
            blank,
            expect!["no reason is given for another severity of rule DBK-BKP-019"],
        );
    }
}

#[test]
fn a_typing_error_finds_its_rule() {
    let nearest = |id: &str| match Policy::rule(id) {
        Err(PolicyError::UnknownRule { nearest, .. }) => nearest.map(|it| it.as_str()),
        other => panic!("{other:?}"),
    };
    assert_eq!(nearest("dbk-bkp-019"), Some(DELETED));
    assert_eq!(nearest("BKP-019"), None);
    assert_eq!(nearest("DBK-BKP019"), Some(DELETED));
    assert_eq!(nearest("backup_deleted"), Some(DELETED));
    assert_eq!(nearest("backup_deletion"), None);
    assert_eq!(nearest(""), None);
}

#[test]
fn a_rule_that_is_switched_off_says_nothing_and_the_others_go_on() {
    let facts = examples::restore(|it| {
        it.observed.target = Fact::Known(examples::table());
        it.create_timeout = Fact::Known(jiff::SignedDuration::from_mins(1));
    });
    let found = check(&facts);
    let reviewed = with("DBK-RST-012", Level::Off).apply(found.clone());
    assert_eq!(severities(&reviewed), [("DBK-RST-003", Severity::Error)]);
    assert_eq!(reviewed.suppressed, found[1..]);
    assert_eq!(
        Policy::default().apply(found.clone()),
        Reviewed {
            findings: found,
            suppressed: vec![]
        }
    );
}

#[test]
fn a_changed_severity_is_said_with_its_reason() {
    let found = check(&firing(SHORTENED));
    let mut policy = Policy::default();
    policy
        .set(SHORTENED, Level::Warning, "  drills\n  shorten it ")
        .expect("it is ours");
    let reviewed = policy.apply(found.clone());
    assert_eq!(severities(&reviewed), [(SHORTENED, Severity::Warning)]);
    assert_eq!(
        reviewed.findings[0].regraded,
        Some(Regraded {
            from: Severity::Error,
            reason: "drills shorten it".to_owned()
        })
    );
    assert_eq!(
        reviewed.findings[0].text(),
        found[0].text() + "\n\nLowered from error to warning. The reason given: drills shorten it"
    );

    let raised = with(DELETED, Level::Error).apply(check(&firing(DELETED)));
    assert!(
        raised.findings[0]
            .text()
            .ends_with("\n\nRaised from warning to error. The reason given: a test"),
        "{}",
        raised.findings[0]
    );
}

#[test]
fn raised_findings_come_first() {
    let facts = examples::restore(|it| {
        it.create_timeout = Fact::Known(jiff::SignedDuration::from_mins(1));
        it.observed.source_table = Fact::Known(examples::table());
        if let Fact::Known(table) = &mut it.observed.source_table {
            table.settings.table_class = "STANDARD_INFREQUENT_ACCESS".into();
        }
    });
    let ids = |policy: &Policy| {
        let found = policy.apply(check(&facts)).findings;
        found.iter().map(|it| it.rule.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&Policy::default()), ["DBK-CAR-012", "DBK-RST-012"]);
    assert_eq!(
        ids(&with("DBK-RST-012", Level::Error)),
        ["DBK-RST-012", "DBK-CAR-012"]
    );
}

#[test]
fn a_lesser_case_stays_a_warning_unless_it_is_raised() {
    let target = rule("DBK-RST-003").id;
    let judge = |level| with("DBK-RST-003", level).judge(target, Severity::Warning);
    assert_eq!(
        judge(Level::Error),
        Verdict::Regraded(
            Severity::Error,
            Regraded {
                from: Severity::Warning,
                reason: "a test".to_owned()
            }
        )
    );
    assert_eq!(
        Policy::default().judge(target, Severity::Warning),
        Verdict::Stands
    );
    let window = rule(SHORTENED).id;
    let lowered = with(SHORTENED, Level::Warning);
    assert_eq!(lowered.judge(window, Severity::Warning), Verdict::Stands);
    assert_eq!(lowered.judge(target, Severity::Error), Verdict::Stands);
}

#[test]
fn changes_are_listed_and_the_last_setting_holds() {
    let mut policy = with(SHORTENED, Level::Off);
    policy
        .set(SHORTENED, Level::Warning, "later")
        .expect("it is ours");
    policy
        .set(DELETED, Level::Warning, "as it is")
        .expect("a warning");
    policy
        .set("DBK-RST-003", Level::Error, "all of it")
        .expect("raised");
    let listed: Vec<_> = policy
        .changes()
        .map(|it| (it.rule.id.as_str(), it.level, it.reason, it.lowers()))
        .collect();
    assert_eq!(
        listed,
        [
            (DELETED, Level::Warning, "as it is", false),
            (SHORTENED, Level::Warning, "later", true),
            ("DBK-RST-003", Level::Error, "all of it", false),
        ]
    );
    let off = with(DELETED, Level::Off);
    assert!(off.changes().all(|it| it.lowers()));
}

#[test]
fn levels_are_read_as_they_are_written() {
    for level in Level::ALL {
        assert_eq!(Level::parse(level.as_str()), Some(*level));
    }
    assert_eq!(Level::parse("Error"), None);
    assert_eq!(Level::parse("none"), None);
    assert_eq!(Level::Off.to_string(), "off");
}
