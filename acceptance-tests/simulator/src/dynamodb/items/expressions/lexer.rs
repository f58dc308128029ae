//! Splits an expression into tokens.

use crate::failure::Failure;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An attribute name, a keyword or a function.
    Word(String),
    /// `#name`
    Name(String),
    /// `:value`
    Value(String),
    Number(usize),
    Symbol(&'static str),
}

/// Longer symbols before their beginnings.
const SYMBOLS: [&str; 15] = [
    "<>", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-", "*",
];

pub(super) fn tokens(kind: &str, text: &str) -> Result<Vec<Token>, Failure> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            (Token::Symbol(symbol), symbol.len())
        } else {
            let marker = usize::from(first == '#' || first == ':');
            let length = marker + word_length(&rest[marker..]);
            let word = &rest[..length];
            let token = match first {
                '#' if length > 1 => Token::Name(word.to_owned()),
                ':' if length > 1 => Token::Value(word.to_owned()),
                _ if first.is_ascii_digit() => match word.parse() {
                    Ok(number) => Token::Number(number),
                    Err(_) => return Err(syntax_error(kind, word, text)),
                },
                _ if length > 0 && marker == 0 => Token::Word(word.to_owned()),
                _ => return Err(syntax_error(kind, &first.to_string(), text)),
            };
            (token, length)
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    if tokens.is_empty() {
        return Err(Failure::validation(format!(
            "Invalid {kind}: The expression can not be empty;"
        )));
    }
    Ok(tokens)
}

fn word_length(text: &str) -> usize {
    text.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
        .unwrap_or(text.len())
}

pub(super) fn syntax_error(kind: &str, token: &str, near: &str) -> Failure {
    Failure::validation(format!(
        "Invalid {kind}: Syntax error; token: \"{token}\", near: \"{near}\""
    ))
}
