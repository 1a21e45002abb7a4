//! A mail as text: addresses, names for messages, and the bytes that go over
//! the wire.
//!
//! `lettre` encodes the headers and the bodies; this file decides what goes in
//! and makes sure that the same [`Mail`] is always the same bytes.

use std::{collections::BTreeSet, fmt, str::FromStr, time::SystemTime};

use chrono::{DateTime, Datelike, Utc};
use lettre::message::{
    Body, Mailbox, MultiPart, SinglePart,
    header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
};
use sha2::{Digest, Sha256};

use crate::words::steers;

/// The longest subject, in characters. What goes beyond it is cut off.
pub const SUBJECT_MAX: usize = 200;
/// The longest display name of an address, in characters. What goes beyond it
/// is cut off.
pub const NAME_MAX: usize = 100;
/// The longest e-mail address, in bytes (RFC 5321, 4.5.3.1.3, less the angle
/// brackets).
pub const EMAIL_MAX: usize = 254;
/// The most threads one mail refers to. A digest over more cases than this
/// names the first ones only: some servers refuse very long headers.
pub const REFERENCES_MAX: usize = 50;

/// Why some text is no address we can send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is nothing between the angle brackets, or nothing at all.
    #[error("the address is empty")]
    Empty,
    /// Longer than [`EMAIL_MAX`].
    #[error("the address is longer than {EMAIL_MAX} bytes")]
    TooLong,
    /// A domain with letters outside ASCII that has no `xn--` form.
    #[error("the address's domain is none (an international one may be written as xn--…)")]
    Domain,
    /// A control character, a line break among them.
    #[error("the address has a control character")]
    Control,
    /// Not of the form `mailbox@domain` or `Name <mailbox@domain>`.
    #[error("the address is not of the form name@domain or Name <name@domain>")]
    Malformed,
}

/// Somebody's name and e-mail address.
///
/// [`Address::parse`] only makes good ones; one put together by hand is looked
/// at again when the mail is rendered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// The name shown to readers, if any.
    pub name: Option<String>,
    /// The address proper, `mailbox@domain`: the domain in ASCII (`xn--…`), the
    /// mailbox perhaps not.
    pub email: String,
}

impl Address {
    /// Reads `mailbox@domain`, `Name <mailbox@domain>` or
    /// `"Name, odd" <mailbox@domain>`. An international domain is put into its
    /// `xn--` form, in which every server knows it.
    ///
    /// # Errors
    ///
    /// [`AddressError`], which says what is wrong without repeating the
    /// address.
    ///
    /// ```
    /// use timeous::mail::Address;
    ///
    /// let address = Address::parse("Timeous <foi@example.gov.uk>")?;
    /// assert_eq!(address.name.as_deref(), Some("Timeous"));
    /// assert_eq!(address.email, "foi@example.gov.uk");
    /// # Ok::<(), timeous::mail::AddressError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Address, AddressError> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(AddressError::Control);
        }
        let (name, email) = match text.strip_suffix('>').and_then(|t| t.rsplit_once('<')) {
            Some((name, email)) => (unquoted(name.trim()), email.trim()),
            None => (String::new(), text),
        };
        let email = match email.rsplit_once('@') {
            Some((mailbox, domain)) => format!("{mailbox}@{}", ascii_domain(domain).ok_or(AddressError::Domain)?),
            None => email.to_owned(),
        };
        check_email(&email)?;
        Ok(Address {
            name: (!name.is_empty()).then_some(name),
            email,
        })
    }

    /// The same address for `lettre`, with a name that is safe in a header.
    fn mailbox(&self) -> Result<Mailbox, AddressError> {
        check_email(&self.email)?;
        let email = self.email.parse().map_err(|_| AddressError::Malformed)?;
        let name = self.name.as_deref().map(|name| typed(name, NAME_MAX));
        Ok(Mailbox::new(name.filter(|name| !name.is_empty()), email))
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        Address::parse(text)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            None => f.write_str(&self.email),
            Some(name) if name.contains(['"', '\\', ',', '<', '>', '@', ';', ':', '(', ')']) => {
                let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
                write!(f, "\"{quoted}\" <{}>", self.email)
            }
            Some(name) => write!(f, "{name} <{}>", self.email),
        }
    }
}

/// Takes the quotation marks off a name, and the backslashes inside them.
fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut plain = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.extend(letters.next()),
            other => plain.push(other),
        }
    }
    plain.trim().to_owned()
}

/// What may stand between the angle brackets of `MAIL FROM` and `RCPT TO`. The
/// quoted forms of RFC 5321 (`"a b"@x`) are refused: no office uses them, and a
/// space or bracket inside an address is the classic way to forge a command.
pub(super) fn check_email(email: &str) -> Result<(), AddressError> {
    if email.is_empty() {
        return Err(AddressError::Empty);
    }
    if email.len() > EMAIL_MAX {
        return Err(AddressError::TooLong);
    }
    if email.chars().any(char::is_control) {
        return Err(AddressError::Control);
    }
    if email.rsplit('@').next().is_some_and(|domain| !domain.is_ascii()) {
        return Err(AddressError::Domain);
    }
    let forging = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ',' | ';' | '\\' | '(' | ')');
    if email.contains(forging) {
        return Err(AddressError::Malformed);
    }
    match email.parse::<lettre::Address>() {
        Ok(_) => Ok(()),
        Err(_) => Err(AddressError::Malformed),
    }
}

/// Whether only a server that offers SMTPUTF8 (RFC 6531) knows this mailbox.
pub(super) fn needs_smtputf8(email: &str) -> bool {
    !email.is_ascii()
}

/// A domain or host as the network knows it: one with letters outside ASCII in
/// its `xn--` form, any other as it is. None if it has no such form.
#[must_use]
pub fn ascii_domain(domain: &str) -> Option<String> {
    match domain.is_ascii() {
        true => Some(domain.to_owned()),
        false => idna::domain_to_ascii(domain).ok(),
    }
}

/// Why a [`Mail`] could not be put into words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The sender's address is not fit to send from.
    #[error("the sender: {0}")]
    From(AddressError),
    /// The recipient's address is not fit to send to.
    #[error("the recipient: {0}")]
    To(AddressError),
    /// A message or thread id that is not of the form `left@right`, in
    /// printable ASCII without spaces and angle brackets, 200 bytes at most.
    #[error("{0:?} cannot name a message")]
    Id(String),
    /// A date a mail cannot carry: before 1970 or after 9999.
    #[error("a mail cannot be dated in the year {0}")]
    Date(i32),
    /// Anything else the encoder objects to.
    #[error("the mail cannot be encoded: {0}")]
    Encoding(String),
}

/// One mail to one person, before it is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who it comes from, in the header and on the envelope.
    pub from: Address,
    /// The one person it goes to.
    pub to: Address,
    /// One line. Control characters become spaces, runs of spaces one space,
    /// and what goes beyond [`SUBJECT_MAX`] is cut off.
    pub subject: String,
    /// The body for readers of plain text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
    /// The name of this message, without angle brackets: see [`message_id`].
    pub message_id: String,
    /// The threads it belongs to, without angle brackets, the closest last:
    /// see [`thread_id`]. The first [`REFERENCES_MAX`] are written.
    pub references: Vec<String>,
    /// When it was written, to the second.
    pub date: DateTime<Utc>,
}

/// A mail as it goes over the wire or into a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The envelope's sender, `mailbox@domain`.
    pub from: String,
    /// The envelope's one recipient, `mailbox@domain`.
    pub to: String,
    /// The Message-ID without angle brackets.
    pub message_id: String,
    /// Headers and body: lines ended by CR LF and below 998 bytes, pure ASCII
    /// but for a mailbox that is not.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Rendered {
    /// Names the message only: addresses and bodies have no place in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered")
            .field("message_id", &self.message_id)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Mail {
    /// Encodes the mail: `multipart/alternative`, text first, both parts
    /// quoted-printable, so that no server needs 8BITMIME. The same mail gives
    /// the same bytes, today and after a restart.
    ///
    /// # Errors
    ///
    /// [`BuildError`], when an address, an id or the date cannot stand in a
    /// header.
    pub fn render(&self) -> Result<Rendered, BuildError> {
        check_id(&self.message_id)?;
        let year = self.date.year();
        if !(1970..=9999).contains(&year) {
            return Err(BuildError::Date(year));
        }
        let mut builder = lettre::Message::builder()
            .date(SystemTime::from(self.date))
            .from(self.from.mailbox().map_err(BuildError::From)?)
            .to(self.to.mailbox().map_err(BuildError::To)?)
            .subject(typed(&self.subject, SUBJECT_MAX))
            .message_id(Some(bracketed(&self.message_id)));
        let threads = &self.references[..self.references.len().min(REFERENCES_MAX)];
        for id in threads {
            check_id(id)?;
        }
        if let Some(closest) = threads.last() {
            let all: Vec<String> = threads.iter().map(|id| bracketed(id)).collect();
            builder = builder.in_reply_to(bracketed(closest)).references(all.join(" "));
        }
        // Out-of-office answers and ticket systems leave such mail alone: the
        // first header is RFC 3834's, the second is what Exchange obeys.
        for (name, value) in [
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
        ] {
            let name = HeaderName::new_from_ascii_str(name);
            builder = builder.raw_header(HeaderValue::new(name, value.to_owned()));
        }
        // No quoted-printable line can hold "=_", so this boundary cannot
        // occur inside a part, whatever was typed there.
        let boundary = format!("=_{}", hex(&[b"boundary", self.message_id.as_bytes()], 32));
        let parts = MultiPart::alternative()
            .boundary(boundary)
            .singlepart(part(&self.text, ContentType::TEXT_PLAIN)?)
            .singlepart(part(&self.html, ContentType::TEXT_HTML)?);
        let message = builder
            .multipart(parts)
            .map_err(|error| BuildError::Encoding(error.to_string()))?;
        Ok(Rendered {
            from: self.from.email.clone(),
            to: self.to.email.clone(),
            message_id: self.message_id.clone(),
            bytes: message.formatted(),
        })
    }
}

/// One body part. Lone carriage returns count as line ends, so that nothing but
/// CR LF ends a line on the wire. `lettre` would put in missing ones too, but
/// moves the rest of the text for each, which takes minutes over a large body.
fn part(body: &str, kind: ContentType) -> Result<SinglePart, BuildError> {
    let body = body.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
    let body = Body::new_with_encoding(body, ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| BuildError::Encoding("a body is not text".to_owned()))?;
    Ok(SinglePart::builder().content_type(kind).body(body))
}

/// A subject or a name, ready to be encoded: one line, and no encoded word
/// (`=?…?=`) that somebody typed, for a reader's program would decode it.
fn typed(text: &str, longest: usize) -> String {
    one_line(&text.replace("=?", "= ?"), longest)
}

/// `text` on one line: control characters, line separators and overrides of the
/// direction of writing become spaces, runs of spaces one, and no more than `longest` characters are kept.
pub(super) fn one_line(text: &str, longest: usize) -> String {
    let breaks = |c: char| steers(c) || c.is_whitespace();
    let mut line = String::new();
    let mut left = longest;
    for word in text.split(breaks).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            if left < 2 {
                break;
            }
            line.push(' ');
            left -= 1;
        }
        for letter in word.chars().take(left) {
            line.push(letter);
            left -= 1;
        }
        if left == 0 {
            break;
        }
    }
    line
}

/// The Message-ID (without angle brackets) for a mail that tells `recipient`
/// about the reminders called `keys`.
///
/// It follows from these alone, in whatever order the keys come and however
/// often one is repeated. A mail sent again after a doubtful attempt therefore
/// bears the name it bore before, and two mails about different things never
/// share one.
///
/// ```
/// use timeous::mail::message_id;
///
/// let keys = ["b".to_owned(), "a".to_owned()];
/// let sorted = ["a".to_owned(), "b".to_owned()];
/// assert_eq!(message_id("foi@x.uk", &keys, "x.uk"), message_id("foi@x.uk", &sorted, "x.uk"));
/// ```
#[must_use]
pub fn message_id(recipient: &str, keys: &[String], domain: &str) -> String {
    let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
    let mut parts = vec![b"message".as_slice(), recipient.as_bytes()];
    parts.extend(keys.iter().map(|key| key.as_bytes()));
    format!("{}@{domain}", hex(&parts, 32))
}

/// The id (without angle brackets) of the thread called `key`, for
/// [`Mail::references`]: every mail about one case refers to the same one, so
/// that mail programs show them together. No message bears this id itself.
#[must_use]
pub fn thread_id(key: &str, domain: &str) -> String {
    format!("{}@{domain}", hex(&[b"thread", key.as_bytes()], 32))
}

/// The first `digits` hexadecimal digits of a SHA-256 over `parts`. Each part
/// goes in behind its length, so that ("ab", "c") is not ("a", "bc").
pub(super) fn hex(parts: &[&[u8]], digits: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut text: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    text.truncate(digits);
    text
}

fn bracketed(id: &str) -> String {
    format!("<{id}>")
}

fn check_id(id: &str) -> Result<(), BuildError> {
    let printable = id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>');
    let formed = matches!(id.split_once('@'), Some((left, right)) if !left.is_empty() && !right.is_empty());
    if printable && formed && id.len() <= 200 {
        Ok(())
    } else {
        Err(BuildError::Id(one_line(id, 100)))
    }
}
