//! Functions: arguments, results, and what goes wrong.

use crate::terraform::Terraform;
use tfsdk::{FunctionError, Value};

use crate::provider::Test;
use crate::values::text;

fn call(name: &str, words: &[&str]) -> Result<Value, FunctionError> {
    let arguments = words.iter().map(|word| text(word)).collect();
    Terraform::<Test>::unconfigured()
        .server()
        .call_function(name, arguments)
}

#[test]
fn functions_work_without_configuration() {
    assert_eq!(call("shout", &["ahoy"]), Ok(text("AHOY")));
    assert_eq!(
        call("shout", &["who", "goes", "there"]),
        Ok(text("WHO GOES THERE"))
    );
}

#[test]
fn an_error_names_its_argument() {
    let err = call("shout", &["who", ""]).expect_err("a word is empty");
    assert_eq!((err.text.as_str(), err.argument), ("a word is empty", Some(1)));
}

#[test]
fn what_goes_wrong_is_an_error() {
    for (name, words, expect) in [
        ("whisper", &["x"][..], "The provider has no function \"whisper\"."),
        ("shout", &[], "shout takes 1 arguments, and 0 were given."),
        (
            "shout",
            &["panic"],
            "The provider panicked while it tried to call the function: too loud.",
        ),
        (
            "shout",
            &["number"],
            "At the object: the type says a string, and the value is a number.",
        ),
        (
            "shout",
            &["unknown"],
            "At the object: the result is unknown, and no argument is.",
        ),
    ] {
        let err = call(name, words).expect_err("it goes wrong");
        assert!(err.text.starts_with(expect), "{}", err.text);
        assert_eq!(err.argument, None);
    }
}
