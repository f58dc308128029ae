//! Plans and states as `terraform show -json` prints them.

use serde_json::Value;

/// A saved plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub(crate) json: Value,
    /// What `terraform plan` printed for people, warnings included.
    pub output: String,
}

impl Plan {
    /// The actions for an object: `["create"]`, `["update"]`, `["delete", "create"]`, `["no-op"]`.
    ///
    /// # Panics
    /// If the plan does not name the object.
    pub fn actions(&self, address: &str) -> Vec<&str> {
        let actions = &self.change(address)["actions"];
        actions
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// The change of an object: `actions`, `before`, `after`, `after_unknown`, `replace_paths`.
    ///
    /// # Panics
    /// If the plan does not name the object.
    pub fn change(&self, address: &str) -> &Value {
        self.json["resource_changes"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|change| change["address"] == address)
            .map(|change| &change["change"])
            .unwrap_or_else(|| panic!("the plan does not name {address}:\n{}", self.output))
    }

    /// Whether nothing would be done.
    pub fn is_empty(&self) -> bool {
        let changes = self.json["resource_changes"].as_array().into_iter().flatten();
        let outputs = self.json["output_changes"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, change)| change);
        let idle = |actions: &Value| {
            *actions == serde_json::json!(["no-op"]) || *actions == serde_json::json!(["read"])
        };
        changes
            .map(|change| &change["change"])
            .chain(outputs)
            .all(|change| idle(&change["actions"]))
    }

    /// The value that an attribute will have; null also where it is not known yet.
    pub fn after(&self, address: &str, attribute: &str) -> &Value {
        &self.change(address)["after"][attribute]
    }
}

/// A state.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub(crate) json: Value,
}

impl State {
    /// The object at an address, if the state has it: `values`, `tainted`.
    pub fn find(&self, address: &str) -> Option<&Value> {
        self.json["values"]["root_module"]["resources"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|resource| resource["address"] == address)
    }

    /// The attributes of an object.
    ///
    /// # Panics
    /// If the state does not have it.
    pub fn values(&self, address: &str) -> &Value {
        match self.find(address) {
            Some(resource) => &resource["values"],
            None => panic!("{address} is not in the state: {:?}", self.addresses()),
        }
    }

    /// The text of an attribute.
    ///
    /// # Panics
    /// If the state does not have it, or it is no text.
    pub fn text(&self, address: &str, attribute: &str) -> &str {
        let value = &self.values(address)[attribute];
        value
            .as_str()
            .unwrap_or_else(|| panic!("{address}.{attribute} is {value}, not a text"))
    }

    /// Whether Terraform would replace the object because its creation did not end well.
    pub fn is_tainted(&self, address: &str) -> bool {
        self.find(address)
            .is_some_and(|resource| resource["tainted"] == true)
    }

    /// The value of an output.
    pub fn output(&self, name: &str) -> &Value {
        &self.json["values"]["outputs"][name]["value"]
    }

    /// The addresses of all objects.
    pub fn addresses(&self) -> Vec<&str> {
        self.json["values"]["root_module"]["resources"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|resource| resource["address"].as_str())
            .collect()
    }
}
