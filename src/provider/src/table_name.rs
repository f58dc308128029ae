//! Tables that are given by name or by ARN, and objects that are imported by an id with a Region behind it.

use aws_clients::TableRef;
use tfsdk::{Attr, Diagnostic, Diagnostics, ImportTarget, Value};

/// Reads a name or an ARN.
pub(crate) fn table_ref(text: &str) -> Result<TableRef, aws_clients::Error> {
    text.parse()
}

/// Whether two texts name the same table, one by name and one by ARN perhaps. Regions are compared elsewhere. An
/// unknown one may be another.
pub(crate) fn is_same_table(one: &Attr<String>, other: &Attr<String>) -> bool {
    if one == other {
        return true;
    }
    let (Some(one), Some(other)) = (one.known(), other.known()) else {
        return false;
    };
    match (table_ref(one), table_ref(other)) {
        (Ok(TableRef::Arn(_)), Ok(TableRef::Arn(_))) | (Err(_), _) | (_, Err(_)) => false,
        (Ok(one), Ok(other)) => one.table_name() == other.table_name(),
    }
}

/// What an import names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// A name or an ARN.
    pub(crate) id: String,
    /// The Region, where the import or the ARN says it.
    pub(crate) region: Option<String>,
    /// The account, where the import says it.
    pub(crate) account: Option<String>,
}

impl Place {
    /// Reads an import of something that a table has: its name, perhaps with a Region behind it, or its ARN, or an
    /// identity.
    ///
    /// # Errors
    /// As [`Place::of_import`].
    pub(crate) fn of_import_by_table(target: ImportTarget) -> Result<Self, Diagnostics> {
        let form = "the name of the table, or its name and Region as in orders@eu-west-1, or its ARN";
        Self::of_import(target, "table_name", form, |text| {
            table_ref(text).map(|table| match table {
                TableRef::Name(_) => None,
                TableRef::Arn(arn) => Some(arn.region().to_string()),
            })
        })
    }

    /// Reads an import id with an optional `@region`, or an identity of which `id_attribute` is the id.
    ///
    /// `region_in` reads the id and gives the Region that it names by itself, as an ARN does; `form` says in words what
    /// an id looks like.
    ///
    /// # Errors
    /// The id has another form, or its Region is not the one behind the `@`.
    pub(crate) fn of_import(
        target: ImportTarget,
        id_attribute: &str,
        form: &str,
        region_in: impl FnOnce(&str) -> Result<Option<String>, aws_clients::Error>,
    ) -> Result<Self, Diagnostics> {
        let (written, mut place) = match target {
            ImportTarget::Id(id) => {
                let (name, region) = match id.rsplit_once('@') {
                    Some((name, region)) => (name.to_owned(), Some(region.to_owned())),
                    None => (id.clone(), None),
                };
                (
                    id,
                    Self {
                        id: name,
                        region,
                        account: None,
                    },
                )
            }
            ImportTarget::Identity(identity) => {
                let text = |name: &str| match identity.attribute(name) {
                    Value::String(text) => Some(text.clone()),
                    _ => None,
                };
                let id = text(id_attribute).unwrap_or_default();
                (
                    id.clone(),
                    Self {
                        id,
                        region: text("region"),
                        account: text("account_id"),
                    },
                )
            }
        };
        let wrong = |why: String| {
            Diagnostics::from(Diagnostic::error(
                "Import id has another form",
                format!("The id is {written:?}; {why}. Give {form}."),
            ))
        };
        if place
            .region
            .as_deref()
            .is_some_and(|region| rules::syntax::Region::parse(region).is_err())
        {
            return Err(wrong(format!(
                "{:?} is not a Region",
                place.region.as_deref().unwrap_or_default()
            )));
        }
        let own = region_in(&place.id).map_err(|err| {
            let cause = std::error::Error::source(&err)
                .map(|cause| format!(": {cause}"))
                .unwrap_or_default();
            wrong(format!("{err}{cause}"))
        })?;
        match (&own, &place.region) {
            (Some(own), Some(region)) if own != region => {
                Err(wrong(format!("the ARN is of {own}, and {region} was given")))
            }
            _ => {
                place.region = own.or(place.region);
                Ok(place)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, is_same_table, table_ref};
    use tfsdk::{Attr, ImportTarget, Value};

    const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";

    fn imported(target: ImportTarget) -> Result<(String, Option<String>, Option<String>), String> {
        let read =
            |text: &str| table_ref(text).map(|_| text.starts_with("arn:").then(|| "eu-west-1".to_owned()));
        Place::of_import(target, "table_name", "a name", read)
            .map(|place| (place.id, place.region, place.account))
            .map_err(|found| found.iter().map(|it| it.detail.clone()).collect())
    }

    fn by_id(id: &str) -> Result<(String, Option<String>, Option<String>), String> {
        imported(ImportTarget::Id(id.to_owned()))
    }

    #[test]
    fn an_import_id_may_have_a_region() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(by_id("orders"), Ok(("orders".to_owned(), None, None)));
        assert_eq!(
            by_id("orders@eu-west-1"),
            Ok(("orders".to_owned(), some("eu-west-1"), None))
        );
        assert_eq!(by_id(ARN), Ok((ARN.to_owned(), some("eu-west-1"), None)));
        assert_eq!(
            by_id(&format!("{ARN}@eu-west-1")),
            Ok((ARN.to_owned(), some("eu-west-1"), None))
        );
    }

    #[test]
    fn an_import_by_identity_takes_the_attributes() {
        let identity = Value::object([
            ("table_name", Value::string("orders")),
            ("region", Value::Null),
            ("account_id", Value::string("111122223333")),
        ]);
        let expected = ("orders".to_owned(), None, Some("111122223333".to_owned()));
        assert_eq!(imported(ImportTarget::Identity(identity)), Ok(expected));
    }

    #[test]
    fn a_wrong_id_says_what_is_wrong_and_what_is_right() {
        for (id, why) in [
            ("", "is not the name of a table"),
            ("a/b", "is not the name of a table"),
            ("orders@here", "\"here\" is not a Region"),
            (
                &format!("{ARN}@eu-west-2"),
                "the ARN is of eu-west-1, and eu-west-2 was given",
            ),
        ] {
            let said = by_id(id).expect_err("another form");
            assert!(
                said.contains(why) && said.ends_with("Give a name."),
                "{id}: {said}"
            );
        }
    }

    #[test]
    fn a_name_and_an_arn_may_be_the_same_table() {
        let same = |one: &str, other: &str| is_same_table(&one.into(), &other.into());
        assert!(same("orders", "orders") && same("orders", ARN) && same(ARN, "orders"));
        assert!(!same("orders", "invoices") && !same(ARN, "invoices"));
        assert!(!same(ARN, "arn:aws:dynamodb:eu-west-2:111122223333:table/orders"));
        assert!(!is_same_table(&"orders".into(), &Attr::Unknown));
    }
}
