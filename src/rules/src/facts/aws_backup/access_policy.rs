//! The access policy of a vault, already parsed: as much of the language of policies as rules about copies and
//! deletions ask for. What it leaves out, it calls narrowed, and then decides nothing.

use crate::fact::Fact;
use crate::syntax::{AccountId, Arn, RoleArn};

/// An access policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessPolicy {
    /// Its statements.
    pub statements: Vec<PolicyStatement>,
}

/// A statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyStatement {
    /// Whether it allows or denies.
    pub effect: PolicyEffect,
    /// Whom it concerns.
    pub principals: PolicyPrincipals,
    /// What it concerns.
    pub actions: PolicyActions,
    /// The organizations to which it is confined, by a condition on `aws:PrincipalOrgID`. Empty without such a
    /// condition.
    pub organization_ids: Vec<String>,
    /// Whether it is narrowed in ways that this view leaves out: by other conditions, or by resources other than `*`.
    /// Then it may or may not apply.
    pub is_narrowed: bool,
}

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyEffect {
    /// It allows.
    Allow,
    /// It denies, whatever others allow.
    Deny,
}

/// Whom a statement concerns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PolicyPrincipals {
    /// Everyone: `"*"`.
    Everyone,
    /// These, as written: account ids, ARNs, services.
    Only(Vec<String>),
    /// Everyone but these: `NotPrincipal`.
    Except(Vec<String>),
}

/// What a statement concerns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PolicyActions {
    /// These, as written: `backup:CopyIntoBackupVault`, with wildcards.
    Only(Vec<String>),
    /// All but these: `NotAction`.
    Except(Vec<String>),
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requester {
    /// The account.
    pub account: AccountId,
    /// The role, as far as it is known.
    pub role: Fact<RoleArn>,
    /// The id of the organization of the account; absent when it is in none.
    pub organization_id: Fact<String>,
}

/// What a policy says to a request, by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyVerdict {
    /// It allows it.
    Allowed,
    /// It denies it in so many words.
    Denied,
    /// It does not mention it.
    NotAllowed,
    /// This view cannot tell.
    Undecided,
}

/// How far a statement applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Applies {
    Never,
    Perhaps,
    Surely,
}

impl AccessPolicy {
    /// What the policy says when somebody wants to do something.
    pub fn judge(&self, action: &str, requester: &Requester) -> PolicyVerdict {
        let most = |effect: PolicyEffect| {
            self.statements
                .iter()
                .filter(|it| it.effect == effect)
                .map(|it| it.applies(action, requester))
                .max()
                .unwrap_or(Applies::Never)
        };
        match (most(PolicyEffect::Deny), most(PolicyEffect::Allow)) {
            (Applies::Surely, _) => PolicyVerdict::Denied,
            (_, Applies::Never) => PolicyVerdict::NotAllowed,
            (Applies::Never, Applies::Surely) => PolicyVerdict::Allowed,
            _ => PolicyVerdict::Undecided,
        }
    }
}

impl PolicyStatement {
    fn applies(&self, action: &str, requester: &Requester) -> Applies {
        if !self.actions.include(action) {
            return Applies::Never;
        }
        let narrowed = if self.is_narrowed {
            Applies::Perhaps
        } else {
            Applies::Surely
        };
        self.principals
            .include(requester)
            .min(self.includes_organization(requester))
            .min(narrowed)
    }

    fn includes_organization(&self, requester: &Requester) -> Applies {
        match &requester.organization_id {
            _ if self.organization_ids.is_empty() => Applies::Surely,
            Fact::Known(id) if self.organization_ids.contains(id) => Applies::Surely,
            Fact::Known(_) | Fact::Absent => Applies::Never,
            Fact::Unknown => Applies::Perhaps,
        }
    }
}

impl PolicyPrincipals {
    fn include(&self, requester: &Requester) -> Applies {
        match self {
            Self::Everyone => Applies::Surely,
            Self::Only(principals) => principals
                .iter()
                .map(|it| includes(it, requester))
                .max()
                .unwrap_or(Applies::Never),
            // Whether somebody is left out depends on their session too.
            Self::Except(_) => Applies::Perhaps,
        }
    }

    /// The accounts that are named, as far as texts name one.
    pub fn accounts(&self) -> Vec<AccountId> {
        match self {
            Self::Only(principals) => principals.iter().filter_map(|it| account_of(it)).collect(),
            Self::Everyone | Self::Except(_) => Vec::new(),
        }
    }
}

/// The account that a principal names or belongs to.
fn account_of(principal: &str) -> Option<AccountId> {
    AccountId::parse(principal)
        .ok()
        .or_else(|| Arn::parse(principal).ok()?.account)
}

/// Whether a principal, as written, is the one that asks.
fn includes(principal: &str, requester: &Requester) -> Applies {
    if principal == "*" {
        return Applies::Surely;
    }
    let is_whole_account = principal == requester.account.as_str() || principal.ends_with(":root");
    match account_of(principal) {
        Some(account) if account != requester.account => Applies::Never,
        Some(_) if is_whole_account => Applies::Surely,
        Some(_) if requester.role.is_known_and(|role| role.to_string() == principal) => Applies::Surely,
        // Another role of the same account, which may be the one that is meant after all; or a service.
        Some(_) | None => Applies::Perhaps,
    }
}

impl PolicyActions {
    /// Whether these actions include this one.
    pub fn include(&self, action: &str) -> bool {
        match self {
            Self::Only(patterns) => patterns.iter().any(|it| matches(it, action)),
            Self::Except(patterns) => !patterns.iter().any(|it| matches(it, action)),
        }
    }
}

/// Whether an action fits a pattern in which `*` stands for any characters and `?` for one. Case does not count.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let (pattern, action) = (pattern.as_bytes(), action.as_bytes());
    // What is still reachable of the pattern after each byte of the action.
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    skip_stars(pattern, &mut reached);
    for byte in action {
        let mut next = vec![false; pattern.len() + 1];
        for (index, wanted) in pattern.iter().enumerate().filter(|(index, _)| reached[*index]) {
            match wanted {
                b'*' => next[index] = true,
                b'?' => next[index + 1] = true,
                _ if wanted == byte => next[index + 1] = true,
                _ => {}
            }
        }
        skip_stars(pattern, &mut next);
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

/// A star may stand for nothing.
fn skip_stars(pattern: &[u8], reached: &mut [bool]) {
    for (index, wanted) in pattern.iter().enumerate() {
        if reached[index] && *wanted == b'*' {
            reached[index + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        AccessPolicy, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement, PolicyVerdict,
        Requester, matches,
    };
    use crate::fact::Fact;
    use crate::syntax::{AccountId, RoleArn};

    const COPY: &str = "backup:CopyIntoBackupVault";
    const ROLE: &str = "arn:aws:iam::111122223333:role/backup";

    fn requester() -> Requester {
        Requester {
            account: AccountId::parse("111122223333").expect("an account"),
            role: Fact::Known(RoleArn::parse(ROLE).expect("a role")),
            organization_id: "o-orders".into(),
        }
    }

    fn statement(effect: PolicyEffect, principals: PolicyPrincipals) -> PolicyStatement {
        PolicyStatement {
            effect,
            principals,
            actions: PolicyActions::Only(vec![COPY.to_owned()]),
            organization_ids: Vec::new(),
            is_narrowed: false,
        }
    }

    fn allow() -> PolicyStatement {
        statement(PolicyEffect::Allow, PolicyPrincipals::Everyone)
    }

    fn judge(statements: Vec<PolicyStatement>) -> PolicyVerdict {
        AccessPolicy { statements }.judge(COPY, &requester())
    }

    fn judge_principal(principal: &str) -> PolicyVerdict {
        judge(vec![statement(
            PolicyEffect::Allow,
            PolicyPrincipals::Only(vec!["444455556666".to_owned(), principal.to_owned()]),
        )])
    }

    #[test]
    fn what_is_not_mentioned_is_not_allowed() {
        assert_eq!(judge(vec![]), PolicyVerdict::NotAllowed);
        assert_eq!(judge(vec![allow()]), PolicyVerdict::Allowed);
        let other = PolicyStatement {
            actions: PolicyActions::Only(vec!["backup:DescribeBackupVault".to_owned()]),
            ..allow()
        };
        assert_eq!(judge(vec![other.clone()]), PolicyVerdict::NotAllowed);
        assert_eq!(judge(vec![other, allow()]), PolicyVerdict::Allowed);
    }

    #[test]
    fn a_denial_that_surely_applies_wins_and_one_that_may_apply_leaves_doubt() {
        let deny = statement(PolicyEffect::Deny, PolicyPrincipals::Everyone);
        assert_eq!(judge(vec![allow(), deny.clone()]), PolicyVerdict::Denied);
        assert_eq!(judge(vec![deny.clone()]), PolicyVerdict::Denied);
        let perhaps = PolicyStatement {
            is_narrowed: true,
            ..deny
        };
        assert_eq!(judge(vec![allow(), perhaps.clone()]), PolicyVerdict::Undecided);
        assert_eq!(judge(vec![perhaps]), PolicyVerdict::NotAllowed);
    }

    #[test]
    fn a_narrowed_allowance_may_apply() {
        let narrowed = PolicyStatement {
            is_narrowed: true,
            ..allow()
        };
        assert_eq!(judge(vec![narrowed.clone()]), PolicyVerdict::Undecided);
        assert_eq!(judge(vec![narrowed, allow()]), PolicyVerdict::Allowed);
    }

    #[test]
    fn principals_are_accounts_roles_and_services() {
        for (principal, expected) in [
            ("111122223333", PolicyVerdict::Allowed),
            ("arn:aws:iam::111122223333:root", PolicyVerdict::Allowed),
            ("*", PolicyVerdict::Allowed),
            (ROLE, PolicyVerdict::Allowed),
            ("arn:aws:iam::111122223333:role/other", PolicyVerdict::Undecided),
            ("arn:aws:iam::777788889999:root", PolicyVerdict::NotAllowed),
            ("arn:aws:iam::777788889999:role/backup", PolicyVerdict::NotAllowed),
            ("777788889999", PolicyVerdict::NotAllowed),
            ("backup.amazonaws.com", PolicyVerdict::Undecided),
        ] {
            assert_eq!(judge_principal(principal), expected, "{principal}");
        }
        let nobody = statement(PolicyEffect::Allow, PolicyPrincipals::Only(Vec::new()));
        assert_eq!(judge(vec![nobody]), PolicyVerdict::NotAllowed);
        let except = PolicyPrincipals::Except(vec!["111122223333".to_owned()]);
        assert_eq!(
            judge(vec![statement(PolicyEffect::Allow, except)]),
            PolicyVerdict::Undecided
        );
    }

    #[test]
    fn a_condition_on_the_organization_is_understood() {
        let statement = PolicyStatement {
            organization_ids: vec!["o-others".to_owned(), "o-orders".to_owned()],
            ..allow()
        };
        let policy = AccessPolicy {
            statements: vec![statement],
        };
        let of = |organization_id: Fact<String>| {
            policy.judge(
                COPY,
                &Requester {
                    organization_id,
                    ..requester()
                },
            )
        };
        assert_eq!(of("o-orders".into()), PolicyVerdict::Allowed);
        assert_eq!(of("o-foreign".into()), PolicyVerdict::NotAllowed);
        assert_eq!(of(Fact::Absent), PolicyVerdict::NotAllowed);
        assert_eq!(of(Fact::Unknown), PolicyVerdict::Undecided);
    }

    #[test]
    fn actions_have_wildcards_and_no_case() {
        for pattern in [
            "*",
            "backup:*",
            "backup:Copy*Vault",
            "BACKUP:copyintobackupvault",
            "backup:CopyIntoBackupVaul?",
            "backup:Copy***",
        ] {
            assert!(matches(pattern, COPY), "{pattern}");
        }
        for pattern in [
            "",
            "backup",
            "backup:Copy",
            "dynamodb:*",
            "backup:CopyIntoBackupVault?",
            "*x",
        ] {
            assert!(!matches(pattern, COPY), "{pattern}");
        }
        assert!(matches("", "") && matches("*", "") && !matches("?", ""));
        let except = PolicyActions::Except(vec!["backup:Copy*".to_owned()]);
        assert!(!except.include(COPY) && except.include("backup:DeleteRecoveryPoint"));
    }

    #[test]
    fn accounts_are_read_from_ids_and_arns() {
        let principals = PolicyPrincipals::Only(
            ["444455556666", ROLE, "backup.amazonaws.com", "*"]
                .map(str::to_owned)
                .into(),
        );
        let accounts: Vec<String> = principals.accounts().iter().map(ToString::to_string).collect();
        assert_eq!(accounts, ["444455556666", "111122223333"]);
        assert_eq!(PolicyPrincipals::Everyone.accounts(), []);
        assert_eq!(PolicyPrincipals::Except(vec![ROLE.to_owned()]).accounts(), []);
    }

    proptest! {
        #[test]
        fn a_text_fits_itself_and_a_star_fits_all(text in "[a-zA-Z:]{0,20}", any in "\\PC*") {
            prop_assert!(matches(&text, &text));
            let open = format!("{text}*");
            prop_assert!(matches(&open, &text));
            prop_assert!(matches("*", &any));
            let _ = matches(&any, &text);
        }
    }
}
