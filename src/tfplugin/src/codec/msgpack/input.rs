//! Bounds-checked reading of msgpack primitives from a slice.
//!
//! Lengths are checked against what is left before anything is taken or allocated, so a length
//! prefix that lies costs nothing.

use rmp::Marker;

use crate::codec::error::CodecErrorKind;

/// One msgpack item, up to where its elements begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    Nil,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(&'a [u8]),
    Binary(&'a [u8]),
    /// A sequence of so many items, which follow.
    Array(usize),
    /// So many pairs of key and value, which follow.
    Map(usize),
    /// An extension of any type, with its body.
    Extension,
}

impl Token<'_> {
    /// A word for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "null",
            Self::Bool(_) => "a bool",
            Self::Signed(_) | Self::Unsigned(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::Binary(_) => "bytes",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
            Self::Extension => "an unknown value",
        }
    }
}

/// What is still to be read.
#[derive(Debug)]
pub(super) struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Reads the next item.
    pub(super) fn token(&mut self) -> Result<Token<'a>, CodecErrorKind> {
        let [marker] = self.array::<1>()?;
        Ok(match Marker::from_u8(marker) {
            Marker::Null => Token::Nil,
            Marker::True => Token::Bool(true),
            Marker::False => Token::Bool(false),
            Marker::FixPos(value) => Token::Unsigned(u64::from(value)),
            Marker::FixNeg(value) => Token::Signed(i64::from(value)),
            Marker::U8 => Token::Unsigned(u64::from(u8::from_be_bytes(self.array()?))),
            Marker::U16 => Token::Unsigned(u64::from(u16::from_be_bytes(self.array()?))),
            Marker::U32 => Token::Unsigned(u64::from(u32::from_be_bytes(self.array()?))),
            Marker::U64 => Token::Unsigned(u64::from_be_bytes(self.array()?)),
            Marker::I8 => Token::Signed(i64::from(i8::from_be_bytes(self.array()?))),
            Marker::I16 => Token::Signed(i64::from(i16::from_be_bytes(self.array()?))),
            Marker::I32 => Token::Signed(i64::from(i32::from_be_bytes(self.array()?))),
            Marker::I64 => Token::Signed(i64::from_be_bytes(self.array()?)),
            Marker::F32 => Token::Float(f64::from(f32::from_be_bytes(self.array()?))),
            Marker::F64 => Token::Float(f64::from_be_bytes(self.array()?)),
            Marker::FixStr(length) => Token::Text(self.take(usize::from(length))?),
            Marker::Str8 => Token::Text(self.body8()?),
            Marker::Str16 => Token::Text(self.body16()?),
            Marker::Str32 => Token::Text(self.body32()?),
            Marker::Bin8 => Token::Binary(self.body8()?),
            Marker::Bin16 => Token::Binary(self.body16()?),
            Marker::Bin32 => Token::Binary(self.body32()?),
            Marker::FixArray(length) => Token::Array(usize::from(length)),
            Marker::Array16 => Token::Array(usize::from(u16::from_be_bytes(self.array()?))),
            Marker::Array32 => Token::Array(self.length32()?),
            Marker::FixMap(length) => Token::Map(usize::from(length)),
            Marker::Map16 => Token::Map(usize::from(u16::from_be_bytes(self.array()?))),
            Marker::Map32 => Token::Map(self.length32()?),
            Marker::FixExt1 => self.extension(1)?,
            Marker::FixExt2 => self.extension(2)?,
            Marker::FixExt4 => self.extension(4)?,
            Marker::FixExt8 => self.extension(8)?,
            Marker::FixExt16 => self.extension(16)?,
            Marker::Ext8 => {
                let length = usize::from(u8::from_be_bytes(self.array()?));
                self.extension(length)?
            }
            Marker::Ext16 => {
                let length = usize::from(u16::from_be_bytes(self.array()?));
                self.extension(length)?
            }
            Marker::Ext32 => {
                let length = self.length32()?;
                self.extension(length)?
            }
            Marker::Reserved => {
                return Err(CodecErrorKind::Unexpected {
                    expected: "a msgpack item".to_owned(),
                    found: "the reserved byte 0xc1".to_owned(),
                });
            }
        })
    }

    fn extension(&mut self, length: usize) -> Result<Token<'a>, CodecErrorKind> {
        // The type byte, then the body. Type 0 is a plain unknown value and 12 one with refinements;
        // any other would be unknown too, as cty reads it.
        self.take(1)?;
        self.take(length)?;
        Ok(Token::Extension)
    }

    fn body8(&mut self) -> Result<&'a [u8], CodecErrorKind> {
        let length = usize::from(u8::from_be_bytes(self.array()?));
        self.take(length)
    }

    fn body16(&mut self) -> Result<&'a [u8], CodecErrorKind> {
        let length = usize::from(u16::from_be_bytes(self.array()?));
        self.take(length)
    }

    fn body32(&mut self) -> Result<&'a [u8], CodecErrorKind> {
        let length = self.length32()?;
        self.take(length)
    }

    fn length32(&mut self) -> Result<usize, CodecErrorKind> {
        usize::try_from(u32::from_be_bytes(self.array()?)).map_err(|_| CodecErrorKind::Truncated)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecErrorKind> {
        let (head, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or(CodecErrorKind::Truncated)?;
        self.rest = rest;
        Ok(*head)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], CodecErrorKind> {
        let (head, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(CodecErrorKind::Truncated)?;
        self.rest = rest;
        Ok(head)
    }
}
