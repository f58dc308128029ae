//! The simulator over real sockets, with requests written out by hand: what is asserted here is what the wire says.

mod aws_backup;
mod backups;
mod client;
mod control;
mod faults;
mod identity;
mod items;
mod keys;
mod program;
mod recovery;
mod replicas;
mod restores;
mod scaling;
mod settings;
mod tables;
