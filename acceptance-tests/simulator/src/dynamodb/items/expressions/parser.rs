//! The grammar that conditions, projections and updates share: paths, placeholders, operands.

use serde_json::Value;

use super::lexer::{Token, syntax_error, tokens};
use super::{Path, Placeholders, Step};
use crate::failure::Failure;

pub(super) struct Parser<'a> {
    kind: &'static str,
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    placeholders: &'a mut Placeholders,
}

/// A function's argument or a side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Path(Path),
    Value(Value),
    Size(Path),
}

impl<'a> Parser<'a> {
    pub(super) fn new(
        kind: &'static str,
        text: &'a str,
        placeholders: &'a mut Placeholders,
    ) -> Result<Self, Failure> {
        Ok(Self {
            kind,
            text,
            tokens: tokens(kind, text)?,
            at: 0,
            placeholders,
        })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// Takes a symbol if it comes next.
    pub(super) fn accept(&mut self, symbol: &'static str) -> bool {
        let found = self.peek() == Some(&Token::Symbol(symbol));
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, symbol: &'static str) -> Result<(), Failure> {
        if self.accept(symbol) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// Takes a keyword, in whatever case, if it comes next.
    pub(super) fn accept_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    /// Takes a function's name and its opening parenthesis if they come next.
    pub(super) fn accept_function(&mut self, name: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word == name)
            && self.tokens.get(self.at + 1) == Some(&Token::Symbol("("));
        self.at += if found { 2 } else { 0 };
        found
    }

    /// The error at the present token.
    pub(super) fn unexpected(&self) -> Failure {
        let token = match self.peek() {
            None => "<EOF>".to_owned(),
            Some(Token::Word(text) | Token::Name(text) | Token::Value(text)) => text.clone(),
            Some(Token::Number(number)) => number.to_string(),
            Some(Token::Symbol(symbol)) => (*symbol).to_owned(),
        };
        syntax_error(self.kind, &token, self.text)
    }

    pub(super) fn invalid(&self, text: &str) -> Failure {
        Failure::validation(format!("Invalid {}: {text}", self.kind))
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.tokens.len()
    }

    pub(super) fn end(&self) -> Result<(), Failure> {
        if self.is_at_end() {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub(super) fn path(&mut self) -> Result<Path, Failure> {
        let mut path = vec![self.step()?];
        loop {
            if self.accept(".") {
                path.push(self.step()?);
            } else if self.accept("[") {
                let Some(Token::Number(index)) = self.peek() else {
                    return Err(self.unexpected());
                };
                path.push(Step::Index(*index));
                self.at += 1;
                self.expect("]")?;
            } else {
                return Ok(Path(path));
            }
        }
    }

    fn step(&mut self) -> Result<Step, Failure> {
        let step = match self.peek().cloned() {
            Some(Token::Word(name)) => Step::Name(name),
            Some(Token::Name(placeholder)) => Step::Name(self.placeholders.name(self.kind, &placeholder)?),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(step)
    }

    pub(super) fn value(&mut self) -> Result<Value, Failure> {
        let Some(Token::Value(placeholder)) = self.peek().cloned() else {
            return Err(self.unexpected());
        };
        self.at += 1;
        self.placeholders.value(self.kind, &placeholder)
    }

    pub(super) fn operand(&mut self) -> Result<Operand, Failure> {
        if self.accept_function("size") {
            let path = self.path()?;
            self.expect(")")?;
            return Ok(Operand::Size(path));
        }
        if matches!(self.peek(), Some(Token::Value(_))) {
            self.value().map(Operand::Value)
        } else {
            self.path().map(Operand::Path)
        }
    }
}
