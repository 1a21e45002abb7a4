//! One line to a server: bounded replies in, whole commands out.
//!
//! It holds on to one rule: we never speak ahead, so after a reply nothing may
//! be left over. Bytes that came uninvited would be taken for the next answer.
//! Before TLS they could be planted by anybody on the way, and later they would
//! shift every reply by one, until a refusal reads as an acceptance.

use std::{
    future::{Future, poll_fn},
    io,
    os::fd::AsFd as _,
    pin::pin,
    task::Poll,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

use super::replies::{NoReply, Replies, Reply};

/// What went wrong on the line, in words for people.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// The server closed the connection.
    #[error("the server closed the connection")]
    Closed,
    /// Part of a reply came, then the end.
    #[error("the server closed the connection in the middle of a reply")]
    HalfReply,
    /// The operating system or TLS reports an error.
    #[error("the connection failed: {0}")]
    Io(#[from] io::Error),
    /// What came is no reply.
    #[error(transparent)]
    NoReply(#[from] NoReply),
    /// Bytes nobody asked for.
    #[error("the server spoke out of turn")]
    OutOfTurn,
    /// The stage's time is over.
    #[error("the server took longer than {0:?}")]
    TooSlow(Duration),
}

/// The two kinds of stream a server is spoken to over.
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection, and what has been read from it but not yet understood.
pub(super) struct Wire {
    stream: Stream,
    held: Replies,
}

impl Wire {
    pub(super) fn plain(tcp: TcpStream) -> Wire {
        Wire {
            stream: Stream::Plain(tcp),
            held: Replies::default(),
        }
    }

    pub(super) fn tls(tls: TlsStream<TcpStream>) -> Wire {
        Wire {
            stream: Stream::Tls(Box::new(tls)),
            held: Replies::default(),
        }
    }

    /// Gives back the socket, for a TLS handshake over it. `None` if it is
    /// wrapped already.
    pub(super) fn into_tcp(self) -> Option<TcpStream> {
        match self.stream {
            Stream::Plain(tcp) => Some(tcp),
            Stream::Tls(_) => None,
        }
    }

    pub(super) fn tcp(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(tcp) => tcp,
            Stream::Tls(tls) => tls.get_ref().0,
        }
    }

    /// Fails if bytes came that nobody asked for, as far as they were read.
    pub(super) fn nothing_left(&self) -> Result<(), Broken> {
        if self.held.is_empty() {
            Ok(())
        } else {
            Err(Broken::OutOfTurn)
        }
    }

    /// Looks, without waiting, whether the server has said something or gone.
    pub(super) async fn still_silent(&mut self) -> Result<(), Broken> {
        self.nothing_left()?;
        // Asked of the kernel: the runtime knows only what it had heard of by its last turn, and even a limit of nothing
        // is a timer, which waits out its millisecond.
        let socket = std::net::TcpStream::from(self.tcp().as_fd().try_clone_to_owned()?);
        let kernel = socket.peek(&mut [0]);
        if !kernel.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock) {
            self.tcp().readable().await?;
        }
        // What came over TLS may be no word of the server's but a matter of TLS itself; and some may have come before.
        let looked = {
            let mut reading = pin!(self.read_some());
            poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await
        };
        match looked {
            Poll::Pending => Ok(()),
            Poll::Ready(Ok(())) => Err(Broken::OutOfTurn),
            Poll::Ready(Err(broken)) => Err(broken),
        }
    }

    /// Sends all of `bytes` on their way.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        match &mut self.stream {
            Stream::Plain(tcp) => tcp.write_all(bytes).await?,
            Stream::Tls(tls) => {
                tls.write_all(bytes).await?;
                tls.flush().await?;
            }
        }
        Ok(())
    }

    /// One command line (without its end) and the reply to it.
    pub(super) async fn command(&mut self, line: &str) -> Result<Reply, Broken> {
        self.nothing_left()?;
        self.write(format!("{line}\r\n").as_bytes()).await?;
        self.reply().await
    }

    /// The next reply.
    pub(super) async fn reply(&mut self) -> Result<Reply, Broken> {
        loop {
            if let Some(reply) = self.held.take()? {
                return Ok(reply);
            }
            self.read_some().await?;
        }
    }

    async fn read_some(&mut self) -> Result<(), Broken> {
        let mut chunk = [0; 4096];
        let read = match &mut self.stream {
            Stream::Plain(tcp) => tcp.read(&mut chunk).await,
            Stream::Tls(tls) => tls.read(&mut chunk).await,
        };
        match read {
            Ok(0) if self.held.is_empty() => Err(Broken::Closed),
            Ok(0) => Err(Broken::HalfReply),
            Ok(n) => {
                self.held.hear(&chunk[..n]);
                Ok(())
            }
            Err(error) => Err(Broken::Io(error)),
        }
    }
}

/// A message as it stands between `DATA` and the final dot: every line ended
/// by CR LF, the last one too, and a dot doubled where it begins a line. A lone
/// CR or LF becomes a line end, because servers differ over those, and in the
/// difference a second mail can be hidden.
pub(super) fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(message.len() + 64);
    let mut line_start = true;
    let mut bytes = message.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' | b'\n' => {
                if byte == b'\r' {
                    bytes.next_if_eq(&b'\n');
                }
                wire.extend_from_slice(b"\r\n");
                line_start = true;
            }
            byte => {
                if line_start && byte == b'.' {
                    wire.push(b'.');
                }
                wire.push(byte);
                line_start = false;
            }
        }
    }
    if !line_start {
        wire.extend_from_slice(b"\r\n");
    }
    wire
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write as _;

    use super::*;

    #[test]
    fn dots_are_doubled_at_the_start_of_a_line_only() {
        for (plain, wire) in [
            ("", ""),
            ("a", "a\r\n"),
            ("a\r\n", "a\r\n"),
            (".\r\n", "..\r\n"),
            ("a\r\n.b\r\n..c\r\n", "a\r\n..b\r\n...c\r\n"),
            ("a.b\r\n", "a.b\r\n"),
            ("a\n.\nb", "a\r\n..\r\nb\r\n"),
            ("a\r.\rb", "a\r\n..\r\nb\r\n"),
            ("a\r\n\r\n.\n\r.", "a\r\n\r\n..\r\n\r\n..\r\n"),
        ] {
            assert_eq!(String::from_utf8(stuffed(plain.as_bytes())).unwrap(), wire, "{plain:?}");
        }
    }

    /// Waits behind the runtime's back until something has come.
    fn arrived(wire: &Wire) {
        let socket = std::net::TcpStream::from(wire.tcp().as_fd().try_clone_to_owned().unwrap());
        while socket.peek(&mut [0]).is_err() {
            std::thread::yield_now();
        }
    }

    #[tokio::test]
    async fn silence_is_told_from_a_word_and_from_an_end() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let ours = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (theirs, _) = listener.accept().await.unwrap();
        let mut wire = Wire::plain(ours);
        assert!(wire.still_silent().await.is_ok());
        // By another's hand, so that the runtime has heard nothing of it.
        let mut theirs = theirs.into_std().unwrap();
        theirs.write_all(b"552 too large\r\n").unwrap();
        arrived(&wire);
        assert!(matches!(wire.still_silent().await, Err(Broken::OutOfTurn)));
        assert_eq!(wire.reply().await.unwrap().code, 552);
        drop(theirs);
        arrived(&wire);
        assert!(matches!(wire.still_silent().await, Err(Broken::Closed)));
    }
}
