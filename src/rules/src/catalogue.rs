//! The ids of the rule catalogue: its areas, and the ids that each has given out. Holds no rule.
//!
//! The catalogue lists all that is known of AWS about backups and restores of DynamoDB, rules and mere facts alike. An
//! id is never renumbered or used again. Which of them are rules here is in [`RULES`](crate::RULES); what became of each
//! other one stands in `docs/rules/coverage.md`.

/// One area of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatalogueArea {
    /// The section that lists it, as in `A1`. Two areas may share a section.
    pub section: &'static str,
    /// The middle of its ids, as in `NAME`.
    pub code: &'static str,
    /// What it is about, in the words of a heading.
    pub title: &'static str,
    /// Its highest number. The ids begin with 1 and leave none out.
    pub last: u16,
}

/// The areas whose ids are accounted for, in the order of the catalogue: native backups, point-in-time recovery,
/// restores, and AWS Backup. A new id raises `last`; a new area is one line.
pub const AREAS: &[CatalogueArea] = &[
    area("A1", "NAME", "Names", 14),
    area("A2", "ARN", "ARNs and partitions", 22),
    area("A3", "PITR", "Point-in-time recovery", 22),
    area("A4", "BKP", "On-demand backups", 26),
    area("A5", "RST", "Restores", 24),
    area("A6", "RPT", "Restores to a point in time", 15),
    area("A7", "IDX", "Indexes of a restored table", 13),
    // The last two came after the catalogue: auto scaling of a restored table.
    area("A8", "CAP", "Billing mode and capacity", 17),
    area("A8", "SSE", "Encryption", 18),
    area("A9", "XRG", "Restores into another Region", 12),
    area("A10", "XAC", "Other accounts", 16),
    area("A11", "CAR", "What a restore drops", 17),
    area("A12", "GTB", "Global tables", 11),
    area("A13", "DEL", "Deletion and deleted tables", 8),
    area("A14", "QTA", "Quotas and rates", 11),
    area("A15", "ABS", "Settings of AWS Backup", 9),
    area("A16", "VLT", "Backup vaults", 13),
    area("A17", "LCK", "Vault Lock", 13),
    area("A18", "LAG", "Logically air-gapped vaults", 8),
    area("A19", "PLN", "Backup plans", 13),
    area("A20", "SCH", "Schedules and windows", 15),
    area("A21", "LFC", "Lifecycles", 16),
    area("A22", "CPY", "Copies", 16),
    area("A23", "SEL", "Selections", 14),
    area("A24", "ABJ", "On-demand jobs of AWS Backup", 7),
    area("A25", "ABR", "Restores by AWS Backup", 14),
    area("A26", "TAG", "Tags and deletion of recovery points", 8),
    area("A27", "RTP", "Restore testing", 7),
];

const fn area(section: &'static str, code: &'static str, title: &'static str, last: u16) -> CatalogueArea {
    CatalogueArea {
        section,
        code,
        title,
        last,
    }
}

impl CatalogueArea {
    /// Every id of the area, in order: `DBK-NAME-001`, `DBK-NAME-002`, …
    pub fn ids(self) -> impl Iterator<Item = String> {
        (1..=self.last).map(move |number| format!("DBK-{}-{number:03}", self.code))
    }
}

/// Whether the catalogue has given out this id.
pub fn contains(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    let ["DBK", code, number] = parts.as_slice() else {
        return false;
    };
    let has_form = number.len() == 3 && number.bytes().all(|it| it.is_ascii_digit());
    let area = AREAS.iter().find(|it| it.code == *code);
    match (area, number.parse::<u16>()) {
        (Some(area), Ok(number)) if has_form => (1..=area.last).contains(&number),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{AREAS, contains};

    #[test]
    fn every_id_is_given_out_once_and_found_again() {
        let ids: Vec<String> = AREAS.iter().flat_map(|it| it.ids()).collect();
        assert_eq!(ids.len(), 399);
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        assert!(ids.iter().all(|it| contains(it)), "{ids:?}");
        assert_eq!(
            (ids[0].as_str(), ids[13].as_str()),
            ("DBK-NAME-001", "DBK-NAME-014")
        );
    }

    #[test]
    fn nothing_else_is_an_id() {
        for id in [
            "DBK-NAME-000",
            "DBK-NAME-015",
            "DBK-NAME-01",
            "DBK-NAME-0001",
            "DBK-NAME-+01",
            "DBK-NAME-1a1",
            "DBK-name-001",
            "DBK-NIL-001",
            "DBK-NAME",
            "DBK-NAME-001-001",
            "CKV-NAME-001",
            "",
        ] {
            assert!(!contains(id), "{id}");
        }
    }
}
