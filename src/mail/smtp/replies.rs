//! What a server says, read as replies: of one line or several, and never of more than [`REPLY_MAX`] bytes.

/// The longest reply that is read, all its lines together, in bytes.
pub const REPLY_MAX: usize = 64 * 1024;

/// Why bytes are no reply, in words for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoReply {
    /// More than [`REPLY_MAX`] without an end.
    #[error("the server's reply is longer than {REPLY_MAX} bytes")]
    TooLong,
    /// No reply as RFC 5321 has them.
    #[error("the server's reply makes no sense: {0}")]
    Senseless(String),
}

/// A reply of one or more lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 599.
    pub code: u16,
    /// The texts behind the code, without it.
    pub lines: Vec<String>,
}

impl Reply {
    /// The reply on one line, code first.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.code, self.lines.join(" "))
    }
}

/// What has come from a server and was not yet taken as a reply.
#[derive(Debug, Default)]
pub struct Replies {
    held: Vec<u8>,
}

impl Replies {
    /// Keeps what came, in whatever pieces.
    pub fn hear(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    /// Whether all that came has been taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Takes the next whole reply; `None` while its last line has not come.
    ///
    /// # Errors
    /// If what came is no reply, or has none within [`REPLY_MAX`] bytes.
    pub fn take(&mut self) -> Result<Option<Reply>, NoReply> {
        let mut reply: Option<Reply> = None;
        let mut start = 0;
        while let Some(length) = self.held[start..].iter().position(|b| *b == b'\n') {
            let line = String::from_utf8_lossy(&self.held[start..start + length]).into_owned();
            start += length + 1;
            let line = line.trim_end_matches('\r');
            let senseless = || NoReply::Senseless(line.to_owned());
            let (code, rest) = line.split_at_checked(3).ok_or_else(senseless)?;
            // A bare "250" without a space is read too, as RFC 5321 (4.2) asks.
            let (last, text) = match rest.strip_prefix('-') {
                Some(text) => (false, text),
                None if rest.is_empty() => (true, rest),
                None => (true, rest.strip_prefix(' ').ok_or_else(senseless)?),
            };
            let digits = code.bytes().all(|b| b.is_ascii_digit());
            let code = code.parse().ok().filter(|code| digits && (200..600).contains(code));
            let code: u16 = code.ok_or_else(senseless)?;
            let reply = reply.get_or_insert(Reply {
                code,
                lines: Vec::new(),
            });
            if reply.code != code {
                return Err(senseless());
            }
            reply.lines.push(text.to_owned());
            if last {
                let whole = reply.clone();
                self.held.drain(..start);
                return Ok(Some(whole));
            }
        }
        match self.held.len() >= REPLY_MAX {
            true => Err(NoReply::TooLong),
            false => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(text: &str) -> (Result<Option<Reply>, NoReply>, String) {
        let mut replies = Replies::default();
        replies.hear(text.as_bytes());
        let got = replies.take();
        (got, String::from_utf8(replies.held).unwrap())
    }

    #[test]
    fn a_reply_is_read_whole_and_what_follows_is_left() {
        for (text, code, words, left) in [
            ("250 ok\r\n", 250, "250 ok", ""),
            ("250\r\n", 250, "250 ", ""),
            ("250 ok\n", 250, "250 ok", ""),
            ("250-a\r\n250- \r\n250 c\r\n", 250, "250 a   c", ""),
            ("550 no\r\n250 yes\r\n", 550, "550 no", "250 yes\r\n"),
        ] {
            let (got, rest) = take(text);
            let reply = got.unwrap().unwrap();
            assert_eq!((reply.code, reply.words().as_str(), rest.as_str()), (code, words, left));
        }
    }

    #[test]
    fn half_a_reply_is_waited_for() {
        for text in ["", "2", "250", "250 ok", "250-a\r\n", "250-a\r\n250 b"] {
            let (got, rest) = take(text);
            assert!(got.unwrap().is_none(), "{text:?}");
            assert_eq!(rest, text);
        }
    }

    #[test]
    fn nonsense_is_no_reply() {
        for text in [
            "\r\n",
            "ok\r\n",
            "25x ok\r\n",
            "+50 ok\r\n",
            "150 a\r\n",
            "999 a\r\n",
            "250ok\r\n",
            "250-a\r\n550 b\r\n",
            "éé\r\n",
            "SSH-2.0\r\n",
        ] {
            assert!(matches!(take(text).0, Err(NoReply::Senseless(_))), "{text:?}");
        }
    }
}
