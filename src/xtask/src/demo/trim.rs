//! Cuts what terraform prints down to what a reader of the demo wants to see.

/// Of `terraform init`: that it is done.
pub(super) fn init(text: &str) -> String {
    keep(text, |line| {
        line.starts_with("- Installed") || line.contains("successfully initialized")
    })
}

/// Of `terraform plan`: objects, what is set in them, and the sum. What becomes known only after apply is left out.
pub(super) fn plan(text: &str) -> String {
    let body = text
        .find("Terraform will perform")
        .map_or(text, |start| &text[start..]);
    keep(body, |line| {
        let line = line.trim_start();
        let sets = ["+ ", "~ ", "- ", "-/+ ", "+/- "]
            .iter()
            .any(|sign| line.starts_with(sign));
        line.starts_with("# ")
            || (sets && !line.contains("(known after apply)"))
            || line == "}"
            || ["Plan:", "No changes."]
                .iter()
                .any(|start| line.starts_with(start))
    })
}

/// Of `terraform apply` and `terraform destroy`: what was done.
pub(super) fn apply(text: &str) -> String {
    keep(text, |line| {
        line.contains(" complete after ")
            || line.starts_with("Apply complete!")
            || line.starts_with("Destroy complete!")
    })
}

/// Of standard error: everything, without empty lines at its ends.
pub(super) fn errors(text: &str) -> String {
    text.trim().to_owned()
}

fn keep(text: &str, wanted: impl Fn(&str) -> bool) -> String {
    text.lines()
        .filter(|line| wanted(line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_shows_what_is_set() {
        let text = "Terraform used the selected providers\n\nTerraform will perform the following actions:\n\n  \
                    # dynamodb_backup.a will be created\n  + resource \"dynamodb_backup\" \"a\" {\n      \
                    + arn        = (known after apply)\n      + table_name = \"orders\"\n    }\n\n\
                    Plan: 1 to add, 0 to change, 0 to destroy.\n\n─────\n\nNote: no -out\n";
        expect_test::expect![[r#"
              # dynamodb_backup.a will be created
              + resource "dynamodb_backup" "a" {
                  + table_name = "orders"
                }
            Plan: 1 to add, 0 to change, 0 to destroy."#]]
        .assert_eq(&plan(text));
    }
}
