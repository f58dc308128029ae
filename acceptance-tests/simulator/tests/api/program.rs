//! The program around the library.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

fn start(arguments: &[&str]) -> (Child, BufReader<ChildStdout>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dynamodb-simulator"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut out = BufReader::new(child.stdout.take().expect("standard output is piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("a line or the end");
    (child, out, line)
}

#[tokio::test]
async fn it_says_where_it_listens_and_ends_with_its_input() {
    let (mut child, mut out, line) = start(&["--exit-with-stdin"]);
    let url = line
        .trim_end()
        .strip_prefix("listening on ")
        .expect("the one line");
    let health = reqwest::get(format!("{url}/_simulator/health"))
        .await
        .expect("it listens");
    assert_eq!(health.json::<Value>().await.expect("JSON"), json!({"ok": true}));
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("text");
    assert_eq!(rest, "", "nothing but the one line");
}

#[tokio::test]
async fn it_takes_settings_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("settings.json");
    let file = path.to_str().expect("text");
    std::fs::write(&path, r#"{"restore_ms": 12345}"#).expect("written");
    let (mut child, _, line) = start(&["--exit-with-stdin", "--settings", file]);
    let url = line
        .trim_end()
        .strip_prefix("listening on ")
        .expect("the one line");
    let settings = reqwest::get(format!("{url}/_simulator/settings"))
        .await
        .expect("it listens");
    assert_eq!(settings.json::<Value>().await.expect("JSON")["restore_ms"], 12345);
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());

    std::fs::write(&path, r#"{"restore_msec": 1}"#).expect("written");
    let (mut child, _, line) = start(&["--exit-with-stdin", "--settings", file]);
    assert_eq!(line, "");
    assert!(!child.wait().expect("it ends").success());
    let mut complaint = String::new();
    child
        .stderr
        .take()
        .expect("piped")
        .read_to_string(&mut complaint)
        .expect("text");
    assert!(
        complaint.contains("settings.json") && complaint.contains("restore_msec"),
        "{complaint}"
    );
}
