//! What a mail server says.

use timeous::mail::smtp::replies::{NoReply, REPLY_MAX, Replies, Reply};
use timeous::mail::{Outcome, Stage, outcome::WORDS_MAX};

/// Whatever comes, in whatever pieces, is read as the same replies. Each of them is what a naive reader sees at its
/// place, so no line without a 2 in front ever becomes an acceptance; and all that is kept of it is one bounded line.
pub(super) fn smtp_replies(data: &[u8]) {
    let (piece, said) = match data.split_first() {
        Some((first, rest)) => (usize::from(*first).max(1), rest),
        None => (1, data),
    };
    let (whole, ended) = replies(said.chunks(said.len().max(1)));
    let in_pieces = replies(said.chunks(piece));
    // What makes no sense is noticed sooner where it comes alone; the replies before it are the same.
    assert_eq!(in_pieces, (whole.clone(), ended.clone()));
    let mut lines = said.split(|byte| *byte == b'\n');
    for reply in &whole {
        let theirs: Vec<&[u8]> = lines.by_ref().take(reply.lines.len()).collect();
        as_a_naive_reader(reply, &theirs);
    }
    if let Some(why) = ended {
        kept(&Outcome::deferred(Stage::Rcpt, &why.to_string()));
    }
}

/// The replies in what comes piece by piece, and why there are no more; none where more is waited for.
fn replies<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Reply>, Option<NoReply>) {
    let (mut held, mut taken) = (Replies::default(), Vec::new());
    for piece in pieces {
        held.hear(piece);
        loop {
            match held.take() {
                Ok(Some(reply)) => taken.push(reply),
                Ok(None) => break,
                Err(why) => return (taken, Some(why)),
            }
        }
    }
    (taken, None)
}

fn as_a_naive_reader(reply: &Reply, theirs: &[&[u8]]) {
    assert_eq!(theirs.len(), reply.lines.len());
    for (at, line) in theirs.iter().enumerate() {
        assert_eq!(&line[..3], reply.code.to_string().as_bytes());
        let goes_on = line.get(3) == Some(&b'-');
        assert_eq!(goes_on, at + 1 < theirs.len(), "{:?}", String::from_utf8_lossy(line));
        assert!(matches!(line.get(3), None | Some(b' ' | b'-' | b'\r')));
    }
    assert!((200..600).contains(&reply.code));
    assert!(reply.words().len() <= 3 * REPLY_MAX);
    let accepted = Outcome::accepted(&reply.words());
    assert!(accepted.words().starts_with(&reply.code.to_string()));
    kept(&accepted);
}

/// What is stored of an outcome is one bounded line.
fn kept(outcome: &Outcome) {
    super::one_line(outcome.words());
    assert!(outcome.words().chars().count() <= WORDS_MAX);
}
