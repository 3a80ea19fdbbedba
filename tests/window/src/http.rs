//! Just enough HTTP/1.1 for a driver on loopback: one request, one JSON reply, one connection.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A driver answers when the page has answered it; opening the window is the longest.
const TIMEOUT: Duration = Duration::from_secs(90);

const CHUNKED: &str = "transfer-encoding: chunked";

/// Sends a request and returns status and body.
pub fn request(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value), String> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            format!("{method} {path}: the driver did not answer in {} s", TIMEOUT.as_secs())
        }
        _ => format!("{method} {path}: {error}"),
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).map_err(failed)?;
    stream.set_read_timeout(Some(TIMEOUT)).map_err(failed)?;
    let body = body.map(Value::to_string).unwrap_or_default();
    // No `Connection: close`: the driver passes it on to the one behind it, which then now and then resets the
    // connection before its reply was read.
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
         Content-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).map_err(failed)?;
    stream.write_all(body.as_bytes()).map_err(failed)?;
    let reply = read_reply(&mut stream).map_err(failed)?;
    parse(&reply).ok_or_else(|| format!("{method} {path}: not an HTTP reply with JSON"))
}

/// Reads to the end of the body: the connection stays open.
fn read_reply(stream: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut reply = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let read = stream.read(&mut chunk)?;
        reply.extend_from_slice(&chunk[..read]);
        if read == 0 || is_whole(&reply) {
            return Ok(reply);
        }
    }
}

fn is_whole(reply: &[u8]) -> bool {
    match announced(reply) {
        Some(whole) => reply.len() >= whole,
        None => head(reply)
            .is_some_and(|(start, head)| head.contains(CHUNKED) && joined(&reply[start..]).is_some()),
    }
}

/// Where the head ends, and what it says.
fn head(reply: &[u8]) -> Option<(usize, String)> {
    let end = reply.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((end + 4, String::from_utf8_lossy(&reply[..end]).to_ascii_lowercase()))
}

fn announced(reply: &[u8]) -> Option<usize> {
    let (start, head) = head(reply)?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"))?;
    Some(start + length.trim().parse::<usize>().ok()?)
}

fn parse(reply: &[u8]) -> Option<(u16, Value)> {
    let (start, head) = head(reply)?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = &reply[start..announced(reply).unwrap_or(reply.len()).min(reply.len())];
    let whole = if head.contains(CHUNKED) { joined(body)? } else { body.to_vec() };
    Some((status, serde_json::from_slice(&whole).ok()?))
}

/// The body out of its chunks.
fn joined(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(&chunks[..line]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        chunks = &chunks[line + 2..];
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(chunks.get(..size)?);
        chunks = chunks.get(size + 2..)?;
    }
}

/// Bytes from their base64 text; `None` when it is not base64.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| !letter.is_ascii_whitespace() && *letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn replies_are_read_with_a_length_in_chunks_and_to_the_end() {
        let cases = [
            "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"value\":1}left over of another",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"va\r\n7;x=y\r\nlue\":1}\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n{\"value\":1}",
        ];
        for case in cases {
            let mut bytes = case.as_bytes();
            let reply = read_reply(&mut bytes).unwrap();
            assert_eq!(parse(&reply), Some((200, json!({ "value": 1 }))), "{case}");
        }
        for hostile in [
            "",
            "HTTP/1.1 200 OK\r\n\r\n<html>",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n{",
        ] {
            assert_eq!(parse(hostile.as_bytes()), None, "{hostile}");
        }
    }

    #[test]
    fn base64_is_read_with_every_padding() {
        for (text, bytes) in
            [("", ""), ("TQ==", "M"), ("TWE=", "Ma"), ("TWFu", "Man"), ("TWFu\nTWFu", "ManMan")]
        {
            assert_eq!(from_base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(from_base64("+/8="), Some(vec![0xfb, 0xff]));
        assert_eq!(from_base64("a*b"), None);
    }
}
