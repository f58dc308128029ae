//! Plans that are refused, and what the user reads then: each message whole, as Terraform prints it.
//!
//! A message must name the fault, point at the line and the argument, give both values and the bound, say how to mend
//! it, and name its rule. The clock of the simulator stands still, so that even the computed bounds are compared.

#[path = "rejected_plans/abroad.rs"]
mod abroad;
#[path = "rejected_plans/backup_arns.rs"]
mod backup_arns;
#[path = "rejected_plans/backup_plans.rs"]
mod backup_plans;
#[path = "rejected_plans/backups.rs"]
mod backups;
#[path = "rejected_plans/capacity.rs"]
mod capacity;
#[path = "rejected_plans/deletion.rs"]
mod deletion;
#[path = "rejected_plans/denied.rs"]
mod denied;
#[path = "rejected_plans/dropped.rs"]
mod dropped;
#[path = "rejected_plans/encryption.rs"]
mod encryption;
#[path = "rejected_plans/global_tables.rs"]
mod global_tables;
#[path = "rejected_plans/indexes.rs"]
mod indexes;
#[path = "rejected_plans/keys_given.rs"]
mod keys_given;
#[path = "rejected_plans/moments.rs"]
mod moments;
#[path = "rejected_plans/neighbours.rs"]
mod neighbours;
#[path = "rejected_plans/quotas.rs"]
mod quotas;
#[path = "rejected_plans/recovery.rs"]
mod recovery;
#[path = "rejected_plans/replicas.rs"]
mod replicas;
#[path = "rejected_plans/scene.rs"]
mod scene;
#[path = "rejected_plans/services.rs"]
mod services;
#[path = "rejected_plans/settings.rs"]
mod settings;
#[path = "rejected_plans/source_keys.rs"]
mod source_keys;
#[path = "rejected_plans/sources.rs"]
mod sources;
#[path = "rejected_plans/targets.rs"]
mod targets;
#[path = "rejected_plans/throughput.rs"]
mod throughput;
#[path = "rejected_plans/together.rs"]
mod together;
#[path = "rejected_plans/unknown.rs"]
mod unknown;
